//! The one way to read, change and write a working copy, under one lock over all tabs, so that no tab writes over another.

use super::{
    desk, gate, kept, lock, note,
    standing::{self, Work},
    store, tabs,
    trouble::{self, encrypts},
};
use crate::ui::now;
use domain::offline::{CameIn, Key, WorkingCopy, came_in};
use domain::{DAY, Field, OperatorId, Record};
use leptos::prelude::*;

/// What is done with a copy; says what of others' changes came in.
pub type OnCopy<'a> = &'a mut dyn FnMut(&mut WorkingCopy) -> Vec<CameIn>;

/// Tells what the operator has here, and goes on with what waits.
pub async fn take_stock(operator: OperatorId) {
    tabs::tell_if_new(operator);
    // What was signed out before is over; what is signed out from now on is not missed.
    desk::is_behind(kept::sign_outs(operator).await);
    // What a tab that is gone could only note.
    for key in note::keys(operator) {
        sync(key, &mut |_| Vec::new()).await;
    }
    match store::all(operator, desk::tab()).await {
        Ok(copies) => {
            if copies.is_empty() {
                gate::keeps_nothing();
            }
            let is_old = |copy: &WorkingCopy| copy.is_empty() && copy.touched + DAY < now();
            for copy in copies.iter().filter(|copy| is_old(copy)) {
                // No tab of before can bring it back any more; unless one began to edit it just now.
                let _held = lock::hold(lock::COPIES).await;
                if store::read(&copy.key, desk::tab()).await.is_ok_and(|read| read.is_some_and(|(copy, _)| is_old(&copy))) {
                    let _ = store::remove(&copy.key).await;
                }
            }
            let all: Vec<Work> = copies.iter().filter_map(Work::of).collect();
            standing::change(|standing| {
                // A page may have told of its own by now.
                let known = |work: &Work| standing.work.iter().any(|other| other.key == work.key);
                let more: Vec<Work> = all.into_iter().filter(|work| !known(work)).collect();
                standing.work.extend(more);
                standing.sort();
            });
        }
        Err(failure) => trouble::told(None, &failure.into()),
    }
    super::sender::pump().await;
}

/// What this tab holds of a copy, together with what is stored; `work` is done on both in one.
fn together(key: &Key, stored: Option<WorkingCopy>, work: OnCopy<'_>) -> Option<WorkingCopy> {
    let mut known = stored;
    for (mut copy, fresh) in desk::parted(key) {
        match known {
            Some(stored) if fresh => drop(copy.take_up(stored, now())),
            Some(stored) => drop(copy.join(&stored)),
            None => {}
        }
        known = Some(copy);
    }
    let Some((page, fresh)) = desk::page_of(key) else {
        let mut copy = known?;
        // Its page tells of it once it is open.
        desk::came_in(key, work(&mut copy));
        return Some(copy);
    };
    let (copy, came) = page.copy.try_update_value(|copy| {
        let mut came = desk::take_came_in(key);
        let before = copy.draft().base().clone();
        match known {
            Some(stored) if fresh => came.extend(copy.take_up(stored, now())),
            Some(stored) => {
                copy.join(&stored);
                // Another tab heard it from the server.
                came.extend(by_others(&before, copy));
            }
            None => {}
        }
        came.extend(work(copy));
        (copy.clone(), came)
    })?;
    desk::taken_up(key);
    page.changed.run(came);
    Some(copy)
}

/// What others saved, of what the copy has and `before` had not.
fn by_others(before: &Record, copy: &WorkingCopy) -> Vec<CameIn> {
    let base = copy.draft().base();
    let own = |field: &Field| base.stamp(field.unit()).by_id == Some(copy.key.operator);
    let own: Vec<Field> = Field::of(base.kind).iter().copied().filter(own).collect();
    came_in(before, base, &own)
}

/// Reads the copy, joins what this tab has of it, does `work` on it, and writes it down: all under one lock. Other tabs are told. False: it
/// could not be written.
pub async fn sync(key: Key, work: OnCopy<'_>) -> bool {
    let _held = lock::hold(lock::COPIES).await;
    desk::begins(&key);
    let read = store::read(&key, desk::tab()).await;
    let notes = note::read(&key).await;
    let before = read.as_ref().ok().and_then(Option::as_ref);
    let stored = before
        .map(|(stored, clear)| beside(&key, clear).unwrap_or_else(|| stored.clone()))
        .into_iter()
        .chain(notes.copies.iter().cloned())
        .reduce(|mut known, note| {
            known.join(&note);
            known
        });
    let out = desk::is_behind(kept::sign_outs(key.operator).await);
    let work: OnCopy<'_> = if out {
        &mut |copy| {
            copy.sign_out();
            let came = work(copy);
            copy.sign_out();
            came
        }
    } else {
        work
    };
    let Some(copy) = together(&key, stored, work) else {
        show(&key, None);
        desk::ends(&key);
        return true;
    };
    let written = match &read {
        Err(failure) => {
            if !copy.is_empty() {
                trouble::told(Some(key), failure);
            }
            false
        }
        Ok(_) if is_new(&copy, before) => match store::write(&copy).await {
            Ok(sealed) => {
                trouble::sealed(key, sealed);
                tabs::tell(&key.to_string());
                true
            }
            Err(failure) => {
                trouble::told(Some(key), &failure.into());
                false
            }
        },
        Ok(_) => true,
    };
    if written && (!notes.is_empty() || note::sealed_here(&key)) {
        note::remove(&key, &notes).await;
    }
    show(&key, Work::of(&copy));
    if !written && !copy.is_empty() && desk::page(&key).is_none() {
        desk::part(copy);
    }
    desk::ends(&key);
    if out && desk::operator() == Some(key.operator) && !kept::is_closed() {
        // That another tab signed out was not heard here.
        tabs::go_out();
    }
    written
}

/// Where nothing is encrypted only the page has what was typed as a secret: the rest is joined with it.
fn beside(key: &Key, clear: &str) -> Option<WorkingCopy> {
    let (page, _) = desk::page_of(key).filter(|(_, fresh)| !fresh && !encrypts())?;
    page.copy.try_with_value(|copy| copy.beside(clear)).flatten()
}

/// Whether it has to be written.
fn is_new(copy: &WorkingCopy, stored: Option<&(WorkingCopy, String)>) -> bool {
    match stored {
        None => !copy.is_empty(),
        Some((_, clear)) if !encrypts() => copy.says_more(clear),
        Some((stored, _)) => stored != copy,
    }
}

fn show(key: &Key, work: Option<Work>) {
    if Some(key.operator) == desk::operator() {
        standing::change(|standing| {
            standing.work.retain(|other| other.key != *key);
            standing.work.extend(work);
            standing.sort();
        });
    }
}
