//! Devices that return together, each checked against those before it: what is deleted is in nobody's way in the database.

use crate::checks::Faults;
use domain::rules::{
    ip::{self, IpRange},
    text::{folded, shown_mac},
};
use domain::{Fault, Field, Place, Record};

struct Sibling {
    name: String,
    realm: String,
    username: String,
    mac: String,
    ranges: Vec<IpRange>,
}

/// Those that were looked at.
#[derive(Default)]
pub(crate) struct Siblings(Vec<Sibling>);

impl Siblings {
    /// What of an earlier one stands in the way of this one; after that it stands in the way itself. `realm`: the effective one.
    pub fn admit(&mut self, realm: &str, record: &Record) -> Faults {
        let ranges =
            if record.is_shown(Field::Ip) { ip::ranges(record.value(Field::Ip).as_list()).unwrap_or_default() } else { Vec::new() };
        let this = Sibling {
            name: record.text(Field::Name).into(),
            realm: realm.into(),
            username: folded(record.text(Field::Username)),
            mac: record.text(Field::Mac).into(),
            ranges,
        };
        let mut faults = Faults::new();
        for other in &self.0 {
            let by = Some(other.name.clone());
            if !this.username.is_empty() && this.username == other.username && this.realm == other.realm {
                let at = if record.is_shown(Field::Username) { Field::Username } else { Field::Realm };
                faults.insert(at, Fault::Taken { value: record.text(Field::Username).into(), by: by.clone(), place: Place::Realm });
            }
            if !this.mac.is_empty() && this.mac == other.mac {
                faults.insert(Field::Mac, Fault::Taken { value: shown_mac(&this.mac), by: by.clone(), place: Place::Account });
            }
            if let Some(range) = this.ranges.iter().find(|range| other.ranges.iter().any(|held| held.overlaps(range))) {
                faults.insert(Field::Ip, Fault::InUse { value: range.to_string(), by });
            }
        }
        self.0.push(this);
        faults
    }
}
