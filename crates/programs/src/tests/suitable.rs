//! Somebody asks which jobs suit her, and leaves no trace.

use std::sync::{Arc, Mutex};

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::{Extension, Router};
use iljari_base::{Date, DistrictCode};
use iljari_plans::Books;
use iljari_rules::value::Kind;
use iljari_rules::{Outcome, RuleSet, Value, explain};
use iljari_store::testing::both;
use iljari_web::Side;
use tower::ServiceExt as _;

use super::Desk;
use super::desk::day;
use crate::shelf::{Lot, Shelf};
use crate::suitable::{self, Answer, Answers, Asked};
use crate::words::Lang;

fn code(text: &str) -> DistrictCode {
    text.parse().expect("a code")
}

fn asked(district: &str, today: Date) -> Vec<Asked> {
    Shelf::built_in().row(&code(district), today).lots.into_iter().map(Asked::from).collect()
}

fn lots(asked: &[Asked]) -> Vec<Lot> {
    asked.iter().map(|program| program.lot.clone()).collect()
}

/// Answers as they would be written, `?` for what is not known.
fn answers(asked: &[Asked], today: Date, said: &[(&str, &str)]) -> Answers {
    let questions = suitable::questions(&lots(asked), today);
    let read = |(name, text): &(&str, &str)| {
        let question = questions.iter().find(|question| question.name == *name).unwrap_or_else(|| panic!("{name}"));
        let answer =
            if *text == "?" { Answer::NotKnown } else { Answer::Known(question.kind.read(text).expect("read")) };
        ((*name).to_owned(), answer)
    };
    Answers(said.iter().map(read).collect())
}

const PEOPLE: [(&str, &[(&str, &str)]); 10] = [
    ("99001", &[]),
    ("99001", &[("생년월일", "?")]),
    (
        "99001",
        &[
            ("생년월일", "1961-11-26"),
            ("기초연금", "예"),
            ("생계급여", "아니오"),
            ("장기요양", "아니오"),
            ("직장가입자", "아니오"),
            ("다른일자리", "아니오"),
        ],
    ),
    ("99001", &[("생년월일", "1961-11-27"), ("생계급여", "예")]),
    (
        "99001",
        &[
            ("생년월일", "1990-01-01"),
            ("나루구민", "예"),
            ("가구원수", "1"),
            ("가구소득", "2179602"),
            ("가구재산", "4억9900만원"),
        ],
    ),
    (
        "99001",
        &[
            ("생년월일", "1990-01-01"),
            ("나루구민", "아니오"),
            ("등록장애인", "예"),
            ("미취업", "예"),
            ("자활대상", "차상위"),
        ],
    ),
    ("11215", &[("생년월일", "1961-05-08"), ("광진구민", "예"), ("등록장애인", "예"), ("미취업", "?")]),
    (
        "11215",
        &[("생년월일", "2008-11-26"), ("광진구민", "예"), ("서울시민", "예"), ("구직자", "예"), ("재학생", "아니오")],
    ),
    ("11215", &[("생년월일", "2010-03-01"), ("광진구민", "아니오"), ("서울시민", "아니오")]),
    (
        "11215",
        &[
            ("생년월일", "1984-07-07"),
            ("미취업", "예"),
            ("사업자등록", "아니오"),
            ("직장가입자", "아니오"),
            ("다른일자리", "예"),
        ],
    ),
];

#[test]
fn ten_people_get_from_the_page_what_the_rules_alone_say() {
    let today = day("2026-11-26");
    let mut outcomes = Vec::new();
    for (district, said) in PEOPLE {
        let asked = asked(district, today);
        let answers = answers(&asked, today, said);
        let verdicts = suitable::judge(&asked, &answers, today);
        assert_eq!(verdicts.len(), asked.len());
        for verdict in &verdicts {
            // Told to the rules directly, fact by fact, without anything of ours between.
            let rules: &RuleSet = &verdict.lot.rules;
            let facts = rules.facts.iter().map(|fact| match said.iter().find(|(name, _)| *name == fact.name) {
                _ if fact.name == "사업시작일" => Some(Value::Date(today)),
                Some((_, "?")) | None => None,
                Some((_, text)) => fact.kind.read(text).ok(),
            });
            let person = iljari_rules::Person { facts: facts.collect(), as_of: today };
            assert_eq!(verdict.told, explain(rules, &person), "{} {said:?}", rules.name);
            outcomes.push(verdict.told.outcome);
        }
        let order = |outcome: Outcome| match outcome {
            Outcome::Eligible => 0,
            Outcome::Conditional => 1,
            Outcome::NotEligible => 2,
        };
        assert!(verdicts.is_sorted_by_key(|verdict| order(verdict.told.outcome)));
    }
    for wanted in [Outcome::Eligible, Outcome::Conditional, Outcome::NotEligible] {
        assert!(outcomes.iter().filter(|outcome| **outcome == wanted).count() > 3, "{wanted:?}");
    }
}

