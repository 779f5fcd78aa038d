//! A PostgreSQL server that lives as long as the process that wants it.
//!
//! A small shell script makes the server in a temporary folder, says its address, waits for its
//! own input to end and then stops the server and deletes the folder. The input is a pipe that
//! this process holds: however the process ends, killed included, the pipe ends with it, so no
//! server is left behind. `initdb` refuses to run as root; then the script runs as the system's
//! user `postgres`, or `nobody`.
//!
//! A word on the pipe lets the server fall over or come back: for stories about that, on a server of their own.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use iljari_base::{Entropy as _, OsEntropy};

/// Arguments: folder of the PostgreSQL programs, working folder, port, whether an answered commit is in the system's hands.
const SCRIPT: &str = r#"
programs=$1 folder=$2 port=$3 kept=$4
cd "$folder" || exit 1
trap : INT TERM HUP PIPE
start() {
    "$programs/pg_ctl" -D data -l server.log -w -t 60 start -o "-c listen_addresses=127.0.0.1 -c port=$port \
        -c unix_socket_directories= -c max_connections=200 -c shared_buffers=32MB \
        -c fsync=off -c synchronous_commit=$kept -c full_page_writes=off"
}
if {
    "$programs/initdb" -D data -U iljari -A scram-sha-256 --pwfile=password \
        --encoding=UTF8 --locale=C.UTF-8 --no-sync \
    && start
} >start.log 2>&1 </dev/null; then
    echo ready
    while read -r word; do
        case $word in
            fall) "$programs/pg_ctl" -D data -m immediate -w stop >>start.log 2>&1 </dev/null && echo fallen || echo failed ;;
            rise) start >>start.log 2>&1 </dev/null && echo ready || echo failed ;;
        esac
    done
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
    said: Option<BufReader<ChildStdout>>,
}

impl ThrowAwayPostgres {
    /// The address of its database `postgres`, as a superuser: fit for `ILJARI_TEST_POSTGRES`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Lets the server fall over as it does when its machine's memory runs out: nobody is let finish, nothing is
    /// written down (`pg_ctl -m immediate stop`). Returns when it is gone.
    ///
    /// # Panics
    /// When it does not fall.
    pub fn fall_over(&mut self) {
        self.told("fall", "fallen\n");
    }

    /// Starts the fallen server again, over the same data and at the same address. Returns when it answers.
    ///
    /// # Panics
    /// When it does not come back.
    pub fn come_back(&mut self) {
        self.told("rise", READY);
    }

    fn told(&mut self, word: &str, wanted: &str) {
        let mut heard = String::new();
        let asked = self.keeper.stdin.as_mut().map(|pipe| writeln!(pipe, "{word}").and_then(|()| pipe.flush()));
        let answered = self.said.as_mut().map(|said| said.read_line(&mut heard));
        let done = matches!((asked, answered), (Some(Ok(())), Some(Ok(_)))) && heard == wanted;
        assert!(done, "the PostgreSQL server was told to {word} and said {heard:?}");
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
    started("off")
}

/// The same with what was committed handed to the system before it is answered, so that a server that falls over
/// loses nothing. For stories that let it: [`ThrowAwayPostgres::fall_over`].
///
/// # Panics
/// As [`start_postgres`].
pub fn start_keeping_postgres() -> ThrowAwayPostgres {
    started("on")
}

fn started(kept: &str) -> ThrowAwayPostgres {
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
        match start(&programs, kept) {
            Ok(server) => return server,
            Err(why) => last = why,
        }
    }
    panic!("a throw-away PostgreSQL server did not start: {last}")
}

fn start(programs: &Path, kept: &str) -> Result<ThrowAwayPostgres, String> {
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
    command.arg("-c").arg(SCRIPT).arg("sh").arg(programs).arg(folder.path());
    command.arg(port.to_string()).arg(kept);
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
    let mut said = keeper.stdout.take().map(BufReader::new);
    if let Some(said) = &mut said {
        said.read_line(&mut line).map_err(|err| told("listening to the script", err))?;
        if line != READY {
            said.read_to_string(&mut rest).map_err(|err| told("listening to the script", err))?;
        }
    }
    let url = format!("postgres://iljari:{password}@127.0.0.1:{port}/postgres");
    let server = ThrowAwayPostgres { url, keeper, said };
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
