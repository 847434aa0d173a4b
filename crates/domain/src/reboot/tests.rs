//! Each end of a job, told as a story: what the phone does when, and what the panel says.

use super::*;
use crate::vendor::{Action, Vendor};
use crate::{AccountId, Binding, DeviceId, Dropped, ProvedBy, RegistrarEvent, Transport};
use uuid::Uuid;

const T0: Millis = 1_700_000_000_000;

pub(super) fn binding(contact: &str, call_id: &str) -> Binding {
    Binding {
        account: AccountId(Uuid::from_u128(1)),
        device: DeviceId(Uuid::from_u128(2)),
        aor: "sip:desk@a.example.net".into(),
        contact: contact.into(),
        source: "203.0.113.7:5060".parse().unwrap(),
        transport: Transport::Udp,
        connection: None,
        path: vec![],
        instance: None,
        reg_id: None,
        user_agent: None,
        call_id: call_id.into(),
        cseq: 1,
        q: None,
        proved_by: ProvedBy::Password,
        natted: false,
        reachable: true,
        since: 0,
        refreshed: 0,
        expires: 0,
    }
}

fn registered(call_id: &str, flow_changed: bool) -> Input {
    Input::Registered { call_id: call_id.into(), flow_changed }
}

fn said(code: u16, reason: &str) -> Input {
    Input::NotifyAnswered { code, reason: reason.into(), challenged: false }
}

/// Runs a job second by second. OPTIONS are answered while `answers` says so, and time out after four seconds else.
struct Story {
    job: Job,
    now: Millis,
    answers: bool,
    silent_at: Vec<Millis>,
    commands: Vec<(Millis, Command)>,
}

impl Story {
    fn begin(answers: bool, after_save: bool) -> Self {
        let b = binding("sip:desk@203.0.113.7", "call-1");
        let (job, first) = Job::ask(T0, Action::Reboot, Target::Phone { binding: &b, others: &[] }, after_save, Settings::default());
        let mut story = Self { job, now: T0, answers, silent_at: vec![], commands: vec![] };
        story.carry_out(first);
        story
    }

    /// Up to the answer of the NOTIFY.
    fn asked(answers: bool, after_save: bool, answer: Input) -> Self {
        let mut story = Self::begin(answers, after_save);
        story.wait(3);
        story.see(answer);
        story
    }

    fn accepted(answers: bool) -> Self {
        Self::asked(answers, false, said(200, "OK"))
    }

    fn carry_out(&mut self, commands: Vec<Command>) {
        for c in commands {
            self.commands.push((self.now - T0, c.clone()));
            match c {
                Command::SendOptions if self.answers => self.see(Input::OptionsAnswered),
                Command::SendOptions => self.silent_at.push(self.now + 4 * SECOND),
                Command::SendNotify => self.see(Input::Sent { contact: "203.0.113.7:5060".into() }),
                Command::EndRegistration | Command::Finish(_) => {}
            }
        }
    }

    fn see(&mut self, input: Input) {
        let out = self.job.on(self.now, input);
        self.carry_out(out);
    }

    fn wait(&mut self, seconds: i64) -> &mut Self {
        for _ in 0..seconds {
            self.now += SECOND;
            while let Some(i) = self.silent_at.iter().position(|at| *at <= self.now) {
                self.silent_at.remove(i);
                self.see(Input::OptionsSilent);
            }
            if self.job.next_tick().is_some_and(|at| at <= self.now) {
                self.see(Input::Tick);
            }
        }
        self
    }

    /// The end, and when it came: seconds after the job was asked for. Five hours are enough for any.
    fn end(&mut self) -> (End, i64) {
        for _ in 0..5 * 3600 {
            if self.job.end().is_some() {
                break;
            }
            self.wait(1);
        }
        let (at, last) = self.commands.last().unwrap().clone();
        assert_eq!(last, Command::Finish(self.job.end().unwrap().clone()));
        (self.job.end().unwrap().clone(), at / SECOND)
    }

