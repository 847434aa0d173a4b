//! Sealing: XChaCha20-Poly1305 with the key's id in front and the owner's id as associated data, so that a blob opens in its own row alone.

use crate::{StoreError, key_file::KeyFile};
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead, KeyInit, Payload},
};
use hmac::{Hmac, Mac};
use secrecy::SecretString;
use sha2::Sha256;
use std::sync::{Arc, RwLock};
use uuid::Uuid;

/// Bytes of the key's id in front of a blob.
const ID: usize = 4;
/// Bytes of the nonce behind it.
const NONCE: usize = 24;

/// The keys in use, shared by every repository of a store.
#[derive(Clone)]
pub struct Keys(Arc<RwLock<Arc<KeyFile>>>);

impl Keys {
    pub fn new(file: KeyFile) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(file))))
    }

    pub fn file(&self) -> Arc<KeyFile> {
        // A poisoned lock still holds a whole file: it is only ever replaced.
        self.0.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    pub fn replace(&self, file: KeyFile) {
        *self.0.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(file);
    }

    /// key id (big-endian) ‖ nonce ‖ ciphertext, bound to `owner`.
    pub fn seal(&self, text: &str, owner: Uuid) -> Result<Vec<u8>, StoreError> {
        self.file().seal(text, owner)
    }

    pub fn open(&self, blob: &[u8], owner: Uuid) -> Result<SecretString, StoreError> {
        self.file().open(blob, owner)
    }

    /// The keyed hash of a payload with the newest key, and that key's id.
    pub fn hash(&self, payload: &[u8]) -> Result<(u32, Vec<u8>), StoreError> {
        let file = self.file();
        let id = file.newest();
        Ok((id, file.mac(id, payload)?.finalize().into_bytes().to_vec()))
    }

    /// Whether `payload` has this hash by that key; compared in constant time.
    pub fn is_hash(&self, id: u32, payload: &[u8], hash: &[u8]) -> Result<bool, StoreError> {
        Ok(self.file().mac(id, payload)?.verify_slice(hash).is_ok())
    }
}

impl KeyFile {
    pub fn seal(&self, text: &str, owner: Uuid) -> Result<Vec<u8>, StoreError> {
        let id = self.newest();
        let mut nonce = [0u8; NONCE];
        getrandom::fill(&mut nonce).map_err(|_| StoreError::Crypto("the system has no random bytes"))?;
        let payload = Payload { msg: text.as_bytes(), aad: owner.as_bytes() };
        let sealed = self.cipher(id)?.encrypt(&XNonce::from(nonce), payload).map_err(|_| StoreError::Crypto("can't be sealed"))?;
        let mut blob = Vec::with_capacity(ID + NONCE + sealed.len());
        blob.extend_from_slice(&id.to_be_bytes());
        blob.extend_from_slice(&nonce);
        blob.extend_from_slice(&sealed);
        Ok(blob)
    }

    pub fn open(&self, blob: &[u8], owner: Uuid) -> Result<SecretString, StoreError> {
        let short = StoreError::Crypto("too short");
        let Some((id, rest)) = blob.split_first_chunk::<ID>() else { return Err(short) };
        let Some((nonce, sealed)) = rest.split_first_chunk::<NONCE>() else { return Err(short) };
        let payload = Payload { msg: sealed, aad: owner.as_bytes() };
        let text = self.cipher(u32::from_be_bytes(*id))?.decrypt(&XNonce::from(*nonce), payload);
        let text = text.map_err(|_| StoreError::Crypto("does not open with its key and row"))?;
        String::from_utf8(text).map(SecretString::from).map_err(|_| StoreError::Crypto("is no text"))
    }

    fn cipher(&self, id: u32) -> Result<XChaCha20Poly1305, StoreError> {
        let key = self.sealing(id).ok_or(StoreError::Crypto("its key is not in the key file"))?;
        Ok(XChaCha20Poly1305::new(&(*key).into()))
    }

    fn mac(&self, id: u32, payload: &[u8]) -> Result<Hmac<Sha256>, StoreError> {
        let key = self.hashing(id).ok_or(StoreError::Crypto("its key is not in the key file"))?;
        let mut mac = new_mac(&key);
        mac.update(payload);
        Ok(mac)
    }
}

fn new_mac(key: &[u8; 32]) -> Hmac<Sha256> {
    <Hmac<Sha256> as KeyInit>::new_from_slice(key).expect("HMAC takes keys of any length")
}

/// The hashing key that belongs to a sealing key. It tells nothing about the sealing key, so it may outlive it.
pub fn hashing_key(sealing: &[u8; 32]) -> [u8; 32] {
    let mut mac = new_mac(sealing);
    mac.update(b"seatline operation hash");
    mac.finalize().into_bytes().into()
}