#[test]
fn whoever_knows_nothing_is_refused_nowhere_and_is_told_the_papers() {
    let today = day("2026-11-26");
    for district in ["99001", "11215"] {
        let asked = asked(district, today);
        let unsure =
            suitable::questions(&lots(&asked), today).into_iter().map(|question| (question.name, Answer::NotKnown));
        let answers = Answers(unsure.collect());
        for verdict in suitable::judge(&asked, &answers, today) {
            assert_eq!(verdict.told.outcome, Outcome::Conditional, "{}", verdict.lot.rules.name);
            assert!(!verdict.told.to_bring.is_empty(), "{}", verdict.lot.rules.name);
        }
        assert_eq!(suitable::next(&asked, &answers, today), None, "what was declined is not asked again");
    }
}

/// How many programs five questions settle for somebody.
fn settled(asked: &[Asked], names: &[String], whole: &Answers, today: Date) -> usize {
    let some =
        whole.0.iter().filter(|(name, _)| names.contains(name)).map(|(name, answer)| (name.clone(), answer.clone()));
    let some = Answers(some.collect());
    let outcome = |program: &&Asked| {
        let person = suitable::person(program, &some, today);
        iljari_rules::eval::outcome(&program.lot.rules, &person).0
    };
    asked.iter().filter(|program| outcome(program) != Outcome::Conditional).count()
}

#[test]
fn no_other_five_questions_in_which_one_differs_settle_more_people() {
    use iljari_base::{Entropy as _, SeededEntropy};
    let today = day("2026-11-26");
    for district in ["99001", "11215"] {
        let asked = asked(district, today);
        let all: Vec<_> = suitable::questions(&lots(&asked), today);
        let first: Vec<String> =
            suitable::first_questions(&lots(&asked), today).into_iter().map(|question| question.name).collect();
        println!("{district}: {first:?}");
        assert_eq!(first.len(), suitable::FIRST_QUESTIONS);
        // Other people than those the choice was made with.
        let chance = SeededEntropy::new("somebody else");
        let pick = |values: Vec<Value>| {
            let place = chance.below(u64::try_from(values.len()).expect("few"));
            values[usize::try_from(place).expect("few")].clone()
        };
        let people: Vec<Answers> = (0..200)
            .map(|_| {
                let answer = |question: &suitable::Question| {
                    let value = match &question.kind {
                        Kind::Yes => pick(vec![Value::Yes(true), Value::Yes(false)]),
                        Kind::One(words) => pick(words.iter().cloned().map(Value::Word).collect()),
                        Kind::Date => {
                            let year = 1940 + chance.below(70);
                            Value::Date(day(&format!("{year}-06-15")))
                        }
                        Kind::Won => pick(
                            ["0", "2000000", "4000000", "900000000"]
                                .map(|text| Kind::Won.read(text).expect("won"))
                                .into(),
                        ),
                        kind => pick(["1", "3", "80", "120"].map(|text| kind.read(text).expect("a number")).into()),
                    };
                    (question.name.clone(), Answer::Known(value))
                };
                Answers(all.iter().map(answer).collect())
            })
            .collect();
        let worth = |names: &[String]| people.iter().map(|whole| settled(&asked, names, whole, today)).sum::<usize>();
        let (ours, all_names) = (worth(&first), all.iter().map(|question| question.name.clone()));
        let earliest: Vec<String> = all_names.clone().take(5).collect();
        assert!(ours >= worth(&earliest), "the first five of the files settle no more");
        assert!(ours * 2 > people.len() * asked.len(), "five questions settle more than half: {ours}");
        // Other people differ a little; nothing else is better by a twentieth.
        for (out, more) in (0..5).flat_map(|out| all_names.clone().map(move |more| (out, more))) {
            let mut other = first.clone();
            if !other.contains(&more) {
                other[out] = more;
                assert!(worth(&other) * 20 <= ours * 21, "{other:?} settles more than {first:?}");
            }
        }
    }
}

