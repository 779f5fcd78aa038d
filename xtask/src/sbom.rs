//! `cargo xtask sbom`: every library of the binary with its version and checksum, as CycloneDX.
//!
//! Owns reading `Cargo.lock` and what the list looks like. It does not own whether a library may be used (`deny.toml`
//! does). A newcomer looks for a tool that asks the network: everything stands in the lock file.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::{Outcome, target_folder};

/// One `[[package]]` of the lock file.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Package {
    /// Line at which it begins, counted from one.
    pub line: usize,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Where it comes from; empty for our own.
    pub source: String,
    /// SHA-256 of what was fetched; empty for our own.
    pub checksum: String,
}

/// Every package of a lock file, in its order.
pub fn packages(lock: &str) -> Vec<Package> {
    let mut found: Vec<Package> = Vec::new();
    for (number, line) in lock.lines().enumerate() {
        if line == "[[package]]" {
            found.push(Package { line: number + 1, ..Package::default() });
        }
        let (Some(package), Some((key, value))) = (found.last_mut(), line.split_once(" = ")) else { continue };
        let value = value.trim_matches('"').to_owned();
        match key {
            "name" => package.name = value,
            "version" => package.version = value,
            "source" => package.source = value,
            "checksum" => package.checksum = value,
            _ => {}
        }
    }
    found
}

/// The list of what is not ours.
fn bill(packages: &[Package], version: &str) -> Value {
    let components: Vec<Value> = packages
        .iter()
        .filter(|package| !package.source.is_empty())
        .map(|package| {
            let Package { name, version, checksum, .. } = package;
            let purl = format!("pkg:cargo/{name}@{version}");
            json!({
                "type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl,
                "hashes": [{ "alg": "SHA-256", "content": checksum }],
            })
        })
        .collect();
    json!({
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "metadata": { "component": { "type": "application", "name": "iljari", "version": version } },
        "components": components,
    })
}

/// Writes the list into the build folder and says where.
pub fn run(root: &Path) -> Outcome {
    let path = root.join("Cargo.lock");
    let lock = fs::read_to_string(&path).map_err(|err| format!("{}: {err}", path.display()))?;
    let packages = packages(&lock);
    let app = packages.iter().find(|package| package.name == "iljari-app").map(|package| package.version.clone());
    let bill = bill(&packages, &app.unwrap_or_default());
    let to = target_folder(root).join("iljari.cdx.json");
    let text = serde_json::to_string_pretty(&bill).map_err(|err| err.to_string())?;
    fs::write(&to, text + "\n").map_err(|err| format!("{}: {err}", to.display()))?;
    println!("{}: {} libraries.", to.display(), bill["components"].as_array().map_or(0, Vec::len));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nsource = \"registry+x\"\n\
        checksum = \"00ff\"\ndependencies = [\n \"b\",\n]\n\n[[package]]\nname = \"iljari-app\"\nversion = \"0.1.0\"\n";

    #[test]
    fn the_bill_of_materials_names_every_library_once() {
        let bill = bill(&packages(LOCK), "0.1.0");
        let component = &bill["components"][0];
        assert_eq!(bill["components"].as_array().map(Vec::len), Some(1), "ours are no libraries");
        assert_eq!(
            (&component["purl"], &component["hashes"][0]["content"]),
            (&json!("pkg:cargo/a@1.0.0"), &json!("00ff"))
        );
        // The real lock: each package has a name, and none is listed twice.
        let real = packages(include_str!("../../Cargo.lock"));
        let mut purls: Vec<String> = real.iter().map(|it| format!("{} {}", it.name, it.version)).collect();
        let all = purls.len();
        purls.sort();
        purls.dedup();
        assert!(all > 300 && purls.len() == all, "{all} packages, {} names", purls.len());
        assert!(real.iter().all(|it| !it.name.is_empty() && !it.version.is_empty()));
    }
}
