//! Outbound Flags by worked examples: a call, the carriers, and which one is used.

use crate::{layout::use_account, ui::set_title};
use domain::{
    examples::{Example, examples},
    routing::{Carrier, Choice, FlagKind, Why, choose, resolve},
};
use leptos::prelude::*;

/// `/a/{account}/flags`
#[component]
pub fn Flags() -> impl IntoView {
    set_title("Outbound Flags".to_owned());
    let account = use_account();
    view! {
        <p class="crumbs">
            <a href=move || account.with(|a| a.href("/carriers"))>"Carriers"</a>
            " / Outbound Flags"
        </p>
        <header class="page">
            <div class="grow">
                <h1>"Outbound Flags, by example"</h1>
                <p class="sub measure">
                    "A call needs its static flags and what its dynamic ones stand for. A carrier stays when every flag of the call is among its own. Of those that stay the lowest weight is used; of equal weights the first by name. If none stays, the call fails."
                </p>
            </div>
        </header>
        <div class="examples">{examples().into_iter().map(example).collect_view()}</div>
    }
}

fn example(example: Example) -> AnyView {
    let call = resolve(&example.flags, &example.values);
    let choice = choose(&example.carriers, &call);
    let lines = (0..example.carriers.len()).map(|i| line(i, &example.carriers[i], &choice)).collect_view();
    let device = example
        .flags
        .iter()
        .map(|flag| {
            let dynamic = flag.kind == FlagKind::Dynamic;
            view! {
                <code class="flag">{flag.name.clone()}</code>
                {dynamic.then(|| view! { <span class="sub small">" dynamic "</span> })}
            }
        })
        .collect_view();
    view! {
        <section class="card example">
            <h2>{example.title}</h2>
            <p class="sub">{example.sentence}</p>
            <dl class="kv">
                <dt>"Device has"</dt>
                <dd>{device} {example.flags.is_empty().then_some("no flags")}</dd>
                <dt>"Call needs"</dt>
                <dd>{words(&choice.call_flags, "nothing")}</dd>
            </dl>
            <div class="tablewrap scrolls" tabindex="0" role="region" aria-label=format!("{}: carriers", example.title)>
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"Carrier"</th>
                            <th scope="col">"Weight"</th>
                            <th scope="col">"Flags"</th>
                            <th scope="col">"This call"</th>
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                </table>
            </div>
            {choice.used.is_none().then(|| view! { <p class="bad strong outcome">"The call fails: no carrier is left."</p> })}
        </section>
    }
    .into_any()
}

/// Flags as code, or a word for none.
fn words(flags: &[String], none: &'static str) -> AnyView {
    if flags.is_empty() {
        return view! { <span class="sub">{none}</span> }.into_any();
    }
    flags.iter().map(|flag| view! { <code class="flag">{flag.clone()}</code> " " }).collect_view().into_any()
}

fn line(i: usize, carrier: &Carrier, choice: &Choice) -> AnyView {
    let used = choice.used == Some(i);
    let what = match choice.out.iter().find(|out| out.carrier == i).map(|out| &out.why) {
        None if used => view! { <strong>"used"</strong> }.into_any(),
        None => view! { "stays" }.into_any(),
        Some(Why::LacksFlag(flag)) => view! { "out: lacks " <code>{flag.clone()}</code> }.into_any(),
        Some(Why::RequiresFlags) => view! { "out: requires flags" }.into_any(),
        Some(Why::Disabled) => view! { "out: disabled" }.into_any(),
    };
    let flags = match (carrier.ignore_flags, carrier.require_flags) {
        (true, _) => view! { <span class="sub">"ignores flags"</span> }.into_any(),
        (false, true) => view! { {words(&carrier.flags, "")} <span class="sub">"requires flags"</span> }.into_any(),
        (false, false) => words(&carrier.flags, "none"),
    };
    view! {
        <tr class:used=used>
            <td>{carrier.name.clone()}</td>
            <td class="n">{carrier.weight}</td>
            <td>{flags}</td>
            <td class="nowrap">{what}</td>
        </tr>
    }
    .into_any()
}
