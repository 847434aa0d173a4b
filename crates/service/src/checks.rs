//! What the value alone can't decide: taken, overlapping, our own.

use crate::{Service, failure::Stored};
use domain::few::Map;
use domain::{AccountId, DeviceId, Fault, Field, Place, Problem, Record, SeatId, rules::ip};
use store::Tx;

pub(crate) type Faults = Map<Field, Fault>;

/// Refuses when there are faults.
pub(crate) fn no_faults(faults: Faults) -> Result<(), Problem> {
    if faults.is_empty() { Ok(()) } else { Err(Problem::Invalid { faults }) }
}

impl Service {
    /// The realm that the device registers in, and what stands in the way of its values. `device`: itself, which is in nobody's way.
    pub(crate) async fn check_device(
        &self,
        tx: &Tx,
        account: AccountId,
        record: &Record,
        device: Option<DeviceId>,
    ) -> Result<(String, Faults), Problem> {
        let mut faults = Faults::new();
        let realms = tx.realms(account).await.or_fail()?;
        let value = record.value(Field::Realm);
        let realm = match value.as_realm() {
            Some(own) => {
                if !realms.iter().any(|r| r.name == own) {
                    faults.insert(Field::Realm, Fault::NotARealm(own.into()));
                }
                own.to_owned()
            }
            None => realms
                .iter()
                .find(|r| r.is_default)
                .map(|r| r.name.clone())
                .ok_or_else(|| crate::failure::failed("an account without a default realm"))?,
        };
        let username = record.text(Field::Username);
        if !username.is_empty()
            && let Some(holder) = tx.username_holder(&realm, username, device).await.or_fail()?
        {
            let by = (holder.account == account).then_some(holder.name);
            let at = if record.is_shown(Field::Username) { Field::Username } else { Field::Realm };
            faults.or_insert_with(at, || Fault::Taken { value: username.into(), by, place: Place::Realm });
        }
        let mac = record.text(Field::Mac);
        if !mac.is_empty()
            && let Some(holder) = tx.mac_holder(account, mac, device).await.or_fail()?
        {
            let value = domain::rules::text::shown_mac(mac);
            faults.insert(Field::Mac, Fault::Taken { value, by: Some(holder.name), place: Place::Account });
        }
        if record.is_shown(Field::Ip) {
            self.check_addresses(tx, account, record, device, &mut faults).await?;
        }
        Ok((realm, faults))
    }

    async fn check_addresses(
        &self,
        tx: &Tx,
        account: AccountId,
        record: &Record,
        device: Option<DeviceId>,
        faults: &mut Faults,
    ) -> Result<(), Problem> {
        let value = record.value(Field::Ip);
        let ranges = match ip::ranges(value.as_list()) {
            Ok(ranges) => ranges,
            Err(fault) => {
                faults.insert(Field::Ip, fault);
                return Ok(());
            }
        };
        let own = ranges.iter().find(|range| self.inner.config.own_addresses.iter().any(|own| own.overlaps(range)));
        if let Some(range) = own {
            faults.insert(Field::Ip, Fault::OwnAddress(range.to_string()));
        } else if let Some((range, holder)) = tx.overlapping(&ranges, device).await.or_fail()?.into_iter().next() {
            let by = (holder.account == account).then_some(holder.name);
            faults.insert(Field::Ip, Fault::InUse { value: range, by });
        }
        Ok(())
    }

    pub(crate) async fn check_seat(&self, tx: &Tx, account: AccountId, record: &Record, seat: Option<SeatId>) -> Result<Faults, Problem> {
        let extension = record.text(Field::Extension);
        let holder = tx.extension_holder(account, extension, seat).await.or_fail()?;
        let fault = holder.map(|(_, name)| Fault::Taken { value: extension.into(), by: Some(name), place: Place::Account });
        Ok(fault.map(|fault| (Field::Extension, fault)).into_iter().collect())
    }
}
