//! A job as its row keeps it, and as a page shows it.

use domain::reboot::Job;
use domain::{Binding, view::JobView};
use serde::{Deserialize, Serialize};
use store::JobRow;

/// The JSON of a job's row. No secret in it.
#[derive(Serialize, Deserialize)]
pub(crate) struct Kept {
    pub job: Job,
    /// Where it goes.
    pub binding: Option<Binding>,
    /// The event that is sent in the place of the vendor's.
    #[serde(default)]
    pub event: Option<String>,
    /// A save that ended the registration, with the job or while it ran: username and realm from before.
    pub after_save: Option<(String, String)>,
}

impl Kept {
    pub fn to_json(&self) -> serde_json::Result<String> {
        serde_json::to_string(self)
    }

    pub fn from_json(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

pub(crate) fn view(row: &JobRow, kept: &Kept) -> JobView {
    JobView {
        id: row.id,
        device: row.device,
        action: kept.job.action(),
        asked: row.asked,
        asked_by: row.asked_by_name.clone(),
        contact: row.contact.clone(),
        user_agent: Some(row.user_agent.clone()).filter(|ua| !ua.is_empty()),
        steps: kept.job.steps().to_vec(),
        end: kept.job.end().cloned(),
    }
}

/// The view of a stored row; none when it can't be read.
pub(crate) fn parsed(row: &JobRow) -> Option<JobView> {
    Kept::from_json(&row.state).map(|kept| view(row, &kept))
}
