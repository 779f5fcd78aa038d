//! The access log: complete, chained, growing only.

use iljari_base::{Month, id};
use iljari_store::testing::{both, script};
use iljari_store::{Engine, Store, args};

use super::kit::{TestOffice, day, district};
use crate::access::{
    Access, BrokenLine, BrokenWhy, NOBODYS, Whose, download_reason, log_access, month_file_lines, month_lines,
    own_lines, readable, verify_access_log,
};
use crate::cx::Cx;

async fn write(office: &TestOffice, cx: &Cx, access: Access) {
    let cx = cx.clone();
    office.act(move |tx| Box::pin(async move { log_access(tx, &cx, access).await })).await.expect("logged");
}

async fn broken(office: &TestOffice) -> Option<BrokenLine> {
    office.act(|tx| Box::pin(async move { verify_access_log(tx, &district()).await })).await.expect("verified")
}

/// Lets a test do what the triggers refuse.
async fn without_triggers(office: &TestOffice, sql: &str) {
    let off = match office.office.store.engine() {
        Engine::Sqlite => "DROP TRIGGER IF EXISTS access_log_no_update; DROP TRIGGER IF EXISTS access_log_no_delete;",
        Engine::Postgres => "ALTER TABLE access_log DISABLE TRIGGER USER;",
    };
    script(&office.office.store, &format!("{off} {sql};")).await.expect("the script");
}

#[tokio::test]
async fn a_line_has_the_five_things_and_a_download_its_reason() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        let officer = office.officer("한시범", &[]).await;
        let cx = office.by(officer);
        write(&office, &cx, Access::to("계획 열람", Whose::Nobody)).await;
        let reason = download_reason("11월 접속기록 점검").expect("a reason");
        write(
            &office,
            &cx,
            Access::download("접속기록 내려받기 2026-11", Whose::Receipt("동행-1187".to_owned()), reason),
        )
        .await;
        let asked = cx.clone();
        let lines = office
            .act(move |tx| Box::pin(async move { own_lines(tx, &asked.district, asked.actor, 10).await }))
            .await
            .expect("read");
        assert_eq!(lines.len(), 2);
        let (download, look) = (&lines[0], &lines[1]);
        assert_eq!(
            (
                look.account.as_str(),
                look.address.as_str(),
                look.subject.as_str(),
                look.act.as_str(),
                look.reason.as_deref()
            ),
            ("한시범", "10.0.0.7", NOBODYS, "계획 열람", None)
        );
        assert_eq!(look.at, office.now().to_string());
        assert!(look.id.parse::<iljari_base::Id<id::Access>>().is_ok());
        assert_eq!(
            (download.subject.as_str(), download.download, download.reason.as_deref()),
            ("접수번호 동행-1187", true, Some("11월 접속기록 점검"))
        );
        assert_eq!(download.prev_hash, look.hash);
        assert_eq!(broken(&office).await, None);

        let month = Month::from_number(202611).expect("a month");
        let (shown, count) = office
            .act(move |tx| Box::pin(async move { month_lines(tx, &district(), month).await }))
            .await
            .expect("read");
        let filed = office
            .act(move |tx| Box::pin(async move { month_file_lines(tx, &district(), month).await }))
            .await
            .expect("read");
        assert_eq!((i64::try_from(shown.len()).expect("few"), shown == filed), (count, true));
        let next = Month::from_number(202612).expect("a month");
        let (_, none) = office
            .act(move |tx| Box::pin(async move { month_lines(tx, &district(), next).await }))
            .await
            .expect("read");
        assert_eq!(none, 0);
    })
    .await;
}

