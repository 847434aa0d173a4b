//! Sessions end, and what goes in and out is told where it counts.

use super::house::{HERE, House, PASSWORD, Site, password};
use crate::Knock;
use domain::{EventKind, HOUR, MINUTE, Problem, Role, Secret};

#[tokio::test]
async fn a_session_ends_when_nobody_used_it_for_twelve_hours() {
    let house = House::new().await;
    let token = house.sign_in(HERE, "ada".into(), password()).await.unwrap().token;
    let lives = async || house.session(&token).await.unwrap().is_some();
    for _ in 0..3 {
        house.site.clock.pass(12 * HOUR - 1);
        assert!(lives().await, "each request keeps it fresh");
    }
    house.site.clock.pass(12 * HOUR);
    assert!(!lives().await);
    assert!(!house.is_open(&house.admin).await, "the live stream of an idle session ends too");
}

#[tokio::test]
async fn what_a_page_asks_by_itself_keeps_no_session_fresh() {
    let house = House::new().await;
    let token = house.sign_in(HERE, "ada".into(), password()).await.unwrap().token;
    let unattended = async || house.session_unattended(&token).await.unwrap();
    for _ in 0..11 {
        house.site.clock.pass(HOUR);
        assert_eq!(unattended().await.unwrap().name, "ada", "it lives as long as it would");
    }
    house.site.clock.pass(HOUR);
    assert!(unattended().await.is_none());
    assert!(house.session(&token).await.unwrap().is_none());
}

#[tokio::test]
async fn a_session_ends_after_seven_days_in_any_case() {
    let house = House::new().await;
    let entered = house.sign_in(HERE, "ada".into(), password()).await.unwrap();
    assert_eq!(entered.max_age, 7 * 24 * 3600, "the cookie lives as long");
    let lives = async || house.session(&entered.token).await.unwrap().is_some();
    for _ in 0..7 * 4 - 1 {
        house.site.clock.pass(6 * HOUR);
        assert!(lives().await);
    }
    house.site.clock.pass(6 * HOUR - 1);
    assert!(lives().await);
    house.site.clock.pass(1);
    assert!(!lives().await);
}

#[tokio::test]
async fn a_database_that_can_not_be_read_signs_nobody_out() {
    let house = House::new().await;
    let token = house.sign_in(HERE, "ada".into(), password()).await.unwrap().token;
    house.site.store.clone().close().await;
    assert!(matches!(house.session(&token).await, Err(Problem::Failed { .. })));
}

#[tokio::test]
async fn a_browser_where_the_operator_signed_in_waits_for_its_own_tries_only() {
    let house = House::new().await;
    house.operator("bob", "First", Role::Viewer).await;
    let known = house.sign_in(HERE, "ada".into(), password()).await.unwrap().known;
    let own = Knock { address: HERE, known: Some(known.to_string()) };
    let tries = async |knock: Knock, name: &str, secret: Secret| house.sign_in(knock, name.into(), secret).await.map(drop);
    let wrong = || Secret::new("not the password at all");
    let waits = |answer: Result<(), Problem>| matches!(answer, Err(Problem::SlowDown { .. }));
    for _ in 0..10 {
        let _ = tries(HERE.into(), "ada", wrong()).await;
    }
    for n in 0..30 {
        let _ = tries(HERE.into(), &format!("name {n}"), wrong()).await;
    }
    assert!(waits(tries(HERE.into(), "ada", password()).await), "others wait at this address");
    let forged = |token: &str| Knock { address: HERE, known: Some(token.into()) };
    let other = known.replace(&known[20..24], "AAAA");
    for token in ["", "AAAA", &other, &known[1..]] {
        assert!(waits(tries(forged(token), "ada", password()).await), "no token of ours: {token}");
    }
    assert!(waits(tries(own.clone(), "bob", password()).await), "the token is of one operator");
    tries(own.clone(), "Ada", password()).await.unwrap();
    for _ in 0..6 {
        assert!(matches!(tries(own.clone(), "ada", wrong()).await, Err(Problem::WrongSignIn)));
    }
    assert!(waits(tries(own, "ada", password()).await), "who guesses in a known browser waits too");
}

