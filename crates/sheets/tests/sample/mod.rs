//! A form of an invented department (예시), for tests and for looking at.
//!
//! Owns one form that uses every kind of column and cell. A newcomer adds a second one per test: what
//! LibreOffice makes of the form is kept as a file, and that file is of this form.

use iljari_base::Date;
use iljari_sheets::{ColumnKind, Form, FormCell, FormColumn, Stamp};

/// The form.
pub fn form() -> Form {
    let column = |name: &str, hint: &str, width, kind| FormColumn { name: name.into(), hint: hint.into(), width, kind };
    let text = |text: &str| FormCell::Text(text.into());
    let empty = || FormCell::Empty;
    let locked = || FormCell::Locked("시스템 집계".into());
    Form {
        sheet: "실적".into(),
        title: "2026년 2분기 일자리 실적 제출 · 일자리정책과 (예시)".into(),
        instructions: vec![
            "당기 실적은 2026년 4월부터 6월까지의 숫자입니다. 누계 실적은 2026년 1월부터의 숫자입니다.".into(),
            "실적이 없으면 칸을 비우지 말고 ‘실적 없음’을 골라 주세요. 빈칸은 미제출로 봅니다.".into(),
            "2026년 7월 10일(금)까지 이 파일을 그대로 일자리정책과에 보내 주세요.".into(),
        ],
        stamp: Stamp::new([("round", "2026-q2"), ("version", "3"), ("department", "jobs-policy")]),
        columns: vec![
            column("사업 코드", "", 12, ColumnKind::Fixed),
            column("사업명", "", 34, ColumnKind::Fixed),
            column("단위", "", 10, ColumnKind::Fixed),
            column("지난 누계", "1분기까지", 12, ColumnKind::Previous),
            column("당기 실적", "0 이상의 정수", 12, ColumnKind::Count),
            column("누계 실적", "정수", 12, ColumnKind::SignedCount),
            column(
                "실적 여부",
                "목록에서 고르기",
                14,
                ColumnKind::Choice(vec!["실적 있음".into(), "실적 없음".into()]),
            ),
            column("사유", "줄었거나 없을 때, 200자까지", 36, ColumnKind::Words(200)),
        ],
        rows: vec![
            vec![
                text("Y-01"),
                text("청년 인턴 지원(예시)"),
                text("일자리 수"),
                FormCell::Number(204),
                empty(),
                empty(),
                empty(),
                empty(),
            ],
            vec![
                text("Y-02"),
                text("새로일하기센터 운영(예시)"),
                text("일자리 수"),
                FormCell::Number(1_031),
                empty(),
                empty(),
                empty(),
                empty(),
            ],
            vec![
                text("S-01"),
                text("어르신 일자리, 시장형과 사회서비스형을 함께 세는 긴 이름의 사업(예시)"),
                text("실인원"),
                FormCell::Number(12_515),
                FormCell::Number(31),
                FormCell::Number(12_546),
                text("실적 있음"),
                text("참여자가 늘었습니다."),
            ],
            vec![
                text("C-01"),
                text("직업상담 연결(예시)"),
                text("건"),
                FormCell::Number(77),
                locked(),
                locked(),
                locked(),
                locked(),
            ],
        ],
        totals: Some("합계".into()),
        frozen_columns: 2,
        created: Date::new(2026, 7, 1).unwrap_or_else(|| panic!("a day that exists")),
    }
}