    fn steps(&self) -> Vec<(&'static str, i64)> {
        let word = |what: &What| match what {
            What::Asked => "asked",
            What::Sent { .. } => "sent",
            What::Answered { .. } => "answered",
            What::NoAnswer => "no answer",
            What::RegistrationEnded => "ended registration",
            What::WentAway => "away",
            What::ThereAgain => "there again",
            What::Back => "back",
            What::OldCredentials => "old credentials",
            What::Resumed => "resumed",
        };
        self.job.steps().iter().map(|s| (word(&s.what), (s.at - T0) / SECOND)).collect()
    }
}

#[test]
fn options_go_ahead_of_the_notify_and_then_every_five_seconds() {
    let mut s = Story::accepted(true);
    s.wait(12);
    let sent: Vec<_> = s.commands.iter().map(|(at, c)| (at / SECOND, c.clone())).collect();
    let options = |at| (at, Command::SendOptions);
    assert_eq!(sent, [options(0), (0, Command::SendNotify), options(5), options(10), options(15)]);
    // A phone that does not answer them holds the NOTIFY up for two seconds, not for ever.
    let mut s = Story::begin(false, false);
    s.wait(3);
    assert_eq!(s.commands[1], (2 * SECOND, Command::SendNotify));
}

#[test]
fn confirmed_by_leave_and_return() {
    let mut s = Story::accepted(false);
    s.wait(1).see(Input::Unregistered);
    s.answers = true;
    s.wait(20).see(registered("call-1", false));
    assert_eq!(s.end(), (End::ConfirmedBack, 24));
    assert_eq!(s.steps(), [("asked", 0), ("sent", 2), ("answered", 3), ("away", 4), ("back", 24)]);
}

#[test]
fn confirmed_by_silence_and_a_new_call_id() {
    let mut s = Story::accepted(true);
    s.answers = false;
    s.wait(40).see(registered("call-2", false));
    assert_eq!(s.end(), (End::ConfirmedBack, 43));
    assert_eq!(s.steps(), [("asked", 0), ("sent", 0), ("answered", 3), ("away", 14), ("back", 43)]);
    // Answering before it registers is no reason to doubt.
    let mut s = Story::accepted(true);
    s.answers = false;
    s.wait(40);
    s.answers = true;
    s.wait(6).see(registered("call-2", false));
    assert_eq!(s.end().0, End::ConfirmedBack);
    assert_eq!(s.steps()[3..], [("away", 14), ("there again", 45), ("back", 49)]);
}

#[test]
fn likely_without_a_sight_of_its_leaving() {
    // Too quick for two OPTIONS.
    let mut s = Story::accepted(true);
    s.wait(4).see(registered("call-2", false));
    assert_eq!(s.job.end(), None, "it may only have reconnected, and be about to restart");
    assert_eq!(s.end(), (End::LikelyBack, 22));
    // It never answers OPTIONS: silence says nothing.
    let mut s = Story::accepted(false);
    s.wait(60).see(registered("call-2", false));
    assert_eq!(s.end(), (End::LikelyBack, 78));
    assert_eq!(s.steps().last(), Some(&("back", 63)));
    // Only the flow is another, as after a NAT forgot it.
    let mut s = Story::accepted(true);
    s.wait(4).see(registered("call-1", true));
    assert_eq!(s.end(), (End::LikelyBack, 93));
    // The connection closed and another came.
    let mut s = Story::accepted(true);
    s.wait(1).see(Input::FlowGone);
    s.wait(2).see(registered("call-2", true));
    assert_eq!(s.end().0, End::LikelyBack);
    // It did not refresh in time.
    let mut s = Story::accepted(false);
    s.wait(30).see(Input::Expired);
    s.wait(30).see(registered("call-2", false));
    assert_eq!(s.end().0, End::LikelyBack);
}

#[test]
fn a_reconnect_before_the_restart_is_not_the_return() {
    let mut s = Story::accepted(true);
    s.wait(1).see(registered("call-2", true));
    s.wait(3);
    s.answers = false;
    s.wait(60).see(registered("call-3", true));
    assert_eq!(s.end(), (End::ConfirmedBack, 67));
    assert_eq!(s.steps()[3..], [("back", 4), ("away", 19), ("back", 67)]);
}

#[test]
fn a_closed_connection_that_stays_closed_is_silence() {
    let mut s = Story::accepted(true);
    s.answers = false;
    s.wait(1).see(Input::FlowGone);
    s.wait(30).see(registered("call-2", true));
    assert_eq!(s.end(), (End::ConfirmedBack, 34));
}

