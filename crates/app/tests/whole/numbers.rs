//! Every number of every public page, against the log that a stranger downloads.
//!
//! The log is read from its published tiles and folded here, with a JSON reader and a few additions:
//! nothing of the ledger's own arithmetic takes part. The plan's tree, promises and money come from
//! the plan files.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use axum::http::StatusCode;
use iljari_base::{Won, Year};
use iljari_disclosure::plan::{Amount, District, Figure, won_text};
use serde_json::Value;

use super::town::{DISTRICTS, Town, book};

/// One counted line of the log.
struct Line {
    id: String,
    node: String,
    from: i64,
    to: i64,
    field: String,
    unit: String,
    n: i64,
    part: &'static str,
    /// The line it corrects; empty for every other.
    of: String,
}

/// Ids of nodes.
type Nodes = Rc<BTreeSet<String>>;

/// A district as a stranger knows it: the published log and the plan files.
pub struct Stranger {
    book: District,
    lines: Vec<Line>,
    /// The number of lines that each disclosure covers, first disclosure first.
    disclosed: Vec<usize>,
    /// How many lines of the log, counted or not, stood before each counted one.
    places: Vec<usize>,
    known_below: RefCell<BTreeMap<(String, i64), Nodes>>,
}

impl Stranger {
    /// Downloads the log and reads it line by line.
    async fn of(town: &Town, code: &str, folder: &str) -> Self {
        let checkpoint = town.page(&format!("/log/{code}/checkpoint")).await;
        let size: usize = checkpoint.lines().nth(1).expect("a size").parse().expect("a number");
        let mut this = Self {
            book: book(folder),
            lines: Vec::new(),
            disclosed: Vec::new(),
            places: Vec::new(),
            known_below: RefCell::default(),
        };
        let mut place = 0;
        for tile in 0..=size / 256 {
            let width = usize::min(256, size - tile * 256);
            let partial = if width < 256 { format!(".p/{width}") } else { String::new() };
            if width == 0 {
                break;
            }
            let got = town.get(&format!("/log/{code}/tile/entries/{tile:03}{partial}")).await;
            assert_eq!(got.status, StatusCode::OK, "{code} tile {tile}{partial}");
            let mut rest = &got.bytes[..];
            while let [high, low, after @ ..] = rest {
                let (line, after) = after.split_at(usize::from(*high) * 256 + usize::from(*low));
                this.read(&serde_json::from_slice(line).expect("a line of JSON"), place);
                rest = after;
                place += 1;
            }
        }
        assert_eq!(place, size, "{code}: the tiles hold what the checkpoint says");
        this
    }

    fn read(&mut self, leaf: &Value, place: usize) {
        let text = |key: &str| leaf[key].as_str().unwrap_or_default().to_owned();
        let number = |key: &str| leaf[key].as_i64().expect("a number");
        let part = match text("k").as_str() {
            "count" if number("grade") == 0 => "보도",
            "count" => "집계",
            "job" => "기록",
            "correction" => {
                let answered = self.lines.iter().find(|line| line.id == text("of"));
                answered.expect("a correction answers an earlier line").part
            }
            "disclosure" => {
                self.disclosed.push(usize::try_from(number("size")).expect("a size"));
                return;
            }
            _ => return,
        };
        self.lines.push(Line {
            id: text("id"),
            node: text("node"),
            from: number("from"),
            to: number("to"),
            field: text("field"),
            unit: text("unit"),
            n: number("n"),
            part,
            of: text("of"),
        });
        self.places.push(place);
    }

    /// The node and all below it, by the tree in force that year. Asked for every line, so it is remembered.
    fn below(&self, node: &str, year: i64) -> Nodes {
        let mut known = self.known_below.borrow_mut();
        let ids = known.entry((node.to_owned(), year)).or_insert_with(|| {
            let year = Year(i16::try_from(year).expect("a year"));
            let found = self.book.tree_in_force(year).map(|plan| plan.descendants(node)).unwrap_or_default();
            Rc::new(found.iter().map(|node| node.id.clone()).chain([node.to_owned()]).collect())
        });
        Rc::clone(ids)
    }

