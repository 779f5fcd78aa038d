//! Reading sheets: every fault at its cell, and nothing read that is not a project's row.

use iljari_base::{Actor, Date, Timestamp};
use iljari_disclosure::log::words::{Field, Unit};
use iljari_ledger::record::Counting;
use iljari_sheets::{Area, Grid, Odd, Oddity, Place, Value};

use super::{HEAD, grid, period};
use crate::model::{Ask, Fault, Round};
use crate::read_sheet::{ReadSheet, read_sheet};

fn round() -> Round {
    Round {
        no: 3,
        title: "2026년 10월 실적".to_owned(),
        period: period((10, 10)),
        deadline: Date::new(2026, 12, 4).expect("a day"),
        approval_no: String::new(),
        approval_on: None,
        approval_remark: "결재 전".to_owned(),
        opened_by: Actor::Demo,
        opened_at: Timestamp::from_microsecond(0),
    }
}

fn asks() -> Vec<Ask> {
    let ask = |node: &str, name: &str, counting| Ask {
        node: node.parse().expect("a node"),
        name: name.to_owned(),
        department: "일자리정책과".to_owned(),
        field: Field::Direct,
        unit: Unit::Jobs,
        counting,
    };
    vec![
        ask("1-1-1", "골목 살피미", Counting::Sums),
        ask("1-1-2", "강변 지기", Counting::Sums),
        ask("1-1-3", "디지털 도우미", Counting::Records),
    ]
}

fn read_grid(grid: &Grid) -> ReadSheet {
    read_sheet(&"99001".parse().expect("a code"), &round(), &asks(), 1, grid)
}

fn read(text: &str) -> ReadSheet {
    read_grid(&grid(text))
}

/// `F3 what` of everything that blocks.
fn blocking(read: &ReadSheet) -> Vec<String> {
    let blocking = read.faults.iter().filter(|fault| fault.blocks);
    blocking.map(|fault: &Fault| format!("{} {}", fault.cell, fault.what)).collect()
}

#[test]
fn a_row_is_read_with_its_cells() {
    let read = read(&format!("{HEAD}\n1-1-1|골목 살피미|12|||\n1-1-2|강변 지기|||실적 없음|\n"));
    assert_eq!(blocking(&read), Vec::<String>::new());
    let one = &read.rows[0];
    assert_eq!((one.own, one.cumulative, one.nothing), (Some(12), None, false));
    assert_eq!((one.cells.code.as_str(), one.cells.own.as_str(), one.cells.reason.as_str()), ("A2", "C2", "F2"));
    assert!(read.rows[1].nothing && read.rows[1].answered());
}

#[test]
fn an_empty_cell_is_no_answer_and_no_fault() {
    let read = read(&format!("{HEAD}\n1-1-1|골목 살피미||||\n"));
    assert_eq!(blocking(&read), Vec::<String>::new());
    assert!(!read.rows[0].answered());
}

#[test]
fn columns_may_stand_in_another_order_below_notes_and_tables_below_each_other() {
    let text = "2026년 10월 실적\n\n사유|누계|사업 코드|당기\n|120|1-1-1|\n\n합본 둘째 표\n사유|누계|사업 코드|당기\n|||12\n||1-1-2|7\n";
    let read = read(text);
    // The second table's first line has a figure and no code.
    assert_eq!(blocking(&read), ["C8 수가 적힌 줄에 사업 코드가 없습니다"]);
    let found: Vec<_> = read.rows.iter().map(|row| (row.node.as_str(), row.own, row.cumulative)).collect();
    assert_eq!(found, [("1-1-1", None, Some(120)), ("1-1-2", Some(7), None)]);
}

#[test]
fn each_fault_is_told_at_its_cell() {
    let table = [
        ("1-1-1|골목 살피미|2O4|||", "C2 숫자로 읽을 수 없습니다"),
        (
            "1-1-1|골목 살피미|약 200|||",
            "C2 ‘약’, ‘여’처럼 어림한 숫자는 합계에 넣을 수 없습니다. 정확한 숫자를 적어 주세요",
        ),
        ("1-1-1|골목 살피미|1.5|||", "C2 소수가 아니라 정수를 적어 주세요"),
        ("1-1-1|골목 살피미|12||없어요|", "E2 ‘실적 없음’ 말고 다른 글이 있습니다"),
        ("1-1-1|강변 지기|12|||", "B2 코드 1-1-1의 사업은 ‘골목 살피미’인데 다른 이름이 적혀 있습니다"),
        ("1-1-9|골목 살피미|12|||", "A2 이 회차가 묻지 않은 사업 코드입니다"),
        ("|골목 살피미|12|||", "A2 수가 적힌 줄에 사업 코드가 없습니다"),
        ("20260101|골목 살피미|12|||", "A2 엑셀이 코드를 날짜나 수로 바꾼 것 같습니다"),
        ("1-1-3|디지털 도우미|12|||", "C2 ‘디지털 도우미’ 사업은 한 사람씩 기록해서 셉니다(시스템 집계)"),
    ];
    for (line, expected) in table {
        assert_eq!(blocking(&read(&format!("{HEAD}\n{line}\n"))), [expected], "{line}");
    }
    let long = "가".repeat(301);
    let read = read(&format!("{HEAD}\n1-1-1|골목 살피미|12|||{long}\n"));
    assert_eq!(blocking(&read), ["F2 사유는 300자까지 적을 수 있습니다"]);
}

