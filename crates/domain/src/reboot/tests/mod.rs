//! Each end of a job, told as a story.

mod back;
mod ends;
mod kept;
mod resync;
mod saved;
mod sees;
mod story;
mod words;

use super::*;
use crate::vendor::Action;
use crate::{AccountId, Binding, DeviceId, ProvedBy, Transport};
use uuid::Uuid;

const T0: Millis = 1_700_000_000_000;

pub(super) fn binding(contact: &str, call_id: &str) -> Binding {
    Binding {
        account: AccountId(Uuid::from_u128(1)),
        device: DeviceId(Uuid::from_u128(2)),
        aor: "sip:desk@a.example.net".into(),
        contact: contact.into(),
        source: "203.0.113.7:5060".parse().unwrap(),
        transport: Transport::Udp,
        connection: None,
        path: vec![],
        instance: None,
        reg_id: None,
        user_agent: None,
        call_id: call_id.into(),
        cseq: 1,
        q: None,
        proved_by: ProvedBy::Password,
        natted: false,
        reachable: true,
        since: 0,
        refreshed: 0,
        expires: 0,
    }
}

fn registered(call_id: &str, flow_changed: bool) -> Input {
    Input::Registered { call_id: call_id.into(), flow_changed }
}

fn said(code: u16, reason: &str) -> Input {
    Input::NotifyAnswered { code, reason: reason.into(), challenged: false }
}
