//! A phone behind Kamailio as an edge proxy that adds Path (RFC 3327): what goes to the phone goes back through it.

use crate::lab::{Lab, USER};
use crate::peers::{Peer, check_sync, free_port, ok, registered, scenario, sipp_to};
use domain::ProvedBy;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

/// Its whole configuration: REGISTER gets a Path with where it came from; what comes from the registrar follows its Route.
const EDGE: &str = r#"#!KAMAILIO
debug=0
log_stderror=yes
fork=yes
children=1
listen=udp:127.0.0.1:PORT
disable_tcp=yes
dns=no
rev_dns=no
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "textops.so"
loadmodule "path.so"
modparam("path", "use_received", 1)
request_route {
    if ($sp == REGISTRAR) {
        loose_route();
    } else {
        if (is_method("REGISTER")) {
            add_path_received();
        }
        $du = "sip:127.0.0.1:REGISTRAR";
    }
    t_relay();
}
"#;

struct Edge {
    peer: Peer,
    address: SocketAddr,
}

impl Drop for Edge {
    /// Its children end with it only when it is asked, and given a moment.
    fn drop(&mut self) {
        self.peer.terminate();
        std::thread::sleep(Duration::from_secs(1));
    }
}

/// None where it is not installed.
fn edge(lab: &Lab) -> Option<Edge> {
    let program = ["/usr/sbin/kamailio", "/usr/bin/kamailio"].into_iter().find(|program| Path::new(program).is_file());
    let Some(program) = program else {
        eprintln!("left out: Kamailio in front, which Debian's kamailio brings");
        return None;
    };
    let (folder, port) = (tempfile::tempdir().expect("a folder"), free_port());
    let config = EDGE.replace("REGISTRAR", &lab.address().port().to_string()).replace("PORT", &port.to_string());
    std::fs::write(folder.path().join("edge.cfg"), config).expect("written");
    let own = folder.path().to_str().expect("a plain path").to_owned();
    let arguments = ["-DD", "-E", "-m", "64", "-M", "4", "-Y", &own, "-f", "edge.cfg"].map(str::to_owned);
    let peer = Peer::start(program, "kamailio", folder, &arguments);
    Some(Edge { peer, address: SocketAddr::from(([127, 0, 0, 1], port)) })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_phone_behind_kamailio_is_reached_over_its_path() {
    for (notify, challenged) in [("notify_200.xml", false), ("notify_401.xml", true)] {
        let lab = Lab::start().await;
        let Some(proxy) = edge(&lab) else { return };
        let phone = sipp_to(proxy.address, "u1", Some("192.168.77.7:5062"), &scenario("register.xml"), Some(&scenario(notify)));
        registered(&lab, &phone).await;
        let binding = lab.binding(USER);
        assert_eq!((binding.source, binding.proved_by), (proxy.address, ProvedBy::Password), "{}", proxy.peer.log());
        assert!(binding.path.len() == 1 && binding.path[0].contains("received="), "{binding:?}");
        assert!(!binding.natted, "the proxy holds the way open");
        assert_eq!(check_sync(&lab).await, ok(challenged), "{notify} {} {}", phone.log(), proxy.peer.log());
    }
}
