//! What stands in `deploy/` against the program: flags that exist, settings that are read, a lock on every door.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;
use std::time::Duration;

use super::commands::{Demo, iljari};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn deploy(name: &str) -> String {
    std::fs::read_to_string(root().join("deploy").join(name)).expect(name)
}

/// The values of a key of the unit, in order.
fn values<'u>(unit: &'u str, key: &str) -> Vec<&'u str> {
    let lines = unit.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('=')).filter(|(known, _)| *known == key).map(|(_, value)| value).collect()
}

#[test]
fn the_unit_starts_the_program_with_flags_that_it_has_and_takes_every_right_away() {
    let unit = deploy("iljari.service");
    let settings = root().join("deploy/iljari.toml").display().to_string();
    let [check, start] = ["ExecStartPre", "ExecStart"].map(|key| {
        let [command] = values(&unit, key)[..] else { panic!("one {key}") };
        let words: Vec<&str> = command.split_whitespace().collect();
        assert_eq!(words[0], "/usr/bin/iljari");
        words[1..].iter().map(|word| word.replace("/etc/iljari/iljari.toml", &settings)).collect::<Vec<_>>()
    });
    // What is checked before is what is started.
    assert_eq!(check[..check.len() - 1], start[..]);
    assert_eq!(check.last().map(String::as_str), Some("--check-config"));
    let said = iljari(&check);
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{}", said.out);
    assert!(said.out.contains("/var/lib/iljari-keys") && said.out.contains("127.0.0.1:8081"), "{}", said.out);
    // The folders that the settings name are those that the unit gives away, one apart from the other.
    assert_eq!(values(&unit, "StateDirectory"), ["iljari iljari-keys"]);
    // The program says itself that it is ready and alive.
    assert_eq!((values(&unit, "Type"), values(&unit, "WatchdogSec")), (vec!["notify"], vec!["60"]));
    for key in [
        "DynamicUser",
        "NoNewPrivileges",
        "ProtectHome",
        "PrivateTmp",
        "PrivateDevices",
        "PrivateUsers",
        "ProtectClock",
        "ProtectKernelModules",
        "ProtectKernelTunables",
        "ProtectControlGroups",
        "RestrictNamespaces",
        "RestrictSUIDSGID",
        "LockPersonality",
        "MemoryDenyWriteExecute",
    ] {
        assert_eq!(values(&unit, key), ["yes"], "{key}");
    }
    for (key, value) in [("ProtectSystem", "strict"), ("CapabilityBoundingSet", ""), ("UMask", "0077")] {
        assert_eq!(values(&unit, key), [value], "{key}");
    }
}

#[test]
fn the_container_file_builds_what_is_here_and_starts_it_with_flags_that_it_has() {
    let text = deploy("Containerfile");
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    let of = |word: &str| -> Vec<&str> { lines.iter().filter_map(|line| line.strip_prefix(word)).collect() };
    // The compiler is the one that the workspace asks for.
    let workspace = std::fs::read_to_string(root().join("Cargo.toml")).expect("the workspace");
    let wanted = workspace.lines().find_map(|line| line.strip_prefix("rust-version = \"")).expect("a version");
    let version = wanted.trim_end_matches('"');
    assert!(of("FROM ")[0].starts_with(&format!("docker.io/library/rust:{version}-")), "{:?}", of("FROM "));
    // What is copied is there, and nothing of a build or of anybody's data is sent along.
    for line in of("COPY ").into_iter().filter(|line| !line.starts_with("--from") && *line != ". .") {
        let mut files: Vec<&str> = line.split_whitespace().collect();
        files.pop();
        for file in files {
            assert!(root().join(file).exists(), "{file}");
        }
    }
    let ignored = std::fs::read_to_string(root().join(".dockerignore")).expect("what is not sent along");
    for left_out in ["target", ".git", "data", "keys"] {
        assert!(ignored.lines().any(|line| line == left_out), "{left_out} would be sent along");
    }
    assert_eq!(of("USER "), ["iljari"], "not as root");
    let list = |word: &str| -> Vec<String> {
        let [json] = of(word)[..] else { panic!("one {word}") };
        serde_json::from_str(json).expect(word)
    };
    assert_eq!(list("ENTRYPOINT "), ["/usr/bin/iljari"]);
    let (mut command, volumes) = (list("CMD "), list("VOLUME "));
    let after = |flag: &str| {
        let place = command.iter().position(|word| word == flag).expect(flag);
        command[place + 1].clone()
    };
    assert_eq!(volumes, [after("--data"), after("--keys")]);
    let ports: Vec<String> =
        ["--public", "--office"].map(|flag| after(flag).rsplit(':').next().expect("a port").to_owned()).to_vec();
    assert_eq!(of("EXPOSE "), [ports.join(" ")]);
    command.push("--check-config".to_owned());
    let said = iljari(&command);
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{}", said.out);
}

#[test]
fn settings_with_a_name_that_is_none_do_not_start_the_program() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("iljari.toml");
    let sound = deploy("iljari.toml");
    for (text, line) in [
        (format!("{sound}\ndatta = \"/x\"\n"), sound.lines().count() + 2),
        (
            sound.replace("office =", "offise ="),
            1 + sound.lines().position(|it| it.starts_with("office")).expect("one"),
        ),
        (format!("{sound}[log]\nform = \"json\"\n"), sound.lines().count() + 1),
    ] {
        std::fs::write(&file, &text).expect("written");
        for more in [&["--check-config"][..], &[]] {
            let path = file.display().to_string();
            let said = iljari(&[&["serve", "--config", path.as_str()][..], more].concat());
            assert_ne!(said.code, 0, "{text}");
            assert!(said.err.contains(&format!("{line}번째 줄")), "{line}: {}", said.err);
        }
    }
}

