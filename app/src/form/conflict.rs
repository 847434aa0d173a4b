//! The choice between what somebody else saved and what is typed here.

use super::{Choice, FormHandle, choice::Line};
use crate::ui::{Button, Dialog, Time};
use domain::form::Unit;
use leptos::prelude::*;

/// Opens with the choices of the form; nothing is decided until "Save merged".
#[component]
pub fn ConflictDialog(form: FormHandle) -> impl IntoView {
    let open = Signal::derive(move || form.parts().conflict.with(Option::is_some));
    let close = Callback::new(move |()| form.parts().conflict.set(None));
    let title = Signal::derive(move || {
        let mut names = form.parts().conflict.with(|choices| choices.iter().flatten().map(by).collect::<Vec<_>>());
        domain::few::sort(&mut names);
        names.dedup();
        [&names.join(" and "), " saved this ", form.parts().thing, " while you were editing"].concat()
    });
    view! {
        <Dialog open=open on_close=close title=title wide=true>
            {move || form.parts().conflict.get().map(|choices| table(form, choices))}
        </Dialog>
    }
}

fn by(choice: &Choice) -> String {
    if choice.by.is_empty() { "Somebody".into() } else { choice.by.clone() }
}

fn sentence(form: FormHandle, choices: &[Choice]) -> String {
    let all = form.copy.with_value(|copy| copy.draft().modified());
    let touched = all.iter().filter(|field| choices.iter().any(|choice| choice.unit == field.unit())).count();
    let kept = all.len() - touched;
    let one = |n: usize, one: &'static str, more: &'static str| if n == 1 { one } else { more };
    let choose = match touched {
        1 => "Choose for the other one.".to_owned(),
        n => format!("Choose for the other {n}."),
    };
    match kept {
        0 => "Each of your changes touches theirs. Choose.".into(),
        n => {
            let of = all.len();
            format!("{n} of your {of} changes {} not touch theirs and {} kept. {choose}", one(n, "does", "do"), one(n, "is", "are"))
        }
    }
}

fn table(form: FormHandle, choices: Vec<Choice>) -> AnyView {
    let sentence = sentence(form, &choices);
    let decisions: Vec<(Unit, RwSignal<bool>)> = choices.iter().map(|choice| (choice.unit, RwSignal::new(true))).collect();
    let rows = choices.into_iter().zip(decisions.clone()).map(|(choice, (_, mine))| row(choice, mine)).collect_view();
    let save = Callback::new(move |()| {
        form.decide(decisions.iter().map(|(unit, mine)| (*unit, mine.get_untracked())).collect());
    });
    view! {
        <p>{sentence}</p>
        <div class="tablewrap scrolls">
            <table class="choices cards">
                <thead>
                    <tr>
                        <th scope="col">"Field"</th>
                        <th scope="col">"Was"</th>
                        <th scope="col">"Theirs"</th>
                        <th scope="col">"Yours"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <div class="acts">
            <Button autofocus=true on_press=Callback::new(move |()| form.parts().conflict.set(None))>
                "Go back to editing"
            </Button>
            <Button class="primary" on_press=save>
                "Save merged"
            </Button>
        </div>
    }
    .into_any()
}

fn lines(choice: &Choice, text: fn(&Line) -> &str) -> AnyView {
    choice.lines.iter().map(|line| view! { <span class="line">{text(line).to_owned()}</span> }).collect_view().into_any()
}

fn row(choice: Choice, mine: RwSignal<bool>) -> AnyView {
    let name = ["choice-", choice.unit.field().name()].concat();
    let label = choice.label();
    let theirs_label = [&label, ": what ", &by(&choice), " saved"].concat();
    let mine_label = [&label, ": yours"].concat();
    view! {
        <tr>
            <th scope="row">{lines(&choice, |line| line.field.label())}</th>
            <td data-label="Was">{lines(&choice, |line| &line.was)}</td>
            <td data-label="Theirs">
                <label class="pick" class:on=move || !mine.get()>
                    <input
                        type="radio"
                        name=name.clone()
                        value="theirs"
                        aria-label=theirs_label
                        on:change=move |_| mine.set(false)
                    />
                    <span>
                        {lines(&choice, |line| &line.theirs)}
                        <span class="line sub">{by(&choice)} " saved, " <Time at=choice.at /></span>
                    </span>
                </label>
            </td>
            <td data-label="Yours">
                <label class="pick" class:on=move || mine.get()>
                    <input type="radio" name=name value="mine" aria-label=mine_label checked=true on:change=move |_| mine.set(true) />
                    <span>{lines(&choice, |line| &line.mine)}</span>
                </label>
            </td>
        </tr>
    }
    .into_any()
}
