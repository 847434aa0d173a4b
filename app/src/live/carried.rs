//! The accounts that the one stream of a browser carries: those of its tabs, each behind a comma, as its address has them.

#[derive(Default)]
pub struct Carried {
    accounts: String,
    /// Those that no tab shows any more; left out the next time that the stream is opened.
    idle: String,
}

impl Carried {
    /// A tab shows the account. True: the stream does not carry it yet.
    pub fn wants(&mut self, account: &str) -> bool {
        remove(&mut self.idle, account);
        let is_new = !has(&self.accounts, account);
        if is_new {
            add(&mut self.accounts, account);
        }
        is_new
    }

    /// A tab that showed the account is gone; another that shows it says so.
    pub fn leaves(&mut self, account: &str) {
        add(&mut self.idle, account);
    }

    /// Drops those that may not be carried any more.
    pub fn keep(&mut self, may: impl Fn(&str) -> bool) {
        for account in std::mem::take(&mut self.accounts).split_terminator(',').filter(|account| may(account)) {
            add(&mut self.accounts, account);
        }
    }

    /// What a stream that is opened now carries.
    pub fn renew(&mut self) -> &str {
        for account in std::mem::take(&mut self.idle).split_terminator(',') {
            remove(&mut self.accounts, account);
        }
        &self.accounts
    }

    /// What it carries.
    pub fn list(&self) -> &str {
        &self.accounts
    }
}

fn add(list: &mut String, account: &str) {
    list.push_str(account);
    list.push(',');
}

fn remove(list: &mut String, account: &str) {
    for other in std::mem::take(list).split_terminator(',').filter(|other| *other != account) {
        add(list, other);
    }
}

/// Whether the account is in the list.
pub fn has(list: &str, account: &str) -> bool {
    list.split_terminator(',').any(|other| other == account)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_carries_what_tabs_show_and_drops_the_rest_when_it_is_opened_anew() {
        let mut carried = Carried::default();
        assert!(carried.wants("a1") && carried.wants("b2") && carried.wants("c3"));
        assert_eq!(carried.renew(), "a1,b2,c3,");
        assert!(!carried.wants("b2"));
        carried.leaves("b2");
        carried.leaves("c3");
        carried.leaves("b2");
        assert_eq!(carried.list(), "a1,b2,c3,", "until then it is carried");
        assert!(!carried.wants("c3"), "another tab shows it");
        assert_eq!(carried.renew(), "a1,c3,");
        assert!(carried.wants("b2"));
        carried.keep(|account| account != "a1");
        assert_eq!(carried.list(), "c3,b2,");
    }
}
