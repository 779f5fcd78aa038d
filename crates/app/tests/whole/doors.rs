//! Every route as everybody: strangers, forgers, and each of the demo's officers.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::{Method, StatusCode};
use iljari_app::demo::seed::OFFICERS;
use iljari_app::serve;
use iljari_base::{Actor, Id, id};
use iljari_ledger::store;
use iljari_people::residents::{self, BreakReason, NewResident, Safe};
use iljari_people::{Cx, SeedOfficer, downloads};
use iljari_programs::selection::Objection;
use iljari_programs::store as programs;
use iljari_web::{Audience, Duty, once};

use super::rights;
use super::town::{ROOT, Town};

/// Who may enter where is decided line by line in the table of rights. A new route, a gone one, or one that opens to
/// somebody else fails until its line there says so.
#[test]
fn every_door_is_decided() {
    let standing: BTreeSet<String> = serve::routes()
        .all_rows()
        .iter()
        .map(|row| format!("{} {} {}", row.method, row.path, rights::audience(row.audience)))
        .collect();
    let decided: BTreeSet<String> =
        rights::lines().iter().map(|line| format!("{} {} {}", line.method, line.route, line.who)).collect();
    let missing: Vec<_> = standing.difference(&decided).collect();
    let gone: Vec<_> = decided.difference(&standing).collect();
    assert!(missing.is_empty() && gone.is_empty(), "docs/rights.md lacks {missing:#?} and has {gone:#?}");
}

/// What stands for each `{parameter}`: things of 나루구 that are there.
pub struct Examples {
    leaf: String,
    staged: String,
    sheet: String,
    officer: String,
    session: String,
    tile: String,
    residents: [String; 2],
    look: String,
    download: String,
}

impl Examples {
    pub async fn of(town: &Town) -> Self {
        let naru: iljari_base::DistrictCode = "99001".parse().expect("a code");
        let at = naru.clone();
        let (entries, waiting, sheets) = town
            .office
            .store
            .read(move |tx| {
                Box::pin(async move {
                    let waiting = store::staged_waiting(tx, &at).await?;
                    Ok((store::entries(tx, &at).await?, waiting, store::sheets(tx, &at).await?))
                })
            })
            .await
            .expect("read");
        let entry = entries.iter().find(|entry| entry.counted.is_some() && entry.answers.is_none()).expect("a count");
        // Somebody whom nobody signs in as: inviting an officer again ends the officer's sessions.
        let wanted = SeedOfficer {
            district: naru,
            login: "park-siyeon".to_owned(),
            name: "박시연".to_owned(),
            department: "일자리정책과".to_owned(),
            duties: vec![Duty::Audit],
            password: "강가에 오리 네 마리".to_owned(),
            totp_secret: vec![7; iljari_people::totp::SECRET_BYTES],
        };
        let officer = iljari_people::seed(&town.office, wanted).await.expect("an officer");
        let session: Id<id::Session> = Id::fresh(town.office.clock.as_ref(), town.office.entropy.as_ref());
        let (residents, look) = Self::residents(town, officer).await;
        Self::call(town, officer).await;
        let download = Self::download(town, officer).await;
        let checkpoint = town.page("/log/99001/checkpoint").await;
        let size = checkpoint.lines().nth(1).expect("a size");
        Self {
            leaf: entry.leaf_id.clone(),
            staged: waiting.first().expect("a waiting number").id.to_string(),
            sheet: sheets.first().expect("a handed-in table").id.to_string(),
            officer: officer.to_string(),
            session: session.to_string(),
            residents,
            look,
            download,
            // A row of 256 or more is full at its beginning.
            tile: if size.parse::<u32>().expect("a size") < 256 {
                format!("0/000.p/{size}")
            } else {
                "0/000".to_owned()
            },
        }
    }

