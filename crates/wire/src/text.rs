//! The parser: what does not depend on the type that is read. Kept out of line, so that each type calls it instead of holding a copy.

use crate::Garbled;

type Read<T> = Result<T, Garbled>;

/// Deeper than any answer, shallow enough for every stack.
const DEEPEST: u8 = 128;

/// JSON on the way through.
pub struct Text<'de> {
    json: &'de str,
    at: usize,
    depth: u8,
}

impl<'de> Text<'de> {
    pub const fn new(json: &'de str) -> Self {
        Self { json, at: 0, depth: 0 }
    }

    /// The next byte that is no white space, not taken; nought at the end, where nought is not JSON either.
    #[inline(never)]
    pub fn peek(&mut self) -> u8 {
        let bytes = self.json.as_bytes();
        while matches!(bytes.get(self.at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
        bytes.get(self.at).copied().unwrap_or(0)
    }

    /// Takes `byte` and nothing else.
    #[inline(never)]
    pub fn take(&mut self, byte: u8) -> Read<()> {
        if self.peek() != byte {
            return Err(Garbled);
        }
        self.at += 1;
        Ok(())
    }

    /// Nothing is left but white space.
    pub fn end(&mut self) -> Read<()> {
        self.peek();
        if self.at == self.json.len() { Ok(()) } else { Err(Garbled) }
    }

    /// Takes a bracket that opens.
    #[inline(never)]
    pub fn open(&mut self, bracket: u8) -> Read<()> {
        self.take(bracket)?;
        self.depth += 1;
        if self.depth > DEEPEST { Err(Garbled) } else { Ok(()) }
    }

    /// Takes a bracket that closes.
    #[inline(never)]
    pub fn close(&mut self, bracket: u8) -> Read<()> {
        self.take(bracket)?;
        self.depth = self.depth.saturating_sub(1);
        Ok(())
    }

    /// Whether another item stands before `bracket`; takes the comma in front of it.
    #[inline(never)]
    pub fn more(&mut self, first: &mut bool, bracket: u8) -> Read<bool> {
        if self.peek() == bracket {
            return Ok(false);
        }
        if !std::mem::take(first) {
            self.take(b',')?;
            // No comma before the end.
            if self.peek() == bracket {
                return Err(Garbled);
            }
        }
        Ok(true)
    }

    #[inline(never)]
    fn word(&mut self, word: &str) -> Read<()> {
        self.peek();
        if !self.json.as_bytes()[self.at..].starts_with(word.as_bytes()) {
            return Err(Garbled);
        }
        self.at += word.len();
        Ok(())
    }

    pub fn null(&mut self) -> Read<()> {
        self.word("null")
    }

    #[inline(never)]
    pub fn bool(&mut self) -> Read<bool> {
        if self.peek() == b't' { self.word("true").map(|()| true) } else { self.word("false").map(|()| false) }
    }

    /// Takes digits as JSON has them: no nought in front of others.
    #[inline(never)]
    fn digits(&mut self) -> Read<u64> {
        let from = self.at;
        let mut number = 0_u64;
        while let Some(digit @ b'0'..=b'9') = self.json.as_bytes().get(self.at) {
            number = number.checked_mul(10).and_then(|n| n.checked_add(u64::from(digit - b'0'))).ok_or(Garbled)?;
            self.at += 1;
        }
        let long = self.at - from;
        if long == 0 || (long > 1 && self.json.as_bytes()[from] == b'0') { Err(Garbled) } else { Ok(number) }
    }

    /// A whole number, nought or more. A fraction behind it fails at whatever is read next.
    #[inline(never)]
    pub fn unsigned(&mut self) -> Read<u64> {
        self.peek();
        self.digits()
    }

    /// A whole number.
    #[inline(never)]
    pub fn signed(&mut self) -> Read<i64> {
        if self.peek() == b'-' {
            self.at += 1;
            return 0_i64.checked_sub_unsigned(self.digits()?).ok_or(Garbled);
        }
        i64::try_from(self.digits()?).map_err(|_| Garbled)
    }

    /// A text, its escapes undone.
    #[inline(never)]
    pub fn string(&mut self) -> Read<String> {
        self.take(b'"')?;
        let mut out = String::new();
        loop {
            let from = self.at;
            let rest = &self.json.as_bytes()[from..];
            let plain = rest.iter().position(|b| matches!(b, b'"' | b'\\' | 0..=0x1f)).ok_or(Garbled)?;
            self.at += plain;
            // Quotes and backslashes are no part of other characters: both ends stand between characters.
            out.push_str(self.json.get(from..self.at).ok_or(Garbled)?);
            match rest[plain] {
                b'"' => {
                    self.at += 1;
                    return Ok(out);
                }
                b'\\' => out.push(self.escape()?),
                _ => return Err(Garbled),
            }
        }
    }

    /// What stands at a backslash.
    #[inline(never)]
    fn escape(&mut self) -> Read<char> {
        let letter = *self.json.as_bytes().get(self.at + 1).ok_or(Garbled)?;
        self.at += 2;
        Ok(match letter {
            b'"' | b'\\' | b'/' => char::from(letter),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let high = self.hex()?;
                if (0xd800..0xdc00).contains(&high) {
                    // The second half must follow.
                    self.pass(b'\\')?;
                    self.pass(b'u')?;
                    let low = self.hex()?;
                    if !(0xdc00..0xe000).contains(&low) {
                        return Err(Garbled);
                    }
                    char::from_u32(0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00)).ok_or(Garbled)?
                } else {
                    char::from_u32(high).ok_or(Garbled)?
                }
            }
            _ => return Err(Garbled),
        })
    }