    /// What the line that this one corrects stood at before it, or after it.
    fn stands(&self, correction: &Line, after: bool) -> i64 {
        let place = self.lines.iter().position(|line| line.id == correction.id).expect("a line of the log");
        let earlier = self.lines.iter().take(place);
        let sum: i64 =
            earlier.filter(|line| line.id == correction.of || line.of == correction.of).map(|line| line.n).sum();
        if after { sum + correction.n } else { sum }
    }

    /// What the plan files promise there.
    fn promised(&self, data: &BTreeMap<String, String>) -> String {
        let (set, node) = (data["data-set"].as_str(), data["data-node"].as_str());
        let plain = |figure: Option<&Figure>| match figure.expect("a promise").amount {
            Amount::Count(number) => number.to_string(),
            Amount::Percent(percent) => percent.to_string().replace(['%', ' '], ""),
            Amount::Won(won) => won.0.to_string(),
        };
        if data["data-layer"] == "합계" {
            let set = self.book.target_set(set).expect("a set");
            let written = set.values.total.as_ref().and_then(Figure::count);
            return written.or_else(|| set.values.sum()).expect("a total").to_string();
        }
        let year = data["data-year"].parse().expect("a year");
        let at = self.book.node_targets(node, set, year);
        match data["data-layer"].as_str() {
            "종합계획" => plain(at.term),
            "연차계획" => plain(at.yearly),
            "쓰는 값" => plain(at.yearly.or(at.term)),
            other => panic!("no layer {other}"),
        }
    }

    /// What the plan files set aside or report as spent there, in won.
    fn money(&self, data: &BTreeMap<String, String>) -> String {
        let year = data["data-year"].parse().expect("a year");
        let budget = self.book.budget(&data["data-node"], year).expect("money of that year");
        let funding = if data["data-budget"] == "계획" { &budget.planned } else { &budget.spent };
        let fund = data["data-fund"].as_str();
        let won = match funding.funds().into_iter().find(|(name, _)| *name == fund) {
            Some((_, figure)) => figure.and_then(Figure::won),
            None => funding.amount(),
        };
        won.expect("money").0.to_string()
    }

    /// What these attributes name, added up from the log.
    fn says(&self, data: &BTreeMap<String, String>) -> i64 {
        let get = |name: &str| data.get(name).map(String::as_str);
        if let Some(leaf) = get("data-leaf") {
            let line = self.lines.iter().find(|line| line.id == leaf).expect("a line of the log");
            return match get("data-stands") {
                None => line.n,
                Some(when) => self.stands(line, when == "뒤"),
            };
        }
        let span = |text: &str| -> (i64, i64) {
            let (first, last) = text.split_once("..").unwrap_or((text, text));
            (first.parse().expect("a number"), last.parse().expect("a number"))
        };
        let (first, last) = span(get("data-year").expect("a year"));
        let node = get("data-node").expect("a node");
        let covered = match get("data-disclosure") {
            Some(no) => self.disclosed[no.parse::<usize>().expect("a number") - 1],
            None => usize::MAX,
        };
        let wanted = |line: &Line| {
            let year = line.from / 100;
            (first..=last).contains(&year)
                && get("data-unit").is_none_or(|unit| unit == line.unit)
                && get("data-field").is_none_or(|fields| fields.split(',').any(|field| field == line.field))
                && get("data-part").is_none_or(|part| part == line.part)
                && get("data-through").is_none_or(|month| line.to <= span(month).0)
                && get("data-period").is_none_or(|period| (line.from, line.to) == span(period))
                && get("data-within").is_none_or(|period| line.from >= span(period).0 && line.to <= span(period).1)
                && (node == "전체" || self.below(node, year).contains(&line.node))
        };
        let placed = self.lines.iter().zip(&self.places);
        placed.filter(|(line, place)| **place < covered && wanted(line)).map(|(line, _)| line.n).sum()
    }
}

