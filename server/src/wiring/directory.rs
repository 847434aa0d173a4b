//! Who may register and who is called how, in memory: the registrar asks at every request, and no database is in its way.

mod calls;

use calls::Calls;
use domain::{AccountId, DeviceId, SeatId, routing::Carrier, rules::ip::unwrapped};
use parking_lot::RwLock;
use secrecy::ExposeSecret;
use service::{PhoneDirectory, Previous};
use sip::{CallRules, Credential, RealmPolicy, Registrant, ha1_md5, ha1_sha256};
use std::{
    collections::{BTreeMap, HashMap},
    net::IpAddr,
    sync::Arc,
};
use store::{DirectoryRow, ExtensionRow, RealmRow};

/// Every undeleted device, by name, by source and by what calls it.
#[derive(Default)]
pub struct Directory {
    tables: RwLock<Tables>,
}

#[derive(Default)]
struct Tables {
    realms: HashMap<String, RealmPolicy>,
    devices: HashMap<DeviceId, Held>,
    /// By realm and username, both in lower case.
    names: HashMap<(String, String), DeviceId>,
    /// How many devices have a username, in lower case, in whatever realm.
    usernames: HashMap<String, u32>,
    /// By the low end; ranges of different devices never overlap.
    sources: BTreeMap<IpAddr, (IpAddr, DeviceId)>,
    calls: Calls,
    /// What phones that are waited for may come back with, by name as `names`.
    previous: HashMap<(String, String), sip::Previous>,
}

struct Held {
    registrant: Registrant,
    lows: Vec<IpAddr>,
}

fn key(realm: &str, username: &str) -> (String, String) {
    (realm.to_ascii_lowercase(), username.to_ascii_lowercase())
}

impl Tables {
    fn remove(&mut self, device: DeviceId) {
        let Some(held) = self.devices.remove(&device) else { return };
        self.calls.remove(device);
        let name = key(&held.registrant.realm, &held.registrant.username);
        // Another device may have taken the name or the range meanwhile.
        if self.names.get(&name) == Some(&device) {
            self.names.remove(&name);
        }
        if let Some(many) = self.usernames.get_mut(&name.1) {
            *many -= 1;
            if *many == 0 {
                self.usernames.remove(&name.1);
            }
        }
        for low in held.lows {
            if self.sources.get(&low).is_some_and(|(_, holder)| *holder == device) {
                self.sources.remove(&low);
            }
        }
    }
}

impl PhoneDirectory for Directory {
    fn realms(&self, realms: Vec<RealmRow>) {
        let policy = |r: &RealmRow| RealmPolicy { account: r.account, sha256: r.sha256 };
        self.tables.write().realms = realms.iter().map(|r| (r.name.clone(), policy(r))).collect();
    }

    fn knows(&self, realm: &str) -> bool {
        self.tables.read().realms.contains_key(realm)
    }

    fn put(&self, row: DirectoryRow) {
        let password = row.password.as_ref().map_or("", |p| p.expose_secret());
        let credential = if row.method_ip {
            Credential::Source
        } else {
            Credential::Digest {
                md5: ha1_md5(&row.username, &row.realm, password),
                sha256: ha1_sha256(&row.username, &row.realm, password),
            }
        };
        // A device without a password can't prove itself by one.
        let enabled = row.enabled && (row.method_ip || row.password.is_some());
        let mut tables = self.tables.write();
        tables.remove(row.device);
        tables.calls.put(&row);
        let mut lows = Vec::new();
        for range in &row.ranges {
            tables.sources.insert(range.low(), (range.high(), row.device));
            lows.push(range.low());
        }
        let name = key(&row.realm, &row.username);
        *tables.usernames.entry(name.1.clone()).or_default() += 1;
        tables.names.insert(name, row.device);
        let registrant = Registrant {
            account: row.account,
            device: row.device,
            realm: row.realm,
            username: row.username,
            enabled,
            expire_seconds: row.expire_seconds,
            credential,
        };
        tables.devices.insert(row.device, Held { registrant, lows });
    }

    fn remove(&self, device: DeviceId) {
        self.tables.write().remove(device);
    }

    fn previous(&self, device: DeviceId, before: Option<Previous>) {
        let before = before.map(|Previous { realm, username, password }| {
            let password = password.expose_secret();
            let (md5, sha256) = (ha1_md5(&username, &realm, password), ha1_sha256(&username, &realm, password));
            (key(&realm, &username), sip::Previous { device, md5, sha256 })
        });
        let previous = &mut self.tables.write().previous;
        previous.retain(|_, known| known.device != device);
        previous.extend(before);
    }

    fn put_seat(&self, row: ExtensionRow) {
        self.tables.write().calls.put_seat(row);
    }

    fn remove_seat(&self, seat: SeatId) {
        self.tables.write().calls.remove_seat(seat);
    }

    fn carriers(&self, account: AccountId, carriers: Vec<Carrier>) {
        self.tables.write().calls.carriers.insert(account, carriers.into());
    }
}

impl sip::Directory for Directory {
    fn realm(&self, realm: &str) -> Option<RealmPolicy> {
        self.tables.read().realms.get(realm).copied()
    }

    fn all_take_sha256(&self) -> bool {
        let tables = self.tables.read();
        !tables.realms.is_empty() && tables.realms.values().all(|policy| policy.sha256)
    }

    fn by_username(&self, realm: &str, username: &str) -> Option<Registrant> {
        let tables = self.tables.read();
        let device = tables.names.get(&key(realm, username))?;
        tables.devices.get(device).map(|held| held.registrant.clone())
    }

