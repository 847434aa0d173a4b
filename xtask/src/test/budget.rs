//! What the first load of the editor sends over the wire, and its bound.

use crate::{
    cmd::{At, Done, Failed},
    site::Site,
};
use std::{fs, path::Path};

/// Never above, in bytes of brotli. The aim is 200,000 and the bound wanted was 250,000: with every page in one bundle the views of
/// Leptos alone are beyond that (docs/MEASURES.md says what costs how much). The bound moves down only, as pages get leaner.
const BOUND: u64 = 540_000;

pub fn check(site: &Site) -> Done {
    let mut total = 0;
    for name in ["seatline_bg.wasm", "seatline.js", "main.css", "start.js", "early.js", "sprite.svg", "icon.svg"] {
        if let Some(bytes) = on_the_wire(&site.dir, name)? {
            println!("{bytes:>9} bytes  {name}");
            total += bytes;
        }
    }
    println!("{total:>9} bytes  first load, brotli (aim 200000, bound {BOUND})");
    if !site.optimized {
        println!("wasm-opt did not run: the bound is not judged");
    } else if total > BOUND {
        return Err(Failed::new(format!("the first load is {total} bytes, above {BOUND}")));
    }
    Ok(())
}

fn on_the_wire(dir: &Path, name: &str) -> Done<Option<u64>> {
    let plain = dir.join(name);
    if !plain.is_file() {
        return Ok(None);
    }
    let packed = dir.join(format!("{name}.br"));
    let sent = if packed.is_file() { packed } else { plain };
    Ok(Some(fs::metadata(&sent).at(&sent)?.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_packed_size_counts_and_the_bound_holds() {
        let dir = tempfile::tempdir().unwrap();
        let put = |name: &str, bytes: usize| fs::write(dir.path().join(name), vec![0; bytes]).unwrap();
        let site = |optimized| Site { dir: dir.path().to_owned(), optimized };
        put("seatline_bg.wasm", 2 * BOUND as usize);
        put("seatline_bg.wasm.br", BOUND as usize - 1000);
        put("early.js", 1000);
        assert!(check(&site(true)).is_ok());
        put("main.css", 1);
        assert!(check(&site(true)).is_err());
        assert!(check(&site(false)).is_ok());
    }
}
