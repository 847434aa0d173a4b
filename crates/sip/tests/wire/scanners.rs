//! What scans the internet for accounts: sipvicious finds none, and guesses no password.

use crate::lab::{Lab, account, device};
use crate::peers::{Peer, free_port};
use sip::Engine;

/// A name of the digest's realm that scanners use: the address they scan.
const HERE: &str = "127.0.0.1";

/// Runs one of its programs to its end; none where it is not installed.
async fn sipvicious(program: &str, arguments: &[&str], lab: &Lab, files: &[(&str, &str)]) -> Option<String> {
    let installed = std::env::split_paths(&std::env::var_os("PATH")?).any(|folder| folder.join(program).is_file());
    if !installed {
        eprintln!("left out: {program}, which Debian's sipvicious brings");
        return None;
    }
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).expect("written");
    }
    let (own, port) = (free_port().to_string(), lab.address().port().to_string());
    let always = ["-P", &own, "-b", HERE, "-x", HERE, "-p", &port, "--maximumtime=5", "-v"];
    let all: Vec<String> = [arguments, &always, &[HERE]].concat().into_iter().map(str::to_owned).collect();
    let mut peer = Peer::start(program, "sipvicious", folder, &all);
    peer.ends_well().await;
    Some(peer.log())
}

async fn lab() -> Lab {
    let lab = Lab::start().await;
    for user in ["1000", "1001", "1005"] {
        lab.phones.add(user, "1234");
        lab.phones.move_to(user, HERE, "1234");
    }
    lab
}

/// Lines of its table of what it found: `| 1001 | reqauth |`.
fn found(log: &str) -> Vec<String> {
    let rows = log.lines().filter(|line| line.starts_with(['|', '│']));
    let cells = rows.filter_map(|line| line.split(['|', '│']).map(str::trim).find(|cell| !cell.is_empty()));
    cells.filter(|cell| cell.bytes().all(|b| b.is_ascii_digit())).map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn svwar_finds_no_account() {
    let lab = lab().await;
    for method in ["REGISTER", "INVITE", "OPTIONS"] {
        let Some(log) = sipvicious("svwar", &["-m", method, "-e", "1000-1009"], &lab, &[]).await else { return };
        assert!(found(&log).is_empty(), "{method}: {log}");
        assert!(!log.contains("Traceback"), "{log}");
    }
    // Told to go on although everything answers alike, it finds either every name or none.
    let log = sipvicious("svwar", &["-m", "REGISTER", "-e", "1000-1009", "--force"], &lab, &[]).await.expect("installed");
    assert!(matches!(found(&log).len(), 0 | 10), "{log}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn svcrack_guesses_no_password() {
    let lab = lab().await;
    let words: String = (0..400).map(|n| if n == 300 { "1234\n".to_owned() } else { format!("word{n}\n") }).collect();
    let Some(log) = sipvicious("svcrack", &["-u", "1001", "-d", "words"], &lab, &[("words", &words)]).await else { return };
    assert!(found(&log).is_empty() && !log.contains("password for 1001"), "{log}");
    assert!(is_free(&lab.engine), "nothing is registered");
    let told = lab.engine.penalties(account());
    assert_eq!(told.len(), 1, "{told:?} {log}");
    assert_eq!((told[0].username.as_str(), told[0].source.to_string().as_str()), ("1001", HERE));
}

fn is_free(engine: &Engine) -> bool {
    !engine.is_registered(device("1001"))
}
