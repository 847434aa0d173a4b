//! What the first load of the editor sends over the wire, and its bound. With the page's HTML and all headers it is judged in a browser
//! (`end2end/tests/first-load.spec.ts`).

use crate::{
    cmd::{At, Done, Failed},
    site::Site,
};
use std::{fs, path::Path};

/// Never above, in bytes of brotli. The aim is 200,000 (docs/MEASURES.md says what costs how much).
const BOUND: u64 = 250_000;

/// What the editor loads: it is in the main file.
const EDITOR: [&str; 7] = ["seatline_bg.wasm", "seatline.js", "parts.js", "main.css", "start.js", "sprite.svg", "icon.svg"];

pub fn check(site: &Site) -> Done {
    let mut total = 0;
    for name in EDITOR {
        if let Some(bytes) = on_the_wire(&site.dir, name)? {
            println!("{bytes:>9} bytes  {name}");
            total += bytes;
        }
    }
    println!("{total:>9} bytes  first load, brotli (aim 200000, bound {BOUND})");
    if let Some(bytes) = on_the_wire(&site.dir, "split_offline.wasm")? {
        println!("{bytes:>9} bytes  split_offline.wasm, brought by the service worker or by the first edit");
    }
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
        put("start.js", 1000);
        put("split_seats.wasm", BOUND as usize);
        assert!(check(&site(true)).is_ok());
        put("main.css", 1);
        assert!(check(&site(true)).is_err());
        assert!(check(&site(false)).is_ok());
    }
}