    /// Takes `byte`, white space not being passed over.
    fn pass(&mut self, byte: u8) -> Read<()> {
        if self.json.as_bytes().get(self.at) != Some(&byte) {
            return Err(Garbled);
        }
        self.at += 1;
        Ok(())
    }

    fn hex(&mut self) -> Read<u32> {
        let digits = self.json.get(self.at..self.at + 4).ok_or(Garbled)?;
        if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(Garbled);
        }
        self.at += 4;
        u32::from_str_radix(digits, 16).map_err(|_| Garbled)
    }

    /// Passes over a value of any kind, which must be JSON all the same.
    #[inline(never)]
    pub fn skip(&mut self) -> Read<()> {
        match self.peek() {
            b'"' => self.string().map(drop),
            b'n' => self.null(),
            b't' | b'f' => self.bool().map(drop),
            b'[' => self.skip_items(b'[', b']'),
            b'{' => self.skip_items(b'{', b'}'),
            _ => self.skip_number(),
        }
    }

    fn skip_items(&mut self, open: u8, close: u8) -> Read<()> {
        self.open(open)?;
        let mut first = true;
        while self.more(&mut first, close)? {
            if open == b'{' {
                self.string()?;
                self.take(b':')?;
            }
            self.skip()?;
        }
        self.close(close)
    }

    /// Also of kinds that nothing here reads: with a fraction, with an exponent, longer than any number holds.
    fn skip_number(&mut self) -> Read<()> {
        let bytes = self.json.as_bytes();
        let digits = |at: &mut usize| {
            let from = *at;
            while matches!(bytes.get(*at), Some(b'0'..=b'9')) {
                *at += 1;
            }
            *at - from
        };
        let mut at = self.at;
        at += usize::from(bytes.get(at) == Some(&b'-'));
        let from = at;
        let whole = digits(&mut at);
        if whole == 0 || (whole > 1 && bytes[from] == b'0') {
            return Err(Garbled);
        }
        if bytes.get(at) == Some(&b'.') {
            at += 1;
            if digits(&mut at) == 0 {
                return Err(Garbled);
            }
        }
        if matches!(bytes.get(at), Some(b'e' | b'E')) {
            at += 1;
            at += usize::from(matches!(bytes.get(at), Some(b'+' | b'-')));
            if digits(&mut at) == 0 {
                return Err(Garbled);
            }
        }
        self.at = at;
        Ok(())
    }
}