/// One request, one whole answer.
fn get(to: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(to).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(40))).expect("a limit");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {to}\r\nConnection: close\r\n\r\n").expect("asked");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

fn free_port() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port")
}

/// A server over a demo's folder, and its log.
struct Running {
    process: Child,
    public: SocketAddr,
    office: SocketAddr,
    log: Option<JoinHandle<String>>,
    _demo: Demo,
}

impl Running {
    fn start() -> Self {
        let demo = Demo::prepared();
        let (public, office) = (free_port(), free_port());
        let mut process = Command::new(env!("CARGO_BIN_EXE_iljari"))
            .args(["serve", "--data", &demo.data(), "--log", "json"])
            .args(["--public", &public.to_string(), "--office", &office.to_string()])
            .env_remove("ILJARI_DATABASE")
            .env("ILJARI_LOG", "debug")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        // It is read all the time: a full pipe would stop the program.
        let mut words = process.stderr.take().expect("its log");
        let log = std::thread::spawn(move || {
            let mut text = String::new();
            words.read_to_string(&mut text).expect("text");
            text
        });
        let mut line = String::new();
        BufReader::new(process.stdout.take().expect("its words")).read_line(&mut line).expect("it says where");
        assert!(line.contains(&public.to_string()), "{line}");
        Self { process, public, office, log: Some(log), _demo: demo }
    }

    /// SIGTERM; how it ended, and what it logged.
    fn end(mut self) -> (Option<i32>, String) {
        assert!(Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status().expect("kill").success());
        let code = self.process.wait().expect("it ends").code();
        (code, self.log.take().expect("a log").join().expect("the log"))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _gone = self.process.kill();
        let _ended = self.process.wait();
    }
}

#[test]
fn a_server_tells_machines_how_it_is_and_logs_one_object_a_line() {
    let running = Running::start();
    let (public, office) = (running.public, running.office);
    for (path, here, there) in
        [("/livez", "200", "200"), ("/readyz", "200", "200"), ("/version", "200", "200"), ("/metrics", "404", "200")]
    {
        for (to, status) in [(public, here), (office, there)] {
            let answer = get(to, path);
            assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{path} at {to}: {answer}");
        }
    }
    assert!(get(office, "/version").contains(env!("CARGO_PKG_VERSION")), "{}", get(office, "/version"));
    assert!(get(office, "/metrics").contains("/livez"), "{}", get(office, "/metrics"));
    let (code, log) = running.end();
    assert_eq!(code, Some(0));
    let objects: Vec<serde_json::Value> =
        log.lines().map(|line| serde_json::from_str(line).expect("one object a line")).collect();
    assert!(objects.len() > 3, "{log}");
    for object in &objects {
        assert!(object["timestamp"].is_string() && object["level"].is_string(), "{object}");
    }
    assert!(objects.iter().any(|object| object.to_string().contains("/readyz")), "{log}");
}

/// b.6.9: whatever a proxy in front might read otherwise than we do.
#[test]
fn smuggled_and_huge_requests_reach_no_page() {
    let running = Running::start();
    let many = "X-A: b\r\n".repeat(5_000);
    let long = format!("X-Long: {}\r\n", "a".repeat(1_000_000));
    let second = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n";
    for (what, head, body) in [
        ("two lengths", "Content-Length: 5\r\nContent-Length: 0\r\n", second),
        ("a length that is none", "Content-Length: +5\r\n", "abcde"),
        ("a length below zero", "Content-Length: -1\r\n", ""),
        ("chunks that are not last", "Transfer-Encoding: chunked, gzip\r\n", second),
        ("an unknown encoding", "Transfer-Encoding: xchunked\r\n", second),
        ("a bare line end in a header", "X-A: b\rX-B: c\r\n", ""),
        ("a header with a blank before its colon", "Transfer-Encoding : chunked\r\n", second),
        ("a chunk whose size is none", "Transfer-Encoding: chunked\r\n", "zz\r\nabc\r\n0\r\n\r\n"),
        ("five thousand headers", &many, ""),
        ("a header of a megabyte", &long, ""),
    ] {
        let request = format!("POST /display HTTP/1.1\r\nHost: x\r\n{head}\r\n{body}");
        let answer = raw(running.public, request.as_bytes());
        let statuses: Vec<&str> = answer.lines().filter_map(|line| line.strip_prefix("HTTP/1.1 ")).collect();
        assert!(statuses.len() <= 1, "{what} is read as more than one request: {answer}");
        for status in statuses {
            assert!(["400", "413", "415", "422", "431"].iter().any(|it| status.starts_with(it)), "{what}: {status}");
        }
    }
    // A length beside chunks: the chunks count (RFC 9112, 6.3), the length is nobody's second request.
    let both = format!(
        "POST /display HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{second}"
    );
    let answer = raw(running.public, both.as_bytes());
    let statuses: Vec<&str> = answer.lines().filter_map(|line| line.strip_prefix("HTTP/1.1 ")).collect();
    println!("a length beside chunks: {statuses:?}");
    assert!(!statuses.is_empty() && !statuses[0].starts_with("200"), "{answer}");
    // Nothing of it hurt.
    assert!(get(running.public, "/livez").starts_with("HTTP/1.1 200 "));
}

/// Bytes as they are; whatever comes back until the server closes or falls silent.
fn raw(to: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(to).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(3))).expect("a limit");
    // A server that has read enough closes while we still write.
    let _rest = stream.write_all(bytes);
    let (mut answer, mut piece) = (Vec::new(), [0; 4096]);
    while let Ok(count) = stream.read(&mut piece) {
        if count == 0 {
            break;
        }
        answer.extend_from_slice(&piece[..count]);
    }
    String::from_utf8_lossy(&answer).into_owned()
}
