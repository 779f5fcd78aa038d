//! Reading a department's sheet (시트 읽기): from cells to rows, and every fault at its cell.
//!
//! Owns: what the columns of a collection sheet mean. Does not own: reading a file at all (`sheets`, in a
//! child process), or whether a number fits the ledger (`weigh`). It never stops at the first fault.
//! What a newcomer gets wrong: taking a total row for a project, or an empty cell for 0.

use iljari_base::DistrictCode;
use iljari_base::korean::with_particle;
use iljari_base::quantity::grouped;
use iljari_sheets::grid::column_letters;
use iljari_sheets::reading::folded;
use iljari_sheets::{Cell, CellRef, Grid, Header, Odd, Place, Row, Sheet, Value};

use crate::model::{Ask, Fault, Round, RowCells, RowState, SheetRow};
use crate::template::{NOTHING_ANSWER, REASON_MAX, SYSTEM_COUNTED, column, stamp};

/// What a file says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadSheet {
    /// Its rows, numbered from 1 within the file.
    pub rows: Vec<SheetRow>,
    /// What is wrong or odd.
    pub faults: Vec<Fault>,
}

/// The columns that are looked for. The first, and 당기 or 누계, have to be there.
pub const COLUMNS: [&str; 6] =
    [column::CODE, column::NAME, column::OWN, column::CUMULATIVE, column::NOTHING, column::REASON];

/// Reads one file of an upload.
pub fn read_sheet(district: &DistrictCode, round: &Round, asks: &[Ask], file_no: i64, grid: &Grid) -> ReadSheet {
    let mut read = ReadSheet::default();
    let mut heads: Vec<(&str, u32)> = Vec::new();
    for sheet in &grid.sheets {
        let reader = Reader { district, round, asks, file_no, sheet };
        if let Some(header) = sheet.find_header(&COLUMNS) {
            heads.push((&sheet.name, header.row));
            reader.table(&header, &mut read);
        }
    }
    if heads.is_empty() {
        read.faults.push(Fault {
            file_no,
            sheet: String::new(),
            cell: String::new(),
            stood: String::new(),
            what: format!("‘{}’ 열이 있는 표를 찾지 못했습니다", column::CODE),
            todo: "보내 드린 서식에 적어 주세요. 열 이름은 그대로 두어야 합니다".to_owned(),
            blocks: true,
        });
    }
    oddities(file_no, grid, &heads, &mut read);
    read
}

struct Reader<'r> {
    district: &'r DistrictCode,
    round: &'r Round,
    asks: &'r [Ask],
    file_no: i64,
    sheet: &'r Sheet,
}

/// The columns of a table, by what they mean.
#[derive(Clone, Copy)]
struct Columns {
    code: u16,
    name: Option<u16>,
    own: Option<u16>,
    cumulative: Option<u16>,
    nothing: Option<u16>,
    reason: Option<u16>,
}

/// What a table's rows have summed up to since its last total.
#[derive(Default)]
struct Sums {
    own: i64,
    cumulative: i64,
    all_own: i64,
    all_cumulative: i64,
}

