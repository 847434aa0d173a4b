//! What is told of a device on the network.

use super::house::House;
use crate::phones::{Capabilities, PhoneEngine, PhoneFlow};
use domain::{AccountId, Binding, BindingKey, Clock, DAY, DeviceId, Dropped, Penalty, ProvedBy, RegistrarEvent, Transport};
use parking_lot::Mutex;
use std::{collections::HashSet, net::IpAddr, sync::Arc, thread::JoinHandle};
use store::NewPhoneEvent;

#[tokio::test]
async fn what_phones_did_is_kept_for_thirty_days() {
    let house = House::new().await;
    let device = house.seat_at("Front desk", "1001").await.device;
    let old = house.site.clock.now() - 30 * DAY;
    let event =
        |at| NewPhoneEvent { account: Some(house.account), device: Some(device), at, kind: "reconnected".into(), detail: "{}".into() };
    house.site.log.apply(&[], &[], &[&event(old - 1), &event(old), &event(old + DAY)]).await.unwrap();
    let kept = async || house.site.log.phone_events(device, 10, None).await.unwrap().into_iter().map(|e| e.at).collect::<Vec<_>>();
    house.tidy().await;
    assert_eq!(kept().await, [old + DAY, old]);
    house.site.clock.pass(1);
    house.tidy().await;
    assert_eq!(kept().await, [old + DAY]);
}

#[tokio::test]
async fn registrations_of_the_last_day_are_counted_however_many_and_whatever_the_clock_s_zone() {
    let house = House::new().await;
    let device = house.seat_at("Front desk", "1001").await.device;
    let now = house.site.clock.now();
    let event =
        |at| NewPhoneEvent { account: Some(house.account), device: Some(device), at, kind: "registered".into(), detail: "null".into() };
    let mut events: Vec<NewPhoneEvent> = (0..500).map(|i| event(now - DAY + i)).collect();
    events.push(event(now - DAY - 1));
    events.push(NewPhoneEvent { kind: "dropped".into(), ..event(now) });
    house.site.log.apply(&[], &[], &events.iter().collect::<Vec<_>>()).await.unwrap();
    assert_eq!(house.network(device).await.earlier, 500);
    house.site.clock.pass(250);
    assert_eq!(house.network(device).await.earlier, 250);
}

/// Tells the registration of a device, on a thread of its own.
type Tell = Box<dyn FnOnce(DeviceId) -> JoinHandle<()> + Send>;

/// Knows who is registered. A device of which it is asked while it is not registers right then, once, and `on_asked` tells.
#[derive(Default)]
struct Engine {
    registered: Mutex<HashSet<DeviceId>>,
    on_asked: Mutex<Option<Tell>>,
    told: Mutex<Option<JoinHandle<()>>>,
}

impl PhoneEngine for Engine {
    fn capabilities(&self) -> Capabilities {
        Capabilities { reports_status: true, answers_challenge: true }
    }
    fn bindings(&self, _: DeviceId) -> Vec<Binding> {
        Vec::new()
    }
    fn all_bindings(&self) -> Vec<Binding> {
        Vec::new()
    }
    fn is_registered(&self, device: DeviceId) -> bool {
        let registered = self.registered.lock().contains(&device);
        if !registered && let Some(on_asked) = self.on_asked.lock().take() {
            self.registered.lock().insert(device);
            *self.told.lock() = Some(on_asked(device));
        }
        registered
    }
    fn end_device(&self, _: DeviceId, _: Dropped) {}
    fn end_binding(&self, _: &BindingKey, _: Dropped) {}
    fn penalties(&self, _: AccountId) -> Vec<Penalty> {
        Vec::new()
    }
    fn lift_penalty(&self, _: AccountId, _: IpAddr, _: &str, _: &str) -> bool {
        false
    }
    fn flow(&self, _: &BindingKey) -> Option<Arc<dyn PhoneFlow>> {
        None
    }
}

fn registered(account: AccountId, device: DeviceId) -> RegistrarEvent {
    RegistrarEvent::Registered(Binding {
        account,
        device,
        aor: "sip:desk@first.test".into(),
        contact: "sip:desk@127.0.0.1:5062".into(),
        source: ([127, 0, 0, 1], 5062).into(),
        transport: Transport::Udp,
        connection: None,
        path: Vec::new(),
        instance: None,
        reg_id: None,
        user_agent: None,
        call_id: "c".into(),
        cseq: 1,
        q: None,
        proved_by: ProvedBy::Password,
        natted: false,
        reachable: true,
        since: 0,
        refreshed: 0,
        expires: DAY,
    })
}

#[tokio::test]
async fn what_registers_while_the_engine_is_being_connected_is_known() {
    let house = House::new().await;
    let (early, late) = (house.seat_at("Front desk", "1001").await.device, house.seat_at("Back office", "1002").await.device);
    let engine = Arc::new(Engine::default());
    // Between the engine's start and its connection: told to nobody who could ask it.
    engine.registered.lock().insert(early);
    house.registrar_event(registered(house.account, early));
    // And once during the connection, just after it was asked.
    let (service, account) = (house.site.service.clone(), house.account);
    *engine.on_asked.lock() =
        Some(Box::new(move |device| std::thread::spawn(move || service.registrar_event(registered(account, device)))));
    house.connect(engine.clone());
    engine.told.lock().take().expect("it was asked for every device").join().unwrap();
    let roster = house.inner.phones.roster.read();
    assert_eq!((roster.is_registered(early), roster.is_registered(late)), (true, true));
    assert_eq!(roster.registered_in(house.account), 2);
}