#[test]
fn the_next_question_is_one_that_is_open_and_the_last_leaves_none() {
    let today = day("2026-11-26");
    let asked = asked("99001", today);
    let mut known =
        answers(&asked, today, &[("생년월일", "1961-05-08"), ("나루구민", "아니오"), ("등록장애인", "아니오")]);
    let mut questions = Vec::new();
    while let Some(question) = suitable::next(&asked, &known, today) {
        assert!(!known.0.contains_key(&question.name), "{} was answered", question.name);
        let value = match &question.kind {
            Kind::Yes => Value::Yes(false),
            Kind::One(words) => Value::Word(words[0].clone()),
            kind => kind.read("0").expect("a number"),
        };
        known.0.insert(question.name.clone(), Answer::Known(value));
        questions.push(question.name);
    }
    assert!(
        !questions.is_empty() && !questions.contains(&"가구소득".to_owned()),
        "a closed program asks nothing: {questions:?}"
    );
    let open = suitable::judge(&asked, &known, today)
        .iter()
        .filter(|verdict| verdict.told.outcome == Outcome::Conditional)
        .count();
    assert_eq!(open, 0);
}

/// What the log says, every level of it.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("a log").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn router(desk: &Desk) -> Router {
    let routes = crate::routes().into_router(desk.office.clone(), Side::Public);
    routes.layer(Extension(Books::new())).layer(Extension(Shelf::built_in()))
}

async fn send(router: &Router, body: &str) -> (u16, String, axum::http::HeaderMap) {
    let request = Request::post("/districts/99001/suitable")
        .header("host", "localhost")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(body.to_owned()))
        .expect("a request");
    let answer = router.clone().oneshot(request).await.expect("answered");
    let (parts, body) = answer.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.expect("a body");
    (parts.status.as_u16(), String::from_utf8(bytes.to_vec()).expect("text"), parts.headers)
}

async fn look(router: &Router, address: &str) -> (u16, String) {
    let request = Request::get(address).header("host", "localhost").body(Body::empty()).expect("a request");
    let answer = router.clone().oneshot(request).await.expect("answered");
    let status = answer.status().as_u16();
    let bytes = to_bytes(answer.into_body(), usize::MAX).await.expect("a body");
    (status, String::from_utf8(bytes.to_vec()).expect("text"))
}

/// A form as a browser sends it.
fn body(pairs: &[(&str, &str)]) -> String {
    let escape = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    pairs.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect::<Vec<_>>().join("&")
}

