//! Week keys, erasure and the promise of 35 days, with backups restored for real.

use std::path::Path;
use std::sync::Arc;

use iljari_base::{Id, Outcome, Stop, id};
use iljari_store::testing::{FreshSqlite, both, on_postgres};
use iljari_store::{Engine, Store, args};
use iljari_web::Office;

use super::super::kit::{TestOffice, codes, day, district};
use super::{count, han, hong};
use crate::cx::Cx;
use crate::residents::{self, DestroyReason, NewResident, PROMISE, Rotated, rotate_keys};

const DAY: i64 = 86_400;

/// Moves on by days, the chore running every morning.
async fn live(office: &TestOffice, days: i64) {
    for _ in 0..days {
        office.clock.advance_seconds(DAY);
        rotate_keys(&office.office).await.expect("the chore");
    }
}

fn key_files(office: &TestOffice) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(office.office.keys.join("residents"))
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn every_week_living_records_are_wrapped_anew_and_old_keys_go() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        let cx = office.inside();
        let her = office.enrol(&cx, han()).await.expect("enrolled").id;
        let (at, safe) = (cx.clone(), office.safe());
        let (evidence, boxed) = office
            .act(move |tx| {
                Box::pin(async move {
                    let evidence = residents::new_box(tx, &at, &safe, her).await?;
                    Ok((evidence, residents::seal_in(tx, &at, &safe, evidence, "income", b"1200000").await?))
                })
            })
            .await
            .expect("boxed");
        assert_eq!(
            rotate_keys(&office.office).await.expect("the chore"),
            Rotated::default(),
            "nothing to do in its own week"
        );

        office.clock.advance_seconds(7 * DAY);
        // Before the chore of the new week: tags of the old week still find her, and a new one is seen beside her.
        assert_eq!(office.find_resident(&cx, "한시범", "1961-03-12").await.expect("looked").len(), 1);
        assert_eq!(office.enrol(&cx, han()).await.expect("enrolled").alike.len(), 1);
        let done = rotate_keys(&office.office).await.expect("the chore");
        assert_eq!((done.records, done.boxes, done.destroyed.len()), (1, 1, 0));
        assert_eq!(
            rotate_keys(&office.office).await.expect("the chore"),
            Rotated::default(),
            "a second time is nothing"
        );
        assert_eq!(office.find_resident(&cx, "한시범", "1961-03-12").await.expect("looked").len(), 2);
        assert_eq!(key_files(&office), ["2026-11-23.key", "2026-11-30.key"]);

        live(&office, 27).await;
        assert_eq!(key_files(&office).first().map(String::as_str), Some("2026-11-23.key"), "34 days old");
        office.clock.advance_seconds(DAY);
        let done = rotate_keys(&office.office).await.expect("the chore");
        assert_eq!(done.destroyed, [day("2026-11-23")], "35 days old");
        assert_eq!(key_files(&office).len(), 5, "five weeks of keys, never more");

        assert_eq!(office.open_resident(&cx, her).await.expect("opened").name, "한시범");
        let (at, safe) = (cx.clone(), office.safe());
        let plain = office
            .act(move |tx| {
                Box::pin(async move { residents::open_in(tx, &at, &safe, evidence, "income", &boxed).await })
            })
            .await
            .expect("opened");
        assert_eq!(plain.as_slice(), b"1200000");
        assert_eq!(office.find_resident(&cx, "한시범", "1961-03-12").await.expect("looked").len(), 2);
    })
    .await;
}

#[tokio::test]
async fn after_a_long_sleep_nothing_living_is_lost() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        let cx = office.inside();
        let mut all = Vec::new();
        // More than one step of the chore.
        for number in 0..105 {
            let new = NewResident { name: format!("견본{number}"), ..hong() };
            all.push(office.enrol(&cx, new).await.expect("enrolled").id);
        }
        // The machine stood still for a hundred days.
        office.clock.advance_seconds(100 * DAY);
        let done = rotate_keys(&office.office).await.expect("the chore");
        assert_eq!((done.records, done.destroyed), (105, vec![day("2026-11-23")]));
        for (number, id) in all.into_iter().enumerate() {
            assert_eq!(office.open_resident(&cx, id).await.expect("opened").name, format!("견본{number}"));
        }
    })
    .await;
}

