//! Why a whole file is not read.
//!
//! Owns every refusal of this crate: a code that never changes, the sentence for the officer and the
//! HTTP status that fits. Does not own oddities, which are said while the file is read (`odd`). What a
//! newcomer gets wrong: putting a cell's content into a message. A refusal names places, never values.

use iljari_base::Refusal;

use crate::odd::Place;

/// One `No` becomes one [`Refusal`]; inside the crate it is data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum No {
    Empty,
    TooLarge { limit: usize },
    Protected,
    OldFormat { what: &'static str },
    Picture,
    NotASheet { what: &'static str },
    NotAsNamed { content: &'static str },
    ZipBomb,
    ZipName,
    ZipLocked,
    ZipForm(&'static str),
    ManyEmpty,
    ManyTooMany { limit: usize },
    Active(&'static str),
    Broken { part: String, why: &'static str },
    TooManySheets { limit: usize },
    TooManyRows { place: Place, limit: u32 },
    TooManyColumns { place: Place, limit: u16 },
    TooManyCells { limit: usize },
    TooManyMerged { place: Place, limit: usize },
    TooMuchText,
    CellTooLong { place: Place, limit: usize },
    ResidentNumber { place: Place },
    ResidentNumberInName,
    TextEncoding { line: usize },
    MixedEncoding { line: usize, first: &'static str, other: &'static str },
    OpenQuote { line: usize },
    TextAfterQuote { line: usize },
    ControlCharacters { line: usize },
    TooManyRagged { limit: usize },
    Died,
    Slow,
    Garbled,
    NothingToMark,
}

/// The sentence for files that office security has wrapped; other pieces quote it word for word.
pub const PROTECTED: &str = "문서보안(DRM) 또는 암호가 걸린 파일로 보입니다. 해제한 뒤 다시 올려 주세요";

/// The sentence for files that carry more than cells.
pub const ACTIVE: &str = "매크로·외부 연결·삽입 개체를 빼고 다시 저장해 주세요";

/// Every code of this crate, with the HTTP status that fits.
const CODES: &[(&str, u16)] = &[
    ("sheet-empty", 422),
    ("sheet-too-large", 413),
    ("sheet-protected", 422),
    ("sheet-old-format", 415),
    ("sheet-picture", 415),
    ("sheet-not-a-sheet", 415),
    ("sheet-not-as-named", 415),
    ("sheet-zip-bomb", 422),
    ("sheet-zip-name", 422),
    ("sheet-zip-locked", 422),
    ("sheet-zip-form", 422),
    ("sheet-zip-without-sheets", 422),
    ("sheet-zip-too-many", 422),
    ("sheet-active-content", 422),
    ("sheet-broken", 422),
    ("sheet-too-many-sheets", 422),
    ("sheet-too-many-rows", 422),
    ("sheet-too-many-columns", 422),
    ("sheet-too-many-cells", 422),
    ("sheet-too-many-merged", 422),
    ("sheet-too-much-text", 422),
    ("sheet-cell-too-long", 422),
    ("sheet-resident-number", 422),
    ("sheet-encoding", 422),
    ("sheet-mixed-encoding", 422),
    ("sheet-open-quote", 422),
    ("sheet-text-after-quote", 422),
    ("sheet-control-characters", 422),
    ("sheet-too-many-ragged", 422),
    ("sheet-reader-died", 422),
    ("sheet-reader-slow", 422),
    ("sheet-reader-garbled", 422),
    ("sheet-nothing-to-mark", 422),
];

/// The HTTP status for a refusal of this crate: 413, 415 or 422.
pub fn http_status(code: &str) -> u16 {
    CODES.iter().find(|(known, _)| *known == code).map_or(422, |(_, status)| *status)
}

/// The code as the crate writes it; `None` for one that is not ours.
pub(crate) fn known_code(code: &str) -> Option<&'static str> {
    CODES.iter().find(|(known, _)| *known == code).map(|(known, _)| *known)
}

impl No {
    pub(crate) fn code(&self) -> &'static str {
        match self {
            No::Empty => "sheet-empty",
            No::TooLarge { .. } => "sheet-too-large",
            No::Protected => "sheet-protected",
            No::OldFormat { .. } => "sheet-old-format",
            No::Picture => "sheet-picture",
            No::NotASheet { .. } => "sheet-not-a-sheet",
            No::NotAsNamed { .. } => "sheet-not-as-named",
            No::ZipBomb => "sheet-zip-bomb",
            No::ZipName => "sheet-zip-name",
            No::ZipLocked => "sheet-zip-locked",
            No::ZipForm(_) => "sheet-zip-form",
            No::ManyEmpty => "sheet-zip-without-sheets",
            No::ManyTooMany { .. } => "sheet-zip-too-many",
            No::Active(_) => "sheet-active-content",
            No::Broken { .. } => "sheet-broken",
            No::TooManySheets { .. } => "sheet-too-many-sheets",
            No::TooManyRows { .. } => "sheet-too-many-rows",
            No::TooManyColumns { .. } => "sheet-too-many-columns",
            No::TooManyCells { .. } => "sheet-too-many-cells",
            No::TooManyMerged { .. } => "sheet-too-many-merged",
            No::TooMuchText => "sheet-too-much-text",
            No::CellTooLong { .. } => "sheet-cell-too-long",
            No::ResidentNumber { .. } | No::ResidentNumberInName => "sheet-resident-number",
            No::TextEncoding { .. } => "sheet-encoding",
            No::MixedEncoding { .. } => "sheet-mixed-encoding",
            No::OpenQuote { .. } => "sheet-open-quote",
            No::TextAfterQuote { .. } => "sheet-text-after-quote",
            No::ControlCharacters { .. } => "sheet-control-characters",
            No::TooManyRagged { .. } => "sheet-too-many-ragged",
            No::Died => "sheet-reader-died",
            No::Slow => "sheet-reader-slow",
            No::Garbled => "sheet-reader-garbled",
            No::NothingToMark => "sheet-nothing-to-mark",
        }
    }

    fn message(&self) -> String {
        match self {
            No::Empty => "빈 파일입니다. 내용을 저장했는지 확인한 뒤 다시 올려 주세요.".into(),
            No::TooLarge { limit } => {
                format!("파일이 너무 큽니다. {}까지 올릴 수 있습니다. 그림을 빼거나 시트를 나누어 주세요.", megabytes(*limit))
            }
            No::Protected => PROTECTED.into(),
            No::OldFormat { what } => format!(
                "{what} 파일은 읽을 수 없습니다. 엑셀이나 한셀에서 열어 ‘다른 이름으로 저장 → Excel 통합 문서(.xlsx)’ 또는 ‘CSV’로 저장한 뒤 올려 주세요."
            ),
            No::Picture => {
                "그림 파일에서는 숫자를 읽을 수 없습니다. 표를 엑셀에 적어 XLSX나 CSV로 저장한 뒤 올려 주세요.".into()
            }
            No::NotASheet { what } => format!(
                "{what} 파일은 시트가 아니어서 읽을 수 없습니다. 표를 엑셀에 옮겨 XLSX나 CSV로 저장한 뒤 올려 주세요."
            ),
            No::NotAsNamed { content } => format!(
                "내용은 {content}인데 파일 이름의 확장자가 다릅니다. 확장자를 손으로 바꾸지 말고 XLSX나 CSV로 다시 저장해 주세요."
            ),
            No::ZipBomb => {
                "압축을 풀면 지나치게 커지는 파일이라서 열지 않았습니다. 엑셀에서 새 파일에 값만 붙여 넣어 다시 저장해 주세요.".into()
            }
            No::ZipName => {
                "압축 파일 안의 이름이 올바르지 않습니다(겹치는 이름, 상위 폴더, 절대 경로, 역슬래시 등). 다시 저장하거나 새로 압축해 주세요.".into()
            }
            No::ZipLocked => "압축 파일에 암호가 걸려 있습니다. 암호 없이 다시 압축해 올려 주세요.".into(),
            No::ZipForm(what) => format!("압축 구조가 올바르지 않습니다({what}). 엑셀에서 다시 저장하거나 새로 압축해 주세요."),
            No::ManyEmpty => "압축 파일 안에 XLSX나 CSV 파일이 없습니다.".into(),
            No::ManyTooMany { limit } => format!("압축 파일 하나에 시트 파일 {limit}개까지 담을 수 있습니다. 나누어 올려 주세요."),
            No::Active(what) => format!("{what} 들어 있습니다. {ACTIVE}"),
            No::Broken { part, why } => {
                format!("파일이 손상되었거나 형식이 올바르지 않습니다({part}: {why}). 엑셀에서 열어 다시 저장해 주세요.")
            }
            No::TooManySheets { limit } => format!("시트가 너무 많습니다. {limit}개까지 읽습니다. 필요한 시트만 남겨 주세요."),
            No::TooManyRows { place, limit } => {
                format!("{place}: 행이 너무 많습니다. {limit}행까지 읽습니다. 아래쪽의 쓰지 않는 칸을 지우거나 파일을 나누어 주세요.")
            }
            No::TooManyColumns { place, limit } => {
                format!("{place}: 열이 너무 많습니다. {limit}열까지 읽습니다. 오른쪽의 쓰지 않는 칸을 지워 주세요.")
            }
            No::TooManyCells { limit } => format!("내용이 있는 칸이 너무 많습니다. {limit}칸까지 읽습니다. 파일을 나누어 주세요."),
            No::TooManyMerged { place, limit } => {
                format!("{place}: 병합된 칸이 너무 많습니다. {limit}곳까지 읽습니다. 병합을 풀어 주세요.")
            }
            No::TooMuchText => "글자가 너무 많은 파일입니다. 파일을 나누어 주세요.".into(),
            No::CellTooLong { place, limit } => {
                format!("{place}: 한 칸에 글자가 너무 많습니다. {}까지 읽습니다. 따옴표가 빠지지 않았는지도 확인해 주세요.", kilobytes(*limit))
            }
            No::ResidentNumber { place } => format!(
                "{place}: 주민등록번호로 보이는 값이 있어 파일 전체를 받지 않았습니다. 저장된 것은 없습니다. 번호를 지운 뒤 다시 올려 주세요. 번호가 아니라 금액이면 천 단위 쉼표를 찍어 주세요."
            ),
            No::ResidentNumberInName => {
                "파일 이름에 주민등록번호로 보이는 값이 있어 받지 않았습니다. 이름을 바꾼 뒤 다시 올려 주세요.".into()
            }
            No::TextEncoding { line } => format!(
                "{line}번째 줄을 글자로 읽을 수 없습니다. 엑셀에서 ‘CSV UTF-8(쉼표로 분리)’로 다시 저장해 주세요."
            ),
            No::MixedEncoding { line, first, other } => format!(
                "{line}번째 줄의 문자 인코딩이 다릅니다(다른 줄은 {first}, 이 줄은 {other}). 한 파일로 합치기 전에 같은 인코딩으로 저장해 주세요."
            ),
            No::OpenQuote { line } => {
                format!("{line}번째 줄에서 연 따옴표(\")가 파일 끝까지 닫히지 않았습니다. 따옴표를 닫거나 지워 주세요.")
            }
            No::TextAfterQuote { line } => {
                format!("{line}번째 줄에서 따옴표(\") 뒤에 글자가 더 있습니다. 칸 안의 따옴표는 두 번(\"\") 적어 주세요.")
            }
            No::ControlCharacters { line } => {
                format!("{line}번째 줄에 글자가 아닌 값(제어 문자)이 있습니다. 엑셀에서 CSV로 다시 저장해 주세요.")
            }
            No::TooManyRagged { limit } => {
                format!("칸 수가 제목 줄과 다른 줄이 {limit}개를 넘습니다. 쉼표나 따옴표를 확인하고 엑셀에서 CSV로 다시 저장해 주세요.")
            }
            No::Died => {
                "파일을 읽는 데 기억 용량이나 시간이 지나치게 들어 그만두었습니다. 저장된 것은 없습니다. 새 파일에 값만 붙여 넣어 다시 저장해 주세요.".into()
            }
            No::Slow => {
                "파일을 읽는 데 너무 오래 걸려 그만두었습니다. 저장된 것은 없습니다. 잠시 뒤 다시 올리거나 새 파일에 값만 붙여 넣어 저장해 주세요.".into()
            }
            No::Garbled => "파일을 읽은 결과가 온전하지 않아 받지 않았습니다. 새 파일에 값만 붙여 넣어 다시 저장해 주세요.".into(),
            No::NothingToMark => "오류를 적어 넣을 시트를 찾지 못했습니다.".into(),
        }
    }

    pub(crate) fn refusal(&self) -> Refusal {
        Refusal::new(self.code(), "", self.message())
    }
}

impl From<No> for Refusal {
    fn from(no: No) -> Self {
        no.refusal()
    }
}

fn megabytes(bytes: usize) -> String {
    format!("{} MB", bytes >> 20)
}

fn kilobytes(bytes: usize) -> String {
    format!("{} KB", bytes >> 10)
}
