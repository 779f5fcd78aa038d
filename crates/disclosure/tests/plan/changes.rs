//! What changed between two versions, in sentences.

use iljari_disclosure::plan::{ChangeKind, District, Lang, check, diff, render_changes};

use crate::small;

fn with(change: impl Fn(String) -> String) -> District {
    let mut files = small();
    files[1].1 = change(files[1].1.clone());
    check(&files).district.expect("a district")
}

#[test]
fn nothing_changed_says_so() {
    let district = with(|text| text);
    assert!(diff(&district, &district).is_empty());
    assert_eq!(render_changes(&[], Lang::Ko), "달라진 것이 없습니다.\n");
    let moved = with(|text| {
        text.replace("금액 단위: 백만원\n", "").replace("출처: 계획서\n", "출처: 계획서\n금액 단위: 백만원 # moved\n")
    });
    assert!(diff(&district, &moved).is_empty(), "moving a key is no change");
}

#[test]
fn changes_are_said_clause_by_clause() {
    let old = with(|text| text);
    let new = with(|text| {
        text.replace("2025: 120", "2025: {값: 90, 까닭: 국비가 줄었다}")
            .replace("계: 460", "계: 430")
            .replace("담당부서: 어르신복지과", "담당부서: 일자리정책과")
            .replace("이름: 청년 일 경험", "이름: 청년 첫 일")
            .replace("국비: 6", "국비: 7")
            .replace("계: 10}", "계: 11}")
            .replace("부문: 창업지원", "부문: 직업능력개발훈련")
            + "      - {번호: 장애인, 이름: 장애인 일자리, 부문: 직접일자리 창출, 목표: 자료 없음, 세는 기준: 자리}\n"
            + "비전: 모두의 일자리\n"
    });
    let changes = diff(&old, &new);
    insta::assert_snapshot!(format!("{}\n{}", render_changes(&changes, Lang::Ko), render_changes(&changes, Lang::En)));
    assert!(changes.iter().any(|change| change.kind == ChangeKind::Added));
    let back = diff(&new, &old);
    assert_eq!(back.len(), changes.len());
}
