//! Everything the frame of a page needs: title, place, menus, trail, viewer, display settings.
//!
//! Owns: [`Shell`], which every page struct holds in a field named `shell`, and the two menus.
//! Does not own: the page inside the frame. What a newcomer gets wrong: writing a menu link by
//! hand. The menus show a page only if the route table has it and the viewer may open it.

mod menu;

use iljari_base::{Date, DistrictCode};

use crate::assets;
use crate::office::{Duty, Viewer};
use crate::prefs::{Contrast, DisplayPrefs, TextSize};
use crate::session::IDLE_MINUTES;

pub use menu::{Desk, MenuGroup, MenuLink, PublicNav};

/// A district as the frame names it (자치구).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct District {
    /// Its code, which stands in the addresses of its pages.
    pub code: DistrictCode,
    /// Its name, with 구: 광진구.
    pub name: String,
}

impl District {
    /// A district with its name.
    pub fn new(code: DistrictCode, name: impl Into<String>) -> Self {
        Self { code, name: name.into() }
    }
}

/// The language of the frame, and of nearly every page.
const KOREAN: &str = "ko";

/// One step of the trail (현재 위치).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crumb {
    /// The words.
    pub label: String,
    /// Where to; empty for the page itself.
    pub href: String,
}

/// One choice in the display settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisplayChoice {
    /// The value sent.
    pub code: &'static str,
    /// The word.
    pub label: &'static str,
    /// Whether it is the reader's.
    pub chosen: bool,
}

/// The frame of one page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shell {
    /// The page's own title, without place and service name.
    pub title: String,
    /// The word beside the mark: the district, or 담당자.
    pub place: String,
    /// Where the mark leads.
    pub home: String,
    /// The residents' menu; empty on pages of no district.
    pub menu: Vec<MenuLink>,
    /// The officers' menu; empty on public pages.
    pub desks: Vec<MenuGroup>,
    /// The trail, the page itself last; empty shows none.
    pub crumbs: Vec<Crumb>,
    /// Who is signed in, on office pages.
    pub viewer: Option<Viewer>,
    /// The telephone number of a human; empty where the office has set none.
    pub help_phone: String,
    /// How many faults the form on this page has; they are told first, in the title.
    pub error_count: usize,
    /// The language of the main part, as a `lang` attribute has it. The frame around it stays Korean.
    pub lang: &'static str,
    prefs: DisplayPrefs,
}

impl Shell {
    /// The frame of a page for everybody.
    pub fn public(
        prefs: &DisplayPrefs,
        title: impl Into<String>,
        district: Option<District>,
        current: PublicNav,
    ) -> Self {
        let menu = district.as_ref().map(|district| menu::of_district(prefs, district, current));
        let (place, home) = match &district {
            Some(district) => (district.name.clone(), format!("/districts/{}", district.code)),
            None => (String::new(), "/".to_owned()),
        };
        Self { menu: menu.unwrap_or_default(), place, home, ..Self::bare(prefs, title) }
    }

    /// The frame of an officer's page.
    pub fn office(prefs: &DisplayPrefs, viewer: &Viewer, title: impl Into<String>, current: Desk) -> Self {
        Self {
            desks: menu::of_officer(prefs, viewer, current),
            place: "담당자".to_owned(),
            home: "/office".to_owned(),
            viewer: Some(viewer.clone()),
            ..Self::bare(prefs, title)
        }
    }

