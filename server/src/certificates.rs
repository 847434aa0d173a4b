//! Certificates from files, and looked at again: whoever renews them replaces the files, and new connections are shown the new one.

use crate::{
    config::{Config, TlsFiles},
    failure::Failure,
};
use sip::{CertificateError, Certificates};
use std::{fs, path::Path, time::Duration};
use tokio_util::sync::CancellationToken;

/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(5);

/// What the pages and the phones are shown; one and the same where the files are the same.
pub struct Shown {
    pub pages: Option<Certificates>,
    pub phones: Option<Certificates>,
    watched: Vec<Watched>,
}

/// A pair of files, and what they held when they were last tried.
struct Watched {
    files: TlsFiles,
    tried: (Vec<u8>, Vec<u8>),
    certificates: Certificates,
}

impl Shown {
    /// Reads every file that the configuration names.
    pub fn load(config: &Config) -> Result<Self, Failure> {
        let (pages, phones) = (config.tls.as_ref(), config.sip_doors.files.as_ref());
        let mut watched: Vec<Watched> = Vec::new();
        let mut load = |files: &TlsFiles| -> Result<Certificates, Failure> {
            if let Some(known) = watched.iter().find(|w| w.files == *files) {
                return Ok(known.certificates.clone());
            }
            let loaded = Watched::load(files)?;
            let certificates = loaded.certificates.clone();
            watched.push(loaded);
            Ok(certificates)
        };
        let (pages, phones) = (pages.map(&mut load).transpose()?, phones.map(&mut load).transpose()?);
        Ok(Self { pages, phones, watched })
    }

    /// Takes changed files in until `stop`. Files that can't be used change nothing: a chain is often replaced a moment before its key.
    pub async fn watch(mut self, stop: CancellationToken) {
        while !self.watched.is_empty() {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(LOOK) => {}
            }
            for watched in &mut self.watched {
                watched.look();
            }
        }
        stop.cancelled().await;
    }
}

impl Watched {
    fn load(files: &TlsFiles) -> Result<Self, Failure> {
        let read = |what: &str, path: &Path| fs::read(path).map_err(|e| Failure::about(about(what, path), e));
        let tried = (read("the certificate", &files.cert)?, read("the private key", &files.key)?);
        let certificates = Certificates::from_pem(&tried.0, &tried.1).map_err(|e| unusable(files, &e))?;
        Ok(Self { files: files.clone(), tried, certificates })
    }

    fn look(&mut self) {
        // A file that is missing for a moment is being replaced.
        let (Ok(chain), Ok(key)) = (fs::read(&self.files.cert), fs::read(&self.files.key)) else { return };
        if (&chain, &key) == (&self.tried.0, &self.tried.1) {
            return;
        }
        match self.certificates.replace(&chain, &key) {
            Ok(()) => tracing::info!(file = %self.files.cert.display(), "a new certificate is shown from now on"),
            Err(error) => tracing::warn!("{}; the one before stays", unusable(&self.files, &error)),
        }
        self.tried = (chain, key);
    }
}

fn about(what: &str, path: &Path) -> String {
    format!("{what} {}", path.display())
}

fn unusable(files: &TlsFiles, error: &CertificateError) -> Failure {
    let file = if matches!(error, CertificateError::Key(_)) {
        about("the private key", &files.key)
    } else {
        about("the certificate", &files.cert)
    };
    Failure::about(file, error)
}
