//! What runs by the clock: at every start, and once a day (정해진 때 도는 일).
//!
//! Owns: when. Does not own: what a chore does, nor whether doing it twice hurts: it never does, so that
//! several nodes may run the same one. What a newcomer gets wrong: letting a chore that failed keep
//! the office closed. It says so, and is tried again.

use std::sync::Arc;
use std::time::Duration;

use iljari_base::Date;
use iljari_web::Office;

/// How often the clock is asked whether a new day has begun, or a failed chore is tried again.
const LOOK_AGAIN: Duration = Duration::from_secs(600);

/// Runs every chore once a day, for as long as it is polled. The first run is at once.
pub async fn daily(office: Arc<Office>) {
    let mut done_on: Option<Date> = None;
    let mut ticks = tokio::time::interval(LOOK_AGAIN);
    loop {
        ticks.tick().await;
        let today = office.clock.today();
        if done_on != Some(today) && run(&office).await {
            done_on = Some(today);
        }
    }
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
