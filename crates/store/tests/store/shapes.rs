//! Both dialects of every migration make the same tables.
//!
//! Compared: file names, tables, columns in their order with kind and nullability, unique keys
//! with columns and names, foreign keys. Not compared: triggers, whose code differs by nature; the
//! slices' own stories try those.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use iljari_base::{Outcome, Stop};
use iljari_store::testing::{on_postgres, on_sqlite};
use iljari_store::{Row, Store, Tx, args};

/// What a table looks like from outside.
#[derive(Debug, Default, PartialEq, Eq)]
struct Shape {
    /// Name, kind, whether it may be NULL.
    columns: Vec<(String, &'static str, bool)>,
    /// Name, columns (an expression shows as `()`), whether it is partial.
    unique_keys: BTreeSet<(String, Vec<String>, bool)>,
    /// Columns, table and columns they point to.
    foreign_keys: BTreeSet<(Vec<String>, String, Vec<String>)>,
}

type Shapes = BTreeMap<String, Shape>;

#[tokio::test]
async fn both_dialects_make_the_same_tables() {
    let (told, mut heard) = tokio::sync::mpsc::unbounded_channel();
    on_sqlite(async |store: Store| told.send(of_sqlite_in(&store).await).expect("heard")).await;
    on_postgres(async |store: Store| told.send(of_postgres_in(&store).await).expect("heard")).await;
    let sqlite = heard.recv().await.expect("the tables of SQLite");
    let postgres = heard.recv().await.expect("the tables of PostgreSQL");
    assert!(sqlite.contains_key("setting"), "{sqlite:?}");
    assert_eq!(sqlite.keys().collect::<Vec<_>>(), postgres.keys().collect::<Vec<_>>(), "tables: SQLite, PostgreSQL");
    for (table, shape) in &sqlite {
        assert_eq!(shape, &postgres[table], "{table}: SQLite on the left, PostgreSQL on the right");
        let remembers = shape.columns.iter().any(|(column, ..)| column == "created_at");
        // The list of migrations has a column of its own for it; the commit number is one row that is never new.
        assert!(remembers || ["migration", "commits"].contains(&table.as_str()), "{table} has no created_at");
        let mut seen = BTreeSet::new();
        for (name, columns, _) in &shape.unique_keys {
            // SQLite tells a violation by its columns; two keys on the same ones could not be told apart.
            assert!(seen.insert(columns), "{table}: {name} and another unique key have the same columns");
        }
    }
}

#[test]
fn both_folders_hold_the_same_names_and_nothing_that_ends_a_batch() {
    let folder = |dialect: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(dialect);
    let names = |dialect: &str| -> BTreeSet<String> {
        let files = std::fs::read_dir(folder(dialect)).expect("the migrations");
        files.map(|file| file.expect("a file").file_name().into_string().expect("UTF-8")).collect()
    };
    assert_eq!(names("sqlite"), names("postgres"));
    for dialect in ["sqlite", "postgres"] {
        let mut numbers = BTreeSet::new();
        for name in names(dialect) {
            assert!(numbers.insert(name[..4].to_owned()), "{dialect}/{name}: the number is taken");
            let text = std::fs::read_to_string(folder(dialect).join(&name)).expect("a migration");
            assert!(text.starts_with("--"), "{dialect}/{name} does not open with a comment saying why");
            let words = text.to_ascii_uppercase().replace(char::is_whitespace, " ");
            for (word, why) in [
                ("RAISE(ROLLBACK", "would roll back the neighbours of its act too; write RAISE(ABORT"),
                ("RAISE(FAIL", "would keep half a statement; write RAISE(ABORT"),
                ("OR ROLLBACK", "would roll back the neighbours of its act too"),
                ("INITIALLY DEFERRED", "would fail at the commit, and so fail the neighbours of its act too"),
                (" REAL", "values cross the seam as text, integer, blob or bool"),
                ("DOUBLE PRECISION", "values cross the seam as text, integer, blob or bool"),
                ("AUTOINCREMENT", "PostgreSQL has none; number with max() + 1 in the act, writes stand in one queue"),
                ("SERIAL", "SQLite has none; number with max() + 1 in the act, writes stand in one queue"),
            ] {
                assert!(!words.contains(word), "{dialect}/{name}: {word} {why}");
            }
        }
    }
}

async fn of_sqlite_in(store: &Store) -> Shapes {
    let look = store.read(|tx| Box::pin(of_sqlite(tx)));
    look.await.expect("the tables are read")
}

async fn of_postgres_in(store: &Store) -> Shapes {
    let look = store.read(|tx| Box::pin(of_postgres(tx)));
    look.await.expect("the tables are read")
}

async fn of_sqlite(tx: &mut Tx) -> Outcome<Shapes> {
    let mut shapes = Shapes::new();
    let columns = "
        SELECT t.name AS table_name, c.name AS column_name, upper(c.type) AS kind, c.\"notnull\" = 0 AS may_be_null
        FROM pragma_table_list t JOIN pragma_table_info(t.name) c
        WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite%'
        ORDER BY t.name, c.cid";
    add_columns(&mut shapes, &tx.fetch_all(columns, args![]).await?)?;
    let mut primary = Vec::new();
    for table in shapes.keys() {
        let key = "SELECT name FROM pragma_table_info($1) WHERE pk > 0 ORDER BY pk";
        let rows = tx.fetch_all(key, args![table]).await?;
        primary.push((table.clone(), rows.iter().map(|row| row.text("name")).collect::<Result<Vec<_>, _>>()?));
    }
    for (table, columns) in primary {
        if let Some(shape) = shapes.get_mut(&table) {
            shape.unique_keys.insert((format!("{table}_pkey"), columns, false));
        }
    }
    let keys = "
        SELECT t.name AS table_name, i.name AS key_name, i.origin AS origin, i.partial = 1 AS partial, c.name AS column_name
        FROM pragma_table_list t JOIN pragma_index_list(t.name) i JOIN pragma_index_info(i.name) c
        WHERE t.schema = 'main' AND i.\"unique\" = 1 AND i.origin <> 'pk'
        ORDER BY t.name, i.name, c.seqno";
    for mut group in groups(&tx.fetch_all(keys, args![]).await?, &["table_name", "key_name"])? {
        let (table, mut name) = (group.row.text("table_name")?, group.row.text("key_name")?);
        if group.row.text("origin")? == "u" {
            name = format!("{table}_{}_key", group.columns.join("_"));
        }
        let key = (name, std::mem::take(&mut group.columns), group.row.bool("partial")?);
        shapes.entry(table).or_default().unique_keys.insert(key);
    }
    let foreign = "
        SELECT t.name AS table_name, CAST(f.id AS TEXT) AS key_name, f.\"from\" AS column_name, f.\"table\" AS to_table, f.\"to\" AS to_column
        FROM pragma_table_list t JOIN pragma_foreign_key_list(t.name) f
        WHERE t.schema = 'main'
        ORDER BY t.name, f.id, f.seq";
    add_foreign_keys(&mut shapes, &tx.fetch_all(foreign, args![]).await?)?;
    Ok(shapes)
}

async fn of_postgres(tx: &mut Tx) -> Outcome<Shapes> {
    let mut shapes = Shapes::new();
    let columns = "
        SELECT CAST(table_name AS TEXT) AS table_name, CAST(column_name AS TEXT) AS column_name,
               upper(CAST(data_type AS TEXT)) AS kind, is_nullable = 'YES' AS may_be_null
        FROM information_schema.columns
        WHERE table_schema = 'public'
        ORDER BY table_name, ordinal_position";
    add_columns(&mut shapes, &tx.fetch_all(columns, args![]).await?)?;
    let keys = "
        SELECT CAST(t.relname AS TEXT) AS table_name, CAST(k.relname AS TEXT) AS key_name, i.indpred IS NOT NULL AS partial,
               CAST(a.attname AS TEXT) AS column_name
        FROM pg_index i
        JOIN pg_class t ON t.oid = i.indrelid
        JOIN pg_class k ON k.oid = i.indexrelid
        JOIN pg_namespace n ON n.oid = t.relnamespace AND n.nspname = 'public'
        CROSS JOIN LATERAL unnest(CAST(i.indkey AS int2[])) WITH ORDINALITY AS c (attnum, place)
        LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = c.attnum AND c.attnum > 0
        WHERE i.indisunique
        ORDER BY 1, 2, c.place";
    for group in groups(&tx.fetch_all(keys, args![]).await?, &["table_name", "key_name"])? {
        let key = (group.row.text("key_name")?, group.columns, group.row.bool("partial")?);
        shapes.entry(group.row.text("table_name")?).or_default().unique_keys.insert(key);
    }
    let foreign = "
        SELECT CAST(t.relname AS TEXT) AS table_name, CAST(f.conname AS TEXT) AS key_name, CAST(a.attname AS TEXT) AS column_name,
               CAST(o.relname AS TEXT) AS to_table, CAST(b.attname AS TEXT) AS to_column
        FROM pg_constraint f
        JOIN pg_class t ON t.oid = f.conrelid
        JOIN pg_class o ON o.oid = f.confrelid
        CROSS JOIN LATERAL unnest(f.conkey, f.confkey) WITH ORDINALITY AS c (from_number, to_number, place)
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = c.from_number
        JOIN pg_attribute b ON b.attrelid = o.oid AND b.attnum = c.to_number
        WHERE f.contype = 'f'
        ORDER BY 1, 2, c.place";
    add_foreign_keys(&mut shapes, &tx.fetch_all(foreign, args![]).await?)?;
    Ok(shapes)
}

fn add_columns(shapes: &mut Shapes, rows: &[Row]) -> Outcome<()> {
    for row in rows {
        let (table, column, kind) = (row.text("table_name")?, row.text("column_name")?, row.text("kind")?);
        // SQLite has no bool of its own.
        let kind = match kind.as_str() {
            "TEXT" => "text",
            "INTEGER" | "BIGINT" | "SMALLINT" | "INT" | "BOOLEAN" => "integer or bool",
            "BLOB" | "BYTEA" => "bytes",
            other => panic!("{table}.{column}: {other} does not cross the seam"),
        };
        shapes.entry(table).or_default().columns.push((column, kind, row.bool("may_be_null")?));
    }
    Ok(())
}

fn add_foreign_keys(shapes: &mut Shapes, rows: &[Row]) -> Outcome<()> {
    for group in groups(rows, &["table_name", "key_name"])? {
        let key = (group.columns, group.row.text("to_table")?, group.to_columns);
        shapes.entry(group.row.text("table_name")?).or_default().foreign_keys.insert(key);
    }
    Ok(())
}

/// The rows of one key together.
struct Group {
    row: Row,
    columns: Vec<String>,
    to_columns: Vec<String>,
}

fn groups(rows: &[Row], by: &[&str]) -> Result<Vec<Group>, Stop> {
    let mut groups: Vec<Group> = Vec::new();
    for row in rows {
        let column = row.opt_text("column_name")?.unwrap_or_else(|| "()".to_owned());
        let to_column = row.opt_text("to_column").ok().flatten();
        let same = |group: &Group| by.iter().all(|name| group.row.text(name).ok() == row.text(name).ok());
        match groups.last_mut().filter(|group| same(group)) {
            Some(group) => {
                group.columns.push(column);
                group.to_columns.extend(to_column);
            }
            None => groups.push(Group {
                row: row.clone(),
                columns: vec![column],
                to_columns: to_column.into_iter().collect(),
            }),
        }
    }
    Ok(groups)
}
