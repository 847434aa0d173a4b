//! As much of SIP's syntax as a phone needs (RFC 3261 §7, §25).

/// A request or an answer, taken apart into lines.
#[derive(Clone, Debug)]
pub struct Message {
    /// The first line.
    pub start: String,
    headers: Vec<(String, String)>,
}

/// The long name of a compact one (RFC 3261 §7.3.3, RFC 6665 §8.4.1).
fn long(name: &str) -> &str {
    match name {
        "v" => "via",
        "f" => "from",
        "t" => "to",
        "i" => "call-id",
        "m" => "contact",
        "l" => "content-length",
        "c" => "content-type",
        "o" => "event",
        other => other,
    }
}

impl Message {
    /// None for what is no message.
    pub fn parse(datagram: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(datagram);
        let head = text.split("\r\n\r\n").next()?;
        let mut lines = head.split("\r\n");
        let start = lines.next()?.to_owned();
        if !start.contains("SIP/2.0") {
            return None;
        }
        let mut headers: Vec<(String, String)> = Vec::new();
        for line in lines {
            if line.starts_with([' ', '\t']) {
                let (_, value) = headers.last_mut()?;
                value.push(' ');
                value.push_str(line.trim());
            } else {
                let (name, value) = line.split_once(':')?;
                headers.push((long(&name.trim().to_ascii_lowercase()).to_owned(), value.trim().to_owned()));
            }
        }
        Some(Self { start, headers })
    }

    /// The status code of an answer.
    pub fn status(&self) -> Option<u16> {
        self.start.strip_prefix("SIP/2.0 ")?.get(..3)?.parse().ok()
    }

    /// The method of a request.
    pub fn method(&self) -> Option<&str> {
        if self.status().is_some() { None } else { self.start.split(' ').next() }
    }

    /// The first value of a header; `name` in lower case.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// Every line of a header.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// The branch of the topmost Via.
    pub fn branch(&self) -> Option<&str> {
        let via = self.get("via")?.split(',').next()?;
        via.split(';').find_map(|p| p.trim().strip_prefix("branch="))
    }

    /// An answer to this request (RFC 3261 §8.2.6), with `extra` header lines, each ending in CRLF.
    pub fn answer(&self, code: u16, reason: &str, tag: &str, extra: &str) -> String {
        let mut out = format!("SIP/2.0 {code} {reason}\r\n");
        let mut line = |name: &str, value: &str| {
            out.push_str(name);
            out.push_str(": ");
            out.push_str(value);
            out.push_str("\r\n");
        };
        for via in self.all("via") {
            line("Via", via);
        }
        line("From", self.get("from").unwrap_or_default());
        let to = self.get("to").unwrap_or_default();
        let tag = if to.contains(";tag=") { String::new() } else { format!(";tag={tag}") };
        line("To", &format!("{to}{tag}"));
        line("Call-ID", self.get("call-id").unwrap_or_default());
        line("CSeq", self.get("cseq").unwrap_or_default());
        out + extra + "Content-Length: 0\r\n\r\n"
    }
}

/// Splits at `by` outside of double quotes.
pub fn split_unquoted(text: &str, by: char) -> Vec<&str> {
    let (mut parts, mut quoted, mut escaped, mut from) = (Vec::new(), false, false, 0);
    for (i, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            c if c == by && !quoted => {
                parts.push(&text[from..i]);
                from = i + c.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    parts
}

/// How many seconds an answer to REGISTER grants the contact with this URI (RFC 3261 §10.2.4).
pub fn granted(answer: &Message, uri: &str) -> Option<u32> {
    let contacts = answer.all("contact").flat_map(|line| split_unquoted(line, ','));
    let ours = contacts.into_iter().find_map(|c| c.split_once(uri).map(|(_, rest)| rest));
    let param = ours.and_then(|rest| split_unquoted(rest, ';').into_iter().find_map(|p| p.trim().strip_prefix("expires=")));
    param.or_else(|| answer.get("expires"))?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_servers_write() {
        let m = Message::parse(
            b"SIP/2.0 200 OK\r\nv: SIP/2.0/UDP a;rport=1; branch=z9hG4bKx\r\nContact: <sip:d@h>;m=\"a, b\"; expires=12,\r\n <sip:e@h>;expires=9\r\nExpires: 60\r\n\r\nbody",
        )
        .unwrap();
        assert_eq!((m.status(), m.method(), m.branch()), (Some(200), None, Some("z9hG4bKx")));
        assert_eq!(granted(&m, "<sip:d@h>"), Some(12));
        assert_eq!(granted(&m, "<sip:e@h>"), Some(9));
        assert_eq!(granted(&m, "<sip:f@h>"), Some(60));
        assert!(Message::parse(b"\r\n\r\n").is_none() && Message::parse(b"OPTIONS x SIP/2.0\r\nno colon\r\n\r\n").is_none());
    }
}
