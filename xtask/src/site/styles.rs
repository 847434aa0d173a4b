//! One style sheet of the plain CSS layers, without comments and needless white space.

use crate::cmd::{At, Done, Failed, read};
use std::{fs, path::Path};

/// The layers in the order in which they may override each other; a layer is a file, a folder of files, or both.
const LAYERS: [&str; 4] = ["tokens", "base", "components", "pages"];

pub fn main_css(style: &Path) -> Done<String> {
    let mut css = String::new();
    for layer in LAYERS {
        let file = style.join(layer).with_extension("css");
        if file.is_file() {
            css.push_str(&text(&file)?);
        }
        for file in css_files(&style.join(layer))? {
            css.push_str(&text(&file)?);
        }
    }
    for file in css_files(style)? {
        if !file.file_stem().is_some_and(|stem| LAYERS.iter().any(|layer| stem == *layer)) {
            return Err(Failed::new(format!("{}: belongs to no layer ({})", file.display(), LAYERS.join(", "))));
        }
    }
    Ok(strip(&css))
}

fn css_files(dir: &Path) -> Done<Vec<std::path::PathBuf>> {
    if !dir.is_dir() {
        return Ok(Vec::new());
    }
    let mut files: Vec<_> =
        fs::read_dir(dir).at(dir)?.flatten().map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == "css")).collect();
    files.sort();
    Ok(files)
}

fn text(file: &Path) -> Done<String> {
    String::from_utf8(read(file)?).map_err(|e| Failed::new(format!("{}: {e}", file.display())))
}

/// Drops comments, folds runs of white space, and drops it around `{`, `}` and `;`. Strings stay as they are.
fn strip(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut chars = css.chars().peekable();
    let mut space = false;
    while let Some(c) = chars.next() {
        match c {
            '/' if chars.peek() == Some(&'*') => {
                chars.next();
                let mut star = false;
                for c in chars.by_ref() {
                    if star && c == '/' {
                        break;
                    }
                    star = c == '*';
                }
                space = true;
            }
            c if c.is_whitespace() => space = true,
            c => {
                if std::mem::take(&mut space) && !matches!(c, '{' | '}' | ';') && !out.is_empty() && !out.ends_with(['{', '}', ';']) {
                    out.push(' ');
                }
                out.push(c);
                if c == '"' || c == '\'' {
                    copy_string(c, &mut chars, &mut out);
                }
            }
        }
    }
    out
}

fn copy_string(quote: char, chars: &mut impl Iterator<Item = char>, out: &mut String) {
    let mut escaped = false;
    for c in chars {
        out.push(c);
        if !escaped && c == quote {
            break;
        }
        escaped = c == '\\' && !escaped;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_and_meaningful_spaces_survive() {
        assert_eq!(
            strip(
                "/* a */\n.a  .b :hover {\n  content: \"  /* no */ \\\"  x\";\n  margin: 0 -1px;\n}\n\n@media (a) and (b) { i { x: y } }\n"
            ),
            ".a .b :hover{content: \"  /* no */ \\\"  x\";margin: 0 -1px;}@media (a) and (b){i{x: y}}"
        );
    }

    #[test]
    fn layers_come_in_their_order_and_strangers_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let put = |name: &str| fs::write(dir.path().join(name), format!("{name}{{}}")).unwrap();
        fs::create_dir(dir.path().join("components")).unwrap();
        for name in ["pages.css", "tokens.css", "components/b.css", "components/a.css", "base.css"] {
            put(name);
        }
        assert_eq!(main_css(dir.path()).unwrap(), "tokens.css{}base.css{}components/a.css{}components/b.css{}pages.css{}");
        put("stray.css");
        assert!(main_css(dir.path()).unwrap_err().to_string().contains("stray.css: belongs to no layer"));
    }
}
