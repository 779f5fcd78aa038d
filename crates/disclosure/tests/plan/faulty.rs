//! Every faulty file is refused for its fault, and for nothing else.
//!
//! A file or folder below `districts/faulty` says on its first line which codes are expected
//! (`# 예상: plan-sum`), the fault's own first. The line at fault ends in `# ←`, and the first
//! code's problem must stand there. A file alone is checked together with `faulty/district.yaml`.

use std::collections::BTreeSet;
use std::fs;

use iljari_disclosure::plan::{Code, Lang, check, render_text};

use crate::{folder, root};

struct Fault {
    name: String,
    files: Vec<(String, Vec<u8>)>,
}

fn faults() -> Vec<Fault> {
    let home = root().join("districts/faulty");
    let district = ("district.yaml".to_owned(), fs::read(home.join("district.yaml")).expect("the district"));
    let mut faults = Vec::new();
    for entry in fs::read_dir(&home).expect("the folder of faults") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let mut files = if path.is_dir() {
            folder(&path)
        } else if name == "district.yaml" {
            continue;
        } else {
            vec![(name.clone(), fs::read(&path).expect("a readable file"))]
        };
        let has_district = files.iter().any(|(_, bytes)| String::from_utf8_lossy(bytes).contains("종류: 구\n"));
        if !has_district {
            files.push(district.clone());
        }
        faults.push(Fault { name, files });
    }
    faults.sort_by(|one, other| one.name.cmp(&other.name));
    faults
}

fn expected(fault: &Fault) -> Vec<String> {
    let text = String::from_utf8_lossy(&fault.files[0].1).into_owned();
    let line = text.lines().next().and_then(|line| line.strip_prefix("# 예상: "));
    let line = line.unwrap_or_else(|| panic!("{}: the first line does not say what is expected", fault.name));
    line.split(',').map(|code| code.trim().to_owned()).collect()
}

#[test]
fn every_faulty_file_is_caught_for_its_fault_and_nothing_else() {
    let mut wrong = Vec::new();
    for fault in faults() {
        let report = check(&fault.files);
        let wanted = expected(&fault);
        // Notes about what a short file naturally lacks.
        let beside = [Code::UnusedSource, Code::NotNamed];
        let counted = report.problems.iter().filter(|problem| !beside.contains(&problem.code));
        let found: BTreeSet<&str> = counted.map(|problem| problem.code.as_str()).collect();
        if found != wanted.iter().map(String::as_str).collect::<BTreeSet<_>>() {
            wrong.push(format!("{}: expected {wanted:?}\n{}", fault.name, render_text(&report, Lang::Ko, false)));
            continue;
        }
        let marked = fault.files.iter().find_map(|(name, bytes)| {
            let text = String::from_utf8_lossy(bytes).into_owned();
            let line = text.lines().position(|line| line.ends_with("# ←"))?;
            Some((name.clone(), line + 1))
        });
        if let Some((file, line)) = marked {
            let there = report.problems.iter().any(|problem| {
                problem.code.as_str() == wanted[0]
                    && *problem.place.file == *file
                    && problem.place.span.start.line as usize == line
            });
            if !there {
                wrong.push(format!("{}: not at {file}:{line}\n{}", fault.name, render_text(&report, Lang::Ko, false)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n----\n"));
}

#[test]
fn the_checker_has_no_rule_without_a_faulty_file() {
    // These need bytes that are no text, or more of them than belongs into a repository.
    let elsewhere = [
        Code::TooLarge,
        Code::EmptyFile,
        Code::BomOnly,
        Code::NotUtf8,
        Code::NulByte,
        Code::TooManyProblems,
        Code::NoDistrictFile,
        Code::UnusedSource,
        Code::NotNamed,
        Code::NoDefinition,
    ];
    let shown: BTreeSet<String> = faults().iter().flat_map(expected).collect();
    let missing: Vec<&str> = Code::ALL
        .iter()
        .filter(|code| !elsewhere.contains(code) && !shown.contains(code.as_str()))
        .map(|code| code.as_str())
        .collect();
    assert!(missing.is_empty(), "no faulty file shows {missing:?}");
}
