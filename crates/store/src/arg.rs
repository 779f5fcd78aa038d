//! Values on their way into a statement.
//!
//! Owns: the four kinds of value that cross the seam (text, integer, blob, bool) and how the
//! words of `base` become one of them. A `None` keeps its kind, because PostgreSQL wants to know it.

use iljari_base::id::Kind;
use iljari_base::{Actor, Date, DistrictCode, Id, JobCount, Month, Timestamp, Won, Year};
use sqlx::Arguments;
use sqlx::postgres::PgArguments;
use sqlx::sqlite::SqliteArguments;

/// One argument of a statement. Made by [`args!`](crate::args).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arg {
    /// Text, dates and instants.
    Text(Option<String>),
    /// Whole numbers.
    Int(Option<i64>),
    /// Bytes.
    Blob(Option<Vec<u8>>),
    /// Yes or no; 0 or 1 on SQLite.
    Bool(Option<bool>),
}

/// The arguments of a statement, in the order of `$1`, `$2`, …
///
/// ```
/// use iljari_store::{Arg, args};
/// assert_eq!(args!["가", 1, None::<String>], vec![Arg::Text(Some("가".into())), Arg::Int(Some(1)), Arg::Text(None)]);
/// ```
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => {
        ::std::vec![$($crate::Arg::from($value)),*]
    };
}

/// The kind that an absent value has.
pub trait Kinded {
    /// The argument that says "nothing of this kind".
    fn nothing() -> Arg;
}

impl<T: Into<Arg> + Kinded> From<Option<T>> for Arg {
    fn from(value: Option<T>) -> Self {
        value.map_or_else(T::nothing, Into::into)
    }
}

macro_rules! crosses {
    ($($type:ty => $kind:ident($value:ident) $make:expr;)*) => {
        $(
            impl From<$type> for Arg {
                fn from($value: $type) -> Self {
                    Arg::$kind(Some($make))
                }
            }
            impl Kinded for $type {
                fn nothing() -> Arg {
                    Arg::$kind(None)
                }
            }
        )*
    };
}

crosses! {
    &str => Text(value) value.to_owned();
    String => Text(value) value;
    &String => Text(value) value.clone();
    Timestamp => Text(value) value.to_string();
    &Timestamp => Text(value) value.to_string();
    Date => Text(value) value.to_string();
    &Date => Text(value) value.to_string();
    Actor => Text(value) value.to_text();
    &Actor => Text(value) value.to_text();
    DistrictCode => Text(value) value.to_string();
    &DistrictCode => Text(value) value.to_string();
    i64 => Int(value) value;
    &i64 => Int(value) *value;
    i32 => Int(value) i64::from(value);
    u32 => Int(value) i64::from(value);
    i16 => Int(value) i64::from(value);
    u16 => Int(value) i64::from(value);
    i8 => Int(value) i64::from(value);
    u8 => Int(value) i64::from(value);
    Year => Int(value) i64::from(value.0);
    &Year => Int(value) i64::from(value.0);
    Month => Int(value) value.number();
    &Month => Int(value) value.number();
    JobCount => Int(value) value.0;
    Won => Int(value) value.0;
    Vec<u8> => Blob(value) value;
    &Vec<u8> => Blob(value) value.clone();
    &[u8] => Blob(value) value.to_vec();
    bool => Bool(value) value;
}

impl<K: Kind> From<Id<K>> for Arg {
    fn from(id: Id<K>) -> Self {
        Arg::Text(Some(id.to_string()))
    }
}

impl<K: Kind> Kinded for Id<K> {
    fn nothing() -> Arg {
        Arg::Text(None)
    }
}

impl<K: Kind> From<&Id<K>> for Arg {
    fn from(id: &Id<K>) -> Self {
        Arg::from(*id)
    }
}

impl<K: Kind> Kinded for &Id<K> {
    fn nothing() -> Arg {
        Arg::Text(None)
    }
}

impl<const N: usize> From<[u8; N]> for Arg {
    fn from(bytes: [u8; N]) -> Self {
        Arg::Blob(Some(bytes.to_vec()))
    }
}

impl<const N: usize> Kinded for [u8; N] {
    fn nothing() -> Arg {
        Arg::Blob(None)
    }
}

impl<const N: usize> From<&[u8; N]> for Arg {
    fn from(bytes: &[u8; N]) -> Self {
        Arg::Blob(Some(bytes.to_vec()))
    }
}

/// For the SQLite driver.
pub(crate) fn for_sqlite(args: Vec<Arg>) -> Result<SqliteArguments, sqlx::Error> {
    let mut bound = SqliteArguments::default();
    for arg in args {
        match arg {
            Arg::Text(text) => <SqliteArguments as Arguments>::add::<Option<String>>(&mut bound, text),
            Arg::Int(number) => <SqliteArguments as Arguments>::add::<Option<i64>>(&mut bound, number),
            Arg::Blob(bytes) => <SqliteArguments as Arguments>::add::<Option<Vec<u8>>>(&mut bound, bytes),
            Arg::Bool(yes) => <SqliteArguments as Arguments>::add::<Option<bool>>(&mut bound, yes),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(bound)
}

/// For the PostgreSQL driver.
pub(crate) fn for_postgres(args: Vec<Arg>) -> Result<PgArguments, sqlx::Error> {
    let mut bound = PgArguments::default();
    for arg in args {
        match arg {
            Arg::Text(text) => bound.add(text),
            Arg::Int(number) => bound.add(number),
            Arg::Blob(bytes) => bound.add(bytes),
            Arg::Bool(yes) => bound.add(yes),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(bound)
}