impl Reader<'_> {
    fn fault(&self, cell: impl ToString, stood: impl ToString, what: impl ToString, todo: impl ToString) -> Fault {
        Fault {
            file_no: self.file_no,
            sheet: self.sheet.name.clone(),
            cell: cell.to_string(),
            stood: stood.to_string(),
            what: sentence(what),
            todo: sentence(todo),
            blocks: true,
        }
    }

    fn note(&self, cell: impl ToString, stood: impl ToString, what: impl ToString, todo: impl ToString) -> Fault {
        Fault { blocks: false, ..self.fault(cell, stood, what, todo) }
    }

    fn table(&self, header: &Header, read: &mut ReadSheet) {
        let [code, name, own, cumulative, nothing, reason] = match header.columns.as_slice() {
            [a, b, c, d, e, f] => [*a, *b, *c, *d, *e, *f],
            _ => [None; 6],
        };
        let Some(code) = code.filter(|_| own.is_some() || cumulative.is_some()) else {
            let missing = header.missing(&COLUMNS).join("’, ‘");
            let todo = "보내 드린 서식의 열 이름을 그대로 두고 다시 올려 주세요";
            let row = header.row.saturating_add(1);
            read.faults.push(self.fault(format!("{row}행"), "", format!("‘{missing}’ 열이 없습니다"), todo));
            return;
        };
        for twice in &header.twice {
            let what = format!("‘{twice}’ 열이 두 개입니다");
            let row = header.row.saturating_add(1);
            read.faults.push(self.fault(format!("{row}행"), "", what, "하나만 남기고 지워 주세요"));
        }
        self.stamps(read);
        let columns = Columns { code, name, own, cumulative, nothing, reason };
        let mut sums = Sums::default();
        for row in self.sheet.rows.iter().filter(|row| row.number > header.row) {
            if row.total {
                self.total(row, columns, &mut sums, read);
            } else {
                self.row(row, columns, &mut sums, read);
            }
        }
    }

    /// The sheet of another round, or of another district, is not for here.
    fn stamps(&self, read: &mut ReadSheet) {
        for (row, found) in self.sheet.stamps() {
            let other_round = found.get(stamp::ROUND).filter(|no| **no != self.round.no.to_string());
            let other_district = found.get(stamp::DISTRICT).filter(|code| *code != self.district.as_str());
            let what = match (other_district, other_round) {
                (Some(_), _) => "다른 구의 서식입니다".to_owned(),
                (None, Some(no)) => format!("{no}회차의 서식입니다. 지금은 {}회차를 받고 있습니다", self.round.no),
                (None, None) => continue,
            };
            let place = format!("{}행", row.saturating_add(1));
            read.faults.push(self.fault(place, "", what, "이 회차의 서식을 내려받아 다시 적어 주세요"));
        }
    }

    fn row(&self, row: &Row, columns: Columns, sums: &mut Sums, read: &mut ReadSheet) {
        let at = |column: u16| CellRef::new(row.number, column);
        let cell = |column: Option<u16>| column.and_then(|column| row.cell(column));
        let filled = |column: Option<u16>| cell(column).filter(|cell| !cell.words().is_empty() || !cell.odd.is_empty());
        let code_cell = row.cell(columns.code);
        let code = code_cell.map(Cell::words).unwrap_or_default();
        let inputs = [columns.own, columns.cumulative, columns.nothing];
        let figures = inputs.into_iter().any(|column| filled(column).is_some());
        let code_at = at(columns.code);
        let ask = self.asks.iter().find(|ask| ask.node.as_str() == code);
        let Some(ask) = ask else {
            // Tables pasted below each other bring their titles, headings and hints along.
            let heading = folded(&code) == folded(column::CODE) || self.is_hint(row, columns);
            if figures && !heading {
                read.faults.push(self.unknown_code(code_at, &code, code_cell));
            }
            return;
        };
        if let Some(written) = filled(columns.name)
            && folded(&written.words()) != folded(&ask.name)
        {
            let what = format!("코드 {code}의 사업은 ‘{}’인데 다른 이름이 적혀 있습니다", ask.name);
            read.faults.push(self.fault(written.at, written.words(), what, "코드와 이름이 맞는 줄에 적어 주세요"));
        }
        let mut count = |column: Option<u16>| -> Option<i64> {
            let cell = filled(column)?;
            if !ask.by_hand() && folded(&cell.words()) == folded(SYSTEM_COUNTED) {
                return None;
            }
            match cell.count() {
                Ok(number) => {
                    if let Some(odd) = cell.odd.iter().find(|odd| matches!(odd, Odd::NumberAsText(_))) {
                        read.faults.push(self.note(cell.at, cell.words(), odd, "읽은 수가 맞는지 봐 주세요"));
                    }
                    number
                }
                Err(unreadable) => {
                    let todo = guess(&cell.words()).map_or_else(
                        || "수만 다시 적어 주세요. 예: 1234".to_owned(),
                        |number| {
                            format!("{} 맞으면 그대로 바꾸어 적어 주세요", with_particle(&grouped(number), "이/가"))
                        },
                    );
                    read.faults.push(self.fault(cell.at, cell.words(), unreadable.message, todo));
                    None
                }
            }
        };
        let (own, cumulative) = (count(columns.own), count(columns.cumulative));
        let nothing = self.nothing(filled(columns.nothing), ask, read);
        let reason = filled(columns.reason).map(Cell::words).unwrap_or_default();
        if reason.chars().count() > usize::try_from(REASON_MAX).unwrap_or(usize::MAX)
            && let Some(cell) = filled(columns.reason)
        {
            let what = format!("사유는 {REASON_MAX}자까지 적을 수 있습니다");
            read.faults.push(self.fault(cell.at, "", what, "짧게 줄여 주세요"));
        }
        if !ask.by_hand() {
            if own.is_some() || cumulative.is_some() {
                let place = filled(columns.own).or(filled(columns.cumulative)).map_or(code_at, |cell| cell.at);
                let what = format!("‘{}’ 사업은 한 사람씩 기록해서 셉니다(시스템 집계)", ask.name);
                read.faults.push(self.fault(place, "", what, "이 줄의 수를 지워 주세요"));
            }
            return;
        }
        sums.own = sums.own.saturating_add(own.unwrap_or(0));
        sums.cumulative = sums.cumulative.saturating_add(cumulative.unwrap_or(0));
        if let Some(earlier) = read.rows.iter().find(|known| known.node == ask.node) {
            let what = format!("코드 {} {}에도 있습니다", with_particle(&code, "이/가"), place_of(earlier));
            read.faults.push(self.fault(code_at, &code, what, "한 줄만 남겨 주세요"));
            return;
        }
        let named = |column: Option<u16>| column.map(|column| at(column).to_string()).unwrap_or_default();
        read.rows.push(SheetRow {
            no: i64::try_from(read.rows.len()).unwrap_or(i64::MAX).saturating_add(1),
            file_no: self.file_no,
            sheet: self.sheet.name.clone(),
            cells: RowCells {
                code: code_at.to_string(),
                own: named(columns.own),
                cumulative: named(columns.cumulative),
                nothing: named(columns.nothing),
                reason: named(columns.reason),
            },
            node: ask.node.clone(),
            own,
            cumulative,
            nothing,
            reason,
            state: RowState::Read,
        });
    }

    fn nothing(&self, cell: Option<&Cell>, ask: &Ask, read: &mut ReadSheet) -> bool {
        let Some(cell) = cell.filter(|cell| !cell.words().is_empty()) else { return false };
        let words = cell.words();
        if folded(&words) == folded(NOTHING_ANSWER) {
            return ask.by_hand();
        }
        let todo = "‘실적 없음’을 고르거나 칸을 비워 주세요";
        read.faults.push(self.fault(cell.at, words, "‘실적 없음’ 말고 다른 글이 있습니다", todo));
        false
    }

    /// The row of hints that stands below the names of a form's columns.
    fn is_hint(&self, row: &Row, columns: Columns) -> bool {
        let text = |column: Option<u16>| column.and_then(|column| row.cell(column)).map(Cell::words);
        [columns.own, columns.cumulative].into_iter().filter_map(text).any(|words| words.ends_with('월'))
    }

    fn unknown_code(&self, at: CellRef, code: &str, cell: Option<&Cell>) -> Fault {
        if code.is_empty() {
            let todo = "서식에 있는 코드를 다시 적어 주세요";
            return self.fault(at, "", "수가 적힌 줄에 사업 코드가 없습니다", todo);
        }
        if cell.is_some_and(|cell| matches!(cell.value, Value::Date(_) | Value::Integer(_) | Value::Decimal(_))) {
            let todo = "열 서식을 ‘텍스트’로 바꾸고 코드를 다시 적어 주세요";
            return self.fault(at, code, "엑셀이 코드를 날짜나 수로 바꾼 것 같습니다", todo);
        }
        let near = self.asks.iter().map(|ask| (distance(code, ask.node.as_str()), ask)).min_by_key(|(far, _)| *far);
        let todo = match near {
            Some((far, ask)) if far <= 2 => format!("{}(‘{}’)인지 봐 주세요", ask.node, ask.name),
            _ => "이 회차의 서식에 있는 코드를 적어 주세요".to_owned(),
        };
        self.fault(at, code, "이 회차가 묻지 않은 사업 코드입니다", todo)
    }

    /// A total is compared with our own sum and never added.
    fn total(&self, row: &Row, columns: Columns, sums: &mut Sums, read: &mut ReadSheet) {
        sums.all_own = sums.all_own.saturating_add(sums.own);
        sums.all_cumulative = sums.all_cumulative.saturating_add(sums.cumulative);
        let pairs = [(columns.own, sums.own, sums.all_own), (columns.cumulative, sums.cumulative, sums.all_cumulative)];
        for (column, since, all) in pairs {
            let Some(cell) = column.and_then(|column| row.cell(column)) else { continue };
            let Ok(Some(written)) = cell.count() else { continue };
            if written != since && written != all {
                let what = format!("합계 줄에는 {}인데 위의 줄을 더하면 {}입니다", grouped(written), grouped(all));
                let todo = "합계 줄은 비교만 합니다. 빠지거나 겹친 줄이 없는지 봐 주세요";
                read.faults.push(self.note(cell.at, written, what, todo));
            }
        }
        (sums.own, sums.cumulative) = (0, 0);
    }
}

