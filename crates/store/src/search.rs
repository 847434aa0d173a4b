//! Search text: one string for each seat, folded by us, since `SQLite` folds ASCII only; parts are lines, so that no match runs over two.

use crate::{
    StoreError, Tx, device_row,
    entity::{
        devices,
        listing::{self, Column},
        seats,
    },
};
use domain::{
    SeatId,
    rules::{ip::IpRange, text::folded},
};
use sea_orm::{ActiveValue::Set, EntityTrait, sea_query::OnConflict};

/// What a typed text looks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// Substrings; one of them is enough.
    pub parts: Vec<String>,
    /// The address or range that was typed: also ranges that share an address with it.
    pub range: Option<IpRange>,
}

impl Pattern {
    /// None: everything matches.
    pub fn of(typed: &str) -> Option<Self> {
        let text = folded(typed.trim());
        if text.is_empty() {
            return None;
        }
        let digits: String = text.chars().filter(char::is_ascii_hexdigit).collect();
        let is_mac = !digits.is_empty() && digits.len() <= 12 && text.chars().all(|c| c.is_ascii_hexdigit() || ":-. ".contains(c));
        let range = IpRange::parse(&text).ok();
        let mac = is_mac.then(|| mac_letters(&digits));
        Some(Self { parts: std::iter::once(text).chain(mac).collect(), range })
    }
}

/// A MAC address in the letters A–P. Folded text has no ASCII capitals, so that `10-1` finds an address but never extension 101.
fn mac_letters(digits: &str) -> String {
    digits.chars().filter_map(|c| c.to_digit(16)).filter_map(|n| char::from_u32(u32::from(b'A') + n)).collect()
}

/// Sorts extensions as people count: a run of digits by its value, shown by its length in front of it. `*` and `#` come before digits.
pub fn natural(extension: &str) -> String {
    let mut key = String::with_capacity(extension.len() + 4);
    let mut rest = extension;
    while let Some(first) = rest.chars().next() {
        if first.is_ascii_digit() {
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            let run = rest[..end].trim_start_matches('0');
            // At most 32 digits: `@` to `` ` ``, above the signs and in the order of lengths.
            key.push(char::from(b'@' + run.len().min(60) as u8));
            key.push_str(run);
            rest = &rest[end..];
        } else {
            key.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    key
}

fn text_of(seat: &seats::Model, devices: &[devices::Model]) -> Result<String, StoreError> {
    let mut lines = vec![folded(&seat.name), folded(&seat.extension)];
    for device in devices {
        lines.push(folded(&device.name));
        lines.push(device.username_folded.clone());
        lines.push(mac_letters(&device.mac));
        if device_row::is_by_address(device) {
            lines.extend(device_row::parsed::<Vec<String>>(&device.ip, "devices.ip")?.iter().map(|range| folded(range)));
        }
    }
    lines.retain(|line| !line.is_empty());
    Ok(lines.join("\n"))
}

impl Tx {
    /// Writes the seat's row of the list anew: after every change of the seat or of a device of it.
    pub(crate) async fn list(&self, seat: SeatId) -> Result<(), StoreError> {
        let Some(row) = seats::Entity::find_by_id(seat.0).one(self.db()).await?.filter(|row| row.deleted.is_none()) else {
            return Ok(());
        };
        let search = text_of(&row, &self.living_devices(seat).await?)?;
        let line = listing::ActiveModel {
            account_id: Set(row.account_id),
            seat_id: Set(row.id),
            name: Set(folded(&row.name)),
            extension: Set(natural(&row.extension)),
            changed: Set(row.changed),
            search: Set(search),
        };
        let kept = [Column::Name, Column::Extension, Column::Changed, Column::Search];
        listing::Entity::insert(line)
            .on_conflict(OnConflict::columns([Column::AccountId, Column::SeatId]).update_columns(kept).to_owned())
            .exec_without_returning(self.db())
            .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_sort_as_people_count() {
        let mut extensions = ["100", "*98", "20", "3", "1001", "#5", "20*1", "20*10", "20*9"];
        extensions.sort_by_key(|e| natural(e));
        assert_eq!(extensions, ["#5", "*98", "3", "20", "20*1", "20*9", "20*10", "100", "1001"]);
    }

    #[test]
    fn a_mac_address_is_found_with_any_separators_and_numbers_are_not_taken_for_one() {
        let whole = Pattern::of("80:5E:C0:12:34:56").unwrap();
        assert_eq!(whole.parts[1], mac_letters("805ec0123456"));
        assert_eq!(Pattern::of("80-5e-c0").unwrap().parts[1], mac_letters("805ec0"));
        assert_eq!(Pattern::of("reception").unwrap().parts.len(), 1);
        assert_eq!(Pattern::of("  "), None);
        assert_eq!(Pattern::of("#5").unwrap().parts.len(), 1, "a sign that no MAC address is written with");
        assert_eq!(Pattern::of("::ffff:10.0.0.7").unwrap().range, Some(IpRange::one("10.0.0.7".parse().unwrap())));
    }
}
