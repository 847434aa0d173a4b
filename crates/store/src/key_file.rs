//! The key file: JSON, readable by its owner alone, replaced in one step. The highest id is the key in use.

use crate::{OpenError, StoreError, key::hashing_key};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write},
    path::Path,
};

/// Its name in the data folder.
pub const NAME: &str = "seatline.key";

/// Keys by id. `hashing` keeps what is left of keys that are gone, so that the hashes of operations still compare.
#[derive(Clone, Serialize, Deserialize)]
pub struct KeyFile {
    format: u32,
    sealing: BTreeMap<u32, Hex>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    hashing: BTreeMap<u32, Hex>,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
struct Hex([u8; 32]);

impl TryFrom<String> for Hex {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        let mut key = [0; 32];
        hex::decode_to_slice(text, &mut key).map_err(|_| "a key has 64 hexadecimal digits")?;
        Ok(Self(key))
    }
}

impl From<Hex> for String {
    fn from(key: Hex) -> Self {
        hex::encode(key.0)
    }
}

fn fresh() -> Result<Hex, StoreError> {
    let mut key = [0; 32];
    getrandom::fill(&mut key).map_err(|_| StoreError::Crypto("the system has no random bytes"))?;
    Ok(Hex(key))
}

impl KeyFile {
    /// One new key.
    pub fn generate() -> Result<Self, StoreError> {
        Ok(Self { format: 1, sealing: BTreeMap::from([(1, fresh()?)]), hashing: BTreeMap::new() })
    }

    /// None where there is no file.
    pub fn load(path: &Path) -> Result<Option<Self>, OpenError> {
        let unreadable = |why: String| OpenError::KeyUnreadable { path: path.into(), why };
        let text = match fs::read(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unreadable(error.to_string())),
        };
        // serde_json's message could quote the text: only the place is passed on.
        let file: Self = serde_json::from_slice(&text).map_err(|e| unreadable(format!("line {}, column {}", e.line(), e.column())))?;
        if file.format != 1 || file.sealing.is_empty() {
            return Err(unreadable("not a key file of this version".into()));
        }
        Ok(Some(file))
    }

    /// Writes beside it, flushes, and renames over it: a crash leaves the old file or the new one.
    pub fn save(&self, path: &Path) -> io::Result<()> {
        let beside = path.with_extension("key.new");
        match fs::remove_file(&beside) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = private(&beside)?;
        file.write_all(&serde_json::to_vec_pretty(self)?)?;
        file.sync_all()?;
        drop(file);
        fs::rename(&beside, path)?;
        match path.parent() {
            Some(folder) => fs::File::open(folder)?.sync_all(),
            None => Ok(()),
        }
    }

    pub fn newest(&self) -> u32 {
        self.sealing.last_key_value().map_or(0, |(id, _)| *id)
    }

    pub fn sealing(&self, id: u32) -> Option<&[u8; 32]> {
        self.sealing.get(&id).map(|key| &key.0)
    }

    pub fn hashing(&self, id: u32) -> Option<[u8; 32]> {
        self.sealing.get(&id).map(|key| hashing_key(&key.0)).or_else(|| self.hashing.get(&id).map(|key| key.0))
    }

    /// The same with one more key, which is now in use. An id is never used twice.
    pub fn with_new_key(&self) -> Result<Self, StoreError> {
        let mut next = self.clone();
        let last = self.newest().max(self.hashing.last_key_value().map_or(0, |(id, _)| *id));
        next.sealing.insert(last + 1, fresh()?);
        Ok(next)
    }

    /// The newest key alone seals; of the others what hashes is kept, of those in `hashes` still in use.
    pub fn without_old_keys(&self, hashes: &[u32]) -> Self {
        let newest = self.newest();
        let old = self.sealing.iter().filter(|(id, _)| **id != newest).map(|(id, key)| (*id, Hex(hashing_key(&key.0))));
        let mut hashing: BTreeMap<u32, Hex> = self.hashing.clone().into_iter().chain(old).collect();
        hashing.retain(|id, _| hashes.contains(id));
        let mut sealing = self.sealing.clone();
        sealing.retain(|id, _| *id == newest);
        Self { format: self.format, sealing, hashing }
    }
}

/// A new file that its owner alone reads. Refuses one that is there.
pub fn private(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
