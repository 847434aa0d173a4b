//! Every page, and what is served beside pages.

use super::{House, operation};
use app::{Page, Place};
use axum::body::Body;
use domain::{BatchId, view::Made};
use http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use tower::ServiceExt;
use uuid::Uuid;

/// Every page of the account, and whether it names something that an account has. A new page does not compile until it stands here: put
/// it into the list too.
fn pages(house: &House) -> Vec<(Page, bool)> {
    let Made { seat, device, .. } = house.made;
    let list = [
        Page::Seats,
        Page::NewSeat,
        Page::Seat(seat),
        Page::Device(seat, device),
        Page::History(seat, device),
        Page::Batches,
        Page::Batch(BatchId(Uuid::now_v7())),
        Page::Carriers,
        Page::NewCarrier,
        Page::Carrier(house.carrier),
        Page::Flags,
        Page::Activity,
        Page::Tries,
        Page::Settings,
    ];
    let names = |page: Page| match page {
        Page::Seat(_) | Page::Device(..) | Page::History(..) | Page::Batch(_) | Page::Carrier(_) => true,
        Page::Seats
        | Page::NewSeat
        | Page::Batches
        | Page::Carriers
        | Page::NewCarrier
        | Page::Flags
        | Page::Activity
        | Page::Tries
        | Page::Settings => false,
    };
    list.map(|page| (page, names(page))).to_vec()
}

/// Whether anybody may come to it: only what is outside of every account, or is no path.
const fn open(place: Place) -> bool {
    match place {
        Place::Account(..) => false,
        Place::Home
        | Place::Setup
        | Place::SignIn
        | Place::Invite
        | Place::SignedOut
        | Place::SignInAgain
        | Place::Reboot
        | Place::Unregister
        | Place::Conflict
        | Place::Nowhere => true,
    }
}

impl House {
    async fn get(&self, path: &str, token: Option<&str>) -> (StatusCode, String) {
        let mut request = Request::get(path).header(header::HOST, "127.0.0.1:3000").header(header::ACCEPT, "text/html");
        if let Some(token) = token {
            request = request.header(header::COOKIE, format!("seatline={token}"));
        }
        self.ask(request.body(Body::empty()).unwrap()).await
    }
}

#[tokio::test]
async fn every_page_wants_a_session_and_is_not_found_by_another_account() {
    let house = House::new().await;
    let second = house.service.session(&house.stranger).await.unwrap().unwrap();
    let own = house.service.me(&second).await.unwrap().accounts[0].id;
    for (page, names) in pages(&house) {
        let place = Place::Account(house.account, page);
        assert!(!open(place));
        let path = place.to_string();
        let (status, body) = house.get(&path, None).await;
        assert!(matches!(status, StatusCode::SEE_OTHER | StatusCode::FOUND | StatusCode::UNAUTHORIZED), "{path}: {status}");
        assert!(!body.contains("Desk of the first") && !body.contains("Trunk of the first"), "{path}");
        let (status, body) = house.get(&path, Some(&house.stranger)).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert!(!body.contains("Desk of the first") && !body.contains("Trunk of the first"), "{path}");
        // The same page of one's own account is there; what is another account's is not there either.
        let path = Place::Account(own, page).to_string();
        let (status, body) = house.get(&path, Some(&house.stranger)).await;
        assert_eq!(status, if names { StatusCode::NOT_FOUND } else { StatusCode::OK }, "{path}");
        assert!(!body.contains("Desk of the first") && !body.contains("Trunk of the first"), "{path}");
    }
}

#[tokio::test]
async fn the_live_stream_wants_a_session_and_health_does_not() {
    let house = House::new().await;
    let live = format!("/live/{}", house.account);
    assert_eq!(house.get(&live, None).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(house.get(&live, Some(&house.stranger)).await.0, StatusCode::NOT_FOUND);
    assert_eq!(house.get("/healthz", None).await.0, StatusCode::OK);
    assert_eq!(house.get("/readyz", None).await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_live_stream_goes_on_from_the_last_number_that_the_browser_has() {
    let house = House::new().await;
    // Numbers run through all accounts.
    let events: Vec<i64> = house.store.read().events_after(&[house.account], 0, 100).await.unwrap().iter().map(|event| event.seq).collect();
    let [first, second, third, .., before, last] = events[..] else { panic!("{events:?}") };
    for (query, header, expected) in [
        (format!("?after={first}"), None, second),
        (format!("?after={first}"), Some(before.to_string()), last),
        (String::new(), Some(before.to_string()), last),
        (format!("?after={second}"), Some("none".into()), third),
    ] {
        let mut request = Request::get(format!("/live/{}{query}", house.account))
            .header(header::HOST, "127.0.0.1:3000")
            .header(header::COOKIE, format!("seatline={}", house.viewer));
        if let Some(id) = &header {
            request = request.header("last-event-id", id);
        }
        let mut body = house.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap().into_body();
        let frame = body.frame().await.unwrap().unwrap().into_data().unwrap();
        let id = String::from_utf8_lossy(&frame).lines().find_map(|line| line.strip_prefix("id:")?.trim().parse::<i64>().ok());
        assert_eq!(id, Some(expected), "{query} {header:?}");
    }
}

#[tokio::test]
async fn the_document_bears_the_page_s_title_before_its_script_is_alive() {
    let house = House::new().await;
    let get = async |path: String| house.get(&format!("/a/{}/{path}", house.account), Some(&house.viewer)).await.1;
    let House { service, admin, account, made, .. } = &house;
    let seat = service.new_seat(admin, *account, operation(), "R&D <lab>".into(), "1003".into(), String::new()).await.unwrap().seat;
    for (path, title) in [
        ("seats".to_owned(), "Seats"),
        (format!("seats/{}/devices/{}", made.seat, made.device), "Viewing New Device"),
        (format!("seats/{seat}"), "R&amp;D &lt;lab&gt;"),
        ("activity".to_owned(), "Activity"),
    ] {
        let page = get(path.clone()).await;
        assert!(page.contains(&format!("<title>{title} · Seatline</title>")), "{path}: {}", &page[..page.len().min(600)]);
        assert_eq!(page.matches("<title>").count(), 1, "{path}");
    }
    let elsewhere = get(format!("seats/{seat}/devices/{}", made.device)).await;
    assert!(elsewhere.contains("There is nothing at this address."), "a device is found under its own seat alone");
}
