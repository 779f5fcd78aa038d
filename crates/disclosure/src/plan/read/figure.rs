//! Figures, and what they inherit from the keys around them.

use iljari_base::Year;

use super::cx::{Cx, Map};
use super::scalar::RateBound;
use crate::plan::Problem;
use crate::plan::codes::Code;
use crate::plan::model::{Amount, Figure, Funding, Measure, Percent, When, YearFigures};
use iljari_authored::Span;
use iljari_authored::{Value, Yaml};
use iljari_authored::{both, quoted};

/// Source, basis, reference date and definition of the nearest enclosing keys.
#[derive(Debug, Clone, Default)]
pub(crate) struct Inherited {
    pub(crate) sources: Vec<String>,
    pub(crate) basis: Option<String>,
    pub(crate) as_of: Option<When>,
    pub(crate) definition: Option<String>,
    /// How many won a bare number of money means.
    pub(crate) won_unit: Option<i64>,
}

impl Inherited {
    /// What holds inside a mapping: its own keys, else what came from outside.
    pub(crate) fn within(&self, cx: &mut Cx<'_>, map: &Map<'_>) -> Self {
        let mut inner = self.clone();
        if let Some(node) = map.get("출처") {
            inner.sources = cx.texts(node);
            let place = cx.place(node.span);
            cx.cited.extend(inner.sources.iter().map(|id| (id.clone(), place.clone())));
        }
        if let Some(basis) = cx.text_of(map, "기준") {
            inner.basis = Some(basis);
        }
        if let Some(as_of) = cx.when_of(map, "기준일") {
            inner.as_of = Some(as_of);
        }
        if let Some(definition) = cx.text_of(map, "정의") {
            inner.definition = Some(definition).filter(|words| words != UNCONFIRMED);
        }
        inner
    }
}

/// How a file says that nobody confirmed a definition.
pub(crate) const UNCONFIRMED: &str = "정의 미확인";

/// What kind of number is expected.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted {
    /// Its unit. `None` where the file did not say: then `%` makes it a rate.
    pub(crate) measure: Option<Measure>,
    /// Whether 약 may stand here.
    pub(crate) about: bool,
    /// What a rate may be.
    pub(crate) bound: RateBound,
}

impl Wanted {
    /// An exact number of this unit, as targets are.
    pub(crate) fn exact(measure: Option<Measure>) -> Self {
        Self { measure, about: false, bound: RateBound::Share }
    }

    /// A number of this unit that may be 약, as published results are.
    pub(crate) fn published(measure: Measure) -> Self {
        Self { measure: Some(measure), about: true, bound: RateBound::Share }
    }
}

const FIGURE_KEYS: &[&str] =
    &["값", "정밀도", "출처", "기준", "기준일", "정의", "표기", "까닭", "분자", "분모", "공표값", "비고"];

