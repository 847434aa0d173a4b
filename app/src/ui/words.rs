//! Small words of numbers.

/// `1,204`.
pub fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 seat`, `1,204 seats`.
pub fn count(n: u64, one: &str) -> String {
    let end = if n == 1 { "" } else { "s" };
    thousands(n) + " " + one + end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_counted() {
        assert_eq!([0, 999, 1000, 1_234_567].map(thousands), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!([0, 1, 1204].map(|n| count(n, "seat")), ["0 seats", "1 seat", "1,204 seats"]);
    }
}
