//! Lists and parameters with their quoting (RFC 3261 §25.1).

/// Splits at commas that stand outside quoted strings and angle brackets; none when a quote or bracket stays open.
pub(crate) fn split_commas(bytes: &[u8]) -> Option<Vec<&[u8]>> {
    split_at(bytes, b',')
}

/// One parameter: its name in lower case and its value as written, quotes included.
pub(super) type Param = (String, Option<String>);

/// Reads `;name=value;flag;name="quoted; value"`; the text is empty or begins with `;`. None when it is malformed.
pub(super) fn parse_params(bytes: &[u8]) -> Option<Vec<Param>> {
    let bytes = bytes.trim_ascii();
    if bytes.is_empty() {
        return Some(Vec::new());
    }
    let text = std::str::from_utf8(bytes.strip_prefix(b";")?).ok()?;
    let mut params = Vec::new();
    for part in split_at(text.as_bytes(), b';')? {
        let part = std::str::from_utf8(part).ok()?.trim();
        let (name, value) = part.split_once('=').map_or((part, None), |(n, v)| (n.trim_end(), Some(v.trim_start().to_owned())));
        if name.is_empty() || name.bytes().any(|b| b.is_ascii_whitespace() || b == b'"') {
            return None;
        }
        params.push((name.to_ascii_lowercase(), value));
    }
    Some(params)
}

/// Splits outside of quotes and brackets.
fn split_at(bytes: &[u8], separator: u8) -> Option<Vec<&[u8]>> {
    let (mut parts, mut from) = (Vec::new(), 0);
    let (mut quoted, mut angle, mut escaped) = (false, false, false);
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' if !angle => quoted = !quoted,
            b'<' if !quoted => angle = true,
            b'>' if !quoted => angle = false,
            b if *b == separator && !quoted && !angle => {
                parts.push(&bytes[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&bytes[from..]);
    (!quoted && !angle).then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_brackets_hide_separators() {
        let parts = split_commas(br#""a, <b\" ," <sip:x,y@h>, <sip:z>"#).expect("balanced");
        assert_eq!(parts.len(), 2);
        assert_eq!(split_commas(b"\"open, <sip:a>"), None);
        assert_eq!(split_commas(b"<sip:a, b"), None);
    }

    #[test]
    fn parameters_keep_their_text() {
        let params = parse_params(br#";Expires=60;+sip.instance="<urn:uuid:A;b>";ob"#).expect("well formed");
        assert_eq!(params[0], ("expires".into(), Some("60".into())));
        assert_eq!(params[1], ("+sip.instance".into(), Some("\"<urn:uuid:A;b>\"".into())));
        assert_eq!(params[2], ("ob".into(), None));
        assert!(parse_params(b"x=1").is_none());
        assert!(parse_params(b";;a").is_none());
    }
}
