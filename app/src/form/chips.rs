//! A list of words as chips: addresses, flags. Enter or a comma adds, Backspace in the empty input removes the last, arrows walk.
//!
//! What stands in the input and is no chip yet is the last word of the value already: nothing typed is overlooked by a SAVE.

use super::row::{control_id, described, invalid};
use super::{FormHandle, Look};
use crate::ui::{Icon, focus};
use domain::routing::{DYNAMIC_NAMES, Flag, FlagKind};
use domain::{Field, Value};
use leptos::{ev::KeyboardEvent, html, prelude::*};
use std::time::Duration;

/// What the words are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChipsOf {
    /// Words split at spaces too.
    Addresses,
    /// Names of a carrier's flags.
    Names,
    /// Flags with the kind that the operator chose.
    Flags,
}

fn words(value: &Value) -> Vec<Flag> {
    match value {
        Value::Flags(flags) => flags.clone(),
        other => other.as_list().iter().map(Flag::fixed).collect(),
    }
}

#[derive(Clone, Copy)]
struct State {
    form: FormHandle,
    field: Field,
    of: ChipsOf,
    /// The last word of the value stands in the input and is no chip yet.
    pending: RwSignal<bool>,
    kind: RwSignal<FlagKind>,
    node: NodeRef<html::Input>,
}

impl State {
    fn all(self) -> Vec<Flag> {
        words(&self.form.value_untracked(self.field))
    }

    /// The words that are chips.
    fn chips(self) -> Vec<Flag> {
        let mut all = words(&self.form.value(self.field));
        if self.pending.get() {
            all.pop();
        }
        all
    }

    fn set(self, words: Vec<Flag>) {
        let value = match self.of {
            ChipsOf::Flags => Value::Flags(words),
            _ => Value::List(words.into_iter().map(|word| word.name).collect()),
        };
        self.form.set(self.field, value);
    }

    fn word(self, text: &str) -> Flag {
        Flag { name: text.trim().into(), kind: if self.of == ChipsOf::Flags { self.kind.get_untracked() } else { FlagKind::Static } }
    }

    /// The input holds `text` now.
    fn typed(self, text: &str) {
        let mut all = self.all();
        if self.pending.get_untracked() {
            all.pop();
        }
        let splits = |c: char| c == ',' || c == '\n' || (self.of == ChipsOf::Addresses && c.is_whitespace());
        let mut parts: Vec<&str> = text.split(splits).collect();
        let last = parts.pop().unwrap_or_default();
        let whole = parts.is_empty();
        all.extend(parts.into_iter().filter(|part| !part.trim().is_empty()).map(|part| self.word(part)));
        let pending = !last.trim().is_empty();
        if pending {
            all.push(self.word(last));
        }
        self.pending.set(pending);
        self.set(all);
        if let Some(input) = self.node.get_untracked().filter(|_| !whole) {
            input.set_value(last.trim_start());
        }
    }

    /// The kind of the next flag, and of what stands in the input.
    fn choose(self, kind: FlagKind) {
        self.kind.set(kind);
        if let Some(input) = self.node.get_untracked().filter(|_| self.pending.get_untracked()) {
            self.typed(&input.value());
        }
    }

    /// What stands in the input becomes a chip.
    fn commit(self) {
        // A field that leaves the page loses the focus last of all, when nothing of it stands any more.
        if self.pending.try_set(false).is_some() {
            return;
        }
        if let Some(input) = self.node.get_untracked() {
            input.set_value("");
        }
    }

    fn remove(self, at: usize) {
        let mut all = self.all();
        if at < all.len() {
            all.remove(at);
            self.set(all);
        }
    }

    fn chip_count(self) -> usize {
        self.all().len() - usize::from(self.pending.get_untracked())
    }

    fn chip_id(self, at: usize) -> String {
        [&control_id(self.field), "-chip-", &at.to_string()].concat()
    }

    /// Moves the focus to a chip, or to the input behind the last one.
    fn walk(self, to: usize) {
        let id = if to < self.chip_count() { self.chip_id(to) } else { control_id(self.field) };
        focus(&id);
    }

    fn key_in_input(self, ev: &KeyboardEvent) {
        let empty = self.node.get_untracked().is_none_or(|input| input.value().is_empty());
        match ev.key().as_str() {
            "Enter" => {
                ev.prevent_default();
                self.commit();
            }
            "Backspace" if empty && self.chip_count() > 0 => {
                ev.prevent_default();
                self.remove(self.chip_count() - 1);
            }
            "ArrowLeft" if empty && self.chip_count() > 0 => {
                ev.prevent_default();
                self.walk(self.chip_count() - 1);
            }
            _ => {}
        }
    }

    fn key_on_chip(self, ev: &KeyboardEvent, at: usize) {
        match ev.key().as_str() {
            "ArrowLeft" => self.walk(at.saturating_sub(1)),
            "ArrowRight" => self.walk(at + 1),
            "Home" => self.walk(0),
            "End" => self.walk(usize::MAX),
            "Backspace" | "Delete" => self.remove_and_walk(at),
            _ => return,
        }
        ev.prevent_default();
    }

