//! Operators' passwords: Argon2id, a few at a time, so that sign-ins can't take the machine away.

use crate::failure::failed;
use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use domain::{Fault, Problem, Secret};
use tokio::{sync::Semaphore, task::spawn_blocking as spawn};

/// Characters of an operator's password.
pub const LEAST: usize = 12;
pub const MOST: usize = 256;

/// Hashes and verifies with bounded concurrency.
pub struct Passwords {
    places: Semaphore,
}

impl Passwords {
    pub fn new() -> Self {
        Self { places: Semaphore::new(2) }
    }

    pub async fn hash(&self, password: &Secret) -> Result<String, Problem> {
        let _place = self.places.acquire().await.map_err(failed)?;
        let password = password.clone();
        spawn(move || Argon2::default().hash_password(password.expose().as_bytes()).map(|hash| hash.to_string()))
            .await
            .map_err(failed)?
            .map_err(failed)
    }

    /// Without a hash the same work is done, so that an unknown name takes as long.
    pub async fn verify(&self, password: &Secret, hash: Option<String>) -> Result<bool, Problem> {
        let _place = self.places.acquire().await.map_err(failed)?;
        let password = password.clone();
        spawn(move || {
            let Some(hash) = hash else {
                let _ = Argon2::default().hash_password(password.expose().as_bytes());
                return false;
            };
            let verify = |hash: &PasswordHash| Argon2::default().verify_password(password.expose().as_bytes(), hash).is_ok();
            PasswordHash::new(&hash).is_ok_and(|hash| verify(&hash))
        })
        .await
        .map_err(failed)
    }
}

/// Whether a password may be an operator's.
pub fn check(password: &Secret) -> Result<(), Fault> {
    let n = password.expose().chars().count();
    if (LEAST..=MOST).contains(&n) { Ok(()) } else { Err(Fault::Length { least: LEAST, most: MOST }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[tokio::test]
    async fn argon2id_and_no_more_than_two_at_a_time() {
        let passwords = Passwords::new();
        let secret = Secret::new("a long enough password");
        let hash = passwords.hash(&secret).await.unwrap();
        assert!(hash.starts_with("$argon2id$"), "{hash}");
        assert!(passwords.verify(&secret, Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify(&Secret::new("another password"), Some(hash.clone())).await.unwrap());
        let full = passwords.places.acquire_many(2).await.unwrap();
        let waits = async |known: Option<String>| tokio::time::timeout(Duration::from_millis(50), passwords.verify(&secret, known)).await;
        assert!(waits(Some(hash.clone())).await.is_err(), "all places are taken");
        assert!(waits(None).await.is_err(), "for an unknown name too");
        assert!(tokio::time::timeout(Duration::from_millis(50), passwords.hash(&secret)).await.is_err());
        drop(full);
        assert!(passwords.verify(&secret, Some(hash)).await.unwrap());
    }
}
