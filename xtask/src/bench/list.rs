//! `bench list`: search and paging over 100,000 seats, on `SQLite`, and on `PostgreSQL` where an address is given.

use super::example;
use crate::cmd::{Done, run};
use std::process::Command;

fn measure() -> Command {
    example("seatline-service", "list_bench")
}

pub fn bench(args: &[String]) -> Done {
    println!("SQLite");
    run(&mut measure())?;
    if let Some(address) = args.first() {
        println!("PostgreSQL");
        return run(measure().arg(address));
    }
    println!("PostgreSQL is left out: give its address, postgres://…");
    Ok(())
}
