//! One tile for each 동, darker for more; its number stands in it.

use super::{Svg, counted, escaped};

/// One tile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tile {
    /// The 동.
    pub label: String,
    /// Column and row from 1; none where nobody gave places.
    pub place: Option<(u8, u8)>,
    /// The number; none where a word stands in its place.
    pub number: Option<i64>,
    /// `5 미만`, `비공개`, `자료 없음`.
    pub word: String,
}

/// Most columns and rows a map may have; the style sheet has a class for each.
pub const TILES_MAX: u8 = 8;

/// Draws the map as a list, so that it reads like one. Without places tiles stand in rows, in order.
pub fn tiles(unit: &str, all: &[Tile]) -> Svg {
    if all.is_empty() {
        return Svg::default();
    }
    let placed = places(all);
    let columns = match &placed {
        Some(places) => places.iter().map(|(column, _)| *column).max().unwrap_or(4),
        None => 4,
    };
    let largest = all.iter().filter_map(|tile| tile.number).max().unwrap_or(0).max(1);
    let one = |(nth, tile): (usize, &Tile)| {
        let place = placed.as_ref().and_then(|places| places.get(nth));
        let place = place.map(|(column, row)| format!("c{column} g{row} ")).unwrap_or_default();
        let (class, said) = match tile.number {
            Some(number) => (level(number, largest), counted(number, unit)),
            None => ("few", escaped(&tile.word)),
        };
        format!(r#"<li class="{place}{class}"><span>{}</span><b>{said}</b></li>"#, escaped(&tile.label))
    };
    let list: String = all.iter().enumerate().map(one).collect();
    Svg::of(format!(r#"<ul class="tiles tiles--{columns}">{list}</ul>"#))
}

/// Every tile's place, where each has one of its own inside the map; else none has.
fn places(all: &[Tile]) -> Option<Vec<(u8, u8)>> {
    let places: Vec<(u8, u8)> = all.iter().map(|tile| tile.place).collect::<Option<_>>()?;
    let inside = |(column, row): &(u8, u8)| (1..=TILES_MAX).contains(column) && (1..=TILES_MAX).contains(row);
    let mut once = places.clone();
    once.sort_unstable();
    once.dedup();
    (once.len() == places.len() && places.iter().all(inside)).then_some(places)
}

/// Four shades by quarters of the largest number.
fn level(number: i64, largest: i64) -> &'static str {
    let quarter = i128::from(number.max(0)) * 4 / (i128::from(largest) + 1);
    match quarter {
        0 => "l1",
        1 => "l2",
        2 => "l3",
        _ => "l4",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tile(label: &str, place: Option<(u8, u8)>, number: Option<i64>) -> Tile {
        Tile { label: label.to_owned(), place, number, word: "5 미만".to_owned() }
    }

    #[test]
    fn a_tile_says_its_number_and_a_hidden_one_its_word() {
        let drawn = tiles(
            "명",
            &[
                tile("갈대동", Some((1, 1)), Some(40)),
                tile("물새동", Some((2, 1)), Some(3)),
                tile("버들동", Some((5, 2)), None),
            ],
        )
        .to_string();
        assert!(drawn.starts_with(r#"<ul class="tiles tiles--5">"#), "{drawn}");
        assert!(drawn.contains(r#"<li class="c1 g1 l4"><span>갈대동</span><b>40명</b></li>"#), "{drawn}");
        assert!(drawn.contains(r#"<li class="c2 g1 l1">"#), "{drawn}");
        assert!(drawn.contains(r#"<li class="c5 g2 few"><span>버들동</span><b>5 미만</b></li>"#), "{drawn}");
    }

    #[test]
    fn without_a_place_for_each_tile_they_stand_in_rows() {
        for second in [None, Some((1, 1)), Some((9, 1)), Some((0, 1))] {
            let drawn = tiles("명", &[tile("가", Some((1, 1)), Some(1)), tile("나", second, Some(2))]).to_string();
            assert!(drawn.contains("tiles--4") && !drawn.contains("class=\"c1"), "{second:?}: {drawn}");
        }
        assert_eq!(tiles("명", &[]).to_string(), "");
    }

    #[test]
    fn shades_are_quarters_of_the_largest() {
        assert_eq!([0, 24, 25, 50, 75, 100].map(|number| level(number, 100)), ["l1", "l1", "l1", "l2", "l3", "l4"]);
        assert_eq!([26, 51, 76].map(|number| level(number, 100)), ["l2", "l3", "l4"]);
        assert_eq!(level(-1, 1), "l1");
    }
}
