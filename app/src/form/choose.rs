//! The choice itself: what was, theirs, yours. A part of its own: a conflict comes with an answer of the server.

use super::{Choice, FormHandle, choice::Line, conflict::Asked};
use crate::ui::{Button, Time, focus_safe};
use domain::form::Unit;
use domain::offline::Decision;
use leptos::prelude::*;

/// Asks; below the dialog.
pub fn choose() -> AnyView {
    let Some(asked) = use_context::<Asked>() else { return ().into_any() };
    focus_safe();
    table(asked, all(asked.form))
}

fn all(form: FormHandle) -> Vec<Choice> {
    form.copy.with_value(|copy| Choice::all(copy.draft()))
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

fn table(asked: Asked, choices: Vec<Choice>) -> AnyView {
    let form = asked.form;
    let sentence = sentence(form, &choices);
    let again = asked.again.try_update_value(std::mem::take) == Some(true);
    let decisions: Vec<(Unit, RwSignal<bool>)> = choices.iter().map(|choice| (choice.unit, RwSignal::new(true))).collect();
    let rows = choices.iter().cloned().zip(decisions.clone()).map(|(choice, (_, mine))| row(choice, mine)).collect_view();
    let save = Callback::new(move |()| {
        // What is chosen against is what is shown: either side may have changed since.
        let now = all(form);
        if now != choices && !now.is_empty() {
            asked.again.set_value(true);
            return form.ask_conflicts();
        }
        let decide = |(choice, (unit, mine)): (&Choice, &(Unit, RwSignal<bool>))| Decision {
            unit: *unit,
            mine: mine.get_untracked(),
            seen: choice.version,
        };
        form.decide(&choices.iter().zip(&decisions).map(decide).collect::<Vec<_>>());
    });
    view! {
        {again.then(|| view! { <p class="failure" role="alert">"It changed once more while you were choosing. Choose again."</p> })}
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
            <Button autofocus=true on_press=Callback::new(move |()| form.parts().conflict.set(false))>
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
    let theirs_label = [&label, ": what ", &choice.by, " saved"].concat();
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
                        <span class="line sub">{choice.by.clone()} " saved, " <Time at=choice.at /></span>
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
