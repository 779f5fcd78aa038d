//! The closed word lists of a leaf: field (부문), unit (단위), evidence grade, reason of a correction;
//! and of a disclosed table: personal attribute (구분).
//!
//! Owns: the Korean spelling that enters leaves, plan files and disclosed tables, byte for byte.
//! Does not own: what a page calls these things elsewhere. What a newcomer gets wrong: changing a
//! spelling. The text is hashed; a change makes every leaf written before it unreadable.

use std::fmt;
use std::str::FromStr;

/// A text that is none of a word list's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{list}에 없는 말입니다: {found:?}")]
pub struct UnknownWord {
    /// Which list was asked, in Korean.
    pub list: &'static str,
    /// What stood there.
    pub found: String,
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $list:literal { $($(#[$each:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$each])* $variant,)*
        }

        impl $name {
            /// Every word, in the order of the published tables.
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];

            /// The word itself, as it stands in a leaf.
            pub fn as_str(self) -> &'static str {
                match self {
                    $($name::$variant => $text,)*
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($text => Ok($name::$variant),)*
                    _ => Err(UnknownWord { list: $list, found: text.to_owned() }),
                }
            }
        }
    };
}

words! {
    /// What kind of measure made the jobs (부문), after the national disclosure form.
    Field, "부문" {
        /// The public purse pays the wage itself.
        Direct = "직접일자리 창출",
        /// Courses and training.
        Training = "직업능력개발훈련",
        /// Matching people with postings.
        Matching = "고용서비스",
        /// Money to an employer who hires.
        Subsidy = "고용장려금",
        /// Help to found a business.
        Startup = "창업지원",
        /// Buildings, parks, markets: jobs through infrastructure.
        Infrastructure = "일자리 인프라",
        /// None of the above.
        Other = "기타",
        /// Made by firms without the office's money.
        Private = "민간",
        /// The source does not say.
        Unknown = "미상",
    }
}

words! {
    /// What one counted thing is (단위). Two units are never added together.
    Unit, "단위" {
        /// A job, once each.
        Jobs = "일자리 수",
        /// Different people.
        Persons = "실인원",
        /// People, counted each time.
        Visits = "연인원",
        /// Cases handled.
        Cases = "건",
    }
}

words! {
    /// Why a correction was made (정정 사유).
    Why, "정정 사유" {
        /// Counted twice.
        Duplicate = "중복",
        /// A slip of the pen.
        Slip = "오기",
        /// Left out.
        Omission = "누락",
        /// The counting rule changed.
        Rule = "기준 변경",
        /// None of the above.
        Other = "기타",
    }
}

words! {
    /// A personal attribute that tables are made by (개인 속성). It stands in no leaf.
    Attribute, "구분" {
        /// Sex.
        Sex = "성별",
        /// Age group.
        Age = "연령대",
        /// The quarter somebody lives in.
        Dong = "동",
        /// Priority groups for employment (취업취약계층), each person once by the main reason.
        Priority = "취약계층",
        /// Disability.
        Disability = "장애",
        /// Nationality.
        Nationality = "국적",
    }
}

/// How well a number is evidenced (증빙 등급), 0 to 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Grade {
    /// 0: a newspaper or press release said so.
    Press,
    /// 1: a department's sum.
    Sum,
    /// 2: the person confirmed it.
    Person,
    /// 3: the employer confirmed it.
    Employer,
    /// 4: a document was seen.
    Document,
}

impl Grade {
    /// Every grade, weakest first.
    pub const ALL: &'static [Grade] = &[Grade::Press, Grade::Sum, Grade::Person, Grade::Employer, Grade::Document];

    /// The digit that stands in a leaf.
    pub fn number(self) -> i64 {
        match self {
            Grade::Press => 0,
            Grade::Sum => 1,
            Grade::Person => 2,
            Grade::Employer => 3,
            Grade::Document => 4,
        }
    }

    /// The grade of a digit; `None` above 4 or below 0.
    pub fn from_number(number: i64) -> Option<Self> {
        Grade::ALL.iter().copied().find(|grade| grade.number() == number)
    }

    /// The Korean name of the grade.
    pub fn as_str(self) -> &'static str {
        match self {
            Grade::Press => "보도",
            Grade::Sum => "집계",
            Grade::Person => "본인 확인",
            Grade::Employer => "사업주 확인",
            Grade::Document => "문서 증빙",
        }
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Grade {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Grade::ALL
            .iter()
            .copied()
            .find(|grade| grade.as_str() == text)
            .ok_or_else(|| UnknownWord { list: "증빙 등급", found: text.to_owned() })
    }
}

/// Whether a text may name a node or a plan: ASCII letters and digits, Hangul syllables, hyphen and
/// dot, 1 to 40 characters, beginning with a letter or digit.
///
/// Hangul syllables only, never loose jamo: such a text is in NFC by construction. It begins with a
/// letter or digit so that no spreadsheet takes it for a formula and no path for a parent folder.
fn is_name(text: &str) -> bool {
    let letter = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '가'..='힣');
    text.chars().count() <= 40
        && text.starts_with(letter)
        && text.chars().all(|each| letter(each) || each == '-' || each == '.')
}

macro_rules! names {
    ($(#[$doc:meta])* $name:ident, $list:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// The text itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                if is_name(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(UnknownWord { list: $list, found: text.to_owned() })
                }
            }
        }
    };
}

names! {
    /// Names a node of a plan (사업 번호): `전체`, `1.2`, `직접-어르신`.
    NodeId, "사업 번호로 쓸 수 있는 글자"
}

names! {
    /// Names an adopted plan (계획 이름): `종합-2023`.
    PlanRef, "계획 이름으로 쓸 수 있는 글자"
}

/// The id of every district's root node.
pub const ROOT: &str = "전체";

impl NodeId {
    /// The node everything hangs below.
    pub fn root() -> Self {
        Self(ROOT.to_owned())
    }

    /// Whether this is the node everything hangs below.
    pub fn is_root(&self) -> bool {
        self.0 == ROOT
    }
}
