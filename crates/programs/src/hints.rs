//! What calls have to say on the office's first page: objections that wait, a selection to be made again, people
//! to be asked how they are, applications that were opened by somebody else.

use iljari_base::{Date, DistrictCode, Outcome};
use iljari_store::Tx;
use iljari_web::{Answer, Hint};

use crate::again::unsettled;
use crate::model::Call;
use crate::{after, assigned, store};

/// The hints of a district.
pub fn hints(tx: &mut Tx, district: DistrictCode, today: Date) -> Answer<'_, Vec<Hint>> {
    Box::pin(async move { told(tx, &district, today).await })
}

async fn told(tx: &mut Tx, district: &DistrictCode, today: Date) -> Outcome<Vec<Hint>> {
    let mut hints = Vec::new();
    for call in store::calls(tx, district).await?.into_iter().filter(Call::is_public) {
        let title = &call.terms.title;
        let base = format!("/office/calls/{}", call.no);
        let looks = assigned::lately(tx, district, today, call.no).await?;
        if looks > 0 {
            hints.push(Hint {
                what: format!("긴급 열람 · {title}"),
                said: format!("지난 7일 동안 맡지 않은 담당자가 까닭을 적고 신청을 {looks}번 열었습니다."),
                href: format!("{base}#looks"),
                late: false,
            });
        }
        let Some(run) = store::confirmed_run(tx, district, call.no).await? else { continue };
        let objections = store::objections(tx, district, call.no).await?;
        let open: Vec<Date> = objections.iter().filter(|it| it.open).map(|it| it.answer_due_on).collect();
        if let Some(first) = open.iter().min() {
            hints.push(Hint {
                what: format!("이의신청 · {title}"),
                said: format!("{}건이 답을 기다립니다. 가장 이른 기한은 {}입니다.", open.len(), first.korean()),
                href: format!("{base}/work"),
                late: *first < today,
            });
        }
        let upheld = unsettled(&objections, &run).count();
        if upheld > 0 {
            hints.push(Hint {
                what: format!("다시 선발 · {title}"),
                said: format!("받아들인 이의신청 {upheld}건이 다시 선발을 기다립니다."),
                href: format!("{base}/selection"),
                late: false,
            });
        }
        let due = after::people(tx, district, call.no, today).await?.iter().filter(|it| it.due.is_some()).count();
        if due > 0 {
            hints.push(Hint {
                what: format!("사후 확인 · {title}"),
                said: format!("{due}명에게 어떻게 지내는지 여쭐 때입니다."),
                href: format!("{base}/outcomes"),
                late: false,
            });
        }
    }
    Ok(hints)
}
