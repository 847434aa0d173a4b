//! Phones that are not ours: `SIPp`, baresip, sipsak.

use crate::lab::{Lab, PASSWORD, REALM, USER, device, until};
use crate::secure::secure;
use domain::{ProvedBy, Transport};
use secrecy::SecretString;
use sip::{Notify, NotifyCredential, NotifyOutcome};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

/// A program that runs until it is dropped, in a folder of its own.
pub struct Peer {
    child: Child,
    folder: tempfile::TempDir,
}

impl Peer {
    /// `package` is the Debian package that brings the program.
    pub fn start(program: &str, package: &str, folder: tempfile::TempDir, arguments: &[String]) -> Self {
        Self::start_in(program, package, folder, arguments, &[])
    }

    /// The same with variables of its own.
    pub fn start_in(program: &str, package: &str, folder: tempfile::TempDir, arguments: &[String], environment: &[(&str, &str)]) -> Self {
        let log = std::fs::File::create(folder.path().join("log")).expect("a log file");
        let child = Command::new(program)
            .args(arguments)
            .current_dir(folder.path())
            .env("TERM", "dumb")
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a second handle"))
            .stderr(log)
            .spawn()
            .unwrap_or_else(|e| panic!("{program} is needed for this test and can't be started ({e}): install Debian's {package}"));
        Self { child, folder }
    }

    pub fn log(&self) -> String {
        self.file("log")
    }