    fn bare(prefs: &DisplayPrefs, title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            place: String::new(),
            home: "/".to_owned(),
            menu: Vec::new(),
            desks: Vec::new(),
            crumbs: Vec::new(),
            viewer: None,
            help_phone: String::new(),
            error_count: 0,
            lang: KOREAN,
            prefs: prefs.clone(),
        }
    }

    /// The same frame with one more step in its trail, before the page itself.
    pub fn crumb(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.crumbs.push(Crumb { label: label.into(), href: href.into() });
        self
    }

    /// The same frame with the page itself as the last step of the trail.
    pub fn here(self, label: impl Into<String>) -> Self {
        self.crumb(label, "")
    }

    /// The same frame with the number of things waiting at a desk.
    pub fn count(mut self, desk: Desk, waiting: i64) -> Self {
        for link in self.desks.iter_mut().flat_map(|group| &mut group.links) {
            if link.desk == desk {
                link.count = waiting;
            }
        }
        self
    }

    /// The same frame for a form that came back with faults.
    pub fn faults(mut self, count: usize) -> Self {
        self.error_count = count;
        self
    }

    /// The same frame around a main part in another language: `vi`.
    pub fn in_language(mut self, lang: &'static str) -> Self {
        self.lang = lang;
        self
    }

    /// Whether the main part is in another language than the frame, which then has to say its own.
    pub fn is_foreign(&self) -> bool {
        self.lang != KOREAN
    }

    /// The same frame with the office's telephone number.
    pub fn phone(mut self, number: impl Into<String>) -> Self {
        self.help_phone = number.into();
        self
    }

    /// The text of `<title>`: faults first, then the page, the place, the service.
    pub fn document_title(&self) -> String {
        let faults = match self.error_count {
            0 => String::new(),
            count => format!("고칠 곳 {count}개: "),
        };
        let place = match self.place.as_str() {
            "" => String::new(),
            place => format!(" | {place}"),
        };
        format!("{faults}{}{place} | 일자리", self.title)
    }

    /// Whether this is the demo, which says so on every page.
    pub fn demo(&self) -> bool {
        self.prefs.demo
    }

    /// Whether the page will be a file: nothing on it may need a server.
    pub fn exported(&self) -> bool {
        self.prefs.export.is_some()
    }

    /// The day of the newest fact in an exported page.
    pub fn exported_as_of(&self) -> Option<Date> {
        self.prefs.export.as_ref().map(|export| export.as_of.seoul_date())
    }

    /// The page being read; the display settings lead back to it.
    pub fn here_path(&self) -> &str {
        &self.prefs.here
    }

    /// The value of `data-size`.
    pub fn size(&self) -> &'static str {
        self.prefs.size.code()
    }

    /// The value of `data-contrast`.
    pub fn contrast(&self) -> &'static str {
        self.prefs.contrast.code()
    }

    /// The five text sizes.
    pub fn sizes(&self) -> Vec<DisplayChoice> {
        let choice =
            |size: TextSize| DisplayChoice { code: size.code(), label: size.korean(), chosen: size == self.prefs.size };
        TextSize::ALL.into_iter().map(choice).collect()
    }

    /// The two colour sets.
    pub fn contrasts(&self) -> Vec<DisplayChoice> {
        let choice = |contrast: Contrast| DisplayChoice {
            code: contrast.code(),
            label: contrast.korean(),
            chosen: contrast == self.prefs.contrast,
        };
        Contrast::ALL.into_iter().map(choice).collect()
    }

    /// Whether officers have a page about their own account here.
    pub fn account_door(&self) -> bool {
        self.prefs.doors.open("/office/account", self.viewer.as_ref())
    }

    /// Whether the officers' sign-in page is on this listener.
    pub fn office_door(&self) -> bool {
        self.prefs.doors.open("/office/sign-in", None)
    }

    /// Whether the list of districts is on this listener.
    pub fn districts_door(&self) -> bool {
        self.prefs.doors.open("/", None)
    }

    /// Whether the footer has anything to list.
    pub fn has_menu(&self) -> bool {
        !self.menu.is_empty() || self.districts_door() || self.office_door()
    }

    /// The duties of the viewer in words: `작성, 확인`.
    pub fn viewer_duties(&self) -> String {
        let duties = self.viewer.iter().flat_map(|viewer| &viewer.duties);
        let words: Vec<&str> = duties.map(|duty: &Duty| duty.korean()).collect();
        words.join(", ")
    }

    /// After how many minutes without a request a sign-in ends.
    pub fn idle_minutes(&self) -> i64 {
        IDLE_MINUTES
    }

    /// The address of an asset, with its hash.
    pub fn asset(&self, name: &str) -> String {
        assets::href(name)
    }
}
