//! What the answers come to: a card for every program.
//!
//! Owns: how reasons, papers and days are told. Does not own: any of them; `rules` found them. What a newcomer
//! gets wrong: translating a rule. Conditions and papers are shown in Korean, as the counter knows them.

use askama::Template;
use iljari_base::Date;
use iljari_rules::{Outcome, Truth};
use iljari_web::{DisplayPrefs, Sample, Shell, Typed};

use super::fields::{Field, carried};
use super::{Look, sample_shell};
use crate::judge::is_looked_up;
use crate::model::Call;
use crate::suitable::{self, Answers, Question, Verdict};
use crate::words::{Lang, Words};

/// A call that takes applications for a program.
pub(super) struct OpenCall {
    href: String,
    title: String,
    until: String,
    contact: String,
}

/// One program's answer.
pub(super) struct Card {
    kind: &'static str,
    word: String,
    name: String,
    edition: String,
    is_sample: bool,
    is_past: bool,
    lead: String,
    /// Conditions that are not kept, with what would change it, in Korean.
    broken: Vec<String>,
    /// What is still to be found out, in the reader's language.
    missing: Vec<String>,
    bring: Vec<String>,
    looked_up: Vec<String>,
    /// What time changes by itself, in the reader's language.
    later: Vec<String>,
    calls: Vec<OpenCall>,
    sources: Vec<String>,
    example_scores: Option<&'static str>,
}

/// The answer.
#[derive(Template)]
#[template(path = "programs/suitable_result.html")]
pub struct ResultPage {
    shell: Shell,
    lang: Lang,
    words: &'static Words,
    is_sample: bool,
    heading: String,
    today: String,
    where_to: String,
    action: String,
    langs: Vec<Lang>,
    /// Answers that go along in the next form: the fact and its text.
    carried: Vec<(String, String)>,
    /// What was asked and answered, as people read it.
    said: Vec<(String, String)>,
    next: Option<Field>,
    cards: Vec<Card>,
    long_over: Vec<(String, String)>,
    calls_href: String,
}

impl Look {
    /// The result page of these answers.
    pub(super) fn result(&self, prefs: &DisplayPrefs, questions: &[Question], answers: &Answers) -> ResultPage {
        let (lang, words) = (self.lang, self.lang.words());
        let verdicts = suitable::judge(&self.asked, answers, self.today);
        let count =
            |outcome: Outcome| verdicts.iter().filter(|verdict| verdict.told.outcome == outcome).count().to_string();
        let counts = [
            ("fit", count(Outcome::Eligible)),
            ("open", count(Outcome::Conditional)),
            ("all", verdicts.len().to_string()),
        ];
        let parts: Vec<(&str, &str)> = counts.iter().map(|(name, count)| (*name, count.as_str())).collect();
        let next = suitable::next(&self.asked, answers, self.today);
        let answered = questions.iter().filter_map(|question| Some((question, answers.0.get(&question.name)?)));
        let said = |(question, answer): (&Question, &suitable::Answer)| {
            let asked = words.question(&question.name).unwrap_or(&question.text).to_owned();
            (asked, told_answer(lang, question, answer))
        };
        ResultPage {
            shell: self.shell(prefs, 0),
            lang,
            words,
            is_sample: self.book.is_sample,
            heading: words.fill("result-heading", &parts),
            today: lang.day(self.today),
            where_to: words.fill("where-to", &[("place", self.place_name())]),
            action: self.here(),
            langs: Lang::ALL.into_iter().filter(|other| *other != lang).collect(),
            carried: answered.clone().map(|(question, answer)| (question.name.clone(), carried(answer))).collect(),
            said: answered.map(said).collect(),
            next: next.map(|question| Field::of(&question, lang, &Typed::new(), None)),
            cards: verdicts.iter().map(|verdict| self.card(verdict)).collect(),
            long_over: self.row.long_over.clone(),
            calls_href: format!("{}/calls", self.home()),
        }
    }

