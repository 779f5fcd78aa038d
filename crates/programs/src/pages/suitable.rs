//! `/districts/{code}/suitable`: five questions, and every program of the district answered.
//!
//! Owns: the form and its result. Does not own: any verdict. What a newcomer gets wrong: ending the form in a
//! redirect, as others do. Nothing is stored here, so there is nothing to lead to: answers come in the body
//! of a POST, live as long as the request, and stand in no address, no cookie and no log.

mod fields;
mod result;

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use iljari_base::{Date, Failure};
use iljari_disclosure::plan::District;
use iljari_plans::Books;
use iljari_plans::pages::{district_of, words::home_href};
use iljari_web::{DisplayPrefs, Office, PageError, PublicNav, Sample, Shell, Typed, render, render_with};

use self::fields::{Fault, Field};
pub use self::result::ResultPage;
use crate::model::Call;
use crate::shelf::{Row, Shelf};
use crate::store;
use crate::suitable::{self, Answers, Asked, Question};
use crate::words::{Lang, Words};

/// A language to read the page in.
struct LangLink {
    lang: Lang,
    href: String,
    is_here: bool,
}

/// The questions.
#[derive(Template)]
#[template(path = "programs/suitable.html")]
pub struct FormPage {
    shell: Shell,
    lang: Lang,
    words: &'static Words,
    is_sample: bool,
    heading: String,
    action: String,
    langs: Vec<LangLink>,
    fields: Vec<Field>,
    /// The words on the button.
    show: String,
}

/// What every answer of these pages begins with.
struct Look {
    book: Arc<District>,
    today: Date,
    asked: Vec<Asked>,
    /// Calls that take applications, each with the id of its program.
    calls: Vec<(String, Call)>,
    row: Row,
    lang: Lang,
}

impl Look {
    async fn at(office: &Office, books: &Books, shelf: &Shelf, code: &str, lang: Lang) -> Result<Self, PageError> {
        let book = district_of(office, books, code).await?;
        let (today, code) = (office.clock.today(), book.code.clone());
        let calls = office.store.read(move |tx| Box::pin(async move { store::calls(tx, &code).await })).await?;
        let row = shelf.row(&book.code, today);
        let mut asked: Vec<Asked> = row.lots.iter().cloned().map(Asked::from).collect();
        let mut open = Vec::new();
        for call in calls.into_iter().filter(|call| call.is_public() && call.takes_applications(today)) {
            let rules = call.rules.open()?;
            open.push((rules.id.clone(), call.clone()));
            suitable::with_call(&mut asked, rules, call.terms.work_first_on);
        }
        Ok(Self { book, today, asked, calls: open, row, lang })
    }

    fn questions(&self) -> Vec<Question> {
        let lots: Vec<_> = self.asked.iter().map(|program| program.lot.clone()).collect();
        suitable::questions(&lots, self.today)
    }

    fn first(&self) -> Vec<Question> {
        let lots: Vec<_> = self.asked.iter().map(|program| program.lot.clone()).collect();
        suitable::first_questions(&lots, self.today)
    }

    fn home(&self) -> String {
        home_href(&self.book.code)
    }

    fn here(&self) -> String {
        format!("{}/suitable", self.home())
    }

    /// The district's name as readers of the language can read it out at the counter.
    fn place_name(&self) -> &str {
        match &self.book.english {
            Some(english) if self.lang.is_foreign() => english,
            _ => &self.book.name,
        }
    }

    fn shell(&self, prefs: &DisplayPrefs, faults: usize) -> Shell {
        // Saving the display settings leads back to the questions; answers are nowhere to lead back to.
        let prefs = DisplayPrefs { here: format!("{}?lang={}", self.here(), self.lang.code()), ..prefs.clone() };
        let name = self.lang.words().say("name");
        let place = iljari_web::District::new(self.book.code.clone(), self.book.name.clone());
        Shell::public(&prefs, name, Some(place), PublicNav::Suitable)
            .crumb("진행 상황", self.home())
            .here(name)
            .in_language(self.lang.tag())
            .faults(faults)
    }

    fn form(
        &self,
        prefs: &DisplayPrefs,
        questions: &[Question],
        typed: &Typed,
        faults: &[(String, Fault)],
    ) -> FormPage {
        let (lang, words) = (self.lang, self.lang.words());
        let field = |question: &Question| {
            let fault = faults.iter().find(|(name, _)| *name == question.name).map(|(_, fault)| *fault);
            Field::of(question, lang, typed, fault)
        };
        FormPage {
            shell: self.shell(prefs, faults.len()),
            lang,
            words,
            is_sample: self.book.is_sample,
            heading: words.fill("heading", &[("n", &questions.len().to_string()), ("place", self.place_name())]),
            action: self.here(),
            langs: langs(lang, &self.here()),
            fields: questions.iter().map(field).collect(),
            show: words.fill("show", &[("n", &self.asked.len().to_string())]),
        }
    }
}

fn langs(here: Lang, path: &str) -> Vec<LangLink> {
    let link = |lang: Lang| LangLink { lang, href: format!("{path}?lang={}", lang.code()), is_here: lang == here };
    Lang::ALL.into_iter().map(link).collect()
}

