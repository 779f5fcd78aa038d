//! Nothing that a person tells stands where it must not (S-05, T-27): five hundred invented people go through intake,
//! search, cards, look-up, errors, selection and disclosure, and then everything that is left behind is searched.

use std::io::Write;
use std::sync::{Arc, Mutex};

use iljari_base::{Actor, Year};
use iljari_ledger::disclose::{Wish, disclose};
use iljari_store::testing::FreshSqlite;

use super::Desk;
use super::desk::day;
use super::wire::{Browser, Secrets, everything_public};
use crate::seed::answers;
use crate::{attendance, lookup};

/// One more than stand in a list that an officer takes out alone.
const PEOPLE: usize = 501;

/// What somebody tells, and the number that she may not tell.
struct Canary {
    name: String,
    birth: String,
    phone: String,
    contact: String,
    note: String,
    number: String,
}

fn canaries() -> Vec<Canary> {
    let first = day("1961-03-01");
    (0..PEOPLE)
        .map(|nth| {
            let birth = first.plus_days(i64::try_from(nth).expect("few") * 7);
            let digits = birth.to_string().replace('-', "");
            Canary {
                name: format!("견본쇍{nth:03}"),
                phone: format!("010-0077-{:04}", 7100 + nth),
                contact: format!("쪽지쇍뷁{nth:03}"),
                note: format!("창구메모쇍{nth:03}"),
                number: format!("{}-1{:06}", &digits[2..], 234_000 + nth),
                birth: birth.to_string(),
            }
        })
        .collect()
}

