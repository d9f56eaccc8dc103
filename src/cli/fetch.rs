//! Fetching the small files of a model from a hub: only when asked for by name, and only from the addresses that were
//! announced. Plain http is spoken here (mirrors, local servers); https is left to `curl`, which knows the system's
//! certificates and proxies.

use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::process::Command;
use std::time::Duration;

use super::CliError;
use crate::import::MOST_JSON_BYTES;

const WAIT: Duration = Duration::from_secs(30);
const MOST_REDIRECTS: usize = 5;

/// The text at an address; `None` where there is none (404).
pub fn text(address: &str) -> Result<Option<String>, CliError> {
    let mut at = address.to_owned();
    for _ in 0..MOST_REDIRECTS {
        let Some(rest) = at.strip_prefix("http://") else { return by_curl(&at) };
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let answer = Answer::get(host, path).map_err(|e| failed(&at, &e.to_string()))?;
        match answer.status {
            200 => return Ok(Some(answer.body)),
            404 => return Ok(None),
            301 | 302 | 303 | 307 | 308 => {
                let to = answer.location.ok_or_else(|| failed(&at, "redirects to nowhere"))?;
                at = if to.starts_with('/') { format!("http://{host}{to}") } else { to };
            }
            other => return Err(failed(&at, &format!("answers {other}"))),
        }
    }
    Err(failed(address, "redirects too often"))
}

fn failed(address: &str, reason: &str) -> CliError {
    CliError::File { path: address.into(), reason: reason.into() }
}

struct Answer {
    status: u16,
    location: Option<String>,
    body: String,
}

impl Answer {
    /// One HTTP/1.0 request, so that the body ends with the connection.
    fn get(host: &str, path: &str) -> std::io::Result<Self> {
        let bad = |what: &str| std::io::Error::new(std::io::ErrorKind::InvalidData, what.to_owned());
        let named = if host.contains(':') { host.to_owned() } else { format!("{host}:80") };
        let address = named.to_socket_addrs()?.next().ok_or_else(|| bad("the host has no address"))?;
        let mut stream = TcpStream::connect_timeout(&address, WAIT)?;
        stream.set_read_timeout(Some(WAIT))?;
        let name = concat!("crossover/", env!("CARGO_PKG_VERSION"));
        write!(
            stream,
            "GET /{path} HTTP/1.0\r\nHost: {host}\r\nUser-Agent: {name}\r\nAccept: application/json\r\n\r\n"
        )?;
        let mut raw = Vec::new();
        stream.take(MOST_JSON_BYTES as u64 + 65_536).read_to_end(&mut raw)?;
        let text = String::from_utf8(raw).map_err(|_| bad("the answer is not text"))?;
        let (head, body) = text.split_once("\r\n\r\n").ok_or_else(|| bad("the answer has no header"))?;
        let status = head.split_whitespace().nth(1).and_then(|s| s.parse().ok()).ok_or_else(|| bad("no status"))?;
        let field = |line: &str| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("location").then(|| value.trim().to_owned())
        };
        Ok(Self { status, location: head.lines().find_map(field), body: body.to_owned() })
    }
}

/// The same through curl.
fn by_curl(address: &str) -> Result<Option<String>, CliError> {
    let limit = MOST_JSON_BYTES.to_string();
    let arguments =
        ["--silent", "--show-error", "--location", "--max-time", "60", "--proto", "=https", "--max-filesize"];
    let out =
        Command::new("curl").args(arguments).args([&limit, "--write-out", "\n%{http_code}", "--", address]).output();
    let out =
        out.map_err(|e| failed(address, &format!("curl cannot be run ({e}); download the file and import it")))?;
    if !out.status.success() {
        return Err(failed(address, String::from_utf8_lossy(&out.stderr).trim()));
    }
    let text = String::from_utf8(out.stdout).map_err(|_| failed(address, "the answer is not text"))?;
    match text.rsplit_once('\n') {
        Some((body, "200")) => Ok(Some(body.to_owned())),
        Some((_, "404")) => Ok(None),
        Some((_, "401" | "403")) => {
            Err(failed(address, "is gated: accept its licence, download config.json and import it"))
        }
        Some((_, other)) => Err(failed(address, &format!("answers {other}"))),
        None => Err(failed(address, "gives no answer")),
    }
}
