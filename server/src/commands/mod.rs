//! The subcommands: what the terminal sees of them. The work is in `wiring`.

mod password;
mod serve;

use crate::{
    cli::{AccountCommand, Command, OperatorCommand},
    config::Config,
    failure::Failure,
    wiring,
};

/// What may begin where nothing is yet; all else means a database that is there, and makes none in a folder that was named by mistake.
const fn begins(command: &Command) -> bool {
    matches!(command, Command::Serve | Command::Migrate | Command::Account(_))
}

/// Runs one command to its end.
pub async fn run(config: &Config, command: Command) -> Result<(), Failure> {
    if !begins(&command) {
        wiring::needs_database(config).await?;
    }
    config.prepare_data()?;
    let line = match command {
        Command::Serve => return serve::serve(config).await,
        Command::Migrate => wiring::migrate(config).await?,
        Command::Backup { file } => {
            if file.exists() {
                return Err(Failure::new(format!("{} exists already", file.display())));
            }
            wiring::backup(config, &file).await?
        }
        Command::Operator(OperatorCommand::Add { name, account, role }) => {
            wiring::add_operator(config, &name, account.as_deref(), role, password::read(&name)?).await?
        }
        Command::Operator(OperatorCommand::Password { name }) => wiring::set_password(config, &name, password::read(&name)?).await?,
        Command::Account(AccountCommand::Add { name, realm }) => wiring::add_account(config, &name, &realm).await?,
        Command::RotateKey => wiring::rotate_key(config).await?,
    };
    println!("{line}");
    Ok(())
}
