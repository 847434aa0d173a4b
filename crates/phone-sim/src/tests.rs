//! Phones against a registrar of a few lines.

mod registrar;

use crate::{Handle, Leave, Login, Manner, Phone, Profile, Restart, State};
use registrar::Registrar;
use std::time::{Duration, Instant};
use tokio::time::{sleep, timeout};

const SOON: Duration = Duration::from_millis(250);

async fn start(registrar: &Registrar, profile: Profile, password: &str) -> Handle {
    let phone = Phone::new(profile.away_for(SOON), "desk", "a.example.net", password, registrar.address);
    Phone { retry: SOON, ..phone }.start().await.unwrap()
}

async fn registered(registrar: &Registrar, profile: Profile) -> Handle {
    let phone = start(registrar, profile, "right").await;
    until(&phone, |s| s.registered).await;
    phone
}

async fn until(phone: &Handle, good: impl FnMut(&State) -> bool) -> State {
    timeout(Duration::from_secs(30), phone.wait_for(good)).await.expect("it comes to that within half a minute")
}

#[tokio::test]
async fn registers_with_digest_and_refreshes_at_half_time() {
    let registrar = Registrar::start("right").await;
    registrar.grant(2);
    let phone = registered(&registrar, Profile::poly(false)).await;
    let began = Instant::now();
    assert_eq!(phone.state().granted, 2);
    until(&phone, |s| s.registrations >= 2).await;
    assert!(began.elapsed() >= Duration::from_millis(800), "not before half of the two seconds");
    let seen = registrar.registers();
    let auth = |i: usize| seen[i].get("authorization").unwrap_or_default().to_owned();
    assert!(seen.len() >= 3, "without credentials, with them, refresh with them at once");
    assert!(auth(0).is_empty() && auth(1).contains("nc=00000001") && auth(2).contains("nc=00000002"));
    assert!(seen.iter().all(|m| m.get("call-id") == seen[0].get("call-id")));
    assert_eq!(seen[2].get("cseq"), Some("3 REGISTER"));
}

#[tokio::test]
async fn takes_a_new_nonce_when_its_own_is_stale() {
    let registrar = Registrar::start("right").await;
    registrar.grant(1);
    let phone = registered(&registrar, Profile::snom()).await;
    registrar.forget_nonces();
    until(&phone, |s| s.registrations >= 2).await;
    assert_eq!(phone.state().refused, None);
}

#[tokio::test]
async fn asks_for_as_long_as_the_registrar_wants() {
    let registrar = Registrar::start("right").await;
    registrar.min_expires(7200);
    let phone = registered(&registrar, Profile::yealink()).await;
    assert_eq!(phone.state().granted, 7200);
}

#[tokio::test]
async fn restarts_and_comes_back_with_a_new_call_id() {
    for (profile, event) in
        [(Profile::yealink(), "check-sync;reboot=true"), (Profile::snom(), "check-sync ; Reboot=TRUE"), (Profile::poly(true), "check-sync")]
    {
        let registrar = Registrar::start("right").await;
        let leave = profile.leave;
        let phone = registered(&registrar, profile).await;
        let before = phone.state().call_id;
        assert_eq!(registrar.notify(&phone, event, None).await, Some(200));
        until(&phone, |s| s.away).await;
        assert_eq!(registrar.bound(), leave == Leave::Silent, "{event}");
        assert_eq!(registrar.options(&phone).await, None, "it is not there");
        let after = until(&phone, |s| s.registered).await;
        assert_ne!(after.call_id, before);
        assert_eq!(after.restarts, 1);
        assert_eq!(registrar.options(&phone).await, Some(200));
    }
}

#[tokio::test]
async fn stays_where_it_is_not_told_to_restart() {
    let registrar = Registrar::start("right").await;
    let phone = registered(&registrar, Profile::yealink()).await;
    assert_eq!(registrar.notify(&phone, "check-sync;reboot=false", None).await, Some(200));
    assert_eq!(registrar.notify(&phone, "check-sync", None).await, Some(200));
    assert_eq!(registrar.notify(&phone, "resync", None).await, Some(489));
    let poly = registered(&registrar, Profile::poly(false)).await;
    assert_eq!(registrar.notify(&poly, "check-sync", None).await, Some(200));
    sleep(2 * SOON).await;
    for (phone, resyncs) in [(&phone, 2), (&poly, 1)] {
        let state = phone.state();
        assert_eq!((state.restarts, state.resyncs, state.registered), (0, resyncs, true));
    }
}

#[tokio::test]
async fn challenges_and_wants_its_own_password() {
    let registrar = Registrar::start("right").await;
    let phone = registered(&registrar, Profile { manner: Manner::Challenges, ..Profile::snom() }).await;
    let event = "check-sync;reboot=true";
    assert_eq!(registrar.notify(&phone, event, None).await, Some(401));
    assert_eq!(registrar.notify(&phone, event, Some("wrong")).await, Some(401));
    assert_eq!(phone.state().restarts, 0);
    assert_eq!(registrar.notify(&phone, event, Some("right")).await, Some(200));
    until(&phone, |s| s.restarts == 1).await;
}

