//! The plan page empty, ordinary and at its largest.

use iljari_base::DistrictCode;
use iljari_web::{DisplayPrefs, PublicNav, Shell};

use super::plan::{LayerRow, PlanPage, YearLink};
use super::plan_sections::{Change, ChapterView, TableView};
use super::tree_view::{Block, Group, MoneyCell, Row, TargetCell};
use super::words::{NOTHING, SourceView};

/// Empty, ordinary, extreme.
pub(crate) fn all() -> Vec<PlanPage> {
    vec![empty(), ordinary(), extreme()]
}

fn empty() -> PlanPage {
    let district = "99001".parse::<DistrictCode>().ok().map(|code| iljari_web::District::new(code, "나루구"));
    PlanPage {
        shell: Shell::public(&DisplayPrefs::sample(), "2026년 계획", district, PublicNav::Plan)
            .crumb("진행 상황", "/districts/99001")
            .here("2026년 계획"),
        eyebrow: "연차계획 · 2026년 나루구 일자리대책 세부계획".to_owned(),
        is_sample: true,
        title: "나루구의 2026년 계획에는 사업 목록이 없습니다".to_owned(),
        vision: String::new(),
        years: vec![link(2026, true)],
        facts: vec![fact("연차계획", "2026년 나루구 일자리대책 세부계획 (2026년)"), fact("공시일", NOTHING)],
        said: Vec::new(),
        year: "2026".to_owned(),
        layers: Vec::new(),
        changes: Vec::new(),
        partly_known: false,
        groups: Vec::new(),
        inner_rows: false,
        tables: Vec::new(),
        chapters: Vec::new(),
        sources: Vec::new(),
        csv_href: "/districts/99001/plan.csv?year=2026".to_owned(),
    }
}

fn change(word: &'static str, name: &str) -> Change {
    Change { word, level: "전략".to_owned(), name: name.to_owned(), href: "/districts/99001/plan/a".to_owned() }
}

fn link(year: i32, current: bool) -> YearLink {
    YearLink { year: year.to_string(), href: format!("/districts/99001/plan?year={year}"), current }
}

fn fact(label: &str, value: &str) -> (String, String) {
    (label.to_owned(), value.to_owned())
}

fn row(name: &str, kind: &str, inner: bool, target: &str, money: &str) -> Row {
    let targets = vec![TargetCell { value: target.into(), ..TargetCell::default() }];
    Row {
        name: name.to_owned(),
        href: "/districts/99001/plan/%EC%A0%95%EC%9B%90".to_owned(),
        kind: kind.to_owned(),
        inner,
        field: "직접일자리 창출".to_owned(),
        same_field: inner,
        department: "어르신복지과 어르신일자리팀".to_owned(),
        same_department: inner,
        targets: if target.is_empty() { Vec::new() } else { targets },
        money: MoneyCell { planned: money.into(), ..MoneyCell::default() },
    }
}

fn ordinary() -> PlanPage {
    let mut elders = row("어르신 일자리 지원", "사업 · 계속", false, "270개", "600백만 원");
    elders.targets[0].before = "265개".into();
    elders.money.funds = "국비 300백만 원 · 시비 200백만 원 · 구비 100백만 원 · 민자 0원".to_owned();
    elders.money.spent = "590백만 원".into();
    let gardeners = row("강변 정원지기", "단위사업", true, "", NOTHING);
    let guides = row("나루터 안내", "단위사업", true, "", NOTHING);
    let mut youth = row("청년 일 경험", "사업 · 신규", false, "50개", NOTHING);
    youth.field = "직업능력개발훈련".to_owned();
    youth.department = "일자리정책과".to_owned();
    PlanPage {
        title: "나루구의 2025년 계획은 전략 1개, 실천과제 1개, 사업 2개로 이루어집니다".to_owned(),
        eyebrow: "연차계획 · 2025년 나루구 일자리대책 세부계획".to_owned(),
        vision: "강을 따라 일이 흐르는 나루구".to_owned(),
        years: vec![link(2023, false), link(2024, false), link(2025, true), link(2026, false)],
        facts: vec![
            fact("종합계획", "민선 8기 나루구 일자리대책 종합계획 (2023~2026년)"),
            fact("공시일", "2023년 1월 20일"),
            fact("사업비 모두", "12억 원"),
        ],
        said: vec!["사업: 문서는 47개라고 했고, 이름이 나온 것은 30개입니다.".to_owned()],
        year: "2025".to_owned(),
        layers: vec![
            LayerRow {
                name: "일자리 목표".to_owned(),
                definition: "구가 만들거나 이어 준 일자리".to_owned(),
                term: "320개".into(),
                yearly: "340개".into(),
                revised: true,
                reason: "나루터 안내를 늘린다".to_owned(),
                ..LayerRow::default()
            },
            LayerRow {
                name: "민간일자리 취업 연계".to_owned(),
                unconfirmed: true,
                term: "70%".into(),
                yearly: "따로 없음".into(),
                ..LayerRow::default()
            },
        ],
        changes: vec![change("새로 생김", "직무 역량 강화")],
        groups: vec![
            Group {
                anchor: "group-0".to_owned(),
                level: "전략".to_owned(),
                name: "강변 일자리".to_owned(),
                href: "/districts/99001/plan/b".to_owned(),
                description: "강을 돌보는 일을 일자리로 만듭니다.".to_owned(),
                gap: String::new(),
                blocks: vec![Block {
                    level: "실천과제".to_owned(),
                    name: "어르신과 청년의 일자리".to_owned(),
                    href: "/districts/99001/plan/c".to_owned(),
                    gap: String::new(),
                    rows: vec![elders, gardeners, guides, youth],
                }],
            },
            Group {
                anchor: "group-1".to_owned(),
                level: "전략".to_owned(),
                name: "열린 소통 일자리".to_owned(),
                href: "/districts/99001/plan/d".to_owned(),
                gap: "이 아래 실천과제 가운데 이름이 알려지지 않은 것이 있습니다.".to_owned(),
                ..Group::default()
            },
        ],
        inner_rows: true,
        tables: vec![table("일자리 목표", 4, 2)],
        chapters: vec![ChapterView {
            title: "지역 여건".to_owned(),
            paragraphs: vec!["나루구는 강가에 있는 지어낸 구입니다.".to_owned()],
        }],
        sources: vec![SourceView {
            id: "계획서".to_owned(),
            title: "나루구 일자리대책 종합계획".to_owned(),
            about: "예시 · 나루구 · 2023년 1월 20일".to_owned(),
            address: "naru.example/plan-2023".to_owned(),
            note: "지어낸 문서".to_owned(),
            ..SourceView::default()
        }],
        ..empty()
    }
}

