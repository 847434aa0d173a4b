//! A SIP password goes out through `look_password` alone.

use super::{House, READS, operation};
use domain::form::PatchItem;
use domain::{Field, Patch, Value};
use http::StatusCode;
use md5::{Digest, Md5};
use serde_json::json;
use sha2::Sha256;

const PASSWORD: &str = "known-Password-of-a-phone";

#[tokio::test]
async fn no_answer_but_the_one_to_a_look_holds_a_sip_password_or_what_stands_for_it() {
    let house = House::new().await;
    let House { service, admin, account, made, .. } = &house;
    let first = service.look_password(admin, *account, made.device).await.unwrap();
    let record = service.device(admin, *account, made.device).await.unwrap().record;
    let item = |value| PatchItem { field: Field::Password, based_on: record.stamp(Field::Password.unit()), value };
    let patch = Patch { operation: operation(), items: vec![item(Value::secret(PASSWORD))] };
    let here = "127.0.0.1".parse::<std::net::IpAddr>().unwrap();
    let token = service.sign_in(here, "first".into(), super::Secret::new("a long enough password")).await.unwrap().token.to_string();
    let call = async |function: &str, args: &serde_json::Value| {
        let (status, body) = house.call(function, args, Some(&token)).await;
        assert_eq!(status, StatusCode::OK, "{function}: {body}");
        body
    };
    let save = json!({ "account": account, "device": made.device, "patch": patch, "then_reboot": true });
    let mut answers = vec![("save_device", call("save_device", &save).await), ("save_device", call("save_device", &save).await)];
    let mut arguments = house.arguments();
    let mut start = arguments["start_batch"].clone();
    start["operation"] = json!(operation());
    let batch: serde_json::Value = serde_json::from_str(&call("start_batch", &start).await).unwrap();
    arguments.get_mut("batch").unwrap()["batch"] = batch;
    arguments.get_mut("saved_before").unwrap()["operation"] = json!(patch.operation);
    for function in READS.into_iter().chain(["me", "penalties", "preview_batch"]) {
        answers.push((function, call(function, &arguments[function]).await));
    }
    // They do tell of the device.
    let name = record.text(Field::Username);
    assert!(answers.iter().any(|(_, body)| body.contains(name)));

    let look = call("look_password", &json!({ "account": account, "device": made.device })).await;
    assert!(look.contains(PASSWORD));
    let settled = service.device(admin, *account, made.device).await.unwrap();
    for password in [PASSWORD, first.expose()] {
        let ha1 = format!("{name}:{}:{password}", settled.effective_realm);
        for secret in [password.to_owned(), hex::encode(Md5::digest(&ha1)), hex::encode(Sha256::digest(&ha1))] {
            for (function, body) in &answers {
                assert!(!body.contains(&secret), "{function}: {body}");
            }
        }
    }
}
