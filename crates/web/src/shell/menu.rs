//! The two menus, drawn from the pages that exist.
//!
//! Owns: the words and the order. Does not own: who may open a page; the route table knows.
//! What a newcomer gets wrong: a line for a page that is not built yet shows by itself once its
//! route is in the table, and not before.

use crate::office::Viewer;
use crate::prefs::DisplayPrefs;
use crate::shell::District;

/// Which line of the residents' menu a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicNav {
    /// 진행 상황.
    Progress,
    /// 계획.
    Plan,
    /// 어떻게 세나요.
    How,
    /// 모집공고.
    Calls,
    /// 나에게 맞는 일자리.
    Suitable,
    /// 공시.
    Disclosures,
    /// 자료.
    Data,
    /// 숫자 확인하기.
    Verify,
    /// None of them.
    None,
}

const PUBLIC_MENU: [(PublicNav, &str, &str); 8] = [
    (PublicNav::Progress, "진행 상황", "/districts/{code}"),
    (PublicNav::Plan, "계획", "/districts/{code}/plan"),
    (PublicNav::Calls, "모집공고", "/districts/{code}/calls"),
    (PublicNav::Suitable, "나에게 맞는 일자리", "/districts/{code}/suitable"),
    (PublicNav::How, "어떻게 세나요", "/districts/{code}/how"),
    (PublicNav::Disclosures, "공시", "/districts/{code}/disclosures"),
    (PublicNav::Data, "자료", "/districts/{code}/data"),
    (PublicNav::Verify, "숫자 확인하기", "/districts/{code}/verify"),
];

/// Which line of the officers' menu a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Desk {
    /// 대시보드.
    Dashboard,
    /// 확인 대기.
    Staged,
    /// 진행 상황.
    Progress,
    /// 계획 구조.
    Plan,
    /// 취합.
    Collection,
    /// 실적 적기.
    NewEntry,
    /// 개인 속성 표.
    Attributes,
    /// 봉인.
    Seals,
    /// 공시.
    Disclosures,
    /// 주민 찾기.
    Residents,
    /// 중복 확인.
    Duplicates,
    /// 모집과 선발.
    Calls,
    /// 담당자와 업무.
    People,
    /// 인수인계.
    Handover,
    /// 접속기록.
    AccessLog,
    /// 긴급 열람.
    BreakGlass,
    /// 내려받기 승인.
    Downloads,
    /// None of them.
    None,
}

/// A line of the officers' menu: desk, words, path.
type DeskLine = (Desk, &'static str, &'static str);

const OFFICE_MENU: [(&str, &[DeskLine]); 5] = [
    ("오늘", &[(Desk::Dashboard, "대시보드", "/office"), (Desk::Staged, "확인 대기", "/office/staged")]),
    (
        "계획과 실적",
        &[
            (Desk::Progress, "진행 상황", "/office/progress"),
            (Desk::Plan, "계획 구조", "/office/plan"),
            (Desk::Collection, "취합", "/office/collection"),
            (Desk::NewEntry, "실적 적기", "/office/entries/new"),
            (Desk::Attributes, "개인 속성 표", "/office/attributes"),
            (Desk::Seals, "봉인", "/office/seals"),
            (Desk::Disclosures, "공시", "/office/disclosures"),
        ],
    ),
    ("사업 운영", &[(Desk::Calls, "모집과 선발", "/office/calls")]),
    (
        "주민",
        &[
            (Desk::Residents, "주민 찾기", "/office/residents"),
            (Desk::Duplicates, "중복 확인", "/office/residents/duplicates"),
        ],
    ),
    (
        "담당자",
        &[
            (Desk::People, "담당자와 업무", "/office/people"),
            (Desk::Handover, "인수인계", "/office/handover"),
            (Desk::AccessLog, "접속기록", "/office/access-log"),
            (Desk::BreakGlass, "긴급 열람", "/office/residents/looks"),
            (Desk::Downloads, "내려받기 승인", "/office/downloads"),
        ],
    ),
];

/// One line of a menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuLink {
    /// The words.
    pub label: &'static str,
    /// Where to.
    pub href: String,
    /// Whether the page belongs to it.
    pub current: bool,
    /// How much waits there; 0 shows nothing.
    pub count: i64,
    pub(super) desk: Desk,
}

/// A group of the officers' menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuGroup {
    /// The heading.
    pub heading: &'static str,
    /// Its lines.
    pub links: Vec<MenuLink>,
}

/// The residents' menu of one district.
pub(super) fn of_district(prefs: &DisplayPrefs, district: &District, current: PublicNav) -> Vec<MenuLink> {
    let open = PUBLIC_MENU.iter().filter(|(_, _, path)| prefs.doors.open(path, None));
    let link = |(nav, label, path): &(PublicNav, &'static str, &str)| MenuLink {
        label,
        href: path.replace("{code}", district.code.as_str()),
        current: *nav == current,
        count: 0,
        desk: Desk::None,
    };
    open.map(link).collect()
}

/// The officers' menu with what this officer may open.
pub(super) fn of_officer(prefs: &DisplayPrefs, viewer: &Viewer, current: Desk) -> Vec<MenuGroup> {
    let link = |(desk, label, path): &DeskLine| MenuLink {
        label,
        href: (*path).to_owned(),
        current: *desk == current,
        count: 0,
        desk: *desk,
    };
    let group = |(heading, lines): &(&'static str, &[DeskLine])| MenuGroup {
        heading,
        links: lines.iter().filter(|(_, _, path)| prefs.doors.open(path, Some(viewer))).map(link).collect(),
    };
    OFFICE_MENU.iter().map(group).filter(|group| !group.links.is_empty()).collect()
}
