//! One point of the history.

use crate::{
    editor::steps,
    pages::activity::{reasons, row::changes, words},
    ui::{Time, count},
};
use domain::view::{Flow, JobView, Moment, Point, Refused};
use domain::{Dropped, Event, EventKind};
use leptos::prelude::*;

/// The key of a row: another one where what it says went on.
pub fn version(point: &Point) -> (String, u64, bool) {
    let (n, done) = match &point.moment {
        Moment::Job(job) => (job.steps.len() as u64, job.end.is_some()),
        Moment::Refused(refused) => (refused.count, false),
        _ => (0, false),
    };
    (point.key.clone(), n, done)
}

pub fn row(point: Point) -> AnyView {
    let (dot, what) = what(point.moment);
    view! {
        <li>
            <span class="when sub n">
                <Time at=point.at seconds=true />
            </span>
            <div class="what">
                <i class=["dot ", dot].concat()></i>
                <div>{what}</div>
            </div>
        </li>
    }
    .into_any()
}

/// How it stands to the phone's being there (`on`, `some`, `off`; empty: says nothing of it), and what happened.
fn what(moment: Moment) -> (&'static str, AnyView) {
    match moment {
        Moment::Registered(flow) => ("on", named("Registered", from(flow))),
        Moment::Reconnected(flow) => ("on", again(flow)),
        Moment::Unreachable(flow) => ("some", named("Its connection closed", from(flow))),
        Moment::Dropped { source, why } => (
            if why == Dropped::Replaced { "some" } else { "off" },
            named(dropped(why), view! { " " <code>{source.to_string()}</code> }.into_any()),
        ),
        Moment::Flapping { .. } => ("some", named("Flapping", view! { ": 5 drops in 10 minutes" }.into_any())),
        Moment::Refused(tries) => ("bad", refused(tries)),
        Moment::Done(event) => ("", done(*event)),
        Moment::Job(job) => ("", reboot(&job)),
    }
}

fn named(what: &'static str, more: AnyView) -> AnyView {
    view! { <strong>{what}</strong> {more} }.into_any()
}

fn from(flow: Flow) -> AnyView {
    view! {
        " from "
        <code>{flow.source.to_string()} " " {flow.transport.as_str()}</code>
        {flow.user_agent.map(|agent| view! { <span class="sub">" " {agent}</span> })}
    }
    .into_any()
}

fn again(flow: Flow) -> AnyView {
    view! {
        {named("Registered again", from(flow))}
        <p class="sub small">"Another address or connection than before, or a new Call-ID: a restart, or only another way."</p>
    }
    .into_any()
}

const fn dropped(why: Dropped) -> &'static str {
    match why {
        Dropped::Unregistered => "Left: the phone unregistered",
        Dropped::UnregisteredElsewhere => "Unregistered from another address or connection, perhaps by another phone of this device",
        Dropped::Replaced => "Replaced: the phone came with another contact",
        Dropped::MadeRoom => "Dropped: out of reach, and its room was needed for another contact",
        Dropped::Expired => "Dropped: not refreshed in time",
        Dropped::Changed => "Registration ended by a save",
        Dropped::Deleted => "Registration ended: the device was deleted",
        Dropped::Removed => "Unregistered by an operator",
    }
}

fn refused(tries: Refused) -> AnyView {
    let with = [tries.username, "@".into(), tries.realm].concat();
    let again = (tries.count > 1).then(|| {
        view! {
            <span class="sub">", " {count(tries.count, "try").replace("trys", "tries")} ", the last " <Time at=tries.last seconds=true /></span>
        }
    });
    view! {
        <strong>"Refused: " {reasons::words(tries.why)}</strong>
        {if tries.others { " from many other sources, the latest " } else { " from " }}
        <code>{tries.source.to_string()}</code>
        " as "
        <code>{with}</code>
        {again}
        <p class="sub small">{reasons::advice(tries.why)}</p>
    }
    .into_any()
}

fn done(event: Event) -> AnyView {
    let verb = words::verb(&event);
    let who = if event.by_name.is_empty() { "Seatline".to_owned() } else { event.by_name };
    let verb = verb.strip_suffix(" the device").unwrap_or(verb);
    let subject = if event.kind == EventKind::Forbidden { event.subject } else { "this device".to_owned() };
    view! {
        <strong>{who}</strong>
        " "
        {verb}
        " "
        {subject}
        {(!event.note.is_empty()).then(|| view! { <span class="sub">" · " {event.note}</span> })}
        {changes(event.changes)}
    }
    .into_any()
}

fn reboot(job: &JobView) -> AnyView {
    view! {
        <strong>{job.action.name()}</strong>
        ", asked by "
        {job.asked_by.clone()}
        {steps(job)}
    }
    .into_any()
}
