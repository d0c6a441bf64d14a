//! A throw-away PostgreSQL: a private folder, a Unix socket and no port, gone at the end.

use std::fs;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::temporary::Temporary;
use crate::workspace::find_program;
use crate::{process, setup};

/// The environment variable under which tests find the maintenance database.
pub const URL_VARIABLE: &str = "WARDLIGHT_TEST_POSTGRES";

/// Whom PostgreSQL runs as when we are root: it refuses root, and Debian's package brings this account.
const SERVICE_ACCOUNT: &str = "postgres";

const START_LIMIT: Duration = Duration::from_secs(60);
const STOP_LIMIT: Duration = Duration::from_secs(20);

/// A running server. Dropping it stops the server, then removes its folder (fields go in this order).
pub struct Cluster {
    server: Server,
    folder: Temporary,
}

struct Server(Child);

impl Cluster {
    pub fn start() -> Result<Cluster> {
        let programs = programs().context(
            "PostgreSQL's server programs are not installed (cargo xtask setup --for test)",
        )?;
        // Not TMPDIR: the account that the server runs as may not be let in there. And a socket's path must stay short.
        let folder = Temporary::new(Path::new("/tmp"), "wardlight-pg")?;
        let account = Account::for_server()?;
        account.give(folder.path())?;
        let data = folder.path().join("data");
        let mut initdb = account.command(&programs.join("initdb"));
        initdb
            .args([
                "--no-sync",
                "--no-locale",
                "-E",
                "UTF8",
                "-A",
                "trust",
                "-U",
                "postgres",
                "-D",
            ])
            .arg(&data);
        process::capture(initdb.current_dir(folder.path()))?;
        let server = Server::spawn(&account, &programs, folder.path(), &data)?;
        let mut cluster = Cluster { server, folder };
        cluster.wait_until_ready(&programs)?;
        Ok(cluster)
    }

    /// The maintenance database, in the form that sqlx reads.
    pub fn url(&self) -> String {
        url(self.folder.path())
    }

    fn wait_until_ready(&mut self, programs: &Path) -> Result<()> {
        let started = Instant::now();
        loop {
            if let Some(status) = self.server.0.try_wait()? {
                let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
                bail!("PostgreSQL ended at once ({status})\n{log}");
            }
            let mut ready = Command::new(programs.join("pg_isready"));
            ready
                .args(["-q", "-U", "postgres", "-h"])
                .arg(self.folder.path());
            if ready.status().context("cannot start pg_isready")?.success() {
                return Ok(());
            }
            if started.elapsed() > START_LIMIT {
                bail!(
                    "PostgreSQL was not ready within {} s",
                    START_LIMIT.as_secs()
                );
            }
            thread::sleep(process::TICK / 2);
        }
    }
}

impl Server {
    /// Our own child in a process group of its own: its number is known, and the terminal's Ctrl-C is not for it.
    fn spawn(account: &Account, programs: &Path, folder: &Path, data: &Path) -> Result<Server> {
        let log = fs::File::create(folder.join("log"))?;
        let mut command = account.command(&programs.join("postgres"));
        command.arg("-D").arg(data).arg("-k").arg(folder);
        // Nothing here outlives the machine, so it need not reach the disk; a killed server process still recovers.
        for setting in [
            "listen_addresses=",
            "fsync=off",
            "full_page_writes=off",
            "max_connections=300",
            "timezone=UTC",
        ] {
            command.arg("-c").arg(setting);
        }
        command
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .process_group(0);
        Ok(Server(command.spawn().context("cannot start postgres")?))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // SIGINT is PostgreSQL's fast shutdown: it does not wait for the clients.
        if let Err(error) = process::end(&mut self.0, "INT", STOP_LIMIT) {
            eprintln!(
                "warning: PostgreSQL (process {}) could not be stopped: {error:#}",
                self.0.id()
            );
        }
    }
}

/// Whom the server's programs run as.
struct Account {
    other: Option<(u32, u32)>,
}

impl Account {
    fn for_server() -> Result<Account> {
        if !setup::is_root()? {
            return Ok(Account { other: None });
        }
        let id = |flag: &str| -> Result<u32> {
            let said = process::capture(Command::new("id").args([flag, SERVICE_ACCOUNT]))?;
            said.trim()
                .parse()
                .context("`id` did not answer with a number")
        };
        Ok(Account {
            other: Some((id("-u")?, id("-g")?)),
        })
    }

    fn give(&self, folder: &Path) -> Result<()> {
        if let Some((user, group)) = self.other {
            chown(folder, Some(user), Some(group))
                .context("cannot give the folder to PostgreSQL's account")?;
        }
        Ok(())
    }

    /// `setpriv` becomes the program, so that the child that we start is the server itself.
    fn command(&self, program: &Path) -> Command {
        let Some((user, group)) = self.other else {
            return Command::new(program);
        };
        let mut command = Command::new("setpriv");
        command
            .arg(format!("--reuid={user}"))
            .arg(format!("--regid={group}"))
            .args(["--clear-groups", "--"])
            .arg(program);
        command.env("HOME", "/tmp");
        command
    }
}

/// The folder of the newest installed server programs: Debian keeps them outside `PATH`, one folder a version.
pub fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let newest = versions
        .map(|entry| entry.path())
        .filter(|version| version.join("bin/initdb").is_file())
        .max_by_key(|version| {
            version
                .file_name()
                .and_then(|name| name.to_str()?.parse::<u32>().ok())
        });
    newest
        .map(|version| version.join("bin"))
        .or_else(|| Some(find_program("initdb")?.parent()?.to_path_buf()))
}

fn url(socket_folder: &Path) -> String {
    let mut host = String::new();
    for byte in socket_folder.to_string_lossy().bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            host.push(char::from(byte));
        } else {
            host.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("postgres://postgres@localhost/postgres?host={host}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_socket_folder_is_escaped_in_the_address() {
        assert_eq!(
            url(Path::new("/tmp/a b")),
            "postgres://postgres@localhost/postgres?host=%2Ftmp%2Fa%20b"
        );
    }

    #[test]
    fn a_cluster_answers_on_its_socket_only_and_leaves_nothing_behind() {
        if programs().is_none() {
            // The whole of `cargo xtask test` needs it and says so; a single `cargo test -p xtask` need not.
            return;
        }
        let cluster = Cluster::start().unwrap();
        let folder = cluster.folder.path().to_path_buf();
        let mut psql = Command::new(programs().unwrap().join("psql"));
        psql.args([
            "-XAtq",
            "-U",
            "postgres",
            "-d",
            "postgres",
            "-c",
            "show listen_addresses",
            "-c",
            "show max_connections",
            "-h",
        ]);
        assert_eq!(process::capture(psql.arg(&folder)).unwrap(), "\n300\n");
        let id = cluster.server.0.id();
        drop(cluster);
        assert!(!folder.exists());
        assert!(!Path::new(&format!("/proc/{id}")).exists());
    }
}
