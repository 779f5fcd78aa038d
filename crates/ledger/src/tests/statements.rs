//! The statements on entries, seals and totals, told on both engines: what goes in comes out, and only there.

use iljari_base::id::Id;
use iljari_base::{Actor, Clock as _, Date, DistrictCode, FixedClock, Outcome, SeededEntropy, Timestamp, Year};
use iljari_disclosure::log::totals::{Key, Source, Split};
use iljari_disclosure::log::words::{Field, Grade, Unit};
use iljari_store::testing::both;
use iljari_store::{Store, Tx, args};

use super::period;
use crate::model::{Counted, EntryKind, EvidenceKind, Seal, Sealed, Staged, StagedState};
use crate::store::{self, NewEntry};

/// Makes ids and instants that repeat themselves.
pub(super) struct Maker {
    pub(super) clock: FixedClock,
    pub(super) entropy: SeededEntropy,
    pub(super) writer: Actor,
    pub(super) checker: Actor,
}

impl Maker {
    pub(super) fn new() -> Self {
        let clock = FixedClock::at(Date::new(2026, 11, 20).expect("a day").at_hour(9));
        let entropy = SeededEntropy::new("statements");
        let officer = || Actor::Officer(Id::fresh(&clock, &entropy));
        let (writer, checker) = (officer(), officer());
        Self { clock, entropy, writer, checker }
    }

    pub(super) fn id<K>(&self) -> Id<K> {
        Id::fresh(&self.clock, &self.entropy)
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn counted_entry<'e>(&self, leaf_id: &'e str, counted: &'e Counted) -> NewEntry<'e> {
        NewEntry {
            id: self.id(),
            leaf_id,
            kind: EntryKind::Count,
            body: b"{\"v\":1}",
            counted: Some(counted),
            source: Some(Source::Sums),
            answers: None,
            evidence_kind: EvidenceKind::DepartmentSum.as_str(),
            remark: "부서 취합표 2번 시트",
            recorded_by: self.writer,
            confirmed_by: self.checker,
        }
    }

    pub(super) fn staged(&self, district: &DistrictCode, amount: i64) -> Staged {
        Staged {
            id: self.id(),
            district: district.clone(),
            counted: Counted { rest: true, ..counted("1-1-1", (1, 3), amount) },
            as_typed: format!("당기 {amount}"),
            correction: None,
            evidence_kind: EvidenceKind::Document,
            remark: "출근부를 보고 셌습니다".to_owned(),
            recorded_by: self.writer,
            recorded_at: self.now(),
            state: StagedState::Waiting,
        }
    }
}

pub(super) fn counted(node: &str, months: (i8, i8), amount: i64) -> Counted {
    Counted {
        node: node.parse().expect("a node"),
        period: period(2026, months),
        field: Field::Direct,
        unit: Unit::Jobs,
        amount,
        grade: Grade::Sum,
        rest: false,
    }
}

pub(super) fn naru() -> DistrictCode {
    "99001".parse().expect("a code")
}

pub(super) fn garam() -> DistrictCode {
    "99002".parse().expect("a code")
}

fn key(node: &str, unit: Unit) -> Key {
    Key { year: Year(2026), node: node.parse().expect("a node"), unit, field: Field::Direct }
}

/// Runs the story in one transaction; a statement that fails fails the test.
pub(super) async fn on(
    store: &Store,
    story: impl for<'t> FnOnce(&'t mut Tx) -> iljari_store::Act<'t, ()> + Send + 'static,
) {
    store.write(story).await.expect("the story's statements");
}

fn leaf_ids(entries: &[crate::model::Entry]) -> Vec<&str> {
    entries.iter().map(|entry| entry.leaf_id.as_str()).collect()
}

