//! The small bar inside a table cell. The numbers stand in the cells beside it, so it is silent.

use super::{Svg, escaped, hatch_pattern, percent, scaled};

/// Draws a small bar: actual, beyond, target line; dashed where the actual number is not known.
pub fn spark(actual: Option<i64>, target: Option<i64>) -> Svg {
    spark_expected("", actual, target, None)
}

/// The same with what is expected by the year's end, hatched behind the actual number. `id` is
/// unique on the page.
pub fn spark_expected(id: &str, actual: Option<i64>, target: Option<i64>, end: Option<i64>) -> Svg {
    let target = target.filter(|target| *target > 0);
    let end = end.filter(|end| actual.is_some_and(|actual| *end > actual));
    let furthest = end.unwrap_or(0).max(actual.unwrap_or(0));
    let full = scaled(target.unwrap_or(0), 6, 5).max(scaled(furthest, 26, 25)) - 1;
    let full = full.max(1);
    let mut inner = String::new();
    if let (Some(end), Some(actual)) = (end, actual) {
        let hatch = format!("{}-hatch", escaped(id));
        inner.push_str(&hatch_pattern(&hatch, 6));
        inner.push_str(r#"<rect class="track" y="25%" width="100%" height="50%"/>"#);
        inner.push_str(&format!(
            r#"<rect class="forecast" fill="url(#{hatch})" x="{}" y="25%" width="{}" height="50%"/>"#,
            percent(actual, full),
            percent(end.saturating_sub(actual.max(0)), full)
        ));
    }
    match actual {
        None => inner.push_str(r#"<rect class="unknown" y="25%" width="100%" height="50%"/>"#),
        Some(actual) => {
            if end.is_none() {
                inner.push_str(r#"<rect class="track" y="25%" width="100%" height="50%"/>"#);
            }
            let up_to_target = target.map_or(actual, |target| actual.min(target));
            inner.push_str(&format!(
                r#"<rect class="actual" y="25%" width="{}" height="50%"/>"#,
                percent(up_to_target, full)
            ));
            if let Some(target) = target.filter(|target| actual > *target) {
                inner.push_str(&format!(
                    r#"<rect class="over" x="{}" y="25%" width="{}" height="50%"/>"#,
                    percent(target, full),
                    percent(actual - target, full)
                ));
            }
        }
    }
    if let Some(target) = target {
        let at = percent(target, full);
        for class in ["target-halo", "target"] {
            inner.push_str(&format!(r#"<line class="{class}" x1="{at}" x2="{at}" y1="5%" y2="95%"/>"#));
        }
    }
    Svg::of(format!(r#"<svg class="chart chart--spark" aria-hidden="true">{inner}</svg>"#))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spark_shows_below_beyond_and_unknown() {
        let below = spark(Some(31), Some(60)).to_string();
        assert!(below.contains(r#"width="43.06%""#) && below.contains(r#"x1="83.33%""#), "{below}");
        assert!(spark(Some(641), Some(620)).to_string().contains("over"));
        assert!(spark(None, Some(620)).to_string().contains("unknown"));
        let expected = spark_expected("s1", Some(31), Some(60), Some(42)).to_string();
        assert!(expected.contains(r#"fill="url(#s1-hatch)" x="43.06%" y="25%" width="15.28%""#), "{expected}");
        let reached = spark_expected("s1", Some(31), Some(60), Some(31)).to_string();
        assert!(!reached.contains("forecast"), "nothing is expected beyond what stands");
        assert!(!spark(Some(3), None).to_string().contains("target"));
    }
}
