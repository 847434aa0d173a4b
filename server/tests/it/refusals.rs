//! What does not start: one clear line, a code that is not nought, no panic.

use crate::seatline::{Seatline, command, output};
use std::{fs, net::TcpListener, process::Command};

/// The single line on standard error.
fn refused(command: &mut Command, code: i32) -> String {
    let output = output(command);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{said}");
    assert_eq!(said.trim_end().lines().count(), 1, "{said}");
    assert!(said.starts_with("seatline: ") && !said.contains("panicked"), "{said}");
    said
}

#[test]
fn a_wrong_option_is_named() {
    let data = tempfile::tempdir().unwrap();
    let said = refused(command(data.path()).arg("--lisen"), 2);
    assert!(said.contains("'--lisen'") && said.contains("--help"), "{said}");
    assert!(refused(command(data.path()).args(["--listen", "nowhere"]), 1).contains("--listen: nowhere is not an address"));
    let said = refused(command(data.path()).args(["--log", "loud"]), 2);
    assert!(said.contains("loud") && said.matches("--help").count() == 1, "{said}");
    assert!(
        refused(command(data.path()).args(["--sip-advertise", "phones.example:0"]), 1).contains("--sip-advertise: phones.example:0 is not")
    );
}

#[test]
fn a_switch_in_the_environment_takes_the_usual_words() {
    let data = tempfile::tempdir().unwrap();
    let switched = |word: &str| refused(command(data.path()).env("SEATLINE_DEMO", word).args(["--listen", "192.0.2.1:0"]), 1);
    for on in ["1", "true", "yes", "on"] {
        assert!(switched(on).contains("--demo serves this machine only"), "{on}");
    }
    for off in ["0", "false", "no", "off"] {
        assert!(switched(off).contains("192.0.2.1"), "{off}");
    }
}

#[test]
fn a_port_in_use_is_named() {
    let data = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let said = refused(command(data.path()).args(["--listen", &address, "--sip-listen", "127.0.0.1:0"]), 1);
    assert!(said.contains(&address) && said.contains("in use"), "{said}");
}

#[test]
fn a_postgres_that_is_not_there_is_told_at_once() {
    let data = tempfile::tempdir().unwrap();
    let said = refused(command(data.path()).args(["--database", "postgres://ada:hidden-word@127.0.0.1:1/none"]), 1);
    // A pool would go on trying, and say only that it took too long.
    assert!(said.contains("refused") && !said.contains("hidden-word"), "{said}");
}

#[test]
fn a_port_of_the_phones_in_use_is_named() {
    let data = tempfile::tempdir().unwrap();
    let taken = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let said = refused(command(data.path()).args(["--listen", "127.0.0.1:0", "--sip-listen", &address]), 1);
    assert!(said.contains(&address) && said.contains("in use"), "{said}");
}

#[test]
fn a_data_folder_that_is_none_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a-file");
    fs::write(&file, "").unwrap();
    let said = refused(&mut command(&file), 1);
    assert!(said.contains("the data folder") && said.contains("a-file"), "{said}");
}

#[test]
fn a_command_without_its_subcommand_is_told_that_one_is_missing() {
    let data = tempfile::tempdir().unwrap();
    for group in ["operator", "account"] {
        // Any option at all would make another refusal of it.
        let said = refused(command(data.path()).env_remove("SEATLINE_DATA").arg(group), 2);
        assert!(said.contains("requires a subcommand") && said.contains(group) && said.contains("add"), "{said}");
    }
}

#[test]
fn a_damaged_file_of_registrations_is_named() {
    let data = tempfile::tempdir().unwrap();
    fs::write(data.path().join("bindings.db"), "no database at all, but long enough to be looked at as one".repeat(40)).unwrap();
    let said = refused(command(data.path()).args(["--listen", "127.0.0.1:0", "--sip-listen", "127.0.0.1:0"]), 1);
    assert!(said.contains("bindings.db: ") && said.contains("not a database"), "{said}");
}

#[test]
fn tls_files_that_do_not_serve_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name).to_string_lossy().into_owned();
    fs::write(at("empty.pem"), "").unwrap();
    let start = |cert: &str, key: &str| refused(command(dir.path()).args(["--tls-cert", &at(cert), "--tls-key", &at(key)]), 1);
    assert!(start("missing.pem", "empty.pem").contains("missing.pem"));
    assert!(start("empty.pem", "empty.pem").contains("no certificate"));
}

#[test]
fn ways_in_for_phones_that_do_not_serve_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let at = |name: &str| dir.path().join(name).to_string_lossy().into_owned();
    fs::write(at("cert.pem"), made.cert.pem()).unwrap();
    fs::write(at("key.pem"), made.signing_key.serialize_pem()).unwrap();
    fs::write(at("other.pem"), rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap().signing_key.serialize_pem()).unwrap();
    let start = |options: &[&str]| {
        let always = ["--listen", "127.0.0.1:0", "--sip-listen", "127.0.0.1:0"];
        refused(command(dir.path()).args(always).args(options), 1)
    };
    let files = |cert: &str, key: &str| start(&["--sip-tls-listen", "127.0.0.1:0", "--sip-tls-cert", &at(cert), "--sip-tls-key", &at(key)]);
    assert!(files("missing.pem", "key.pem").contains("missing.pem"));
    assert!(files("cert.pem", "cert.pem").contains("the private key"));
    assert!(files("cert.pem", "other.pem").contains("can't be used"), "a key of another certificate");
    assert!(start(&["--sip-wss-listen", "127.0.0.1:0"]).contains("--sip-wss-listen wants a certificate"));
    assert!(start(&["--sip-ws-listen", "8080"]).contains("--sip-ws-listen: 8080 is not an address"));
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let said = start(&["--sip-ws-listen", &address]);
    assert!(said.contains(&address) && said.contains("in use") && said.contains("WS"), "{said}");
}

#[test]
fn a_second_server_on_the_same_database_is_refused() {
    let first = Seatline::start(&[]);
    let said = refused(command(first.data.path()).args(["--listen", "127.0.0.1:0", "--sip-listen", "127.0.0.1:0"]), 1);
    assert!(said.contains("another"), "{said}");
    assert_eq!(first.get("/readyz").status, 200, "the first one goes on");
}
