//! What runs by the clock: at every start, and once a day (정해진 때 도는 일).
//!
//! Owns: when. Does not own: what a chore does, nor whether doing it twice hurts: it never does, so that
//! several nodes may run the same one. What a newcomer gets wrong: letting a chore that failed keep
//! the office closed. It says so, and is tried again.

use std::sync::Arc;
use std::time::Duration;

use iljari_base::{Date, Outcome};
use iljari_ledger::rotate;
use iljari_people::residents::Safe;
use iljari_web::Office;
use iljari_web::recurring::{self, Recurring};

use crate::backup;

/// How often the clock is asked whether a new day has begun, or a failed chore is tried again.
const LOOK_AGAIN: Duration = Duration::from_secs(600);

/// Runs every chore once a day, for as long as it is polled. The first run is at once.
pub async fn daily(office: Arc<Office>) {
    let mut done_on: Option<Date> = None;
    let mut ticks = tokio::time::interval(LOOK_AGAIN);
    loop {
        ticks.tick().await;
        let today = office.clock.today();
        let new_day = done_on != Some(today);
        if new_day && run(&office).await {
            done_on = Some(today);
        }
        tell_recurring(&office, new_day).await;
    }
}

/// How old a restore drill may be (복구 연습), in days: once a week, and a day more.
const DRILL_DAYS: i64 = 8;

/// How old the Monday of the newest week key may be, in days. Were it never changed, what is erased could not become
/// unreadable within 35 days (ADR 15), so this is told while there is time.
const WEEK_KEY_DAYS: i64 = 14;

/// Says where `/readyz`, `/metrics` and the log are read what people have to do again and again. A demo has nobody who
/// would, so it says nothing. The log hears it once a day.
async fn tell_recurring(office: &Office, aloud: bool) {
    if office.demo {
        return;
    }
    match recurring_of(office).await {
        Ok(known) => {
            for one in known.iter().filter(|one| aloud && one.is_overdue(office.clock.now())) {
                tracing::warn!(recurring.what = one.what, recurring.district = one.district, "overdue");
            }
            recurring::tell(known);
        }
        Err(stop) => eprintln!("되풀이할 일의 때를 살피지 못했습니다. 10분 뒤에 다시 합니다: {stop}"),
    }
}

/// The drill, each district's signing key, and the key that residents' keys are wrapped with. The last one changes by
/// itself every week ([`run`]); where it does not, the chore has failed for a week and more.
async fn recurring_of(office: &Office) -> Outcome<Vec<Recurring>> {
    let whole = |what, last, days| Recurring { what, district: String::new(), last, days };
    let week = Safe::existing(&office.keys, office.clock.as_ref())?.newest_week().map(|week| week.at_hour(0));
    let mut known = vec![
        whole("backup-drill", backup::drilled_at(&office.keys)?, DRILL_DAYS),
        whole("week-key", week, WEEK_KEY_DAYS),
    ];
    let keys = office.store.read(|tx| {
        Box::pin(async move {
            let mut keys = Vec::new();
            for district in iljari_plans::store::districts(tx).await? {
                // Before the first seal there is no key that could grow old.
                if let Some(since) = rotate::signs_since(tx, &district.code).await? {
                    keys.push((district.code.to_string(), since));
                }
            }
            Ok(keys)
        })
    });
    known.extend(keys.await?.into_iter().map(|(district, since)| Recurring {
        what: "signing-key",
        district,
        last: Some(since),
        days: rotate::DUE_AFTER_DAYS,
    }));
    Ok(known)
}

/// Runs every chore now; whether all went well.
pub async fn run(office: &Arc<Office>) -> bool {
    let keys = match iljari_people::residents::rotate_keys(office).await {
        Ok(_) => true,
        Err(stop) => {
            eprintln!("주민 정보의 주 열쇠를 갈지 못했습니다. 10분 뒤에 다시 합니다: {stop}");
            false
        }
    };
    keys & forget_old_forms(office).await
}

/// Forms that are too old to be sent again need no memory.
async fn forget_old_forms(office: &Office) -> bool {
    match iljari_web::once::forget_old(office).await {
        Ok(_) => true,
        Err(stop) => {
            eprintln!("지난 양식의 기록을 지우지 못했습니다. 10분 뒤에 다시 합니다: {stop}");
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    use iljari_base::{Actor, FixedClock, SeededEntropy};
    use iljari_ledger::adopt::{NewFile, adopt};
    use iljari_people::{Cx, OfficeGate};
    use iljari_plans::store::{DistrictRow, put_district};
    use iljari_store::testing::FreshSqlite;

    async fn office(fresh: &FreshSqlite, clock: &Arc<FixedClock>) -> Arc<Office> {
        let office = Arc::new(Office {
            gate: Arc::new(OfficeGate::new(fresh.store.clone())),
            store: fresh.store.clone(),
            clock: clock.clone(),
            entropy: Arc::new(SeededEntropy::new("chores")),
            demo: false,
            published: fresh.folder.path().join("published"),
            keys: fresh.folder.path().join("keys"),
        });
        let code = "99001".parse().expect("a code");
        let cx = Cx::inside(&office, Actor::Operator, code);
        let plan = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../districts/naru/term-2023.yaml");
        let plan = NewFile {
            kind: "종합계획".to_owned(),
            reference: Some("종합-2023".parse().expect("a name")),
            file_name: "term-2023.yaml".to_owned(),
            body: std::fs::read(plan).expect("a file"),
        };
        let act = office.store.write(move |tx| {
            Box::pin(async move {
                let row = DistrictRow { code: cx.district.clone(), name: "나루구".to_owned(), is_sample: true };
                put_district(tx, &row, cx.now()).await?;
                adopt(tx, &cx, plan).await
            })
        });
        act.await.expect("adopted");
        office
    }

    #[tokio::test]
    async fn drills_and_keys_that_are_overdue_are_known_and_doing_them_ends_it() {
        let fresh = FreshSqlite::make().await;
        let clock = Arc::new(FixedClock::at(Date::new(2026, 11, 2).expect("a day").at_hour(9)));
        let office = office(&fresh, &clock).await;
        let code = "99001".parse().expect("a code");
        let overdue = async |office: &Office| {
            let known = recurring_of(office).await.expect("looked");
            let late = known.into_iter().filter(|one| one.is_overdue(office.clock.now()));
            late.map(|one| one.what).collect::<Vec<_>>()
        };
        assert!(run(&office).await, "this week's key is made");
        assert_eq!(overdue(&office).await, ["backup-drill"], "never practised, and nothing signed yet");
        iljari_ledger::seal::seal(&office, &code, Actor::Operator).await.expect("sealed").expect("the plan's leaf");
        std::fs::write(office.keys.join("backup-drill"), format!("{}\n", office.clock.now())).expect("written");
        assert_eq!(overdue(&office).await, Vec::<&str>::new());
        clock.advance_seconds(9 * 86_400);
        assert_eq!(overdue(&office).await, ["backup-drill"]);
        // The chore does not run for a month, as if the program stood still.
        clock.advance_seconds(6 * 86_400);
        assert_eq!(overdue(&office).await, ["backup-drill", "week-key"]);
        clock.advance_seconds(17 * 86_400);
        assert_eq!(overdue(&office).await, ["backup-drill", "week-key", "signing-key"]);
        assert!(run(&office).await);
        rotate::rotate(&office, &code, Actor::Operator).await.expect("rotated");
        assert_eq!(overdue(&office).await, ["backup-drill"]);
        fresh.store.close().await;
    }
}
