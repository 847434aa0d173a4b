//! wasm-opt, from npm's binaryen: used where node is there, pinned by `xtask/tools`.

use crate::{
    cmd::{At, Done, create_dir, read, run, write},
    machine::which,
    paths,
};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// For size; the features are those that rustc turns on for wasm32, which every browser since 2023 has.
const OPTIONS: [&str; 8] = [
    "-Oz",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

pub struct WasmOpt {
    node: PathBuf,
    script: PathBuf,
}

/// Finds wasm-opt, installing it under the target folder; says so when it cannot be had.
pub fn find() -> Option<WasmOpt> {
    let (Some(node), Some(npm)) = (which("node"), which("npm")) else {
        println!("xtask: wasm-opt is skipped, the wasm stays larger: it wants node and npm");
        return None;
    };
    match install(&npm) {
        Ok(script) => Some(WasmOpt { node, script }),
        Err(e) => {
            println!("xtask: wasm-opt is skipped, the wasm stays larger: {e}");
            None
        }
    }
}

fn install(npm: &Path) -> Done<PathBuf> {
    let source = paths::root().join("xtask/tools");
    let tools = paths::target().join("tools");
    let script = tools.join("node_modules/binaryen/bin/wasm-opt");
    let lock = read(&source.join("package-lock.json"))?;
    if script.is_file() && read(&tools.join("package-lock.json")).is_ok_and(|there| there == lock) {
        return Ok(script);
    }
    create_dir(&tools)?;
    for name in ["package.json", ".npmrc"] {
        write(&tools.join(name), read(&source.join(name))?)?;
    }
    // The copied lock beside the installed script is the mark of a whole install: it goes when npm fails.
    let pinned = tools.join("package-lock.json");
    write(&pinned, &lock)?;
    println!("xtask: installing wasm-opt into {}", tools.display());
    run(Command::new(npm).args(["ci", "--ignore-scripts", "--silent"]).current_dir(&tools)).inspect_err(|_| {
        let _ = fs::remove_file(&pinned);
    })?;
    Ok(script)
}

impl WasmOpt {
    /// Makes the file smaller, in place.
    pub fn run(&self, wasm: &Path) -> Done {
        let smaller = wasm.with_extension("opt");
        run(Command::new(&self.node).arg(&self.script).args(OPTIONS).arg("-o").arg(&smaller).arg(wasm))?;
        fs::rename(&smaller, wasm).at(wasm)
    }
}