#[tokio::test]
async fn a_key_that_something_still_needs_is_not_destroyed() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        let cx = office.inside();
        let her = office.enrol(&cx, han()).await.expect("enrolled").id;
        office
            .act(move |tx| {
                Box::pin(async move {
                    let flipped = vec![7_u8; 72];
                    Ok(tx.execute("UPDATE resident SET wrapped_key = $1 WHERE id = $2", args![flipped, her]).await?)
                })
            })
            .await
            .expect("damaged");
        office.clock.advance_seconds(40 * DAY);
        let stopped = rotate_keys(&office.office).await;
        assert!(matches!(&stopped, Err(Stop::Inconsistent(found)) if found.table == "resident" && found.row == her.to_string()));
        assert!(key_files(&office).contains(&"2026-11-23.key".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn fields_do_not_open_in_another_row() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        let cx = office.inside();
        let one = office.enrol(&cx, han()).await.expect("enrolled").id;
        let other = office.enrol(&cx, hong()).await.expect("enrolled").id;
        for column in ["name_sealed", "wrapped_key"] {
            let sql =
                format!("UPDATE resident SET {column} = (SELECT {column} FROM resident WHERE id = $1) WHERE id = $2");
            office
                .act(move |tx| Box::pin(async move { Ok(tx.execute(&sql, args![one, other]).await?) }))
                .await
                .expect("moved");
            assert!(matches!(office.open_resident(&cx, other).await, Err(Stop::Inconsistent(_))), "{column}");
        }
        assert_eq!(office.open_resident(&cx, one).await.expect("opened").name, "한시범");
    })
    .await;
}

/// The database of a moment, as a backup takes it: the file and its write-ahead log.
fn back_up(fresh: &FreshSqlite) -> tempfile::TempDir {
    let backup = tempfile::tempdir().expect("a folder");
    for entry in std::fs::read_dir(fresh.folder.path()).expect("the data") {
        let path = entry.expect("an entry").path();
        std::fs::copy(&path, backup.path().join(path.file_name().expect("a name"))).expect("copied");
    }
    backup
}

/// An office over a restored backup, with today's key folder and clock.
async fn restored(backup: &Path, office: &TestOffice) -> Arc<Office> {
    // A copy, so that one backup can be restored more than once.
    let copy = tempfile::tempdir().expect("a folder").keep();
    for entry in std::fs::read_dir(backup).expect("the backup") {
        let path = entry.expect("an entry").path();
        std::fs::copy(&path, copy.join(path.file_name().expect("a name"))).expect("copied");
    }
    let store = Store::open(&format!("sqlite:{}", copy.join("iljari.db").display())).await.expect("opened");
    Arc::new(Office { store, ..(*office.office).clone() })
}

async fn open_there(office: &Arc<Office>, id: Id<id::Resident>) -> Outcome<String> {
    let cx = Cx::inside(office, iljari_base::Actor::Demo, district());
    let safe = residents::Safe::open(&office.keys, office.clock.as_ref(), office.entropy.as_ref())?;
    office
        .store
        .write(move |tx| {
            Box::pin(async move {
                residents::open(tx, &cx, &safe, id, residents::Purpose::Rights).await.map(|her| her.name)
            })
        })
        .await
}

