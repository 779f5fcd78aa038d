//! The real binary under real faults: killed, without room, without syncs, with a wrong clock.
//!
//! Owns: an office with three officers whose server is a process of its own, what people do to it over a socket, and
//! what is asked of its data afterwards. The faults come from `shim.c`, which stands between the program and the system.
//! Each story prints its seed; `ILJARI_FAULTS_SEED` tells it again, `ILJARI_FAULTS_ROUNDS` tells it longer.

mod clocks;
mod disks;
mod ends;
mod kills;
mod power;
mod releases;
mod servers;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use iljari_app::data_folder::{self, Folders};
use iljari_base::{Actor, DistrictCode, SeededEntropy};
use iljari_ledger::adopt::{NewFile, adopt};
use iljari_ledger::{seal, store, totals};
use iljari_people::{Cx, SeedOfficer, admin};
use iljari_plans::store::{DistrictRow, put_district};
use iljari_store::Store;
use iljari_web::Duty;
use iljari_web::local::query_value;
use tempfile::TempDir;

use super::town::{copy_folder, district_folder, template};

const PASSWORD: &str = "나루터에서 만나요";
const OFFICERS: [(&str, &[Duty]); 4] = [
    ("한시범", &[Duty::Record]),
    ("김보기", &[Duty::Confirm]),
    ("홍예시", &[Duty::Record]),
    ("이견본", &[Duty::Confirm]),
];

/// Where the numbers of `struct told` in `shim.c` stand.
#[derive(Clone, Copy)]
enum Number {
    Syncs = 0,
    From = 1,
    Until = 2,
    Broken = 3,
    Full = 4,
    Refused = 5,
    Clock = 6,
    Traced = 7,
}

/// The seed of a story, said aloud.
fn seed(story: &str) -> SeededEntropy {
    let seed = std::env::var("ILJARI_FAULTS_SEED").unwrap_or_else(|_| "나루".to_owned());
    println!("{story}: ILJARI_FAULTS_SEED={seed}");
    SeededEntropy::new(&format!("{story} {seed}"))
}

/// How long a story is told.
fn rounds(usual: usize) -> usize {
    std::env::var("ILJARI_FAULTS_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(usual)
}

fn code() -> DistrictCode {
    "99001".parse().expect("a code")
}

/// Runs the asynchronous part of a story.
fn now<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(work)
}

/// The library of `shim.c`, made once. Where there is a Rust with SQLite there is a C compiler.
fn shim() -> &'static Path {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    MADE.get_or_init(|| {
        let library = template("faults-shim").join("shim.so");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/whole/faults/shim.c");
        let made = Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-o"])
            .args([&library, &source])
            .args(["-ldl", "-lpthread"])
            .output()
            .expect("a C compiler");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        library
    })
}

/// An office of the invented district, nothing counted yet; made once, copied for each story.
fn founded() -> &'static Path {
    static FOUNDED: OnceLock<PathBuf> = OnceLock::new();
    FOUNDED.get_or_init(|| {
        let folder = template("faults-office");
        now(found(&folder));
        folder
    })
}

async fn found(folder: &Path) {
    let (office, _) = data_folder::open_for_demo(&folders(folder)).await.expect("an office");
    let cx = Cx::inside(&office, Actor::Demo, code());
    let row = DistrictRow { code: code(), name: "나루구".to_owned(), is_sample: true };
    let file = |kind: &str, name: &str, reference: Option<&str>| NewFile {
        kind: kind.to_owned(),
        reference: reference.map(|name| name.parse().expect("a name")),
        file_name: name.to_owned(),
        body: std::fs::read(district_folder("naru").join(name)).expect("a file"),
    };
    let (district, plan) = (file("구", "district.yaml", None), file("종합계획", "term-2023.yaml", Some("종합-2023")));
    let adopted = office.store.write(move |tx| {
        Box::pin(async move {
            put_district(tx, &row, cx.now()).await?;
            adopt(tx, &cx, district).await?;
            adopt(tx, &cx, plan).await?;
            admin::put_departments(tx, &cx, &[("과".to_owned(), "일자리정책과".to_owned())]).await
        })
    });
    adopted.await.expect("adopted");
    for (name, duties) in OFFICERS {
        let wanted = SeedOfficer {
            district: code(),
            login: name.to_owned(),
            name: name.to_owned(),
            department: "과".to_owned(),
            duties: duties.to_vec(),
            password: PASSWORD.to_owned(),
            totp_secret: vec![7; iljari_people::totp::SECRET_BYTES],
        };
        iljari_people::seed(&office, wanted).await.expect("an officer");
    }
    office.store.close().await;
}

fn folders(folder: &Path) -> Folders {
    Folders { data: folder.join("data"), keys: None, database: None }
}

/// What came back over the socket.
#[derive(Debug)]
struct Answer {
    status: u16,
    text: String,
}

