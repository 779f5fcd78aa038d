//! The judge of HTML: the Nu HTML checker, over saved pages.
//!
//! Owns running it and reading its answer. Fetching it is `cargo xtask tools`. A newcomer calls it
//! page by page: it is a Java program that takes a second to wake up, so save pages and ask once.

use std::fmt;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::{Step, Trouble, places};

/// An error in the HTML of a saved page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HtmlError {
    /// The page's file name.
    pub page: String,
    /// The line in it.
    pub line: u64,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for HtmlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.page, self.line, self.message)
    }
}

/// The errors in these pages. Pages that do not exist are trouble, not silence.
pub fn vnu<P: AsRef<Path>>(pages: &[P]) -> Step<Vec<HtmlError>> {
    if let Some(gone) = pages.iter().find(|page| !page.as_ref().is_file()) {
        return Err(Trouble::new(format!("there is no page {}", gone.as_ref().display())));
    }
    if pages.is_empty() {
        return Err(Trouble::new("no pages were given to check"));
    }
    let out = Command::new("java")
        .args(["-Xss8m", "-jar"])
        .arg(places::vnu_jar()?)
        .args(["--format", "json", "--exit-zero-always"])
        .args(pages.iter().map(AsRef::as_ref))
        .stdin(Stdio::null())
        .output()
        .map_err(Trouble::when("running java (Debian: apt-get install default-jre-headless)"))?;
    let said: Value = serde_json::from_slice(&out.stderr).map_err(|err| {
        Trouble::new(format!("the HTML checker did not answer: {err}\n{}", String::from_utf8_lossy(&out.stderr)))
    })?;
    let messages = said["messages"].as_array().ok_or_else(|| Trouble::new("the HTML checker said nothing"))?;
    Ok(messages.iter().filter(|message| message["type"] != "info").map(error).collect())
}

fn error(message: &Value) -> HtmlError {
    let url = message["url"].as_str().unwrap_or_default();
    HtmlError {
        page: url.rsplit('/').next().unwrap_or_default().to_owned(),
        line: message["lastLine"].as_u64().unwrap_or_default(),
        message: message["message"].as_str().unwrap_or_default().to_owned(),
    }
}