fn fields(canary: &Canary, wanted: &str) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = [
        ("channel", "counter"),
        ("dong", "나루1동"),
        ("name", &canary.name),
        ("birth", &canary.birth),
        ("phone", &canary.phone),
        ("address_dong", "나루1동"),
        ("contact_note", &canary.contact),
        ("head", "self"),
        ("wanted", wanted),
        ("consents", "select"),
        ("consents", "look-up"),
        ("note", &canary.note),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec();
    all.extend(answers("50000000").into_iter().map(|(fact, text)| (format!("fact:{fact}"), text)));
    all
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("a log").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test(flavor = "current_thread")]
async fn five_hundred_people_stand_nowhere_but_where_they_are_asked_for() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone()).finish();
    // With one listener alone, whether a line is wanted is asked of whichever test comes to it first, for good.
    let _second = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::default());
    let _kept = tracing::subscriber::set_default(subscriber);
    let all = canaries();
    iljari_web::health::count();
    let values: Vec<&str> = all
        .iter()
        .flat_map(|it| [&it.name, &it.phone, &it.contact, &it.note, &it.number])
        .map(String::as_str)
        .collect();
    assert_eq!(values.len(), PEOPLE * 5);
    let secrets = Secrets::of(values.iter().copied());
    let numbers = Secrets::of(all.iter().map(|it| it.number.as_str()));

    let fresh = FreshSqlite::make().await;
    let desk = Desk::on(fresh.store.clone()).await;
    let no = desk.published().await;
    let clerk = Browser::of(&desk, "한시범").await;
    let checker = Browser::of(&desk, "김보기").await;
    let stranger = Browser::stranger(&desk);
    let mut addresses = Vec::new();
    let new = format!("/office/calls/{no}/applications/new");

    for (nth, canary) in all.iter().enumerate() {
        // First the wrong one: a resident number in one field after the other. It is told why, and not sent back.
        let mut wrong = fields(canary, "1-01");
        let at = ["note", "birth", "phone", "name", "contact_note", "fact:가구소득", "dong", "wanted"][nth % 8];
        wrong.iter_mut().find(|(name, _)| name == at).expect("a field").1 = canary.number.clone();
        let got = clerk.post(&new, &wrong).await;
        assert_eq!(got.status, 422, "{at}");
        assert!(got.text().contains("처럼 보이는 숫자가"), "{at}");
        assert_eq!(numbers.in_bytes(&got.bytes), Vec::<&str>::new(), "{at}");
        wrong.push(("act".to_owned(), "keep".to_owned()));
        let kept = clerk.post(&new, &wrong).await;
        assert_eq!((kept.status, numbers.in_bytes(&kept.bytes)), (422, Vec::new()), "{at} as a draft");
        let got = clerk.post(&new, &fields(canary, "1-01")).await;
        assert_eq!(got.status, 303, "{}", got.text());
        addresses.push(got.location);
        if nth % 10 == 0 {
            let mut draft = fields(canary, "1-02");
            draft.push(("act".to_owned(), "keep".to_owned()));
            addresses.push(clerk.post(&new, &draft).await.location);
            // Search, card, opened, errors: what the clerk is shown stands in no address.
            let typed = [("name", canary.name.as_str()), ("birth", canary.birth.as_str())];
            let found = clerk.post("/office/residents/find", &typed).await.text();
            let card = found.split("href=\"").find(|rest| rest.starts_with("/office/residents/rsd_")).expect("found");
            let card = card.split('"').next().expect("a path").to_owned();
            let opened = clerk.post(&format!("{card}/open"), &[("why", "contact")]).await;
            assert!(opened.text().contains(&canary.phone));
            for page in
                [found, opened.text(), clerk.get(&card).await.text(), clerk.get(&format!("{card}/looked")).await.text()]
            {
                for attribute in ["href=\"", "action=\""] {
                    addresses.extend(
                        page.split(attribute).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned),
                    );
                }
            }
            let application = format!("/office/calls/{no}/applications/{}", nth + 1);
            assert!(clerk.get(&application).await.text().contains(&canary.name), "the screener sees whom she screens");
            // Somebody without the duty, and nobody at all.
            for (who, path) in
                [(&checker, &application), (&stranger, &application), (&checker, &card), (&stranger, &card)]
            {
                let got = who.get(path).await;
                assert!(matches!(got.status, 303 | 403), "{path}: {}", got.status);
                assert_eq!(secrets.in_bytes(&got.bytes), Vec::<&str>::new(), "{path}");
                assert_eq!(secrets.in_address(&got.headers), Vec::<&str>::new(), "{path}");
            }
        }
        desk.screen(no, i64::try_from(nth).expect("few") + 1, None).await.expect("screened");
    }
    // Pages by 접수번호 name nobody, not even to officers.
    for path in ["applications", "lookup", "selection"] {
        let got = clerk.get(&format!("/office/calls/{no}/{path}")).await;
        assert_eq!((got.status, secrets.in_bytes(&got.bytes)), (200, Vec::new()), "{path}");
    }
    // The list goes out with its reason, names in it and nowhere else; sheets with a number come back whole.
    let typed = [("reason", "자격 조회 의뢰"), ("format", "csv")];
    // So many take two officers; whoever lets the list go is shown nobody of it.
    let asked = clerk.post(&format!("/office/calls/{no}/lookup/list"), &typed).await;
    assert!(asked.status == 422 && asked.text().contains("다른 담당자의 승인이 있어야 합니다"), "{}", asked.text());
    let waiting = checker.get("/office/downloads").await;
    assert!(waiting.text().contains(&format!("모집공고 {no}번 자격 조회 명단")), "{}", waiting.text());
    for got in [&asked, &waiting] {
        assert_eq!(secrets.in_bytes(&got.bytes), Vec::<&str>::new());
    }
    assert_eq!(checker.post("/office/downloads/1/release", &[("", "")]).await.status, 303);
    let list = clerk.post(&format!("/office/calls/{no}/lookup/list"), &typed).await;
    assert!(list.status == 200 && list.text().contains(&all[7].name));
    assert_eq!(secrets.in_address(&list.headers), Vec::<&str>::new());
    for name in [&all[0].number, &all[1].number] {
        let (cx, safe, file) = (desk.cx(&desk.clerk), desk.safe(), format!("{name}.csv"));
        let grid = super::desk::grid("접수번호|조회일\n26-001-0001|2026-11-23");
        let refused = desk
            .write(move |tx| Box::pin(async move { lookup::answer(tx, &cx, &safe, no, &file, &grid).await }))
            .await
            .expect_err("refused");
        assert_eq!(numbers.in_bytes(format!("{refused} {refused:?}").as_bytes()), Vec::<&str>::new());
        let (cx, file) = (desk.cx(&desk.clerk), format!("{name}.csv"));
        let grid = super::desk::grid("접수번호|달|일한 날|일한 시간\n26-001-0001|2026-12|4|16");
        let refused = desk
            .write(move |tx| Box::pin(async move { attendance::take(tx, &cx, no, &file, &grid).await }))
            .await
            .expect_err("refused");
        assert_eq!(numbers.in_bytes(format!("{refused} {refused:?}").as_bytes()), Vec::<&str>::new());
    }
    // Selected, placed, started, sealed, disclosed.
    desk.clock.set(day("2026-11-29").at_hour(9));
    desk.draw_up(no).await.expect("drawn up");
    desk.open_all(&desk.checker, no).await;
    desk.confirm(&desk.checker, no).await.expect("confirmed");
    desk.clock.set(day("2026-11-30").at_hour(18));
    let chosen = desk.lines(no).await.into_iter().find(|line| line.outcome.has_seat()).expect("somebody").app_no;
    desk.place(no, chosen, "1-01").await.expect("placed");
    desk.report(no, chosen, "2026-11-30").await.expect("reported");
    desk.start(&desk.checker, no, chosen).await.expect("started");
    let wish = Wish {
        year: Year(2026),
        approval_no: "일자리정책과-1201 (예시)".to_owned(),
        approval_on: Some(day("2026-11-30")),
        remark: String::new(),
    };
    disclose(&desk.office, &desk.cx(&desk.checker), wish).await.expect("disclosed");
    let work = clerk.get(&format!("/office/calls/{no}/work")).await;
    assert_eq!((work.status, secrets.in_bytes(&work.bytes)), (303, Vec::new()), "the session has ended meanwhile");

    let home = format!("/districts/99001/calls/{no}");
    let results = format!("{home}/results");
    let roots = ["/districts/99001", "/districts/99001/calls", "/districts/99001/calls.atom", &home, &results];
    let pages = everything_public(&stranger, &roots).await;
    assert!(pages.len() > 40, "{}", pages.len());
    for wanted in ["dates.ics", "notice.pdf", "notice.hwpx", "bundle.zip", "/receipts/", "/data/"] {
        assert!(
            wanted == "/receipts/" || pages.iter().any(|(path, _)| path.contains(wanted)),
            "{wanted} was not asked for"
        );
    }
    for (path, got) in &pages {
        assert_eq!(secrets.in_file(path, &got.bytes), Vec::<String>::new(), "{path}");
        assert_eq!(secrets.in_address(path), Vec::<&str>::new());
    }
    // Files that are compressed are opened: what everybody may read does stand in them.
    let told = Secrets::of(["일자리정책과02-000-0000"]);
    for wanted in ["notice.pdf", "notice.hwpx"] {
        let (path, got) = pages.iter().find(|(path, _)| path.ends_with(wanted)).expect("the notice");
        assert!(told.in_bytes(&got.bytes).is_empty() && !told.in_file(path, &got.bytes).is_empty(), "{wanted}");
    }
    for address in &addresses {
        assert_eq!(secrets.in_address(address), Vec::<&str>::new(), "{address}");
    }
    assert!(addresses.len() > 300, "{}", addresses.len());
    // The titles of everything that anybody was shown: they stand in tabs, histories and the list of open windows.
    let titles = [&clerk, &checker, &stranger].map(Browser::titles).concat();
    assert!(titles.len() > 200 && titles.iter().any(|title| title.contains("26-001-0001")), "{}", titles.len());
    for title in &titles {
        assert_eq!(secrets.in_bytes(title.as_bytes()), Vec::<&str>::new(), "{title}");
    }
    // What was counted of it all.
    let counted = stranger.get("/metrics").await;
    assert!(counted.status == 200 && counted.text().contains("/office/calls/{no}/applications/new"), "it was counted");
    assert_eq!(secrets.in_bytes(&counted.bytes), Vec::<&str>::new(), "in the counts");
    // The access log as an auditor reads it and takes it out.
    desk.auditor().await;
    let auditor = Browser::of(&desk, "박시연").await;
    let page = auditor.get("/office/access-log").await;
    assert_eq!(page.status, 200);
    let typed = [("month", "2026-11"), ("reason", "11월 접속기록 점검"), ("format", "csv")];
    let asked = auditor.post("/office/access-log/download", &typed).await;
    assert_eq!((asked.status, secrets.in_bytes(&asked.bytes)), (422, Vec::new()));
    let checker = Browser::of(&desk, "김보기").await;
    assert_eq!(checker.post("/office/downloads/2/release", &[("", "")]).await.status, 303);
    let taken = auditor.post("/office/access-log/download", &typed).await;
    assert!(taken.status == 200 && taken.text().contains("신청 접수"), "{}", taken.text());
    for got in [&page, &taken] {
        assert_eq!(secrets.in_file("the access log", &got.bytes), Vec::<String>::new());
    }
    iljari_ledger::seal::seal(&desk.office, &desk.code, Actor::System).await.expect("sealed");
    assert_eq!(secrets.in_folder(&desk.office.published), Vec::<String>::new());
    assert_eq!(secrets.in_folder(&desk.office.keys), Vec::<String>::new());
    // The database, its write-ahead log, and the access log that lies in it.
    assert!(fresh.folder.path().join("iljari.db-wal").exists());
    assert_eq!(secrets.in_folder(fresh.folder.path()), Vec::<String>::new());
    let planted = Secrets::of(["신청 자료 열람"]);
    assert!(!planted.in_folder(fresh.folder.path()).is_empty(), "the search finds what lies in plain");
    let kept = log.0.lock().expect("a log").clone();
    assert!(String::from_utf8_lossy(&kept).contains("/office/calls/{no}/applications/new"), "the log is listened to");
    assert_eq!(secrets.in_bytes(&kept), Vec::<&str>::new(), "in the log");
    fresh.store.close().await;
    assert_eq!(secrets.in_folder(fresh.folder.path()), Vec::<String>::new(), "after the log was folded in");
}