    fn card(&self, verdict: &Verdict) -> Card {
        let (lang, words) = (self.lang, self.lang.words());
        let (rules, told) = (&verdict.lot.rules, &verdict.told);
        let plain = told.plain(rules);
        let can = told.outcome != Outcome::NotEligible;
        let broken = if can { Vec::new() } else { plain.because };
        let still_open: &[usize] = if told.outcome == Outcome::Conditional { &told.missing } else { &[] };
        let open_facts = still_open.iter().filter_map(|place| rules.facts.get(*place)).filter(|fact| !fact.from_call);
        let missing: Vec<String> =
            open_facts.map(|fact| words.question(&fact.name).unwrap_or(&fact.question).to_owned()).collect();
        let papers: &[String] = if can { &told.documents } else { &[] };
        let looked_up = |paper: &&String| rules.facts.iter().any(|fact| fact.document == **paper && is_looked_up(fact));
        let (looked_up, bring): (Vec<&String>, Vec<&String>) = papers.iter().partition(looked_up);
        let (kind, word, lead) = match told.outcome {
            Outcome::Eligible => ("good", words.say("fit"), words.say("lead-fit").to_owned()),
            Outcome::Conditional => {
                let count = missing.len().to_string();
                ("care", words.say("open"), words.fill("lead-open", &[("n", &count)]))
            }
            Outcome::NotEligible => {
                let count = broken.len().to_string();
                ("plain", words.say("unfit"), words.fill("lead-unfit", &[("n", &count)]))
            }
        };
        let calls = self.calls.iter().filter(|(id, _)| *id == rules.id);
        Card {
            kind,
            word: word.to_owned(),
            name: rules.name.clone(),
            edition: rules.edition.clone(),
            is_sample: rules.is_sample,
            is_past: verdict.lot.is_past,
            lead,
            later: if lang.is_foreign() { later(lang, verdict) } else { plain_later(verdict, plain.later) },
            broken,
            missing,
            bring: bring.into_iter().cloned().collect(),
            looked_up: looked_up.into_iter().cloned().collect(),
            calls: calls.map(|(_, call)| self.open_call(call)).collect(),
            sources: rules.sources.values().cloned().collect(),
            example_scores: rules.example_scores(),
        }
    }

    fn open_call(&self, call: &Call) -> OpenCall {
        OpenCall {
            href: format!("{}/calls/{}", self.home(), call.no),
            title: call.terms.title.clone(),
            until: self.lang.words().fill("call-until", &[("day", &self.lang.day(call.terms.apply_last_on))]),
            contact: call.terms.contact.clone(),
        }
    }
}

/// The rules' own sentences, and the day on which the whole answer changes where they do not say it.
fn plain_later(verdict: &Verdict, mut sentences: Vec<String>) -> Vec<String> {
    if let Some((_, outcome, sentence)) = &verdict.told.changes
        && verdict.told.outcome == Outcome::NotEligible
        && *outcome != Outcome::NotEligible
    {
        sentences.push(format!("{}.", sentence.trim_end_matches('.')));
    }
    sentences.dedup();
    sentences
}

/// The days on which something turns by itself, without the rules' Korean sentences.
fn later(lang: Lang, verdict: &Verdict) -> Vec<String> {
    let words = lang.words();
    let mut days: Vec<(Date, &str)> = Vec::new();
    let broken = verdict.told.reasons.iter().filter(|reason| reason.is_asked && reason.truth == Truth::NotMet);
    days.extend(broken.filter_map(|reason| reason.turns.as_ref()).map(|(day, ..)| (*day, "turns")));
    if let Some((day, outcome, _)) = &verdict.told.changes {
        days.retain(|(known, _)| known != day);
        let key = match outcome {
            Outcome::Eligible => "changes-fit",
            Outcome::Conditional => "changes-open",
            Outcome::NotEligible => "changes-unfit",
        };
        days.push((*day, key));
    }
    days.sort_unstable();
    days.dedup();
    days.into_iter().map(|(day, key)| words.fill(key, &[("day", &lang.day(day))])).collect()
}

