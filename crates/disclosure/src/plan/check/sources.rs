//! Sources: every number of a real district has one, and it is listed.

use std::collections::BTreeSet;

use super::figures;
use crate::plan::codes::Code;
use crate::plan::model::District;
use crate::plan::read::closest;
use crate::plan::{Problem, Problems};
use iljari_authored::Place;
use iljari_authored::{both, quoted};

pub(super) fn check(district: &District, cited: &[(String, Place)], whole: bool, problems: &mut Problems) {
    for figure in figures(district) {
        if figure.sources.is_empty() && !district.is_sample {
            let title = both!("출처 없는 숫자입니다", "a number without a source");
            let expected =
                both!("실제 구의 숫자에는 모두 출처가 있어야 합니다", "every number of a real district has a source");
            let todo = both!(
                "이 숫자나 그것을 감싼 곳에 '출처: …'를 적어 주세요",
                "add '출처: …' to the number or to what encloses it"
            );
            let problem = Problem::new(Code::NoSource, &figure.place, title).found_text(&figure.text());
            problems.push(problem.expected(expected).todo(todo));
        }
    }
    if !whole {
        return;
    }
    let known: Vec<&str> = district.sources.keys().map(String::as_str).collect();
    for (id, place) in cited.iter().filter(|(id, _)| !known.contains(&id.as_str())) {
        let it = quoted(id, "은/는");
        let title = both!("{it} 출처 목록에 없습니다", "the source '{id}' is not listed");
        let todo = match closest(id, &known) {
            Some(word) => both!("'{word}'인가요?", "did you mean '{word}'?"),
            None => both!("구 파일의 '출처 목록'에 더해 주세요", "add it to '출처 목록' in the district's file"),
        };
        problems.push(Problem::new(Code::UnknownSource, place, title).found_text(id).todo(todo));
    }
    let used: BTreeSet<&str> = cited.iter().map(|(id, _)| id.as_str()).collect();
    for source in district.sources.values().filter(|source| !used.contains(source.id.as_str())) {
        let it = quoted(&source.id, "을/를");
        let id = &source.id;
        let title = both!("출처 {it} 아무 데서도 쓰지 않습니다", "nothing cites the source '{id}'");
        let todo = both!("쓸 곳에 적거나 지워 주세요", "cite it where it belongs, or delete it");
        problems.push(Problem::new(Code::UnusedSource, &source.place, title).todo(todo));
    }
}
