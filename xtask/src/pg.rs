//! A throw-away PostgreSQL for tests: made in a temporary folder, gone when nobody needs it.
//!
//! Owns the life of that server. It does not create databases or tables; whoever gets the
//! address does. What a newcomer gets wrong: the server must disappear even when we are killed.
//! So a small keeper process waits on a pipe from us and cleans up when the pipe closes, which
//! the system does for us however we end.

use std::io::Read as _;
use std::net::TcpListener;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::{Outcome, machine};

/// The user that PostgreSQL runs as when we are root, because its server refuses root.
const SERVER_USER: &str = "postgres";

/// How many random bytes make the password of the server's one user.
const PASSWORD_BYTES: usize = 16;

/// How often another port is tried when somebody took ours between choosing and using it.
const PORTS_TRIED: u32 = 5;

/// `cargo xtask pg`: one server, its address printed, until the input ends.
pub fn run() -> Outcome {
    let server = Postgres::start()?;
    println!("{}", server.url());
    eprintln!("PostgreSQL runs. Set ILJARI_TEST_POSTGRES to the address above to test on it; end it with Ctrl-C.");
    let mut ignored = Vec::new();
    std::io::stdin().read_to_end(&mut ignored).map_err(|err| format!("cannot wait on the input: {err}"))?;
    Ok(())
}

/// A running server. Dropping it stops the server and removes its files.
pub struct Postgres {
    port: u16,
    password: String,
    keeper: Child,
}

impl Postgres {
    /// Makes a database cluster in a new folder and starts it on a free port of this machine.
    pub fn start() -> Outcome<Postgres> {
        let initdb = program("initdb")?;
        let pg_ctl = program("pg_ctl")?;
        let folder = new_folder()?;
        // From here on the folder must go, so the keeper starts before anything is put in it.
        let keeper = keep(&pg_ctl, &folder)?;
        let mut server = Postgres { port: 0, password: password()?, keeper };
        // Only the server's user can enter the folder, so the file needs no secrecy of its own.
        let secret = folder.join("password");
        std::fs::write(&secret, &server.password).map_err(|err| format!("{}: {err}", secret.display()))?;
        checked(
            as_server_user(&initdb)
                .args(["--auth=scram-sha-256", "--username=iljari"])
                .args(["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"])
                .arg("--pwfile")
                .arg(&secret)
                .arg("--pgdata")
                .arg(folder.join("data")),
        )?;
        let mut refused = String::new();
        for _ in 0..PORTS_TRIED {
            server.port = free_port()?;
            match checked(&mut start_command(&pg_ctl, &folder, server.port)) {
                Ok(()) => return Ok(server),
                Err(message) => refused = message,
            }
        }
        Err(refused)
    }

    /// The address of an administrator of this server.
    pub fn url(&self) -> String {
        let Postgres { port, password, .. } = self;
        format!("postgres://iljari:{password}@127.0.0.1:{port}/postgres")
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // Closing the pipe is the signal; waiting makes sure that the next run finds a clean house.
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

/// The process that outlives us by a moment, to stop the server and remove its folder. It has its
/// own process group, so that a Ctrl-C meant for us does not end it first.
fn keep(pg_ctl: &Path, folder: &Path) -> Outcome<Child> {
    const SCRIPT: &str = "cat >/dev/null; \"$1\" --silent --mode=immediate --pgdata=\"$2/data\" stop; rm -rf -- \"$2\"";
    as_server_user(Path::new("/bin/sh"))
        .args(["-c", SCRIPT, "keeper"])
        .arg(pg_ctl)
        .arg(folder)
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|err| format!("cannot start the keeper of PostgreSQL: {err}"))
}

/// Starts the server and returns when it answers. Nothing is synced to disk: these data are not
/// worth surviving a power cut, and tests are several times faster.
fn start_command(pg_ctl: &Path, folder: &Path, port: u16) -> Command {
    let settings = format!(
        "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off \
         -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"
    );
    let mut command = as_server_user(pg_ctl);
    command
        .args(["--silent", "--wait", "--options", &settings])
        .arg("--pgdata")
        .arg(folder.join("data"))
        .arg("--log")
        .arg(folder.join("server.log"))
        .arg("start");
    command
}

fn program(name: &str) -> Outcome<PathBuf> {
    machine::postgres_program(name)
        .ok_or_else(|| format!("PostgreSQL's `{name}` is not on this machine (Debian: apt-get install postgresql)"))
}

/// A folder that the server's user owns. `/tmp` and not `TMPDIR`: that one may be closed to them.
fn new_folder() -> Outcome<PathBuf> {
    let out = as_server_user(Path::new("mktemp"))
        .args(["--directory", "/tmp/iljari-pg.XXXXXX"])
        .output()
        .map_err(|err| format!("cannot make a folder for PostgreSQL: {err}"))?;
    if !out.status.success() {
        return Err(format!("cannot make a folder for PostgreSQL: {}", String::from_utf8_lossy(&out.stderr)));
    }
    Ok(PathBuf::from(String::from_utf8_lossy(&out.stdout).trim()))
}

fn as_server_user(program: &Path) -> Command {
    let mut command = if machine::is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", SERVER_USER, "--"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.current_dir("/").stdin(Stdio::null());
    command
}

fn checked(command: &mut Command) -> Outcome {
    // The server inherits these streams and keeps them open, so they must not be pipes that we
    // would wait on: a file of ours takes what is said.
    let said = std::env::temp_dir().join(format!("iljari-pg-{}.said", std::process::id()));
    let file = std::fs::File::create(&said).map_err(|err| format!("{}: {err}", said.display()))?;
    let twin = file.try_clone().map_err(|err| format!("{}: {err}", said.display()))?;
    let status = command.stdout(file).stderr(twin).status();
    let words = std::fs::read_to_string(&said).unwrap_or_default();
    let _ = std::fs::remove_file(&said);
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("PostgreSQL did not start ({status}):\n{words}")),
        Err(err) => Err(format!("PostgreSQL did not start: {err}")),
    }
}

/// A password that nobody else on this machine can guess.
fn password() -> Outcome<String> {
    let mut bytes = [0_u8; PASSWORD_BYTES];
    std::fs::File::open("/dev/urandom")
        .and_then(|mut source| source.read_exact(&mut bytes))
        .map_err(|err| format!("no randomness for a password: {err}"))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn free_port() -> Outcome<u16> {
    TcpListener::bind(("127.0.0.1", 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|err| format!("no free port on this machine: {err}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpStream;

    #[test]
    fn a_dropped_server_is_gone() {
        let server = Postgres::start().unwrap();
        let port = server.port;
        assert!(TcpStream::connect(("127.0.0.1", port)).is_ok());
        drop(server);
        assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
    }
}
