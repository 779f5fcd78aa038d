//! The demo's data: adopted plans, published results, invented officers and their invented numbers.
//!
//! Owns: what the demo shows on its first page. Does not own: any fact of a real district; those
//! stand in `districts/`, each with its source.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use iljari_base::{Actor, Failure, FixedClock, Outcome};
use iljari_disclosure::plan::{self, District, When};
use iljari_ledger::seed as ledger_seed;
use iljari_people::{Cx, SeedOfficer, admin};
use iljari_plans::Books;
use iljari_programs::seed::Hands;
use iljari_web::{Duty, Office};
use rust_embed::RustEmbed;

use crate::adoption;

/// The district folders, inside the binary.
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../districts/gwangjin"]
struct Gwangjin;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../districts/eunpyeong"]
struct Eunpyeong;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../districts/naru"]
struct Naru;

/// Somebody to sign in as (지어낸 사람).
pub struct DemoOfficer {
    /// Name, which is also the name to sign in with.
    pub name: &'static str,
    /// District.
    pub place: &'static str,
    /// What the person does.
    pub what: &'static str,
    /// Duties from the first day on.
    pub duties: &'static [Duty],
    district: &'static str,
    department: &'static str,
}

/// Everybody the demo lets sign in.
pub const OFFICERS: &[DemoOfficer] = &[
    DemoOfficer {
        name: "한시범",
        place: "광진구",
        what: "실적을 적는 사람",
        district: "11215",
        department: DEPARTMENT,
        duties: &[Duty::Record],
    },
    DemoOfficer {
        name: "김보기",
        place: "광진구",
        what: "확인하는 사람",
        district: "11215",
        department: DEPARTMENT,
        duties: &[Duty::Confirm],
    },
    DemoOfficer {
        name: "이견본",
        place: "광진구",
        what: "봉인·공시와 담당자 관리",
        district: "11215",
        department: DEPARTMENT,
        duties: &[Duty::Disclose, Duty::Administer],
    },
    DemoOfficer {
        name: "박시연",
        place: "광진구",
        what: "감사",
        district: "11215",
        department: DEPARTMENT,
        duties: &[Duty::Audit],
    },
    DemoOfficer {
        name: "홍예시",
        place: "나루구",
        what: "실적을 적고 확인도 하는 사람",
        district: "99001",
        department: DEPARTMENT,
        duties: &[Duty::Record, Duty::Confirm],
    },
    DemoOfficer {
        name: "최모형",
        place: "나루구",
        what: "확인·봉인·공시·관리",
        district: "99001",
        department: DEPARTMENT,
        duties: &[Duty::Record, Duty::Confirm, Duty::Disclose, Duty::Administer, Duty::Audit],
    },
    DemoOfficer {
        name: CLERK,
        place: "나루구",
        what: "모집 신청을 받고 배치하는 사람",
        district: "99001",
        department: "갈대동 주민센터",
        duties: &[Duty::Record],
    },
    DemoOfficer {
        name: SCREENER,
        place: "나루구",
        what: "공고를 쓰고 서류를 확인하고 선발안을 만드는 사람",
        district: "99001",
        department: DEPARTMENT,
        duties: &[Duty::Record],
    },
    DemoOfficer {
        name: CONFIRMER,
        place: "나루구",
        what: "공고, 선발, 시작을 확인하는 사람",
        district: "99001",
        department: DEPARTMENT,
        duties: &[Duty::Confirm],
    },
];

/// Who takes applications in.
const CLERK: &str = "오보기";
/// Who goes through the documents.
const SCREENER: &str = "윤견본";
/// Who confirms what the two of them wrote.
const CONFIRMER: &str = "문시범";

/// How long the invented officers have been in office.
const HERE_FOR_DAYS: i64 = 40;

/// The department that most invented officers work in.
const DEPARTMENT: &str = "일자리정책과";

/// The password of this demo, made when its folder was made.
pub fn password(data: &Path) -> Outcome<String> {
    let path = data.join("demo-password");
    std::fs::read_to_string(&path)
        .map(|text| text.trim().to_owned())
        .map_err(|error| Failure::new(error).context(format!("read {}", path.display())).into())
}

