//! The real binary, started as a visitor of the project would start it.
//!
//! Owns the process, its data folder and what it printed. It does not know what the pages look
//! like. A newcomer wonders why the passwords are read from the output: a demo makes new ones
//! each time and tells them once, to the person at the terminal, and that is us.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::{Step, Trouble, places};

/// How long a demo may take to prepare its data in an unoptimised build.
const PATIENCE: Duration = Duration::from_secs(180);

/// What a demo says when it has said everything.
const LAST_WORDS: &str = "Ctrl+C";

/// How often we look whether it is ready.
const GLANCE: Duration = Duration::from_millis(50);

/// Somebody whom a demo lets sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// The officer's name, as pages show it.
    pub name: String,
    /// What the officer types as login.
    pub login: String,
    /// The password of this run.
    pub password: String,
    /// The one-time code that was valid when it was printed; [`App::code`] gets a fresh one.
    pub code: String,
}

/// A demo that has been prepared and ended, today or on a day. To prepare one sets the documents of several
/// disclosures; it is done once a run, and every journey goes on from a copy.
fn prepared(day: Option<&str>) -> Step<PathBuf> {
    static PREPARED: Mutex<BTreeMap<String, Result<PathBuf, String>>> = Mutex::new(BTreeMap::new());
    let name = day.map_or_else(|| "prepared".to_owned(), |day| format!("prepared-{day}"));
    let prepare = || {
        let folder = places::kept(&name)?;
        if folder.exists() {
            std::fs::remove_dir_all(&folder).map_err(Trouble::when("removing the last run's demo"))?;
        }
        let told = Command::new(places::binary()?)
            .args(["demo", "--once", "--data"])
            .arg(folder.join("data"))
            .args(day.map(|day| ["--day", day]).into_iter().flatten())
            .stdin(Stdio::null())
            .output()
            .map_err(Trouble::when("starting iljari"))?;
        if told.status.success() {
            return Ok(folder);
        }
        Err(Trouble::new(format!("no demo was prepared:\n{}", String::from_utf8_lossy(&told.stderr))))
    };
    // Whoever comes second waits for the first.
    let mut known = PREPARED.lock().map_err(|_| Trouble::new("a demo could not be prepared before"))?;
    let folder = known.entry(name.clone()).or_insert_with(|| prepare().map_err(|trouble: Trouble| trouble.to_string()));
    folder.clone().map_err(Trouble::new)
}

/// Copies what lies in a folder, folders in it included.
fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// What a command of the binary said and how it ended.
pub struct Said {
    /// How it ended.
    pub status: ExitStatus,
    /// Both its outputs, the normal one first.
    pub words: String,
}

/// Starts a demo on a free port with the data in a folder; what it says is heard.
fn serve(folder: &Path, arguments: &[&str]) -> Step<(Child, Arc<Mutex<String>>)> {
    let mut process = Command::new(places::binary()?)
        .args(["demo", "--port", "0", "--data"])
        .arg(folder.join("data"))
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(Trouble::when("starting iljari"))?;
    let heard = Arc::new(Mutex::new(String::new()));
    if let Some(output) = process.stdout.take() {
        listen(output, &heard);
    }
    if let Some(output) = process.stderr.take() {
        listen(output, &heard);
    }
    Ok((process, heard))
}

/// A running demo. Dropping it ends it and removes its data.
pub struct App {
    process: Child,
    address: String,
    heard: Arc<Mutex<String>>,
    folder: TempDir,
}

impl App {
    /// Starts `iljari demo` on a free port with a data folder of its own and waits until it serves.
    pub fn start(arguments: &[&str]) -> Step<App> {
        App::copied(prepared(None)?, arguments)
    }

    /// The same, prepared and served as if that day were today.
    pub fn start_on(day: &str) -> Step<App> {
        App::copied(prepared(Some(day))?, &["--day", day])
    }

    fn copied(prepared: PathBuf, arguments: &[&str]) -> Step<App> {
        let folder = tempfile::tempdir().map_err(Trouble::when("making a data folder"))?;
        copy(&prepared, folder.path()).map_err(Trouble::when("copying the prepared demo"))?;
        let (process, heard) = serve(folder.path(), arguments)?;
        let mut app = App { process, address: String::new(), heard, folder };
        app.wait_until_it_serves()?;
        Ok(app)
    }

    /// Ends the demo and starts it again with the same data, as if that day were today. Its address changes.
    pub fn go_on(&mut self, day: &str) -> Step {
        let _ = self.process.kill();
        self.process.wait().map_err(Trouble::when("ending iljari"))?;
        (self.process, self.heard) = serve(self.folder.path(), &["--day", day])?;
        self.wait_until_it_serves()
    }

