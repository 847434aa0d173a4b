//! `--demo`: three phones that register over real SIP, also after an operator has changed what they began with.

use crate::seatline::Seatline;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const PASSWORD: &str = "seatline-demo";

struct Demo {
    server: Seatline,
    account: String,
    cookie: String,
}

impl Demo {
    fn entered(server: Seatline, password: &str) -> Self {
        let (account, cookie) = server.sign_in("demo", password);
        Self { server, account, cookie }
    }

    fn call(&self, function: &str, mut args: Value) -> Value {
        args["account"] = json!(self.account);
        let answer = self.server.post_with(&format!("/api/{function}"), &args.to_string(), &format!("cookie: {}\r\n", self.cookie));
        assert_eq!(answer.status, 200, "{function}: {}", answer.text());
        serde_json::from_slice(&answer.body).unwrap()
    }

    fn seats(&self) -> Value {
        self.call(
            "seats",
            json!({ "ask": { "text": "", "not_registered": false, "sort": "extension", "descending": false, "after": null } }),
        )
    }

    /// Waits until so many are registered; answers the list.
    fn registered(&self, n: u64) -> Value {
        let begun = Instant::now();
        loop {
            let page = self.seats();
            if page["registered"] == n {
                return page;
            }
            assert!(begun.elapsed() < Duration::from_mins(1), "{} of {n} registered", page["registered"]);
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    fn save(&self, device: &Value, values: &[(&str, Value)]) {
        let record = self.call("device", json!({ "device": device }))["record"].clone();
        let nothing = json!({ "version": 0, "by": "", "by_id": null, "at": 0 });
        let stamp = |field: &str| {
            let unit = if field == "username" { "method" } else { field };
            record["stamps"].get(unit).cloned().unwrap_or_else(|| nothing.clone())
        };
        let items: Vec<Value> =
            values.iter().map(|(field, value)| json!({ "field": field, "based_on": stamp(field), "value": value })).collect();
        let patch = json!({ "operation": uuid::Uuid::now_v7(), "items": items });
        self.call("save_device", json!({ "device": device, "patch": patch, "then_reboot": false }));
    }
}

#[test]
fn three_phones_register_also_after_everything_was_changed() {
    let demo = Demo::entered(Seatline::start(&["--demo"]), PASSWORD);
    let page = demo.registered(3);
    let device = |i: usize| page["rows"][i]["devices"][0]["id"].clone();
    demo.call("add_realm", json!({ "name": "other.seatline.test" }));
    demo.save(&device(0), &[("name", json!({ "text": "Renamed" })), ("username", json!({ "text": "desk_one" }))]);
    demo.save(&device(1), &[("realm", json!({ "realm": "other.seatline.test" }))]);
    demo.call("change_password", json!({ "old": PASSWORD, "new": "another long password" }));

    let Demo { server, .. } = demo;
    let demo = Demo::entered(server.restarted(&["--demo"]), "another long password");
    let page = demo.registered(3);
    assert_eq!(page["rows"][0]["devices"][0]["name"], "Renamed");
    // A phone whose device was deleted stays away, and keeps nobody from starting.
    demo.call("delete_device", json!({ "device": page["rows"][2]["devices"][0]["id"], "operation": uuid::Uuid::now_v7() }));
    let Demo { server, .. } = demo;
    Demo::entered(server.restarted(&["--demo"]), "another long password").registered(2);
}
