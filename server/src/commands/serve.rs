//! `seatline serve`: bind everything, say where, serve, and end in order.

use crate::{
    certificates::Shown,
    config::Config,
    failure::Failure,
    http::{self, Web, server::Server},
    wiring::{self, Running},
};
use std::{
    io::{Write, stdout},
    net::SocketAddr,
    time::Duration,
};
use tokio_util::sync::CancellationToken;

/// How long requests may still run, and then how long the rest may take to end.
const GRACE: Duration = Duration::from_secs(5);

pub async fn serve(config: &Config) -> Result<(), Failure> {
    raise_file_limit();
    let shown = Shown::load(config)?;
    let server = Server::bind(config, shown.pages.as_ref())?;
    let signals = Signals::listen()?;
    let stop = CancellationToken::new();
    let running = wiring::start(config, shown.phones.clone(), stop.clone()).await?;
    let watching = tokio::spawn(shown.watch(stop.clone()));
    announce(config, server.address(), &running);

    let web = Web::new(config, running.service.clone(), stop.clone());
    let handle = server.handle();
    let ending = tokio::spawn(async move {
        signals.first().await;
        // Live streams end by the token at once; what else runs has its grace.
        stop.cancel();
        handle.graceful_shutdown(Some(GRACE));
        signals.first().await;
        // Asked twice: now.
        std::process::exit(1);
    });
    let served = server.serve(http::router(web)).await;
    if tokio::time::timeout(GRACE, running.stop()).await.is_err() {
        tracing::warn!("not everything ended in time");
    }
    ending.abort();
    watching.abort();
    served
}

/// Each browser and each phone on TCP is an open file, and the usual limit is a thousand.
fn raise_file_limit() {
    match rlimit::increase_nofile_limit(u64::MAX) {
        Ok(limit) => tracing::debug!(limit, "open files"),
        Err(error) => {
            tracing::warn!(%error, "the limit of open files can't be raised: about a thousand browsers and phones on TCP at most");
        }
    }
}

fn announce(config: &Config, pages: SocketAddr, running: &Running) {
    let scheme = if config.tls.is_some() { "https" } else { "http" };
    let base = config.public_url.as_ref().map_or_else(|| format!("{scheme}://{pages}"), |url| url.origin.clone());
    let data = std::path::absolute(&config.data).unwrap_or_else(|_| config.data.clone());
    let mut lines = vec![format!("Seatline {}", env!("CARGO_PKG_VERSION")), format!("  pages   {scheme}://{pages}")];
    if config.public_url.is_some() {
        lines.push(format!("  public  {base}"));
    }
    lines.push(format!("  phones  sip:{} (UDP and TCP)", running.sip));
    for (transport, address) in &running.doors {
        lines.push(format!("  phones  {address} ({})", transport.as_str().to_uppercase()));
    }
    lines.push(format!("  data    {}", data.display()));
    lines.extend_from_slice(&running.notes);
    if let Some(code) = &running.setup_code {
        lines.push(format!("Make the first admin at {base}/setup with this code, good once and for an hour:"));
        lines.push(code.expose().to_owned());
    }
    lines.push(String::new());
    let mut out = stdout().lock();
    // Nobody reading is no reason not to serve.
    let _ = out.write_all(lines.join("\n").as_bytes()).and_then(|()| out.flush());
}

/// SIGTERM and Ctrl-C. Listened to before anything is announced, so that no signal finds nobody.
struct Signals {
    #[cfg(unix)]
    term: tokio::sync::Mutex<tokio::signal::unix::Signal>,
}

impl Signals {
    #[cfg(unix)]
    fn listen() -> Result<Self, Failure> {
        use tokio::signal::unix::{SignalKind, signal};
        let term = signal(SignalKind::terminate()).map_err(|e| Failure::about("signals can't be had", e))?;
        Ok(Self { term: tokio::sync::Mutex::new(term) })
    }

    #[cfg(not(unix))]
    fn listen() -> Result<Self, Failure> {
        Ok(Self {})
    }

    async fn first(&self) {
        #[cfg(unix)]
        {
            let mut term = self.term.lock().await;
            tokio::select! {
                _ = term.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        }
        #[cfg(not(unix))]
        let _ = tokio::signal::ctrl_c().await;
    }
}
