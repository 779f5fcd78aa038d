//! The statements on rounds, uploads, files, rows and faults: what goes in comes out, and only there.

use iljari_base::{Actor, Clock as _, Date, DistrictCode, FixedClock, Timestamp};
use iljari_disclosure::log::words::{Field, Unit};
use iljari_ledger::record::Counting;
use iljari_store::Store;
use iljari_store::testing::both;

use super::period;
use crate::model::{Ask, Fault, Round, RowCells, RowState, SheetRow, Upload, UploadState, UploadedFile};
use crate::store;

fn now() -> Timestamp {
    FixedClock::at(Date::new(2026, 11, 20).expect("a day").at_hour(9)).now()
}

fn naru() -> DistrictCode {
    "99001".parse().expect("a code")
}

fn garam() -> DistrictCode {
    "99002".parse().expect("a code")
}

fn round(no: i64) -> Round {
    Round {
        no,
        title: "2026년 3분기 실적".to_owned(),
        period: period((7, 9)),
        deadline: Date::new(2026, 12, 4).expect("a day"),
        approval_no: "일자리정책과-12".to_owned(),
        approval_on: Date::new(2026, 11, 19),
        approval_remark: String::new(),
        opened_by: Actor::Operator,
        opened_at: now(),
    }
}

fn ask(node: &str, counting: Counting) -> Ask {
    Ask {
        node: node.parse().expect("a node"),
        name: "강변 지기".to_owned(),
        department: "일자리정책과".to_owned(),
        field: Field::Startup,
        unit: Unit::Cases,
        counting,
    }
}

fn row(no: i64) -> SheetRow {
    SheetRow {
        no,
        file_no: 1,
        sheet: "실적".to_owned(),
        cells: RowCells { code: "A9".to_owned(), own: "F9".to_owned(), ..RowCells::default() },
        node: "1-1-2".parse().expect("a node"),
        own: Some(12),
        cumulative: None,
        nothing: false,
        reason: "늦게 왔습니다".to_owned(),
        state: RowState::Read,
    }
}

#[tokio::test]
async fn a_round_comes_back_with_what_it_asked_in_its_order() {
    both(async |store: Store| {
        store
            .write(|tx| {
                Box::pin(async move {
                    assert_eq!(store::next_round_no(tx, &naru()).await?, 1);
                    let asks = [ask("1-1-2", Counting::Sums), ask("1-1-1", Counting::Records)];
                    store::insert_round(tx, &naru(), &round(1), &asks).await?;
                    store::insert_round(tx, &garam(), &round(1), &asks[..1]).await?;
                    let second = Round { approval_no: String::new(), approval_on: None, ..round(2) };
                    store::insert_round(tx, &naru(), &second, &[]).await?;
                    assert_eq!(store::next_round_no(tx, &naru()).await?, 3);
                    assert_eq!(store::rounds(tx, &naru()).await?, [second, round(1)]);
                    assert_eq!(store::round_of(tx, &naru(), 1).await?, Some(round(1)));
                    assert_eq!(store::round_of(tx, &garam(), 2).await?, None);
                    assert_eq!(store::asks(tx, &naru(), 1).await?, asks);
                    assert_eq!(store::asks(tx, &naru(), 2).await?, []);
                    Ok(())
                })
            })
            .await
            .expect("the story's statements");
    })
    .await;
}

#[tokio::test]
async fn an_upload_moves_only_from_where_it_was_seen() {
    both(async |store: Store| {
        store
            .write(|tx| {
                Box::pin(async move {
                    let (by, at) = (Actor::Operator, now());
                    let upload = |no: i64, state: UploadState| Upload {
                        no,
                        round_no: 1,
                        uploaded_by: by,
                        uploaded_at: at,
                        state,
                    };
                    for no in 1..=3 {
                        assert_eq!(store::next_upload_no(tx, &naru()).await?, no);
                        store::insert_upload(tx, &naru(), &upload(no, UploadState::Previewed)).await?;
                    }
                    let seen = store::upload_of(tx, &naru(), 1).await?.expect("there");
                    assert_eq!(seen, upload(1, UploadState::Previewed));
                    assert!(!store::move_upload(tx, &naru(), &seen, &UploadState::Previewed).await?);
                    let waiting = UploadState::Waiting { by, at };
                    assert!(store::move_upload(tx, &naru(), &seen, &waiting).await?);
                    assert!(!store::move_upload(tx, &naru(), &seen, &waiting).await?, "somebody was faster");
                    assert_eq!(store::uploads_waiting(tx, &naru()).await?, [upload(1, waiting.clone())]);
                    assert_eq!(store::uploads_waiting(tx, &garam()).await?, []);
                    let applying = UploadState::Applying { submitted_by: by, by: Actor::System, at };
                    assert!(store::move_upload(tx, &naru(), &upload(1, waiting), &applying).await?);
                    assert_eq!(store::uploads_applying(tx).await?, [(naru(), 1)]);
                    let applied = UploadState::Applied { by: Actor::System, at, finished_at: at };
                    assert!(store::move_upload(tx, &naru(), &upload(1, applying), &applied).await?);
                    assert_eq!(store::uploads_applying(tx).await?, []);
                    let back = UploadState::SentBack { by, at, reason: "3행".to_owned() };
                    assert!(store::move_upload(tx, &naru(), &upload(2, UploadState::Previewed), &back).await?);
                    let gone = UploadState::Withdrawn { at };
                    assert!(store::move_upload(tx, &naru(), &upload(3, UploadState::Previewed), &gone).await?);
                    let states = [upload(3, gone), upload(2, back), upload(1, applied)];
                    assert_eq!(store::uploads_of_round(tx, &naru(), 1).await?, states);
                    assert_eq!(store::uploads_of_round(tx, &naru(), 2).await?, []);
                    Ok(())
                })
            })
            .await
            .expect("the story's statements");
    })
    .await;
}

