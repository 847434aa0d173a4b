//! The configuration: options that were given, checked and completed.

mod cidr;
mod doors;
mod origin;

pub use cidr::Cidr;
pub use doors::SipDoors;
pub use origin::PublicUrl;

use crate::{cli::Options, failure::Failure};
use secrecy::SecretString;
use std::{fs, io::IsTerminal, net::SocketAddr, path::PathBuf, time::Duration};
use tracing::Level;
use tracing_subscriber::{filter::Targets, layer::SubscriberExt, util::SubscriberInitExt};

/// Everything that the commands need to know.
#[derive(Clone, Debug)]
pub struct Config {
    /// The data folder.
    pub data: PathBuf,
    pub database: Database,
    /// Where the pages are served.
    pub listen: SocketAddr,
    /// Where phones are served, UDP and TCP.
    pub sip_listen: SocketAddr,
    /// Where else phones are served.
    pub sip_doors: SipDoors,
    /// Host and maybe port under which phones reach us.
    pub sip_advertise: Option<Advertised>,
    pub tls: Option<TlsFiles>,
    /// Whose forwarded headers count.
    pub trust_proxy: Vec<Cidr>,
    pub public_url: Option<PublicUrl>,
    pub demo: bool,
    /// After a reboot: between two looks, how long a phone is watched, how long one that went away is waited for.
    pub reboot: [Duration; 3],
    pub log: Level,
}

/// Where rows are kept.
#[derive(Clone, Debug)]
pub enum Database {
    /// In the data folder.
    Sqlite,
    /// The URL may hold a password.
    Postgres(SecretString),
}

/// A host without brackets, and a port where it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advertised {
    pub host: String,
    pub port: Option<u16>,
}

/// Certificate chain and private key, both PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    pub cert: PathBuf,
    pub key: PathBuf,
}

impl Config {
    pub fn new(options: Options) -> Result<Self, Failure> {
        let demo = options.demo;
        let tls = pair(("--tls-cert", options.tls_cert.clone()), ("--tls-key", options.tls_key.clone()))?;
        let sip_doors = SipDoors::new(&options, tls.as_ref())?;
        let database = match options.database {
            None => Database::Sqlite,
            Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => Database::Postgres(url.into()),
            Some(_) => return Err(Failure::new("--database: wants postgres://USER:PASSWORD@HOST/NAME")),
        };
        let config = Self {
            data: options.data.unwrap_or_else(|| if demo { "seatline-demo" } else { "seatline-data" }.into()),
            database,
            listen: address("--listen", options.listen.as_deref().unwrap_or("127.0.0.1:3000"))?,
            sip_listen: address(
                "--sip-listen",
                options.sip_listen.as_deref().unwrap_or(if demo { "127.0.0.1:5060" } else { "0.0.0.0:5060" }),
            )?,
            sip_doors,
            sip_advertise: options.sip_advertise.as_deref().map(advertised).transpose()?,
            tls,
            // An empty variable is as none.
            trust_proxy: options
                .trust_proxy
                .iter()
                .filter(|text| !text.is_empty())
                .map(|text| text.parse())
                .collect::<Result<_, Failure>>()?,
            public_url: options.public_url.as_deref().map(str::parse).transpose()?,
            demo,
            reboot: [options.reboot_probe, options.reboot_watch, options.reboot_wait].map(u64::from).map(Duration::from_secs),
            log: options.log,
        };
        config.check_addresses()?;
        Ok(config)
    }

    /// Each TCP port once, and with `--demo` none that others reach.
    fn check_addresses(&self) -> Result<(), Failure> {
        let mut seen: Vec<(&str, SocketAddr)> = Vec::new();
        for (option, at) in [("--listen", self.listen), ("--sip-listen", self.sip_listen)].into_iter().chain(self.sip_doors.addresses()) {
            if self.demo && !at.ip().is_loopback() {
                return Err(Failure::new(format!("--demo serves this machine only: {option} must be a loopback address")));
            }
            if let Some((other, _)) = seen.iter().find(|(_, other)| *other == at && at.port() != 0) {
                return Err(Failure::new(format!("{option} and {other} can't both be {at}")));
            }
            seen.push((option, at));
        }
        Ok(())
    }

    /// Makes the data folder, for its owner alone, and sees that it can be read and written.
    pub fn prepare_data(&self) -> Result<(), Failure> {
        let about = |what: &str| format!("the data folder {} {what}", self.data.display());
        if !self.data.exists() {
            let mut builder = fs::DirBuilder::new();
            builder.recursive(true);
            #[cfg(unix)]
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
            builder.create(&self.data).map_err(|e| Failure::about(about("can't be made"), e))?;
        }
        fs::read_dir(&self.data).map_err(|e| Failure::about(about("can't be read"), e))?;
        let probe = self.data.join(format!(".probe-{}", std::process::id()));
        fs::write(&probe, []).and_then(|()| fs::remove_file(&probe)).map_err(|e| Failure::about(about("can't be written"), e))
    }
}

/// Two files that are of no use alone.
fn pair((cert_option, cert): (&str, Option<PathBuf>), (key_option, key): (&str, Option<PathBuf>)) -> Result<Option<TlsFiles>, Failure> {
    match (cert, key) {
        (Some(cert), Some(key)) => Ok(Some(TlsFiles { cert, key })),
        (None, None) => Ok(None),
        _ => Err(Failure::new(format!("{cert_option} and {key_option} belong together: one of them is missing"))),
    }
}

