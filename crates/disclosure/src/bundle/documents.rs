//! The disclosed tables: totals as CSV and JSON, the tree, the dictionary, the list of hashes.
//!
//! Owns: their bytes. Every one of them is a function of leaves and tree, so that a checker writes
//! it anew and compares. Does not own: the documents people read (공시문); those are bound by hash
//! only. What a newcomer gets wrong: adding a column that leaves and tree do not determine.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use iljari_base::Year;

use super::Heading;
use super::table::{BOM, guarded, read_rows, unguarded, write_row};
use crate::log::rollup::{Line, PlanNode, PlanTree};
use crate::log::tree::Hash;
use crate::log::words::{Field, NodeId};
use crate::log::{Checkpoint, VerifierKey};

/// What stands in the field column of a line over all fields.
pub const ALL_FIELDS: &str = "합계";

/// Columns of `totals.csv`: five that say what, eight numbers.
pub const TOTALS_COLUMNS: [&str; 13] = [
    "연도",
    "사업",
    "이름",
    "단위",
    "부문",
    "합계",
    "기록",
    "집계",
    "보도",
    "이 자리 합계",
    "이 자리 기록",
    "이 자리 집계",
    "이 자리 보도",
];

/// The same eight numbers in `totals.json`.
pub const NUMBER_KEYS: [&str; 8] =
    ["total", "records", "sums", "press", "own_total", "own_records", "own_sums", "own_press"];

/// Columns of `tree.csv`.
pub const TREE_COLUMNS: [&str; 5] = ["연도", "사업", "상위 사업", "이름", "부문"];

/// The eight numbers of a line, in the order of the columns.
pub fn numbers(line: &Line) -> [i64; 8] {
    let (whole, own) = (line.whole, line.own);
    [whole.total(), whole.records, whole.sums, whole.press, own.total(), own.records, own.sums, own.press]
}

/// The field column of a line.
pub fn field_label(field: Option<Field>) -> &'static str {
    field.map_or(ALL_FIELDS, Field::as_str)
}

/// `totals.csv`.
pub fn totals_csv(lines: &[Line]) -> String {
    let mut out = BOM.to_owned();
    write_row(&mut out, TOTALS_COLUMNS);
    for line in lines {
        let (year, name) = (line.year.to_string(), guarded(&line.name));
        let numbers = numbers(line).map(|number| number.to_string());
        let words = [year.as_str(), line.node.as_str(), &name, line.unit.as_str(), field_label(line.field)];
        write_row(&mut out, words.into_iter().chain(numbers.iter().map(String::as_str)));
    }
    out
}