    /// Two residents, and a look at a third one that somebody took with a reason.
    async fn residents(town: &Town, officer: Id<id::Officer>) -> ([String; 2], String) {
        let office = &town.office;
        let safe = Safe::open(&office.keys, office.clock.as_ref(), office.entropy.as_ref()).expect("keys");
        let cx = Cx::inside(office, Actor::Officer(officer), "99001".parse().expect("a code"));
        let act = office.store.write(move |tx| {
            Box::pin(async move {
                let mut ids = Vec::new();
                for (name, birth) in [("조견본", "1951-01-02"), ("조견본", "1951-01-02"), ("장견본", "1953-05-06")]
                {
                    let new = NewResident {
                        name: name.to_owned(),
                        birth: birth.parse().expect("a day"),
                        phone: None,
                        address_dong: None,
                        contact_note: None,
                    };
                    ids.push(residents::enrol(tx, &cx, &safe, new).await?.id);
                }
                residents::protect(tx, &cx, ids[2]).await?;
                let why = BreakReason::ALL[0];
                residents::break_glass(tx, &cx, &safe, ids[2], why, "전화를 걸어야 합니다 (예시)").await?;
                let look = residents::looks_with_reason(tx, &cx, &safe).await?.pop().expect("a look").id;
                Ok(([ids[0].to_string(), ids[1].to_string()], look.to_string()))
            })
        });
        act.await.expect("residents")
    }

    /// A long list that somebody asked for.
    async fn download(town: &Town, officer: Id<id::Officer>) -> String {
        let cx = Cx::inside(&town.office, Actor::Officer(officer), "99001".parse().expect("a code"));
        let asked = town.office.store.write(move |tx| {
            Box::pin(async move {
                let reason = iljari_people::download_reason("월간 점검(예시)").expect("a reason");
                let told = downloads::clear(tx, &cx, "접속기록 2026-10", 501, reason).await?;
                assert_eq!(told.err().map(|refusal| refusal.code), Some("download-asked"));
                Ok(downloads::requests(tx, &cx.district).await?.first().expect("a request").no)
            })
        });
        asked.await.expect("asked").to_string()
    }

    /// In the first call, which is over: an objection.
    async fn call(town: &Town, officer: Id<id::Officer>) {
        let office = &town.office;
        let naru: iljari_base::DistrictCode = "99001".parse().expect("a code");
        let safe = Safe::open(&office.keys, office.clock.as_ref(), office.entropy.as_ref()).expect("keys");
        let cx = Cx::inside(office, Actor::Officer(officer), naru);
        let act = office.store.write(move |tx| {
            Box::pin(async move {
                let it = programs::application_of(tx, &cx.district, 1, 1).await?.expect("an application");
                let words = "program objection 1 7";
                // Where the evidence is gone already, so are her words.
                let sealed = residents::seal_in(tx, &cx, &safe, it.evidence_box, words, "다릅니다".as_bytes()).await;
                let objection = Objection {
                    no: 7,
                    app_no: 1,
                    answer_due_on: cx.today().plus_days(14),
                    open: true,
                    upheld: false,
                    answer: String::new(),
                    answered_at: None,
                    received_by: cx.actor,
                    received_at: cx.now(),
                };
                programs::insert_objection(tx, &cx.district, 1, &objection, sealed.unwrap_or_default()).await
            })
        });
        act.await.expect("somebody objected");
    }

    pub fn fill(&self, pattern: &str) -> String {
        let mut path = String::new();
        let mut rest = pattern;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').expect("a closing brace");
            path.push_str(before);
            path.push_str(match name {
                "code" => "99001",
                "node" => ROOT,
                "year" => "2025",
                // The call in draft.
                "no" if pattern.ends_with("/edit") || pattern.ends_with("/places") => "4",
                "no" | "line" => "1",
                "file" if pattern.contains("/data/") => "catalog.json",
                // 추진실적, as an address writes it.
                "file" if pattern.contains("/drafts/") => "%EC%B6%94%EC%A7%84%EC%8B%A4%EC%A0%81.json",
                "list" => "entries",
                "leaf" => &self.leaf,
                "id" => &self.staged,
                "sheet" => &self.sheet,
                "officer" | "deputy" => &self.officer,
                "session" => &self.session,
                "app" => "1",
                "resident" | "one" => &self.residents[0],
                "other" => &self.residents[1],
                "look" => &self.look,
                "download" => &self.download,
                "file" if pattern.contains("/calls/") => "dates.ics",
                "table" => "promises.csv",
                "run" => "1",
                "objection" => "7",
                "round" => "1",
                // The one with a cell to mend, and its only file.
                "upload" => "4",
                "file" => "1.csv",
                "*path" if pattern.contains("/documents/") => "totals.csv",
                "*path" if pattern.starts_with("/assets/") => "iljari.css",
                "*path" => &self.tile,
                other => panic!("{pattern}: give an example of {{{other}}}"),
            });
            rest = after;
        }
        path.push_str(rest);
        path
    }
}

