//! The shelf (규칙 서가): which rules speak about a district on a day.
//!
//! Owns: the rule files inside the binary and those of the data folder, and the choice among editions.
//! Does not own: what a rule means (`rules`), nor the rules of a call, which the call froze itself. What a
//! newcomer gets wrong: leaving out a program whose round is over. People ask between rounds; the newest
//! edition answers them, and says that it is the last round's.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use iljari_authored::Severity;
use iljari_base::{Date, DistrictCode, Failure, Outcome};
use iljari_rules::RuleSet;
use rust_embed::RustEmbed;

/// The rule files of the repository, inside the binary.
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../rules"]
struct Embedded;

/// Files named after their fault; nobody is judged by them.
const FAULTY: &str = "faulty/";
/// Folders of the repository whose rules hold in a province, with how its districts' codes begin.
const PROVINCES: [(&str, &str); 1] = [("seoul", "11")];
/// Programs of the shelf that give nobody a job, by id: what a firm applies for, and a ride.
const NO_JOBS: [&str; 2] = ["지역주도형청년기업", "아이맘택시"];
/// How many days after its end an edition still answers: two years. Older ones are only named.
const DAYS_SHOWN: i64 = 731;

static BUILT_IN: LazyLock<Vec<Kept>> = LazyLock::new(|| {
    let names = Embedded::iter().filter(|name| name.ends_with(".yaml") && !name.starts_with(FAULTY));
    let files: Vec<(String, Vec<u8>)> =
        names.filter_map(|name| Some((name.to_string(), Embedded::get(&name)?.data.into_owned()))).collect();
    read(&files).0
});

/// For whom an edition is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Reach {
    /// Everybody in the country.
    Nation,
    /// The districts whose codes begin so.
    Province(&'static str),
    /// One district.
    District(String),
}

impl Reach {
    fn covers(&self, code: &DistrictCode) -> bool {
        match self {
            Reach::Nation => true,
            Reach::Province(begin) => code.as_str().starts_with(begin),
            Reach::District(own) => own == code.as_str(),
        }
    }

    /// The nearer an office is, the more its own edition says.
    fn nearness(&self) -> u8 {
        match self {
            Reach::Nation => 0,
            Reach::Province(_) => 1,
            Reach::District(_) => 2,
        }
    }
}

#[derive(Debug, Clone)]
struct Kept {
    rules: Arc<RuleSet>,
    reach: Reach,
}

/// The rules of one program as they stand on a day.
#[derive(Debug, Clone)]
pub struct Lot {
    /// The edition.
    pub rules: Arc<RuleSet>,
    /// Whether its time is over: the next round may say otherwise.
    pub is_past: bool,
}

/// What a district's shelf holds on a day.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// A program each, by name.
    pub lots: Vec<Lot>,
    /// Programs whose last edition ended long ago: name and edition.
    pub long_over: Vec<(String, String)>,
}

/// Every edition the office has. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Shelf(Arc<Vec<Kept>>);

impl Shelf {
    /// What is inside the binary.
    pub fn built_in() -> Self {
        Self(Arc::new(BUILT_IN.clone()))
    }

    /// The same, and the files of a folder of the office, where there is one. A file of the folder takes the
    /// place of what says the same edition; one with an error is left out, and its name comes back.
    pub fn open(folder: &Path) -> Outcome<(Self, Vec<String>)> {
        let mut all = BUILT_IN.clone();
        let mut files = Vec::new();
        gather(folder, folder, &mut files)
            .map_err(|error| Failure::new(error).context(format!("read the rules in {}", folder.display())))?;
        files.sort();
        let (own, faulty) = read(&files);
        for kept in own {
            all.retain(|other| !same_edition(&other.rules, &kept.rules));
            all.push(kept);
        }
        Ok((Self(Arc::new(all)), faulty))
    }

    /// The programs of a district on a day: of each the edition in force, else the newest that was.
    pub fn row(&self, code: &DistrictCode, day: Date) -> Row {
        let mut best: BTreeMap<&str, (&Kept, bool)> = BTreeMap::new();
        let here = self.0.iter().filter(|kept| kept.reach.covers(code) && kept.rules.from <= day);
        for kept in here.filter(|kept| !NO_JOBS.contains(&kept.rules.id.as_str())) {
            let is_past = !kept.rules.in_force_on(day);
            // In force before past; then the nearer office among those in force, the newer among past ones.
            let rank = |(kept, is_past): &(&Kept, bool)| {
                let (near, upto) = (kept.reach.nearness(), kept.rules.upto);
                if *is_past { (0, 0, upto, near) } else { (1, near, Some(kept.rules.from), 0) }
            };
            let found = (kept, is_past);
            match best.get(kept.rules.id.as_str()) {
                Some(known) if rank(known) >= rank(&found) => {}
                _ => {
                    best.insert(&kept.rules.id, found);
                }
            }
        }
        let mut row = Row::default();
        for (kept, is_past) in best.into_values() {
            let over = kept.rules.upto.is_some_and(|upto| upto.days_until(day) > DAYS_SHOWN);
            if is_past && over {
                row.long_over.push((kept.rules.name.clone(), kept.rules.edition.clone()));
            } else {
                row.lots.push(Lot { rules: Arc::clone(&kept.rules), is_past });
            }
        }
        row.lots.sort_by(|one, two| one.rules.name.cmp(&two.rules.name));
        row
    }
}

