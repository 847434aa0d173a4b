//! The seats of which something was looked at on this computer: the list without a connection.

use crate::rules::text::folded;
use crate::view::{DeviceRef, DeviceView, SeatRef, SeatView};
use crate::{Field, Millis, few};

/// A seat of which something is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub seat: SeatRef,
    /// Those that can be read.
    pub devices: Vec<DeviceRef>,
    /// When the newest of it was read.
    pub at: Millis,
    /// What is searched, folded.
    words: String,
}

/// The seats that hold what `text` asks for, by name; of what is kept twice the newer counts.
pub fn seen(seats: Vec<(SeatView, Millis)>, devices: Vec<(DeviceView, Millis)>, text: &str) -> Vec<Seen> {
    let mut out: Vec<Seen> = Vec::new();
    for (view, at) in seats {
        let name = view.record.text(Field::SeatName).to_owned();
        let seat = SeatRef { id: view.id, name, extension: view.record.text(Field::Extension).to_owned() };
        out.push(Seen { words: String::new(), seat, devices: Vec::new(), at });
    }
    for (view, at) in devices {
        let device = DeviceRef { id: view.id, name: view.record.text(Field::Name).to_owned() };
        let words = [device.name.as_str(), " ", view.record.text(Field::Username), " ", view.record.text(Field::Mac), " "].concat();
        if let Some(seen) = out.iter_mut().find(|seen| seen.seat.id == view.seat.id) {
            if at > seen.at {
                (seen.seat, seen.at) = (view.seat, at);
            }
            seen.devices.push(device);
            seen.words.push_str(&words);
        } else {
            out.push(Seen { seat: view.seat, devices: vec![device], at, words });
        }
    }
    for seen in &mut out {
        seen.words = folded(&[&seen.words, " ", &seen.seat.name, " ", &seen.seat.extension].concat());
    }
    let text = folded(text.trim());
    out.retain(|seen| seen.words.contains(&text));
    few::sort_by(&mut out, |a, b| folded(&a.seat.name) < folded(&b.seat.name));
    out
}
