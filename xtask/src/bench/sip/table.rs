//! The table that `docs/MEASURES.md` quotes.

use super::{Round, Scenario};

/// What, ours, Kamailio's, the ratio.
pub type Row = [String; 4];

fn compared(what: String, own: f64, peer: f64, digits: usize) -> Row {
    let shown = |figure: f64, digits| if figure.is_nan() { String::new() } else { format!("{figure:.digits$}") };
    [what, shown(own, digits), shown(peer, digits), shown(own / peer, 2)]
}

/// The medians of the rounds.
pub fn registrations(at_once: u32, calls: u32, own: &[Round], peer: &[Round]) -> Vec<Row> {
    let row = |what: String, figure: fn(&Round) -> f64, digits| compared(what, median(own, figure), median(peer, figure), digits);
    let mut rows = vec![
        row(format!("registrations a second (two REGISTER each), {at_once} under way"), |r| r.rate, 0),
        row("… processor seconds for 10,000".into(), |r| r.cpu, 2),
    ];
    if own.iter().chain(peer).any(|r| r.troubles > 0) {
        rows.push(row(format!("… failed or repeated, of {calls}"), |r| r.troubles as f64, 0));
    }
    rows
}

pub fn bytes(scenario: Scenario, bindings: u32, own: f64, peer: Option<f64>) -> Row {
    let how = match scenario {
        Scenario::TenFast => "as fast as SIPp goes",
        _ => "registered at 3,000 a second",
    };
    compared(format!("bytes a binding at {bindings}, {how}"), own, peer.unwrap_or(f64::NAN), 0)
}

pub fn print(rows: &[Row]) {
    println!("\n| | Seatline | Kamailio | ratio |\n|---|---|---|---|");
    for [what, own, peer, ratio] in rows {
        println!("| {what} | {own} | {peer} | {ratio} |");
    }
}

fn median(rounds: &[Round], figure: fn(&Round) -> f64) -> f64 {
    let mut all: Vec<f64> = rounds.iter().map(figure).collect();
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or(f64::NAN)
}