#[tokio::test]
async fn the_setup_code_is_good_for_an_hour_and_once() {
    let site = Site::new().await;
    let setup = async |code: &str, name: &str| {
        let (code, name) = (Secret::new(code), name.to_owned());
        site.service.setup(HERE, code, name, password(), "First".into(), "first.test".into()).await.map(drop)
    };
    let refused = |answer: Result<(), Problem>| match answer {
        Err(Problem::Refused { why }) => why,
        other => panic!("{other:?}"),
    };
    let old = site.service.make_setup_code().await.unwrap().unwrap();
    site.clock.pass(HOUR);
    assert!(refused(setup(old.expose(), "ada").await).contains("expired"));
    let code = site.service.make_setup_code().await.unwrap().unwrap();
    site.clock.pass(HOUR - 1);
    assert!(refused(setup(old.expose(), "ada").await).contains("not the code"), "the one before it counts no more");
    setup(code.expose(), "ada").await.unwrap();
    assert!(refused(setup(code.expose(), "bob").await).contains("set up already"));
    assert!(site.service.make_setup_code().await.unwrap().is_none());
}

#[tokio::test]
async fn signing_in_and_out_is_told_in_every_account_of_the_operator() {
    let house = House::new().await;
    let second = house.add_account("Second", "second.test").await.unwrap();
    let third = house.add_account("Third", "third.test").await.unwrap();
    house.operator("bob", "First", Role::Viewer).await;
    house.add_operator("bob", None, Some("Second"), Role::Admin).await.unwrap();
    let bob = house.signed_in("bob").await;
    house.sign_out(&bob).await.unwrap();
    let row = [("bob".to_owned(), "bob".to_owned())];
    for kind in [EventKind::SignedIn, EventKind::SignedOut] {
        assert_eq!(house.told(second, kind).await, row, "{kind:?}");
        assert!(house.told(house.account, kind).await.contains(&row[0]), "{kind:?}");
        assert!(house.told(third, kind).await.is_empty(), "{kind:?}: where bob has no role nobody hears of him");
    }
}

#[tokio::test]
async fn a_refused_request_is_told_once_a_minute_of_each_kind() {
    let house = House::new().await;
    let viewer = house.operator("eve", "First", Role::Viewer).await;
    let forbidden = async || house.told(house.account, EventKind::Forbidden).await.len();
    let try_both = async |times: usize| {
        for _ in 0..times {
            assert!(matches!(house.rename_account(&viewer, house.account, "x".into(), None).await, Err(Problem::NotAllowed { .. })));
            assert!(matches!(house.add_realm(&viewer, house.account, "x.test".into()).await, Err(Problem::NotAllowed { .. })));
        }
    };
    try_both(20).await;
    assert_eq!(forbidden().await, 2, "one of each kind");
    house.site.clock.pass(MINUTE - 1);
    try_both(1).await;
    assert_eq!(forbidden().await, 2);
    house.site.clock.pass(1);
    try_both(5).await;
    assert_eq!(forbidden().await, 4);
}

#[tokio::test]
async fn a_password_and_what_is_told_of_it_are_changed_together_or_not_at_all() {
    let house = House::new().await;
    house.operator("bob", "First", Role::Operator).await;
    let other = || Secret::new("another password, longer");
    house.site.sql("ALTER TABLE events RENAME TO away").await;
    assert!(house.change_password(&house.admin, password(), other()).await.is_err());
    assert!(house.set_operator_password("bob", &other()).await.is_err());
    assert!(house.sign_in(HERE, "bob".into(), password()).await.is_err());
    assert!(house.sign_out(&house.admin).await.is_err());
    house.site.sql("ALTER TABLE away RENAME TO events").await;
    assert!(house.is_open(&house.admin).await, "it was not signed out");
    for name in ["ada", "bob"] {
        house.sign_in(HERE, name.into(), Secret::new(PASSWORD)).await.unwrap();
    }
    house.change_password(&house.admin, password(), other()).await.unwrap();
    house.set_operator_password("bob", &other()).await.unwrap();
    let told = house.told(house.account, EventKind::OperatorPasswordChanged).await;
    assert_eq!(told, [("command line".to_owned(), "bob".to_owned()), ("ada".to_owned(), "ada".to_owned())]);
}
