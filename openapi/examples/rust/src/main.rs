//! A worker: processes the entries of a group.

mod bill;
mod failure;
mod group;
mod heartbeat;
mod retry;
mod settings;
mod stop;
mod worker;

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;

use group::Group;
use settings::Settings;
use stop::stop_on_signals;
use worker::work;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let group = Group::new(Settings::from_env()?, stop_on_signals()?)?;
    match work(&Arc::new(group)).await {
        // Weir does not answer any more. Entries that were not given back fall due after their time.
        Err(failure) if !failure.is_final() => eprintln!("{failure}"),
        result => result?,
    }
    Ok(())
}