/// Fills a fresh demo folder.
pub async fn all(office: &Office) -> Outcome<()> {
    let password = make_password(office)?;
    for files in [files::<Gwangjin>(), files::<Eunpyeong>(), files::<Naru>()] {
        let book = adopt(office, &files).await?;
        ledger_seed::published_results(office, &book).await?;
    }
    // The invented officers have been here for a while: the first weeks of a call lie behind them.
    let since = office.clock.today().plus_days(-HERE_FOR_DAYS).at_hour(9);
    let then = Office { clock: Arc::new(FixedClock::at(since)), ..office.clone() };
    let mut naru = BTreeMap::new();
    for (nth, officer) in OFFICERS.iter().enumerate() {
        let district = officer.district.parse().map_err(Failure::new)?;
        let cx = Cx::inside(office, Actor::Demo, district);
        let acting = cx.clone();
        office
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let department = officer.department.to_owned();
                    admin::put_departments(tx, &acting, &[(department.clone(), department)]).await
                })
            })
            .await?;
        let mut totp_secret = vec![0; iljari_people::totp::SECRET_BYTES];
        office.entropy.fill(&mut totp_secret);
        let wanted = SeedOfficer {
            district: cx.district.clone(),
            login: officer.name.to_owned(),
            name: officer.name.to_owned(),
            department: officer.department.to_owned(),
            duties: officer.duties.to_vec(),
            password: password.clone(),
            totp_secret,
        };
        let id = iljari_people::seed(&then, wanted).await.map_err(|stop| match stop {
            iljari_base::Stop::Failed(failure) => failure.context(format!("seed officer {nth}")).into(),
            other => other,
        })?;
        if officer.name == "홍예시" {
            ledger_seed::invented_year(office, &cx.district, Actor::Officer(id)).await?;
        }
        if officer.place == "나루구" {
            naru.insert(officer.name, Actor::Officer(id));
        }
    }
    work_of_naru(office, &naru).await
}

/// What the invented officers of the invented district have done: a round, calls, a seal.
async fn work_of_naru(office: &Office, officers: &BTreeMap<&str, Actor>) -> Outcome<()> {
    let district = "99001".parse().map_err(Failure::new)?;
    let who = |name: &str| {
        let found = officers.get(name).copied();
        found.ok_or_else(|| Failure::new(format!("the demo has no officer {name}")))
    };
    let (writer, checker) = (who("홍예시")?, who("최모형")?);
    iljari_collection::seed::invented_round(office, &district, writer, checker).await?;
    if let Some(book) = Books::new().of(&office.store, &district).await? {
        let hands = Hands { clerk: who(CLERK)?, screener: who(SCREENER)?, confirmer: who(CONFIRMER)? };
        iljari_programs::seed::invented_calls(office, &book, hands).await?;
    }
    iljari_ledger::seal::seal(office, &district, checker).await?;
    iljari_ledger::publish::publish(office, &district).await?;
    Ok(())
}

/// Adopts a district's files today; an invented district's plans on the days they say, one by one.
async fn adopt(office: &Office, files: &[(String, Vec<u8>)]) -> Outcome<District> {
    let report = plan::check(files);
    let Some(book) = report.district.filter(|book| book.is_sample) else {
        return Ok(adoption::adopt(office, files, Actor::Demo).await?.book);
    };
    let mut adopted = Vec::new();
    for plan in &book.plans {
        let day = match plan.disclosed {
            Some(When::Day(day)) => day,
            _ => office.clock.today(),
        };
        adopted.push((day, plan.file_name.clone()));
    }
    adopted.sort();
    let first = adopted.first().map(|(_, name)| name.clone());
    for (day, upto) in &adopted {
        let stands = |name: &String| {
            let plan = adopted.iter().find(|(_, known)| known == name);
            plan.is_none_or(|(known, _)| known <= day) || Some(name) == first.as_ref()
        };
        let files: Vec<(String, Vec<u8>)> = files.iter().filter(|(name, _)| stands(name)).cloned().collect();
        let (past, _) = ledger_seed::office_at(office, day.at_hour(9));
        adoption::adopt(&past, &files, Actor::Demo).await.map_err(|stop| match stop {
            iljari_base::Stop::Failed(failure) => failure.context(format!("adopt {upto}")).into(),
            other => other,
        })?;
    }
    Ok(book)
}

fn make_password(office: &Office) -> Outcome<String> {
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let mut password = String::new();
    for place in 0..12 {
        if place > 0 && place % 4 == 0 {
            password.push('-');
        }
        let letter = office.entropy.below(u64::try_from(LETTERS.len()).unwrap_or(1));
        password.push(char::from(LETTERS[usize::try_from(letter).unwrap_or(0)]));
    }
    // The data folder is the published folder's parent; the file exists in a demo only.
    let path = office.published.with_file_name("demo-password");
    std::fs::write(&path, format!("{password}\n"))
        .map_err(|error| Failure::new(error).context(format!("write {}", path.display())))?;
    Ok(password)
}

fn files<F: RustEmbed>() -> Vec<(String, Vec<u8>)> {
    let is_plan = |name: &str| name.ends_with(".yaml");
    F::iter()
        .filter(|name| is_plan(name))
        .filter_map(|name| Some((name.to_string(), F::get(&name)?.data.into_owned())))
        .collect()
}