    fn remove_and_walk(self, at: usize) {
        self.remove(at);
        // The chips are drawn anew by then.
        let walk = move || {
            if self.pending.try_get_untracked().is_some() {
                self.walk(at);
            }
        };
        set_timeout(walk, Duration::from_millis(20));
    }
}

/// The chips and their input.
#[component]
pub fn Chips(
    form: FormHandle,
    field: Field,
    look: Memo<Look>,
    of: ChipsOf,
    #[prop(optional)] placeholder: &'static str,
    /// Offered while typing.
    #[prop(optional)]
    known: Vec<String>,
) -> impl IntoView {
    let state = State { form, field, of, pending: RwSignal::new(false), kind: RwSignal::new(FlagKind::Static), node: NodeRef::new() };
    Effect::new(move |alive: Option<()>| {
        let all = words(&form.value(field));
        let Some(input) = state.node.get() else { return };
        let typed = input.value();
        if alive.is_none() && !typed.trim().is_empty() {
            // Typed before the page was alive.
            state.typed(&typed);
        } else if state.pending.get_untracked() && all.last().is_none_or(|word| word.name != typed.trim()) {
            // Undone or merged away: the input holds nothing any more.
            state.commit();
        }
    });
    let list = [&control_id(field), "-list"].concat();
    let offered = (!form.read_only && (of == ChipsOf::Flags || !known.is_empty())).then(|| offers(state, list.clone(), known));
    view! {
        <div class="chips">
            {move || drawn(state)}
            <input
                node_ref=state.node
                id=control_id(field)
                list=offered.is_some().then_some(list)
                placeholder=placeholder
                readonly=form.read_only
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                aria-describedby=described(look, field)
                aria-invalid=invalid(look)
                on:input=move |ev| state.typed(&event_target_value(&ev))
                on:keydown=move |ev| state.key_in_input(&ev)
                on:blur=move |_| state.commit()
            />
            {(of == ChipsOf::Flags && !form.read_only).then(|| kinds(state))}
        </div>
        {offered}
    }
}

fn drawn(state: State) -> AnyView {
    let chips = state.chips();
    let saved = words(&state.form.saved_value(state.field));
    if chips.is_empty() {
        return ().into_any();
    }
    let read_only = state.form.read_only;
    let items = chips.into_iter().enumerate().map(|(at, word)| {
        let new = !saved.contains(&word);
        let name = word.name.clone();
        view! {
            <li class="chip" class:new=new>
                <span>{word.name}</span>
                {(word.kind == FlagKind::Dynamic).then(|| view! { <small>"dynamic"</small> })}
                {(!read_only)
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                id=state.chip_id(at)
                                tabindex="-1"
                                aria-label=["Remove ", &name].concat()
                                on:click=move |_| state.remove_and_walk(at)
                                on:keydown=move |ev| state.key_on_chip(&ev, at)
                            >
                                <Icon name="close" />
                            </button>
                        }
                    })}
            </li>
        }
    });
    view! { <ul>{items.collect_view()}</ul> }.into_any()
}

/// Static or dynamic: chosen, never guessed from the word.
fn kinds(state: State) -> AnyView {
    let node = NodeRef::<html::Select>::new();
    // What was chosen before the page was alive counts, for what was typed then too.
    Effect::new(move |alive: Option<()>| {
        let kind = state.kind.get();
        let Some(select) = node.get() else { return };
        let chosen = if select.value() == "dynamic" { FlagKind::Dynamic } else { FlagKind::Static };
        if alive.is_none() && chosen != kind {
            state.choose(chosen);
        } else if chosen != kind {
            select.set_value(if kind == FlagKind::Dynamic { "dynamic" } else { "static" });
        }
    });
    view! {
        <select
            node_ref=node
            class="kind"
            aria-label="Kind of the next flag"
            autocomplete="off"
            on:change=move |ev| state.choose(if event_target_value(&ev) == "dynamic" { FlagKind::Dynamic } else { FlagKind::Static })
        >
            <option value="static">"static"</option>
            <option value="dynamic">"dynamic"</option>
        </select>
    }
    .into_any()
}

fn offers(state: State, id: String, known: Vec<String>) -> AnyView {
    let options = move || {
        let there: Vec<String> = words(&state.form.value(state.field)).into_iter().map(|word| word.name).collect();
        let dynamic = state.of == ChipsOf::Flags && state.kind.get() == FlagKind::Dynamic;
        let names: Vec<String> = if dynamic { DYNAMIC_NAMES.map(String::from).to_vec() } else { known.clone() };
        names.into_iter().filter(|name| !there.contains(name)).map(|name| view! { <option value=name></option> }).collect_view()
    };
    view! { <datalist id=id>{options}</datalist> }.into_any()
}
