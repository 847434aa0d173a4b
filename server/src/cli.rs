//! What the command line and the environment may say.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Seats, their phones, and the registrar that the phones talk to.
#[derive(Parser)]
#[command(name = "seatline", version, disable_help_subcommand = true)]
pub struct Cli {
    #[command(flatten)]
    pub options: Options,
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What to do; without one, `serve`.
#[derive(Subcommand)]
pub enum Command {
    /// Serve the pages and the phones (what happens without a command)
    Serve,
    /// Bring the database to this version's form; only while no server runs on it
    Migrate,
    /// Write a copy of the database to a file, beside a running server too; the key file is not in it
    Backup {
        /// The file to write; it must not exist yet
        file: PathBuf,
    },
    /// Add operators and set their passwords, beside a running server too
    #[command(subcommand, arg_required_else_help = false)]
    Operator(OperatorCommand),
    /// Add accounts, beside a running server too
    #[command(subcommand, arg_required_else_help = false)]
    Account(AccountCommand),
    /// Encrypt all SIP passwords under a new key; only while no server runs
    RotateKey,
}

#[derive(Subcommand)]
pub enum OperatorCommand {
    /// Add an operator to an account; the password is read from the terminal or from standard input
    Add {
        /// The name to sign in with
        name: String,
        /// The name of the account; may be left out where there is only one
        #[arg(long)]
        account: Option<String>,
        /// What the operator may do there
        #[arg(long, value_enum, default_value_t = Role::Admin)]
        role: Role,
    },
    /// Set an operator's password, read from the terminal or from standard input; ends the operator's sessions
    Password {
        /// The name to sign in with
        name: String,
    },
}

#[derive(Subcommand)]
pub enum AccountCommand {
    /// Add an account and its first realm
    Add {
        /// The account's name
        name: String,
        /// Its first realm, such as a host name
        realm: String,
    },
}

/// A role in an account; each includes the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// Reads, no secrets
    Viewer,
    /// Edits, reboots, deletes
    Operator,
    /// Also operators, realms and settings
    Admin,
}

