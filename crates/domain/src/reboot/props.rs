//! What holds whatever happens, in whatever order.

use super::tests::binding;
use super::*;
use crate::vendor::Action;
use proptest::prelude::*;

fn input() -> impl Strategy<Value = Input> {
    prop_oneof![
        1 => Just(Input::Sent { contact: "c".into() }),
        1 => (proptest::sample::select(vec![100, 200, 202, 302, 401, 405, 408, 481, 489, 503]), any::<bool>())
            .prop_map(|(code, challenged)| Input::NotifyAnswered { code, reason: "r".into(), challenged }),
        3 => Just(Input::NotifyAnswered { code: 200, reason: "OK".into(), challenged: false }),
        1 => Just(Input::NotifyNoAnswer),
        1 => Just(Input::FlowGone),
        4 => Just(Input::OptionsAnswered),
        4 => Just(Input::OptionsSilent),
        1 => Just(Input::Unregistered),
        1 => Just(Input::UnregisteredElsewhere),
        1 => Just(Input::Expired),
        2 => (0..3u8, any::<bool>()).prop_map(|(n, flow_changed)| Input::Registered { call_id: format!("call-{n}"), flow_changed }),
        1 => Just(Input::OldCredentialsTried),
        1 => Just(Input::RefusedPassword),
        1 => Just(Input::DemandsPassword),
        4 => Just(Input::Tick),
    ]
}

/// Of one input: how long after the last, and whether the server is restarted before it.
fn happenings() -> impl Strategy<Value = Vec<(Millis, Input, bool)>> {
    let wait = prop_oneof![5 => 0..10 * SECOND, 1 => 0..10 * MINUTE, 1 => -MINUTE..0];
    proptest::collection::vec((wait, input(), proptest::bool::weighted(0.05)), 0..60)
}

fn is_back(end: &End) -> bool {
    matches!(end, End::ConfirmedBack | End::LikelyBack)
}

proptest! {
    #[test]
    fn of_any_story(after_save: bool, resync: bool, list in happenings()) {
        let action = if resync { Action::Resync } else { Action::Reboot };
        let b = binding("sip:desk@h", "call-0");
        let settings = Settings::default();
        let (mut job, mut all) = Job::ask(0, action, Target::Phone { binding: &b, others: &[] }, after_save, settings);
        let (mut now, mut latest, mut began, mut registrations) = (0, 0, 0, 0);
        let mut stories = list.into_iter();
        loop {
            // When nothing happens any more, only time passes.
            let (input, restart) = if let Some((wait, input, restart)) = stories.next() {
                now += wait;
                (input, restart)
            } else {
                let Some(next) = job.next_tick() else { break };
                prop_assert!(next > now.max(latest), "it asks for a time that is past");
                now = next;
                (Input::Tick, false)
            };
            latest = latest.max(now);
            let before = job.clone();
            if restart {
                job = serde_json::from_str(&serde_json::to_string(&job).unwrap()).unwrap();
                prop_assert_eq!(&job, &before);
                if job.end().is_none() {
                    began = latest;
                }
                all.extend(job.resume(now));
            }
            if before.end().is_none() && matches!(input, Input::Registered { .. }) {
                registrations += 1;
            }
            all.extend(job.on(now, input));
            if before.end().is_some() {
                prop_assert_eq!(&job, &before, "done and going on");
                prop_assert_eq!(job.next_tick(), None);
            }
            let times: Vec<_> = job.steps().iter().map(|s| s.at).collect();
            prop_assert!(times.len() < 400);
            prop_assert_eq!(job.end().is_none(), job.next_tick().is_some());
            let within = settings.ahead + 2 * settings.answer_by + settings.observe + 2 * settings.not_back;
            prop_assert!(job.end().is_some() || latest - began <= within, "it outlives its bound");
        }
        let end = job.end().expect("a job always ends");
        let backs = job.steps().iter().filter(|s| s.what == What::Back).count();
        prop_assert!(backs <= registrations, "back without a registration");
        prop_assert!(!is_back(end) || backs > 0);
        let tried_last = job.steps().iter().rfind(|s| matches!(s.what, What::OldCredentials | What::Back)).map(|s| &s.what);
        prop_assert!(*end != End::BackOldCredentials || tried_last == Some(&What::OldCredentials), "it registered since");
        let count = |f: fn(&Command) -> bool| all.iter().filter(|c| f(c)).count();
        prop_assert_eq!(count(|c| matches!(c, Command::Finish(_))), 1);
        prop_assert_eq!(all.last(), Some(&Command::Finish(end.clone())));
        prop_assert_eq!(count(|c| *c == Command::EndRegistration), usize::from(after_save));
        prop_assert!(count(|c| *c == Command::SendNotify) <= 1);
        if resync {
            prop_assert!(!is_back(end) && !matches!(end, End::NotBack | End::DidNotRestart | End::CannotTell), "it was not asked to restart");
            prop_assert!(all.iter().all(|c| *c != Command::SendOptions), "nothing to watch for");
        } else {
            prop_assert!(*end != End::Accepted, "a reboot is not done when it is accepted");
        }
        if is_back(end) || matches!(end, End::NotBack | End::DidNotRestart | End::CannotTell) {
            let sent = job.steps().iter().any(|s| matches!(s.what, What::Sent { .. }));
            prop_assert!(sent || count(|c| *c == Command::SendNotify) == 1);
        }
        prop_assert!(!headline(end).is_empty());
    }
}
