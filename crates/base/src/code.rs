//! Public codes that outside authorities give: districts (자치구 코드).

use std::fmt;
use std::str::FromStr;

/// A district's five-digit administrative code (자치구 행정표준코드 앞 5자리), e.g. 11215 for Gwangjin.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DistrictCode(String);

/// Why a text is no district code.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("자치구 코드는 숫자 다섯 자리입니다: {0:?}")]
pub struct BadDistrictCode(pub String);

impl DistrictCode {
    /// The five digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for DistrictCode {
    type Err = BadDistrictCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadDistrictCode(text.to_owned()))
        }
    }
}

impl fmt::Display for DistrictCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
