//! `/office/calls/{no}/outcomes`: how people are after the work, a line and a form each. 접수번호 only; whom to call
//! stands on a page of its own, whose opening is written down.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use iljari_base::{Outcome, Refusal, Stop};
use iljari_disclosure::suppress::SMALLEST_SHOWN;
use iljari_people::residents::{self, Purpose, Safe};
use iljari_people::{ClientAddress, Cx};
use iljari_web::{DisplayPrefs, FieldErrors, Office, PageError, Sample, Shell, Typed, Viewer, answer, render};

use super::{frame, missing, number};
use crate::after::{self, Asked, Person};
use crate::assigned::{Theirs, admit, admit_where_there};
use crate::call::published_of;
use crate::intake::application_of;
use crate::model::Call;
use crate::work::{AFTER_MONTHS, After, Answer, AskedBy};

/// One person as a line.
struct Row {
    app: i64,
    receipt: String,
    href: String,
    stopped: String,
    answers: Vec<(&'static str, String)>,
    /// For which month she is to be asked; 0 for none.
    due: i64,
    note: &'static str,
}

/// How many gave each answer after so many months.
struct CountRow {
    months: i64,
    cells: Vec<(&'static str, String)>,
    all: String,
}

#[derive(Template)]
#[template(path = "programs/outcomes.html")]
pub(super) struct Page {
    shell: Shell,
    errors: FieldErrors,
    base: String,
    /// The call's own address.
    call: String,
    title: String,
    heading: String,
    rows: Vec<Row>,
    /// How many are somebody else's.
    others: usize,
    counts: Vec<CountRow>,
    today: String,
}

/// The list.
pub async fn page(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    Path(no): Path<String>,
) -> Result<Response, PageError> {
    view(&office, &prefs, &viewer, number(&no)?, FieldErrors::none()).await.map(render)
}

/// Writes an answer down.
pub async fn save(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path(no): Path<String>,
    typed: Typed,
) -> Result<Response, PageError> {
    let no = number(&no)?;
    let cx = Cx::of(&office, &viewer, &address);
    let outcome: Outcome<()> = match read(&typed) {
        Err(refusals) => Err(Stop::Refused(refusals)),
        Ok((app, asked)) => {
            admit_where_there(&office, &cx, (no, app)).await?;
            office.store.write(move |tx| Box::pin(async move { after::note(tx, &cx, (no, app), asked).await })).await
        }
    };
    // The same field stands in many rows; the words are told on top, without a link.
    let outcome = outcome.map_err(super::without_fields);
    let again = |errors| view(&office, &prefs, &viewer, no, errors);
    answer(outcome, &format!("/office/calls/{no}/outcomes"), again).await
}

fn read(typed: &Typed) -> Result<(i64, Asked), Vec<Refusal>> {
    let mut faults = Vec::new();
    let whole = |name: &str| typed.get(name).trim().parse::<i64>().unwrap_or(0);
    let on = super::day(typed, "asked_on", &mut faults);
    let (after, by) = (After::from_text(typed.get("after")), AskedBy::from_text(typed.get("by")));
    if after.is_none() {
        faults.push(Refusal::new("no-answer", "", "어떻게 지내시는지 골라 주세요.").at("after"));
    }
    if by.is_none() {
        faults.push(Refusal::new("no-way", "", "어떻게 여쭈었는지 골라 주세요.").at("by"));
    }
    match (on, after, by) {
        (Some(on), Some(after), Some(by)) => Ok((whole("app"), Asked { months: whole("months"), after, on, by })),
        _ => Err(faults),
    }
}

async fn view(
    office: &Office,
    prefs: &DisplayPrefs,
    viewer: &Viewer,
    no: i64,
    errors: FieldErrors,
) -> Result<Page, PageError> {
    let cx = Cx::inside(office, viewer.actor(), viewer.district.clone());
    let today = office.clock.today();
    let outcome: Outcome<_> = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                let call = published_of(tx, &cx, no).await?;
                let theirs = Theirs::of(tx, &cx, &call).await?;
                Ok((call, after::people(tx, &cx.district, no, today).await?, theirs))
            })
        })
        .await;
    let (call, people, theirs) = outcome.map_err(missing)?;
    let due = people.iter().filter(|person| person.due.is_some()).count();
    let base = format!("/office/calls/{no}/outcomes");
    let hers = people.iter().filter(|person| theirs.has(person.app_no));
    let rows: Vec<Row> = hers.map(|person| row(&call, &base, person)).collect();
    let shell = frame(prefs, viewer, "사후 확인")
        .crumb(&call.terms.title, format!("/office/calls/{no}"))
        .here("사후 확인")
        .faults(errors.len());
    Ok(Page {
        shell,
        errors,
        heading: match (people.len(), due) {
            (0, _) => "아직 일을 마친 분이 없습니다".to_owned(),
            (all, 0) => format!("일을 마친 {all}명 가운데 지금 여쭐 분이 없습니다"),
            (all, due) => format!("일을 마친 {all}명 가운데 {due}명에게 여쭐 때입니다"),
        },
        others: people.len().saturating_sub(rows.len()),
        rows,
        counts: counts(&people),
        today: today.to_string(),
        call: format!("/office/calls/{no}"),
        title: call.terms.title,
        base,
    })
}

