//! Where SQL may stand, and whose tables it may speak of (invariant I3).
//!
//! Owns both rules. It does not understand SQL: it looks for the four statements in string
//! literals and for the names after FROM, JOIN, INTO and UPDATE. A newcomer puts a quick query
//! into a page: it belongs into the slice's store.rs, where the tests run it on both engines.

use std::collections::BTreeMap;

use super::Problem;
use super::rust::{Kind, Piece, product_pieces};
use super::tree::{Tree, crate_of, problem};

/// SQL stands in files named store.rs, under a `store` module, and in the store crate.
pub fn only_in_stores(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, source) in tree.sources() {
        if crate_of(path) == Some("store") || is_store_file(path) {
            continue;
        }
        for piece in statements(path, source) {
            problems.push(problem(path, piece.line, "an SQL statement; move it to the slice's store.rs"));
        }
    }
    problems
}

/// A crate's SQL speaks only of tables that the crate's own migrations make.
pub fn only_own_tables(tree: &Tree) -> Vec<Problem> {
    let owners = table_owners(tree);
    let mut problems = Vec::new();
    for (path, source) in tree.sources() {
        let here = crate_of(path).unwrap_or_default();
        for piece in statements(path, source) {
            for table in tables_in(piece.text) {
                match owners.get(table.as_str()) {
                    Some(owner) if owner != here => problems.push(problem(
                        path,
                        piece.line,
                        format!("table `{table}` belongs to {owner}; ask that crate for a function"),
                    )),
                    _ => {}
                }
            }
        }
    }
    problems
}

fn is_store_file(path: &str) -> bool {
    path.ends_with("/store.rs") || path.contains("/src/store/")
}

/// The string literals of a file, tests aside, that are SQL statements.
fn statements<'a>(path: &str, source: &'a str) -> Vec<Piece<'a>> {
    product_pieces(path, source)
        .into_iter()
        .filter(|piece| piece.kind == Kind::Text && is_statement(piece.text))
        .collect()
}

/// Keywords are written in capitals here, which is what keeps prose out of this.
fn is_statement(literal: &str) -> bool {
    let words: Vec<&str> = literal.split(|c: char| c.is_whitespace() || c == '"').filter(|w| !w.is_empty()).collect();
    words.windows(2).any(|pair| matches!(pair, ["INSERT", "INTO"] | ["DELETE", "FROM"]))
        || (words.contains(&"SELECT") && words.len() > 1)
        || (words.contains(&"UPDATE") && words.contains(&"SET"))
}

/// The names after the words that a table follows.
fn tables_in(statement: &str) -> Vec<String> {
    let words: Vec<&str> = statement
        .split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '('))
        .filter(|word| !word.is_empty())
        .collect();
    words
        .windows(2)
        .filter(|pair| ["FROM", "JOIN", "INTO", "UPDATE"].contains(&pair[0]))
        .map(|pair| pair[1].split('(').next().unwrap_or_default().to_owned())
        .filter(|name| !name.is_empty())
        .collect()
}

/// Which crate made which table, by the slice that stands in the migration's file name.
fn table_owners(tree: &Tree) -> BTreeMap<String, String> {
    let mut owners = BTreeMap::new();
    for (path, sql) in &tree.files {
        let Some(name) = path.strip_prefix("crates/store/migrations/sqlite/") else {
            continue;
        };
        let Some(slice) = name.split('_').nth(1) else {
            continue;
        };
        let slice = slice.trim_end_matches(".sql");
        for made in sql.split("CREATE TABLE").skip(1) {
            let made = made.trim_start().trim_start_matches("IF NOT EXISTS").trim_start();
            let table: String = made.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            owners.insert(table, slice.to_owned());
        }
    }
    owners
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_outside_a_store_is_a_problem_at_its_line() {
        let page = "//! Page.\nfn show() {\n    query(\"SELECT name\n FROM officer\");\n}\n";
        let tree = Tree::of(&[
            ("crates/people/src/pages.rs", page),
            ("crates/people/src/store.rs", page),
            ("crates/people/src/store/officers.rs", page),
            ("crates/store/src/door.rs", page),
            ("crates/people/src/tests/sign_in.rs", page),
        ]);
        let found = only_in_stores(&tree);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].file.as_str(), found[0].line), ("crates/people/src/pages.rs", 3));
    }

    #[test]
    fn every_statement_is_known_and_prose_is_not_one() {
        for sql in ["INSERT INTO a", "DELETE FROM a", "UPDATE a SET b = 1", "SELECT 1"] {
            assert!(is_statement(&format!("\"{sql}\"")), "{sql}");
        }
        for prose in ["\"Select a district\"", "\"UPDATE\"", "\"INSERT\"", "\"SELECT\""] {
            assert!(!is_statement(prose), "{prose}");
        }
    }

    #[test]
    fn another_crates_table_is_a_problem() {
        let migration = "-- why\nCREATE TABLE officer (id TEXT);\nCREATE TABLE IF NOT EXISTS duty(id TEXT);";
        let tree = Tree::of(&[
            ("crates/store/migrations/sqlite/0010_people_officers.sql", migration),
            ("crates/people/src/store.rs", "const A: &str = \"SELECT 1 FROM officer JOIN duty\";"),
            ("crates/plans/src/store.rs", "const A: &str = \"DELETE FROM officer WHERE a IN (SELECT b FROM duty)\";"),
        ]);
        let found: Vec<String> = only_own_tables(&tree).iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].contains("crates/plans/src/store.rs:1") && found[0].contains("officer"), "{found:?}");
    }
}