#[tokio::test]
async fn five_answers_bring_every_program_with_its_reasons_in_every_language() {
    both(|store| async move {
        let desk = Desk::on(store).await;
        let router = router(&desk);
        for lang in Lang::ALL {
            let (status, page) = look(&router, &format!("/districts/99001/suitable?lang={}", lang.code())).await;
            assert_eq!((status, iljari_web::check_html(&page)), (200, Vec::new()), "{}", lang.code());
            assert!(
                page.contains(&format!("<html lang=\"{}\"", lang.tag())) && page.contains(lang.words().say("lead"))
            );
            assert_eq!(page.matches("name=\"asked\"").count(), suitable::FIRST_QUESTIONS);
            let sent = [
                ("lang", lang.code()),
                ("asked", "생년월일"),
                ("생년월일.y", "1961"),
                ("생년월일.m", "5"),
                ("생년월일.d", "8"),
                ("asked", "나루구민"),
                ("나루구민", "아니오"),
                ("asked", "등록장애인"),
                ("등록장애인", "?"),
                ("asked", "자활대상"),
                ("자활대상", "조건부수급자"),
            ];
            let (status, page, headers) = send(&router, &body(&sent)).await;
            assert_eq!((status, iljari_web::check_html(&page)), (200, Vec::new()), "{}", lang.code());
            assert!(page.contains(&format!("<html lang=\"{}\"", lang.tag())));
            // The menu, the trail and the help around it stay Korean and say so, and no more often than needed.
            assert_eq!(page.contains("<header class=\"site-header\" lang=\"ko\">"), lang.is_foreign());
            assert_eq!(headers.get("cache-control").and_then(|value| value.to_str().ok()), Some("no-store"));
            assert!(headers.get("set-cookie").is_none());
            let words = lang.words();
            for wanted in ["fit", "open", "unfit", "more-exact", "where", "again", "no-call", "past"] {
                assert!(page.contains(words.say(wanted)), "{wanted} in {}", lang.code());
            }
            for wanted in ["나루 공공근로", "노인공익활동", "‘나루구에 삽니다’", "장애인증명서"]
            {
                assert!(page.contains(wanted), "{wanted} in {}", lang.code());
            }
        }
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_read_comes_back_with_what_to_mend_and_a_resident_number_does_not_come_back() {
    both(|store| async move {
        let desk = Desk::on(store).await;
        let router = router(&desk);
        let sent = [
            ("asked", "생년월일"),
            ("생년월일.y", "1961"),
            ("생년월일.m", "13"),
            ("생년월일.d", "8"),
            ("asked", "가구소득"),
            ("가구소득", "610508-1234567"),
            ("asked", "가구재산"),
            ("가구재산", "많아요"),
            ("asked", "나루구민"),
            ("나루구민", "아마도"),
            ("asked", "모르는 물음"),
        ];
        let (status, page, _) = send(&router, &body(&sent)).await;
        assert_eq!((status, iljari_web::check_html(&page)), (422, Vec::new()));
        let words = Lang::Ko.words();
        for wanted in ["faults", "fault-date", "fault-resident-number", "fault-number", "fault-choice"] {
            assert!(page.contains(words.say(wanted)), "{wanted}");
        }
        assert!(page.contains("value=\"13\"") && page.contains("많아요") && !page.contains("1234567"));
        assert!(!page.contains("모르는 물음"));
        // An address brings no answer, and nobody is judged without having been asked.
        let (_, page) = look(
            &router,
            &format!("/districts/99001/suitable?{}", body(&[("asked", "등록장애인"), ("등록장애인", "예")])),
        )
        .await;
        let form = page.split("<form class=\"form\"").nth(1).expect("the questions");
        assert!(!form.contains(" checked") && form.contains("type=\"radio\""));
        assert!(send(&router, "lang=ko").await.1.contains("name=\"asked\""));
        assert_eq!(look(&router, "/districts/98001/suitable").await.0, 404);
    })
    .await;
}

#[tokio::test]
async fn an_open_call_is_asked_by_its_own_rules_and_linked() {
    both(|store| async move {
        let desk = Desk::on(store).await;
        let no = desk.published().await;
        desk.clock.set(day("2026-11-23").at_hour(10));
        let sent = [("asked", "생년월일"), ("생년월일", "2008-11-30")];
        let (status, page, _) = send(&router(&desk), &body(&sent)).await;
        assert_eq!(status, 200);
        assert!(
            page.contains(&format!("/districts/99001/calls/{no}\""))
                && page.contains("2026년 11월 27일(금)까지 접수합니다")
        );
        // 18 on the day on which work begins, not yet on the day of the answer.
        let card = page.split("<article").find(|card| card.contains("나루 공공근로")).expect("a card");
        assert!(!card.contains("만 18세 이상입니다’라는 조건에 맞지 않습니다"), "{card}");
    })
    .await;
}

#[tokio::test(flavor = "current_thread")]
async fn no_answer_stays_in_the_database_or_in_the_log() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone()).finish();
    let _kept = tracing::subscriber::set_default(subscriber);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("iljari.db");
    let store = iljari_store::Store::open(&format!("sqlite:{}", path.display())).await.expect("a store");
    store.migrate().await.expect("migrated");
    let desk = Desk::on(store).await;
    let router = router(&desk);
    let sent = [
        ("asked", "생년월일"),
        ("생년월일.y", "1947"),
        ("생년월일.m", "7"),
        ("생년월일.d", "29"),
        ("asked", "가구소득"),
        ("가구소득", "7654321"),
        ("asked", "가구재산"),
        ("가구재산", "918273645"),
    ];
    let (status, page, _) = send(&router, &body(&sent)).await;
    assert!(status == 200 && page.contains("7,654,321") && page.contains("1947"), "{status}");
    desk.office.store.close().await;
    let mut kept = log.0.lock().expect("a log").clone();
    assert!(!kept.is_empty(), "the log is listened to");
    for entry in std::fs::read_dir(folder.path()).expect("the folder") {
        kept.extend(std::fs::read(entry.expect("an entry").path()).expect("a file"));
    }
    let kept = String::from_utf8_lossy(&kept);
    assert!(kept.contains("/districts/{code}/suitable"), "the request is in the log, by its route");
    for secret in ["1947-07-29", "7654321", "7,654,321", "918273645", "918,273,645"] {
        assert!(!kept.contains(secret), "{secret}");
    }
}