#[test]
fn did_not_restart() {
    let mut s = Story::accepted(true);
    assert_eq!(s.end(), (End::DidNotRestart, 93));
    assert_eq!(s.steps().len(), 3);
    // Its refreshes change nothing, nor does one lost answer, the last one neither.
    let mut s = Story::accepted(true);
    s.wait(20).see(registered("call-1", false));
    s.wait(65);
    s.answers = false;
    s.wait(4);
    s.answers = true;
    assert_eq!(s.end(), (End::DidNotRestart, 95));
}

#[test]
fn not_back() {
    let mut s = Story::accepted(true);
    s.answers = false;
    assert_eq!(s.end(), (End::NotBack, 14 + 300));
    assert_eq!(s.steps().last(), Some(&("away", 14)));
    let mut s = Story::accepted(false);
    s.wait(1).see(Input::Unregistered);
    assert_eq!(s.end(), (End::NotBack, 4 + 300));
}

#[test]
fn cannot_tell() {
    // Only refreshes, no OPTIONS.
    let mut s = Story::accepted(false);
    s.wait(30).see(registered("call-1", false));
    assert_eq!(s.end(), (End::CannotTell, 93));
    // Nothing at all: until it should have refreshed.
    assert_eq!(Story::accepted(false).end(), (End::CannotTell, 303));
    // Silent for a while, then there with the same Call-ID: a restart or a bad line.
    let mut s = Story::accepted(true);
    s.answers = false;
    s.wait(20);
    s.answers = true;
    assert_eq!(s.end(), (End::CannotTell, 93));
    assert_eq!(s.steps()[3..], [("away", 14), ("there again", 25)]);
}

#[test]
fn nowhere_to_send_to() {
    let b = binding("sip:desk@203.0.113.7", "call-1");
    let gone = Binding { reachable: false, ..b };
    for (target, end) in [
        (Target::NotRegistered, End::NotRegistered),
        (Target::NeverRegisters, End::NeverRegisters),
        (Target::Phone { binding: &gone, others: &[] }, End::NotReachable),
    ] {
        let (job, out) = Job::ask(T0, Action::Reboot, target, false, Settings::default());
        assert_eq!((job.end(), job.next_tick()), (Some(&end), None));
        assert_eq!(out, [Command::Finish(end)]);
    }
    for (input, end) in [(Input::FlowGone, End::NotReachable), (Input::Unregistered, End::NotRegistered)] {
        let mut s = Story::begin(false, false);
        s.see(input);
        assert_eq!(s.end(), (end, 0));
        assert_eq!(s.steps(), [("asked", 0)]);
    }
}

#[test]
fn refusals() {
    let challenged = |code| Input::NotifyAnswered { code, reason: "Unauthorized".into(), challenged: true };
    for (answer, end) in [
        (said(489, "Bad Event"), End::NotSupported(489)),
        (said(405, "Method Not Allowed"), End::NotSupported(405)),
        (said(481, "Call/Transaction Does Not Exist"), End::NotSupported(481)),
        (said(403, "Forbidden"), End::Refused(403, "Forbidden".into())),
        (said(302, "Moved"), End::Refused(302, "Moved".into())),
        (challenged(401), End::RefusedPassword),
        (challenged(407), End::RefusedPassword),
        (said(401, "Unauthorized"), End::DemandsPassword),
        (Input::RefusedPassword, End::RefusedPassword),
        (Input::DemandsPassword, End::DemandsPassword),
    ] {
        assert_eq!(Story::asked(true, false, answer).end(), (end, 3));
    }
    assert_eq!(Story::asked(true, false, said(100, "Trying")).job.end(), None);
}

#[test]
fn no_answer() {
    // Timer F, still answering OPTIONS.
    let mut s = Story::begin(true, false);
    s.wait(32).see(Input::NotifyNoAnswer);
    assert_eq!(s.end(), (End::NoAnswer, 32 + 90));
    // A 408 says the same; nobody saying anything does too.
    assert_eq!(Story::asked(true, false, said(408, "Request Timeout")).end(), (End::NoAnswer, 93));
    assert_eq!(Story::begin(true, false).end(), (End::NoAnswer, 160));
    // Off: silent, and not said to have gone for a restart that it never promised.
    let mut s = Story::begin(true, false);
    s.answers = false;
    s.wait(32).see(Input::NotifyNoAnswer);
    assert_eq!(s.end().0, End::NoAnswer);
}