#[tokio::test]
async fn files_rows_and_faults_come_back_as_they_were_kept() {
    both(async |store: Store| {
        store
            .write(|tx| {
                Box::pin(async move {
                    let upload = Upload {
                        no: 1,
                        round_no: 1,
                        uploaded_by: Actor::Operator,
                        uploaded_at: now(),
                        state: UploadState::Previewed,
                    };
                    store::insert_upload(tx, &naru(), &upload).await?;
                    let file = UploadedFile { no: 1, name: "실적.xlsx".to_owned(), sha256: "ab".repeat(32) };
                    store::insert_file(tx, &naru(), 1, &file, b"PK\x00\x01", now()).await?;
                    assert_eq!(store::files_of(tx, &naru(), 1).await?, std::slice::from_ref(&file));
                    assert_eq!(store::files_of(tx, &garam(), 1).await?, []);
                    assert_eq!(store::file_body(tx, &naru(), 1, 1).await?.as_deref(), Some(b"PK\x00\x01".as_slice()));
                    assert_eq!(store::file_body(tx, &naru(), 1, 2).await?, None);
                    assert_eq!(store::upload_with_content(tx, &naru(), 1, &file.sha256).await?, Some(1));
                    assert_eq!(store::upload_with_content(tx, &naru(), 2, &file.sha256).await?, None);
                    let gone = UploadState::Withdrawn { at: now() };
                    assert!(store::move_upload(tx, &naru(), &upload, &gone).await?);
                    assert_eq!(store::upload_with_content(tx, &naru(), 1, &file.sha256).await?, None);

                    let none = SheetRow { own: None, cumulative: Some(-3), nothing: true, ..row(2) };
                    for row in [row(1), none.clone(), row(3), row(4), row(5)] {
                        store::insert_row(tx, &naru(), 1, &row, now()).await?;
                    }
                    assert_eq!(store::rows_of(tx, &naru(), 1).await?[..2], [row(1), none]);
                    assert_eq!(store::rows_of(tx, &garam(), 1).await?, []);
                    let states = [
                        RowState::Staged("stg_1".to_owned()),
                        RowState::Same,
                        RowState::Applied("ab".repeat(16)),
                        RowState::Refused("이미 올라와 있습니다.".to_owned()),
                        RowState::Staged("stg_5".to_owned()),
                    ];
                    for (row_no, state) in (1_i64..).zip(&states) {
                        store::set_row_state(tx, &naru(), 1, row_no, state).await?;
                    }
                    let found: Vec<RowState> =
                        store::rows_of(tx, &naru(), 1).await?.into_iter().map(|row| row.state).collect();
                    assert_eq!(found, states);
                    let next: Vec<i64> =
                        store::rows_staged(tx, &naru(), 1, 1).await?.into_iter().map(|row| row.no).collect();
                    assert_eq!(next, [1]);
                    assert_eq!(store::rows_staged(tx, &naru(), 1, i64::MAX).await?.len(), 2);

                    let fault = |cell: &str, blocks: bool| Fault {
                        file_no: 1,
                        sheet: "실적".to_owned(),
                        cell: cell.to_owned(),
                        stood: "2O4".to_owned(),
                        what: "영어 글자 O가 들어 있습니다".to_owned(),
                        todo: "다시 적어 주세요".to_owned(),
                        blocks,
                    };
                    store::insert_faults(tx, &naru(), 1, &[fault("D17", true), fault("", false)], now()).await?;
                    assert_eq!(store::faults_of(tx, &naru(), 1).await?, [fault("D17", true), fault("", false)]);
                    assert_eq!(store::faults_of(tx, &naru(), 2).await?, []);
                    Ok(())
                })
            })
            .await
            .expect("the story's statements");
    })
    .await;
}
