//! Ten who ask, and the residents they ask about: invented (예시), with values that stand nowhere else.

use std::collections::BTreeSet;

use iljari_base::{Actor, Date, DistrictCode, Id, id};
use iljari_people::deputy::{Appointment, appoint_deputy};
use iljari_people::residents::{self, ChangeReason, NewResident, Safe, masked_name};
use iljari_people::{Cx, SeedOfficer, admin};
use iljari_programs::application::{Channel, Consent};
use iljari_programs::intake::{self, Filled, Head, Who};
use iljari_programs::store;
use iljari_web::Duty;

use super::super::town::Town;

/// 작성, in a department that drafted no call and took nobody's application in.
pub const OTHER_CLERK: &str = "작성 of another department";
/// Every duty, in another district.
pub const ELSEWHERE: &str = "another district";

/// The fields that say who somebody is or how to reach her; the rest are the office's words about her.
pub const PERSONAL: [&str; 6] = ["name", "masked name", "birth", "phone", "dong", "contact"];

/// Somebody who asks.
pub struct Role {
    pub name: &'static str,
    pub duties: Vec<Duty>,
    pub cookie: String,
    pub headers: Vec<(&'static str, &'static str)>,
}

/// A resident whose every field is known.
#[derive(Clone)]
pub struct Known {
    pub resident: String,
    pub name: String,
    pub birth: Date,
    phone: String,
    dong: String,
    contact: String,
    note: String,
    receipt: String,
    pub call: i64,
    pub app: i64,
}

/// The residents, each in the call that is over and in the one that takes applications.
pub struct People {
    pub ordinary: Vec<Known>,
    pub protected: Vec<Known>,
    /// Two records that look alike; the first is one of the ordinary.
    pub pair: [String; 2],
}

/// The call that is over, and the one that is open.
const CALLS: [i64; 2] = [1, 3];

fn naru() -> DistrictCode {
    "99001".parse().expect("a code")
}

/// Mark-up as somebody would type it who hopes that a page takes it for its own: behind the dong, on how to reach
/// her, and behind the note.
pub const PAYLOADS: [&str; 3] =
    ["'\"><b>동", "<img src=x onerror=alert(1)>", "\"></textarea><script>alert(1)</script>"];

/// A resident's fields, all different from everybody else's; with something behind three of them.
fn fields(nth: u32, [dong, contact, note]: [&str; 3]) -> (NewResident, String) {
    let letter = char::from_u32(0xac00 + nth * 28).expect("a letter");
    let new = NewResident {
        name: format!("{letter}견본뷁"),
        birth: format!("1961-03-{:02}", 21 + nth).parse().expect("a day"),
        phone: Some(format!("010-0077-71{nth:02}")),
        address_dong: Some(format!("쇍{letter}뷁동{dong}")),
        contact_note: Some(format!("쪽지쇍{letter}뷁{contact}")),
    };
    (new, format!("메모쇍{letter}뷁{note}"))
}

fn known(nth: u32, resident: Id<id::Resident>, (call, app): (i64, i64)) -> Known {
    let (new, note) = fields(nth, [""; 3]);
    Known {
        resident: resident.to_string(),
        name: new.name,
        birth: new.birth,
        phone: new.phone.unwrap_or_default(),
        dong: new.address_dong.unwrap_or_default(),
        contact: new.contact_note.unwrap_or_default(),
        note,
        receipt: format!("26-{call:03}-{app:04}"),
        call,
        app,
    }
}

impl People {
    /// Writes them down; `behind` stands behind dong, contact and note.
    pub async fn of(town: &Town, behind: [&'static str; 3]) -> Self {
        let office = &town.office;
        let safe = Safe::open(&office.keys, office.clock.as_ref(), office.entropy.as_ref()).expect("keys");
        let clerk = Cx::inside(office, Actor::Officer(officer(town, "윤견본").await), naru());
        let act = office.store.write(move |tx| {
            Box::pin(async move {
                let mut found: [Vec<Known>; 2] = [Vec::new(), Vec::new()];
                // In the call that is over two who stand there are written anew; the second is protected.
                for (nth, app) in [(0, 1), (1, 2)] {
                    let it = store::application_of(tx, &clerk.district, CALLS[0], app).await?.expect("there");
                    residents::change(tx, &clerk, &safe, it.resident, (fields(nth, behind).0, ChangeReason::Asked))
                        .await?;
                    found[usize::try_from(nth).expect("few")].push(known(nth, it.resident, (CALLS[0], app)));
                }
                for (nth, place) in [(2, 0), (3, 1)] {
                    let (new, note) = fields(nth, behind);
                    let taken = intake::submit(tx, &clerk, &safe, CALLS[1], filled(new, note)).await?;
                    let it = store::application_of(tx, &clerk.district, CALLS[1], taken.no).await?.expect("there");
                    found[place].push(known(nth, it.resident, (CALLS[1], taken.no)));
                }
                let alike = residents::enrol(tx, &clerk, &safe, fields(0, behind).0).await?.id.to_string();
                for it in &found[1] {
                    residents::protect(tx, &clerk, it.resident.parse().expect("an id")).await?;
                }
                let [ordinary, protected] = found;
                let pair = [ordinary[0].resident.clone(), alike];
                Ok(Self { ordinary, protected, pair })
            })
        });
        act.await.expect("written down")
    }

    /// Which fields of these residents stand in an answer.
    pub fn seen(&self, of: &[Known], text: &str) -> BTreeSet<&'static str> {
        let mut seen = BTreeSet::new();
        for it in of {
            let day = it.birth.korean();
            let korean = day.split('(').next().unwrap_or_default();
            let marks = [
                ("name", it.name.clone()),
                ("masked name", masked_name(&it.name)),
                ("birth", it.birth.to_string()),
                ("birth", korean.to_owned()),
                ("phone", it.phone.clone()),
                ("dong", it.dong.clone()),
                ("contact", it.contact.clone()),
                ("note", it.note.clone()),
                ("receipt", it.receipt.clone()),
            ];
            seen.extend(marks.into_iter().filter(|(_, mark)| text.contains(mark.as_str())).map(|(field, _)| field));
        }
        seen
    }
}

