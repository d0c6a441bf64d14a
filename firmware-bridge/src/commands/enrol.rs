//! `enrol` and `check-config`: done in a moment.

use std::path::Path;

use anyhow::Context;

use crate::client::Client;
use crate::config::Config;
use crate::enrol;
use crate::identity::{Identity, Place};

/// Spends a one-time code.
///
/// # Errors
/// Says what to do.
pub async fn enrol(config: &Config, code: &str, replace: bool) -> anyhow::Result<()> {
    let client = Client::new(&config.service)?;
    let enrolled = enrol::enrol(&client, &config.service, code, replace).await?;
    println!("enrolled as bridge {}", enrolled.bridge);
    println!(
        "its key is {} (`wardlight bridge list` shows the same)",
        enrolled.key
    );
    println!(
        "the private half is in {} and stays there",
        config.service.key_file.display()
    );
    println!(
        "now start it: systemctl start wardlight-bridge, or wardlight-bridge run --config FILE"
    );
    Ok(())
}

/// Says what the configuration means, without starting anything.
///
/// # Errors
/// Says the place and what to do.
pub fn check_config(path: &Path) -> anyhow::Result<()> {
    let config = Config::load(path)?;
    Client::new(&config.service).context("the service's certificates")?;
    println!("{} is good", path.display());
    println!("service     {}", config.service.url);
    println!("spool       {}", config.spool.file.display());
    match Place::of(&config.service).read() {
        Ok(Identity::Key(held)) => println!(
            "enrolled    yes, key {}, good until {}",
            held.key.id(),
            held.expires_at
        ),
        Ok(Identity::Token(_)) => {
            println!("enrolled    yes, with a token: `enrol --replace CODE` gives it a key");
        }
        Err(why) => println!("enrolled    no: {why}"),
    }
    Ok(())
}