/// A copy of the office with the file that tells the shim what to break.
struct World {
    folder: TempDir,
    told: File,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        copy_folder(founded(), folder.path());
        let told = folder.path().join("told");
        std::fs::write(&told, vec![0; 4096]).expect("written");
        let told = File::options().read(true).write(true).open(told).expect("opened");
        Self { folder, told }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn number(&self, which: Number) -> u64 {
        let mut bytes = [0; 8];
        self.told.read_exact_at(&mut bytes, which as u64 * 8).expect("read");
        u64::from_le_bytes(bytes)
    }

    fn tell(&self, which: Number, value: u64) {
        self.told.write_all_at(&value.to_le_bytes(), which as u64 * 8).expect("written");
    }

    fn set_clock(&self, seconds: i64) {
        self.tell(Number::Clock, u64::from_le_bytes(seconds.to_le_bytes()));
    }

    /// The program over this office, with the shim before it.
    fn program(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_iljari"));
        command
            .args(arguments)
            .arg("--data")
            .arg(self.path("data"))
            .env_remove("ILJARI_DATABASE")
            .env("LD_PRELOAD", shim())
            .env("FAULTS_TOLD", self.path("told"))
            .env("FAULTS_FOLDER", self.folder.path())
            .stdin(Stdio::null());
        command
    }

    /// A command that runs to its end: how it ended, and its words.
    fn run(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let said = self.program(arguments).output().expect("the program starts");
        let words = [said.stdout, said.stderr].concat();
        (said.status.code(), String::from_utf8_lossy(&words).into_owned())
    }

    /// Opens both listeners.
    fn serve(&self) -> Served {
        self.serve_with(|_| ())
    }

    fn serve_with(&self, more: impl Fn(&mut Command)) -> Served {
        // Another program may take a free port before ours does.
        for _ in 0..5 {
            let (public, office) = (free_port(), free_port());
            let mut command =
                self.program(&["serve", "--public", &public.to_string(), "--office", &office.to_string()]);
            more(&mut command);
            let mut process = command.stdout(Stdio::piped()).spawn().expect("the program starts");
            let mut line = String::new();
            let heard = BufReader::new(process.stdout.take().expect("its words")).read_line(&mut line);
            if heard.is_ok() && line.contains("http://") {
                return Served { process, public, office };
            }
            let ended = process.wait().expect("it ended");
            println!("no server ({ended}): {line}");
        }
        panic!("the program does not serve");
    }

    /// A one-time code of an officer that opens the door now, by the program's own clock.
    fn code_of(&self, name: &str) -> String {
        let (ended, words) = self.run(&["demo", "code", name]);
        assert_eq!(ended, Some(0), "{words}");
        words.trim().to_owned()
    }

    async fn data(&self) -> Store {
        Store::open(&format!("sqlite:{}", self.path("data/iljari.db").display())).await.expect("the data opens")
    }

    /// What lies in the data: how often each remark of a written number is there.
    fn remarks(&self) -> BTreeMap<String, usize> {
        now(async {
            let store = self.data().await;
            let staged = store.read(|tx| Box::pin(async move { store::staged_waiting(tx, &code()).await })).await;
            let mut remarks = BTreeMap::new();
            for staged in staged.expect("read") {
                *remarks.entry(staged.remark).or_insert(0) += 1;
            }
            store.close().await;
            remarks
        })
    }

    /// The file is sound, the totals are the fold of the entries, the entries have the root that was signed.
    fn is_sound(&self) {
        now(async {
            let store = self.data().await;
            let health = store.health().await.expect("asked");
            assert_eq!((health.damage, health.broken_references), (vec![], 0));
            let (wrong, standing) = store
                .read(|tx| {
                    Box::pin(async move { Ok((totals::audit(tx, &code()).await?, seal::standing(tx, &code()).await?)) })
                })
                .await
                .expect("the books");
            assert_eq!(wrong, []);
            drop(standing);
            store.close().await;
        });
    }
}

fn free_port() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port")
}

/// A server that runs; dropping it kills it.
struct Served {
    process: Child,
    public: SocketAddr,
    office: SocketAddr,
}

impl Served {
    /// Signs an officer in: the session's cookie.
    fn sign_in(&self, world: &World, name: &str) -> String {
        self.sign_in_with(world, name, PASSWORD)
    }

    fn sign_in_with(&self, world: &World, name: &str, password: &str) -> String {
        let form = format!(
            "login={}&password={}&code={}&next=",
            query_value(name),
            query_value(password),
            world.code_of(name)
        );
        let answer = ask(self.office, "POST", "/office/sign-in", "", &form).expect("an answer");
        assert_eq!(answer.status, 303, "{}", answer.text);
        let cookies = answer.text.lines().filter_map(|line| line.strip_prefix("set-cookie: "));
        let mut pairs = cookies.filter_map(|cookie| cookie.split(';').next());
        pairs.find(|pair| pair.starts_with("iljari_session=")).expect("a session").to_owned()
    }

    /// SIGKILL.
    fn kill(mut self) {
        self.process.kill().expect("killed");
        self.process.wait().expect("ended");
    }

