//! Tables by 동: known names, sums, and no small number that can be read or computed.

use iljari_base::quantity::grouped;

use crate::plan::codes::Code;
use crate::plan::model::{District, DongTable, DongValue, ROOT, SMALL_BELOW};
use crate::plan::read::dangling;
use crate::plan::{Problem, Problems};
use iljari_authored::both;

pub(super) fn check(district: &District, whole: bool, problems: &mut Problems) {
    for table in &district.dong_tables {
        names(district, table, problems);
        if whole && table.node != ROOT && !district.knows_node(&table.node) {
            let known: Vec<&str> =
                district.plans.iter().flat_map(|plan| &plan.nodes).map(|node| node.id.as_str()).collect();
            problems.push(dangling(&table.place, &table.node, &known));
        }
        small(table, problems);
        sum(district, table, problems);
    }
}

fn names(district: &District, table: &DongTable, problems: &mut Problems) {
    for (name, _) in table.values.iter().filter(|(name, _)| !district.dongs.contains(name)) {
        let title = both!("'{name}'[은/는] 이 구의 동이 아닙니다", "'{name}' is no 동 of this district");
        let todo = both!(
            "구 파일의 '동' 목록에 있는 이름으로 적어 주세요",
            "use a name of the list '동' in the district's file"
        );
        problems.push(Problem::new(Code::UnknownDong, &table.place, title).found_text(name).todo(todo));
    }
}

/// A number below five is shown by nobody, and neither is a single hidden one beside its sum.
fn small(table: &DongTable, problems: &mut Problems) {
    for (name, value) in &table.values {
        let DongValue::Known(figure) = value else { continue };
        if figure.count().is_some_and(|number| (1..SMALL_BELOW).contains(&number)) {
            let title = both!(
                "'{name}'의 수가 너무 작아 사람을 알아볼 수 있습니다",
                "the number of '{name}' is so small that it shows people"
            );
            let todo = both!(
                "'5 미만'으로 적고, 다른 동 하나를 '비공개'로 가려 주세요",
                "write '5 미만' and hide one more 동 with '비공개'"
            );
            problems.push(Problem::new(Code::SmallCell, &figure.place, title).found_text(&figure.text()).todo(todo));
        }
    }
    let alone = table.hidden() == 1 && table.total.is_some() && table.values.len() > 1;
    if alone {
        let title = both!(
            "가린 수가 하나뿐이라 계에서 되짚을 수 있습니다",
            "one hidden number alone can be computed from the sum"
        );
        let todo = both!(
            "다른 동 하나를 '비공개'로 가리거나 '계'를 빼 주세요",
            "hide one more 동 with '비공개', or leave '계' out"
        );
        problems.push(Problem::new(Code::SmallCell, &table.place, title).todo(todo));
    }
}

fn sum(district: &District, table: &DongTable, problems: &mut Problems) {
    let Some(total) = table.total.as_ref().and_then(|figure| Some((figure.count()?, figure))) else { return };
    let known = table.values.iter().filter_map(|(_, value)| match value {
        DongValue::Known(figure) => figure.count(),
        DongValue::Small | DongValue::Withheld => None,
    });
    let all: i64 = known.fold(0, i64::saturating_add);
    let complete = table.hidden() == 0 && district.dongs.iter().all(|dong| table.value(dong).is_some());
    if all > total.0 || (complete && all != total.0) {
        let (all, written) = (grouped(all), grouped(total.0));
        let title = both!("동을 더한 값이 계와 다릅니다", "the 동 do not add up to the sum");
        let found = both!("더하면 {all}, 계는 {written}", "they add up to {all}, the sum says {written}");
        let todo = both!("동의 수와 계를 다시 봐 주세요", "look at the numbers and the sum again");
        problems.push(Problem::new(Code::DongSum, &total.1.place, title).found(found).todo(todo));
    }
}
