//! The compressed forms of a file, kept by the hash of its content: brotli's best takes seconds.

use super::hex;
use crate::cmd::{Done, Failed, read, write};
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};
use std::{io::Write, path::Path};

/// `br` and `gz` of a file, where they are smaller than the file.
pub fn forms(name: &str, content: &[u8], cache: &Path) -> Done<Vec<(&'static str, Vec<u8>)>> {
    let extension = Path::new(name).extension().and_then(|e| e.to_str()).unwrap_or_default();
    if !["js", "css", "wasm", "svg", "txt", "json"].contains(&extension) {
        return Ok(Vec::new());
    }
    let digest = hex(&Sha256::digest(content)[..16]);
    let mut forms = Vec::new();
    for (suffix, make) in [("br", brotli_best as fn(&[u8]) -> std::io::Result<Vec<u8>>), ("gz", gzip_best)] {
        let cached = cache.join(format!("{digest}.{suffix}"));
        let bytes = if cached.is_file() {
            read(&cached)?
        } else {
            let bytes = make(content).map_err(|e| Failed::new(format!("{suffix} of {name}: {e}")))?;
            write(&cached, &bytes)?;
            bytes
        };
        if bytes.len() < content.len() {
            forms.push((suffix, bytes));
        }
    }
    Ok(forms)
}

fn brotli_best(content: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut out, 64 * 1024, 11, 24);
    writer.write_all(content)?;
    drop(writer);
    Ok(out)
}

fn gzip_best(content: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut writer = GzEncoder::new(Vec::new(), Compression::best());
    writer.write_all(content)?;
    writer.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn both_forms_unpack_to_the_file_and_come_from_the_cache_the_second_time() {
        let cache = tempfile::tempdir().unwrap();
        let content = b"registered, registered, registered, not reachable".repeat(20);
        let made = forms("a.css", &content, cache.path()).unwrap();
        assert_eq!(made.iter().map(|(suffix, _)| *suffix).collect::<Vec<_>>(), ["br", "gz"]);
        let mut unpacked = Vec::new();
        brotli::Decompressor::new(&made[0].1[..], 4096).read_to_end(&mut unpacked).unwrap();
        assert_eq!(unpacked, content);
        unpacked.clear();
        flate2::read::GzDecoder::new(&made[1].1[..]).read_to_end(&mut unpacked).unwrap();
        assert_eq!(unpacked, content);
        for entry in cache.path().read_dir().unwrap() {
            std::fs::write(entry.unwrap().path(), "cached").unwrap();
        }
        assert_eq!(forms("a.css", &content, cache.path()).unwrap()[0].1, b"cached");
    }

    #[test]
    fn what_is_compressed_already_is_left_alone() {
        let cache = tempfile::tempdir().unwrap();
        assert!(forms("a.png", &[0; 1000], cache.path()).unwrap().is_empty());
    }
}
