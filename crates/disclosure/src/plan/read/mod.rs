//! From files to a district: decode, parse, read each file by its kind, put them together.
//!
//! Owns: turning bytes into the typed model, and every problem that can be seen in one place of
//! one file (a number, a date, a key, an id). Does not own: rules that compare two places
//! (`check`). What a newcomer gets wrong: the order. The district and its sources come first, then
//! term plans, then yearly plans, because a yearly plan says only what it changes.

mod cx;
mod dates;
mod district;
mod extras;
mod figure;
mod head;
mod node;
mod places;
mod plan;
mod results;
mod scalar;
mod targets;
mod tree;

use std::sync::Arc;

use sha2::{Digest, Sha256};

use self::cx::Cx;
use self::head::FileKind;
use self::targets::Before;
use super::codes::Code;
use super::model::{District, Plan, PlanKind};
use crate::plan::{Problem, Problems};
use iljari_authored::Place;
use iljari_authored::both;
use iljari_authored::{self as yaml, Value, Yaml};

pub(crate) use self::cx::closest;
pub(crate) use self::figure::{computed_percent, cuts_to, rounds_to};
pub(crate) use self::tree::dangling;

/// One file, as far as it could be read.
pub(crate) struct FileText {
    pub(crate) name: Arc<str>,
    pub(crate) text: String,
}

struct Parsed {
    at: usize,
    kind: FileKind,
    root: Yaml,
}

/// What came of reading all files. `whole` is false when a file could not be read at all, so that
/// rules about what is missing must stay silent.
pub(crate) struct Read {
    pub(crate) district: Option<District>,
    pub(crate) texts: Vec<FileText>,
    pub(crate) cited: Vec<(String, Place)>,
    pub(crate) whole: bool,
}

/// Reads all files of a district.
pub(crate) fn read(files: &[(&str, &[u8])], problems: &mut Problems) -> Read {
    let mut texts = Vec::new();
    let mut parsed = Vec::new();
    let mut whole = true;
    for (name, bytes) in files {
        let name: Arc<str> = Arc::from(*name);
        let text = yaml::decode(&name, bytes, problems);
        whole &= text.is_some();
        texts.push(FileText { name: Arc::clone(&name), text: text.unwrap_or_default() });
        let Some(text) = texts.last().map(|file| file.text.as_str()).filter(|text| !text.is_empty()) else { continue };
        let Some(root) = yaml::parse(&name, text, problems) else {
            whole = false;
            continue;
        };
        let mut nobody = Vec::new();
        let mut cx = Cx::new(name, text, problems, &mut nobody);
        match head::head(&mut cx, &root) {
            Some(kind) => parsed.push(Parsed { at: texts.len() - 1, kind, root }),
            None => whole = false,
        }
    }
    let mut reader = Reader { files, texts: &texts, problems, cited: Vec::new() };
    let district = reader.district(&parsed, whole);
    let cited = reader.cited;
    Read { district, texts, cited, whole }
}

struct Reader<'a> {
    files: &'a [(&'a str, &'a [u8])],
    texts: &'a [FileText],
    problems: &'a mut Problems,
    cited: Vec<(String, Place)>,
}

