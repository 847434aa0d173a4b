//! wasm-opt and esbuild, from npm: used where node is there, pinned by `xtask/tools`.

use crate::{
    cmd::{At, Done, create_dir, read, run, run_quietly, write},
    machine::which,
    paths,
};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// For size; the features are those that rustc turns on for wasm32, which every browser since 2023 has. Low memory is the last of the
/// stack: nothing points there, so offsets may be folded into loads. What shares pieces of code, or inlines what has one caller, makes the
/// file smaller and what brotli makes of it larger: without them it is one part in a hundred less on the wire.
const OPTIONS: [&str; 14] = [
    "-Oz",
    "--converge",
    "--skip-pass=code-folding",
    "--skip-pass=local-cse",
    "--skip-pass=precompute-propagate",
    "--one-caller-inline-max-function-size=30",
    "--low-memory-unused",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

pub struct Tools {
    node: PathBuf,
    modules: PathBuf,
}

/// Finds the tools, installing them under the target folder; says so when they cannot be had.
pub fn find() -> Option<Tools> {
    let (Some(node), Some(npm)) = (which("node"), which("npm")) else {
        println!("xtask: wasm-opt is skipped, the wasm stays larger: it wants node and npm");
        return None;
    };
    match install(&npm) {
        Ok(modules) => Some(Tools { node, modules }),
        Err(e) => {
            println!("xtask: wasm-opt is skipped, the wasm stays larger: {e}");
            None
        }
    }
}

fn install(npm: &Path) -> Done<PathBuf> {
    let source = paths::root().join("xtask/tools");
    let tools = paths::target().join("tools");
    let modules = tools.join("node_modules");
    let lock = read(&source.join("package-lock.json"))?;
    if modules.is_dir() && read(&tools.join("package-lock.json")).is_ok_and(|there| there == lock) {
        return Ok(modules);
    }
    create_dir(&tools)?;
    for name in ["package.json", ".npmrc"] {
        write(&tools.join(name), read(&source.join(name))?)?;
    }
    // The copied lock beside the installed modules is the mark of a whole install: it goes when npm fails.
    let pinned = tools.join("package-lock.json");
    write(&pinned, &lock)?;
    println!("xtask: installing wasm-opt and esbuild into {}", tools.display());
    run(Command::new(npm).args(["ci", "--ignore-scripts", "--silent"]).current_dir(&tools)).inspect_err(|_| {
        let _ = fs::remove_file(&pinned);
    })?;
    Ok(modules)
}

impl Tools {
    /// Makes wasm smaller, in place.
    pub fn shrink(&self, wasm: &Path) -> Done {
        let smaller = wasm.with_extension("opt");
        // It warns of names that it does not know and drops.
        run_quietly(
            Command::new(&self.node).arg(self.modules.join("binaryen/bin/wasm-opt")).args(OPTIONS).arg("-o").arg(&smaller).arg(wasm),
        )?;
        fs::rename(&smaller, wasm).at(wasm)
    }

    /// Makes a script smaller, in place.
    pub fn minify(&self, script: &Path) -> Done {
        let options = ["--minify", "--format=esm", "--log-level=error", "--allow-overwrite"];
        let out = format!("--outfile={}", script.display());
        run(Command::new(&self.node).arg(self.modules.join("esbuild/bin/esbuild")).arg(script).args(options).arg(out))
    }
}
