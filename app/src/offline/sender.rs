//! Sends what waits: the oldest first, one at a time over all tabs, each under its own operation id, until the server has answered.

use super::{
    desk, lock,
    reach::{is_signed_out, is_unreached, signed_out},
    standing, store,
    sync::sync,
};
use crate::{
    Refusal,
    api::{self, ApiError},
    loading::sleep,
    ui::{ids::new_operation, now, random},
};
use domain::offline::{Answer, Key, Next, Sending, Target, WorkingCopy, next};
use domain::view::Saved;
use domain::{MINUTE, Millis, Problem, SECOND};
use leptos::prelude::*;
use std::{
    cell::{Cell, RefCell},
    time::Duration,
};

thread_local! {
    static LATER: RefCell<Option<TimeoutHandle>> = const { RefCell::new(None) };
    static WATCHING: Cell<bool> = const { Cell::new(false) };
}

/// No more in one go: whoever waits for it gets an answer.
const AT_ONCE: usize = 50;
const FIRST_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Writes the copy down and sends what waits in it, unless the server is known to be out of reach. Returns when there is an answer, or none
/// can be had now.
pub async fn save(key: Key) {
    sync(key, &mut |copy| {
        copy.hurry();
        Vec::new()
    })
    .await;
    if key.target.queues() {
        pump().await;
        return;
    }
    let _held = lock::hold(lock::SEND).await;
    for _ in 0..2 {
        let waits = desk::page(&key).and_then(|page| page.copy.try_with_value(|copy| !copy.queue().is_empty() && !copy.needs_choice()));
        if waits != Some(true) || !send(key).await {
            return;
        }
    }
}

/// What waited for the connection goes out now.
pub async fn hurry() {
    for copy in waiting().await {
        sync(copy.key, &mut |copy| {
            copy.hurry();
            Vec::new()
        })
        .await;
    }
    pump().await;
}

/// Sends what may go out; comes again by itself when something is to be tried later.
pub async fn pump() {
    for _ in 0..AT_ONCE {
        let _held = lock::hold(lock::SEND).await;
        if is_signed_out() {
            return;
        }
        let copies = waiting().await;
        match next(&copies, now()) {
            Next::Nothing => return,
            Next::Wait(then) => return later(then - now()),
            // Nothing is frozen by a send that can't get through: once one does, this begins again.
            Next::Send(_) if is_unreached() => return,
            Next::Send(at) => {
                send(copies[at].key).await;
            }
        }
    }
    later(0);
}

/// What waits, of the operator who is signed in, as it stands in the store or, where that does not keep it, on a page.
async fn waiting() -> Vec<WorkingCopy> {
    let Some(operator) = desk::operator() else { return Vec::new() };
    let mut copies = store::all(operator, desk::tab()).await.unwrap_or_default();
    for open in desk::copies() {
        match copies.iter_mut().find(|copy| copy.key == open.key) {
            Some(copy) => *copy = open,
            None => copies.push(open),
        }
    }
    copies.retain(|copy| copy.key.target.queues() && !copy.queue().is_empty());
    copies
}

/// Asks for something harmless until an answer comes. A change that is not sent may still take edits in: it does not go first.
pub async fn watch() {
    if WATCHING.replace(true) {
        return;
    }
    let mut pause = FIRST_PAUSE;
    while is_unreached() {
        sleep(pause).await;
        if is_unreached() {
            ask().await;
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
    WATCHING.set(false);
}

/// Asks for something harmless, and of nobody. What the answer says does not matter: that there is one does, and that is heard where all answers come in.
pub async fn ask() {
    let _ = api::setup_state().await;
}

/// Something may wait that nobody sends: the tab that it was saved in is gone.
pub fn look_again() {
    let waits = standing::standing().with_untracked(|standing| standing.work.iter().any(|work| work.waiting > 0));
    if waits && LATER.with_borrow(Option::is_none) {
        later(5 * SECOND);
    }
}

fn later(wait: Millis) {
    let again = || {
        LATER.set(None);
        leptos::task::spawn_local(pump());
    };
    let wait = Duration::from_millis(wait.clamp(200, 10 * MINUTE) as u64);
    let next = set_timeout_with_handle(again, wait).ok();
    if let Some(before) = LATER.replace(next) {
        before.clear();
    }
}

/// Sends the first change of a copy. True when it went through.
async fn send(key: Key) -> bool {
    let mut sending = None;
    let written = sync(key, &mut |copy| {
        sending = copy.begin(new_operation(), now());
        Vec::new()
    })
    .await;
    let Some(sending) = sending else { return false };
    if !written && !desk::has(&key) {
        // Nobody would remember that it was sent.
        later(MINUTE);
        return false;
    }
    let operation = sending.operation;
    let result = deliver(key, sending).await;
    let answer = answer(&result);
    if matches!(answer, Answer::SignedOut) {
        signed_out();
    }
    let mut jitter = [0; 2];
    random(&mut jitter);
    let jitter = u32::from(u16::from_le_bytes(jitter)) % 1001;
    sync(key, &mut |copy| copy.answered(operation, answer.clone(), now(), jitter)).await;
    let saved = matches!(result, Ok(Some(_)));
    if let Some(page) = desk::page(&key) {
        let said = match result {
            Ok(Some(saved)) => Ok(saved),
            Ok(None) => Err(String::new()),
            // It waits, and that is told.
            Err(ApiError::Rpc(api::Lost::Unreached)) if key.target.queues() => Err(String::new()),
            Err(error) => Err(error.to_string()),
        };
        page.answered.try_run(said);
    }
    saved
}

/// None: only the result of an earlier send was asked for, and there was none.
async fn deliver(key: Key, sending: Sending) -> Result<Option<Saved>, ApiError> {
    let Sending { operation, patch, then_reboot, again } = sending;
    let Some(patch) = patch else { return api::saved_before(key.account, operation).await };
    let mut then_reboot = then_reboot;
    if then_reboot && again {
        // A phone that restarts hours later is nobody's wish any more: what did not arrive is saved, and not followed by a reboot.
        if let Some(saved) = api::saved_before(key.account, operation).await? {
            return Ok(Some(saved));
        }
        then_reboot = false;
    }
    match key.target {
        Target::Device(device) => {
            let chosen = desk::page(&key).and_then(|page| page.contact).and_then(|contact| contact.try_get_value().flatten());
            api::save_device(key.account, device, patch, then_reboot, chosen.filter(|_| then_reboot)).await.map(Some)
        }
        Target::Seat(seat) => api::save_seat(key.account, seat, patch).await.map(Some),
        Target::Carrier(_) | Target::NewCarrier => match desk::page(&key).and_then(|page| page.saver) {
            Some(saver) => saver.run((patch, then_reboot)).await.map(Some),
            None => Err(ApiError::Rpc(api::Lost::Unreached)),
        },
    }
}

fn answer(result: &Result<Option<Saved>, ApiError>) -> Answer {
    match result {
        Ok(Some(saved)) => saved.clone().into(),
        Ok(None) => Answer::Unknown,
        Err(ApiError::Problem(problem)) => problem.clone().into(),
        Err(ApiError::Refused(Refusal::TooMany)) => Answer::Later { wait: 5 * SECOND },
        Err(ApiError::Refused(Refusal::ForeignOrigin)) => Problem::ForeignOrigin.into(),
        Err(error @ ApiError::Refused(Refusal::TooLarge | Refusal::Unreadable)) => Answer::Refused { why: error.to_string() },
        // It may have been applied, or not.
        Err(ApiError::Refused(Refusal::TooSlow | Refusal::Broken) | ApiError::Rpc(_)) => Answer::Nothing,
    }
}