impl Reader<'_> {
    fn cx(&mut self, at: usize) -> Cx<'_> {
        let file = &self.texts[at];
        Cx::new(Arc::clone(&file.name), &file.text, self.problems, &mut self.cited)
    }

    fn district(&mut self, parsed: &[Parsed], whole: bool) -> Option<District> {
        let of = |kind: FileKind| parsed.iter().filter(move |file| file.kind == kind);
        let mut district: Option<District> = None;
        for file in of(FileKind::District) {
            if let Some(first) = &district {
                let first = first.place.file.to_string();
                let span = tree::head_of(file.root.span);
                let place = Place { file: Arc::clone(&self.texts[file.at].name), span };
                let title = both!("자치구 파일(종류: 구)이 둘입니다", "there are two files of kind 구");
                let todo =
                    both!("{first}에 이미 있습니다. 하나로 합쳐 주세요", "{first} is one already; make them one");
                self.problems.push(Problem::new(Code::TwoDistrictFiles, &place, title).todo(todo));
                continue;
            }
            let mut cx = self.cx(file.at);
            district = district::district(&mut cx, &file.root);
        }
        let has_file = of(FileKind::District).next().is_some();
        if !has_file
            && whole
            && let Some(first) = self.texts.first()
        {
            let place = Place::start_of(&first.name);
            let title = both!("자치구 파일(종류: 구)이 없습니다", "there is no file of kind 구");
            let todo = both!(
                "구의 폴더를 통째로 검사하거나 '종류: 구' 파일을 함께 넘겨 주세요",
                "check the district's whole folder, or add its file of kind 구"
            );
            self.problems.push(Problem::new(Code::NoDistrictFile, &place, title).todo(todo));
        }
        for file in of(FileKind::Sources) {
            let mut cx = self.cx(file.at);
            let sources = district::source_file(&mut cx, &file.root);
            let Some(district) = &mut district else { continue };
            for (id, source) in sources {
                if let Some(first) = district.sources.get(&id) {
                    let line = first.place.to_string();
                    let title = both!("출처 '{id}'[이/가] 두 곳에 있습니다", "the source '{id}' stands in two places");
                    let todo =
                        both!("{line}에 이미 있습니다. 하나만 남겨 주세요", "it already stands at {line}; keep one");
                    self.problems.push(Problem::new(Code::DuplicateId, &source.place, title).todo(todo));
                } else {
                    district.sources.insert(id, source);
                }
            }
        }
        let mut before = Before::default();
        let mut plans: Vec<Plan> = Vec::new();
        for (kind, plan_kind) in [(FileKind::Term, PlanKind::Term), (FileKind::Yearly, PlanKind::Yearly)] {
            for file in of(kind) {
                if !self.belongs(file, district.as_ref()) {
                    continue;
                }
                let sha256 = hex::encode(Sha256::digest(self.files[file.at].1));
                let mut cx = self.cx(file.at);
                if let Some(plan) = plan::plan(&mut cx, &file.root, plan_kind, &before, &sha256) {
                    if plan_kind == PlanKind::Term {
                        before.indicators.extend(plan.indicators.iter().cloned());
                        before.sets.extend(plan.target_sets.iter().cloned());
                    }
                    plans.push(plan);
                }
            }
        }
        plans.sort_by_key(|plan| (plan.kind, plan.first_year, plan.disclosed));
        let mut results = Vec::new();
        let (mut statistics, mut dong_tables) = (Vec::new(), Vec::new());
        for file in of(FileKind::Results) {
            if !self.belongs(file, district.as_ref()) {
                continue;
            }
            let mut cx = self.cx(file.at);
            let read = results::result_file(&mut cx, &file.root);
            results.extend(read.results);
            statistics.extend(read.statistics);
            dong_tables.extend(read.dong_tables);
        }
        let mut district = district?;
        district.plans = plans;
        district.results = results;
        district.dong_tables = dong_tables;
        district.statistics.extend(statistics);
        Some(district)
    }

    /// Whether the file is of this district. A plan of another one is refused and not read further.
    fn belongs(&mut self, file: &Parsed, district: Option<&District>) -> bool {
        let mut cx = self.cx(file.at);
        let Value::Map(entries) = &file.root.value else { return false };
        let Some(entry) = entries.iter().find(|entry| entry.key == "구") else {
            let place = Place::start_of(&cx.file);
            let title = both!("어느 구의 파일인지 '구'가 없습니다", "the key '구' does not say whose file this is");
            let todo = both!("'구: 11215'처럼 자치구 코드를 적어 주세요", "add '구: 11215', the district's code");
            cx.say(Problem::new(Code::MissingKey, &place, title).todo(todo));
            return true;
        };
        let code = district::district_code(&mut cx, &entry.value);
        let (Some(code), Some(district)) = (code, district) else { return true };
        if code == district.code {
            return true;
        }
        let (own, name) = (&district.code, &district.name);
        let place = cx.place(entry.value.span);
        let title = both!("다른 구({code})의 파일입니다", "this is a file of another district ({code})");
        let found = both!("{code}", "{code}");
        let expected = both!("{own}({name})", "{own} ({name})");
        let todo =
            both!("그 구의 폴더로 옮기거나 코드를 고쳐 주세요", "move it to that district's folder, or mend the code");
        cx.say(Problem::new(Code::OtherDistrict, &place, title).found(found).expected(expected).todo(todo));
        false
    }
}