    /// What it wrote into a file of its folder.
    pub fn file(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(name)).unwrap_or_default()
    }

    /// Asks it to end.
    pub fn terminate(&self) {
        Command::new("kill").arg(self.child.id().to_string()).status().expect("kill is everywhere");
    }

    /// Waits for the end; true when it was a success.
    pub async fn ends_well(&mut self) -> bool {
        for _ in 0..6_000 {
            if let Some(status) = self.child.try_wait().expect("its status") {
                return status.success();
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        false
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// A port that is free for UDP, TCP and, one higher, for baresip's TLS. Below those that the system hands out: what another test opens
/// meanwhile is none of these.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let base = (std::process::id() % 2_000) as u16 * 5;
    for _ in 0..5_000 {
        let port = 20_000 + (base + 2 * NEXT.fetch_add(1, Ordering::Relaxed)) % 10_000;
        let here = (Ipv4Addr::LOCALHOST, port);
        let free = (UdpSocket::bind(here), TcpListener::bind(here), TcpListener::bind((Ipv4Addr::LOCALHOST, port + 1)));
        if let (Ok(_), Ok(_), Ok(_)) = free {
            return port;
        }
    }
    panic!("no free port");
}

pub fn scenario(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sipp").join(name)
}

/// `SIPp` as a desk phone; `transport` is `u1` or `t1`.
fn sipp(lab: &Lab, transport: &str, contact: Option<&str>, register: &Path, notify: Option<&Path>) -> Peer {
    sipp_to(lab.address(), transport, contact, register, notify)
}

/// The same that registers through another address.
pub fn sipp_to(to: SocketAddr, transport: &str, contact: Option<&str>, register: &Path, notify: Option<&Path>) -> Peer {
    let folder = tempfile::tempdir().expect("a folder");
    let port = free_port();
    let contact = contact.map_or_else(|| format!("127.0.0.1:{port}"), str::to_owned);
    let users = format!("SEQUENTIAL\n{USER};{REALM};[authentication username={USER} password={PASSWORD}];{contact}\n");
    std::fs::write(folder.path().join("users.csv"), users).expect("written");
    let path = |p: &Path| p.to_str().expect("a plain path").to_owned();
    let mut arguments: Vec<String> =
        ["-inf", "users.csv", "-i", "127.0.0.1", "-m", "1", "-nostdin", "-t", transport].map(str::to_owned).into();
    arguments.extend(["-p".into(), port.to_string(), "-sf".into(), path(register)]);
    if let Some(notify) = notify {
        arguments.extend(["-oocsf".into(), path(notify)]);
    }
    arguments.push(to.to_string());
    Peer::start("sipp", "sip-tester", folder, &arguments)
}

pub async fn registered(lab: &Lab, peer: &Peer) {
    registered_as(lab, USER, peer).await;
}

pub async fn registered_as(lab: &Lab, username: &str, peer: &Peer) {
    for _ in 0..6_000 {
        if lab.engine.is_registered(device(username)) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("not registered: {}\n{:?}", peer.log(), lab.seen.take());
}

pub async fn check_sync(lab: &Lab) -> NotifyOutcome {
    let flow = lab.engine.flow(&lab.binding(USER).key()).expect("bound");
    let request = Notify { event: "check-sync;reboot=true".into(), body: None };
    let credential = NotifyCredential { username: USER.into(), password: SecretString::from(PASSWORD) };
    lab.engine.notify(&flow, &request, &[credential]).await
}

pub fn ok(challenged: bool) -> NotifyOutcome {
    NotifyOutcome::Answered { code: 200, reason: "OK".into(), challenged }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sipp_registers_and_accepts_a_notify() {
    for (transport, expected, contact) in [
        ("u1", Transport::Udp, None),
        ("t1", Transport::Tcp, None),
        ("u1", Transport::Udp, Some("192.168.77.7:5062")),
        ("t1", Transport::Tcp, Some("192.168.77.7:5062")),
    ] {
        let lab = Lab::start().await;
        let peer = sipp(&lab, transport, contact, &scenario("register.xml"), Some(&scenario("notify_200.xml")));
        registered(&lab, &peer).await;
        let binding = lab.binding(USER);
        assert_eq!((binding.transport, binding.proved_by), (expected, ProvedBy::Password));
        assert_eq!(binding.user_agent.as_deref(), Some("PolycomVVX-VVX_410-UA/5.9.5"));
        assert!(contact.is_none_or(|c| binding.natted && binding.contact.contains(c)), "{binding:?}");
        assert_eq!(check_sync(&lab).await, ok(false), "{transport} {contact:?} {}", peer.log());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sipp_challenges_a_notify_and_finds_our_answer_right() {
    for transport in ["u1", "t1"] {
        let lab = Lab::start().await;
        let peer = sipp(&lab, transport, None, &scenario("register.xml"), Some(&scenario("notify_401.xml")));
        registered(&lab, &peer).await;
        assert_eq!(check_sync(&lab).await, ok(true), "{transport} {}", peer.log());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn baresip_registers_and_does_not_support_check_sync() {
    for transport in [Transport::Udp, Transport::Tcp, Transport::Tls] {
        let (lab, _, _) = secure(|_| {}).await;
        let (address, transport) = (lab.engine.address_of(transport).expect("listens"), transport.as_str());
        let folder = tempfile::tempdir().expect("a folder");
        let modules =
            ["/usr/lib/baresip/modules", "/usr/lib/x86_64-linux-gnu/baresip/modules", "/usr/lib/aarch64-linux-gnu/baresip/modules"];
        let modules = modules.into_iter().find(|m| Path::new(m).is_dir()).unwrap_or(modules[0]);
        let config = format!("sip_listen 127.0.0.1:{}\nmodule_path {modules}\nmodule_tmp account.so\nmodule_app menu.so\n", free_port());
        let account = format!(
            "<sip:{USER}@{REALM};transport={transport}>;auth_pass={PASSWORD};outbound=\"sip:{address};transport={transport}\";regint=120;stunserver=\"\"\n"
        );
        std::fs::write(folder.path().join("config"), config).expect("written");
        std::fs::write(folder.path().join("accounts"), account).expect("written");
        let arguments = ["-f".to_owned(), folder.path().to_str().expect("a plain path").to_owned()];
        let peer = Peer::start("baresip", "baresip-core", folder, &arguments);
        registered(&lab, &peer).await;
        assert_eq!(lab.binding(USER).transport.as_str(), transport);
        let outcome = check_sync(&lab).await;
        assert!(matches!(outcome, NotifyOutcome::Answered { code: 481, .. }), "{outcome:?} {}", peer.log());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sipsak_registers() {
    let lab = Lab::start().await;
    // It resolves the realm, so the realm has to be a name that every machine knows.
    lab.phones.move_to(USER, "localhost", PASSWORD);
    let port = free_port().to_string();
    let (contact, registrar) = (format!("sip:{USER}@127.0.0.1:{port}"), lab.address().to_string());
    let address = format!("sip:{USER}@localhost");
    let arguments = ["-U", "-C", &contact, "-s", &address, "-p", &registrar, "-u", USER, "-a", PASSWORD, "-x", "300", "-vvv", "-l", &port];
    let mut peer = Peer::start("sipsak", "sipsak", tempfile::tempdir().expect("a folder"), &arguments.map(str::to_owned));
    assert!(peer.ends_well().await, "{}", peer.log());
    let binding = lab.binding(USER);
    assert_eq!((binding.contact.as_str(), binding.aor.as_str()), (&*contact, "sip:1001@localhost"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_phones_of_the_lab_register_and_answer() {
    let folder = crate::torture::lab_folder();
    if !folder.join("phone.xml").is_file() {
        eprintln!("left out: SIPp with the scenarios of the lab, which does not lie beside the repository");
        return;
    }
    for (register, notify, transport, challenged) in [
        ("phone.xml", "ooc_notify.xml", "u1", false),
        ("phone.xml", "ooc_notify.xml", "t1", false),
        ("phone_nat.xml", "ooc_notify.xml", "u1", false),
        ("phone.xml", "ooc_notify401.xml", "u1", true),
    ] {
        let lab = Lab::start().await;
        let peer = sipp(&lab, transport, None, &folder.join(register), Some(&folder.join(notify)));
        registered(&lab, &peer).await;
        assert_eq!(check_sync(&lab).await, ok(challenged), "{register} {notify} {transport} {}", peer.log());
    }
    let lab = Lab::start().await;
    lab.phones.add_source("2001", &["127.0.0.1"]);
    let _peer = sipp(&lab, "u1", None, &folder.join("reg_ip.xml"), None);
    until("registered by address", || lab.engine.is_registered(device("2001"))).await;
}