    fn previous(&self, realm: &str, username: &str) -> Option<sip::Previous> {
        let tables = self.tables.read();
        // Nearly always: every failed REGISTER asks.
        if tables.previous.is_empty() { None } else { tables.previous.get(&key(realm, username)).copied() }
    }

    fn is_username(&self, username: &str) -> bool {
        self.tables.read().usernames.contains_key(&username.to_ascii_lowercase())
    }

    fn by_source(&self, ip: IpAddr) -> Option<Registrant> {
        let ip = unwrapped(ip);
        let tables = self.tables.read();
        let (low, (high, device)) = tables.sources.range(..=ip).next_back()?;
        let holds = low.is_ipv4() == ip.is_ipv4() && ip <= *high;
        holds.then(|| tables.devices.get(device).map(|held| held.registrant.clone())).flatten()
    }

    fn by_extension(&self, account: AccountId, extension: &str) -> Option<Vec<DeviceId>> {
        self.tables.read().calls.by_extension(account, extension)
    }

    fn by_number(&self, account: AccountId, number: &str) -> Vec<DeviceId> {
        self.tables.read().calls.by_number(account, number)
    }

    fn call_rules(&self, device: DeviceId) -> Option<Arc<CallRules>> {
        self.tables.read().calls.rules(device)
    }

    fn carriers(&self, account: AccountId) -> Arc<[Carrier]> {
        self.tables.read().calls.carriers.get(&account).cloned().unwrap_or_default()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use domain::{AccountId, RealmId, SeatId, rules::ip::IpRange};
    use sip::Directory as _;
    use uuid::Uuid;

    pub(super) fn row(n: u128, username: &str, ranges: &[&str]) -> DirectoryRow {
        DirectoryRow {
            device: DeviceId(Uuid::from_u128(n)),
            account: AccountId(Uuid::from_u128(1)),
            seat: SeatId(Uuid::from_u128(1)),
            realm: "sip.test".into(),
            username: username.into(),
            enabled: true,
            method_ip: !ranges.is_empty(),
            inherits: true,
            expire_seconds: 360,
            ranges: ranges.iter().map(|r| IpRange::parse(r).unwrap()).collect(),
            password: Some("secret-one".into()),
            invite_format: "username".into(),
            number: String::new(),
            route: String::new(),
            outbound_flags: Vec::new(),
        }
    }

    #[test]
    fn a_realm_of_nobody_is_challenged_with_sha256_where_every_realm_is() {
        let d = Directory::default();
        let (id, account) = (RealmId(Uuid::from_u128(1)), AccountId(Uuid::from_u128(1)));
        let realm = |name: &str, sha256| RealmRow { id, account, name: name.into(), is_default: false, sha256 };
        for (realms, all) in [
            (vec![], false),
            (vec![realm("a.test", true)], true),
            (vec![realm("a.test", true), realm("b.test", true)], true),
            (vec![realm("a.test", true), realm("b.test", false)], false),
        ] {
            d.realms(realms);
            assert_eq!(d.all_take_sha256(), all);
        }
    }

    #[test]
    fn a_source_finds_the_device_whose_range_holds_it() {
        let d = Directory::default();
        d.put(row(1, "a1", &["127.0.0.2-127.0.0.4"]));
        d.put(row(2, "a2", &["127.0.0.9", "2001:db8::/64"]));
        let found = |ip: &str| d.by_source(ip.parse().unwrap()).map(|r| r.username);
        assert_eq!(found("127.0.0.4").as_deref(), Some("a1"));
        assert_eq!(found("127.0.0.5"), None);
        assert_eq!(found("::ffff:127.0.0.9").as_deref(), Some("a2"));
        assert_eq!(found("2001:db8::7").as_deref(), Some("a2"));
        assert_eq!(found("::1"), None);
        d.put(row(1, "a1", &[]));
        assert_eq!(found("127.0.0.4"), None);
    }

    #[test]
    fn what_a_device_had_before_is_known_until_it_is_forgotten() {
        let d = Directory::default();
        let before = |username: &str| Some(Previous { realm: "sip.test".into(), username: username.into(), password: "old".into() });
        let found = |username: &str| sip::Directory::previous(&d, "sip.test", username).map(|p| (p.device, p.md5));
        let (first, second) = (DeviceId(Uuid::from_u128(1)), DeviceId(Uuid::from_u128(2)));
        PhoneDirectory::previous(&d, first, before("Desk1"));
        PhoneDirectory::previous(&d, second, before("desk2"));
        assert!(found("DESK1") == Some((first, ha1_md5("Desk1", "sip.test", "old"))));
        PhoneDirectory::previous(&d, first, before("desk3"));
        assert!(found("desk1").is_none() && found("desk3").is_some());
        PhoneDirectory::previous(&d, first, None);
        assert!(found("desk3").is_none() && found("desk2").is_some_and(|(device, _)| device == second));
    }

    #[test]
    fn a_name_follows_its_device() {
        let d = Directory::default();
        d.put(row(1, "Desk1", &[]));
        assert!(d.by_username("SIP.test", "desk1").is_some());
        d.put(row(2, "desk1", &[]));
        d.put(row(1, "desk2", &[]));
        assert_eq!(d.by_username("sip.test", "DESK1").unwrap().device, DeviceId(Uuid::from_u128(2)));
        assert!(d.is_username("DESK1") && d.is_username("desk2") && !d.is_username("desk3"));
        d.remove(DeviceId(Uuid::from_u128(2)));
        assert!(d.by_username("sip.test", "desk1").is_none());
        assert!(!d.is_username("desk1") && d.is_username("desk2"));
    }
}
