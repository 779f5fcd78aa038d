//! What people type at the counter, and what becomes of it (b.5): every line of the table through the real form.

use iljari_store::testing::on_sqlite;

use super::Desk;
use super::desk::{codes, day};
use super::wire::Browser;
use crate::seed::answers;
use crate::store;

const TAKEN: &str = "taken";

/// A sound form with one field changed; an empty name takes the field out.
fn typed(nth: usize, field: &str, value: &str) -> Vec<(String, String)> {
    let birth = day("1961-03-02").plus_days(i64::try_from(nth).expect("few")).to_string();
    let name = format!("예시{}", char::from_u32(0xac00 + u32::try_from(nth).expect("few") * 31).expect("a letter"));
    let mut all: Vec<(String, String)> = [
        ("channel", "counter"),
        ("dong", "나루1동"),
        ("name", &name),
        ("birth", &birth),
        ("phone", "010-0000-0000"),
        ("address_dong", "나루1동"),
        ("contact_note", ""),
        ("head", "self"),
        ("household", ""),
        ("household_birth", ""),
        ("wanted", "1-01"),
        ("consents", "select"),
        ("consents", "look-up"),
        ("note", ""),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec();
    all.extend(answers("50000000").into_iter().map(|(fact, text)| (format!("fact:{fact}"), text)));
    for (_, text) in all.iter_mut().filter(|(name, _)| name == field) {
        value.clone_into(text);
    }
    all
}

/// Field, what is typed, and `taken` or the words that answer it.
const TABLE: &[(&str, &str, &str)] = &[
    // Names: any letters as people write them; no emoji, no dots alone, nothing that is none.
    ("name", "김", TAKEN),
    ("name", "남궁황보제갈선우독고동방사공서문", TAKEN),
    ("name", "  선우   보기  ", TAKEN),
    ("name", "O'Brien", TAKEN),
    ("name", "Nguyễn Thị Ánh", TAKEN),
    ("name", "Nguye\u{302}\u{303}n Thi\u{323} A\u{301}nh", TAKEN),
    ("name", "王小明", TAKEN),
    ("name", "ᄒᆞᆫ글", TAKEN),
    ("name", "", "이름"),
    ("name", "   ", "이름"),
    ("name", "...", "이름"),
    ("name", "😀", "이름"),
    ("name", "👩‍👩‍👧", "이름"),
    ("name", "\u{200d}\u{200b}", "이름"),
    ("name", "가나다라마바사아자차카타파하가나다라마바사아자차카타파하가나다", "이름"),
    // Days of birth.
    ("birth", "1960-02-29", TAKEN),
    ("birth", "1961-02-29", "날짜를"),
    ("birth", "1961-13-02", "날짜를"),
    ("birth", "61-03-02", "날짜를"),
    ("birth", "19610302", "날짜를"),
    ("birth", "", "날짜를"),
    ("birth", "음력 1961-03-02", "날짜를"),
    ("birth", "2027-01-01", "생년월일을 확인"),
    ("birth", "1899-12-31", "생년월일을 확인"),
    ("birth", "1900-01-01", TAKEN),
    // Telephones: none, and every way to write one.
    ("phone", "", TAKEN),
    ("phone", "01000000000", TAKEN),
    ("phone", "010 0000 0000", TAKEN),
    ("phone", "010.0000.0000", TAKEN),
    ("phone", "+82 10-0000-0000", TAKEN),
    ("phone", "０１０－００００－００００", TAKEN),
    ("phone", "02-000-0000", TAKEN),
    ("phone", "(02) 000-0000", TAKEN),
    ("phone", "0500-0000-0000", TAKEN),
    ("phone", "12", "전화번호를"),
    ("phone", "공일공", "전화번호를"),
    ("phone", "010-0000-0000, 010-0000-0001", "전화번호를"),
    // A resident number anywhere, in every disguise.
    ("name", "한시범 610302-1234567", "주민등록번호"),
    ("birth", "610302-1234567", "주민등록번호"),
    ("birth", "6103021234567", "주민등록번호"),
    ("phone", "610302-1234567", "주민등록번호"),
    ("phone", "６１０３０２－１２３４５６７", "주민등록번호"),
    ("note", "번호는 610302 - 1234567", "주민등록번호"),
    ("note", "610302\u{200b}1234567", "주민등록번호"),
    ("note", "6 1 0 3 0 2 1 2 3 4 5 6 7", "주민등록번호"),
    ("note", "900101–5678901", "주민등록번호"),
    ("contact_note", "610302.1234567", "주민등록번호"),
    ("address_dong", "나루동 6103021234567", "주민등록번호"),
    ("household", "홍예시 610302-1234567", "주민등록번호"),
    ("dong", "610302/1234567", "주민등록번호"),
    ("wanted", "610302-1234567", "주민등록번호"),
    ("fact:가구소득", "610302-1234567", "주민등록번호"),
    // Amounts: none is no answer and leads to documents, not to nothing.
    ("fact:가구소득", "", TAKEN),
    ("fact:가구소득", "0", TAKEN),
    ("fact:가구소득", "150만원", TAKEN),
    ("fact:가구소득", "-1", "가구소득"),
    ("fact:가구소득", "조금", "가구소득"),
    ("fact:가구원수", "두 명쯤", "가구원수"),
    // Text.
    ("note", "한글에서 붙여 넣은\u{a0}글\u{3000}입니다", TAKEN),
    ("address_dong", "주소 없음(고시원)", TAKEN),
    ("wanted", "9-99", "사업번호"),
    ("channel", "fax", "접수 방법"),
];

#[tokio::test]
async fn every_line_of_the_table_is_answered_and_what_was_typed_stays() {
    on_sqlite(async |store| {
        let desk = Desk::on(store).await;
        let no = desk.published().await;
        let clerk = Browser::of(&desk, "한시범").await;
        let path = format!("/office/calls/{no}/applications/new");
        let mut taken = 0;
        for (nth, (field, value, answer)) in TABLE.iter().enumerate() {
            let sent = typed(nth, field, value);
            let sent = if *field == "household" {
                sent.into_iter()
                    .map(|(name, text)| match name.as_str() {
                        "head" => (name, "other".to_owned()),
                        "household_birth" => (name, "1940-01-01".to_owned()),
                        _ => (name, text),
                    })
                    .collect()
            } else {
                sent
            };
            let got = clerk.post(&path, &sent).await;
            let said = format!("{field} = {value:?}");
            let text = got.text();
            if *answer == TAKEN {
                assert_eq!(got.status, 303, "{said}: {}", faults(&text));
                taken += 1;
                continue;
            }
            assert_eq!(got.status, 422, "{said}");
            assert!(faults(&text).contains(answer), "{said}: {}", faults(&text));
            assert_eq!(iljari_web::check_html(&text), Vec::<String>::new(), "{said}");
            let digits: String = text.chars().filter(|letter| !matches!(letter, ' ' | '\u{200b}')).collect();
            assert!(!digits.contains("1234567") && !digits.contains("１２３４５６７"), "{said}: never sent back");
            // Everything else that was typed stands in the form again.
            for (name, kept) in sent.iter().filter(|(name, kept)| name != field && !kept.is_empty()) {
                assert!(
                    text.contains(&format!("\"{kept}\"")) || text.contains(&format!(">{kept}</")),
                    "{said}: {name}"
                );
            }
        }
        let code = desk.code.clone();
        let all = desk.write(move |tx| Box::pin(async move { store::applications(tx, &code, no).await })).await;
        assert_eq!(all.expect("read").len(), taken, "what was refused left nothing");
    })
    .await;
}

/// The words of the error summary.
fn faults(html: &str) -> String {
    let from = html.split("class=\"error-summary").nth(1).unwrap_or(html);
    from.split("</section>").next().unwrap_or_default().to_owned()
}

/// A double click, the back button and a second tab make one application; the second is told where the first stands.
#[tokio::test]
async fn sent_twice_it_is_taken_once() {
    on_sqlite(async |store| {
        let desk = Desk::on(store).await;
        let no = desk.published().await;
        let clerk = Browser::of(&desk, "한시범").await;
        let path = format!("/office/calls/{no}/applications/new");
        let sent = typed(0, "", "");
        let (first, second) = tokio::join!(clerk.post(&path, &sent), clerk.post(&path, &sent));
        let mut told = [first.status, second.status];
        told.sort_unstable();
        assert_eq!(told, [303, 422]);
        let again = clerk.post(&path, &sent).await;
        assert!(again.status == 422 && again.text().contains("같은 분"), "back and once more");
        // Said to be the same person, it is the one application that stands.
        let page = again.text();
        let known =
            page.split("value=\"rsd_").nth(1).and_then(|rest| rest.split('"').next()).expect("the one who is known");
        let mut sent = sent;
        sent.push(("who".to_owned(), format!("rsd_{known}")));
        let again = clerk.post(&path, &sent).await;
        assert!(
            again.status == 422 && again.text().contains("이미 접수한 신청이 있습니다"),
            "{}",
            faults(&again.text())
        );
        let code = desk.code.clone();
        let all = desk.write(move |tx| Box::pin(async move { store::applications(tx, &code, no).await })).await;
        assert_eq!(all.expect("read").len(), 1);
    })
    .await;
}

/// Fields that the form does not have, and a field sent twice, change nothing (no mass assignment).
#[tokio::test]
async fn hidden_and_repeated_fields_change_nothing() {
    on_sqlite(async |store| {
        let desk = Desk::on(store).await;
        let no = desk.published().await;
        let clerk = Browser::of(&desk, "한시범").await;
        let path = format!("/office/calls/{no}/applications/new");
        let mut sent = typed(0, "", "");
        for (name, value) in [
            ("verdict", "eligible"),
            ("state", "screened"),
            ("no", "77"),
            ("taken_by", "demo"),
            ("name", "둘째이름"),
            ("_method", "DELETE"),
        ] {
            sent.push((name.to_owned(), value.to_owned()));
        }
        assert_eq!(clerk.post(&path, &sent).await.status, 303);
        let code = desk.code.clone();
        let all = desk.write(move |tx| Box::pin(async move { store::applications(tx, &code, no).await })).await;
        let all = all.expect("read");
        let it = all.first().expect("one");
        assert_eq!(
            (it.no, it.taken_by, it.state.as_str(), it.verdict.korean()),
            (1, desk.clerk.actor(), "received", "가능")
        );
        let page = clerk.get(&format!("/office/calls/{no}/applications/1")).await.text();
        assert!(page.contains(&sent[2].1) && !page.contains("둘째이름"), "the first of two values counts");
    })
    .await;
}

/// Slips at the desk of work (b.7): each is refused by its name, and nothing moves.
#[tokio::test]
async fn every_slip_at_the_desk_of_work_is_refused_and_nothing_moves() {
    on_sqlite(async |store| {
        let desk = Desk::on(store).await;
        let no = desk.selected().await;
        desk.clock.set(day("2026-12-02").at_hour(9));
        assert_eq!(codes(&desk.place(99, 1, "1-01").await), ["no-such-call"]);
        assert_eq!(codes(&desk.place(no, 77, "1-01").await), ["no-such-application"]);
        assert_eq!(codes(&desk.place(no, 1, "9-99").await), ["no-such-place"]);
        assert_eq!(codes(&desk.place(no, 3, "1-01").await), ["not-selected"]);
        assert_eq!(codes(&desk.place(no, 1, "2-01").await), ["another-pool"]);
        assert_eq!(codes(&desk.report(no, 1, "2026-11-30").await), ["no-such-participation"]);
        desk.place(no, 1, "1-01").await.expect("placed");
        for (on, code) in [
            ("2026-11-29", "start-outside"),
            ("2027-01-01", "start-outside"),
            ("1899-12-31", "start-outside"),
            ("2026-12-03", "start-future"),
        ] {
            assert_eq!(codes(&desk.report(no, 1, on).await), [code], "{on}");
        }
        assert_eq!(codes(&desk.start(&desk.checker, no, 1).await), ["not-reported"]);
        assert_eq!(codes(&desk.leave(no, 1, "2026-12-01", "이사했습니다").await), ["not-started"]);
        desk.report(no, 1, "2026-11-30").await.expect("reported");
        assert_eq!(codes(&desk.report(no, 1, "2026-12-01").await), ["not-placed"], "a second start");
        assert_eq!(codes(&desk.start(&desk.clerk, no, 1).await), ["own-confirmation"], "who wrote it");
        assert_eq!(desk.total().await, 0, "nothing counted so far");
        desk.start(&desk.checker, no, 1).await.expect("started");
        assert_eq!(codes(&desk.start(&desk.both, no, 1).await), ["not-reported"], "a second confirmation");
        assert_eq!(codes(&desk.place(no, 1, "1-01").await), ["placed-already"]);
        for (on, why, code) in [
            ("2026-11-29", "이사했습니다", "left-outside"),
            ("2026-12-03", "이사했습니다", "left-outside"),
            ("2026-12-01", "", "left-without-reason"),
            ("2026-12-01", "   ", "left-without-reason"),
            ("2026-12-01", "610302-1234567", "resident-number"),
        ] {
            assert_eq!(codes(&desk.leave(no, 1, on, why).await), [code], "{on} {why:?}");
        }
        assert_eq!(desk.total().await, 1, "one began, and still works");
    })
    .await;
}
