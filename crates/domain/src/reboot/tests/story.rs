//! A job told second by second: what the phone does when.

use super::*;

/// Runs a job second by second. OPTIONS are answered while `answers` says so, and time out after four seconds else.
pub struct Story {
    pub job: Job,
    pub now: Millis,
    pub answers: bool,
    silent_at: Vec<Millis>,
    /// With the time since the job was asked for.
    pub commands: Vec<(Millis, Command)>,
}

impl Story {
    pub fn begin(answers: bool, after_save: bool) -> Self {
        let b = binding("sip:desk@203.0.113.7", "call-1");
        let (job, first) = Job::ask(T0, Action::Reboot, Target::Phone { binding: &b, others: &[] }, after_save, Settings::default());
        let mut story = Self { job, now: T0, answers, silent_at: vec![], commands: vec![] };
        story.carry_out(first);
        story
    }

    /// Up to the answer of the NOTIFY.
    pub fn asked(answers: bool, after_save: bool, answer: Input) -> Self {
        let mut story = Self::begin(answers, after_save);
        story.wait(3);
        story.see(answer);
        story
    }

    pub fn accepted(answers: bool) -> Self {
        Self::asked(answers, false, said(200, "OK"))
    }

    pub fn carry_out(&mut self, commands: Vec<Command>) {
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

    pub fn see(&mut self, input: Input) {
        let out = self.job.on(self.now, input);
        self.carry_out(out);
    }

    pub fn wait(&mut self, seconds: i64) -> &mut Self {
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
    pub fn end(&mut self) -> (End, i64) {
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

    pub fn steps(&self) -> Vec<(&'static str, i64)> {
        let word = |what: &What| match what {
            What::Asked => "asked",
            What::Sent { .. } => "sent",
            What::Answered { .. } => "answered",
            What::NoAnswer => "no answer",
            What::RegistrationEnded => "ended registration",
            What::WentAway => "away",
            What::UnregisteredElsewhere => "unregistered elsewhere",
            What::ThereAgain => "there again",
            What::Back => "back",
            What::OldCredentials => "old credentials",
            What::Resumed => "resumed",
        };
        self.job.steps().iter().map(|s| (word(&s.what), (s.at - T0) / SECOND)).collect()
    }
}
