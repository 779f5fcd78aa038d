//! The glossary, held against the code.
//!
//! Owns that a name in the glossary's third column is declared somewhere. Whether a new public
//! type has its line there is left to the reader of a change. A newcomer renames a type and
//! forgets the page that explains it in two languages.

use super::Problem;
use super::rust::{Kind, pieces};
use super::tree::{Tree, problem};

const PAGE: &str = "GLOSSARY.md";

/// Every name in backticks in the column "In the code" is declared in some crate.
pub fn types_exist(tree: &Tree) -> Vec<Problem> {
    let Some(page) = tree.files.get(PAGE) else {
        return vec![problem(PAGE, 0, "does not exist")];
    };
    let code: String = tree
        .rust()
        .flat_map(|(_, source)| pieces(source))
        .filter(|piece| piece.kind == Kind::Code)
        .map(|piece| piece.text)
        .collect();
    let mut problems = Vec::new();
    for (number, line) in page.lines().enumerate().filter(|(_, line)| line.starts_with('|')) {
        let column = line.split('|').nth(3).unwrap_or_default();
        for name in column.split('`').skip(1).step_by(2) {
            let last = name.rsplit("::").next().unwrap_or(name);
            if !is_declared(last, &code) {
                problems.push(problem(PAGE, number + 1, format!("`{name}` is declared nowhere")));
            }
        }
    }
    problems
}

/// Whether the code declares a thing of this name: an item, or a variant on a line of its own.
fn is_declared(name: &str, code: &str) -> bool {
    const ITEMS: &[&str] = &["struct", "enum", "trait", "type", "fn", "mod", "const"];
    code.match_indices(name).any(|(at, _)| {
        let (before, after) = (&code[..at], &code[at + name.len()..]);
        let whole = !after.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        let line = before.rsplit('\n').next().unwrap_or_default();
        let item = ITEMS.iter().any(|item| line.trim_end().ends_with(item) && line.ends_with(' '));
        let variant = line.trim().is_empty() && after.starts_with([',', '(', ' ', '\n']);
        whole && (item || variant)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_no_code_declares_is_a_problem() {
        let page = "| Korean | English | In the code |\n| --- | --- | --- |\n\
                    | 일자리 | job | `JobCount`, `Duty::Record` |\n| 봉인 | seal | `ledger::seal` |\n| 원 | won | `Won` |\n";
        let code =
            "pub struct JobCount(i64);\nenum Duty {\n    Record,\n}\n// struct Won\npub struct WonMore;\nfn seal() {}";
        let tree = Tree::of(&[("GLOSSARY.md", page), ("crates/base/src/lib.rs", code)]);
        let found: Vec<String> = types_exist(&tree).iter().map(ToString::to_string).collect();
        assert_eq!(found, ["GLOSSARY.md:5: `Won` is declared nowhere"]);
    }

    #[test]
    fn a_missing_glossary_is_a_problem() {
        assert_eq!(types_exist(&Tree::of(&[])).len(), 1);
    }
}
