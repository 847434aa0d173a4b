//! Calls by phones that are not ours: `SIPp` follows the redirection, baresip calls baresip, `JsSIP` registers over a WebSocket.

use crate::lab::{Lab, PASSWORD, REALM, USER, device, until};
use crate::peers::{Peer, free_port, registered_as, scenario};
use crate::phone::{Register, Udp};
use crate::secure::secure;
use domain::{InviteFormat, Transport};
use sip::{Notify, NotifyOutcome};
use std::path::Path;
use std::time::Duration;

fn plain(path: &Path) -> String {
    path.to_str().expect("a plain path").to_owned()
}

/// `SIPp` that answers one call at a port; what it saw is in its log.
fn sipp_callee(port: u16) -> Peer {
    let folder = tempfile::tempdir().expect("a folder");
    let fixed = ["-i", "127.0.0.1", "-m", "1", "-nostdin", "-t", "u1", "-trace_msg", "-message_file", "messages"];
    let mut arguments: Vec<String> = fixed.map(str::to_owned).into();
    arguments.extend(["-p".into(), port.to_string(), "-sf".into(), plain(&scenario("callee.xml"))]);
    Peer::start("sipp", "sip-tester", folder, &arguments)
}

/// `SIPp` that calls a number and follows where it is sent.
fn sipp_caller(lab: &Lab, number: &str) -> Peer {
    let folder = tempfile::tempdir().expect("a folder");
    let users = format!("SEQUENTIAL\n{USER};{REALM};[authentication username={USER} password={PASSWORD}];{number}\n");
    std::fs::write(folder.path().join("users.csv"), users).expect("written");
    let fixed = ["-inf", "users.csv", "-i", "127.0.0.1", "-m", "1", "-nostdin", "-t", "u1", "-timeout", "20"];
    let mut arguments: Vec<String> = fixed.map(str::to_owned).into();
    let scenario = plain(&scenario("caller.xml"));
    arguments.extend(["-p".into(), free_port().to_string(), "-sf".into(), scenario, lab.address().to_string()]);
    Peer::start("sipp", "sip-tester", folder, &arguments)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sipp_follows_the_redirection_to_a_phone_and_to_a_carrier() {
    let lab = Lab::start().await;
    let (desk, carrier) = (free_port(), free_port());
    lab.phones.add("desk", PASSWORD);
    lab.phones.seat("200", &["desk"]);
    lab.phones.format("desk", InviteFormat::E164, Some("2234567890"));
    let register = Register::of("desk").contact(&format!("<sip:desk@127.0.0.1:{desk}>"));
    assert_eq!(Udp::new(lab.address()).await.register(&register).await.code(), 200);
    lab.phones.carrier("North", &format!("sip:gw@127.0.0.1:{carrier}"), 10, &["fax"]);
    lab.phones.carrier("Wrong", "sip:127.0.0.1:9", 1, &[]);
    lab.phones.flags(USER, &["fax"]);
    for (dialled, port, user) in [("200", desk, "+12234567890"), ("07112345", carrier, "07112345")] {
        let mut callee = sipp_callee(port);
        tokio::time::sleep(Duration::from_millis(300)).await;
        let mut caller = sipp_caller(&lab, dialled);
        assert!(caller.ends_well().await, "{dialled}: {}", caller.log());
        assert!(callee.ends_well().await, "{dialled}: {}", callee.log());
        let seen = callee.file("messages");
        assert!(seen.contains(&format!("INVITE sip:{user}@127.0.0.1:{port} SIP/2.0")), "{seen}");
    }
}

/// baresip with an account in the realm `127.0.0.1`, which it finds without a name server.
fn baresip(lab: &Lab, user: &str, more: &str, commands: &[&str]) -> Peer {
    let folder = tempfile::tempdir().expect("a folder");
    let places = ["/usr/lib/baresip/modules", "/usr/lib/x86_64-linux-gnu/baresip/modules", "/usr/lib/aarch64-linux-gnu/baresip/modules"];
    let modules = places.into_iter().find(|m| Path::new(m).is_dir()).unwrap_or(places[0]);
    let config = format!(
        "sip_listen 127.0.0.1:{}\nnet_interface 127.0.0.1\ncall_max_calls 2\naudio_source ausine,440\nausrc_srate 48000\nausrc_channels 2\naudio_player aufile,/dev/null\nmodule_path {modules}\nmodule g711.so\nmodule ausine.so\nmodule aufile.so\nmodule_tmp account.so\nmodule_app menu.so\n",
        free_port()
    );
    let account = format!("<sip:{user}@{};transport=udp>;auth_pass={PASSWORD};regint=120;stunserver=\"\"{more}\n", lab.address());
    std::fs::write(folder.path().join("config"), config).expect("written");
    std::fs::write(folder.path().join("accounts"), account).expect("written");
    let mut arguments = vec!["-f".to_owned(), plain(folder.path())];
    arguments.extend(commands.iter().flat_map(|command| ["-e".to_owned(), (*command).to_owned()]));
    Peer::start("baresip", "baresip-core", folder, &arguments)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn baresip_calls_baresip() {
    let lab = Lab::start().await;
    lab.phones.move_to(USER, "127.0.0.1", PASSWORD);
    lab.phones.add("desk", PASSWORD);
    lab.phones.move_to("desk", "127.0.0.1", PASSWORD);
    lab.phones.seat("200", &["desk"]);
    let callee = baresip(&lab, "desk", ";answermode=auto", &[]);
    registered_as(&lab, "desk", &callee).await;
    let caller = baresip(&lab, USER, "", &[&format!("/dial sip:200@{}", lab.address())]);
    let talking = |peer: &Peer| peer.log().contains("Call established");
    for _ in 0..6_000 {
        if talking(&caller) && talking(&callee) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("no call:\n{}\n---\n{}", caller.log(), callee.log());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn jssip_registers_over_a_websocket_and_is_reached() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    let modules = [std::env::var_os("SEATLINE_NODE_MODULES").map(Into::into), Some(own.join("../../end2end/node_modules"))];
    let Some(modules) = modules.into_iter().flatten().find(|m| m.join("jssip").is_dir()) else {
        eprintln!("left out: JsSIP, which `npm ci` in end2end brings");
        return;
    };
    let (lab, _, _) = secure(|_| {}).await;
    let url = format!("ws://{}", lab.engine.address_of(Transport::Ws).expect("listens"));
    let phone = plain(&own.join("tests/jssip/phone.cjs"));
    let arguments = ["--experimental-websocket", &phone, &url, &format!("sip:{USER}@{REALM}"), PASSWORD].map(str::to_owned);
    let peer = Peer::start_in("node", "nodejs", tempfile::tempdir().expect("a folder"), &arguments, &[("NODE_PATH", &plain(&modules))]);
    registered_as(&lab, USER, &peer).await;
    let binding = lab.binding(USER);
    assert_eq!((binding.transport, binding.reg_id), (Transport::Ws, Some(1)));
    assert!(binding.user_agent.as_deref().is_some_and(|agent| agent.starts_with("JsSIP")), "{binding:?}");
    let flow = lab.engine.flow(&binding.key()).expect("bound");
    let notify = Notify { event: "check-sync;reboot=true".into(), body: None };
    let outcome = lab.engine.notify(&flow, &notify, &[]).await;
    assert_eq!(outcome, NotifyOutcome::Answered { code: 200, reason: "OK".into(), challenged: false }, "{}", peer.log());
    until("it says goodbye", || !lab.engine.is_registered(device(USER))).await;
    until("it has said so", || peer.log().contains("unregistered")).await;
    assert!(peer.log().starts_with("connected\nregistered\nevent check-sync\n"), "{}", peer.log());
}