    fn wait_until_it_serves(&mut self) -> Step {
        let started = Instant::now();
        loop {
            let said = self.said();
            // The port is open before everybody to sign in as has been told.
            if let Some(address) = address_in(&said)
                && said.contains(LAST_WORDS)
                && TcpStream::connect(&address).is_ok()
            {
                self.address = address;
                return Ok(());
            }
            if let Ok(Some(status)) = self.process.try_wait() {
                return Err(Trouble::new(format!("iljari ended ({status}):\n{}", self.said())));
            }
            if started.elapsed() > PATIENCE {
                return Err(Trouble::new(format!("iljari does not serve yet:\n{}", self.said())));
            }
            std::thread::sleep(GLANCE);
        }
    }

    /// The full address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Everything the demo has printed so far.
    pub fn said(&self) -> String {
        self.heard.lock().map(|heard| heard.clone()).unwrap_or_default()
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A folder of this run for whatever a journey downloads or unpacks; it goes with the demo.
    pub fn scratch(&self) -> &Path {
        self.folder.path()
    }

    /// The sign-in of an officer, as the demo printed it.
    pub fn officer(&self, name: &str) -> Step<SignIn> {
        let said = self.said();
        said.lines()
            .filter_map(sign_in)
            .find(|officer| officer.name == name)
            .ok_or_else(|| Trouble::new(format!("the demo names no officer {name}:\n{said}")))
    }

    /// A one-time code of an officer that is valid now, by `iljari demo code NAME`.
    pub fn code(&self, name: &str) -> Step<String> {
        let data = self.data();
        let said = self.run(&["demo", "code", name, "--data", &data.to_string_lossy()])?;
        said.words
            .split_whitespace()
            .rev()
            .find(|word| is_code(word))
            .map(str::to_owned)
            .ok_or_else(|| Trouble::new(format!("no code for {name}:\n{}", said.words)))
    }

    /// Runs another command of the same binary to its end, for instance `verify DIR`.
    pub fn run(&self, arguments: &[&str]) -> Step<Said> {
        let out = Command::new(places::binary()?)
            .args(arguments)
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .output()
            .map_err(Trouble::when("running iljari"))?;
        let words = [out.stdout, out.stderr].concat();
        Ok(Said { status: out.status, words: String::from_utf8_lossy(&words).into_owned() })
    }
}

impl Drop for App {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Takes what a process says, line by line, until it ends.
fn listen(output: impl Read + Send + 'static, heard: &Arc<Mutex<String>>) {
    let heard = Arc::clone(heard);
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if let Ok(mut heard) = heard.lock() {
                heard.push_str(&line);
                heard.push('\n');
            }
        }
    });
}

/// The host and port in the first web address that was printed.
fn address_in(said: &str) -> Option<String> {
    // The last line may still be half printed.
    let whole = &said[..said.rfind('\n')?];
    let (_, rest) = whole.split_once("http://")?;
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || ".:".contains(c))).unwrap_or(rest.len());
    let address = &rest[..end];
    let port: u16 = address.rsplit_once(':')?.1.parse().ok()?;
    (port != 0).then(|| address.to_owned())
}

/// Reads a line such as `한시범  로그인 이름 hansibeom  비밀번호 abcd-efgh  인증 번호 123456`: the
/// name stands first, login and password after their words, the code is the six digits after that.
/// A line that names no login means that the name is the login.
fn sign_in(line: &str) -> Option<SignIn> {
    let (before, after) = line.split_once("비밀번호")?;
    let name = before.split_whitespace().next()?;
    let login = before.split_once("로그인 이름").and_then(|(_, rest)| words(rest).next()).unwrap_or(name);
    let mut rest = words(after);
    let password = rest.next()?;
    let code = rest.find(|word| is_code(word))?;
    Some(SignIn {
        name: name.to_owned(),
        login: login.to_owned(),
        password: password.to_owned(),
        code: code.to_owned(),
    })
}

/// The words of a line, without the colons and commas that may follow them.
fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split_whitespace().map(|word| word.trim_matches([':', ','])).filter(|word| !word.is_empty())
}

fn is_code(word: &str) -> bool {
    word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_read_once_its_line_is_complete() {
        assert_eq!(address_in("주소 http://127.0.0.1:80"), None);
        assert_eq!(address_in("주소: http://127.0.0.1:8080/ 입니다\n"), Some("127.0.0.1:8080".to_owned()));
        assert_eq!(address_in("http://127.0.0.1:0/\n"), None, "port 0 is the wish, not the answer");
    }

    #[test]
    fn a_sign_in_line_has_name_password_and_code() {
        let found = sign_in("  한시범  로그인 이름: han  비밀번호: abcd-1  인증 번호: 012345").unwrap();
        assert_eq!((found.name.as_str(), found.login.as_str()), ("한시범", "han"));
        assert_eq!((found.password.as_str(), found.code.as_str()), ("abcd-1", "012345"));
        let short = sign_in("홍예시 비밀번호 x 인증 번호 123456").unwrap();
        assert_eq!(short.login, "홍예시");
        assert_eq!(sign_in("비밀번호를 잊으면 다시 만드세요"), None);
    }
}