fn same_edition(one: &RuleSet, two: &RuleSet) -> bool {
    (&one.id, &one.edition, &one.district) == (&two.id, &two.edition, &two.district)
}

/// Reads files one by one, so that a fault in one keeps no other from being used.
fn read(files: &[(String, Vec<u8>)]) -> (Vec<Kept>, Vec<String>) {
    let (mut kept, mut faulty) = (Vec::new(), Vec::new());
    for (name, bytes) in files {
        let (mut sets, report) = iljari_rules::check(&[(name, bytes)]);
        match sets.pop() {
            Some(rules) if report.count(Severity::Error) == 0 => {
                let folder = name.split('/').next().unwrap_or_default();
                let province = PROVINCES.iter().find(|(known, _)| *known == folder);
                let reach = match (&rules.district, province) {
                    (Some(code), _) => Reach::District(code.clone()),
                    (None, Some((_, begin))) => Reach::Province(begin),
                    (None, None) => Reach::Nation,
                };
                kept.push(Kept { rules: Arc::new(rules), reach });
            }
            _ => faulty.push(name.clone()),
        }
    }
    (kept, faulty)
}

fn gather(root: &Path, folder: &Path, files: &mut Vec<(String, Vec<u8>)>) -> std::io::Result<()> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && root == folder => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            gather(root, &path, files)?;
        } else if path.extension().is_some_and(|ending| ending == "yaml") {
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            files.push((name, std::fs::read(&path)?));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(code: &str, day: &str) -> Row {
        Shelf::built_in().row(&code.parse().expect("a code"), day.parse().expect("a day"))
    }

    fn editions(row: &Row) -> Vec<(&str, &str, bool)> {
        row.lots.iter().map(|lot| (lot.rules.id.as_str(), lot.rules.edition.as_str(), lot.is_past)).collect()
    }

    #[test]
    fn a_district_has_its_own_editions_its_citys_and_the_nations() {
        let row = row("11215", "2026-11-26");
        let all = editions(&row);
        assert!(all.contains(&("장애인일반형", "2026년 광진구", false)), "its own before the nation's: {all:?}");
        assert!(all.contains(&("동행일자리", "2026년 상반기 광진구", true)), "the newest past round: {all:?}");
        assert!(all.contains(&("청년취업사관학교", "2023년", false)), "Seoul's: {all:?}");
        assert!(all.iter().any(|(id, ..)| *id == "노인공익활동"));
        assert!(row.long_over.iter().any(|(name, edition)| name.contains("공공근로") && edition.contains("2019")));
    }

    #[test]
    fn a_district_outside_seoul_has_nothing_of_seoul_and_a_future_edition_is_not_there_yet() {
        let all = row("99001", "2026-11-26");
        assert!(editions(&all).contains(&("나루공공근로", "2026년 하반기와 2027년(예시)", false)));
        assert!(!editions(&all).iter().any(|(id, ..)| *id == "청년취업사관학교"));
        assert_eq!(all.long_over, []);
        assert!(!editions(&row("99001", "2026-06-30")).iter().any(|(id, ..)| *id == "나루공공근로"));
    }

    #[test]
    fn what_a_firm_applies_for_and_a_ride_are_no_jobs() {
        let all = row("11380", "2026-11-26");
        assert!(editions(&all).iter().all(|(id, ..)| !NO_JOBS.contains(id)));
        assert!(editions(&all).iter().any(|(id, ..)| *id == "새도약인턴십"));
        let known: Vec<&str> = BUILT_IN.iter().map(|kept| kept.rules.id.as_str()).collect();
        assert!(NO_JOBS.iter().all(|id| known.contains(id)), "the list names programs that exist");
    }

    #[test]
    fn the_offices_folder_adds_files_and_names_those_with_a_fault() {
        let folder = tempfile::tempdir().expect("a folder");
        let own =
            include_str!("../../../rules/naru/public-works-2027.yaml").replace("번호: 나루공공근로", "번호: 새사업");
        std::fs::create_dir(folder.path().join("more")).expect("a folder");
        std::fs::write(folder.path().join("more/own.yaml"), own).expect("written");
        std::fs::write(folder.path().join("broken.yaml"), "형식: 무엇").expect("written");
        let (shelf, faulty) = Shelf::open(folder.path()).expect("opened");
        let row = shelf.row(&"99001".parse().expect("a code"), "2026-11-26".parse().expect("a day"));
        assert!(row.lots.iter().any(|lot| lot.rules.id == "새사업"));
        assert_eq!(faulty, ["broken.yaml"]);
        let (alone, faulty) = Shelf::open(&folder.path().join("none")).expect("a folder that is not there is none");
        assert_eq!((alone.0.len(), faulty.len()), (BUILT_IN.len(), 0));
    }
}