/// Whether the path names something that is not this officer's to see: another district's, or a
/// session that is nobody's. Ending a deputyship that is not there is no harm to anybody.
fn is_strange(pattern: &str, place: &str) -> bool {
    let names = |wanted: &[&str]| pattern.starts_with("/office/") && wanted.iter().any(|name| pattern.contains(name));
    names(&["{session}"])
        || (place != "나루구"
            && names(&[
                "{leaf}",
                "{id}",
                "{sheet}",
                "{officer}",
                "{round}",
                "{no}",
                "{resident}",
                "{one}",
                "{look}",
                "{download}",
            ]))
}

#[tokio::test]
async fn every_route_answers_everybody_as_its_door_says() {
    let town = Town::fresh().await;
    let examples = Examples::of(&town).await;
    let mut cookies = BTreeMap::new();
    for officer in OFFICERS {
        cookies.insert(officer.name, town.sign_in(officer.name).await);
    }
    let (mut answered, mut with_id) = (0, 0);
    let mut rows = serve::routes().rows();
    let doors = rows.len();
    // Signing out ends the sessions, and empty sign-ins are soon told to wait: both come last.
    rows.sort_by_key(|row| ["/office/sign-out", "/office/sign-in"].iter().position(|last| *last == row.path));
    for row in rows {
        let (path, method) = (examples.fill(row.path), &row.method);
        let is_get = *method == Method::GET;
        let officers_only = row.path == "/office" || row.path.starts_with("/office/");
        assert!(officers_only || row.audience == Audience::Public, "{path}: officers' pages stand below /office");

        // On the residents' network the officers' half does not exist, whoever asks.
        for cookie in ["", cookies["최모형"].as_str()] {
            let got = town.ask(&town.public, method, &path, &[("cookie", cookie)], "").await;
            assert_eq!(got.status == StatusCode::NOT_FOUND, officers_only, "{method} {path} on the residents' network");
        }
        for cookie in ["", "iljari_session=AAAA"] {
            let got = town.ask_as(cookie, method, &path, "").await;
            headers_hold(&got, row.path);
            match (row.audience, is_get) {
                (Audience::Public, _) => assert!(!denied(got.status), "{method} {path} as a stranger: {}", got.status),
                (_, true) => assert!(
                    got.status == StatusCode::SEE_OTHER && got.location().starts_with("/office/sign-in?next=/office"),
                    "{method} {path} as a stranger: {} {}",
                    got.status,
                    got.location()
                ),
                (_, false) => assert_eq!(got.status, StatusCode::UNAUTHORIZED, "{method} {path} as a stranger"),
            }
        }
        for officer in OFFICERS {
            let said = format!("{method} {} as {}", row.path, officer.name);
            let got = town.ask_as(&cookies[officer.name], method, &path, "").await;
            headers_hold(&got, row.path);
            let admitted = match row.audience {
                Audience::Public | Audience::SignedIn => true,
                Audience::Officer(duty) => officer.duties.contains(&duty),
            };
            answered += 1;
            if !admitted {
                assert_eq!(got.status, StatusCode::FORBIDDEN, "{said}");
            } else if is_strange(row.path, officer.place) {
                assert_eq!(got.status, StatusCode::NOT_FOUND, "{said}: it belongs to somebody else");
            } else if got.status == StatusCode::TOO_MANY_REQUESTS {
                assert_eq!(row.path, "/office/sign-in", "{said}: only the door itself counts tries");
            } else {
                // 409: the officers ask one after another, so most come to what was decided already.
                let refused = [StatusCode::UNPROCESSABLE_ENTITY, StatusCode::CONFLICT];
                let expected = [[StatusCode::OK, StatusCode::SEE_OTHER], refused].concat();
                assert!(expected.contains(&got.status), "{said}: {}", got.status);
                assert!(!got.location().starts_with("/office/sign-in?next="), "{said} is sent to sign in");
                assert!(!is_get || !refused.contains(&got.status), "{said}: reading is never refused");
            }
            if is_page(&got) {
                let text = got.text();
                assert_eq!(forms_without_id(&text), Vec::<&str>::new(), "{said}");
                with_id += text.matches("<input type=\"hidden\" name=\"once\"").count();
                let html = without_what_the_policy_allows(&got);
                assert_eq!(iljari_web::check_html(&html), Vec::<String>::new(), "{said}");
            }
        }
    }
    assert_eq!(answered, doors * OFFICERS.len());
    assert!(with_id > 100, "only {with_id} forms that do something were seen");
}

