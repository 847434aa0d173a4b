//! The torture messages: the RFC's own where they lie beside the repository, else ours; what may answer them, and what does.

use crate::{
    bench::beside,
    cmd::{At, Done, Failed, read},
    paths,
};

/// Codes by which a request is refused before anybody asks what it wants.
const NOT_UNDERSTOOD: [u16; 9] = [400, 413, 414, 416, 420, 500, 501, 505, 513];

pub struct Message {
    pub name: String,
    pub section: String,
    pub answers: Vec<String>,
    pub odd: String,
    pub bytes: Vec<u8>,
    /// The RFC's own.
    pub original: bool,
}

impl Message {
    /// Whether the RFC allows an answer; none is silence.
    pub fn allows(&self, code: Option<u16>) -> bool {
        self.answers.iter().any(|answer| match (answer.as_str(), code) {
            ("silent", code) => code.is_none(),
            ("accept", code) => code.is_some_and(|code| code >= 200 && !NOT_UNDERSTOOD.contains(&code)),
            ("4xx-6xx", code) => code.is_some_and(|code| code >= 400),
            (wanted, code) => wanted.parse().ok() == code,
        })
    }

    /// Whether an answer is one to this: Call-ID and `CSeq` come back as they were sent, but for blanks.
    pub fn is_answered_by(&self, answer: &[u8]) -> bool {
        [&["call-id", "i"][..], &["cseq"]].into_iter().all(|names| {
            let sent = values(&self.bytes, names);
            sent.is_empty() || values(answer, names).first().is_some_and(|echo| sent.contains(echo))
        })
    }
}

/// All values of a header in a message, unfolded, blanks taken together.
fn values(message: &[u8], names: &[&str]) -> Vec<String> {
    let text = String::from_utf8_lossy(message).replace("\r\n ", " ").replace("\r\n\t", " ");
    let lines = text.lines().skip(1).take_while(|line| !line.is_empty()).filter_map(|line| line.split_once(':'));
    let named = lines.filter(|(name, _)| names.iter().any(|n| name.trim().eq_ignore_ascii_case(n)));
    named.map(|(_, value)| value.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

pub fn all() -> Done<Vec<Message>> {
    let folder = paths::root().join("crates/sip/tests/torture");
    let (text, lab) = (read(&folder.join("expected.txt"))?, beside("shared/lab/rfc4475"));
    let mut messages = Vec::new();
    for line in String::from_utf8_lossy(&text).lines().filter(|line| !line.starts_with('#')) {
        let [name, section, answers, odd] = line.split(" | ").collect::<Vec<_>>()[..] else {
            return Err(Failed::new(format!("expected.txt: {line}")));
        };
        let original = lab.as_ref().and_then(|lab| std::fs::read(lab.join(format!("{name}.dat"))).ok());
        let own = folder.join(format!("{name}.sip"));
        let (original, bytes) = match original {
            Some(bytes) => (true, bytes),
            None if own.is_file() => {
                let bytes = std::fs::read(&own).at(&own)?;
                (false, bytes.split(|byte| *byte == b'\n').collect::<Vec<_>>().join(&b"\r\n"[..]))
            }
            None => {
                println!("left out: {name}, which does not lie in ../shared/lab/rfc4475");
                continue;
            }
        };
        let answers = answers.split(", ").map(str::to_owned).collect();
        messages.push(Message { name: name.into(), section: section.into(), answers, odd: odd.into(), bytes, original });
    }
    Ok(messages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_belongs_to_the_message_that_it_echoes() {
        let bytes = b"INVITE sip:a SIP/2.0\r\ni: one\r\ncseq :\t0009\r\n  INVITE\r\n\r\nCSeq: 1 BYE".to_vec();
        let message = Message {
            name: String::new(),
            section: String::new(),
            answers: vec!["accept".into()],
            odd: String::new(),
            bytes,
            original: false,
        };
        assert!(message.is_answered_by(b"SIP/2.0 200 OK\r\nCall-ID: one\r\nCSeq: 0009 INVITE\r\n\r\n"));
        for other in ["Call-ID: two\r\nCSeq: 0009 INVITE", "Call-ID: one\r\nCSeq: 1 BYE", "Call-ID: one", "CSeq: 0009 INVITE"] {
            assert!(!message.is_answered_by(format!("SIP/2.0 200 OK\r\n{other}\r\n\r\n").as_bytes()), "{other}");
        }
        assert_eq!([200, 401, 481, 400, 420, 513].map(|code| message.allows(Some(code))), [true, true, true, false, false, false]);
    }
}
