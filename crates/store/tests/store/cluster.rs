//! A `PostgreSQL` of its own on a socket in a temporary folder, shared by the tests that run at the same time, gone with the last of them.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, Weak},
    thread::sleep,
    time::{Duration, Instant},
};
use tempfile::TempDir;

pub struct Cluster {
    folder: TempDir,
    bin: PathBuf,
    server: Child,
}

static SHARED: Mutex<Weak<Cluster>> = Mutex::new(Weak::new());

/// Debian keeps the server's programs out of the path, by version.
fn bin() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|v| v.path().join("bin"));
    let mut found: Vec<PathBuf> = versions.filter(|bin| bin.join("postgres").exists() && bin.join("initdb").exists()).collect();
    found.sort();
    found.pop().expect("PostgreSQL's server programs are missing: install them with `apt-get install postgresql`")
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|m| std::os::unix::fs::MetadataExt::uid(&m) == 0)
}

/// `PostgreSQL` refuses to run as root: then its programs run as the user that the package made.
fn program(bin: &Path, name: &str) -> Command {
    let path = bin.join(name);
    if !is_root() {
        return Command::new(path);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]).arg(path);
    command
}

fn run(command: &mut Command) {
    let out = command.current_dir("/").output().unwrap();
    assert!(out.status.success(), "{command:?}: {}", String::from_utf8_lossy(&out.stderr));
}

impl Cluster {
    pub fn shared() -> Arc<Self> {
        let mut shared = SHARED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(running) = shared.upgrade() {
            return running;
        }
        let fresh = Arc::new(Self::start());
        *shared = Arc::downgrade(&fresh);
        fresh
    }

    fn start() -> Self {
        let bin = bin();
        let folder = tempfile::Builder::new().prefix("pg").tempdir().unwrap();
        if is_root() {
            run(Command::new("chown").arg("postgres").arg(folder.path()));
        }
        let data = folder.path().join("data");
        run(program(&bin, "initdb").args(["--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync", "-D"]).arg(&data));
        let mut server = program(&bin, "postgres");
        server.arg("-D").arg(&data).args(["-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=200", "-c"]);
        server.arg(format!("unix_socket_directories={}", folder.path().display()));
        let log = fs::File::create(folder.path().join("log")).unwrap();
        let server = server.current_dir("/").stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().unwrap();
        let cluster = Self { folder, bin, server };
        let begun = Instant::now();
        while !cluster.client("pg_isready").output().unwrap().status.success() {
            let log = || fs::read_to_string(cluster.folder.path().join("log")).unwrap_or_default();
            assert!(begun.elapsed() < Duration::from_mins(1), "PostgreSQL did not start: {}", log());
            sleep(Duration::from_millis(50));
        }
        cluster
    }

    fn client(&self, name: &str) -> Command {
        let mut command = program(&self.bin, name);
        command.arg("--host").arg(self.folder.path()).args(["--username", "postgres"]).current_dir("/");
        command
    }

    /// The address of a new empty database.
    pub fn database(&self) -> String {
        let name = format!("d{}", uuid::Uuid::now_v7().simple());
        run(self.client("createdb").arg(&name));
        format!("postgres://postgres@localhost/{name}?host={}", self.folder.path().display())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // SIGINT is PostgreSQL's quick way out.
        drop(Command::new("kill").args(["-INT", &self.server.id().to_string()]).status());
        drop(self.server.wait());
    }
}