/// the forms of a page that do something and carry no one-time id, those aside that are named with a reason.
fn forms_without_id(page: &str) -> Vec<&str> {
    let without = |tag: &str| once::WITHOUT.iter().any(|(path, _)| tag.contains(&format!("\"{path}\"")));
    let forms = page.split("<form").skip(1).map(|rest| rest.split_once('>').unwrap_or((rest, "")));
    let acts = forms.filter(|(tag, _)| tag.contains("post") && tag.contains("/office") && !without(tag));
    acts.filter(|(_, inside)| !inside.starts_with("<input type=\"hidden\" name=\"once\" value=\""))
        .map(|(tag, _)| tag)
        .collect()
}

fn denied(status: StatusCode) -> bool {
    matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
        || status.is_server_error()
        || status == StatusCode::NOT_FOUND
}

/// The pages that check a bundle in the browser: they alone carry a script, allowed by its hash and cut off
/// from the network.
const WITH_SCRIPT: [&str; 2] = ["/districts/{code}/verify", "/districts/{code}/verify.html"];

/// The page without the script and style that its policy allows by hash; what nobody allowed stays in.
fn without_what_the_policy_allows(got: &super::town::Got) -> String {
    let (mut html, policy) = (got.text(), got.header("content-security-policy"));
    for name in ["script", "style"] {
        let (begin, end) = (format!("<{name}>"), format!("</{name}>"));
        while let Some((before, rest)) = html.split_once(&begin) {
            let Some((inside, after)) = rest.split_once(&end) else { break };
            if !policy.contains(&iljari_web::script::policy_hash(inside)) {
                break;
            }
            html = format!("{before}{after}");
        }
    }
    html
}

/// No script but where a page is known to carry one, nothing from elsewhere, and officers' pages are never kept.
fn headers_hold(got: &super::town::Got, path: &str) {
    let policy = got.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'"), "{path}: {policy}");
    let scripted = WITH_SCRIPT.contains(&path) && got.status == StatusCode::OK;
    assert_eq!(policy.contains("script-src"), scripted, "{path}: {policy}");
    assert!(!scripted || (policy.contains("script-src 'sha256-") && policy.contains("connect-src 'none'")), "{policy}");
    assert!(!policy.contains("unsafe") && !policy.contains("http"), "{path}: {policy}");
    assert_eq!(got.header("x-content-type-options"), "nosniff", "{path}");
    if path == "/office" || path.starts_with("/office/") {
        assert_eq!(got.header("cache-control"), "no-store", "{path}");
    }
    if is_page(got) {
        let text = without_what_the_policy_allows(got);
        assert!(!text.contains("<script") && !text.contains(" style=\"") && !text.contains("src=\"http"), "{path}");
    }
}

/// A page of this site; a document to keep is none, even where it is HTML.
fn is_page(got: &super::town::Got) -> bool {
    got.header("content-type").starts_with("text/html") && got.header("content-disposition").is_empty()
}

#[tokio::test]
async fn nothing_is_posted_from_another_site() {
    let town = Town::fresh().await;
    let examples = Examples::of(&town).await;
    let cookie = town.sign_in("최모형").await;
    let elsewhere: [&[(&str, &str)]; 3] = [
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "https://elsewhere.example")],
    ];
    let mut posts = 0;
    let own = ["/display".to_owned()];
    let rows = serve::routes().rows();
    let acts = rows.iter().filter(|row| row.method == Method::POST).map(|row| examples.fill(row.path));
    for path in acts.chain(own) {
        for headers in elsewhere {
            let mut headers = headers.to_vec();
            headers.push(("cookie", &cookie));
            let got = town.ask(&town.both, &Method::POST, &path, &headers, "").await;
            assert_eq!(got.status, StatusCode::FORBIDDEN, "{path} with {headers:?}");
            assert!(got.text().contains("다른 사이트에서 보낸 것이라 받지 않았습니다"), "{path}");
            posts += 1;
        }
    }
    assert!(posts > 50, "only {posts} acts were tried");
    // Nothing happened: the session stands, the number still waits.
    let waits = town.ask_as(&cookie, &Method::GET, &format!("/office/staged/{}", examples.staged), "").await;
    assert!(waits.text().contains("확인 대기"), "{}", waits.text());
    // The same act from our own page gets as far as the form's own checks.
    let own = [("sec-fetch-site", "same-origin"), ("cookie", cookie.as_str())];
    let got = town.ask(&town.both, &Method::POST, "/office/entries/new", &own, "").await;
    assert_eq!(got.status, StatusCode::UNPROCESSABLE_ENTITY);
}
