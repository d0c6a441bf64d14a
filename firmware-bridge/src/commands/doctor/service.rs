//! The way to the service, step by step: the first that fails is the one to mend.

use std::net::SocketAddr;
use std::time::Duration;

use reqwest::Url;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

use super::finding::{Finding, Verdict};
use super::off_thread;
use crate::client::{Client, Failure, Greeting};
use crate::clock::Clock;
use crate::config;

const NAME: &str = "service name";
const LINE: &str = "service line";
const SERVICE: &str = "service";
const CREDENTIAL: &str = "credential";
const CLOCK: &str = "clock against";

/// A step that takes so long makes a poor line.
const SLOW: Duration = Duration::from_secs(3);
/// A clock that is kept right is within a second; the service's date has whole seconds, and the line takes its time.
const CLOCK_OFF: Duration = Duration::from_secs(5);
/// From here on the ward has an alert about it.
const CLOCK_WRONG: Duration = Duration::from_secs(120);

/// `limit` is for each step, whatever the configuration allows the bridge itself.
pub(super) async fn reach(service: &config::Service, limit: Duration) -> Vec<Finding> {
    let client = match Client::new(service) {
        Ok(client) => client,
        Err(why) => {
            let said = why.to_string();
            return vec![Finding::wrong(SERVICE, said, "see ca_file of [service]")];
        }
    };
    let mut findings = Vec::new();
    let behind_proxy = is_behind_proxy(&service.url);
    if behind_proxy {
        // The name and the line are then the proxy's business.
        findings.push(Finding::ok(LINE, "by the proxy that HTTPS_PROXY names"));
    } else {
        let (addresses, found) = resolve(&service.url, limit).await;
        findings.push(found);
        if addresses.is_empty() {
            return findings;
        }
        let connected = connect(&addresses, limit).await;
        let stop = connected.verdict == Verdict::Wrong;
        findings.push(connected);
        if stop {
            return findings;
        }
    }
    let limit = service.timeout.min(limit);
    match timeout(limit, client.greet()).await {
        Ok(Ok(greeting)) => findings.extend(greeted(&greeting)),
        Ok(Err(why)) => {
            let advice = if why.to_string().contains("certificate") {
                "the certificate is not trusted here: set this machine's clock right; for a hospital's own authority give ca_file; a guest network may stand in between"
            } else {
                "it answers at the line and not at HTTP: see service.url, its port, and what stands in between"
            };
            findings.push(Finding::wrong(SERVICE, why.to_string(), advice));
            return findings;
        }
        Err(_) => {
            let said = format!("no answer within {} seconds", limit.as_secs());
            findings.push(Finding::wrong(
                SERVICE,
                said,
                "ask the ward whether the service runs",
            ));
            return findings;
        }
    }
    findings.push(accepted(&client, limit).await);
    findings
}