/// Every `<data>` of a page: its attributes and what stands between the tags.
pub fn data(html: &str) -> Vec<(BTreeMap<String, String>, String)> {
    let tags = html.split("<data ").skip(1);
    tags.map(|rest| {
        let (tag, after) = rest.split_once('>').expect("the tag's end");
        let shown = after.split_once("</data>").expect("a closing tag").0.to_owned();
        let mut attributes = BTreeMap::new();
        let mut rest = tag;
        while let Some((name, after)) = rest.split_once("=\"") {
            let (value, after) = after.split_once('"').expect("a closing quote");
            attributes.insert(name.trim().to_owned(), value.to_owned());
            rest = after;
        }
        (attributes, shown)
    })
    .collect()
}

/// What is wrong with a page's numbers, and how many were compared.
fn compare(stranger: &Stranger, path: &str, html: &str) -> (Vec<String>, usize) {
    let found = data(html);
    let wrong = found.iter().filter_map(|(attributes, shown)| {
        let value = attributes.get("value").map(String::as_str).unwrap_or_default();
        let (expected, shown_right) = if attributes.contains_key("data-budget") {
            let won: i64 = value.parse().expect("won");
            (stranger.money(attributes), *shown == won_text(Won(won)))
        } else if attributes.contains_key("data-set") {
            let read: String = shown.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
            (stranger.promised(attributes), read == value)
        } else {
            let read: String = shown.chars().filter(char::is_ascii_digit).collect();
            let number: i64 = value.parse().expect("a whole number");
            (stranger.says(attributes).to_string(), read.parse::<u64>().ok() == Some(number.unsigned_abs()))
        };
        (value != expected || !shown_right)
            .then(|| format!("{path}: {attributes:?} shows {shown:?}, the log or the plan says {expected}"))
    });
    (wrong.collect(), found.len())
}

#[tokio::test]
async fn every_number_of_every_public_page_is_in_the_published_log() {
    let town = Town::fresh().await;
    let mut strangers = BTreeMap::new();
    for (code, folder) in DISTRICTS {
        strangers.insert(code, Stranger::of(&town, code, folder).await);
    }
    let (mut compared, mut frozen, mut negative, mut promised, mut money) = (0, 0, 0, 0, 0);
    let mut planted = None;
    for (path, html) in Town::pages_as_seeded().await {
        let Some(code) = path.strip_prefix("/districts/").and_then(|rest| rest.get(..5)) else {
            assert!(!html.contains("<data "), "{path} shows numbers of no district");
            continue;
        };
        let (wrong, count) = compare(&strangers[code], path, html);
        assert_eq!(wrong, Vec::<String>::new());
        compared += count;
        frozen += html.matches("data-disclosure=").count();
        negative += html.matches("<data value=\"-").count();
        promised += html.matches("data-set=").count();
        money += html.matches("data-budget=").count();
        if path == "/districts/11215" {
            planted = Some(html);
        }
    }
    assert!(promised > 1000 && money > 500, "{promised} promises, {money} amounts of money");
    assert!(compared > 1000 && frozen > 20 && negative > 0, "{compared} numbers, {frozen} frozen, {negative} negative");

    // One planted fault in the value, one only in what people read: both are found, and nothing else.
    let html = planted.expect("Gwangjin's first page");
    assert!(html.contains("value=\"6570\"") && html.contains(">6,570</data>"), "6,570 stands on the page");
    for (right, wrong, told) in [
        ("value=\"6570\"", "value=\"6571\"", "6570"),
        (">6,570</data>", ">6,507</data>", "6570"),
        ("<data value=\"6000\"", "<data value=\"6001\"", "6000"),
        (">6,000</data>", ">6,001</data>", "6000"),
    ] {
        let (problems, _) = compare(&strangers["11215"], "planted", &html.replacen(right, wrong, 1));
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].contains(told), "{problems:?}");
    }
}