/// Hidden rows, merged cells and their like are named, whether or not a row was read from them. What stands
/// above a table, as the merged title of our own form does, touches no row.
fn oddities(file_no: i64, grid: &Grid, heads: &[(&str, u32)], read: &mut ReadSheet) {
    let known: Vec<String> = read.faults.iter().map(|fault| fault.cell.clone()).collect();
    for oddity in grid.oddities() {
        let spoken = matches!(oddity.odd, Odd::TotalRow(_) | Odd::Formula | Odd::NumberAsText(_));
        let sheet = oddity.place.sheet().unwrap_or_default().to_owned();
        let head = heads.iter().find(|(name, _)| *name == sheet).map(|(_, row)| *row);
        let above = match (&oddity.place, head) {
            (Place::Area(_, area), Some(head)) => area.last.row < head,
            (Place::Rows(_, _, last), Some(head)) => *last < head,
            (Place::Cell(_, at), Some(head)) => at.row < head,
            _ => false,
        };
        let cell = match &oddity.place {
            Place::File | Place::Sheet(_) => String::new(),
            Place::Cell(_, at) => at.to_string(),
            Place::Area(_, area) => area.to_string(),
            Place::Rows(_, first, last) if first == last => format!("{}행", first.saturating_add(1)),
            Place::Rows(_, first, last) => format!("{}~{}행", first.saturating_add(1), last.saturating_add(1)),
            Place::Columns(_, first, last) if first == last => format!("{}열", column_letters(*first)),
            Place::Columns(_, first, last) => {
                format!("{}~{}열", column_letters(*first), column_letters(*last))
            }
        };
        if spoken || above || (matches!(oddity.place, Place::Cell(..)) && known.contains(&cell)) {
            continue;
        }
        let blocks = matches!(oddity.odd, Odd::Ragged { .. });
        read.faults.push(Fault {
            file_no,
            sheet,
            cell,
            stood: String::new(),
            what: sentence(&oddity.odd),
            todo: if blocks {
                "그 줄을 고쳐 다시 올려 주세요"
            } else {
                "읽은 수가 맞는지 봐 주세요"
            }
            .to_owned(),
            blocks,
        });
    }
}

