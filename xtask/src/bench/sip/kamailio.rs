//! Kamailio as Debian ships it.

use super::{Engine, PASSWORD, REALM, process, source, template};
use crate::{
    cmd::{Done, Failed, output, read, run, write},
    machine,
};
use md5::{Digest, Md5};
use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
    process::Command,
};

/// Processes that read the socket: as many as the measured machine has processors; more are slower there.
const CHILDREN: &str = "2";

pub struct Kamailio {
    program: process::Program,
    port: u16,
    folder: PathBuf,
}

/// Debian keeps it out of the PATH of plain users.
fn program(name: &str) -> Option<PathBuf> {
    machine::which(name).or_else(|| Some(Path::new("/usr/sbin").join(name)).filter(|path| path.is_file()))
}

/// Makes its database with so many users of [`REALM`].
pub fn fill(folder: &Path, users: u32) -> Done {
    let mut sql = String::from_utf8_lossy(&read(&source().join("kamailio.sql"))?).into_owned();
    sql += "BEGIN;\n";
    for n in 0..users {
        let user = format!("u{n:06}");
        let ha1 = Md5::digest(format!("{user}:{REALM}:{PASSWORD}")).iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        let _ = writeln!(sql, "INSERT INTO subscriber (username, domain, ha1) VALUES ('{user}', '{REALM}', '{ha1}');");
    }
    sql += "COMMIT;\n";
    let file = folder.join("kamailio.sql");
    write(&file, sql)?;
    let sqlite = machine::which("sqlite3").ok_or_else(|| Failed::new("Kamailio's database wants sqlite3"))?;
    run(Command::new(sqlite).arg(folder.join("kamailio.db")).arg(format!(".read {}", file.display())))
}

impl Kamailio {
    pub fn present() -> bool {
        let modules = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib"];
        let sqlite = modules.iter().any(|lib| Path::new(lib).join("kamailio/modules/db_sqlite.so").is_file());
        program("kamailio").is_some() && sqlite && machine::which("sqlite3").is_some()
    }

    /// With no registration yet. `fill` made its database.
    pub fn start(folder: &Path) -> Done<Self> {
        let (port, log, config) = (process::free_port()?, folder.join("kamailio.log"), folder.join("kamailio.cfg"));
        let own = folder.to_str().ok_or_else(|| Failed::new("the build's folder has no plain path"))?;
        template("kamailio.cfg", &[("CHILDREN", CHILDREN), ("PORT", &port.to_string()), ("FOLDER", own)], &config)?;
        let mut command = Command::new(program("kamailio").ok_or_else(|| Failed::new("no kamailio"))?);
        command.args(["-DD", "-E", "-m", "512", "-M", "16", "-Y"]).arg(folder).arg("-f").arg(&config).current_dir(folder);
        let program = process::Program::start(&mut command, &log)?;
        process::until_it_answers(port, &log)?;
        Ok(Self { program, port, folder: folder.to_owned() })
    }
}

impl Engine for Kamailio {
    fn name(&self) -> &'static str {
        "Kamailio"
    }

    fn port(&self) -> u16 {
        self.port
    }

    fn cpu(&self) -> f64 {
        self.program.cpu()
    }

    /// The shared memory in use, where its bindings are.
    fn memory(&self) -> Done<u64> {
        let kamcmd = program("kamcmd").ok_or_else(|| Failed::new("no kamcmd"))?;
        let said = output(Command::new(kamcmd).arg("-s").arg(format!("unix:{}/ctl", self.folder.display())).arg("core.shmmem"));
        let used = said.as_deref().and_then(|said| said.lines().find_map(|line| line.trim().strip_prefix("real_used: ")?.parse().ok()));
        used.ok_or_else(|| Failed::new(format!("kamcmd says {said:?}")))
    }
}