/// The promise, from every day of a week: erased here at once, unreadable in every backup on the 35th day.
#[tokio::test]
async fn an_erased_record_is_unreadable_in_the_oldest_backup_after_35_days() {
    assert_eq!(PROMISE, "이곳에서는 바로 지워지고, 백업에서는 35일 뒤부터 읽을 수 없습니다.");
    for weekday in 0..7 {
        let fresh = FreshSqlite::make().await;
        let office = TestOffice::over(fresh.store.clone()).await;
        let cx = office.inside();
        let her = office.enrol(&cx, han()).await.expect("enrolled").id;
        let living = office.enrol(&cx, hong()).await.expect("enrolled").id;
        live(&office, weekday).await;
        let oldest = back_up(&fresh);
        office.erase_resident(&cx, her).await.expect("erased");
        assert_eq!(codes(office.open_resident(&cx, her).await), ["resident-erased"], "here at once");

        live(&office, 28 - weekday).await;
        let there = restored(oldest.path(), &office).await;
        assert_eq!(open_there(&there, living).await.expect("a backup of four weeks ago can be used"), "홍예시");
        let newer = back_up(&fresh);

        live(&office, 7 + weekday).await;
        let there = restored(oldest.path(), &office).await;
        assert_eq!(codes(open_there(&there, her).await), ["resident-key-gone"], "weekday {weekday}");
        // What the record's blind index says is nothing any more, either.
        let (at, safe) = (Cx::inside(&there, iljari_base::Actor::Demo, district()), office.safe());
        let found = there
            .store
            .write(move |tx| {
                Box::pin(async move { residents::find(tx, &at, &safe, "한시범", day("1961-03-12")).await })
            })
            .await;
        assert_eq!(found.expect("looked").len(), 0);
        // The living one: here, and in a backup of the last four weeks.
        assert_eq!(office.open_resident(&cx, living).await.expect("opened").name, "홍예시");
        let there = restored(newer.path(), &office).await;
        assert_eq!(open_there(&there, living).await.expect("readable"), "홍예시");
        fresh.store.close().await;
    }
}

#[tokio::test]
async fn a_restored_backup_does_not_bring_back_what_was_erased() {
    let fresh = FreshSqlite::make().await;
    let office = TestOffice::over(fresh.store.clone()).await;
    let cx = office.inside();
    let her = office.enrol(&cx, han()).await.expect("enrolled").id;
    let living = office.enrol(&cx, hong()).await.expect("enrolled").id;
    let (at, safe) = (cx.clone(), office.safe());
    let evidence = office
        .act(move |tx| Box::pin(async move { residents::new_box(tx, &at, &safe, living).await }))
        .await
        .expect("a box");
    let yesterday = back_up(&fresh);
    office.clock.advance_seconds(DAY);
    office.erase_resident(&cx, her).await.expect("erased");
    let at = cx.clone();
    office
        .act(move |tx| {
            Box::pin(async move { residents::destroy_box(tx, &at, evidence, DestroyReason::ObjectionsOver).await })
        })
        .await
        .expect("destroyed");
    assert_eq!(residents::remember(&office.office).await.expect("remembered"), 0);

    let there = restored(yesterday.path(), &office).await;
    assert_eq!(open_there(&there, her).await.expect("the backup has her"), "한시범");
    assert_eq!(rotate_keys(&there).await.expect("the chore").erased_again, 2);
    assert_eq!(codes(open_there(&there, her).await), ["resident-erased"]);
    assert_eq!(open_there(&there, living).await.expect("she stays"), "홍예시");
    assert_eq!(rotate_keys(&there).await.expect("the chore").erased_again, 0);
    // The memory itself forgets after 35 days, and holds ids, never a name.
    let memory = office.office.keys.join("residents/erased.txt");
    let text = std::fs::read_to_string(&memory).expect("remembered");
    assert_eq!(text.lines().count(), 2);
    assert!(text.contains(&her.to_string()) && text.contains(&evidence.to_string()) && !text.contains("한시범"));
    live(&office, 36).await;
    assert_eq!(std::fs::read_to_string(&memory).expect("there"), "");
    fresh.store.close().await;
}

/// Every form in which a seeded value could lie somewhere in plain.
fn forms(value: &str) -> Vec<Vec<u8>> {
    use unicode_normalization::UnicodeNormalization;
    let decomposed: String = value.nfd().collect();
    let wide: Vec<u8> = value.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let hex = hex::encode(value);
    let mut forms = vec![
        value.as_bytes().to_vec(),
        decomposed.into_bytes(),
        wide,
        hex.to_uppercase().into_bytes(),
        hex.into_bytes(),
    ];
    forms.dedup();
    forms
}

fn in_plain(folder: &Path, values: &[String]) -> Vec<String> {
    // By their first four bytes, so that each file is walked once.
    let mut by_start = std::collections::HashMap::<[u8; 4], Vec<(&String, Vec<u8>)>>::new();
    for value in values {
        for form in forms(value) {
            let start = form[..4].try_into().expect("four bytes");
            by_start.entry(start).or_default().push((value, form));
        }
    }
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder") {
        let path = entry.expect("an entry").path();
        let bytes = std::fs::read(&path).expect("read");
        for place in 0..bytes.len().saturating_sub(3) {
            let start: [u8; 4] = bytes[place..place + 4].try_into().expect("four bytes");
            let here = by_start.get(&start).into_iter().flatten().filter(|(_, form)| bytes[place..].starts_with(form));
            found.extend(here.map(|(value, _)| format!("{value} in {}", path.display())));
        }
    }
    found
}

