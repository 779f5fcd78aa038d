//! `/office/calls/{no}/work`: places and people, the reserve list, starts that wait, attendance. 접수번호 only, and of
//! people who are somebody else's only how many.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path, State};
use axum::response::Response;
use iljari_base::{Date, Outcome, Refusal, Stop};
use iljari_people::residents::Safe;
use iljari_people::{ClientAddress, Cx};
use iljari_plans::Books;
use iljari_sheets::Reader;
use iljari_web::parts::Choice;
use iljari_web::{DisplayPrefs, Duty, FieldErrors, Office, PageError, Sample, Shell, Typed, Viewer, answer, render};

use super::lookup::one_file;
use super::shown::Shown;
use super::{book, frame, missing, number};
use crate::assigned::{Theirs, admit_where_there, only_with_a_part};
use crate::counting::Rule;
use crate::hidden::Hidden;
use crate::selection::OfferState;
use crate::work::WorkState;
use crate::{attendance, objection, participate, reserve, select, store};

struct PlaceRow {
    no: String,
    name: String,
    seats: String,
    free: i64,
    waiting: usize,
    rule: String,
}

struct PersonRow {
    app: i64,
    receipt: String,
    place: String,
    state: &'static str,
    kind: &'static str,
    note: String,
    /// Her paper, where she has started.
    paper_href: String,
    /// Which acts are possible: `place`, `start`, `confirm`, `leave`; empty for none.
    act: &'static str,
}

struct OfferRow {
    no: i64,
    receipt: String,
    place: String,
    until: String,
    log: Vec<String>,
    open: bool,
    state: &'static str,
}

#[derive(Template)]
#[template(path = "programs/work.html")]
pub(super) struct Page {
    shell: Shell,
    errors: FieldErrors,
    no: i64,
    base: String,
    title: String,
    heading: String,
    places: Vec<PlaceRow>,
    choices: Vec<Choice>,
    people: Vec<PersonRow>,
    shown: Shown,
    anybody: bool,
    /// How many are somebody else's.
    others: usize,
    offers: Vec<OfferRow>,
    objections: Vec<(i64, String, String, bool)>,
    today: String,
    may_record: bool,
    may_confirm: bool,
}

/// The page.
pub async fn page(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    Path(no): Path<String>,
    typed: Typed,
) -> Result<Response, PageError> {
    view(&office, &books, &prefs, &viewer, number(&no)?, FieldErrors::none(), &typed).await.map(render)
}

/// Acts of the one who writes.
pub async fn record(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path(no): Path<String>,
    typed: Typed,
) -> Result<Response, PageError> {
    let no = number(&no)?;
    let cx = Cx::of(&office, &viewer, &address);
    let plans = book(&office, &books, &viewer).await?;
    let safe = Safe::open(&office.keys, office.clock.as_ref(), office.entropy.as_ref())?;
    if let Some(app) = whose(&office, &viewer, no, &typed).await? {
        admit_where_there(&office, &cx, (no, app)).await?;
    }
    let sent = typed.clone();
    let outcome: Outcome<()> = office
        .store
        .write(move |tx| {
            Box::pin(async move {
                let (app, offer) = ((no, whole(&sent, "app")), (no, whole(&sent, "offer")));
                match sent.get("act") {
                    "place" => participate::place(tx, &cx, app, sent.get("place")).await,
                    "start" => participate::report_start(tx, &cx, app, date(&sent, "started_on")?).await,
                    "take-back" => participate::take_back_start(tx, &cx, app).await,
                    "give-up" => participate::give_up(tx, &cx, app).await,
                    "leave" => {
                        let on = date(&sent, "left_on")?;
                        participate::leave(tx, &cx, &plans, app, on, sent.get("why")).await.map(|_| ())
                    }
                    "offer" => {
                        let call = crate::call::published_of(tx, &cx, no).await?;
                        only_with_a_part(tx, &cx, &call).await?;
                        reserve::offer_next(tx, &cx, no, sent.get("place")).await.map(|_| ())
                    }
                    "contact" => reserve::note_contact(tx, &cx, offer, sent.get("how"), sent.get("result")).await,
                    "yes" => reserve::answer(tx, &cx, offer, true).await,
                    "no" => reserve::answer(tx, &cx, offer, false).await,
                    "expire" => reserve::expire(tx, &cx, offer).await,
                    "objection" => {
                        objection::take(tx, &cx, &safe, (no, receipt_no(&sent)), sent.get("words")).await.map(|_| ())
                    }
                    _ => Err(Refusal::new("unknown-act", "", "무엇을 할지 골라 주세요.").into()),
                }
            })
        })
        .await;
    after(&office, &books, &prefs, &viewer, no, outcome).await
}