#[test]
fn some_restart_without_answering() {
    let mut s = Story::begin(true, false);
    s.answers = false;
    s.wait(32).see(Input::NotifyNoAnswer);
    s.wait(8).see(registered("call-2", false));
    assert_eq!(s.end(), (End::ConfirmedBack, 40));
    assert_eq!(s.steps()[1..], [("sent", 0), ("away", 14), ("no answer", 32), ("back", 40)]);
    let mut s = Story::begin(false, false);
    s.wait(20).see(registered("call-2", false));
    s.wait(12).see(Input::NotifyNoAnswer);
    assert_eq!(s.end().0, End::LikelyBack);
    assert_eq!(s.steps()[2..], [("back", 20), ("no answer", 32)]);
    // A late yes still counts.
    let mut s = Story::begin(true, false);
    s.wait(33).see(Input::NotifyNoAnswer);
    s.see(said(200, "OK"));
    assert_eq!(s.end().0, End::DidNotRestart);
}

#[test]
fn save_then_reboot_ends_the_registration_at_the_answer() {
    let mut s = Story::asked(true, true, said(202, "Accepted"));
    let ended =
        |s: &Story| s.commands.iter().filter(|(_, c)| *c == Command::EndRegistration).map(|(at, _)| at / SECOND).collect::<Vec<_>>();
    assert_eq!(ended(&s), [3]);
    s.answers = false;
    s.wait(30).see(registered("call-2", false));
    assert_eq!(s.end().0, End::ConfirmedBack);
    assert_eq!(ended(&s), [3]);
    let mut s = Story::begin(true, true);
    s.wait(32).see(Input::NotifyNoAnswer);
    assert_eq!(ended(&s), [32]);
    for answer in [said(489, "Bad Event"), Input::RefusedPassword, said(403, "No")] {
        assert_eq!(ended(&Story::asked(true, true, answer)), [3], "whatever it answers");
    }
    let (_, out) = Job::ask(T0, Action::Reboot, Target::NotRegistered, true, Settings::default());
    assert_eq!(out, [Command::EndRegistration, Command::Finish(End::NotRegistered)]);
}

#[test]
fn back_with_the_old_credentials() {
    let mut s = Story::asked(true, true, said(200, "OK"));
    s.wait(1).see(Input::OldCredentialsTried);
    assert_eq!(s.job.end(), None, "it takes its leave with what it knows");
    s.answers = false;
    s.wait(40).see(Input::OldCredentialsTried);
    assert_eq!(s.end(), (End::BackOldCredentials, 44));
    assert_eq!(s.steps().last(), Some(&("old credentials", 44)));
    // Back before two OPTIONS went by.
    let mut s = Story::asked(true, true, said(200, "OK"));
    s.wait(9).see(Input::OldCredentialsTried);
    assert_eq!(s.end(), (End::BackOldCredentials, 12));
}

#[test]
fn goes_on_after_a_restart_of_the_server() {
    // The answer was lost.
    let mut s = Story::begin(true, true);
    s.wait(2);
    let stored = serde_json::to_string(&s.job).unwrap();
    let mut job: Job = serde_json::from_str(&stored).unwrap();
    assert_eq!(job, s.job);
    let out = job.resume(T0 + 20 * SECOND);
    assert_eq!(out, [Command::EndRegistration, Command::SendOptions], "never a second NOTIFY");
    s.job = job;
    s.now = T0 + 20 * SECOND;
    s.carry_out(out);
    assert_eq!(s.end(), (End::Interrupted, 110));

    // It was away when the server went, and comes back.
    let mut s = Story::accepted(true);
    s.answers = false;
    s.wait(20);
    s.now += 3600 * SECOND;
    let out = s.job.resume(s.now);
    s.carry_out(out);
    s.wait(9).see(registered("call-2", true));
    assert_eq!(s.end().0, End::ConfirmedBack);

    // A connection made anew after the server's restart says nothing of the phone's.
    let mut s = Story::accepted(true);
    s.answers = false;
    let out = s.job.resume(s.now);
    s.carry_out(out);
    s.wait(30).see(registered("call-1", true));
    assert_eq!(s.end().0, End::Interrupted);

    // Nothing was sent yet: it is sent now.
    let b = binding("sip:desk@203.0.113.7", "call-1");
    let (mut job, _) = Job::ask(T0, Action::Reboot, Target::Phone { binding: &b, others: &[] }, false, Settings::default());
    assert_eq!(job.resume(T0 + SECOND), [Command::SendOptions]);
    assert_eq!(job.on(T0 + SECOND, Input::OptionsAnswered), [Command::SendNotify]);
    assert_eq!(Story::asked(true, false, said(489, "")).job.resume(T0), [], "one that ended stays ended");
}