fn table(caption: &str, years: i32, rows: usize) -> TableView {
    let width = usize::try_from(years).unwrap_or(0) + 1;
    let name = |place: usize| format!("이름이 조금 긴 부서 {place}");
    TableView {
        caption: caption.to_owned(),
        note: "단위: 일자리 수".to_owned(),
        first: "부서",
        columns: (0..years).map(|year| format!("{}년", 2023 + year)).chain(["계".to_owned()]).collect(),
        rows: (1..=rows).map(|place| (name(place), vec!["12,345".to_owned(); width])).collect(),
        total: Some(vec!["1,000,000,000".to_owned(); width]),
    }
}

fn extreme() -> PlanPage {
    let long = "아주 길고 긴 이름을 가진 사업이어서 휴대전화 화면에서는 여러 줄로 나뉘어야만 하는 지역 밀착형 맞춤 일자리 지원";
    let mut row = row(long, "단위사업 · 신규", true, "1,000,000,000개", "1,000,000백만 원");
    row.targets = (0..4)
        .map(|place| TargetCell {
            set: format!("약속 {place} {long}"),
            before: "999,999,999개".into(),
            value: "1,000,000,000개".into(),
        })
        .collect();
    row.money.funds =
        "국비 1,000,000백만 원 · 시비 1,000,000백만 원 · 구비 1,000,000백만 원 · 민자 1,000,000백만 원".to_owned();
    row.money.spent_funds = row.money.funds.clone();
    row.money.spent = "1,000,000백만 원".into();
    let block = Block {
        level: "실천과제".to_owned(),
        name: format!("{long} › {long}"),
        href: "/districts/99001/plan/e".to_owned(),
        gap: "이 아래 사업 가운데 이름이 알려지지 않은 것이 있습니다.".to_owned(),
        rows: vec![row; 12],
    };
    let group = |place: usize| Group {
        anchor: format!("group-{place}"),
        level: "전략".to_owned(),
        name: long.to_owned(),
        href: "/districts/99001/plan/f".to_owned(),
        description: format!("{long}. {long}. {long}."),
        gap: String::new(),
        blocks: vec![block.clone(), Block::default()],
    };
    let paragraph = format!("{long} <b>이것은 글자일 뿐입니다</b> {long}");
    PlanPage {
        title: format!("나루구의 2025년 계획은 전략 6개, 실천과제 33개, {long} 1,000,000,000개로 이루어집니다"),
        years: (2000..2030).map(|year| link(year, year == 2025)).collect(),
        said: (0..5)
            .map(|place| format!("{long} {place}: 문서는 47개라고 했고, 이름이 나온 것은 30개입니다."))
            .collect(),
        groups: (0..3).map(group).collect(),
        changes: vec![change("이름이 바뀜", &format!("{long} → {long}")); 40],
        partly_known: true,
        tables: vec![table("약속 하나", 12, 30), table("약속 둘", 1, 1)],
        chapters: vec![ChapterView { title: long.to_owned(), paragraphs: vec![paragraph; 6] }],
        ..ordinary()
    }
}
