//! Jobs: reboots and resyncs.

pub(crate) mod trim;

use crate::{
    StoreError, Tx,
    account::changed_one,
    entity::jobs,
    repo::{Handle, Repo},
};
use domain::{AccountId, DeviceId, JobId, Millis, OperatorId};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select, sea_query::Expr};
use secrecy::{ExposeSecret, SecretString};

/// One reboot.
#[derive(Clone, Debug)]
pub struct JobRow {
    pub id: JobId,
    pub account: AccountId,
    pub device: DeviceId,
    /// None: the system itself.
    pub asked_by: Option<OperatorId>,
    pub asked_by_name: String,
    pub asked: Millis,
    /// JSON of the job's state machine.
    pub state: String,
    pub running: bool,
    pub ended: Option<Millis>,
    /// The device's password of before a save that goes with the job, or came while it ran: for the challenge of a NOTIFY, and to tell who
    /// comes back with it. Sealed at rest, gone when the job ends; read by `running_jobs` alone.
    pub previous_password: Option<SecretString>,
    pub user_agent: String,
    pub contact: String,
}

fn job(row: jobs::Model, password: Option<SecretString>) -> JobRow {
    JobRow {
        id: row.id.into(),
        account: row.account_id.into(),
        device: row.device_id.into(),
        asked_by: row.asked_by.map(OperatorId),
        asked_by_name: row.asked_by_name,
        asked: row.asked,
        state: row.state,
        running: row.running,
        ended: row.ended,
        previous_password: password,
        user_agent: row.user_agent,
        contact: row.contact,
    }
}

fn newest(device: DeviceId) -> Select<jobs::Entity> {
    jobs::Entity::find().filter(jobs::Column::DeviceId.eq(device.0)).order_by_desc(jobs::Column::Asked).order_by_desc(jobs::Column::Id)
}

impl<H: Handle> Repo<H> {
    /// Every account's, the oldest first, with their secrets: to go on after a restart.
    pub async fn running_jobs(&self) -> Result<Vec<JobRow>, StoreError> {
        let rows = jobs::Entity::find().filter(Expr::cust("running")).order_by_asc(jobs::Column::Asked).order_by_asc(jobs::Column::Id);
        let mut out = Vec::new();
        for row in rows.all(self.db()).await? {
            let password = row.previous_password.as_deref().map(|blob| self.keys().open(blob, row.id)).transpose()?;
            out.push(job(row, password));
        }
        Ok(out)
    }

    /// The newest of a device, without its secret.
    pub async fn last_job(&self, device: DeviceId) -> Result<Option<JobRow>, StoreError> {
        Ok(newest(device).one(self.db()).await?.map(|row| job(row, None)))
    }

    pub async fn job(&self, account: AccountId, id: JobId) -> Result<Option<JobRow>, StoreError> {
        let row = jobs::Entity::find_by_id(id.0).filter(jobs::Column::AccountId.eq(account.0)).one(self.db()).await?;
        Ok(row.map(|row| job(row, None)))
    }

    /// The newest first, behind the one that was asked for at `before`.
    pub async fn jobs_of(&self, device: DeviceId, limit: u64, before: Option<(Millis, JobId)>) -> Result<Vec<JobRow>, StoreError> {
        let mut select = newest(device).limit(limit);
        if let Some((at, id)) = before {
            let same = Condition::all().add(jobs::Column::Asked.eq(at)).add(jobs::Column::Id.lt(id.0));
            select = select.filter(Condition::any().add(jobs::Column::Asked.lt(at)).add(same));
        }
        Ok(select.all(self.db()).await?.into_iter().map(|row| job(row, None)).collect())
    }
}

impl Tx {
    pub async fn insert_job(&self, job: &JobRow) -> Result<(), StoreError> {
        let password = job.previous_password.as_ref().map(|p| self.keys().seal(p.expose_secret(), job.id.0)).transpose()?;
        let row = jobs::ActiveModel {
            id: Set(job.id.0),
            account_id: Set(job.account.0),
            device_id: Set(job.device.0),
            asked_by: Set(job.asked_by.map(|id| id.0)),
            asked_by_name: Set(job.asked_by_name.clone()),
            asked: Set(job.asked),
            state: Set(job.state.clone()),
            running: Set(job.running),
            ended: Set(job.ended),
            previous_password: Set(password),
            user_agent: Set(job.user_agent.clone()),
            contact: Set(job.contact.clone()),
        };
        jobs::Entity::insert(row).exec_without_returning(self.db()).await?;
        Ok(())
    }

    /// What a job that runs is to know of a save that came meanwhile.
    pub async fn note_save(&self, id: JobId, state: &str, previous_password: Option<&SecretString>) -> Result<(), StoreError> {
        let sealed = previous_password.map(|p| self.keys().seal(p.expose_secret(), id.0)).transpose()?;
        let row = jobs::ActiveModel { state: Set(state.into()), previous_password: Set(sealed), ..Default::default() };
        let running = Condition::all().add(jobs::Column::Id.eq(id.0)).add(Expr::cust("running"));
        let update = jobs::Entity::update_many().set(row).filter(running);
        changed_one(update.exec(self.db()).await?.rows_affected, StoreError::NotFound)
    }

    /// One that does not run any more loses the previous password.
    pub async fn update_job(&self, id: JobId, state: &str, running: bool, ended: Option<Millis>) -> Result<(), StoreError> {
        let mut row = jobs::ActiveModel { state: Set(state.into()), running: Set(running), ended: Set(ended), ..Default::default() };
        if !running {
            row.previous_password = Set(None);
        }
        let update = jobs::Entity::update_many().set(row).filter(jobs::Column::Id.eq(id.0));
        changed_one(update.exec(self.db()).await?.rows_affected, StoreError::NotFound)
    }
}