    /// SIGTERM.
    fn told_to_end(&self) {
        let done = Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status();
        assert!(done.expect("kill").success());
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _gone = self.process.kill();
        let _ended = self.process.wait();
    }
}

/// One request, one whole answer; an error when the answer did not come whole.
fn ask(to: SocketAddr, method: &str, path: &str, cookie: &str, body: &str) -> std::io::Result<Answer> {
    let mut stream = TcpStream::connect(to)?;
    stream.set_read_timeout(Some(Duration::from_secs(40)))?;
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {to}\r\nConnection: close\r\nCookie: {cookie}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let broken = || std::io::Error::other("the answer is not whole");
    let (head, rest) = text.split_once("\r\n\r\n").ok_or_else(broken)?;
    let status = head.split_whitespace().nth(1).and_then(|status| status.parse().ok()).ok_or_else(broken)?;
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
    if length.is_some_and(|length| rest.len() < length) {
        return Err(broken());
    }
    Ok(Answer { status, text })
}

/// The number `nth` of all that fit into the plan without touching one another, as a form with a remark of its own.
fn form(nth: usize) -> (String, String) {
    const NODES: [&str; 3] = ["1-1-1", "1-1-2", "1-1-2-1"];
    const UNITS: [&str; 4] = ["일자리 수", "실인원", "연인원", "건"];
    let (node, rest) = (NODES[nth % NODES.len()], nth / NODES.len());
    let (unit, rest) = (UNITS[rest % UNITS.len()], rest / UNITS.len());
    let (month, year) = (rest % 12 + 1, 2023 + rest / 12);
    assert!(year < 2025, "there are no more numbers to write than {SLOTS}");
    let remark = format!("예시 기록 {nth}");
    let body = format!(
        "node={node}&year={year}&month_first={month}&month_last={month}&figure=own&amount=7&unit={}&evidence={}&remark={}",
        query_value(unit),
        query_value("부서집계"),
        query_value(&remark)
    );
    (remark, body)
}

/// How many forms there are.
const SLOTS: usize = 3 * 4 * 24;

/// Writes a number down and has it confirmed, so that it waits for a seal.
fn enter(served: &Served, writer: &str, checker: &str, nth: usize) {
    let written = ask(served.office, "POST", "/office/entries/new", writer, &form(nth).1).expect("an answer");
    let place = written.text.lines().find_map(|line| line.strip_prefix("location: "));
    let place = place.unwrap_or_else(|| panic!("not written: {}", written.text));
    let confirmed = ask(served.office, "POST", &format!("{place}/confirm"), checker, "").expect("an answer");
    assert_eq!(confirmed.status, 303, "{}", confirmed.text);
}

/// What became of the numbers that people wrote.
#[derive(Default)]
struct Fates {
    /// Answered with the page of the written number.
    kept: BTreeSet<String>,
    /// Answered with an error.
    refused: BTreeSet<String>,
    /// Not answered.
    unknown: BTreeSet<String>,
}

impl Fates {
    /// Writes one number.
    fn write(&mut self, served: &Served, cookie: &str, nth: usize) -> Option<u16> {
        self.send(served, cookie, form(nth))
    }

    /// Sends one form with its remark.
    fn send(&mut self, served: &Served, cookie: &str, (remark, body): (String, String)) -> Option<u16> {
        match ask(served.office, "POST", "/office/entries/new", cookie, &body) {
            Ok(answer) => {
                let fate = if answer.status == 303 { &mut self.kept } else { &mut self.refused };
                fate.insert(remark);
                Some(answer.status)
            }
            Err(_) => {
                self.unknown.insert(remark);
                None
            }
        }
    }

    fn extend(&mut self, other: Fates) {
        self.kept.extend(other.kept);
        self.refused.extend(other.refused);
        self.unknown.extend(other.unknown);
    }

    /// Everything acknowledged is there once, what was refused is not, and nothing is there that nobody wrote.
    fn hold(&self, world: &World) {
        let there = world.remarks();
        for remark in &self.kept {
            assert_eq!(there.get(remark), Some(&1), "acknowledged and lost: {remark}");
        }
        for (remark, times) in &there {
            let known = self.kept.contains(remark) || self.unknown.contains(remark);
            assert!(
                known && *times == 1,
                "{remark} is there {times} times, refused: {}",
                self.refused.contains(remark)
            );
        }
        world.is_sound();
    }
}

#[test]
fn the_page_of_faults_names_stories_that_are_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = std::fs::read_to_string(root.join("docs/faults.md")).expect("the page");
    let mut named = 0;
    for line in page.lines().filter(|line| line.starts_with("| R-")) {
        let mut words = line.split('`').skip(1).step_by(2);
        let path = words.find(|word| word.ends_with(".rs")).unwrap_or_else(|| panic!("no file is named: {line}"));
        let source = std::fs::read_to_string(root.join(path)).unwrap_or_else(|_| panic!("{path} is not there"));
        for story in words {
            assert!(source.contains(&format!("fn {story}()")), "{path} tells no {story}");
            named += 1;
        }
    }
    assert!(named > 15, "{named} stories");
}
