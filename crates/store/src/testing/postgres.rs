//! A PostgreSQL server that lives as long as the process that wants it.
//!
//! A small shell script makes the server in a temporary folder, says its address, waits for its
//! own input to end and then stops the server and deletes the folder. The input is a pipe that
//! this process holds: however the process ends, killed included, the pipe ends with it, so no
//! server is left behind. `initdb` refuses to run as root; then the script runs as the system's
//! user `postgres`, or `nobody`.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use iljari_base::{Entropy as _, OsEntropy};

/// Arguments: folder of the PostgreSQL programs, working folder, port.
const SCRIPT: &str = r#"
programs=$1 folder=$2 port=$3
cd "$folder" || exit 1
trap : INT TERM HUP PIPE
if {
    "$programs/initdb" -D data -U iljari -A scram-sha-256 --pwfile=password \
        --encoding=UTF8 --locale=C.UTF-8 --no-sync \
    && "$programs/pg_ctl" -D data -l server.log -w -t 60 start -o "-c listen_addresses=127.0.0.1 -c port=$port \
        -c unix_socket_directories= -c max_connections=200 -c shared_buffers=32MB \
        -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
} >start.log 2>&1 </dev/null; then
    echo ready
    read -r _
else
    cat start.log server.log 2>/dev/null
fi
"$programs/pg_ctl" -D data -m immediate stop >/dev/null 2>&1
cd / && rm -rf "$folder"
"#;

/// What the script says when the server answers.
const READY: &str = "ready\n";

/// A running server. It ends when this is dropped or the process ends, whichever comes first.
#[derive(Debug)]
pub struct ThrowAwayPostgres {
    url: String,
    keeper: Child,
}

impl ThrowAwayPostgres {
    /// The address of its database `postgres`, as a superuser: fit for `ILJARI_TEST_POSTGRES`.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for ThrowAwayPostgres {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        // Nothing to do about a keeper that cannot be waited for; it ends by itself.
        let _ended = self.keeper.wait();
    }
}

/// Starts a server on a free port of this machine, in about two seconds.
///
/// Other programs reuse it like this: hold the returned value, hand `url()` to a child process in
/// the variable `ILJARI_TEST_POSTGRES`, and drop the value when the child has ended.
///
/// # Panics
/// When no server can be started; the message says why and what to install.
pub fn start_postgres() -> ThrowAwayPostgres {
    let Some(programs) = programs() else {
        panic!(
            "PostgreSQL is not installed: no initdb in PATH nor in /usr/lib/postgresql/*/bin. \
             Install it (Debian: apt-get install postgresql) or set {} to the address of a server whose user may create databases",
            super::POSTGRES_VARIABLE
        );
    };
    let mut last = String::new();
    // Another program may take the free port before the server does.
    for _ in 0..3 {
        match start(&programs) {
            Ok(server) => return server,
            Err(why) => last = why,
        }
    }
    panic!("a throw-away PostgreSQL server did not start: {last}")
}

fn start(programs: &Path) -> Result<ThrowAwayPostgres, String> {
    let told = |what: &str, err: std::io::Error| format!("{what}: {err}");
    let folder = tempfile::Builder::new()
        .prefix("iljari-postgres-")
        .permissions(fs::Permissions::from_mode(0o700))
        .tempdir()
        .map_err(|err| told("a folder", err))?;
    let mut secret = [0; 16];
    OsEntropy.fill(&mut secret);
    let password = hex::encode(secret);
    let password_file = folder.path().join("password");
    fs::write(&password_file, &password).map_err(|err| told("the password file", err))?;
    let port = TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .map_err(|err| told("a free port", err))?
        .port();

    let mut command = Command::new("/bin/sh");
    command.arg("-c").arg(SCRIPT).arg("sh").arg(programs).arg(folder.path()).arg(port.to_string());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    // The owner of what we just made is who we are.
    let we_are_root = fs::metadata(folder.path()).map_err(|err| told("the folder", err))?.uid() == 0;
    if we_are_root {
        let (user, group) =
            unprivileged().ok_or("running as root, and there is no user postgres or nobody to run it as")?;
        for path in [folder.path(), &password_file] {
            chown(path, Some(user), Some(group)).map_err(|err| told("giving the folder away", err))?;
        }
        command.uid(user).gid(group);
    }
    let mut keeper = command.spawn().map_err(|err| told("sh", err))?;
    // From here on the script deletes the folder, whatever happens.
    let _path = folder.keep();
    let mut line = String::new();
    let mut rest = String::new();
    if let Some(said) = keeper.stdout.take() {
        let mut said = BufReader::new(said);
        said.read_line(&mut line).map_err(|err| told("listening to the script", err))?;
        if line != READY {
            said.read_to_string(&mut rest).map_err(|err| told("listening to the script", err))?;
        }
    }
    let url = format!("postgres://iljari:{password}@127.0.0.1:{port}/postgres");
    let server = ThrowAwayPostgres { url, keeper };
    if line == READY { Ok(server) } else { Err(line + &rest) }
}

/// The folder that holds `initdb`, `pg_ctl` and `postgres`: of PATH, else the newest of Debian's.
fn programs() -> Option<PathBuf> {
    let complete = |folder: &PathBuf| ["initdb", "pg_ctl", "postgres"].iter().all(|name| folder.join(name).is_file());
    let path = std::env::var_os("PATH").unwrap_or_default();
    if let Some(folder) = std::env::split_paths(&path).find(complete) {
        return Some(folder);
    }
    let mut versions: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|item| item.ok().map(|item| item.path().join("bin")))
        .filter(complete)
        .collect();
    versions.sort_by_key(|folder| {
        let version = folder.parent().and_then(Path::file_name).and_then(|name| name.to_str());
        version.and_then(|name| name.parse::<u32>().ok()).unwrap_or(0)
    });
    versions.pop()
}

/// User and group number of `postgres`, else of `nobody`.
fn unprivileged() -> Option<(u32, u32)> {
    let users = fs::read_to_string("/etc/passwd").ok()?;
    ["postgres", "nobody"].iter().find_map(|wanted| {
        let line = users.lines().find(|line| line.split(':').next() == Some(wanted))?;
        let mut fields = line.split(':').skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    })
}
