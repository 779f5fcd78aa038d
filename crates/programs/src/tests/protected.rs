//! People in danger: what stays hidden of somebody who is protected (T-13).

use iljari_base::{Id, id};
use iljari_people::residents::{self, BreakReason};
use iljari_store::testing::on_sqlite;

use super::Desk;
use super::desk::{PEOPLE, day, filled, places};
use super::wire::{Browser, everything_public};
use crate::hidden::COVER;
use crate::intake::application_of;

pub(super) async fn resident_of(desk: &Desk, no: i64, app: i64) -> Id<id::Resident> {
    let cx = desk.cx(&desk.clerk);
    let found =
        desk.write(move |tx| Box::pin(async move { Ok(application_of(tx, &cx, no, app).await?.resident) })).await;
    found.expect("an application")
}

/// T-13: everything that anybody is shown, before and after her protection.
#[tokio::test]
async fn where_and_when_a_protected_person_works_is_shown_to_nobody_without_a_reason() {
    on_sqlite(async |store| {
        let desk = Desk::on(store).await;
        let no = desk.published().await;
        // She alone wanted 1-02, so that place, its site and its day lead to her.
        for (name, birth, wanted, assets) in PEOPLE {
            let wanted = if name == "박시연" { "1-02" } else { wanted };
            desk.submit(no, filled(name, birth, wanted, assets)).await.expect(name);
        }
        for app in 1..=6 {
            desk.screen(no, app, None).await.expect("screened");
        }
        desk.clock.set(day("2026-11-29").at_hour(9));
        desk.draw_up(no).await.expect("drawn up");
        desk.open_all(&desk.checker, no).await;
        desk.confirm(&desk.checker, no).await.expect("confirmed");
        desk.clock.set(day("2026-11-30").at_hour(9));
        for app in [1, 2] {
            desk.place(no, app, if app == 2 { "1-02" } else { "1-01" }).await.expect("placed");
            desk.report(no, app, "2026-11-30").await.expect("reported");
            desk.start(&desk.checker, no, app).await.expect("started");
        }
        iljari_ledger::seal::seal(&desk.office, &desk.code, desk.checker.actor()).await.expect("sealed");
        // Another day than the one she started on: forms offer today.
        desk.clock.set(day("2026-12-07").at_hour(9));
        let (clerk, other) = (Browser::of(&desk, "한시범").await, Browser::of(&desk, "홍예시").await);
        let stranger = Browser::stranger(&desk);
        let (receipt, base) = ("26-001-0002", format!("/office/calls/{no}"));
        let of_her = |text: &str| -> Vec<String> {
            // The lines of a page that speak of her: her row, or the whole page where it is hers alone.
            let rows = text.split("<tr").filter(|row| row.contains(receipt));
            rows.map(|row| row.split("</tr>").next().unwrap_or_default().to_owned()).collect()
        };
        let office = ["/applications", "/selection", "/work"].map(|tail| format!("{base}{tail}"));
        let hers = ["/applications/2", "/applications/2/receipt", "/applications/2/result", "/selection/2"]
            .map(|tail| format!("{base}{tail}"));
        let results = format!("/districts/99001/calls/{no}/results");
        assert!(of_her(&stranger.get(&results).await.text())[0].contains("1-02"), "everybody reads it before");
        assert!(of_her(&clerk.get(&office[2]).await.text()).iter().any(|row| row.contains("2026-11-30")));

        let her = resident_of(&desk, no, 2).await;
        assert_eq!(other.post(&format!("/office/residents/{her}/protect"), &[("", "")]).await.status, 303);
        let place = places().into_iter().find(|place| place.no == "1-02").expect("her place");
        for who in [&clerk, &other] {
            for path in &office {
                let text = who.get(path).await.text();
                let rows = of_her(&text);
                assert!(!rows.is_empty(), "{path}");
                for row in rows {
                    let told = ["2026-11-30", "11월 30일", place.name.as_str()].iter().any(|it| row.contains(it));
                    // The form to place her names every place of the call.
                    let said = row.replace(&format!("value=\"{}\"", place.no), "");
                    assert!(!told && !said.contains(">1-02<"), "{path}: {row}");
                    assert!(row.contains(COVER), "{path}: {row}");
                }
            }
            for path in &hers {
                let got = who.get(path).await;
                assert_eq!(got.status, 200, "{path}");
                let text = got.text();
                assert!(
                    !text.contains("1-02") && !text.contains(&place.name) && text.contains(COVER),
                    "{path}: {text}"
                );
                assert!(!text.contains("박시연") && !text.contains("1970-05-05"), "{path}");
            }
        }
        // Feeds, calendars, lists, receipts, documents: nobody outside finds her 접수번호 at all.
        let roots = ["/districts/99001", "/districts/99001/calls", "/districts/99001/calls.atom", results.as_str()];
        let pages = everything_public(&stranger, &roots).await;
        assert!(
            pages.iter().any(|(path, _)| path.ends_with("dates.ics")) && pages.iter().any(|(path, _)| *path == results)
        );
        for (path, got) in pages {
            assert!(!got.text().contains(receipt), "{path}");
        }
        assert!(stranger.get(&results).await.text().contains("26-001-0001"), "the others are there");
        // Search does not find her; the look-up list does not name her.
        let typed = [("name", "박시연"), ("birth", "1970-05-05")];
        let found = clerk.post("/office/residents/find", &typed).await.text();
        assert!(found.contains("찾지 못했습니다") && !found.contains(&her.to_string()));
        let typed = [("reason", "자격 조회 의뢰"), ("format", "csv")];
        let list = clerk.post(&format!("{base}/lookup/list"), &typed).await.text();
        assert!(list.contains(receipt) && !list.contains("박시연") && !list.contains("1970-05-05"), "{list}");

        // Whoever works on her case breaks the glass: for half an hour, and for that officer alone.
        let (cx, safe) = (desk.cx(&desk.clerk), desk.safe());
        let why = "배치를 다시 보아야 합니다";
        desk.write(move |tx| {
            Box::pin(async move { residents::break_glass(tx, &cx, &safe, her, BreakReason::Case, why).await })
        })
        .await
        .expect("opened");
        assert!(clerk.get(&hers[0]).await.text().contains("1-02"));
        assert!(of_her(&clerk.get(&office[2]).await.text()).iter().any(|row| row.contains("2026-11-30")));
        assert!(!other.get(&hers[0]).await.text().contains("1-02"), "the other officer sees what she saw");
        assert!(!stranger.get(&results).await.text().contains(receipt), "and everybody else too");
        let looked = other.get(&format!("/office/residents/{her}/looked")).await.text();
        assert!(looked.contains("긴급 열람") && looked.contains("한시범"), "she reads who looked");
        desk.auditor().await;
        let supervisor = Browser::of(&desk, "박시연").await;
        assert!(supervisor.get("/office/access-log").await.text().contains("확인하지 않은 긴급 열람이 1건 있습니다"));
    })
    .await;
}
