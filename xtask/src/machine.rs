//! What this machine has and lacks of the programs that the checks need.
//!
//! Owns the list of programs and, on Debian as root, their installation by the system's own
//! package tool. It does not fetch anything else (`tools.rs` does). A newcomer expects a version
//! check here: any version that the distribution ships will do, and a test says so if it does not.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Outcome;

/// A program that the checks need, and where Debian keeps it.
pub struct Need {
    /// What it is for, in the words of the list that a person gets.
    pub purpose: &'static str,
    /// Debian's package.
    pub package: &'static str,
    present: fn() -> bool,
}

/// Everything that `cargo xtask ci` needs besides Rust.
pub const NEEDS: &[Need] = &[
    Need {
        purpose: "a PostgreSQL server for the tests on both engines",
        package: "postgresql",
        present: || postgres_program("initdb").is_some(),
    },
    Need { purpose: "the browser of the journeys", package: "chromium", present: || on_path("chromium").is_some() },
    Need {
        purpose: "the driver of that browser",
        package: "chromium-driver",
        present: || on_path("chromedriver").is_some(),
    },
    Need {
        purpose: "Java, for the HTML checker",
        package: "default-jre-headless",
        present: || on_path("java").is_some(),
    },
    Need {
        purpose: "another reader of our PDF files, to hold their figures against the data",
        package: "poppler-utils",
        present: || on_path("pdftotext").is_some(),
    },
];

/// The package that brings the client of the HTML checker's registry; needed only to fetch it.
pub const NPM: Need =
    Need { purpose: "the client that fetches the HTML checker", package: "npm", present: || on_path("npm").is_some() };

/// Makes sure that everything needed is there: installs it where that is ours to do, and says
/// what is missing where it is not.
pub fn prepare(needs: &[&Need]) -> Outcome {
    let missing = missing(needs);
    if missing.is_empty() {
        println!("Everything needed is installed.");
        return Ok(());
    }
    if !(is_debian() && is_root()) {
        return Err(explain(&missing));
    }
    let packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
    println!("Installing {}", packages.join(", "));
    apt(&["update"])?;
    apt(&[&["install", "--yes", "--no-install-recommends"], &packages[..]].concat())?;
    let still = self::missing(&missing);
    if still.is_empty() { Ok(()) } else { Err(explain(&still)) }
}

/// Those of the needs that this machine does not meet.
fn missing<'n>(needs: &[&'n Need]) -> Vec<&'n Need> {
    needs.iter().filter(|need| !(need.present)()).copied().collect()
}

/// The message for a person whose machine we do not administer.
fn explain(missing: &[&Need]) -> String {
    let mut message = String::from("Missing on this machine (Debian's package names):\n");
    for need in missing {
        message.push_str(&format!("  {:<22} {}\n", need.package, need.purpose));
    }
    message.push_str("Install them, or run this command as root on Debian, where it does so itself.");
    message
}

fn apt(arguments: &[&str]) -> Outcome {
    let status = Command::new("apt-get")
        .arg("--quiet")
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .map_err(|err| format!("apt-get does not run: {err}"))?;
    if status.success() { Ok(()) } else { Err(format!("`apt-get {}` failed ({status})", arguments.join(" "))) }
}

/// Whether this is Debian or a child of it.
pub fn is_debian() -> bool {
    Path::new("/etc/debian_version").exists() && on_path("apt-get").is_some()
}

/// Whether we run as the machine's administrator.
pub fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout.trim_ascii() == b"0")
}

/// Where a program is found on the search path.
pub fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// Where one of PostgreSQL's server programs is. Debian keeps them off the search path, one
/// folder per version; the newest version wins.
pub fn postgres_program(program: &str) -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path())))
        .map(|(version, folder)| (version, folder.join("bin").join(program)))
        .filter(|(_, file)| file.is_file())
        .collect();
    versions.sort();
    versions.pop().map(|(_, file)| file).or_else(|| on_path(program))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABSENT: Need = Need { purpose: "nothing real", package: "no-such-package", present: || false };
    const PRESENT: Need = Need { purpose: "always there", package: "coreutils", present: || true };

    #[test]
    fn only_what_is_absent_is_missing() {
        let found: Vec<&str> = missing(&[&ABSENT, &PRESENT]).iter().map(|need| need.package).collect();
        assert_eq!(found, ["no-such-package"]);
    }

    #[test]
    fn the_list_for_a_person_names_package_and_purpose() {
        let message = explain(&[&ABSENT]);
        assert!(message.contains("no-such-package") && message.contains("nothing real"), "{message}");
    }

    #[test]
    fn a_program_that_exists_nowhere_is_not_on_the_path() {
        assert_eq!(on_path("iljari-no-such-program"), None);
        assert!(on_path("sh").is_some());
    }
}