/// Options of every command. Each can stand in the environment instead.
#[derive(Args)]
pub struct Options {
    /// Folder that holds everything Seatline keeps; made when missing [default: seatline-data, with --demo seatline-demo]
    #[arg(long, value_name = "FOLDER", env = "SEATLINE_DATA", global = true, help_heading = "Data")]
    pub data: Option<PathBuf>,
    #[arg(
        long,
        value_name = "URL",
        help = "A PostgreSQL database, postgres://USER:PASSWORD@HOST/NAME [default: SQLite in the data folder]",
        env = "SEATLINE_DATABASE",
        hide_env_values = true,
        global = true,
        help_heading = "Data"
    )]
    pub database: Option<String>,
    /// How much the log on standard error tells: error, warn, info, debug or trace
    #[arg(long, value_name = "LEVEL", env = "SEATLINE_LOG", default_value = "info", global = true, help_heading = "Data")]
    pub log: tracing::Level,

    /// Address and port of the pages [default: 127.0.0.1:3000]
    #[arg(long, value_name = "ADDRESS:PORT", env = "SEATLINE_LISTEN", global = true, help_heading = "Serving")]
    pub listen: Option<String>,
    /// Address and port for phones, UDP and TCP [default: 0.0.0.0:5060, with --demo 127.0.0.1:5060]
    #[arg(long, value_name = "ADDRESS:PORT", env = "SEATLINE_SIP_LISTEN", global = true, help_heading = "Serving")]
    pub sip_listen: Option<String>,
    /// Host, or host and port, under which phones reach this server: for Via and Contact, the pages' advice, and the first realm
    #[arg(long, value_name = "HOST[:PORT]", env = "SEATLINE_SIP_ADVERTISE", global = true, help_heading = "Serving")]
    pub sip_advertise: Option<String>,
    /// Address and port for phones over TLS, by custom port 5061
    #[arg(long, value_name = "ADDRESS:PORT", env = "SEATLINE_SIP_TLS_LISTEN", global = true, help_heading = "Serving")]
    pub sip_tls_listen: Option<String>,
    /// Address and port for phones in browsers, WebSocket without TLS: behind a proxy that does it
    #[arg(long, value_name = "ADDRESS:PORT", env = "SEATLINE_SIP_WS_LISTEN", global = true, help_heading = "Serving")]
    pub sip_ws_listen: Option<String>,
    /// Address and port for phones in browsers, WebSocket over TLS
    #[arg(long, value_name = "ADDRESS:PORT", env = "SEATLINE_SIP_WSS_LISTEN", global = true, help_heading = "Serving")]
    pub sip_wss_listen: Option<String>,
    /// Certificate chain in PEM that phones are shown [default: that of --tls-cert]
    #[arg(long, value_name = "FILE", env = "SEATLINE_SIP_TLS_CERT", global = true, help_heading = "Serving")]
    pub sip_tls_cert: Option<PathBuf>,
    /// Private key of that certificate in PEM
    #[arg(long, value_name = "FILE", env = "SEATLINE_SIP_TLS_KEY", global = true, help_heading = "Serving")]
    pub sip_tls_key: Option<PathBuf>,
    /// Certificate chain in PEM: serve https. A changed file counts within seconds, here and for phones
    #[arg(long, value_name = "FILE", env = "SEATLINE_TLS_CERT", global = true, help_heading = "Serving")]
    pub tls_cert: Option<PathBuf>,
    /// Private key of the certificate in PEM
    #[arg(long, value_name = "FILE", env = "SEATLINE_TLS_KEY", global = true, help_heading = "Serving")]
    pub tls_key: Option<PathBuf>,
    /// Networks of reverse proxies whose X-Forwarded-For and X-Forwarded-Proto count; repeat it or separate by commas
    #[arg(long, value_name = "CIDR", env = "SEATLINE_TRUST_PROXY", value_delimiter = ',', global = true, help_heading = "Serving")]
    pub trust_proxy: Vec<String>,
    #[arg(
        long,
        value_name = "URL",
        env = "SEATLINE_PUBLIC_URL",
        global = true,
        help_heading = "Serving",
        help = "The address that browsers use, such as https://seats.example.com; behind a proxy that changes it"
    )]
    pub public_url: Option<String>,
    /// After a reboot: seconds between two looks whether the phone is there
    #[arg(long, value_name = "SECONDS", env = "SEATLINE_REBOOT_PROBE", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=60), global = true, help_heading = "Phones")]
    pub reboot_probe: u16,
    /// After a reboot: seconds that a phone which is there all the time is watched before it is said that it did not restart
    #[arg(long, value_name = "SECONDS", env = "SEATLINE_REBOOT_WATCH", default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..=3600), global = true, help_heading = "Phones")]
    pub reboot_watch: u16,
    /// After a reboot: seconds that a phone which went away is waited for
    #[arg(long, value_name = "SECONDS", env = "SEATLINE_REBOOT_WAIT", default_value_t = 300, value_parser = clap::value_parser!(u16).range(1..=3600), global = true, help_heading = "Phones")]
    pub reboot_wait: u16,
    /// Three seats with simulated phones, on this machine only, in a data folder of its own
    #[arg(long, env = "SEATLINE_DEMO", value_parser = clap::builder::BoolishValueParser::new(), global = true, help_heading = "Serving")]
    pub demo: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    fn commands(of: &clap::Command) -> Vec<&clap::Command> {
        of.get_subcommands().flat_map(|one| std::iter::once(one).chain(commands(one))).collect()
    }

    #[test]
    fn help_explains_each_option_and_each_stands_in_the_environment() {
        let mut cli = Cli::command();
        let help = cli.render_long_help().to_string();
        for arg in cli.get_arguments().filter(|arg| !["help", "version"].contains(&arg.get_id().as_str())) {
            let name = arg.get_long().expect("options are long");
            let env = format!("SEATLINE_{}", name.to_uppercase().replace('-', "_"));
            assert_eq!(arg.get_env().and_then(|env| env.to_str()), Some(env.as_str()), "--{name}");
            assert!(arg.get_help().is_some_and(|help| help.to_string().len() > 15), "--{name} is not explained");
            assert!(help.contains(&format!("--{name}")) && help.contains(&env), "--{name}: {help}");
        }
        for command in commands(&cli) {
            let name = command.get_name();
            assert!(command.get_about().is_some() || command.has_subcommands(), "{name} is not explained");
            for arg in command.get_arguments() {
                assert!(arg.get_help().is_some(), "{name}: {} is not explained", arg.get_id());
            }
        }
    }
}