fn told_answer(lang: Lang, question: &Question, answer: &suitable::Answer) -> String {
    use iljari_rules::Value;
    let words = lang.words();
    let one = |word: &String| words.option(word).unwrap_or(word).to_owned();
    match answer {
        suitable::Answer::NotKnown => words.say("unsure").to_owned(),
        suitable::Answer::Known(Value::Yes(true)) => words.say("yes").to_owned(),
        suitable::Answer::Known(Value::Yes(false)) => words.say("no").to_owned(),
        suitable::Answer::Known(Value::Date(day)) => lang.day(*day),
        suitable::Answer::Known(Value::Word(word)) => one(word),
        suitable::Answer::Known(Value::Words(chosen)) if chosen.is_empty() => words.say("none").to_owned(),
        suitable::Answer::Known(Value::Words(chosen)) => chosen.iter().map(one).collect::<Vec<_>>().join(", "),
        suitable::Answer::Known(value @ Value::Number(_)) => match question.kind {
            iljari_rules::value::Kind::Won => value.text(true),
            _ => value.in_unit(&question.unit),
        },
    }
}

impl Sample for ResultPage {
    fn samples() -> Vec<Self> {
        let card = |kind: &'static str, rows: usize, lang: Lang| Card {
            kind,
            word: lang.words().say("open").to_owned(),
            name: "지역주도형 청년일자리(행정안전부)".to_owned(),
            edition: "2018년부터 2024년까지".to_owned(),
            is_sample: rows > 1,
            is_past: rows > 2,
            lead: lang.words().fill("lead-open", &[("n", &rows.to_string())]),
            broken: vec![
                "‘나루구에 삽니다’라는 조건에 맞지 않습니다. 사는 곳의 구청에 물어보세요.".to_owned();
                rows
            ],
            missing: vec!["주민등록상 나루구에 사시나요?".to_owned(); rows],
            bring: vec!["주민등록표 등본".to_owned(); rows],
            looked_up: vec!["소득 조회(구청이 확인)".to_owned(); rows],
            later: vec![lang.words().fill("turns", &[("day", "2027-03-02")]); rows],
            calls: (0..rows)
                .map(|no| OpenCall {
                    href: format!("/districts/99001/calls/{no}"),
                    title: "2027년 상반기 나루 공공근로(안심·돌봄·기후환경) 참여자 모집(예시)".to_owned(),
                    until: lang.words().fill("call-until", &[("day", "2026-12-04")]),
                    contact: "일자리정책과 02-000-0000(예시)".to_owned(),
                })
                .collect(),
            sources: vec!["2026년 기준 중위소득(보건복지부 고시를 옮긴 기사)".to_owned(); rows],
            example_scores: (rows > 1).then_some("예시 배점표입니다. 실제 사업의 배점이 아닙니다."),
        };
        let page = |rows: usize, lang: Lang| ResultPage {
            shell: sample_shell(lang),
            lang,
            words: lang.words(),
            is_sample: true,
            heading: lang.words().fill("result-heading", &[("fit", "2"), ("open", "3"), ("all", "9")]),
            today: "2026-11-26".to_owned(),
            where_to: lang.words().fill("where-to", &[("place", "나루구(예시)")]),
            action: "/districts/99001/suitable".to_owned(),
            langs: Lang::ALL.into_iter().filter(|other| *other != lang).collect(),
            carried: vec![("생년월일".to_owned(), "1961-05-08".to_owned()); rows],
            said: vec![("생년월일이 언제인가요?".to_owned(), "1961년 5월 8일(월)".to_owned()); rows],
            next: (rows > 0).then(|| {
                let (kind, unit) = (iljari_rules::value::Kind::Won, String::new());
                let question =
                    Question { name: "가구소득".to_owned(), text: "얼마인가요?".to_owned(), kind, unit };
                Field::of(&question, lang, &Typed::new(), None)
            }),
            cards: (0..rows).map(|nth| card(["good", "care", "plain"][nth % 3], rows.min(4), lang)).collect(),
            long_over: vec![("서울시 공공근로".to_owned(), "2019년 하반기".to_owned()); rows],
            calls_href: "/districts/99001/calls".to_owned(),
        };
        vec![page(0, Lang::Ko), page(3, Lang::Easy), page(3, Lang::Vi), page(40, Lang::Zh)]
    }
}