/// Acts of the one who confirms.
pub async fn confirm(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path(no): Path<String>,
    typed: Typed,
) -> Result<Response, PageError> {
    let no = number(&no)?;
    let (cx, acting) = (Cx::of(&office, &viewer, &address), viewer.clone());
    admit_where_there(&office, &cx, (no, whole(&typed, "app"))).await?;
    let plans = book(&office, &books, &viewer).await?;
    let safe = Safe::open(&office.keys, office.clock.as_ref(), office.entropy.as_ref())?;
    let outcome: Outcome<()> = office
        .store
        .write(move |tx| {
            Box::pin(async move {
                match typed.get("act") {
                    "start" => {
                        let app = (no, whole(&typed, "app"));
                        participate::confirm_start(tx, &cx, &safe, &acting, &plans, app).await.map(|_| ())
                    }
                    _ => Err(Refusal::new("unknown-act", "", "무엇을 할지 골라 주세요.").into()),
                }
            })
        })
        .await;
    after(&office, &books, &prefs, &viewer, no, outcome).await
}

/// An attendance sheet.
#[expect(clippy::too_many_arguments, reason = "extractors of a handler that reads a file in a child process")]
pub async fn attendance(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    Extension(reader): Extension<Arc<Reader>>,
    prefs: DisplayPrefs,
    viewer: Viewer,
    address: ClientAddress,
    Path(no): Path<String>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, PageError> {
    let no = number(&no)?;
    let cx = Cx::of(&office, &viewer, &address);
    let outcome: Outcome<()> = async {
        let (name, bytes) = one_file(form).await?;
        let grid = reader.read(&bytes, &name).await?;
        office
            .store
            .write(move |tx| Box::pin(async move { attendance::take(tx, &cx, no, &name, &grid).await.map(|_| ()) }))
            .await
    }
    .await;
    after(&office, &books, &prefs, &viewer, no, outcome).await
}

/// A number of the form; 0 where there is none.
fn whole(typed: &Typed, name: &str) -> i64 {
    typed.get(name).trim().parse().unwrap_or(0)
}

/// Whose file an act is about. An objection is taken in for anybody, like an application: it shows nothing.
async fn whose(office: &Office, viewer: &Viewer, no: i64, typed: &Typed) -> Result<Option<i64>, PageError> {
    match typed.get("act") {
        "place" | "start" | "take-back" | "give-up" | "leave" => Ok(Some(whole(typed, "app"))),
        "contact" | "yes" | "no" | "expire" => {
            let (district, offer) = (viewer.district.clone(), whole(typed, "offer"));
            let offers = office.store.read(move |tx| Box::pin(async move { store::offers(tx, &district, no).await }));
            Ok(offers.await?.into_iter().find(|it| it.no == offer).map(|it| it.app_no))
        }
        _ => Ok(None),
    }
}

/// The last part of a 접수번호.
fn receipt_no(typed: &Typed) -> i64 {
    typed.get("receipt").trim().rsplit('-').next().and_then(|text| text.parse().ok()).unwrap_or(0)
}

fn date(typed: &Typed, name: &'static str) -> Outcome<Date> {
    typed
        .get(name)
        .trim()
        .parse()
        .map_err(|_| Stop::from(Refusal::new("not-a-date", "", "날짜를 2027-01-11처럼 적어 주세요.").at(name)))
}

async fn after(
    office: &Office,
    books: &Books,
    prefs: &DisplayPrefs,
    viewer: &Viewer,
    no: i64,
    outcome: Outcome<()>,
) -> Result<Response, PageError> {
    let outcome = outcome.map_err(super::without_fields);
    let no_filters = Typed::new();
    let again = |errors| view(office, books, prefs, viewer, no, errors, &no_filters);
    answer(outcome, &format!("/office/calls/{no}/work"), again).await
}

async fn view(
    office: &Office,
    books: &Books,
    prefs: &DisplayPrefs,
    viewer: &Viewer,
    no: i64,
    errors: FieldErrors,
    typed: &Typed,
) -> Result<Page, PageError> {
    let cx = Cx::inside(office, viewer.actor(), viewer.district.clone());
    let outcome: Outcome<_> = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                let call = crate::call::published_of(tx, &cx, no).await?;
                let (run, until) = select::confirmed(tx, &cx, no).await?;
                let district = &cx.district;
                let theirs = Theirs::of(tx, &cx, &call).await?;
                Ok((
                    (call, theirs),
                    until,
                    store::lines(tx, district, no, run.no).await?,
                    store::places(tx, district, no).await?,
                    store::seats(tx, district, no).await?,
                    store::participations(tx, district, no).await?,
                    store::offers(tx, district, no).await?,
                    store::contacts(tx, district, no).await?,
                    store::objections(tx, district, no).await?,
                    store::extra_seats(tx, district, no).await?,
                    Hidden::from(tx, &cx, no).await?,
                ))
            })
        })
        .await;
    let ((call, theirs), until, lines, places, seats, work, offers, contacts, objections, extra, hidden) =
        outcome.map_err(missing)?;
    let plans = book(office, books, viewer).await?;
    let year = call.terms.first_month().year();
    let place_rows = places
        .iter()
        .map(|place| {
            let held = seats.iter().filter(|(at, ..)| *at == place.no).count();
            let waits = |line: &&crate::selection::Line| {
                line.outcome == crate::selection::Standing::Reserve && line.place == place.no
            };
            let capacity = place.capacity.saturating_add(extra.get(&place.no).copied().unwrap_or(0));
            PlaceRow {
                no: place.no.clone(),
                name: place.name.clone(),
                seats: format!("{capacity}자리 가운데 {held}자리"),
                free: capacity.saturating_sub(i64::try_from(held).unwrap_or(i64::MAX)),
                waiting: lines.iter().filter(waits).count(),
                rule: Rule::of(&plans, place.node.as_str(), year).words(),
            }
        })
        .collect();
    let chosen = lines.iter().filter(|line| line.outcome.has_seat()).count();
    let mut people: Vec<PersonRow> = lines
        .iter()
        .filter(|line| line.outcome.has_seat() && theirs.has(line.app_no))
        .map(|line| {
            let it = work.iter().find(|it| it.app_no == line.app_no);
            let (state, kind, act) = match it.map(|it| &it.state) {
                None => ("배치 전", "care", "place"),
                Some(state @ WorkState::Placed) => (state.label(), "info", "start"),
                Some(state @ WorkState::Reported { .. }) => (state.label(), "care", "confirm"),
                Some(state @ WorkState::Started) => (state.label(), "good", "leave"),
                Some(state) => (state.label(), "plain", ""),
            };
            let note = match it.map(|it| &it.state) {
                Some(WorkState::Left { on, why }) => format!("{on} {why}"),
                _ => it.and_then(|it| it.started_on).map(|on| format!("{on} 시작")).unwrap_or_default(),
            };
            PersonRow {
                app: line.app_no,
                receipt: call.receipt(line.app_no),
                place: hidden.cover(line.app_no, &line.place),
                state,
                kind,
                note: if note.is_empty() { note } else { hidden.cover(line.app_no, &note) },
                paper_href: match it {
                    Some(it) if it.has_started() && viewer.may(Duty::Record) => {
                        format!("/office/calls/{no}/applications/{}/job", it.app_no)
                    }
                    _ => String::new(),
                },
                act,
            }
        })
        .collect();
    let (hers, others) = (!people.is_empty(), chosen.saturating_sub(people.len()));
    let rank = |act: &str| ["confirm", "place", "start", "leave"].iter().position(|known| *known == act).unwrap_or(4);
    people.sort_by_key(|row| rank(row.act));
    let here = format!("/office/calls/{no}/work");
    let shown = Shown::cut(&mut people, typed, &here, |row| row.state.to_owned(), |row| &row.receipt);
    let offer_rows = offers
        .iter()
        .filter(|offer| theirs.has(offer.app_no))
        .map(|offer| OfferRow {
            no: offer.no,
            receipt: call.receipt(offer.app_no),
            place: hidden.cover(offer.app_no, &offer.place),
            until: hidden.cover(offer.app_no, &offer.answer_by.korean()),
            log: contacts
                .iter()
                .filter(|contact| contact.offer_no == offer.no && !hidden.has(offer.app_no))
                .map(|contact| format!("{} {}: {}", contact.at.korean(), contact.how, contact.result))
                .collect(),
            open: offer.state == OfferState::Open,
            state: offer.state.label(),
        })
        .collect();
    let working = work.iter().filter(|it| it.state == WorkState::Started).count();
    let today = office.clock.today();
    let late = reserve::overdue(&offers, today);
    let shell = frame(prefs, viewer, "배치와 참여")
        .crumb(&call.terms.title, format!("/office/calls/{no}"))
        .here("배치와 참여")
        .faults(errors.len());
    Ok(Page {
        shell,
        errors,
        no,
        base: here,
        heading: match late {
            0 => format!("{chosen}명 가운데 {working}명이 일하고 있습니다"),
            late => format!("답할 기한이 지난 예비자 연락이 {late}건 있습니다"),
        },
        choices: places.iter().map(|place| Choice::new(&place.no, format!("{} {}", place.no, place.name))).collect(),
        places: place_rows,
        people,
        shown,
        anybody: hers,
        others,
        offers: offer_rows,
        objections: objections
            .iter()
            .filter(|it| theirs.has(it.app_no) || it.received_by == viewer.actor())
            .map(|it| {
                let words = if it.open {
                    format!("{}까지 답합니다", it.answer_due_on.korean())
                } else {
                    format!("{}: {}", if it.upheld { "받아들임" } else { "그대로" }, it.answer)
                };
                (it.no, call.receipt(it.app_no), words, it.open)
            })
            .collect(),
        today: today.to_string(),
        may_record: viewer.may(Duty::Record),
        may_confirm: viewer.may(Duty::Confirm),
        title: format!("{} · 이의신청 {}까지", call.terms.title, until.korean()),
    })
}

