//! Tiles: the arithmetic of the standard, its paths, and entry bundles.

use std::collections::BTreeSet;

use iljari_disclosure::log::Hash;
use iljari_disclosure::log::tile::{
    BundleFault, Level, Tile, entry_bundle, entry_bundles, hash_tiles, read_entry_bundle, tiles,
};
use iljari_disclosure::log::tree::{leaf_hash, root};

fn widths(size: u64, level: Level) -> (usize, Option<u16>) {
    let row: Vec<Tile> = tiles(size).into_iter().filter(|tile| tile.level == level).collect();
    let full = row.iter().filter(|tile| tile.width == 256).count();
    (full, row.iter().find(|tile| tile.width < 256).map(|tile| tile.width))
}

#[test]
fn the_published_tile_counts_come_out() {
    assert_eq!(widths(70_000, Level::Hashes(0)), (273, Some(112)));
    assert_eq!(widths(70_000, Level::Hashes(1)), (1, Some(17)));
    assert_eq!(widths(70_000, Level::Hashes(2)), (0, Some(1)));
    assert_eq!(widths(70_000, Level::Hashes(3)), (0, None));
    assert_eq!(widths(70_000, Level::Entries), (273, Some(112)));
    assert_eq!(widths(256, Level::Hashes(0)), (1, None));
    assert_eq!(widths(256, Level::Hashes(1)), (0, Some(1)));
    assert_eq!(tiles(0), []);
    assert_eq!(tiles(1).len(), 2);
}

#[test]
fn paths_go_both_ways() {
    let tile = |level, index, width| Tile { level, index, width };
    for (tile, path) in [
        (tile(Level::Hashes(0), 1_234_067, 256), "tile/0/x001/x234/067"),
        (tile(Level::Hashes(3), 0, 256), "tile/3/000"),
        (tile(Level::Hashes(63), 999, 1), "tile/63/999.p/1"),
        (tile(Level::Hashes(1), 1000, 255), "tile/1/x001/000.p/255"),
        (tile(Level::Entries, 273, 112), "tile/entries/273.p/112"),
        (tile(Level::Entries, 1_234_067, 256), "tile/entries/x001/x234/067"),
    ] {
        assert_eq!(tile.to_string(), path);
        assert_eq!(path.parse(), Ok(tile));
    }
}

#[test]
fn paths_that_name_no_tile_are_refused() {
    for path in [
        "",
        "tile",
        "tile/",
        "tile/0",
        "tile/0/",
        "/tile/0/000",
        "tile/0/000/",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/+1/000",
        "tile/0/00",
        "tile/0/0000",
        "tile/0/x000",
        "tile/0/x000/000",
        "tile/0/001/x000",
        "tile/0/x01/000",
        "tile/0/001/002",
        "tile/0/000.p",
        "tile/0/000.p/",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/1/2",
        "tile/0/000.p/+1",
        "tile/0/-00",
        "tile/0/+00",
        "tile/data/000",
        "tile/entries",
        "tile/entries/x000/000",
        "tile/8/0/000",
        "Tile/0/000",
        "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
    ] {
        assert!(path.parse::<Tile>().is_err(), "{path:?}");
    }
}

#[test]
fn entry_bundles_have_the_published_bytes() {
    assert_eq!(entry_bundle(&["", "a"]), Ok(vec![0, 0, 0, 1, b'a']));
    assert_eq!(read_entry_bundle(&[0, 0, 0, 1, b'a']), Ok(vec![&b""[..], b"a"]));
    assert_eq!(entry_bundle(&[vec![0; 65_536]]), Err(BundleFault::EntryTooLong));
    let longest = vec![7; 65_535];
    let bytes = entry_bundle(&[&longest]).expect("just short enough");
    assert_eq!(bytes[..2], [0xff, 0xff]);
    assert_eq!(read_entry_bundle(&bytes), Ok(vec![longest.as_slice()]));
    assert_eq!(entry_bundle(&[""; 257]), Err(BundleFault::TooMany));
    assert_eq!(read_entry_bundle(&[0]), Err(BundleFault::Cut));
    assert_eq!(read_entry_bundle(&[0, 2, b'a']), Err(BundleFault::Cut));
    assert_eq!(read_entry_bundle(&[0; 514]), Err(BundleFault::TooMany));
}

#[test]
fn files_are_exactly_the_tiles_of_the_size_and_hold_subtree_roots() {
    for size in [0_u64, 1, 255, 256, 257, 600, 70_000] {
        let entries: Vec<String> = (0..size).map(|number| number.to_string()).collect();
        let hashes: Vec<Hash> = entries.iter().map(|entry| leaf_hash(entry.as_bytes())).collect();
        let mut files = hash_tiles(&hashes);
        let bundles = entry_bundles(&entries).expect("short entries");
        let paths: BTreeSet<String> = files.keys().chain(bundles.keys()).cloned().collect();
        let wanted: BTreeSet<String> = tiles(size).iter().map(Tile::to_string).collect();
        assert_eq!(paths, wanted, "size {size}");
        // The middle tile, taken apart by the definition in the standard.
        for tile in tiles(size).into_iter().filter(|tile| tile.level != Level::Entries) {
            let Level::Hashes(level) = tile.level else { continue };
            let bytes = files.remove(&tile.to_string()).expect("a file");
            assert_eq!(bytes.len(), usize::from(tile.width) * 32);
            let span = 256_usize.pow(level.into());
            let last = usize::from(tile.width) - 1;
            for place in [0, last] {
                let start = (tile.index as usize * 256 + place) * span;
                let subtree = root(&hashes[start..start + span]);
                assert_eq!(bytes[place * 32..][..32], subtree.0, "{tile} hash {place}");
            }
        }
    }
}