/// A JSON string with its quotes. Names hold no control characters, so only two letters need care.
fn json_text(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// `totals.json`: the same lines, under the head they come from and the key that signs.
pub fn totals_json(heading: &Heading, head: &Checkpoint, key: &VerifierKey, lines: &[Line]) -> String {
    let Heading { origin, district, year, no } = heading;
    let mut out = format!(
        "{{\"v\":1,\"origin\":{},\"district\":\"{district}\",\"year\":{year},\"no\":{no},\"size\":{},\"root\":\"{}\",\"key\":\"{}\",\"rows\":[",
        json_text(origin),
        head.size,
        head.root,
        key.fingerprint(),
    );
    for (place, line) in lines.iter().enumerate() {
        let _ = write!(
            out,
            "{}\n{{\"year\":{},\"node\":\"{}\",\"name\":{},\"unit\":\"{}\",\"field\":\"{}\"",
            if place > 0 { "," } else { "" },
            line.year,
            line.node,
            json_text(&line.name),
            line.unit,
            field_label(line.field),
        );
        for (name, number) in NUMBER_KEYS.iter().zip(numbers(line)) {
            let _ = write!(out, ",\"{name}\":{number}");
        }
        out.push('}');
    }
    out.push_str("\n]}\n");
    out
}

/// `tree.csv`.
pub fn tree_csv(tree: &PlanTree) -> String {
    let mut out = BOM.to_owned();
    write_row(&mut out, TREE_COLUMNS);
    for node in tree.nodes() {
        let (year, name) = (node.year.to_string(), guarded(&node.name));
        let parent = node.parent.as_ref().map_or("", NodeId::as_str);
        let field = node.field.map_or("", Field::as_str);
        write_row(&mut out, [year.as_str(), node.node.as_str(), parent, &name, field]);
    }
    out
}

/// Reads `tree.csv` as far as it can be read; the numbers of rows that could not, header = 1.
pub fn read_tree_csv(bytes: &[u8]) -> (Vec<PlanNode>, Vec<usize>) {
    let (mut nodes, mut bad) = (Vec::new(), Vec::new());
    for (number, row) in (1..).zip(read_rows(bytes)) {
        if number == 1 && row == TREE_COLUMNS {
            continue;
        }
        match read_node(&row) {
            Some(node) => nodes.push(node),
            None => bad.push(number),
        }
    }
    (nodes, bad)
}

fn read_node(row: &[String]) -> Option<PlanNode> {
    let [year, node, parent, name, field] = row else {
        return None;
    };
    Some(PlanNode {
        year: year.parse::<Year>().ok()?,
        node: node.parse().ok()?,
        parent: if parent.is_empty() { None } else { Some(parent.parse().ok()?) },
        name: unguarded(name).to_owned(),
        field: if field.is_empty() { None } else { Some(field.parse().ok()?) },
    })
}

/// `dictionary.csv`: what every column of the tables means. The rows of the tables by personal
/// attributes stand there only where there are such tables.
pub fn dictionary_csv(with_attributes: bool) -> String {
    let mut out = BOM.to_owned();
    write_row(&mut out, ["파일", "열", "자료 이름", "형식", "설명"]);
    let attributes = if with_attributes { ATTRIBUTE_DICTIONARY.as_slice() } else { &[] };
    for row in DICTIONARY.iter().chain(attributes) {
        write_row(&mut out, *row);
    }
    out
}

const ATTRIBUTE_DICTIONARY: [[&str; 5]; 7] = [
    ["attributes/*.csv", "연도", "year", "정수", "기간의 첫 달이 든 해입니다."],
    ["attributes/*.csv", "사업", "node", "글자", "사업의 번호입니다. 아래에 놓인 사업을 모두 포함합니다."],
    ["attributes/*.csv", "이름", "name", "글자", "그해 계획에 적힌 이름입니다."],
    ["attributes/*.csv", "단위", "unit", "글자", "일자리 수 또는 실인원입니다."],
    [
        "attributes/*.csv",
        "구분",
        "attribute",
        "글자",
        "사람을 나눈 기준입니다. 성별, 연령대, 동, 취약계층, 장애, 국적 가운데 하나입니다.",
    ],
    [
        "attributes/*.csv",
        "항목",
        "item",
        "글자",
        "나눈 항목입니다. '합계'는 모두를 더한 줄이고, '미상'은 알 수 없는 사람입니다. 항목이 없으면 표 전체를 싣지 않은 것입니다.",
    ],
    [
        "attributes/*.csv",
        "수",
        "number",
        "정수",
        "사람 수입니다. '비공개'는 5보다 작거나, 작은 수를 빼서 알아낼 수 없도록 함께 가린 수입니다. 합계만 장부로 재계산되고 내역은 재계산되지 않습니다.",
    ],
];

const DICTIONARY: [[&str; 5]; 18] = [
    ["totals.csv", "연도", "year", "정수", "기간의 첫 달이 든 해입니다."],
    ["totals.csv", "사업", "node", "글자", "계획에서 이 사업이 놓인 자리의 번호입니다. '전체'는 계획 전체입니다."],
    ["totals.csv", "이름", "name", "글자", "그해 계획에 적힌 이름입니다."],
    [
        "totals.csv",
        "단위",
        "unit",
        "글자",
        "일자리 수, 실인원, 연인원, 건 가운데 하나입니다. 단위가 다른 수는 서로 더하지 않습니다.",
    ],
    ["totals.csv", "부문", "field", "글자", "일자리를 만든 방법입니다. '합계'는 모든 부문을 더한 줄입니다."],
    ["totals.csv", "합계", "total", "정수", "기록, 집계, 보도를 더한 수입니다. 아래에 놓인 사업을 모두 포함합니다."],
    ["totals.csv", "기록", "records", "정수", "한 사람에 한 줄씩 남긴 기록을 센 수입니다."],
    ["totals.csv", "집계", "sums", "정수", "부서가 합계로 낸 수입니다."],
    ["totals.csv", "보도", "press", "정수", "보도자료나 언론에만 나온 수입니다."],
    ["totals.csv", "이 자리 합계", "own_total", "정수", "아래 사업을 빼고 이 자리에 바로 적힌 수입니다."],
    ["totals.csv", "이 자리 기록", "own_records", "정수", "이 자리에 바로 적힌 기록의 수입니다."],
    ["totals.csv", "이 자리 집계", "own_sums", "정수", "이 자리에 바로 적힌 집계의 수입니다."],
    ["totals.csv", "이 자리 보도", "own_press", "정수", "이 자리에 바로 적힌 보도의 수입니다."],
    ["tree.csv", "연도", "year", "정수", "이 위치가 쓰인 해입니다."],
    ["tree.csv", "사업", "node", "글자", "사업의 번호입니다."],
    ["tree.csv", "상위 사업", "parent", "글자", "바로 위에 놓인 사업의 번호입니다. '전체'만 비어 있습니다."],
    ["tree.csv", "이름", "name", "글자", "그해 계획에 적힌 이름입니다."],
    ["tree.csv", "부문", "field", "글자", "계획이 밝힌 부문입니다. 밝히지 않았으면 비어 있습니다."],
];

/// `documents.sha256`: one line per document, sorted by path, as `sha256sum -c` reads it.
pub fn documents_sha256(files: &BTreeMap<String, Vec<u8>>) -> String {
    files.iter().map(|(path, bytes)| format!("{}  {path}\n", Hash::of(bytes))).collect()
}

/// Reads `documents.sha256`. `None` unless it is exactly as it would be written.
pub fn read_documents_sha256(bytes: &[u8]) -> Option<BTreeMap<String, Hash>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut listed = BTreeMap::new();
    let mut last = "";
    for line in text.strip_suffix('\n')?.split('\n') {
        let (hash, path) = line.split_once("  ")?;
        if path <= last || !super::is_path(path) || !path.starts_with(super::DOCUMENTS) {
            return None;
        }
        last = path;
        listed.insert(path.to_owned(), hash.parse().ok()?);
    }
    Some(listed)
}
