//! Changes inputs as wire and malice do: bits, cuts, repeated pieces, pieces of other inputs, and what matters to SIP.

use std::hash::{BuildHasher, RandomState};

/// Bytes of the longest input: the largest datagram there is.
const LONGEST: usize = 65_507;

/// Where parsers turn, and what numbers overflow.
const WORDS: &[&[u8]] = &[
    b"\r\n",
    b"\r\n\r\n",
    b"\n",
    b"\r\n ",
    b"\"",
    b"\\",
    b"\\\"",
    b"<",
    b">",
    b",",
    b";",
    b":",
    b"=",
    b"@",
    b"?",
    b"/",
    b" ",
    b"\t",
    b"*",
    b"%",
    b"%00",
    b"[::1]",
    b"\0",
    b"\x7f",
    b"\xff",
    b"\xc3\xa9",
    b"-1",
    b"0",
    b"65536",
    b"2147483648",
    b"4294967296",
    b"18446744073709551616",
    b";rport",
    b";branch=z9hG4bK",
    b";tag=",
    b";lr",
    b";ob",
    b";expires=",
    b";q=0.5",
    b";reg-id=1",
    b";+sip.instance=\"<urn:x>\"",
    b"sip:",
    b"sips:",
    b"tel:",
    b"SIP/2.0",
    b"Content-Length: ",
    b"l: ",
    b"Via: SIP/2.0/UDP a\r\n",
    b"Contact: *\r\n",
    b"Expires: 0\r\n",
    b"Path: <sip:p;lr;ob>\r\n",
    b"Require: outbound\r\n",
    b"Supported: path, outbound\r\n",
    b"Max-Forwards: 0\r\n",
    b"Authorization: Digest ",
    b"qop=auth, nc=00000001, ",
];

/// A generator that is seeded anew each time.
pub(super) struct Random(u64);

impl Random {
    pub fn new() -> Self {
        Self(RandomState::new().hash_one(0) | 1)
    }

    /// Below `bound`, or 0.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound.max(1) as u64) as usize
    }

    /// One of the pool, changed a few times; one time in 64 as it is.
    pub fn mutated(&mut self, pool: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = pool[self.below(pool.len())].clone();
        if self.below(64) == 0 {
            return bytes;
        }
        for _ in 0..=self.below(5) {
            self.change(&mut bytes, pool);
            bytes.truncate(LONGEST);
        }
        bytes
    }

    fn change(&mut self, bytes: &mut Vec<u8>, pool: &[Vec<u8>]) {
        let at = self.below(bytes.len() + 1);
        match self.below(9) {
            0 if !bytes.is_empty() => {
                let at = self.below(bytes.len());
                bytes[at] ^= 1 << self.below(8);
            }
            1 if !bytes.is_empty() => {
                let at = self.below(bytes.len());
                bytes[at] = self.below(256) as u8;
            }
            2 => bytes.truncate(at),
            3 => {
                let end = (at + self.below(40)).min(bytes.len());
                bytes.drain(at..end);
            }
            4 | 5 => {
                let word = WORDS[self.below(WORDS.len())];
                bytes.splice(at..at, word.iter().copied());
            }
            6 => {
                let end = (at + self.below(120)).min(bytes.len());
                let most = if self.below(40) == 0 { 2_000 } else { 3 };
                let piece = bytes[at..end].repeat(1 + self.below(most));
                bytes.splice(at..at, piece);
            }
            7 => self.a_line_more(bytes),
            _ => {
                let other = &pool[self.below(pool.len())];
                let from = self.below(other.len() + 1);
                let end = (from + self.below(200)).min(other.len());
                bytes.splice(at..at, other[from..end].iter().copied());
            }
        }
    }

    /// Doubles a line, or moves it.
    fn a_line_more(&mut self, bytes: &mut Vec<u8>) {
        let lines: Vec<&[u8]> = bytes.split_inclusive(|b| *b == b'\n').collect();
        let (line, to) = (self.below(lines.len()), self.below(lines.len() + 1));
        let mut more = lines.clone();
        more.insert(to, lines.get(line).copied().unwrap_or_default());
        *bytes = more.concat();
    }
}
