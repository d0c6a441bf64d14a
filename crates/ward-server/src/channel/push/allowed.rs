//! Where a push may go. Its address comes from a browser, and so from anybody who can sign in: without a list of hosts
//! they could have this service ask anything of the machines around it.

use reqwest::Url;

use super::super::http::is_loopback;

/// Characters of an endpoint at most.
const ENDPOINT_AT_MOST: usize = 2048;

/// The address, if a push may go there: by https and its usual port to a host of the list; one on this machine must be
/// on the list too, and may have any port and no TLS.
pub fn endpoint(text: &str, hosts: &[String]) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let listed = hosts
        .iter()
        .any(|pattern| fits(pattern, url.host_str().unwrap_or_default()));
    let by = match url.scheme() {
        "https" => url.port().is_none() || is_loopback(&url),
        "http" => is_loopback(&url),
        _ => false,
    };
    let bare = url.username().is_empty() && url.password().is_none();
    (text.len() <= ENDPOINT_AT_MOST && listed && by && bare).then_some(url)
}

fn fits(pattern: &str, host: &str) -> bool {
    match pattern.strip_prefix("*.") {
        Some(rest) => host
            .strip_suffix(rest)
            .and_then(|start| start.strip_suffix('.'))
            .is_some_and(|start| !start.is_empty()),
        None => host == pattern,
    }
}

/// Whether this is a name, or `*.` and a name of at least two parts.
#[must_use]
pub fn is_host_pattern(pattern: &str) -> bool {
    let rest = pattern.strip_prefix("*.");
    let name = rest.unwrap_or(pattern);
    // As a browser's address would have it: small letters, no port, no path.
    let parsed = Url::parse(&format!("https://{name}/"));
    let as_written = parsed.is_ok_and(|url| url.host_str() == Some(name));
    as_written && !name.contains('*') && (rest.is_none() || name.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usual() -> Vec<String> {
        [
            "fcm.googleapis.com",
            "*.push.apple.com",
            "*.notify.windows.com",
        ]
        .map(str::to_owned)
        .to_vec()
    }

    #[test]
    fn a_push_goes_by_https_to_a_host_of_the_list_and_nowhere_else() {
        for (text, goes) in [
            ("https://fcm.googleapis.com/fcm/send/abc", true),
            ("https://web.push.apple.com/QGx", true),
            ("https://wns2-db5p.notify.windows.com/w/?token=B", true),
            ("https://FCM.googleapis.com./fcm", false),
            ("http://fcm.googleapis.com/fcm/send/abc", false),
            ("https://fcm.googleapis.com:8443/fcm", false),
            ("https://push.apple.com/", false),
            ("https://evilpush.apple.com/", false),
            ("https://web.push.apple.com.example.org/", false),
            ("https://example.org/web.push.apple.com", false),
            ("https://fcm.googleapis.com@example.org/", false),
            ("https://user@fcm.googleapis.com/", false),
            ("https://127.0.0.1/", false),
            ("http://127.0.0.1:9000/", false),
            ("http://[::1]/", false),
            ("http://localhost/", false),
            ("https://169.254.169.254/latest/meta-data", false),
            ("file:///etc/passwd", false),
            ("ftp://fcm.googleapis.com/", false),
            ("", false),
        ] {
            assert_eq!(endpoint(text, &usual()).is_some(), goes, "{text}");
        }
        let long = format!("https://fcm.googleapis.com/{}", "x".repeat(2048));
        assert!(endpoint(&long, &usual()).is_none());
    }

    #[test]
    fn this_machine_is_pushed_to_only_where_it_is_on_the_list() {
        let here = ["127.0.0.1".to_owned()];
        assert!(endpoint("http://127.0.0.1:9000/push/1", &here).is_some());
        assert!(endpoint("http://127.0.0.2:9000/push/1", &here).is_none());
        assert!(endpoint("http://localhost:9000/push/1", &here).is_none());
        // On the list, and still not in the clear.
        let there = ["10.0.0.1".to_owned()];
        assert!(endpoint("http://10.0.0.1/", &there).is_none());
    }

    #[test]
    fn a_pattern_is_a_name_and_does_not_stand_for_everything() {
        for (pattern, good) in [
            ("fcm.googleapis.com", true),
            ("*.push.apple.com", true),
            ("127.0.0.1", true),
            ("*", false),
            ("*.", false),
            ("*.com", false),
            ("*.*.com", false),
            ("push.*.com", false),
            ("https://fcm.googleapis.com", false),
            ("fcm.googleapis.com/fcm", false),
            ("fcm.googleapis.com:443", false),
            ("FCM.googleapis.com", false),
            ("", false),
        ] {
            assert_eq!(is_host_pattern(pattern), good, "{pattern}");
        }
    }
}
