//! Which tables a statement names (표): what a look was read from, what an act changed.
//!
//! Owns: the set of tables, and finding their names in a statement. Does not parse SQL. Of a look every word that is
//! the name of a table counts, also one that is only a column or stands in a text. Of a change the words count that
//! follow `INTO`, `UPDATE` or `FROM`: nearly every row has a column `district`, and a table of that name on every
//! page. Too many tables cost a page that is drawn anew without need; one too few would leave an old page standing,
//! so a change of which no table is found counts as one of every table it names.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::migrate;

/// How many tables are told apart. Beyond it two share a place, which again only costs pages.
const PLACES: usize = 256;

/// A set of tables (표의 모음).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tables([u64; PLACES / 64]);

impl Tables {
    /// The tables that a statement names.
    pub(crate) fn of(sql: &str) -> Self {
        let known = places();
        let mut tables = Tables::default();
        let mut rest = sql.as_bytes();
        while let Some(start) = rest.iter().position(|byte| is_letter(*byte)) {
            let word = &rest[start..];
            let end = word.iter().position(|byte| !is_letter(*byte)).unwrap_or(word.len());
            if let Some(place) = known.get(&word[..end]) {
                tables.0[usize::from(*place) / 64] |= 1 << (place % 64);
            }
            rest = &word[end..];
        }
        tables
    }

    /// The tables in which a statement may change a row. No trigger of ours changes another one (a test looks).
    pub(crate) fn changed_by(sql: &str) -> Self {
        let known = places();
        let mut tables = Tables::default();
        let mut lead = false;
        for word in words(sql) {
            if lead && let Some(place) = known.get(word.as_bytes()) {
                tables.0[usize::from(*place) / 64] |= 1 << (place % 64);
            }
            lead = ["INTO", "UPDATE", "FROM"].iter().any(|it| word.eq_ignore_ascii_case(it));
        }
        if tables.is_empty() { Self::of(sql) } else { tables }
    }

    /// Whether no table is in it.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|part| *part == 0)
    }

    /// Whether all of its tables are in the other set.
    pub(crate) fn is_within(&self, other: &Tables) -> bool {
        self.0.iter().zip(other.0).all(|(mine, theirs)| mine & !theirs == 0)
    }

    /// Takes those of another set too.
    pub(crate) fn add(&mut self, other: &Tables) {
        self.0.iter_mut().zip(other.0).for_each(|(mine, theirs)| *mine |= theirs);
    }

    /// The places of its tables.
    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        (0..PLACES).filter(|place| self.0[place / 64] >> (place % 64) & 1 == 1)
    }
}

/// When each table was last changed, by commit number.
#[derive(Debug)]
pub(crate) struct LastChanges([u64; PLACES]);

impl LastChanges {
    /// None changed yet.
    pub(crate) fn new() -> Self {
        Self([0; PLACES])
    }

    /// These tables were changed by that commit.
    pub(crate) fn changed(&mut self, tables: &Tables, number: u64) {
        tables.iter().for_each(|place| self.0[place] = number);
    }

    /// The newest change of any of these tables.
    pub(crate) fn newest(&self, tables: &Tables) -> u64 {
        tables.iter().map(|place| self.0[place]).max().unwrap_or(0)
    }
}

/// Whether a statement may change a row. A word inside a text or a name counts too, which only costs pages.
pub(crate) fn may_change(sql: &str) -> bool {
    words(sql).any(|word| ["INSERT", "UPDATE", "DELETE"].iter().any(|verb| word.eq_ignore_ascii_case(verb)))
}

fn words(sql: &str) -> impl Iterator<Item = &str> {
    sql.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_')).filter(|word| !word.is_empty())
}

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The tables of the migrations, each with its place.
fn places() -> &'static HashMap<&'static [u8], u8> {
    static PLACE_OF: OnceLock<HashMap<&'static [u8], u8>> = OnceLock::new();
    PLACE_OF.get_or_init(|| {
        let mut places = HashMap::new();
        for migration in migrate::SQLITE {
            for made in migration.sql.split("CREATE TABLE ").skip(1) {
                let end = made.bytes().position(|byte| !is_letter(byte)).unwrap_or(made.len());
                let next = u8::try_from(places.len() % PLACES).unwrap_or(0);
                places.entry(&made.as_bytes()[..end]).or_insert(next);
            }
        }
        places
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_a_statement_names_is_found() {
        let of = |sql| Tables::of(sql);
        assert!(of("SELECT 1").is_empty());
        assert_eq!(of("SELECT a FROM entry"), of("INSERT INTO entry(a) VALUES ($1)"));
        let mut both = of("SELECT 1 FROM seal");
        both.add(&of("SELECT 1 FROM entry"));
        assert_eq!(of("SELECT e.a FROM entry e, seal\nWHERE e.a = seal.a"), both);
        assert_eq!(of("WITH x AS (SELECT a FROM seal) SELECT a FROM x JOIN entry USING (a)"), both);
        assert_ne!(of("SELECT 1 FROM seal"), of("SELECT 1 FROM sealed_leaf"));
        assert_eq!(both.iter().count(), 2);
        assert!(of("SELECT 1 FROM seal").is_within(&both) && !both.is_within(&of("SELECT 1 FROM seal")));
    }

    #[test]
    fn a_change_is_one_of_the_tables_it_writes() {
        let (entry, district) = (Tables::of("entry"), Tables::of("district"));
        let changed = Tables::changed_by;
        assert_eq!(
            changed("INSERT INTO entry (district, seal) VALUES ($1, $2) ON CONFLICT DO UPDATE SET a = 1"),
            entry
        );
        assert_eq!(changed("UPDATE entry SET district = $1 WHERE seal = $2"), entry);
        assert_eq!(changed("with old as (select 1) delete from\nentry where district = $1"), entry);
        let mut both = entry;
        both.add(&district);
        assert_eq!(changed("INSERT INTO entry (a) SELECT a FROM district"), both);
        assert_eq!(changed("UPDATE OR IGNORE entry SET district = 1"), both, "not understood: all that it names");
    }

    #[test]
    fn no_trigger_changes_a_row_of_another_table() {
        for migration in migrate::SQLITE {
            for trigger in migration.sql.split("CREATE TRIGGER ").skip(1) {
                let body =
                    trigger.split_once("BEGIN").and_then(|(_, rest)| rest.split_once("END")).map(|(body, _)| body);
                assert!(body.is_some_and(|body| !may_change(body)), "{}: {trigger}", migration.name);
            }
            assert!(!migration.sql.contains("CASCADE"), "{}", migration.name);
        }
    }

    #[test]
    fn a_statement_that_may_change_a_row_is_known() {
        assert!(may_change("INSERT INTO entry (a) VALUES (1) ON CONFLICT DO NOTHING"));
        assert!(may_change("with x as (select 1) delete from entry"));
        assert!(!may_change("SELECT updated_at FROM entry"));
    }

    #[test]
    fn the_newest_change_of_several_tables_counts() {
        let (entry, seal) = (Tables::of("entry"), Tables::of("seal"));
        let mut last = LastChanges::new();
        last.changed(&entry, 3);
        last.changed(&seal, 5);
        let mut both = entry;
        both.add(&seal);
        assert_eq!((last.newest(&entry), last.newest(&both), last.newest(&Tables::default())), (3, 5, 0));
    }
}