#[tokio::test]
async fn the_difficult_ones() {
    let registrar = Registrar::start("right").await;
    let event = "check-sync;reboot=true";
    let lost = registered(&registrar, Profile { restart: Restart::NeverReturns, ..Profile::yealink() }).await;
    assert_eq!(registrar.notify(&lost, event, None).await, Some(200));
    until(&lost, |s| s.away).await;
    sleep(3 * SOON).await;
    assert!(lost.state().away);

    let mute = registered(&registrar, Profile { manner: Manner::SaysNothing, ..Profile::snom() }).await;
    assert_eq!(registrar.notify(&mute, event, None).await, None);
    until(&mute, |s| s.restarts == 1 && s.registered).await;

    let deaf = registered(&registrar, Profile { manner: Manner::Ignores, answers_options: false, ..Profile::snom() }).await;
    assert_eq!(registrar.notify(&deaf, event, None).await, None);
    assert_eq!(registrar.options(&deaf).await, None);
    sleep(SOON).await;
    assert_eq!((deaf.state().restarts, deaf.state().registered), (0, true));
}

#[tokio::test]
async fn a_request_that_comes_again_gets_the_same_answer() {
    let registrar = Registrar::start("right").await;
    let phone = registered(&registrar, Profile::poly(false)).await;
    let request = registrar.request(&phone, "NOTIFY", "Event: check-sync\r\n");
    assert_eq!(registrar.ask(&phone, &request).await, Some(200));
    assert_eq!(registrar.ask(&phone, &request).await, Some(200));
    assert_eq!(phone.state().resyncs, 1, "done once");
}

#[tokio::test]
async fn knows_only_the_old_password_after_a_change() {
    let registrar = Registrar::start("right").await;
    let phone = registered(&registrar, Profile::yealink()).await;
    registrar.password("new");
    assert_eq!(registrar.notify(&phone, "check-sync;reboot=true", None).await, Some(200));
    let state = until(&phone, |s| s.restarts == 1 && s.refused.is_some()).await;
    assert_eq!((state.registered, state.refused), (false, Some(401)));
    let (tried, begun) = (registrar.registers().len(), Instant::now());
    while registrar.registers().len() == tried {
        assert!(begun.elapsed() < Duration::from_secs(20), "it does not try again");
        sleep(SOON).await;
    }
    phone.set_password("new").await;
    until(&phone, |s| s.registered).await;
}

fn login(password: &str) -> Login {
    Login { username: "desk".into(), realm: "a.example.net".into(), password: password.into() }
}

#[tokio::test]
async fn finds_another_username_where_it_is_provisioned() {
    let registrar = Registrar::start("right").await;
    let phone = registered(&registrar, Profile::snom()).await;
    phone.provision(Login { username: "lobby".into(), realm: "b.example.net".into(), ..login("right") }).await;
    assert_eq!(registrar.notify(&phone, "check-sync;reboot=true", None).await, Some(200));
    until(&phone, |s| s.restarts == 1 && !s.away).await;
    let asked = || registrar.registers().into_iter().next_back().unwrap();
    let begun = Instant::now();
    while !asked().get("to").unwrap().contains("sip:lobby@b.example.net") {
        assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", asked().get("to"));
        sleep(Duration::from_millis(20)).await;
    }
    assert!(asked().get("contact").unwrap().starts_with("<sip:lobby@"));
}

#[tokio::test]
async fn finds_the_new_password_where_it_is_provisioned() {
    let registrar = Registrar::start("right").await;
    let phone = registered(&registrar, Profile::snom()).await;
    registrar.password("new");
    phone.provision(login("new")).await;
    assert_eq!(registrar.notify(&phone, "check-sync;reboot=true", None).await, Some(200));
    let state = until(&phone, |s| s.restarts == 1 && s.registered).await;
    assert_eq!(state.refused, None);
    registrar.password("newer");
    phone.provision(login("newer")).await;
    assert_eq!(registrar.notify(&phone, "check-sync", None).await, Some(200));
    until(&phone, |s| s.registrations == 3 && s.restarts == 1).await;
}

#[tokio::test]
async fn switched_off_it_takes_its_registration_with_it() {
    let registrar = Registrar::start("right").await;
    let phone = registered(&registrar, Profile::yealink()).await;
    assert!(registrar.bound());
    phone.stop().await;
    assert!(!registrar.bound());
    let phone = registered(&registrar, Profile::yealink()).await;
    drop(phone);
    sleep(SOON).await;
    assert!(registrar.bound(), "a pulled plug says nothing");
}

#[tokio::test]
async fn no_password_in_its_debug() {
    let registrar = Registrar::start("right").await;
    let phone = Phone::new(Profile::yealink(), "desk", "a.example.net", "hush-hush", registrar.address);
    assert!(!format!("{phone:?}").contains("hush"));
}