#[test]
fn a_resync_ends_with_the_answer() {
    let b = binding("sip:desk@203.0.113.7", "call-1");
    let asked = || {
        let (mut job, out) = Job::ask(T0, Action::Resync, Target::Phone { binding: &b, others: &[] }, false, Settings::default());
        assert_eq!(out, [Command::SendNotify], "no OPTIONS: there is no restart to watch for");
        assert_eq!(job.on(T0, Input::Sent { contact: "203.0.113.7:5060".into() }), []);
        job
    };
    for (input, end) in [
        (said(200, "OK"), End::Accepted),
        (said(489, "Bad Event"), End::NotSupported(489)),
        (said(403, "Forbidden"), End::Refused(403, "Forbidden".into())),
        (said(408, "Request Timeout"), End::NoAnswer),
        (Input::NotifyNoAnswer, End::NoAnswer),
        (Input::DemandsPassword, End::DemandsPassword),
        (Input::RefusedPassword, End::RefusedPassword),
    ] {
        assert_eq!(asked().on(T0 + SECOND, input), [Command::Finish(end)]);
    }
    // What the phone does besides says nothing; a NOTIFY that nobody reports on is given up.
    let mut job = asked();
    for input in [Input::FlowGone, Input::Unregistered, registered("call-2", true), Input::OptionsSilent] {
        assert_eq!(job.on(T0 + SECOND, input), []);
    }
    assert_eq!(job.steps().len(), 2);
    assert_eq!(job.next_tick(), Some(T0 + Settings::default().answer_by));
    assert_eq!(job.on(T0 + 70 * SECOND, Input::Tick), [Command::Finish(End::NoAnswer)]);
    // The answer was lost with the server.
    assert_eq!(asked().resume(T0 + SECOND), [Command::Finish(End::Interrupted)]);
    let (job, out) = Job::ask(T0, Action::Resync, Target::NotRegistered, false, Settings::default());
    assert_eq!((job.action(), out), (Action::Resync, vec![Command::Finish(End::NotRegistered)]));
}

#[test]
fn a_job_from_before_there_were_resyncs_is_a_reboot() {
    let mut stored = serde_json::to_value(&Story::begin(true, false).job).unwrap();
    stored.as_object_mut().unwrap().remove("action");
    assert_eq!(serde_json::from_value::<Job>(stored).unwrap().action(), Action::Reboot);
}

