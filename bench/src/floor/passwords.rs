//! Floor B: bcrypt alone.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use clap::Args;

use super::{Done, done};
use crate::process;

#[derive(Args)]
pub struct Passwords {
    #[arg(long)]
    threads: u32,
    #[arg(long)]
    seconds: u32,
    /// File with the password and, on the next line, its hash
    file: PathBuf,
}

impl Passwords {
    pub fn run(self) -> Result<Done> {
        let text = std::fs::read_to_string(&self.file)?;
        let (password, hash) = text.split_once('\n').unwrap_or_default();
        let began = Instant::now();
        let end = began + Duration::from_secs(self.seconds.into());
        let verify = || {
            let mut times = Vec::new();
            while Instant::now() < end {
                let began = Instant::now();
                ensure!(bcrypt::verify(password, hash)?, "the password is another");
                times.push(began.elapsed());
            }
            Ok(times)
        };
        let times = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..self.threads).map(|_| scope.spawn(verify)).collect();
            let ended = threads.into_iter().map(|thread| thread.join().unwrap_or_else(|_| Ok(Vec::new())));
            ended.collect::<Result<Vec<_>>>()
        })?;
        done(times.concat(), began.elapsed(), process::cpu_seconds(std::process::id())?)
    }
}