#[tokio::test]
async fn an_entry_comes_back_as_it_was_entered_and_stays_in_its_district() {
    both(async |store: Store| {
        on(&store, |tx| {
            Box::pin(async move {
                let make = Maker::new();
                let (naru, garam) = (naru(), garam());
                let (one, other) = (counted("1-1-1", (4, 6), 63), counted("1-1-1", (1, 3), 40));
                let elsewhere = counted("1-1-2", (1, 3), 7);
                let wanted = make.counted_entry("aa", &one);
                assert_eq!(store::insert_entry(tx, &naru, &wanted, make.now()).await?, 1);
                let second = NewEntry { body: b"{\"v\":2}", ..make.counted_entry("bb", &other) };
                assert_eq!(store::insert_entry(tx, &naru, &second, make.now()).await?, 2);
                store::insert_entry(tx, &naru, &make.counted_entry("cc", &elsewhere), make.now()).await?;
                let less = Counted { amount: -5, ..one.clone() };
                let correction = NewEntry {
                    kind: EntryKind::Correction,
                    answers: Some("aa"),
                    source: Some(Source::Press),
                    ..make.counted_entry("dd", &less)
                };
                assert_eq!(store::insert_entry(tx, &naru, &correction, make.now()).await?, 4);
                let plan =
                    NewEntry { kind: EntryKind::Plan, counted: None, source: None, ..make.counted_entry("ee", &one) };
                store::insert_entry(tx, &naru, &plan, make.now()).await?;
                // Each district counts from 1, and the same leaf id may stand in another's log.
                assert_eq!(store::insert_entry(tx, &garam, &make.counted_entry("aa", &one), make.now()).await?, 1);

                let found = store::entry_of_leaf(tx, &naru, "aa").await?.expect("entered");
                assert_eq!((found.id, found.seq, found.kind), (wanted.id, 1, EntryKind::Count));
                assert_eq!((found.body.as_slice(), found.counted.as_ref()), (wanted.body, Some(&one)));
                assert_eq!((found.source, found.answers.as_deref()), (Some(Source::Sums), None));
                assert_eq!((found.evidence_kind.as_str(), found.remark.as_str()), ("부서집계", wanted.remark));
                assert_eq!((found.recorded_by, found.confirmed_by), (make.writer, make.checker));
                assert_eq!((found.entered_at, found.sealed), (make.now(), None));
                assert_eq!(store::entry_of_leaf(tx, &garam, "bb").await?, None);
                assert_eq!(store::entry_of_leaf(tx, &naru, "zz").await?, None);

                let noted = store::entry_of_leaf(tx, &naru, "ee").await?.expect("entered");
                assert_eq!((noted.counted, noted.source), (None, None));

                assert_eq!(leaf_ids(&store::entries(tx, &naru).await?), ["aa", "bb", "cc", "dd", "ee"]);
                assert_eq!(leaf_ids(&store::entries(tx, &garam).await?), ["aa"]);
                // By period first: what an officer reads is a calendar.
                assert_eq!(leaf_ids(&store::entries_of_node(tx, &naru, "1-1-1").await?), ["bb", "aa", "dd"]);
                assert_eq!(leaf_ids(&store::entries_of_node(tx, &naru, "1-1").await?), Vec::<&str>::new());
                assert_eq!(leaf_ids(&store::corrections_of(tx, &naru, "aa").await?), ["dd"]);
                assert_eq!(leaf_ids(&store::corrections_of(tx, &garam, "aa").await?), Vec::<&str>::new());
                assert_eq!(leaf_ids(&store::latest_entries(tx, &naru, 2).await?), ["ee", "dd"]);
                assert_eq!(leaf_ids(&store::pending_entries(tx, &garam).await?), ["aa"]);
                Ok(())
            })
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn a_leaf_id_stands_once_in_a_district() {
    both(async |store: Store| {
        let twice: Outcome<()> = store
            .write(|tx| {
                Box::pin(async move {
                    let make = Maker::new();
                    let counted = counted("1-1-1", (1, 3), 5);
                    for _ in 0..2 {
                        store::insert_entry(tx, &naru(), &make.counted_entry("aa", &counted), make.now()).await?;
                    }
                    Ok(())
                })
            })
            .await;
        let told = twice.expect_err("refused").to_string();
        assert!(told.contains("entry_leaf"), "{told}");
        let left = store.read(|tx| Box::pin(async move { store::entries(tx, &naru()).await })).await.expect("read");
        assert_eq!(left, [], "nothing of the act stays");
    })
    .await;
}

#[tokio::test]
async fn a_sealed_entry_knows_its_place_and_no_place_is_given_twice() {
    both(async |store: Store| {
        on(&store, |tx| {
            Box::pin(async move {
                let make = Maker::new();
                let (naru, counted) = (naru(), counted("1-1-1", (1, 3), 5));
                for (leaf_id, body) in [("aa", "first"), ("bb", "second"), ("cc", "third")] {
                    let entry = NewEntry { body: body.as_bytes(), ..make.counted_entry(leaf_id, &counted) };
                    store::insert_entry(tx, &naru, &entry, make.now()).await?;
                }
                assert_eq!(store::latest_seal(tx, &naru).await?, None);
                let seal = |no: i64, size: i64| Seal {
                    no,
                    size,
                    root: "ab".repeat(32),
                    checkpoint: format!("checkpoint {no}\n"),
                    sealed_by: Actor::System,
                    sealed_at: make.now(),
                };
                store::insert_sealed_leaves(tx, &naru, 0, &[3, 1], (1, false), make.now()).await?;
                store::insert_seal(tx, &naru, &seal(1, 2)).await?;
                let pending = store::pending_entries(tx, &naru).await?;
                assert_eq!(leaf_ids(&pending), ["bb"]);
                let leaves = store::pending_leaves(tx, &naru).await?;
                assert_eq!(leaves.len(), 1);
                let (leaf, entry) = (&leaves[0], &pending[0]);
                assert_eq!((leaf.seq, leaf.kind, &leaf.body), (entry.seq, entry.kind, &entry.body));
                make.clock.advance_seconds(60);
                store::insert_sealed_leaves(tx, &naru, 2, &[2], (2, true), make.now()).await?;
                store::insert_sealed_leaves(tx, &naru, 3, &[], (2, true), make.now()).await?;
                store::insert_seal(tx, &naru, &seal(2, 3)).await?;
                let found = store::entry_of_leaf(tx, &naru, "bb").await?.expect("entered").sealed;
                assert_eq!(found, Some(Sealed { leaf_index: 2, seal_no: 2, sealed_at: make.now(), recovered: true }));
                assert_eq!(store::pending_entries(tx, &naru).await?, []);
                let lines = store::leaf_lines(tx, &naru).await?;
                assert_eq!(lines, [b"third".to_vec(), b"first".to_vec(), b"second".to_vec()], "in the log's order");
                assert_eq!(store::leaf_lines(tx, &garam()).await?, Vec::<Vec<u8>>::new());
                let seals = store::seals(tx, &naru).await?;
                assert_eq!(seals.iter().map(|seal| (seal.no, seal.size)).collect::<Vec<_>>(), [(1, 2), (2, 3)]);
                assert_eq!(store::latest_seal(tx, &naru).await?, Some(seal(2, 3)));
                assert_eq!(store::latest_seal(tx, &garam()).await?, None);
                Ok(())
            })
        })
        .await;
        // An entry's second place, a place's second entry, a place without an entry, a seal's second
        // number and a second seal of one size are each refused by the database itself.
        for fault in [
            "INSERT INTO sealed_leaf VALUES ('99001', 3, 1, 3, 'now', 0)",
            "INSERT INTO sealed_leaf VALUES ('99001', 1, 9, 3, 'now', 0)",
            "INSERT INTO sealed_leaf VALUES ('99001', 3, 9, 3, 'now', 0)",
            "INSERT INTO seal VALUES ('99001', 2, 9, 'r', 'c', 'system', 'now')",
            "INSERT INTO seal VALUES ('99001', 3, 3, 'r', 'c', 'system', 'now')",
        ] {
            let told = store.write(move |tx| Box::pin(async move { Ok(tx.execute(fault, args![]).await?) })).await;
            let told = told.expect_err(fault).to_string();
            assert!(told.contains("constraint") || told.contains("foreign key"), "{fault}: {told}");
        }
    })
    .await;
}

#[tokio::test]
async fn totals_add_up_under_their_key_and_by_where_they_come_from() {
    both(async |store: Store| {
        on(&store, |tx| {
            Box::pin(async move {
                let make = Maker::new();
                let naru = naru();
                let jobs = key("1-1-1", Unit::Jobs);
                for (source, amount) in
                    [(Source::Sums, 63), (Source::Press, 1000), (Source::Records, 1), (Source::Sums, -5)]
                {
                    store::add_to_total(tx, &naru, &jobs, source, amount, make.now()).await?;
                }
                store::add_to_total(tx, &naru, &key("1-1-1", Unit::Cases), Source::Sums, 9, make.now()).await?;
                store::add_to_total(tx, &garam(), &jobs, Source::Sums, 2, make.now()).await?;
                let mut totals = store::totals(tx, &naru).await?;
                totals.sort_by_key(|(key, _)| key.unit != Unit::Jobs);
                let expected = [
                    (jobs.clone(), Split { records: 1, sums: 58, press: 1000 }),
                    (key("1-1-1", Unit::Cases), Split { records: 0, sums: 9, press: 0 }),
                ];
                assert_eq!(totals, expected, "units never mix");
                store::clear_totals(tx, &naru).await?;
                assert_eq!(store::totals(tx, &naru).await?, []);
                assert_eq!(store::totals(tx, &garam()).await?.len(), 1, "another district's stay");
                Ok(())
            })
        })
        .await;
    })
    .await;
}