fn address(option: &str, text: &str) -> Result<SocketAddr, Failure> {
    text.parse().map_err(|_| Failure::new(format!("{option}: {text} is not an address with a port, such as 127.0.0.1:3000")))
}

fn advertised(text: &str) -> Result<Advertised, Failure> {
    let wrong = || Failure::new(format!("--sip-advertise: {text} is not a host or host:port"));
    let authority: http::uri::Authority = text.parse().map_err(|_| wrong())?;
    let rest = authority.as_str().strip_prefix(authority.host()).ok_or_else(wrong)?;
    let port = match rest.strip_prefix(':').map(str::parse::<u16>) {
        None if rest.is_empty() => None,
        Some(Ok(port)) if port > 0 => Some(port),
        _ => return Err(wrong()),
    };
    let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
    if host.is_empty() { Err(wrong()) } else { Ok(Advertised { host, port }) }
}

/// The log on standard error: our own crates at `level`, what others say from warnings up.
pub fn logging(level: Level) {
    let others = level.min(Level::WARN);
    let filter = Targets::new().with_default(others).with_target("seatline", level);
    let _ = tracing_subscriber::registry()
        .with(tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal()).with_target(false))
        .with(filter)
        .try_init();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use clap::Parser;

    pub(super) fn config(args: &[&str]) -> Result<Config, String> {
        let cli = Cli::try_parse_from(["seatline"].iter().chain(args)).map_err(|e| e.to_string())?;
        Config::new(cli.options).map_err(|e| e.to_string())
    }

    #[test]
    fn nothing_given_serves_this_machine() {
        let config = config(&[]).unwrap();
        assert_eq!(config.listen, "127.0.0.1:3000".parse().unwrap());
        assert_eq!(config.sip_listen, "0.0.0.0:5060".parse().unwrap());
        assert_eq!(config.data, PathBuf::from("seatline-data"));
    }

    #[test]
    fn options_count_before_and_after_the_command() {
        assert_eq!(config(&["--data", "a", "migrate"]).unwrap().data, PathBuf::from("a"));
        assert_eq!(config(&["serve", "--data", "a"]).unwrap().data, PathBuf::from("a"));
    }

    #[test]
    fn the_demo_stays_on_this_machine() {
        let demo = config(&["--demo"]).unwrap();
        assert_eq!(demo.sip_listen, "127.0.0.1:5060".parse().unwrap());
        assert_eq!(demo.data, PathBuf::from("seatline-demo"), "never among what is kept");
        assert!(config(&["--demo", "--listen", "0.0.0.0:3000"]).unwrap_err().contains("this machine only"));
    }

    #[test]
    fn an_empty_list_of_proxies_is_none() {
        assert!(config(&["--trust-proxy="]).unwrap().trust_proxy.is_empty());
        assert_eq!(config(&["--trust-proxy=10.0.0.0/8,"]).unwrap().trust_proxy.len(), 1);
    }

    #[test]
    fn half_a_certificate_and_strange_values_are_refused() {
        assert!(config(&["--tls-cert", "a.pem"]).unwrap_err().contains("belong together"));
        assert!(config(&["--database", "mysql://x"]).unwrap_err().contains("wants postgres://"));
        assert!(config(&["--listen", "3000"]).unwrap_err().contains("--listen: 3000 is not an address"));
        assert!(config(&["--trust-proxy", "10.0.0.0/8,x"]).unwrap_err().contains("--trust-proxy: x"));
        for text in ["a@b", "host:", "host:99999", "", "a b"] {
            assert!(config(&["--sip-advertise", text]).is_err(), "{text}");
        }
    }

    #[test]
    fn an_advertised_host_may_have_a_port() {
        let advertised = |text| config(&["--sip-advertise", text]).unwrap().sip_advertise.unwrap();
        assert_eq!(advertised("Phones.example"), Advertised { host: "phones.example".into(), port: None });
        assert_eq!(advertised("[2001:db8::1]:5070"), Advertised { host: "2001:db8::1".into(), port: Some(5070) });
    }

    /// What docs/OPERATING.md tells everybody to install.
    #[test]
    fn the_unit_of_the_manual_knows_its_proxy() {
        let manual = include_str!("../../../docs/OPERATING.md");
        let variables = manual.lines().filter_map(|line| line.strip_prefix("Environment=")).flat_map(|line| line.split(' '));
        let options: Vec<String> = variables
            .map(|variable| {
                let (name, value) = variable.strip_prefix("SEATLINE_").unwrap().split_once('=').unwrap();
                format!("--{}={value}", name.to_lowercase().replace('_', "-"))
            })
            .collect();
        let config = config(&options.iter().map(String::as_str).collect::<Vec<_>>()).unwrap();
        assert!(config.public_url.is_some() && config.tls.is_none());
        assert!(config.trust_proxy.iter().any(|proxy| proxy.contains("127.0.0.1".parse().unwrap())), "else all sign in from one address");
    }

    #[test]
    fn a_database_url_keeps_its_password_out_of_debug() {
        let config = config(&["--database", "postgres://u:hunter2@h/n"]).unwrap();
        assert!(!format!("{config:?}").contains("hunter2"));
    }
}