fn row(call: &Call, base: &str, person: &Person) -> Row {
    let words = |months: i64| match person.answers.iter().find(|answer| answer.months == months) {
        Some(answer) => said(answer),
        None => "–".to_owned(),
    };
    Row {
        app: person.app_no,
        receipt: call.receipt(person.app_no),
        href: format!("{base}/{}", person.app_no),
        stopped: person.stopped_on.to_string(),
        answers: vec![("3개월 뒤", words(3)), ("6개월 뒤", words(6)), ("12개월 뒤", words(12))],
        due: person.due.unwrap_or(0),
        note: match (person.agreed, person.due) {
            (false, _) => "여쭙지 않기로 한 분",
            (true, Some(_)) => "",
            (true, None) => "지금은 여쭐 때가 아님",
        },
    }
}

/// `취업 중 (2027-03-31 전화)`.
fn said(answer: &Answer) -> String {
    match (answer.asked_on, answer.asked_by) {
        (Some(on), Some(by)) => format!("{} ({on} {})", answer.after.label(), by.label()),
        _ => answer.after.label().to_owned(),
    }
}

/// How many gave each answer. A number from 1 to 4 is not written, and neither is a sum that would tell it.
fn counts(people: &[Person]) -> Vec<CountRow> {
    AFTER_MONTHS
        .into_iter()
        .map(|months| {
            let answers: Vec<After> = people
                .iter()
                .flat_map(|person| &person.answers)
                .filter(|answer| answer.months == months)
                .map(|answer| answer.after)
                .collect();
            let smallest = usize::try_from(SMALLEST_SHOWN).unwrap_or(usize::MAX);
            let small = |count: usize| (1..smallest).contains(&count);
            let each: Vec<(&'static str, usize)> = After::ALL
                .map(|after| (after.label(), answers.iter().filter(|given| **given == after).count()))
                .to_vec();
            let hidden = each.iter().any(|(_, count)| small(*count));
            let shown = |count: usize| if small(count) { format!("{smallest} 미만") } else { count.to_string() };
            CountRow {
                months,
                all: if hidden { "적지 않음".to_owned() } else { answers.len().to_string() },
                cells: each.into_iter().map(|(label, count)| (label, shown(count))).collect(),
            }
        })
        .filter(|row| row.all != "0")
        .collect()
}

/// Whom to call, with the same form.
#[derive(Template)]
#[template(path = "programs/outcome.html")]
pub(super) struct PersonPage {
    shell: Shell,
    base: String,
    receipt: String,
    heading: String,
    who: Vec<(&'static str, String)>,
    row: Row,
    today: String,
}

/// `GET /office/calls/{no}/outcomes/{app}`: opening it opens her name and number, and that is written down.
pub async fn person(
    State(office): State<Arc<Office>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path((no, app)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let (no, app) = (number(&no)?, number(&app)?);
    let cx = Cx::of(&office, &viewer, &address);
    admit(&office, &cx, (no, app)).await?;
    let safe = Safe::open(&office.keys, office.clock.as_ref(), office.entropy.as_ref())?;
    let today = office.clock.today();
    let outcome: Outcome<_> = office
        .store
        .write(move |tx| {
            Box::pin(async move {
                let call = published_of(tx, &cx, no).await?;
                let people = after::people(tx, &cx.district, no, today).await?;
                let Some(found) = people.into_iter().find(|person| person.app_no == app) else { return Ok(None) };
                // Nobody is opened who refused to be asked, or before it is time.
                if found.due.is_none() {
                    return Ok(Some((call, found, None)));
                }
                let it = application_of(tx, &cx, no, app).await?;
                let known = match residents::open(tx, &cx, &safe, it.resident, Purpose::Contact).await {
                    Ok(known) => Some((known.name.clone(), known.phone.clone())),
                    Err(Stop::Refused(_)) => None,
                    Err(stop) => return Err(stop),
                };
                Ok(Some((call, found, known)))
            })
        })
        .await;
    let (call, found, known) = outcome.map_err(missing)?.ok_or(PageError::NotFound)?;
    let base = format!("/office/calls/{no}/outcomes");
    let receipt = call.receipt(app);
    let who = match known {
        Some((name, phone)) => {
            vec![("이름", name), ("전화", phone.unwrap_or_else(|| "없음".to_owned()))]
        }
        None if found.due.is_some() => vec![("이름", "보호 대상이거나 지운 정보입니다".to_owned())],
        None => vec![("연락", "여쭐 때가 아니라서 이름과 전화번호를 열지 않았습니다".to_owned())],
    };
    Ok(render(PersonPage {
        shell: frame(&prefs, &viewer, &receipt)
            .crumb(&call.terms.title, format!("/office/calls/{no}"))
            .crumb("사후 확인", base.clone())
            .here(&receipt),
        heading: match found.due {
            Some(months) => format!("{months}개월이 지나 어떻게 지내는지 여쭙니다"),
            None => "지금은 여쭐 때가 아닙니다".to_owned(),
        },
        row: row(&call, &base, &found),
        who,
        receipt,
        today: today.to_string(),
        base,
    }))
}

/// The answers of the form, as value and label.
pub(crate) fn answer_choices() -> Vec<(&'static str, &'static str)> {
    After::ALL.map(|after| (after.as_str(), after.label())).to_vec()
}

/// The ways of asking, as value and label.
pub(crate) fn way_choices() -> Vec<(&'static str, &'static str)> {
    AskedBy::ALL.map(|by| (by.as_str(), by.label())).to_vec()
}

fn sample_row(nth: i64) -> Row {
    Row {
        app: nth,
        receipt: format!("27-003-{nth:04}"),
        href: format!("/office/calls/3/outcomes/{nth}"),
        stopped: "2027-06-30".to_owned(),
        answers: vec![
            ("3개월 뒤", "취업 중 (2027-09-30 전화)".to_owned()),
            ("6개월 뒤", "–".to_owned()),
            ("12개월 뒤", "–".to_owned()),
        ],
        due: if nth % 3 == 0 { 0 } else { 6 },
        note: if nth % 3 == 0 { "여쭙지 않기로 한 분" } else { "" },
    }
}

impl Sample for Page {
    fn samples() -> Vec<Self> {
        let page = |rows: i64, errors: FieldErrors| Page {
            shell: super::sample_shell("사후 확인").faults(errors.len()),
            errors,
            base: "/office/calls/3/outcomes".to_owned(),
            call: "/office/calls/3".to_owned(),
            title: "2027년 상반기 나루 공공근로 참여자 모집(예시)".to_owned(),
            heading: "일을 마친 332명 가운데 12명에게 여쭐 때입니다".to_owned(),
            rows: (1..=rows).map(sample_row).collect(),
            others: if rows == 3 { 12 } else { 0 },
            counts: if rows > 1 {
                let cells = After::ALL.map(|after| (after.label(), "12".to_owned())).to_vec();
                vec![CountRow { months: 3, cells, all: "적지 않음".to_owned() }]
            } else {
                Vec::new()
            },
            today: "2027-12-31".to_owned(),
        };
        let fault = Refusal::new("no-answer", "", "어떻게 지내시는지 골라 주세요.");
        vec![page(0, FieldErrors::none()), page(3, vec![fault].into()), page(400, FieldErrors::none())]
    }
}

impl Sample for PersonPage {
    fn samples() -> Vec<Self> {
        let page = |nth: i64| PersonPage {
            shell: super::sample_shell("27-003-0001"),
            base: "/office/calls/3/outcomes".to_owned(),
            receipt: "27-003-0001".to_owned(),
            heading: "6개월이 지나 어떻게 지내는지 여쭙니다".to_owned(),
            who: vec![("이름", "선우 보기 알렉산드라 예시".to_owned()), ("전화", "010-0000-0000".to_owned())],
            row: sample_row(nth),
            today: "2027-12-31".to_owned(),
        };
        vec![page(1), page(2), page(3)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_below_five_is_not_written_nor_a_sum_that_tells_it() {
        let person = |app_no: i64, after: After| Person {
            app_no,
            stopped_on: "2026-12-31".parse().expect("a day"),
            agreed: true,
            answers: vec![Answer { months: 3, after, asked_on: None, asked_by: None }],
            due: None,
        };
        let mut people: Vec<Person> = (1..=6).map(|app| person(app, After::Hired)).collect();
        let told = |people: &[Person]| {
            let [row] = counts(people).try_into().ok().expect("one row");
            let CountRow { months, cells, all } = row;
            (months, cells[0].1.clone(), cells[4].1.clone(), all)
        };
        assert_eq!(told(&people), (3, "6".to_owned(), "0".to_owned(), "6".to_owned()));
        people.push(person(7, After::Looking));
        assert_eq!(told(&people), (3, "6".to_owned(), "5 미만".to_owned(), "적지 않음".to_owned()));
        assert!(counts(&[]).is_empty());
    }
}
