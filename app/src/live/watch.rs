//! Keeps the stream open: closed while the page is hidden for good, opened again when it comes back or the browser gave up.

use super::{
    LiveHandle, Status, address,
    shared::Shared,
    stream::{News, Stream},
};
use crate::{
    api::{self, ApiError},
    offline::{self, with_standing},
};
use domain::{AccountId, Problem, view::Live};
use leptos::{ev, prelude::*};
use std::time::Duration;

const LONGEST_WAIT: u32 = 30;

#[derive(Default)]
struct Wires {
    /// The stream, where this tab has it.
    stream: Option<Stream>,
    /// The other tabs, where they share one.
    shared: Option<Shared>,
}

#[derive(Clone, Copy)]
struct Keeper {
    live: LiveHandle,
    account: Memo<AccountId>,
    wires: StoredValue<Wires, LocalStorage>,
    /// Nothing was missed since the stream was opened, here or in the tab that has it.
    current: StoredValue<bool>,
    /// Counts how often it was opened here: what was begun before is not gone on with.
    opening: StoredValue<u32>,
    /// The number to resume from.
    after: StoredValue<Option<String>>,
    /// Seconds to wait before the next try.
    wait: StoredValue<u32>,
    retry: StoredValue<Option<TimeoutHandle>>,
}

/// Opens the stream of `account` once the page is alive, and of another when it changes.
pub fn keep_open(live: LiveHandle, account: Memo<AccountId>) {
    // In the browser alone: what belongs to one thread can't be dropped by whichever thread ends a page on the server.
    Effect::new(move || {
        let keeper = Keeper {
            live,
            account,
            wires: StoredValue::new_local(Wires::default()),
            current: StoredValue::new(false),
            opening: StoredValue::new(0),
            after: StoredValue::new(None),
            wait: StoredValue::new(1),
            retry: StoredValue::new(None),
        };
        Effect::new(move || {
            account.track();
            keeper.after.set_value(None);
            keeper.open();
        });
        keeper.listen();
        // After a sign-in over the page.
        Effect::new(move |out: Option<bool>| {
            let now = with_standing(|standing| standing.signed_out);
            if out == Some(true) && !now {
                keeper.open();
            }
            now
        });
    });
}

impl Keeper {
    fn listen(self) {
        let listeners = [
            // An open stream keeps a page out of the browser's back-forward cache.
            window_event_listener(ev::pagehide, move |_| self.close()),
            window_event_listener(ev::pageshow, move |ev| {
                if ev.persisted() {
                    self.open();
                }
            }),
            window_event_listener(ev::online, move |_| {
                if self.live.status.get_untracked() == Status::Lost {
                    self.open();
                }
            }),
        ];
        on_cleanup(move || {
            self.close();
            listeners.into_iter().for_each(WindowListenerHandle::remove);
        });
    }

    fn open(self) {
        self.close();
        let Some(account) = self.account.try_get_untracked() else { return };
        let name = ["seatline.live.", &account.to_string()].concat();
        match Shared::join(&name, move |word| self.told(&word), move || self.lead()) {
            Some(shared) => {
                // Whoever has the stream says how it stands.
                shared.say("?");
                self.wires.update_value(|wires| wires.shared = Some(shared));
            }
            None => self.lead(),
        }
    }

    /// Opens the stream in this tab.
    fn lead(self) {
        let Some(account) = self.account.try_get_untracked() else { return };
        let address = self.after.with_value(|after| address(account, after.as_deref()));
        let stream = Stream::open(&address, move |news| self.hear(news));
        self.wires.update_value(|wires| wires.stream = stream);
    }

    fn say(self, word: &str) {
        self.wires.try_with_value(|wires| {
            if let Some(shared) = &wires.shared {
                shared.say(word);
            }
        });
    }

    /// A word of another tab: `?` asks, `O`, `o`, `l` and `s` say how the stream stands, `m` brings a message behind its number and a line break.
    fn told(self, word: &str) {
        let leads = self.wires.try_with_value(|wires| wires.stream.is_some()) == Some(true);
        match word.split_at_checked(1) {
            Some(("?", _)) if leads && self.live.status.get_untracked() == Status::Open => self.say("o"),
            Some(("m", rest)) if !leads => {
                if let Some((id, data)) = rest.split_once('\n') {
                    self.take(id.into(), data);
                }
            }
            // Opened anew: between the last stream and this one something may have happened.
            Some(("O", _)) if !leads => self.opened(),
            Some(("o", _)) if !leads && !self.current.get_value() => self.opened(),
            Some(("l", _)) if !leads => {
                self.current.set_value(false);
                self.live.status.set(Status::Lost);
            }
            Some(("s", _)) => {
                self.live.status.set(Status::SignedOut);
                offline::signed_out();
            }
            _ => {}
        }
    }

    fn opened(self) {
        self.current.set_value(true);
        self.live.status.set(Status::Open);
        offline::reached(true);
        offline::tell_by_and_by(offline::Task::Look);
        // What happened between the making of the page, or the break, and now.
        self.live.tell(&Live::Reload);
    }

    fn take(self, id: String, data: &str) {
        if !id.is_empty() {
            self.after.set_value(Some(id));
        }
        if let Ok(message) = wire::from_str(data) {
            self.live.tell(&message);
        }
    }

    fn close(self) {
        self.current.try_set_value(false);
        self.opening.try_update_value(|n| *n = n.wrapping_add(1));
        self.wires.try_update_value(|wires| *wires = Wires::default());
        if let Some(Some(retry)) = self.retry.try_update_value(Option::take) {
            retry.clear();
        }
    }

    fn hear(self, news: News) {
        match news {
            News::Open => {
                self.wait.set_value(1);
                self.say("O");
                self.opened();
            }
            News::Message { data, id } => {
                self.say(&["m", &id, "\n", &data].concat());
                self.take(id, &data);
            }
            News::Broken { dead } => {
                self.live.status.set(Status::Lost);
                self.say("l");
                // Where the browser gave up, something answered.
                if dead {
                    self.retry_later();
                } else {
                    offline::reached(false);
                }
            }
        }
    }

    /// The browser gave up, since something answered that was no stream: asks who we are before the next try.
    fn retry_later(self) {
        let (seconds, opening) = (self.wait.get_value(), self.opening.get_value());
        self.wait.set_value((seconds * 2).min(LONGEST_WAIT));
        let again = move || {
            leptos::task::spawn_local(async move {
                let answer = api::me().await;
                let is_other = self.opening.try_get_value() != Some(opening);
                match answer {
                    Err(ApiError::Problem(Problem::SignedOut)) => {
                        self.live.status.try_set(Status::SignedOut);
                        self.say("s");
                        offline::signed_out();
                    }
                    // Closed, or opened another way, in the meantime.
                    _ if is_other => {}
                    Ok(_) => self.lead(),
                    Err(_) if self.wait.try_get_value().is_some() => self.retry_later(),
                    Err(_) => {}
                }
            });
        };
        let handle = set_timeout_with_handle(again, Duration::from_secs(seconds.into())).ok();
        self.retry.set_value(handle);
    }
}
