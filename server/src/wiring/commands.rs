//! The subcommands' work. Each answers the line to print.

use super::{addresses, directory::Directory, open, options};
use crate::{
    cli::Role,
    config::{Config, Database},
    failure::Failure,
};
use domain::{Problem, Secret};
use secrecy::{ExposeSecret, SecretString};
use service::{Service, SystemClock};
use std::{path::Path, sync::Arc};
use store::StoreError;

/// The use cases without phones, beside a running server.
async fn service(config: &Config) -> Result<Service, Failure> {
    let (store, log) = open(config, false).await?;
    Ok(Service::new(store, log, Arc::new(SystemClock), addresses::service_config(config), Arc::new(Directory::default())))
}

fn failed(problem: Problem) -> Failure {
    Failure::new(problem.to_string())
}

pub async fn migrate(config: &Config) -> Result<String, Failure> {
    let (store, log) = open(config, true).await?;
    log.close().await;
    store.close().await;
    Ok("The database has this version's form.".into())
}

/// Refuses where no database is.
pub async fn needs_database(config: &Config) -> Result<(), Failure> {
    if options(config).is_there().await.map_err(|e| Failure::new(e.to_string()))? {
        return Ok(());
    }
    Err(match config.database {
        Database::Sqlite => {
            let data = std::path::absolute(&config.data).unwrap_or_else(|_| config.data.clone());
            Failure::new(format!("there is no database in {}: name the server's data folder with --data", data.display()))
        }
        Database::Postgres(_) => Failure::new("that PostgreSQL database holds nothing of Seatline: name the server's with --database"),
    })
}

pub async fn backup(config: &Config, file: &Path) -> Result<String, Failure> {
    match options(config).backup(file).await {
        Ok(()) => Ok(format!(
            "Wrote {}. The key file seatline.key is not in it: keep a copy of it elsewhere, without it no SIP password can be read.",
            file.display()
        )),
        Err(StoreError::UsePgDump) => {
            Err(Failure::new("this database is PostgreSQL: use pg_dump, and keep a copy of seatline.key elsewhere"))
        }
        // It names the file that it is about.
        Err(StoreError::File(words)) => Err(Failure::new(words)),
        Err(error) => Err(Failure::about(file.display(), error)),
    }
}

pub async fn add_operator(
    config: &Config,
    name: &str,
    account: Option<&str>,
    role: Role,
    password: SecretString,
) -> Result<String, Failure> {
    let role = match role {
        Role::Viewer => domain::Role::Viewer,
        Role::Operator => domain::Role::Operator,
        Role::Admin => domain::Role::Admin,
    };
    let service = service(config).await?;
    if service.knows_operator(name).await.map_err(failed)? {
        return Err(Failure::new(format!(
            "{name} is an operator already; an admin invites them into an account, `operator password` sets the password"
        )));
    }
    service.add_operator(name, Some(&Secret::new(password.expose_secret())), account, role).await.map_err(failed)?;
    Ok(format!("{name} is {} now.", role.shown_as()))
}

pub async fn set_password(config: &Config, name: &str, password: SecretString) -> Result<String, Failure> {
    service(config).await?.set_operator_password(name, &Secret::new(password.expose_secret())).await.map_err(failed)?;
    Ok(format!("{name} has a new password; open sessions have ended."))
}

pub async fn add_account(config: &Config, name: &str, realm: &str) -> Result<String, Failure> {
    service(config).await?.add_account(name, realm).await.map_err(failed)?;
    let place = match config.database {
        Database::Sqlite => format!("--data \"{}\"", config.data.display()),
        // Its URL may hold a password.
        Database::Postgres(_) => "--database URL".to_owned(),
    };
    Ok(format!(
        "Made the account {name} with the realm {realm}. Add its admin with: seatline {place} operator add NAME --account \"{name}\""
    ))
}

pub async fn rotate_key(config: &Config) -> Result<String, Failure> {
    let (store, log) = open(config, true).await?;
    let done = store.rotate_key().await;
    log.close().await;
    store.close().await;
    let n = done.map_err(|e| Failure::about("the key", e))?;
    Ok(format!("{n} secrets are encrypted under a new key. Copy seatline.key anew: an older copy does not open them."))
}
