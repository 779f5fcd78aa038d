//! What earlier programs left on people's disks opens with this one.
//!
//! Each folder of `tests/releases/` is a backup that a released program made of its own demo, with its keys
//! (`cargo xtask fixture`). The backup's own list says what must be in it: rows, roots, districts.

use std::collections::BTreeSet;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use iljari_base::{Clock as _, SystemClock, Timestamp};
use serde_json::Value;

use super::kills::schema;
use super::{Served, World, ask};
use crate::town::copy_folder;

/// Every kept release, oldest name first.
fn releases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/releases");
    let found = std::fs::read_dir(&folder).expect("the releases").map(|it| it.expect("an entry").path());
    found.filter(|path| path.is_dir()).collect::<BTreeSet<_>>().into_iter().collect()
}

/// A world whose data are that release's, restored and migrated by today's program.
fn restored(release: &Path) -> World {
    let world = World::new();
    std::fs::remove_dir_all(world.path("data")).expect("removed");
    std::fs::remove_dir_all(world.path("data.keys")).expect("removed");
    copy_folder(&release.join("keys"), &world.path("data.keys"));
    // A repository does not remember who may read a file.
    for_their_owner_only(&world.path("data.keys"));
    copy_folder(&release.join("backup"), &world.path("backup"));
    let unpacked = Command::new("gzip").arg("-d").arg(world.path("backup/iljari.db.gz")).status();
    assert!(unpacked.expect("gzip").success());
    // On the day on which it was kept: the keys of its weeks are good for 35 days, and this is read in years to come.
    world.set_clock(kept_at(release) + 3600 - seconds_now());
    let (ended, words) = world.run(&["restore", &world.path("backup").display().to_string()]);
    assert_eq!(ended, Some(0), "{words}");
    assert!(words.contains("모두 확인했습니다") && !words.contains("[틀림]"), "{words}");
    world
}

/// The backup's own list.
fn list_of(release: &Path) -> Value {
    let list = std::fs::read(release.join("backup/backup.json")).expect("the list");
    serde_json::from_slice(&list).expect("JSON")
}

/// When the backup was made, in seconds.
fn kept_at(release: &Path) -> i64 {
    let made: Timestamp = list_of(release)["made_at"].as_str().expect("an instant").parse().expect("an instant");
    made.as_microsecond() / 1_000_000
}

fn seconds_now() -> i64 {
    SystemClock.now().as_microsecond() / 1_000_000
}

fn for_their_owner_only(folder: &Path) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            for_their_owner_only(&path);
        } else {
            std::fs::set_permissions(&path, Permissions::from_mode(0o600)).expect("set");
        }
    }
}

/// The pages that a page leads to, without what is sent to another page first.
fn links(page: &str, below: &str) -> BTreeSet<String> {
    let all = page.split("href=\"").skip(1).filter_map(|rest| rest.split(['"', '#']).next());
    all.filter(|link| link.starts_with(below)).map(str::to_owned).collect()
}

/// Opens a page and every page that it leads to; how many there were.
fn open_all(served: &Served, office: bool, path: &str, cookie: &str, below: &str) -> usize {
    let to = if office { served.office } else { served.public };
    let first = ask(to, "GET", path, cookie, "").expect("an answer");
    assert_eq!(first.status, 200, "{path}");
    let links = links(&first.text, below);
    for link in &links {
        let answer = ask(to, "GET", &link.replace("&amp;", "&"), cookie, "").expect("an answer");
        assert!([200, 303].contains(&answer.status), "{link}: {}", answer.status);
    }
    links.len()
}

#[test]
fn what_earlier_programs_left_opens_with_this_one() {
    let fresh = World::new();
    let wanted = schema(&fresh);
    let releases = releases();
    assert!(!releases.is_empty(), "nothing is kept");
    for release in releases {
        println!("{}", release.display());
        let world = restored(&release);
        // Tables, columns, indexes and triggers are those of data that began with this program.
        assert_eq!(schema(&world), wanted, "{}", release.display());
        let list = list_of(&release);
        let districts = list["districts"].as_array().expect("districts");
        assert!(districts.len() >= 3);
        let served = world.serve();
        let mut pages = 0;
        for district in districts {
            let (code, root) = (district["code"].as_str().expect("a code"), district["root"].as_str().expect("a root"));
            let (ended, words) = world.run(&["ledger", "audit", "--district", code]);
            assert_eq!(ended, Some(0), "{code}: {words}");
            let (_, words) = world.run(&["ledger", "show", "--district", code]);
            let last = words.lines().rfind(|line| line.starts_with("봉인 ")).expect("a seal");
            assert!(last.contains(root), "{code}: another root than the backup's: {last}");
            let home = format!("/districts/{code}");
            pages += open_all(&served, false, &home, "", &home);
        }
        let password = std::fs::read_to_string(release.join("demo-password")).expect("the demo's password");
        let cookie = served.sign_in_with(&world, "한시범", password.trim());
        pages += open_all(&served, true, "/office", &cookie, "/office");
        println!("{pages} pages");
        assert!(pages > 40, "only {pages} pages");
        // The log goes on under the keys of then.
        let (ended, words) = world.run(&["ledger", "rotate", "--district", "99001"]);
        assert_eq!(ended, Some(0), "{words}");
    }
}