#[test]
fn a_slip_is_answered_with_what_was_probably_meant() {
    let todo = |line: &str| read(&format!("{HEAD}\n{line}\n")).faults[0].todo.clone();
    assert_eq!(todo("1-1-1|골목 살피미|2O4|||"), "204가 맞으면 그대로 바꾸어 적어 주세요");
    assert_eq!(todo("1-1-l|골목 살피미|12|||"), "1-1-1(‘골목 살피미’)인지 봐 주세요");
    assert_eq!(todo("가나다라마|골목 살피미|12|||"), "이 회차의 서식에 있는 코드를 적어 주세요");
}

#[test]
fn what_the_office_counts_itself_stands_locked_and_is_no_row() {
    let read = read(&format!("{HEAD}\n1-1-3|디지털 도우미|시스템 집계|시스템 집계||\n"));
    assert_eq!((blocking(&read), read.rows.len()), (Vec::new(), 0));
}

#[test]
fn a_total_is_compared_and_never_added() {
    let sound = read(&format!("{HEAD}\n1-1-1|골목 살피미|12|||\n1-1-2|강변 지기|7|||\n총계||19|||\n"));
    assert_eq!((sound.faults.len(), sound.rows.len()), (0, 2));
    let off = read(&format!("{HEAD}\n1-1-1|골목 살피미|12|||\n1-1-2|강변 지기|7|||\n총계||20|||\n"));
    assert_eq!((blocking(&off).len(), off.rows.len()), (0, 2));
    assert_eq!(off.faults[0].what, "합계 줄에는 20인데 위의 줄을 더하면 19입니다");
    assert_eq!(off.faults[0].cell, "C4");
}

#[test]
fn one_project_twice_is_a_fault_at_the_second() {
    let read = read(&format!("{HEAD}\n1-1-1|골목 살피미|12|||\n1-1-1|골목 살피미|13|||\n"));
    assert_eq!(blocking(&read), ["A3 코드 1-1-1이 A2에도 있습니다"]);
    assert_eq!(read.rows.len(), 1);
}

#[test]
fn a_sheet_of_another_round_or_without_its_columns_is_refused_as_a_whole() {
    let stamp = "서식 정보(지우지 마세요) iljari-form/1;district=99001;round=2;department=일자리정책과";
    let other = read(&format!("{stamp}\n{HEAD}\n1-1-1|골목 살피미|12|||\n"));
    assert_eq!(blocking(&other), ["1행 2회차의 서식입니다. 지금은 3회차를 받고 있습니다"]);
    let elsewhere = read(&format!("{}\n{HEAD}\n1-1-1|골목 살피미|12|||\n", stamp.replace("99001", "11215")));
    assert_eq!(blocking(&elsewhere), ["1행 다른 구의 서식입니다"]);
    let right = read(&format!("{}\n{HEAD}\n1-1-1|골목 살피미|12|||\n", stamp.replace("round=2", "round=3")));
    assert_eq!(blocking(&right), Vec::<String>::new());
    assert_eq!(blocking(&read("가|나\n1|2\n")), [" ‘사업 코드’ 열이 있는 표를 찾지 못했습니다"]);
    assert_eq!(blocking(&read("사업명|당기|사유\n골목|1|\n")), ["1행 ‘사업 코드’, ‘누계’, ‘실적 없음’ 열이 없습니다"]);
}

#[test]
fn what_is_hidden_merged_or_mangled_is_named_and_stops_only_where_it_must() {
    let mut grid = grid(&format!("{HEAD}\n1-1-1|골목 살피미|12|||\n1-1-2|강변 지기|7|||\n"));
    grid.notes.push(Oddity { odd: Odd::HiddenRows, place: Place::Rows(String::new(), 2, 2) });
    grid.notes.push(Oddity { odd: Odd::Date1904, place: Place::File });
    let merged: Area = "A2:B3".parse().expect("an area");
    grid.notes.push(Oddity { odd: Odd::Merged, place: Place::Area(String::new(), merged) });
    grid.sheets[0].rows[1].cells[2].value = Value::Empty;
    grid.sheets[0].rows[1].cells[2].odd = vec![Odd::Formula, Odd::FormulaWithoutValue];
    let read = read_grid(&grid);
    assert_eq!(
        blocking(&read),
        ["C2 수식에 계산된 값이 없습니다. 엑셀에서 열어 다시 저장하거나 값을 직접 적어 주세요"]
    );
    let notes: Vec<&str> = read.faults.iter().filter(|it| !it.blocks).map(|it| it.what.as_str()).collect();
    assert_eq!(
        notes,
        [
            "내용이 있는 행이 숨겨져 있습니다",
            "날짜를 1904년부터 세는 파일입니다. 그에 맞추어 읽었습니다",
            "병합된 칸입니다. 값은 첫 칸의 것으로 읽었습니다",
        ]
    );
    // A merged title above the table, as our own form has one, is nobody's concern.
    let mut titled = super::grid(&format!("2026년 10월 실적\n{HEAD}\n1-1-1|골목 살피미|12|||\n"));
    let title: Area = "A1:F1".parse().expect("an area");
    titled.notes.push(Oddity { odd: Odd::Merged, place: Place::Area(String::new(), title) });
    assert_eq!(read_grid(&titled).faults, []);
}
