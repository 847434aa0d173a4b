//! The commands as an operator of the machine runs them: beside a running server, with it stopped, and on the wrong folder.

use crate::{
    client::Answer,
    cluster::Cluster,
    seatline::{Seatline, command, finished, output},
};
use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
    time::Duration,
};

/// Runs it with a line on standard input.
fn with_input(command: &mut Command, line: &str) -> Output {
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    // A command that refuses before it reads has closed its end.
    let _ = child.stdin.take().unwrap().write_all(format!("{line}\n").as_bytes());
    finished(child)
}

fn run(data: &Path, arguments: &[&str]) -> Output {
    with_input(command(data).args(arguments), "a long enough password")
}

fn said(out: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr))
}

/// What it printed, once it went through.
fn done(data: &Path, arguments: &[&str]) -> String {
    let out = run(data, arguments);
    assert!(out.status.success(), "{arguments:?}: {}", said(&out));
    said(&out)
}

/// The one line of its refusal.
fn refused(data: &Path, arguments: &[&str]) -> String {
    let out = run(data, arguments);
    assert_eq!((out.status.code(), out.stdout.as_slice()), (Some(1), &b""[..]), "{arguments:?}: {}", said(&out));
    assert_eq!(said(&out).trim_end().lines().count(), 1, "{}", said(&out));
    said(&out)
}

fn sign_in(server: &Seatline, password: &str) -> Answer {
    let body = format!("{{\"name\":\"bob\",\"password\":\"{password}\"}}");
    server.post("/api/sign_in", &body)
}

#[test]
fn a_command_on_a_folder_without_a_database_refuses_and_makes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (nowhere, copy) = (dir.path().join("nowhere"), dir.path().join("copy.db"));
    let empty = dir.path().join("empty");
    fs::create_dir(&empty).unwrap();
    for data in [&nowhere, &empty] {
        for arguments in
            [&["backup", copy.to_str().unwrap()][..], &["operator", "add", "bob"], &["operator", "password", "bob"], &["rotate-key"]]
        {
            let said = refused(data, arguments);
            assert!(said.contains(data.to_str().unwrap()) && said.contains("--data"), "{said}");
        }
    }
    assert!(!nowhere.exists() && !copy.exists());
    assert_eq!(fs::read_dir(&empty).unwrap().count(), 0);
}

#[test]
fn migrate_and_account_add_begin_where_nothing_is() {
    let dir = tempfile::tempdir().unwrap();
    for (name, arguments) in [("one", &["migrate"][..]), ("two", &["account", "add", "First", "first.test"])] {
        let data = dir.path().join(name);
        let said = done(&data, arguments);
        let next = format!("seatline --data \"{}\" operator add NAME --account \"First\"", data.display());
        assert_eq!(said.contains(&next), name == "two", "{said}");
        assert!(data.join("seatline.db").exists() && data.join("seatline.key").exists(), "{name}");
    }
}

#[test]
fn migrate_and_rotate_key_want_the_server_stopped() {
    let mut server = Seatline::start(&[]);
    let data = server.data.path().to_owned();
    let key = || fs::read(data.join("seatline.key")).unwrap();
    let before = key();
    for command in ["migrate", "rotate-key"] {
        let said = refused(&data, &[command]);
        assert!(said.contains("another Seatline server"), "{said}");
    }
    assert_eq!(key(), before);
    server.terminate();
    assert_eq!(server.wait(Duration::from_mins(1)), Some(0));
    done(&data, &["migrate"]);
    assert_eq!(key(), before, "to migrate changes no key");
    let said = done(&data, &["rotate-key"]);
    assert!(said.contains("Copy seatline.key anew"), "{said}");
    assert_ne!(key(), before);
}

#[test]
fn a_backup_beside_the_server_is_without_the_key_file_and_says_so() {
    let server = Seatline::start(&[]);
    let dir = tempfile::tempdir().unwrap();
    let copy = dir.path().join("copy.db");
    done(server.data.path(), &["account", "add", "First", "first.test"]);
    let said = done(server.data.path(), &["backup", copy.to_str().unwrap()]);
    assert!(said.contains("seatline.key is not in it"), "{said}");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "the copy is one file");
    let bytes = fs::read(&copy).unwrap();
    assert!(bytes.starts_with(b"SQLite format 3\0"));
    assert!(bytes.windows(10).any(|w| w == b"first.test"), "what was written beside the server is in it");
    let key = fs::read(server.data.path().join("seatline.key")).unwrap();
    assert!(key.len() > 16 && !bytes.windows(key.len()).any(|w| w == key));
    assert!(refused(server.data.path(), &["backup", copy.to_str().unwrap()]).contains("exists already"));
    // A copy without its key does not open.
    let elsewhere = dir.path().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    fs::copy(&copy, elsewhere.join("seatline.db")).unwrap();
    let out = output(command(&elsewhere).args(["--listen", "127.0.0.1:0", "--sip-listen", "127.0.0.1:0"]));
    assert!(!out.status.success() && self::said(&out).contains("seatline.key is missing"), "{}", self::said(&out));
}

#[test]
fn a_backup_that_can_t_be_written_names_its_file_once() {
    let dir = tempfile::tempdir().unwrap();
    done(dir.path(), &["migrate"]);
    let nowhere = dir.path().join("nowhere").join("x.db");
    let said = refused(dir.path(), &["backup", nowhere.to_str().unwrap()]);
    assert_eq!(said.matches(nowhere.to_str().unwrap()).count(), 1, "{said}");
}

#[test]
fn a_backup_of_postgresql_names_its_tool_and_the_key_file() {
    let cluster = Cluster::shared();
    let dir = tempfile::tempdir().unwrap();
    let (data, copy, database) = (dir.path().join("data"), dir.path().join("copy.db"), cluster.database());
    let on = |arguments: &[&'static str]| {
        [&["--database", &database][..], arguments].concat().into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let made = output(command(&data).args(on(&["migrate"])));
    assert!(made.status.success(), "{}", said(&made));
    let out = output(command(&data).args(on(&["backup"])).arg(&copy));
    assert_eq!(out.status.code(), Some(1), "{}", said(&out));
    assert!(said(&out).contains("pg_dump") && said(&out).contains("seatline.key"), "{}", said(&out));
    assert!(!copy.exists());
}

#[test]
fn a_forgotten_password_is_set_beside_the_server_and_ends_the_sessions() {
    let server = Seatline::start(&[]);
    let data = server.data.path();
    done(data, &["account", "add", "First", "first.test"]);
    done(data, &["operator", "add", "bob"]);
    let entered = sign_in(&server, "a long enough password");
    assert_eq!(entered.status, 200, "{}", entered.text());
    let cookie = entered.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let me = || server.post_with("/api/me", "{}", &format!("cookie: {cookie}\r\n")).status;
    assert_eq!(me(), 200);

    let out = with_input(command(data).args(["operator", "password", "bob"]), "another password, longer");
    assert!(out.status.success() && said(&out).contains("open sessions have ended"), "{}", said(&out));
    assert_eq!(me(), 401, "the session is over");
    assert_eq!(sign_in(&server, "a long enough password").status, 401);
    assert_eq!(sign_in(&server, "another password, longer").status, 200);

    assert!(refused(data, &["operator", "password", "nobody"]).contains("There is no operator nobody"));
    let short = with_input(command(data).args(["operator", "password", "bob"]), "short");
    assert!(!short.status.success() && said(&short).contains("12 to 256"), "{}", said(&short));
}