impl Cx<'_> {
    /// A figure in its short or long form. `None` where the file says '자료 없음' or the number is refused.
    pub(crate) fn figure(&mut self, node: &Yaml, outer: &Inherited, wanted: Wanted) -> Option<Figure> {
        let Value::Map(_) = node.value else {
            return self.bare_figure(node, outer, wanted);
        };
        let map = self.map(node, FIGURE_KEYS)?;
        let inner = outer.within(self, &map);
        if map.is_not_available("값") {
            return None;
        }
        let value = self.required(&map, "값")?;
        self.figure_of(&map, value, &inner, wanted)
    }

    /// A figure whose long form is spread over a larger mapping, as in results and statistics.
    pub(crate) fn figure_of(
        &mut self,
        map: &Map<'_>,
        value: &Yaml,
        inner: &Inherited,
        wanted: Wanted,
    ) -> Option<Figure> {
        let mut figure = match value.value {
            Value::Map(_) => self.figure(value, inner, wanted)?,
            _ => self.bare_figure(value, inner, wanted)?,
        };
        let about = self.word_of(map, "정밀도", &[true, false], |about| if about { "약" } else { "정확" });
        if about == Some(true) {
            figure.exact = false;
            if !wanted.about {
                let title = both!("어림수(약)가 올 자리가 아닙니다", "no approximate number belongs here");
                let todo = both!(
                    "정확한 수를 적고, 어림해 적은 말은 '표기'에 남겨 주세요",
                    "write the exact number and keep the rounded words in '표기'"
                );
                self.refuse(Code::AboutNotAllowed, map.key_span("정밀도"), title, "약", todo);
            }
        }
        figure.as_printed = self.text_of(map, "표기").or(figure.as_printed);
        figure.reason = self.text_of(map, "까닭").or(figure.reason);
        figure.statistic = self.text_of(map, "공표값").or(figure.statistic);
        figure.note = self.text_of(map, "비고").or(figure.note);
        if let Some(ratio) = self.ratio(map, &figure) {
            figure.ratio = Some(ratio);
        }
        Some(figure)
    }

    fn bare_figure(&mut self, node: &Yaml, inner: &Inherited, wanted: Wanted) -> Option<Figure> {
        if let Value::Scalar { text, .. } = &node.value
            && text.trim() == super::cx::NOT_AVAILABLE
        {
            return None;
        }
        let text = self.text(node)?;
        let rate_sign = text.trim_end().ends_with(['%', '％']);
        let measure = match wanted.measure {
            Some(measure) => measure,
            None if rate_sign => Measure::Rate,
            None => Measure::Count(crate::log::words::Unit::Jobs),
        };
        let (amount, exact) = match measure {
            Measure::Rate => {
                let about = text.starts_with('약');
                if about && !wanted.about {
                    let title = both!("어림수(약)가 올 자리가 아닙니다", "no approximate rate belongs here");
                    let todo = both!("정확한 율을 적어 주세요", "write the exact rate");
                    self.refuse(Code::AboutNotAllowed, node.span, title, &text, todo);
                    return None;
                }
                (Amount::Percent(self.percent(text.trim_start_matches('약'), node.span, wanted.bound)?), !about)
            }
            Measure::Won => {
                let (won, exact) = self.money(&text, node.span, inner.won_unit)?;
                (Amount::Won(won), exact)
            }
            Measure::Count(_) | Measure::People | Measure::Places => {
                if rate_sign {
                    let unit = measure.as_str();
                    let title =
                        both!("단위가 '{unit}'인데 율을 적었습니다", "the unit is '{unit}' but a rate stands here");
                    let todo =
                        both!("단위를 '율'로 고치거나 수를 적어 주세요", "make the unit '율', or write a number");
                    self.refuse(Code::UnitMixed, node.span, title, &text, todo);
                    return None;
                }
                let (number, exact) = self.whole(&text, node.span, measure, wanted.about)?;
                (Amount::Count(number), exact)
            }
        };
        Some(Figure {
            amount,
            measure,
            exact,
            definition: inner.definition.clone(),
            basis: inner.basis.clone(),
            sources: inner.sources.clone(),
            as_of: inner.as_of,
            as_printed: None,
            ratio: None,
            statistic: None,
            reason: None,
            note: None,
            place: self.place(node.span),
        })
    }

    /// Numerator and denominator, compared with the rate that stands beside them.
    fn ratio(&mut self, map: &Map<'_>, figure: &Figure) -> Option<(i64, i64)> {
        let mut part = |key: &str| {
            let node = map.get(key)?;
            let text = self.text(node)?;
            self.whole(&text, node.span, Measure::People, false).map(|(number, _)| number)
        };
        let (numerator, denominator) = (part("분자"), part("분모"));
        let (numerator, denominator) = (numerator?, denominator?);
        let percent = figure.percent()?;
        if denominator == 0 || !rounds_to(numerator, denominator, percent) {
            let place = self.place(map.key_span("분자"));
            let computed = computed_percent(numerator, denominator, percent.decimals());
            let title = both!("율이 분자÷분모와 다릅니다", "the rate differs from numerator over denominator");
            let found = both!("{percent}", "{percent}");
            let expected =
                both!("{numerator} ÷ {denominator} = {computed}", "{numerator} / {denominator} = {computed}");
            let todo = both!(
                "세 수 가운데 하나가 잘못 옮겨졌는지 봐 주세요",
                "look whether one of the three was copied wrongly"
            );
            self.say(Problem::new(Code::RateParts, &place, title).found(found).expected(expected).todo(todo));
        }
        Some((numerator, denominator))
    }

    /// Values by year, with `계`.
    pub(crate) fn year_figures(&mut self, node: &Yaml, inner: &Inherited, wanted: Wanted) -> YearFigures {
        let mut found = YearFigures::default();
        for (entry, not_available) in self.each_pair(node) {
            if entry.key == "계" {
                if !not_available {
                    // A total of rates is refused as such, not for being above 100 %.
                    let wanted = Wanted { bound: RateBound::Achievement, ..wanted };
                    found.total = self.figure(&entry.value, inner, wanted);
                }
                continue;
            }
            let Some(year) = self.year_key(&entry.key, entry.key_span) else { continue };
            if not_available {
                continue;
            }
            if let Some(figure) = self.figure(&entry.value, inner, wanted) {
                found.years.insert(year, figure);
            }
        }
        found
    }

    /// A year as a key; `계` and other words are said to be unknown.
    pub(crate) fn year_key(&mut self, key: &str, span: Span) -> Option<Year> {
        let digits = key.trim_end_matches("년도").trim_end_matches('년');
        match digits.parse::<Year>() {
            Ok(year) => Some(year),
            Err(_) => {
                let it = quoted(key, "은/는");
                let title = both!("{it} 연도가 아닙니다", "'{key}' is no year");
                let todo = both!("2023처럼 네 자리 연도나 '계'를 적어 주세요", "write a year of four digits, or '계'");
                self.refuse(Code::UnknownKey, span, title, key, todo);
                None
            }
        }
    }

    /// 국비, 시비, 구비, 민자, 계; or one number, which is the 계.
    pub(crate) fn funding(&mut self, node: &Yaml, outer: &Inherited, keys: &[&str]) -> Funding {
        let wanted = Wanted::published(Measure::Won);
        let money_map = matches!(&node.value, Value::Map(entries) if !entries.iter().any(|entry| entry.key == "값"));
        if !money_map {
            return Funding { total: self.figure(node, outer, wanted), ..Funding::default() };
        }
        let Some(map) = self.map(node, keys) else { return Funding::default() };
        let inner = outer.within(self, &map);
        let mut fund = |key: &str| map.get(key).and_then(|node| self.figure(node, &inner, wanted));
        Funding {
            national: fund("국비"),
            city: fund("시비"),
            district: fund("구비"),
            private: fund("민자"),
            total: fund("계"),
        }
    }

    /// What a bare number of money means in this file.
    pub(crate) fn won_unit(&mut self, map: &Map<'_>) -> Option<i64> {
        const UNITS: &[(&str, i64)] = &[("원", 1), ("천원", 1_000), ("백만원", 1_000_000), ("억원", 100_000_000)];
        let node = map.get("금액 단위")?;
        let text = self.text(node)?;
        let found = UNITS.iter().find(|(name, _)| *name == text.replace(' ', "")).map(|(_, won)| *won);
        if found.is_none() {
            self.unknown_word(node.span, &text, &["원", "천원", "백만원", "억원"]);
        }
        found
    }
}