/// `HTTPS_PROXY` and `ALL_PROXY` hold for https alone: plain http goes straight.
fn is_behind_proxy(url: &Url) -> bool {
    let named = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
    url.scheme() == "https"
        && named
            .iter()
            .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

async fn resolve(url: &Url, limit: Duration) -> (Vec<SocketAddr>, Finding) {
    let host = url.host_str().unwrap_or_default().to_owned();
    let began = Instant::now();
    let asked = url.clone();
    // On a thread of its own: the system's resolver cannot be asked to stop.
    let resolved = off_thread(move || asked.socket_addrs(|| None));
    let advice = "is the internet there? Try another name: getent hosts debian.org. Only this one fails: see service.url";
    match timeout(limit, resolved).await {
        Ok(Ok(addresses)) if !addresses.is_empty() => {
            let said = format!("{host} found in {}", took(began.elapsed()));
            (addresses, Finding::ok(NAME, said))
        }
        Ok(Ok(_)) => (
            Vec::new(),
            Finding::wrong(NAME, format!("{host} has no address"), advice),
        ),
        Ok(Err(why)) => (
            Vec::new(),
            Finding::wrong(NAME, format!("{host}: {why}"), advice),
        ),
        Err(_) => {
            let said = format!("{host}: the name server does not answer");
            (Vec::new(), Finding::wrong(NAME, said, advice))
        }
    }
}

/// The first of its addresses that answers; each has its share of the time, so that one that is dead hides no other.
async fn connect(addresses: &[SocketAddr], limit: Duration) -> Finding {
    let mut last = String::new();
    let tried = addresses.iter().take(4);
    let share = limit / u32::try_from(tried.len()).unwrap_or(1).max(1);
    for address in tried {
        let began = Instant::now();
        match timeout(share, TcpStream::connect(address)).await {
            Ok(Ok(_)) => {
                let said = format!("{address} answers in {}", took(began.elapsed()));
                return slow_or_ok(LINE, said, began.elapsed());
            }
            Ok(Err(why)) => last = format!("{address}: {why}"),
            Err(_) => last = format!("{address}: no answer"),
        }
    }
    let advice = "nothing listens there, or a firewall is in between: the bridge only ever calls out, to this address and port";
    Finding::wrong(LINE, last, advice)
}

fn slow_or_ok(check: &'static str, said: String, took: Duration) -> Finding {
    if took > SLOW {
        Finding::warning(
            check,
            said,
            "a poor line: readings arrive late, and are not lost",
        )
    } else {
        Finding::ok(check, said)
    }
}

fn greeted(greeting: &Greeting) -> Vec<Finding> {
    let said = format!("it answers in {}", took(greeting.took));
    let answer = match greeting.status {
        200 => slow_or_ok(SERVICE, said, greeting.took),
        503 => Finding::warning(
            SERVICE,
            format!("{said}: not ready (503)"),
            "its database does not answer; the ward's office must see to it. Readings wait here",
        ),
        // A proxy need not pass this address on.
        404 => Finding::ok(
            SERVICE,
            format!("{said} (without saying whether it is ready)"),
        ),
        status @ 300..400 => Finding::wrong(
            SERVICE,
            format!("{said} with {status}: it sends us elsewhere"),
            "a guest network's sign-in page, or service.url is not the service's own address",
        ),
        status => Finding::warning(
            SERVICE,
            format!("{said} with {status}"),
            "something before the service, or another server: see service.url",
        ),
    };
    vec![answer, clock(greeting)]
}

fn clock(greeting: &Greeting) -> Finding {
    let Some(date) = greeting.date else {
        let said = "the service's answer has no date to compare with";
        return Finding::ok(CLOCK, said);
    };
    let off = Clock::of_this_machine().wall().duration_since(date);
    judge_clock(off.unsigned_abs(), off.is_negative())
}

fn judge_clock(off: Duration, is_behind: bool) -> Finding {
    let which = if is_behind { "behind" } else { "ahead of" };
    let said = format!("this machine is {} s {which} the service", off.as_secs());
    let advice = "set it right: timedatectl set-ntp true. Readings carry their age; only those in a restart's way lose their time";
    if off > CLOCK_WRONG {
        Finding::wrong(CLOCK, said, advice)
    } else if off > CLOCK_OFF {
        Finding::warning(CLOCK, said, advice)
    } else {
        Finding::ok(CLOCK, "the same as the service's")
    }
}

/// Asks for the list of oximeters, as the bridge does.
async fn accepted(client: &Client, limit: Duration) -> Finding {
    let began = Instant::now();
    match timeout(limit, client.devices()).await {
        Ok(Ok(list)) => {
            let count = list.devices.len();
            let said = format!(
                "accepted in {}; {count} oximeters belong to this bridge",
                took(began.elapsed())
            );
            if count == 0 {
                Finding::warning(
                    CREDENTIAL,
                    said,
                    "ask the ward to assign an oximeter to this bridge",
                )
            } else {
                slow_or_ok(CREDENTIAL, said, began.elapsed())
            }
        }
        Ok(Err(Failure::Unauthorised(why))) => Finding::wrong(
            CREDENTIAL,
            why,
            "ask the ward for a code and run: wardlight-bridge enrol --replace CODE. Readings wait here and are safe",
        ),
        Ok(Err(why)) => Finding::wrong(
            CREDENTIAL,
            why.to_string(),
            "see the lines above; ask the ward whether the service works",
        ),
        Err(_) => Finding::wrong(
            CREDENTIAL,
            "no answer",
            "ask the ward whether the service works",
        ),
    }
}

fn took(time: Duration) -> String {
    format!("{} ms", time.as_millis())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_wrong_from_where_the_ward_has_an_alert_about_it() {
        for (seconds, verdict) in [
            (0, Verdict::Ok),
            (5, Verdict::Ok),
            (30, Verdict::Warning),
            (121, Verdict::Wrong),
        ] {
            let off = Duration::from_secs(seconds);
            assert_eq!(judge_clock(off, true).verdict, verdict, "{seconds}");
        }
        assert!(
            judge_clock(Duration::from_secs(130), true)
                .said
                .contains("130 s behind")
        );
    }

    #[test]
    fn what_sends_us_elsewhere_is_not_the_service() {
        let answer = |status| {
            let took = Duration::from_millis(3);
            let date = None;
            greeted(&Greeting { status, date, took }).remove(0).verdict
        };
        assert_eq!(answer(200), Verdict::Ok);
        assert_eq!(answer(404), Verdict::Ok);
        assert_eq!(answer(302), Verdict::Wrong);
        assert_eq!(answer(503), Verdict::Warning);
    }
}
