//! The last reboot or resync: each step with its time, how it ended, what to do about it.

use super::Ctx;
use crate::ui::{Icon, Time};
use domain::reboot::{Grade, advice, grade, headline, step};
use domain::vendor::Vendor;
use domain::view::JobView;
use domain::{Millis, SECOND};
use leptos::prelude::*;

pub fn panel(ctx: Ctx) -> AnyView {
    ctx.job.get().map(shown).into_any()
}

fn shown(job: JobView) -> AnyView {
    let title = ["Last ", job.action.noun()].concat();
    view! {
        <section class="card" aria-labelledby="p-reboot">
            <h2 id="p-reboot">{title}</h2>
            <p class="sub small">"Asked by " {job.asked_by.clone()}</p>
            {steps(&job)}
        </section>
    }
    .into_any()
}

/// Each step with its time, and the end.
pub fn steps(job: &JobView) -> AnyView {
    let first = job.steps.first().map_or(job.asked, |step| step.at);
    let steps = job
        .steps
        .iter()
        .enumerate()
        .map(|(at, done)| {
            let when = if at == 0 { view! { <Time at=done.at seconds=true /> }.into_any() } else { later(done.at - first).into_any() };
            view! {
                <li>
                    <Icon name="check" />
                    <span>{step(&done.what)}</span>
                    <span class="sub n">{when}</span>
                </li>
            }
        })
        .collect_view();
    let end = match &job.end {
        None => view! {
            <p class="state" role="status">
                <span class="busy">"Watching the phone…"</span>
            </p>
        }
        .into_any(),
        Some(end) => {
            let (tone, icon) = match grade(end) {
                Grade::Good => ("good", "check"),
                Grade::Unsure => ("unsure", "info"),
                Grade::Bad => ("bad", "warn"),
            };
            let vendor = job.user_agent.as_deref().and_then(Vendor::of);
            view! {
                <p class=["ended ", tone].concat() role="status">
                    <Icon name=icon />
                    <strong>{headline(end)}</strong>
                </p>
                {advice(end, job.action, vendor).map(|text| view! { <p class="sub small">{text}</p> })}
            }
            .into_any()
        }
    };
    view! {
        <ol class="steps">{steps}</ol>
        {end}
    }
    .into_any()
}

/// `+0.1 s`, `+48 s`.
fn later(ms: Millis) -> String {
    let ms = ms.max(0);
    if ms < 10 * SECOND { format!("+{}.{} s", ms / SECOND, ms % SECOND / 100) } else { format!("+{} s", ms / SECOND) }
}

#[cfg(test)]
mod tests {
    use super::later;

    #[test]
    fn short_spans_have_tenths() {
        assert_eq!([0, 149, 3_000, 48_900].map(later), ["+0.0 s", "+0.1 s", "+3.0 s", "+48 s"]);
    }
}
