//! Keeps the stream open: closed while the page is hidden for good, opened again when it comes back or the browser gave up.

use super::{
    LiveHandle, Status,
    carried::{Carried, has},
    shared::Shared,
    stream::{News, Stream},
};
use crate::{
    api::{self, ApiError},
    offline::{self, with_standing},
};
use domain::{
    AccountId, OperatorId, Problem,
    view::{Live, Me},
};
use leptos::{ev, prelude::*};
use std::time::Duration;

/// Of the lock and the channel of an operator's tabs, whatever accounts they show. Another operator's session is another one.
const NAME: &str = "seatline.live.";
const LONGEST_WAIT: u32 = 30;

#[derive(Default)]
struct Wires {
    /// The stream, where this tab has it.
    stream: Option<Stream>,
    carried: Carried,
    /// The other tabs, where they share one.
    shared: Option<Shared>,
}

#[derive(Clone, Copy)]
struct Keeper {
    live: LiveHandle,
    account: Memo<AccountId>,
    operator: OperatorId,
    /// The account that the other tabs know this one to show.
    shown: StoredValue<String>,
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

/// Has the stream carry `account` once the page is alive, and another when it changes.
pub fn keep_open(live: LiveHandle, operator: OperatorId, account: Memo<AccountId>) {
    // In the browser alone: what belongs to one thread can't be dropped by whichever thread ends a page on the server.
    Effect::new(move || {
        let keeper = Keeper {
            live,
            account,
            operator,
            shown: StoredValue::new(String::new()),
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
        self.shown.set_value(account.to_string());
        let Some(shared) = Shared::join(&[NAME, &self.operator.to_string()].concat(), move |word| self.told(&word), move || self.lead())
        else {
            return self.lead();
        };
        self.wires.update_value(|wires| wires.shared = Some(shared));
        self.ask();
    }

    /// Whoever has the stream says how it stands, or opens one that carries this account too.
    fn ask(self) {
        self.say_with("?", &self.shown.get_value());
    }

    /// Opens the stream in this tab.
    fn lead(self) {
        self.wires.update_value(|wires| {
            wires.carried.wants(&self.shown.get_value());
            let after = self.after.get_value().map_or_else(String::new, |after| ["?after=", &after].concat());
            let address = ["/live/", wires.carried.renew(), &after].concat();
            wires.stream = Stream::open(&address, move |news| self.hear(news));
        });
    }

    fn say(self, word: &str) {
        self.wires.try_with_value(|wires| {
            if let Some(shared) = &wires.shared {
                shared.say(word);
            }
        });
    }

    fn say_with(self, word: &str, more: &str) {
        self.say(&[word, more].concat());
    }

    /// A word of another tab: `?` asks for an account and `-` leaves one, `O` and `o` say what the open stream carries, `l` and `s` that
    /// there is none, `m` brings a message behind its number and a line break.
    fn told(self, word: &str) {
        let leads = self.wires.try_with_value(|wires| wires.stream.is_some()) == Some(true);
        match word.split_at_checked(1) {
            Some(("?", account)) if leads => {
                if self.wires.try_update_value(|wires| wires.carried.wants(account)) == Some(true) {
                    self.lead();
                } else if self.live.status.get_untracked() == Status::Open {
                    self.say_open("o");
                }
            }
            Some(("-", account)) if leads => self.wires.update_value(|wires| wires.carried.leaves(account)),
            Some(("-", account)) if account == self.shown.get_value() => self.ask(),
            Some(("m", rest)) if !leads => {
                if let Some((id, data)) = rest.split_once('\n') {
                    self.take(id.into(), data);
                }
            }
            Some(("O" | "o", list)) if !leads && !has(list, &self.shown.get_value()) => self.ask(),
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

    /// Tells the other tabs that the stream is open, and what it carries.
    fn say_open(self, word: &str) {
        let list = self.wires.with_value(|wires| wires.carried.list().to_owned());
        self.say_with(word, &list);
    }

    fn opened(self) {
        self.current.set_value(true);
        self.live.status.set(Status::Open);
        // A stream that was on its way when the network went may open all the same.
        if window().navigator().on_line() {
            offline::reached(true);
        }
        offline::tell_by_and_by(offline::Task::Look);
        // What happened between the making of the page, or the break, and now.
        self.live.tell(&Live::Reload);
    }

    fn take(self, id: String, data: &str) {
        if !id.is_empty() {
            self.after.set_value(Some(id));
        }
        let own = |account: &str| self.shown.with_value(|shown| account == shown);
        if let Some((account, data)) = data.split_once(' ')
            && (account.is_empty() || own(account))
            && let Ok(message) = wire::from_str(data)
        {
            self.live.tell(&message);
        }
    }

    fn close(self) {
        if let Some(shown) = self.shown.try_get_value() {
            self.say_with("-", &shown);
        }
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
                self.say_open("O");
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

    /// Opens the stream again, without the accounts where the operator has no role any more.
    fn lead_where(self, me: &Me) {
        let may = |account: &str| me.accounts.iter().any(|own| own.id.to_string() == account);
        if self.shown.with_value(|shown| may(shown)) {
            self.wires.update_value(|wires| wires.carried.keep(may));
            return self.lead();
        }
        self.close();
        // The page hears of it by what it asks for now.
        self.live.tell(&Live::Reload);
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
                        // Whoever signs in in another tab does not wait for this one.
                        self.close();
                    }
                    // Closed, or opened another way, in the meantime.
                    _ if is_other => {}
                    Ok(me) => self.lead_where(&me),
                    Err(_) if self.wait.try_get_value().is_some() => self.retry_later(),
                    Err(_) => {}
                }
            });
        };
        let handle = set_timeout_with_handle(again, Duration::from_secs(seconds.into())).ok();
        self.retry.set_value(handle);
    }
}