/// T-27: the access log is an auditor's, it holds no free text, and looking at it is itself a line of it.
#[tokio::test]
async fn the_access_log_is_read_by_auditors_and_holds_nobodys_words() {
    let fresh = FreshSqlite::make().await;
    let desk = Desk::on(fresh.store.clone()).await;
    let no = desk.published().await;
    desk.auditor().await;
    let (clerk, auditor) = (Browser::of(&desk, "한시범").await, Browser::of(&desk, "박시연").await);
    let canary = &canaries()[3];
    assert_eq!(clerk.post(&format!("/office/calls/{no}/applications/new"), &fields(canary, "1-01")).await.status, 303);
    assert_eq!(clerk.get("/office/access-log").await.status, 403);
    let page = auditor.get("/office/access-log").await.text();
    assert!(page.contains("신청 접수(동 주민센터 창구)") && page.contains("주민 등록"), "{page}");
    assert!(page.contains("접속기록 열람 2026-11"), "the look itself");
    for words in [&canary.name, &canary.phone, &canary.contact, &canary.note, &canary.birth] {
        assert!(!page.contains(words.as_str()), "{words}");
    }
    assert_eq!(auditor.get(&format!("/office/calls/{no}/applications/1")).await.status, 403, "and nothing else");
    fresh.store.close().await;
}