impl Sample for Page {
    fn samples() -> Vec<Self> {
        let acts = ["place", "start", "confirm", "leave", ""];
        let page = |rows: usize, errors: FieldErrors| Page {
            shown: super::sample_shown(rows),
            anybody: rows > 0,
            others: rows / 3,
            shell: super::sample_shell("배치와 참여").faults(errors.len()),
            errors,
            no: 3,
            base: "/office/calls/3/work".to_owned(),
            title: "2027년 상반기 나루 공공근로 참여자 모집(예시)".to_owned(),
            heading: "332명 가운데 310명이 일하고 있습니다".to_owned(),
            places: (0..rows.min(60))
                .map(|nth| PlaceRow {
                    no: format!("3-{nth:02}"),
                    name: "골목 안전 지킴이".to_owned(),
                    seats: "6자리 가운데 5자리".to_owned(),
                    free: 1,
                    waiting: nth,
                    rule: "참여한 사람마다 셉니다. 1개월을 채우지 못하면 셈에서 뺍니다".to_owned(),
                })
                .collect(),
            choices: vec![Choice::new("3-01", "3-01 골목 안전 지킴이")],
            people: (1_i64..)
                .zip(acts.iter().cycle().take(rows))
                .map(|(app, act)| PersonRow {
                    app,
                    receipt: format!("27-003-{app:04}"),
                    place: "3-01".to_owned(),
                    state: "배치함",
                    kind: "info",
                    note: String::new(),
                    paper_href: if *act == "leave" {
                        format!("/office/calls/3/applications/{app}/job")
                    } else {
                        String::new()
                    },
                    act,
                })
                .collect(),
            offers: (1_i64..)
                .take(rows.min(20))
                .map(|no| OfferRow {
                    no,
                    receipt: format!("27-003-{no:04}"),
                    place: "3-01".to_owned(),
                    until: "2027년 2월 3일(수)".to_owned(),
                    log: vec!["2027년 2월 1일(월) 10:00:00 전화: 받지 않음".to_owned()],
                    open: no % 2 == 1,
                    state: "연락 중",
                })
                .collect(),
            objections: if rows > 2 {
                vec![(1, "27-003-0012".to_owned(), "2027년 1월 26일(화)까지 답합니다".to_owned(), true)]
            } else {
                Vec::new()
            },
            today: "2027-01-11".to_owned(),
            may_record: true,
            may_confirm: true,
        };
        let fault = Refusal::new("place-full", "", "사업번호 3-01의 자리 6개가 모두 찼습니다.");
        vec![page(0, FieldErrors::none()), page(5, vec![fault].into()), page(400, FieldErrors::none())]
    }
}
