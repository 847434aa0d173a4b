//! The server functions as a browser calls them.

use crate::{client::Answer, seatline::Seatline};
use serde_json::{Value, json};

/// Somebody who is signed in.
pub struct Api<'a> {
    server: &'a Seatline,
    cookie: String,
    pub account: Value,
}

fn post(server: &Seatline, function: &str, cookie: &str, args: &Value) -> Answer {
    let (body, host) = (args.to_string(), server.pages);
    server.ask(&format!(
        "POST /api/{function} HTTP/1.1\r\nhost: {host}\r\norigin: http://{host}\r\ncookie: {cookie}\r\ncontent-type: application/json\r\naccept: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    ))
}

fn read(function: &str, answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{function}: {}", answer.text());
    serde_json::from_slice(&answer.body).unwrap()
}

impl<'a> Api<'a> {
    /// Signs in to the demo.
    pub fn of_demo(server: &'a Seatline) -> Self {
        Self::entered(server, "sign_in", &json!({ "name": "demo", "password": "seatline-demo" }))
    }

    /// Calls a function that signs in.
    pub fn entered(server: &'a Seatline, function: &str, args: &Value) -> Self {
        let answer = post(server, function, "", args);
        let me = read(function, &answer);
        let cookie = answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
        Self { server, cookie, account: me["accounts"][0]["id"].clone() }
    }

    /// The session's token.
    pub fn token(&self) -> &str {
        self.cookie.split_once('=').unwrap().1
    }

    /// Calls a function in the account, with an operation of its own.
    pub fn call(&self, function: &str, args: Value) -> Value {
        let mut all = json!({ "account": self.account, "operation": uuid::Uuid::now_v7() });
        let Value::Object(args) = args else { panic!("not an object") };
        all.as_object_mut().unwrap().extend(args);
        read(function, &post(self.server, function, &self.cookie, &all))
    }

    /// Saves one value of a device.
    pub fn save(&self, device: &Value, field: &str, value: &Value) {
        let stamps = self.call("device", json!({ "device": device }))["record"]["stamps"].clone();
        let never = json!({ "version": 0, "by": "", "by_id": null, "at": 0 });
        let item = json!({ "field": field, "based_on": stamps.get(field).unwrap_or(&never), "value": value });
        let patch = json!({ "operation": uuid::Uuid::now_v7(), "items": [item] });
        self.call("save_device", json!({ "device": device, "patch": patch, "then_reboot": false }));
    }

    /// What a device has registered.
    pub fn bindings(&self, device: &Value) -> Vec<Value> {
        let view = self.call("device", json!({ "device": device }));
        view["network"]["bindings"].as_array().unwrap_or_else(|| panic!("{view}")).clone()
    }

    /// The ids of all devices.
    pub fn devices(&self) -> Vec<Value> {
        let ask = json!({ "text": "", "not_registered": false, "sort": "name", "descending": false, "after": null });
        let seats = self.call("seats", json!({ "ask": ask }));
        seats["rows"].as_array().unwrap().iter().flat_map(|row| row["devices"].as_array().unwrap()).map(|d| d["id"].clone()).collect()
    }
}
