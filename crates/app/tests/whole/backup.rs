//! Backups through the real program: made, practised, put back, spoiled, and held against later signatures.

use std::path::{Path, PathBuf};

use super::commands::{Demo, files, iljari};

/// Makes a backup of the demo and gives its folder.
fn backed_up(demo: &Demo) -> PathBuf {
    let said = iljari(&["backup", "--data", &demo.data(), "--to", &demo.path("backups")]);
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{}", said.out);
    let mut found: Vec<PathBuf> =
        std::fs::read_dir(demo.path("backups")).expect("the folder").map(|it| it.expect("an entry").path()).collect();
    found.sort();
    found.pop().expect("a backup")
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

/// What a search for keys and for the demo's people in plain finds in a backup.
fn holds(folder: &Path, needle: &[u8]) -> bool {
    ["iljari.db", "backup.json"].iter().any(|name| {
        let bytes = std::fs::read(folder.join(name)).expect("read");
        bytes.windows(needle.len()).any(|window| window == needle)
    })
}

#[test]
fn a_backup_is_practised_put_back_and_publishes_the_same_bytes() {
    let demo = Demo::prepared();
    let backup = backed_up(&demo);
    let keys = demo.path("data.keys");
    for entry in std::fs::read_dir(&keys).expect("keys") {
        let path = entry.expect("an entry").path();
        if path.is_file() && path.extension().is_some_and(|ending| ending == "key") {
            let key = std::fs::read(&path).expect("read");
            assert!(!holds(&backup, key.trim_ascii_end()), "{} lies in the backup", path.display());
        }
    }
    assert!(!holds(&backup, "가예시".as_bytes()), "a resident's name lies in the backup in plain");

    let proof = demo.path("drill.txt");
    let said = iljari(&["restore", &text(&backup), "--drill", "--keys", &keys, "--proof", &proof]);
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{}", said.out);
    assert!(said.out.contains("[확인] 나루구: 봉인한 기록") && !said.out.contains("[틀림]"), "{}", said.out);
    assert_eq!(std::fs::read_to_string(&proof).expect("the proof"), said.out);

    let back = demo.path("back");
    let said = iljari(&["restore", &text(&backup), "--data", &back, "--keys", &keys]);
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{}", said.out);
    for place in ["11215/log/checkpoint", "99001/log/checkpoint"] {
        let read = |data: &str| std::fs::read(Path::new(data).join("published").join(place)).expect("published");
        assert_eq!(read(&back), read(&demo.data()), "{place}");
    }
    let again = iljari(&["restore", &text(&backup), "--data", &back, "--keys", &keys]);
    assert!(again.code != 0 && again.err.contains("덮어쓰지 않습니다"), "{}", again.err);
}

#[test]
fn a_spoiled_backup_is_found_before_anything_is_restored() {
    let demo = Demo::prepared();
    let backup = backed_up(&demo);
    let (keys, back) = (demo.path("data.keys"), demo.path("back"));
    let file = backup.join("iljari.db");
    let mut bytes = std::fs::read(&file).expect("read");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, &bytes).expect("written");
    for arguments in [
        vec!["restore", &*text(&backup), "--data", &back, "--keys", &keys],
        vec!["restore", &*text(&backup), "--drill", "--keys", &keys],
    ] {
        let said = iljari(&arguments);
        assert!(said.code != 0 && said.err.contains("iljari.db: 목록과 다릅니다"), "{}", said.err);
    }
    assert!(!Path::new(&back).exists(), "nothing was restored");

    std::fs::remove_file(backup.join("backup.json")).expect("removed");
    let said = iljari(&["restore", &text(&backup), "--data", &back, "--keys", &keys]);
    assert!(said.code != 0 && said.err.contains("만들다가 멈춘 백업"), "{}", said.err);
}

#[test]
fn the_wrong_keys_are_told_and_a_backup_does_not_go_beside_the_keys() {
    let demo = Demo::prepared();
    let backup = backed_up(&demo);
    let said = iljari(&["restore", &text(&backup), "--drill", "--keys", &demo.path("other.keys")]);
    assert!(said.code != 0 && said.out.contains("[틀림] 나루구: 열쇠 폴더에 장부의 열쇠가 없습니다"), "{}", said.out);
    assert!(said.out.contains("열쇠가 없어져 열리지 않습니다"), "{}", said.out);
    assert!(!Path::new(&demo.path("other.keys")).exists(), "a drill makes no keys");

    let said = iljari(&["backup", "--data", &demo.data(), "--to", &demo.path("data.keys/backups")]);
    assert!(said.code != 0 && said.err.contains("열쇠 폴더 안에 둘 수 없습니다"), "{}", said.err);
}

#[test]
fn a_backup_older_than_the_last_seal_signs_nothing_until_what_was_published_came_back() {
    let demo = Demo::prepared();
    let backup = backed_up(&demo);
    // A disclosure after the backup: one more leaf, signed.
    let said = demo.disclose("bundle", "백업 뒤의 공시");
    assert_eq!(said.code, 0, "{}", said.err);
    let (keys, back) = (demo.path("data.keys"), demo.path("back"));
    let said = iljari(&["restore", &text(&backup), "--data", &back, "--keys", &keys]);
    assert!(said.out.contains("백업 뒤에 기록") && said.err.contains("봉인하지 않습니다"), "{}{}", said.out, said.err);
    let said = iljari(&["ledger", "seal", "--data", &back, "--keys", &keys, "--district", "11215"]);
    assert!(said.code != 0 && said.err.contains("이미"), "{}", said.err);

    // What was published brings the disclosure back, documents and all, and the log goes on.
    let published = |data: &str| files(&Path::new(data).join("published/11215"));
    let from = format!("{}/published/11215", demo.data());
    let of = ["--data", &back, "--keys", &keys, "--district", "11215"];
    let said = iljari(&[&["ledger", "recover", "--from", &from][..], &of].concat());
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{}", said.out);
    assert!(
        said.out.contains("이어서 봉인할 수 있습니다") && said.out.contains("공시 1번을 되찾았습니다"),
        "{}",
        said.out
    );
    assert!(published(&back) == published(&demo.data()), "other files are published than before");
    let again = iljari(&[&["ledger", "recover", "--from", &from][..], &of].concat());
    assert!(again.code == 0 && again.out.contains("빠진 기록이 없습니다"), "{}{}", again.out, again.err);
    for command in [&["ledger", "rotate"][..], &["ledger", "audit"]] {
        let said = iljari(&[command, &of].concat());
        assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    }
}
