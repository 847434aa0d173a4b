//! Fuzzing on stable Rust: inputs of a kept corpus are changed at random, and what behaves in a new way is changed further.
//!
//! A target says how an input behaved (a few words, hashed) and panics where it must not have. `SEATLINE_FUZZ_SECONDS` is the time of each
//! target: one second where it is not set, more in the CI, as much as wanted by `cargo xtask fuzz sip`. The corpus lies in `fuzz-corpus`, one
//! folder for each target; an input that failed is written there, and runs first from then on. `SEATLINE_FUZZ_KEEP` also writes what was new.

mod datagrams;
mod messages;
mod mutate;
mod parts;

use mutate::Random;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// No input may take longer, on however busy a machine: the largest datagram takes a hundredth of it.
const SLOW: Duration = Duration::from_secs(1);
/// Inputs that are changed further.
const POOL: usize = 2_000;
/// Files of a target that `SEATLINE_FUZZ_KEEP` writes, and the bytes of each.
const KEPT: usize = 16;
const KEPT_BYTES: usize = 1_500;

/// How an input behaved: any words that tell one behaviour from another.
pub(super) fn behaviour(words: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    words.hash(&mut hasher);
    hasher.finish()
}

/// Runs a target for its time.
pub(super) fn drive(name: &str, seeds: &[&[u8]], mut target: impl FnMut(&[u8]) -> u64) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz-corpus").join(name);
    let mut pool = files(&folder);
    let kept = pool.len();
    pool.extend(seeds.iter().map(|seed| seed.to_vec()));
    let keep = std::env::var_os("SEATLINE_FUZZ_KEEP").is_some();
    if !keep {
        // More to begin with, where it lies beside the repository; what is kept grows from our own seeds alone.
        pool.extend(files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/lab/rfc4475")));
    }
    let seconds = std::env::var("SEATLINE_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    let (begun, limit) = (Instant::now(), Duration::from_secs(seconds));
    let mut seen = HashSet::new();
    for input in &pool {
        seen.insert(run(&folder, input, &mut target));
    }
    let mut random = Random::new();
    let (mut count, mut written) = (pool.len() as u64, kept);
    while begun.elapsed() < limit {
        let input = random.mutated(&pool);
        count += 1;
        if !seen.insert(run(&folder, &input, &mut target)) {
            continue;
        }
        if keep && written < KEPT && input.len() <= KEPT_BYTES {
            written += 1;
            save(&folder, "kept", &input);
        }
        if pool.len() < POOL {
            pool.push(input);
        }
    }
    println!("{name}: {count} inputs, {} behaviours", seen.len());
}

fn run(folder: &Path, input: &[u8], target: &mut impl FnMut(&[u8]) -> u64) -> u64 {
    let begun = Instant::now();
    let outcome = catch_unwind(AssertUnwindSafe(|| target(input)));
    let Ok(behaved) = outcome else {
        let file = save(folder, "failed", input);
        panic!("an input fails, kept in {}: {:?}", file.display(), String::from_utf8_lossy(&input[..input.len().min(1_000)]));
    };
    if begun.elapsed() > SLOW {
        let again = Instant::now();
        target(input);
        assert!(again.elapsed() < SLOW, "slow twice, kept in {}", save(folder, "slow", input).display());
    }
    behaved
}

fn save(folder: &Path, why: &str, input: &[u8]) -> PathBuf {
    let file = folder.join(format!("{why}-{:016x}", behaviour(input)));
    std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&file, input)).expect("the corpus can be written");
    file
}

/// What the files of a folder hold, in the order of their names; nothing where there is none.
fn files(folder: &Path) -> Vec<Vec<u8>> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths.iter().filter_map(|path| std::fs::read(path).ok()).collect()
}