/// Where a row stands, for people.
pub(crate) fn place_of(row: &SheetRow) -> String {
    if row.sheet.is_empty() { row.cells.code.clone() } else { format!("‘{}’ {}", row.sheet, row.cells.code) }
}

/// A sentence of a table's cell, without its last full stop.
fn sentence(text: impl ToString) -> String {
    text.to_string().trim_end_matches('.').to_owned()
}

/// What a number with a letter for a digit was meant to be: `2O4` is 204.
fn guess(text: &str) -> Option<i64> {
    let digits: String = text
        .chars()
        .map(|letter| match letter {
            'O' | 'o' | 'ㅇ' => '0',
            'l' | 'I' | '|' => '1',
            other => other,
        })
        .collect();
    (digits != text && digits.chars().all(|letter| letter.is_ascii_digit())).then(|| digits.parse().ok())?
}

/// How many letters differ between two codes: changed, added, left out, or swapped with their neighbour.
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let width = other.len().saturating_add(1);
    let mut table: Vec<Vec<usize>> = vec![(0..width).collect()];
    for row in 1..=one.len() {
        let mut line = vec![row; width];
        for column in 1..width {
            let same = usize::from(one[row - 1] != other[column - 1]);
            let above = &table[row - 1];
            line[column] = (above[column] + 1).min(line[column - 1] + 1).min(above[column - 1] + same);
            let swapped =
                row > 1 && column > 1 && one[row - 1] == other[column - 2] && one[row - 2] == other[column - 1];
            if swapped {
                line[column] = line[column].min(table[row - 2][column - 2] + 1);
            }
        }
        table.push(line);
    }
    table.last().and_then(|line| line.last()).copied().unwrap_or(0)
}
