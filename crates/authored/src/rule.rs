//! The rules that hold for any authored file, and what the rules of a format must offer.

use crate::problem::Severity;

/// A rule of a checker by its stable name. Each format has an enum of its own, which knows the
/// common ones too.
pub trait FileRule: Copy + Eq + std::fmt::Debug + From<Common> {
    /// The stable name, never reused for another rule.
    fn as_str(self) -> &'static str;
    /// The usual weight.
    fn severity(self) -> Severity;
}

macro_rules! common {
    ($($variant:ident = $text:literal;)*) => {
        /// A rule that holds for any authored file, whatever it says.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Common {
            $(#[doc = concat!("`", $text, "`")] $variant,)*
        }

        impl Common {
            /// Every one of them.
            pub const ALL: &'static [Common] = &[$(Common::$variant,)*];

            /// The stable name; every format uses this one.
            pub fn as_str(self) -> &'static str {
                match self { $(Common::$variant => $text,)* }
            }
        }
    };
}

common! {
    TooLarge = "too-large";
    EmptyFile = "empty-file";
    BomOnly = "bom-only";
    NotUtf8 = "not-utf8";
    NulByte = "nul-byte";
    YamlSyntax = "yaml-syntax";
    SeveralDocuments = "several-documents";
    AnchorAlias = "anchor-alias";
    YamlTag = "yaml-tag";
    DuplicateKey = "duplicate-key";
    YamlBoolean = "yaml-boolean";
    EmptyValue = "empty-value";
    TooManyProblems = "too-many-problems";
    HiddenCharacter = "hidden-character";
    ResidentNumber = "resident-number";
    UnknownKey = "unknown-key";
    MissingKey = "missing-key";
    WrongShape = "wrong-shape";
    UnknownWord = "unknown-word";
    BadCommas = "bad-commas";
}

/// Makes the enum of a format's rules from a table: name in the code, stable name, weight, a line
/// about it in Korean and one in English. Every [`Common`] rule must stand in the table.
#[macro_export]
macro_rules! file_rules {
    ($(#[$about:meta])* $name:ident { $($variant:ident = $text:literal, $severity:ident, $ko:literal, $en:literal;)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $(#[doc = $en] $variant,)*
        }

        impl $name {
            /// Every rule, in the order of the reference page.
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];

            /// The stable name.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text,)* }
            }

            /// The usual weight.
            pub fn severity(self) -> $crate::Severity {
                match self { $($name::$variant => $crate::Severity::$severity,)* }
            }

            /// One line about the rule, in Korean.
            pub fn korean(self) -> &'static str {
                match self { $($name::$variant => $ko,)* }
            }

            /// One line about the rule, in English.
            pub fn english(self) -> &'static str {
                match self { $($name::$variant => $en,)* }
            }
        }

        impl $crate::FileRule for $name {
            fn as_str(self) -> &'static str {
                $name::as_str(self)
            }

            fn severity(self) -> $crate::Severity {
                $name::severity(self)
            }
        }

        impl From<$crate::Common> for $name {
            fn from(common: $crate::Common) -> Self {
                match common {
                    $crate::Common::TooLarge => Self::TooLarge,
                    $crate::Common::EmptyFile => Self::EmptyFile,
                    $crate::Common::BomOnly => Self::BomOnly,
                    $crate::Common::NotUtf8 => Self::NotUtf8,
                    $crate::Common::NulByte => Self::NulByte,
                    $crate::Common::YamlSyntax => Self::YamlSyntax,
                    $crate::Common::SeveralDocuments => Self::SeveralDocuments,
                    $crate::Common::AnchorAlias => Self::AnchorAlias,
                    $crate::Common::YamlTag => Self::YamlTag,
                    $crate::Common::DuplicateKey => Self::DuplicateKey,
                    $crate::Common::YamlBoolean => Self::YamlBoolean,
                    $crate::Common::EmptyValue => Self::EmptyValue,
                    $crate::Common::TooManyProblems => Self::TooManyProblems,
                    $crate::Common::HiddenCharacter => Self::HiddenCharacter,
                    $crate::Common::ResidentNumber => Self::ResidentNumber,
                    $crate::Common::UnknownKey => Self::UnknownKey,
                    $crate::Common::MissingKey => Self::MissingKey,
                    $crate::Common::WrongShape => Self::WrongShape,
                    $crate::Common::UnknownWord => Self::UnknownWord,
                    $crate::Common::BadCommas => Self::BadCommas,
                }
            }
        }
    };
}