#[test]
fn a_job_follows_its_own_phone() {
    let mine = binding("sip:desk@203.0.113.7", "call-1");
    let other = binding("sip:desk@203.0.113.8", "call-8");
    let (mut job, _) =
        Job::ask(T0, Action::Reboot, Target::Phone { binding: &mine, others: std::slice::from_ref(&other) }, false, Settings::default());
    let refreshed = |binding| RegistrarEvent::Refreshed { binding, reconnected: false };
    let dropped = |binding, why| RegistrarEvent::Dropped { binding, why };
    let stranger = Binding { device: DeviceId(Uuid::from_u128(3)), ..mine.clone() };
    for event in [
        refreshed(other.clone()),
        refreshed(Binding { call_id: "call-9".into(), ..other.clone() }),
        refreshed(Binding { contact: "sip:desk@203.0.113.9".into(), ..other.clone() }),
        dropped(other.clone(), Dropped::Unregistered),
        RegistrarEvent::Unreachable(other),
        RegistrarEvent::Registered(stranger.clone()),
        dropped(stranger, Dropped::Unregistered),
        dropped(mine.clone(), Dropped::Changed),
    ] {
        assert_eq!(job.sees(&event), None, "{event:?}");
    }
    assert_eq!(job.sees(&refreshed(mine.clone())), Some(registered("call-1", false)));
    assert_eq!(job.sees(&dropped(mine.clone(), Dropped::Unregistered)), Some(Input::Unregistered));
    assert_eq!(job.sees(&dropped(mine.clone(), Dropped::Expired)), Some(Input::Expired));
    assert_eq!(job.sees(&RegistrarEvent::Unreachable(mine.clone())), Some(Input::FlowGone));
    let moved = Binding { contact: "sip:desk@203.0.113.7:40000".into(), source: "203.0.113.7:40000".parse().unwrap(), ..mine.clone() };
    assert_eq!(job.sees(&RegistrarEvent::Registered(moved.clone())), Some(registered("call-1", true)));
    assert_eq!(job.sees(&refreshed(moved.clone())), Some(registered("call-1", false)), "it follows");
    assert_eq!(job.sees(&dropped(mine, Dropped::Expired)), None, "its former contact");
    let instance = |i: &str| Binding { instance: Some(i.into()), ..moved.clone() };
    let (mut job, _) = Job::ask(T0, Action::Reboot, Target::Phone { binding: &instance("a"), others: &[] }, false, Settings::default());
    assert_eq!(job.sees(&RegistrarEvent::Registered(instance("b"))), None);
}

#[test]
fn words_for_every_end() {
    let yealink = Vendor::of("Yealink SIP-T54W");
    assert_eq!(headline(&End::NotSupported(481)), "Not supported by the phone (481)");
    assert_eq!(headline(&End::Refused(403, "Forbidden".into())), "Refused: 403 Forbidden");
    assert_eq!(headline(&End::Refused(603, String::new())), "Refused: 603");
    assert_eq!(headline(&End::BackOldCredentials), "Back, but still with the old credentials");
    assert!(advice(&End::DidNotRestart, Action::Reboot, yealink).unwrap().contains("sip.notify_reboot_enable"));
    assert!(!advice(&End::NotBack, Action::Reboot, yealink).unwrap().contains("Yealink"));
    assert!(advice(&End::DidNotRestart, Action::Reboot, Vendor::of("PolycomVVX")).unwrap().contains("alwaysReboot"));
    assert_eq!(advice(&End::ConfirmedBack, Action::Reboot, yealink), None);
    let ends = [
        End::LikelyBack,
        End::Accepted,
        End::DidNotRestart,
        End::NotBack,
        End::NotRegistered,
        End::NeverRegisters,
        End::NotReachable,
        End::NotSupported(489),
        End::RefusedPassword,
        End::DemandsPassword,
        End::Refused(403, "Forbidden".into()),
        End::CannotTell,
        End::BackOldCredentials,
        End::NoAnswer,
        End::Interrupted,
    ];
    let mut told: Vec<_> = ends.iter().map(|end| (headline(end), advice(end, Action::Reboot, None).unwrap())).collect();
    assert!(told.iter().all(|(head, advice)| !head.is_empty() && advice.ends_with('.')));
    told.sort();
    told.dedup_by(|a, b| a.0 == b.0 || a.1 == b.1);
    assert_eq!(told.len(), ends.len(), "each end has words of its own");
    assert!(advice(&End::NotSupported(481), Action::Reboot, Vendor::of("Gigaset N870")).unwrap().contains("CheckSyncRebootEnabled"));
    assert!(!advice(&End::NoAnswer, Action::Resync, None).unwrap().contains("registration"));
    assert_eq!((grade(&End::ConfirmedBack), grade(&End::CannotTell), grade(&End::NoAnswer)), (Grade::Good, Grade::Unsure, Grade::Bad));
    assert_eq!(step(&What::Answered { code: 200, reason: "OK".into(), challenged: false }), "Phone answered 200 OK");
    assert_eq!(step(&What::Sent { contact: "203.0.113.7:5060".into() }), "Sent to 203.0.113.7:5060");
    assert_eq!(serde_json::to_string(&End::NotSupported(489)).unwrap(), r#"{"not_supported":489}"#);
}