/// `GET /districts/{code}/suitable`: the questions, in the language of `?lang=`.
pub async fn form(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    Extension(shelf): Extension<Shelf>,
    prefs: DisplayPrefs,
    Path(code): Path<String>,
    typed: Typed,
) -> Result<Response, PageError> {
    let look = Look::at(&office, &books, &shelf, &code, Lang::read(typed.get("lang"))).await?;
    // Whatever else an address brings is not looked at: answers do not stand in addresses.
    Ok(render(apart(move || look.form(&prefs, &look.first(), &Typed::new(), &[])).await?))
}

/// `POST /districts/{code}/suitable`: the result, or the form again where something cannot be read.
///
/// Refusals beside their field: a day that is none, a number that is none, what looks like a resident number.
pub async fn answer(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    Extension(shelf): Extension<Shelf>,
    prefs: DisplayPrefs,
    Path(code): Path<String>,
    typed: Typed,
) -> Result<Response, PageError> {
    let look = Look::at(&office, &books, &shelf, &code, Lang::read(typed.get("lang"))).await?;
    let names = typed.all("asked");
    let mut questions: Vec<Question> = look.questions();
    questions.retain(|question| names.contains(&question.name.as_str()));
    questions.sort_by_key(|question| names.iter().position(|name| *name == question.name));
    let (mut answers, mut faults): (Answers, Vec<(String, Fault)>) = (Answers::default(), Vec::new());
    for question in &questions {
        match fields::read(question, &typed, look.today) {
            Ok(answer) => {
                answers.0.insert(question.name.clone(), answer);
            }
            Err(fault) => faults.push((question.name.clone(), fault)),
        }
    }
    let mut response = if !faults.is_empty() {
        render_with(StatusCode::UNPROCESSABLE_ENTITY, look.form(&prefs, &questions, &typed, &faults))
    } else if questions.is_empty() {
        render(look.form(&prefs, &look.first(), &Typed::new(), &[]))
    } else if typed.chose("act", "edit") {
        render(look.form(&prefs, &questions, &typed, &[]))
    } else {
        render(apart(move || look.result(&prefs, &questions, &answers)).await?)
    };
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Weighing every question takes long enough to be kept off the threads that answer.
async fn apart<P: Send + 'static>(page: impl FnOnce() -> P + Send + 'static) -> Result<P, Failure> {
    tokio::task::spawn_blocking(page).await.map_err(Failure::new)
}

fn sample_look(rows: usize, lang: Lang) -> FormPage {
    let question = |name: &str, text: &str, kind| Question {
        name: name.to_owned(),
        text: text.to_owned(),
        kind,
        unit: "명".to_owned(),
    };
    let words = |all: &[&str]| all.iter().map(|word| (*word).to_owned()).collect();
    let all = [
        question("생년월일", "생년월일이 언제인가요?", iljari_rules::value::Kind::Date),
        question("등록장애인", "장애인으로 등록하셨나요?", iljari_rules::value::Kind::Yes),
        question("가구원수", "등본에 함께 있는 사람은 본인까지 몇 명인가요?", iljari_rules::value::Kind::Number),
        question(
            "자활대상",
            "어디에 해당하시나요?",
            iljari_rules::value::Kind::One(words(&["조건부수급자", "차상위"])),
        ),
        question(
            "취약계층",
            "해당하는 것이 있나요?",
            iljari_rules::value::Kind::Any(words(&["장애인", "북한이탈주민"])),
        ),
    ];
    let faults: [Option<Fault>; 5] =
        [Some("fault-date"), None, Some("fault-resident-number"), None, Some("fault-none-and-some")];
    let typed =
        Typed::new().with("생년월일.y", "1961").with("생년월일.m", "13").with("등록장애인", "?").with("가구원수", "3");
    let field = |(question, fault): (&Question, Option<Fault>)| {
        if rows > 4 { Field::of(question, lang, &typed, fault) } else { Field::of(question, lang, &Typed::new(), None) }
    };
    FormPage {
        shell: sample_shell(lang),
        lang,
        words: lang.words(),
        is_sample: true,
        heading: lang.words().fill("heading", &[("n", &rows.to_string()), ("place", "나루구(예시)")]),
        action: "/districts/99001/suitable".to_owned(),
        langs: langs(lang, "/districts/99001/suitable"),
        fields: all.iter().zip(faults).take(rows).map(field).collect(),
        show: lang.words().fill("show", &[("n", "9")]),
    }
}

#[expect(clippy::expect_used, reason = "a constant that is a code")]
fn sample_shell(lang: Lang) -> Shell {
    let place = iljari_web::District::new("99001".parse().expect("five digits"), "나루구(예시)");
    Shell::public(&DisplayPrefs::sample(), lang.words().say("name"), Some(place), PublicNav::Suitable)
        .here(lang.words().say("name"))
        .in_language(lang.tag())
}

impl Sample for FormPage {
    fn samples() -> Vec<Self> {
        vec![sample_look(0, Lang::Ko), sample_look(4, Lang::Easy), sample_look(5, Lang::Ko), sample_look(5, Lang::Vi)]
    }
}
