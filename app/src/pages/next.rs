//! Where to go after signing in: only to a page of this server.

/// The path of `next=` in the query, when it is one of this server's own; else the start page.
pub fn next(query: &str) -> String {
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let next = pairs.find(|(name, _)| name == "next");
    safe_next(next.as_ref().map(|(_, path)| &**path)).to_owned()
}

fn safe_next(next: Option<&str>) -> &str {
    let own = |path: &&str| {
        let mut bytes = path.bytes();
        // `//host` and `/\host` name other hosts; browsers drop tabs and line breaks before they look.
        bytes.next() == Some(b'/')
            && !matches!(bytes.next(), Some(b'/' | b'\\'))
            && path.bytes().all(|b| (0x21..0x7f).contains(&b) && b != b'\\')
    };
    next.filter(own).unwrap_or("/")
}

#[cfg(test)]
mod tests {
    use super::{next, safe_next};

    #[test]
    fn only_paths_of_this_server_are_followed() {
        assert_eq!(safe_next(Some("/a/1/seats?q=x&sort=name#top")), "/a/1/seats?q=x&sort=name#top");
        assert_eq!(safe_next(None), "/");
        assert_eq!(next("a=b&next=%2Fa%2F1%2Fseats%3Fq%3D%25"), "/a/1/seats?q=%");
        for foreign in
            ["", "a", "//evil.example", "/\\evil.example", "/\t/evil.example", "https://evil.example", "javascript:alert(1)", "/a\n"]
        {
            assert_eq!(safe_next(Some(foreign)), "/", "{foreign:?}");
        }
    }
}
