//! Puts the browser's files into the binary: those of the folder that `cargo xtask` names in `SEATLINE_SITE`. Without it there
//! are none inside, and the server reads them from the build's folder when it starts.

use std::{env, error::Error, fmt::Write as _, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-env-changed=SEATLINE_SITE");
    println!("cargo::rerun-if-changed=build.rs");
    let mut hash = String::new();
    let mut files = String::new();
    // Only release builds carry them: elsewhere each change of a style would link everything anew.
    if let (Some(dir), Ok("release")) = (env::var_os("SEATLINE_SITE"), env::var("PROFILE").as_deref()) {
        let dir = Path::new(&dir).canonicalize()?;
        dir.file_name().and_then(|name| name.to_str()).ok_or("the folder's name is the hash")?.clone_into(&mut hash);
        for entry in fs::read_dir(&dir)? {
            let path = entry?.path();
            let name = path.file_name().and_then(|name| name.to_str()).ok_or("file names are plain")?;
            let place = path.to_str().ok_or("the build's folder has a plain path")?;
            writeln!(files, "    ({name:?}, include_bytes!({place:?})),")?;
        }
    }
    let code = format!("pub const HASH: &str = {hash:?};\npub static FILES: &[(&str, &[u8])] = &[\n{files}];\n");
    fs::write(Path::new(&env::var("OUT_DIR")?).join("site.rs"), code)?;
    Ok(())
}
