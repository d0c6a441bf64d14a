//! Staff.

use std::io::{BufRead, IsTerminal};

use anyhow::Context;
use clap::Subcommand;
use ward_core::clinician::Role;
use ward_service::Wards;

#[derive(Subcommand)]
pub enum Command {
    /// Add a member of staff; the password is read from standard input
    Add {
        /// Small letters, digits, dots and hyphens
        username: String,
        /// As colleagues know them
        #[arg(long)]
        name: String,
    },
    /// Set a new password, read from standard input; open sessions end
    Password {
        /// Whose
        username: String,
    },
    /// Let somebody in no more; open sessions end
    Disable {
        /// Who
        username: String,
    },
    /// Make somebody a member of a ward, or change as what
    Join {
        /// Who
        username: String,
        /// The ward's code
        #[arg(long)]
        ward: String,
        /// clinician, senior-clinician, call-handler or wall-board
        #[arg(long)]
        role: Role,
    },
    /// Take somebody off a ward
    Leave {
        /// Who
        username: String,
        /// The ward's code
        #[arg(long)]
        ward: String,
    },
    /// List the staff
    List,
}

pub async fn run(wards: &Wards, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Add { username, name } => {
            let clinician = wards.add_clinician(&username, &name, &password()?).await?;
            println!(
                "{} can sign in. Next: `wardlight user join {} --ward CODE --role clinician`.",
                clinician.name, clinician.username
            );
        }
        Command::Password { username } => {
            wards.set_password(&username, &password()?).await?;
            println!("The password is set; open sessions of {username} have ended.");
        }
        Command::Disable { username } => {
            wards.disable_clinician(&username).await?;
            println!("{username} cannot sign in any more; open sessions have ended.");
        }
        Command::Join {
            username,
            ward,
            role,
        } => {
            let ward = super::ward_named(wards, &ward).await?;
            wards.join_ward(&username, ward.id, role).await?;
            println!("{username} is on ward {} as {}.", ward.code, role.as_str());
        }
        Command::Leave { username, ward } => {
            let ward = super::ward_named(wards, &ward).await?;
            wards.leave_ward(&username, ward.id).await?;
            println!("{username} is not on ward {} any more.", ward.code);
        }
        Command::List => {
            for (clinician, left) in wards.staff().await? {
                let left = left
                    .map(|at| format!("\tdisabled {at}"))
                    .unwrap_or_default();
                println!("{}\t{}{left}", clinician.username, clinician.name);
            }
        }
    }
    Ok(())
}

/// One line of standard input: a password on the command line would be seen by everybody on the machine.
fn password() -> anyhow::Result<String> {
    let input = std::io::stdin();
    if input.is_terminal() {
        eprintln!("Type the password (it is shown), then Enter:");
    }
    let mut line = String::new();
    input
        .lock()
        .read_line(&mut line)
        .context("no password came on standard input")?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
