//! The numbered migrations of both engines.
//!
//! Owns that they are twins by name, that no number is used twice and that each says why. Whether
//! both make the same tables is a test of the store crate, which can run them. A newcomer writes
//! one dialect and forgets the other: the first run on the other engine would be in production.

use std::collections::{BTreeMap, BTreeSet};

use super::Problem;
use super::tree::{Tree, problem};

const FOLDER: &str = "crates/store/migrations";
const DIALECTS: [&str; 2] = ["sqlite", "postgres"];

/// Each migration exists in both dialects, has a number of its own and opens with its reason.
pub fn in_pairs(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    let [left, right] = DIALECTS.map(|dialect| names(tree, dialect));
    for (here, other, dialect) in [(&left, &right, DIALECTS[1]), (&right, &left, DIALECTS[0])] {
        for (name, path) in here {
            if !other.contains_key(name) {
                problems.push(problem(path, 0, format!("has no twin in {FOLDER}/{dialect}")));
            }
        }
    }
    let mut numbers = BTreeSet::new();
    for (name, path) in &left {
        let number = name.split('_').next().unwrap_or_default();
        if number.len() != 4 || number.parse::<u16>().is_err() {
            problems.push(problem(path, 0, "is not named NNNN_slice_what.sql"));
        } else if !numbers.insert(number) {
            problems.push(problem(path, 0, format!("number {number} is taken by another migration")));
        }
    }
    for path in left.values().chain(right.values()) {
        let says_why = tree.files.get(*path).is_some_and(|sql| sql.trim_start().starts_with("--"));
        if !says_why {
            problems.push(problem(path, 1, "open with a comment that says why"));
        }
    }
    problems
}

/// The migrations of one dialect: file name → path.
fn names<'t>(tree: &'t Tree, dialect: &str) -> BTreeMap<&'t str, &'t str> {
    let folder = format!("{FOLDER}/{dialect}/");
    tree.files
        .keys()
        .filter_map(|path| Some((path.strip_prefix(&folder)?, path.as_str())))
        .filter(|(name, _)| name.ends_with(".sql"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        in_pairs(&Tree::of(files)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn twins_that_say_why_are_fine() {
        let found = found(&[
            ("crates/store/migrations/sqlite/0001_store_a.sql", "-- why\n"),
            ("crates/store/migrations/postgres/0001_store_a.sql", "-- why\n"),
        ]);
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn a_migration_without_its_twin_is_a_problem_on_either_side() {
        assert_eq!(found(&[("crates/store/migrations/sqlite/0001_store_a.sql", "-- why")]).len(), 1);
        assert_eq!(found(&[("crates/store/migrations/postgres/0001_store_a.sql", "-- why")]).len(), 1);
    }

    #[test]
    fn a_silent_or_misnumbered_migration_is_a_problem() {
        let told = found(&[
            ("crates/store/migrations/sqlite/0001_store_a.sql", "CREATE TABLE a (b TEXT);"),
            ("crates/store/migrations/postgres/0001_store_a.sql", "-- why"),
            ("crates/store/migrations/sqlite/0001_store_b.sql", "-- why"),
            ("crates/store/migrations/postgres/0001_store_b.sql", "-- why"),
            ("crates/store/migrations/sqlite/12_store_c.sql", "-- why"),
            ("crates/store/migrations/postgres/12_store_c.sql", "-- why"),
        ]);
        assert_eq!(told.len(), 3, "{told:?}");
    }
}
