//! Rules that compare two places of a district's files, one file of code per family of rules.
//!
//! Owns: what a document may not contradict within itself. Does not own: anything seen in one
//! place alone (`read`). What a newcomer gets wrong: treating what is absent as zero. A sum is
//! wrong only when everything that goes into it is known.

mod layers;
mod places;
mod rates;
mod results;
mod sources;
mod statistics;
mod sums;
mod tables;
mod tree;

use super::model::{District, Figure, Funding, Plan, YearFigures};
use crate::plan::Problems;
use iljari_authored::Place;

/// Runs every rule over a district. `whole` is false when some file could not be read, so that
/// nothing is said to be missing that may stand there.
pub(crate) fn check(district: &District, cited: &[(String, Place)], whole: bool, problems: &mut Problems) {
    for (at, plan) in district.plans.iter().enumerate() {
        let earlier = &district.plans[..at];
        sums::check(district, plan, problems);
        tables::check(district, plan, problems);
        tree::check(district, plan, whole, problems);
        rates::check_plan(plan, earlier, problems);
    }
    layers::check(district, whole, problems);
    results::check(district, whole, problems);
    places::check(district, whole, problems);
    statistics::check(district, problems);
    rates::check_district(district, problems);
    sources::check(district, cited, whole, problems);
}

/// Every figure of a district, in no promised order.
pub(crate) fn figures(district: &District) -> Vec<&Figure> {
    let mut found = Vec::new();
    for plan in &district.plans {
        figures_of_plan(plan, &mut found);
    }
    for result in &district.results {
        found.push(&result.figure);
        found.extend(result.parts.iter().map(|part| &part.figure));
        found.extend(result.printed_target.as_ref().map(|target| &target.figure));
        found.extend(result.department_count.iter().chain(&result.project_count));
        figures_of_funding(&result.spent, &mut found);
    }
    for table in &district.dong_tables {
        found.extend(table.total.iter());
        found.extend(table.values.iter().filter_map(|(_, value)| match value {
            super::model::DongValue::Known(figure) => Some(&**figure),
            super::model::DongValue::Small | super::model::DongValue::Withheld => None,
        }));
    }
    found.extend(district.statistics.iter().map(|statistic| &statistic.figure));
    found.extend(district.developments.iter().filter_map(|development| development.expected_jobs.as_ref()));
    found
}

fn figures_of_plan<'a>(plan: &'a Plan, found: &mut Vec<&'a Figure>) {
    found.extend(plan.declared_counts.values());
    found.extend(plan.declared_budget.values());
    for set in &plan.target_sets {
        figures_of_years(&set.values, found);
    }
    for node in &plan.nodes {
        node.targets.values().for_each(|values| figures_of_years(values, found));
        for budget in node.budget.values() {
            figures_of_funding(&budget.planned, found);
            figures_of_funding(&budget.spent, found);
        }
    }
    for table in &plan.sum_tables {
        let rows = table.by_field.iter().map(|(_, row)| row).chain(table.by_department.iter().map(|(_, row)| row));
        for row in rows.chain(&table.field_total).chain(&table.department_total) {
            figures_of_years(row, found);
        }
    }
    found.extend(plan.statistics.iter().map(|statistic| &statistic.figure));
    found.extend(plan.developments.iter().filter_map(|development| development.expected_jobs.as_ref()));
}

fn figures_of_years<'a>(values: &'a YearFigures, found: &mut Vec<&'a Figure>) {
    found.extend(values.years.values().chain(&values.total));
}

fn figures_of_funding<'a>(funding: &'a Funding, found: &mut Vec<&'a Figure>) {
    found.extend(funding.funds().into_iter().filter_map(|(_, figure)| figure).chain(&funding.total));
}

/// The exact whole number of a figure, jobs or won; `None` for rates and 약.
pub(crate) fn number(figure: &Figure) -> Option<i64> {
    figure.count().or_else(|| figure.won().filter(|_| figure.exact).map(|won| won.0))
}

/// A number with the measure of the figure it is compared with: `1,200개`, `5억 원`.
pub(crate) fn shown(number: i64, like: &Figure) -> String {
    use super::model::{Amount, won_text};
    use iljari_base::Won;
    use iljari_base::quantity::grouped;
    match like.amount {
        // Differences are shown to the won: a rounded one would look like none.
        Amount::Won(_) if number % 1_000_000 != 0 => format!("{}원", grouped(number)),
        Amount::Won(_) => won_text(Won(number)),
        Amount::Count(_) | Amount::Percent(_) => format!("{}{}", grouped(number), like.measure.counter()),
    }
}
