//! `bench list`: search and paging over 100,000 seats, on `SQLite`, and on `PostgreSQL` where an address is given.

use super::example;
use crate::cmd::{Done, run};

pub fn bench(args: &[String]) -> Done {
    println!("SQLite");
    run(&mut example("list_bench"))?;
    if let Some(address) = args.first() {
        println!("PostgreSQL");
        return run(example("list_bench").arg(address));
    }
    println!("PostgreSQL is left out: give its address, postgres://…");
    Ok(())
}
