//! What a collection has to say on the office's first page: who still owes numbers, what waits for a
//! second person.

use iljari_base::{Date, DistrictCode, Outcome};
use iljari_store::Tx;
use iljari_web::{Answer, Hint};

use crate::board::time_left;
use crate::look::boards;
use crate::store;

/// How many days after its deadline a round without an answer is still spoken of.
const REMEMBERED_DAYS: i64 = 60;

/// The hints of a district.
pub fn hints(tx: &mut Tx, district: DistrictCode, today: Date) -> Answer<'_, Vec<Hint>> {
    Box::pin(async move { told(tx, &district, today).await })
}

async fn told(tx: &mut Tx, district: &DistrictCode, today: Date) -> Outcome<Vec<Hint>> {
    let mut hints = Vec::new();
    for upload in store::uploads_waiting(tx, district).await? {
        hints.push(Hint {
            what: "취합 · 확인을 기다리는 파일".to_owned(),
            said: "부서에서 받은 숫자를 다른 담당자가 확인해야 반영됩니다.".to_owned(),
            href: format!("/office/collection/{}/uploads/{}", upload.round_no, upload.no),
            late: false,
        });
    }
    for (round, lines) in boards(tx, district).await? {
        let owing = lines.iter().filter(|line| line.state.owes()).count();
        let left = round.days_left(today);
        if owing == 0 || left < -REMEMBERED_DAYS {
            continue;
        }
        hints.push(Hint {
            what: format!("취합 · {}", round.title),
            said: format!("{}. 아직 내지 않은 부서가 {owing}곳 있습니다.", time_left(&round, today)),
            href: format!("/office/collection/{}", round.no),
            late: left < 0,
        });
    }
    Ok(hints)
}
