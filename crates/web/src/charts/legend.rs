//! The list below a chart that says what each mark means.

use super::Svg;

/// A mark a legend can explain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// 실적.
    Actual,
    /// 목표를 넘은 만큼.
    Over,
    /// 목표선.
    Target,
    /// 아직 없는 숫자.
    Unknown,
    /// 기록으로 센 것.
    Records,
    /// 부서 집계.
    Sums,
    /// 보도에서 옮긴 것.
    Press,
    /// 누적 실적.
    Line,
    /// 고르게 갈 때의 길.
    EvenPace,
    /// 지난해.
    LastYear,
    /// 연말까지 예상.
    Forecast,
}

impl Mark {
    pub(super) fn word(self) -> &'static str {
        match self {
            Mark::Actual => "실적",
            Mark::Over => "목표를 넘은 만큼",
            Mark::Target => "목표선",
            Mark::Unknown => "아직 없는 숫자",
            Mark::Records => "기록",
            Mark::Sums => "부서 집계",
            Mark::Press => "보도",
            Mark::Line => "누적 실적",
            Mark::EvenPace => "고르게 갈 때의 길",
            Mark::LastYear => "지난해",
            Mark::Forecast => "연말까지 예상",
        }
    }

    fn swatch(self) -> &'static str {
        match self {
            Mark::Actual | Mark::Records => r#"<rect class="actual" width="24" height="14"/>"#,
            Mark::Over => r#"<rect class="over" width="24" height="14"/>"#,
            Mark::Target => r#"<line class="target" x1="12" x2="12" y1="-2" y2="16"/>"#,
            Mark::Unknown => r#"<rect class="unknown" width="24" height="14"/>"#,
            Mark::Sums => r#"<rect class="earlier" width="24" height="14"/>"#,
            Mark::Line => r#"<path class="line" d="M0 12 24 2"/>"#,
            Mark::EvenPace => r#"<path class="line-pace" d="M0 12 24 2"/>"#,
            Mark::LastYear => r#"<path class="line-before" d="M0 12 24 2"/>"#,
            Mark::Press | Mark::Forecast => {
                r#"<rect class="hatch-bg forecast" width="24" height="14"/><path class="hatch" d="M2 14 10 0M10 14 18 0M18 14 24 3"/>"#
            }
        }
    }

    /// One line of a legend, with a number after the word where there is one.
    pub(super) fn line(self, number: Option<&str>) -> String {
        let number = number.map(|number| format!(" {number}")).unwrap_or_default();
        format!(r#"<li><svg class="chart" aria-hidden="true">{}</svg>{}{number}</li>"#, self.swatch(), self.word())
    }
}

/// The legend of these marks, in this order.
pub fn legend(marks: &[Mark]) -> Svg {
    let lines: String = marks.iter().map(|mark| mark.line(None)).collect();
    Svg::of(format!(r#"<ul class="legend">{lines}</ul>"#))
}