#[tokio::test]
async fn the_table_takes_no_line_with_a_hole() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        let columns = ["actor", "account", "address", "subject", "act"];
        for hole in columns {
            for nothing in [Some(""), Some("  "), None] {
                let value = |column: &str| if column == hole { nothing.map(str::to_owned) } else { Some("x".to_owned()) };
                let values: Vec<Option<String>> = columns.iter().map(|column| value(column)).collect();
                let refused = office
                    .act(move |tx| {
                        Box::pin(async move {
                            let mut values = values.into_iter();
                            let mut next = || values.next().flatten();
                            tx.execute(
                                "INSERT INTO access_log (district, seq, id, actor, account, address, subject, act, download, prev_hash, hash, created_at)
                                 VALUES ('11999', 99, 'x', $1, $2, $3, $4, $5, 0, '', '', 'x')",
                                args![next(), next(), next(), next(), next()],
                            )
                            .await?;
                            Ok(())
                        })
                    })
                    .await;
                assert!(refused.is_err(), "{hole} {nothing:?}");
            }
        }
        for reason in [None, Some("점검"), Some("     "), Some("월간점검입니다")] {
            let written = office
                .act(move |tx| {
                    Box::pin(async move {
                        tx.execute(
                            "INSERT INTO access_log (district, seq, id, actor, account, address, subject, act, download, reason, prev_hash, hash, created_at)
                             VALUES ('11999', 99, 'x', 'x', 'x', 'x', 'x', 'x', 1, $1, '', '', 'x')",
                            args![reason],
                        )
                        .await?;
                        Ok(())
                    })
                })
                .await;
            assert_eq!(written.is_ok(), reason == Some("월간점검입니다"), "{reason:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_only_grows_refuses_the_rest() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        let officer = office.officer("한시범", &[]).await;
        let other = office.officer("홍예시", &[]).await;
        let _guess = office.try_door("한시범", "틀린 비밀번호", "1", "192.0.2.1", None).await;
        let cx = office.by(officer);
        let wanted = crate::handover::HandoverWanted {
            from: officer,
            to: other,
            effective_on: day("2026-12-01"),
            remark: String::new(),
        };
        office
            .act(move |tx| Box::pin(async move { crate::handover::hand_over(tx, &cx, wanted).await }))
            .await
            .expect("handed over");
        for sql in [
            "UPDATE access_log SET act = 'x'",
            "DELETE FROM access_log",
            "UPDATE rights_history SET detail = 'x'",
            "DELETE FROM rights_history",
            "UPDATE handover SET remark = 'x'",
            "DELETE FROM handover",
            "UPDATE sign_in_attempt SET result = 'x'",
            "DELETE FROM sign_in_attempt",
            "DELETE FROM officer",
        ] {
            let refused = office.act(move |tx| Box::pin(async move { Ok(tx.execute(sql, vec![]).await?) })).await;
            let refused = refused.expect_err(sql).to_string();
            assert!(refused.contains("a trigger refused it"), "{sql}: {refused}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_changed_line_is_named() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        let officer = office.officer("한시범", &[]).await;
        for number in 0..5 {
            write(&office, &office.by(officer), Access::to(format!("일 {number}"), Whose::Officer(officer))).await;
        }
        assert_eq!(broken(&office).await, None);
        let changed = |seq| Some(BrokenLine { seq, why: BrokenWhy::Changed });
        for (column, other, back) in [
            ("act", "'다른 일'", "'일 2'"),
            ("address", "'10.0.0.8'", "'10.0.0.7'"),
            ("account", "'홍예시'", "'한시범'"),
            ("subject", "'해당 없음'", &*format!("'담당자 {officer}'")),
            ("reason", "'나중에 붙인 이유'", "NULL"),
            ("created_at", "'2026-11-23T01:00:00.000001Z'", &*format!("'{}'", office.now())),
        ] {
            // The first line is the invitation's.
            without_triggers(&office, &format!("UPDATE access_log SET {column} = {other} WHERE seq = 4")).await;
            assert_eq!(broken(&office).await, changed(4), "{column}");
            without_triggers(&office, &format!("UPDATE access_log SET {column} = {back} WHERE seq = 4")).await;
            assert_eq!(broken(&office).await, None, "{column} put back");
        }
        // Cut off at the end, and from the middle.
        without_triggers(&office, "DELETE FROM access_log WHERE seq = 6").await;
        assert_eq!(broken(&office).await, Some(BrokenLine { seq: 6, why: BrokenWhy::Missing }));
        without_triggers(&office, "DELETE FROM access_log WHERE seq = 3").await;
        assert_eq!(broken(&office).await, Some(BrokenLine { seq: 3, why: BrokenWhy::Missing }));
    })
    .await;
}

#[tokio::test]
async fn a_rewritten_line_does_not_fit_the_next() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        let officer = office.officer("한시범", &[]).await;
        write(&office, &office.by(officer), Access::to("일 하나", Whose::Nobody)).await;
        write(&office, &office.by(officer), Access::to("일 둘", Whose::Nobody)).await;
        // Whoever can compute hashes rewrites line 2 whole; line 3 still points to the old one.
        let lines = office
            .act(|tx| Box::pin(async move { crate::store::access_lines_after(tx, &district(), 1, 1).await }))
            .await
            .expect("read");
        let forged = lines[0].forged("다른 일", &district());
        without_triggers(&office, &format!("UPDATE access_log SET act = '다른 일', hash = '{forged}' WHERE seq = 2"))
            .await;
        assert_eq!(broken(&office).await, Some(BrokenLine { seq: 3, why: BrokenWhy::Unlinked }));
    })
    .await;
}

#[tokio::test]
async fn an_auditor_reads_names_where_the_log_holds_ids() {
    both(async |store: Store| {
        let office = TestOffice::over(store).await;
        let officer = office.officer("한시범", &[]).await;
        let other = office.officer("김보기", &[]).await;
        let cx = office.by(officer);
        let gone: iljari_base::Id<id::Officer> = "ofc_01kb3wmz8q0000000000000001".parse().expect("an id");
        let staged = "stg_01kb3wmz8q0000000000000002";
        write(&office, &cx, Access::to("담당자 정보 열람", Whose::Officer(other))).await;
        write(&office, &cx, Access::to("담당자 정보 열람", Whose::Officer(gone))).await;
        write(&office, &cx, Access::to(format!("실적 작성 {staged}"), Whose::Nobody)).await;
        let asked = cx.clone();
        let lines = office
            .act(move |tx| {
                Box::pin(async move {
                    let lines = own_lines(tx, &asked.district, asked.actor, 10).await?;
                    Ok(readable(&lines, &crate::admin::officers(tx, &asked.district).await?))
                })
            })
            .await
            .expect("read");
        let said = lines.iter().map(|line| (line.subject.as_str(), line.act.as_str(), line.thing.as_str()));
        let expected = [
            (NOBODYS, "실적 작성", staged),
            ("지난 담당자", "담당자 정보 열람", ""),
            ("담당자 김보기", "담당자 정보 열람", ""),
        ];
        assert_eq!(said.collect::<Vec<_>>(), expected);
        assert_eq!(broken(&office).await, None, "the log itself still holds what was written");
    })
    .await;
}