fn filled(resident: NewResident, note: String) -> Filled {
    let answers = [
        ("나루구민", "예"),
        ("가구원수", "2"),
        ("가구소득", "1500000"),
        ("가구재산", "50000000"),
        ("세대주", "예"),
        ("부양가족수", "1"),
        ("취약계층", "없음"),
        ("실업개월수", "7"),
        ("최근참여횟수", "0"),
    ];
    Filled {
        channel: Channel::Counter,
        dong: "갈대동".to_owned(),
        resident,
        who: Who::Unsaid,
        head: Head::Herself,
        wanted: "1-01".to_owned(),
        facts: answers.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec(),
        consents: vec![Consent::Select, Consent::LookUp],
        note,
        draft: None,
    }
}

async fn officer(town: &Town, name: &str) -> Id<id::Officer> {
    let all = town.office.store.read(|tx| Box::pin(async move { admin::officers(tx, &naru()).await }));
    all.await.expect("officers").into_iter().find(|officer| officer.name == name).expect("an officer").id
}

async fn engaged(town: &Town, code: &str, name: &str, department: &str, duties: &[Duty]) -> Id<id::Officer> {
    let wanted = SeedOfficer {
        district: code.parse().expect("a code"),
        login: name.to_owned(),
        name: name.to_owned(),
        department: department.to_owned(),
        duties: duties.to_vec(),
        password: town.password.clone(),
        totp_secret: vec![7; iljari_people::totp::SECRET_BYTES],
    };
    iljari_people::seed(&town.office, wanted).await.expect("an officer")
}

/// Everybody who asks: nobody, a machine, one officer for each duty, and three who hold duties of another kind.
pub async fn roles(town: &Town) -> Vec<Role> {
    let outside = |name, headers| Role { name, duties: Vec::new(), cookie: String::new(), headers };
    let mut roles = vec![outside("nobody", Vec::new()), outside("a machine", vec![("accept", "application/json")])];
    let home = "일자리정책과";
    let inside = [
        ("작성", "99001", "홍표본", home, vec![Duty::Record]),
        (OTHER_CLERK, "99001", "김표본", "갈대동 주민센터", vec![Duty::Record]),
        ("확인", "99001", "이표본", home, vec![Duty::Confirm]),
        ("공시", "99001", "박표본", home, vec![Duty::Disclose]),
        ("관리", "99001", "최표본", home, vec![Duty::Administer]),
        ("감사", "99001", "한표본", home, vec![Duty::Audit]),
        ("deputy", "99001", "정표본", home, Vec::new()),
        (ELSEWHERE, "11215", "강표본", home, Duty::ALL.to_vec()),
    ];
    let mut confirmer = None;
    for (role, code, name, department, mut duties) in inside {
        let id = engaged(town, code, name, department, &duties).await;
        if role == "확인" {
            confirmer = Some(id);
        }
        if role == "deputy" {
            let cx = Cx::inside(&town.office, Actor::Officer(id), naru());
            let principal = confirmer.expect("somebody confirms");
            let until = cx.today().plus_days(7);
            let wanted = Appointment { principal, deputy: id, from: cx.today(), until };
            let done =
                town.office.store.write(move |tx| Box::pin(async move { appoint_deputy(tx, &cx, wanted).await }));
            done.await.expect("appointed");
            duties.push(Duty::Confirm);
        }
        roles.push(Role { name: role, duties, cookie: town.sign_in(name).await, headers: Vec::new() });
    }
    roles
}