/// Invented people whose names and phones nobody else has.
fn seeded() -> Vec<NewResident> {
    (0..20)
        .map(|number| NewResident {
            name: format!("견본쇍{number:02}"),
            birth: day("1961-03-12").plus_days(number),
            phone: Some(format!("010-0077-{:04}", 7100 + number)),
            address_dong: Some(format!("쇍동{number:02}")),
            contact_note: Some(format!("쪽지쇍{number:02}")),
        })
        .collect()
}

fn values(people: &[NewResident]) -> Vec<String> {
    let words = people.iter().flat_map(|person| {
        [Some(&person.name), person.phone.as_ref(), person.address_dong.as_ref(), person.contact_note.as_ref()]
    });
    let dates = people.iter().map(|person| person.birth.to_string());
    words.flatten().cloned().chain(dates).collect()
}

#[tokio::test]
async fn nothing_personal_ever_lies_in_the_database_in_plain() {
    let fresh = FreshSqlite::make().await;
    let office = TestOffice::over(fresh.store.clone()).await;
    let cx = office.by(office.officer("김보기", &[]).await);
    let people = seeded();
    let values = values(&people);
    let mut ids = Vec::new();
    for person in &people {
        ids.push(office.enrol(&cx, person.clone()).await.expect("enrolled").id);
    }
    for (person, id) in people.iter().zip(&ids) {
        office.open_resident(&cx, *id).await.expect("opened");
        office.find_resident(&cx, &person.name, &person.birth.to_string()).await.expect("found");
    }
    // The search itself finds what lies in plain: the officer's login does.
    assert!(!in_plain(fresh.folder.path(), &["김보기".to_owned()]).is_empty());
    assert!(fresh.folder.path().join("iljari.db-wal").exists(), "the write-ahead log is searched too");
    assert_eq!(in_plain(fresh.folder.path(), &values), Vec::<String>::new());
    let backup = back_up(&fresh);
    assert_eq!(in_plain(backup.path(), &values), Vec::<String>::new());
    for id in ids {
        office.erase_resident(&cx, id).await.expect("erased");
    }
    live(&office, 36).await;
    assert_eq!(in_plain(fresh.folder.path(), &values), Vec::<String>::new());
    assert_eq!(in_plain(&office.office.keys.join("residents"), &values), Vec::<String>::new());
    fresh.store.close().await;
    assert_eq!(in_plain(fresh.folder.path(), &values), Vec::<String>::new(), "after the log was folded in");
}

#[tokio::test]
async fn nothing_personal_ever_lies_in_a_postgres_row_in_plain() {
    on_postgres(async |store: Store| {
        assert_eq!(store.engine(), Engine::Postgres);
        let office = TestOffice::over(store).await;
        let cx = office.by(office.officer("김보기", &[]).await);
        let people = seeded();
        for person in &people {
            let id = office.enrol(&cx, person.clone()).await.expect("enrolled").id;
            office.open_resident(&cx, id).await.expect("opened");
        }
        let mut text = String::new();
        for table in
            ["resident", "resident_tag", "resident_box", "resident_pair", "access_log", "people_book", "officer"]
        {
            let sql = format!("SELECT CAST(t AS TEXT) AS line FROM {table} t");
            let lines = office
                .act(move |tx| {
                    Box::pin(async move {
                        let rows = tx.fetch_all(&sql, args![]).await?;
                        rows.iter().map(|row| Ok(row.text("line")?)).collect::<Outcome<Vec<String>>>()
                    })
                })
                .await
                .expect("read");
            text.push_str(&lines.join("\n"));
        }
        assert!(text.contains("김보기"), "the search sees what lies in plain");
        for value in values(&people) {
            assert!(!text.contains(&value) && !text.contains(&hex::encode(&value)), "{value}");
        }
        let n = office.act(|tx| Box::pin(async move { count(tx, "SELECT COUNT(*) AS n FROM resident").await })).await;
        assert_eq!(n.expect("counted"), 20);
    })
    .await;
}
