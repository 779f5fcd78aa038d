//! The tables by 동 that a district published, as tile maps with a table beside each.
//!
//! Owns: the view. Does not own: the numbers (the files hold them) nor the shades (`charts::tiles`).
//! What a newcomer gets wrong: 0 for a hidden number. It is a word and a hatched tile.

use iljari_disclosure::plan::{District, DongTable, DongValue, Figure, WITHHELD};
use iljari_plans::pages::words::NOTHING;
use iljari_web::charts::{Svg, Tile, tiles};

/// One table by 동.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MapView {
    pub(crate) title: String,
    pub(crate) note: String,
    pub(crate) picture: Svg,
    pub(crate) rows: Vec<(String, String)>,
    pub(crate) total: String,
}

/// Every published table by 동.
pub fn maps(book: &District) -> Vec<MapView> {
    book.dong_tables.iter().map(|table| map(book, table)).collect()
}

fn map(book: &District, table: &DongTable) -> MapView {
    let unit = table.measure.counter();
    let tile = |dong: &String| {
        let (number, word) = match table.value(dong) {
            Some(DongValue::Known(figure)) => (figure.count(), String::new()),
            // One word for both: two would say which of them is the small one, and a sum would give it away.
            Some(DongValue::Small | DongValue::Withheld) => (None, WITHHELD.to_owned()),
            None => (None, NOTHING.to_owned()),
        };
        Tile { label: dong.clone(), place: book.dong_places.get(dong).copied(), number, word }
    };
    let all: Vec<Tile> = book.dongs.iter().map(tile).collect();
    let said = |tile: &Tile| match tile.number {
        Some(number) => format!("{}{unit}", iljari_base::quantity::grouped(number)),
        None => tile.word.clone(),
    };
    MapView {
        title: format!("{} {}", table.period.korean(), table.name),
        note: format!("단위: {}", table.measure.as_str()),
        picture: tiles(unit, &all),
        rows: all.iter().map(|tile| (tile.label.clone(), said(tile))).collect(),
        total: table.total.as_ref().map(Figure::text).unwrap_or_default(),
    }
}

/// An invented map, for samples.
pub(crate) fn sample() -> Vec<MapView> {
    let tile = |label: &str, place, number: Option<i64>| Tile {
        label: label.to_owned(),
        place: Some(place),
        number,
        word: WITHHELD.to_owned(),
    };
    let all = [tile("갈대동", (1, 1), Some(240)), tile("너른들동", (2, 1), None)];
    vec![MapView {
        title: "2025년 어르신 일자리에 참여한 사람".to_owned(),
        note: "단위: 실인원".to_owned(),
        picture: tiles("명", &all),
        rows: vec![("갈대동".to_owned(), "240명".to_owned()), ("너른들동".to_owned(), WITHHELD.to_owned())],
        total: "2,185명".to_owned(),
    }]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_invented_district_shows_its_dongs_with_two_hidden() {
        let told = maps(&super::super::tests::book("naru"));
        let [map] = told.as_slice() else { panic!("one table") };
        assert_eq!(map.rows.len(), 12);
        let hidden: Vec<&str> =
            map.rows.iter().map(|(_, value)| value.as_str()).filter(|it| !it.contains('명')).collect();
        assert_eq!(hidden, [WITHHELD, WITHHELD]);
        assert_eq!(map.picture.as_str().matches(" few\"").count(), 2, "{}", map.picture);
        assert!(map.picture.as_str().contains("c2 g1"), "the file gives places");
        assert_eq!(maps(&super::super::tests::book("gwangjin")), []);
    }
}