/// Keys of planned or spent money.
pub(crate) const FUNDING_KEYS: &[&str] = &["국비", "시비", "구비", "민자", "계", "출처", "기준", "기준일", "정의"];

/// The same with what was spent beside it.
pub(crate) const BUDGET_KEYS: &[&str] =
    &["국비", "시비", "구비", "민자", "계", "집행", "출처", "기준", "기준일", "정의"];

/// Whether numerator over denominator, in percent, rounds to the written rate, half up.
pub(crate) fn rounds_to(numerator: i64, denominator: i64, percent: Percent) -> bool {
    computed_scaled(numerator, denominator, percent.decimals(), true) == Some(percent.scaled())
}

/// Whether it is the written rate with the further digits cut off.
pub(crate) fn cuts_to(numerator: i64, denominator: i64, percent: Percent) -> bool {
    computed_scaled(numerator, denominator, percent.decimals(), false) == Some(percent.scaled())
}

fn computed_scaled(numerator: i64, denominator: i64, decimals: u8, rounded: bool) -> Option<i64> {
    if denominator <= 0 || numerator < 0 {
        return None;
    }
    let unit = i128::from(100) * i128::from(10_i64.pow(u32::from(decimals)));
    let wide = i128::from(numerator) * unit;
    let denominator = i128::from(denominator);
    let scaled = if rounded { (wide * 2 + denominator) / (denominator * 2) } else { wide / denominator };
    i64::try_from(scaled).ok()
}

/// Numerator over denominator as a rate with that many decimals, rounded half up.
pub(crate) fn computed_percent(numerator: i64, denominator: i64, decimals: u8) -> String {
    computed_scaled(numerator, denominator, decimals, true)
        .and_then(|scaled| Percent::new(scaled, decimals))
        .map_or_else(|| "?".to_owned(), |percent| percent.to_string())
}
