//! Who may ask, and what a browser may do with the answer.
//!
//! The server is for the person at this machine. Any page on the web can make their browser
//! send requests to it, so every request is looked at:
//!
//! * **Host** must be the address that the server listens on, or a name of the machine itself.
//!   A page elsewhere whose name was made to point here (DNS rebinding) sends its own name.
//! * **Origin**, where there is one, must be the server itself, and a browser's own word on
//!   where the request comes from (`Sec-Fetch-Site`) must not be another site, unless a person
//!   followed a link to a page. So no form, script or picture elsewhere reaches anything.
//! * Where the server listens to other machines, or was told to, a **token** is wanted.
//!
//! Answers forbid everything that the pages don't need: no script, style, picture or form but
//! the server's own, no frame around them, nothing to be guessed about their type.

use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, LOCATION, ORIGIN,
    REFERRER_POLICY, SET_COOKIE, WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::answers::SVG;
use crate::problem::Problem;
use crate::visit::{address, cookie};

/// What a browser may load and do: what comes from this server, and no inline script or style.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; \
    base-uri 'none'; frame-ancestors 'none'";

/// The same for a picture that is a file of its own: it carries its style.
const POLICY_OF_A_PICTURE: &str =
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/// The parameter by which a browser hands in the token the first time.
const TOKEN_PARAMETER: &str = "token";

/// Who is let in.
#[derive(Clone, Debug)]
pub struct Guard {
    port: u16,
    listens_to: IpAddr,
    token: Option<String>,
}

impl Guard {
    /// Lets in whoever asks this address, with the token if there is one.
    pub fn new(listens_to: IpAddr, port: u16, token: Option<String>) -> Self {
        Self {
            port,
            listens_to,
            token,
        }
    }

    /// Whether the name in `Host` is one of ours.
    fn knows_host(&self, host: &str) -> bool {
        let (name, port) = match host.rsplit_once(':') {
            Some((name, port)) if !port.ends_with(']') => (name, port.parse().ok()),
            _ => (host, Some(80)),
        };
        if port != Some(self.port) {
            return false;
        }
        let address = name
            .trim_start_matches('[')
            .trim_end_matches(']')
            .parse::<IpAddr>();
        match address {
            Ok(address) if self.listens_to.is_unspecified() => {
                address.is_ipv4() || address.is_ipv6()
            }
            Ok(address) => address == self.listens_to || self.is_loopback(address),
            // A name proves nothing where other machines may ask; there the token does.
            Err(_) => name.eq_ignore_ascii_case("localhost") || !self.listens_to.is_loopback(),
        }
    }

    fn is_loopback(&self, address: IpAddr) -> bool {
        self.listens_to.is_loopback() && address.is_loopback()
    }

    fn check_sender(&self, request: &Request) -> Result<(), Problem> {
        let headers = request.headers();
        let host =
            text(headers, &HOST).or_else(|| request.uri().authority().map(Authority::as_str));
        let Some(host) = host.filter(|host| self.knows_host(host)) else {
            return Err(elsewhere("The request is for another host than this one.")
                .advise("Open the address that was printed when the server started."));
        };
        if let Some(origin) = text(headers, &ORIGIN) {
            let ours = ["http://", "https://"]
                .iter()
                .any(|scheme| origin.strip_prefix(scheme) == Some(host));
            if !ours {
                return Err(from_elsewhere());
            }
        }
        let site = text(headers, &HeaderName::from_static("sec-fetch-site"));
        if !site.is_none_or(|site| site == "same-origin" || site == "none") {
            let mode = text(headers, &HeaderName::from_static("sec-fetch-mode"));
            let target = text(headers, &HeaderName::from_static("sec-fetch-dest"));
            let followed_link = (mode, target) == (Some("navigate"), Some("document"))
                && request.method() == Method::GET;
            if !followed_link {
                return Err(from_elsewhere());
            }
        }
        Ok(())
    }

    fn cookie_name(&self) -> String {
        format!("acquis-token-{}", self.port)
    }

    /// Lets the request pass, or answers it: with a redirection once the token was handed in
    /// by the address, so that it doesn't stay there.
    fn check_token(&self, request: &Request) -> Result<(), Box<Response>> {
        let Some(token) = &self.token else {
            return Ok(());
        };
        let query = request.uri().query().unwrap_or_default();
        let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let in_the_address = pairs.iter().any(|(name, _)| name == TOKEN_PARAMETER);
        let handed_in = pairs
            .iter()
            .any(|(name, value)| name == TOKEN_PARAMETER && same(value, token));
        let headers = request.headers();
        let bearer = text(headers, &AUTHORIZATION).and_then(|it| it.strip_prefix("Bearer "));
        let kept = cookie(headers, &self.cookie_name());
        let is_known = [bearer, kept]
            .into_iter()
            .flatten()
            .any(|given| same(given, token));
        if is_known && !in_the_address {
            return Ok(());
        }
        if !handed_in && !is_known {
            let problem = Problem::new(
                StatusCode::UNAUTHORIZED,
                "This server wants its token.",
            )
            .advise("Open the address that was printed when the server started: it carries the token.")
            .advise("A program sends it as the header Authorization: Bearer TOKEN.");
            let mut response = problem.into_response();
            response
                .headers_mut()
                .insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            return Err(Box::new(response));
        }
        let others = pairs
            .iter()
            .filter(|(name, _)| name != TOKEN_PARAMETER)
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let path = request.uri().path();
        let to = address(if is_own_path(path) { path } else { "/" }, others);
        Err(Box::new(self.keep_token(token, &to)))
    }

    fn keep_token(&self, token: &str, to: &str) -> Response {
        let cookie = format!(
            "{}={token}; Path=/; HttpOnly; SameSite=Strict",
            self.cookie_name()
        );
        let mut response = StatusCode::SEE_OTHER.into_response();
        let headers = response.headers_mut();
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            headers.insert(SET_COOKIE, cookie);
        }
        if let Ok(to) = HeaderValue::from_str(to) {
            headers.insert(LOCATION, to);
        }
        response
    }
}

/// A request that a page elsewhere made a browser send.
fn from_elsewhere() -> Problem {
    elsewhere("The request comes from a page elsewhere.")
        .advise("Open the page here and ask from there: type its address, or follow a link.")
}

fn elsewhere(sentence: &str) -> Problem {
    Problem::new(StatusCode::FORBIDDEN, sentence)
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name).map(|value| value.to_str().unwrap_or("?"))
}

/// Whether both are the same, in a time that tells nothing about where they differ.
fn same(given: &str, wanted: &str) -> bool {
    let (given, wanted) = (given.as_bytes(), wanted.as_bytes());
    let differs = given
        .iter()
        .zip(wanted)
        .fold(0_u8, |differs, (left, right)| differs | (left ^ right));
    given.len() == wanted.len() && differs == 0
}

/// Whether a token can be handed in by address, cookie and header as it is.
pub(crate) fn is_token(text: &str) -> bool {
    let plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
    !text.is_empty() && text.bytes().all(plain)
}

/// Whether an address leads to a page of this server: a path, and not one that a browser takes
/// for a host. Browsers drop tabs and line ends.
pub(crate) fn is_own_path(address: &str) -> bool {
    let is_host = |rest: &str| rest.starts_with(['/', '\\']);
    let is_path = address.strip_prefix('/').is_some_and(|rest| !is_host(rest));
    is_path && !address.contains(|letter: char| letter.is_control())
}

/// Refuses who may not ask.
pub(crate) async fn let_in(
    State(guard): State<std::sync::Arc<Guard>>,
    request: Request,
    next: Next,
) -> Response {
    if let Err(problem) = guard.check_sender(&request) {
        return problem.into_response();
    }
    match guard.check_token(&request) {
        Ok(()) => next.run(request).await,
        Err(response) => *response,
    }
}

/// Tells the browser what it may do with an answer. An answer that carries a policy of its
/// own keeps it.
pub(crate) async fn confine(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let is_picture = headers.get(CONTENT_TYPE).is_some_and(|kind| kind == SVG);
    let policy = if is_picture {
        POLICY_OF_A_PICTURE
    } else {
        POLICY
    };
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, policy),
        (CACHE_CONTROL, "no-store"),
    ] {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    for (name, value) in [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Not `no-referrer`: with it a browser calls the origin of our own forms null.
        (REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("x-frame-options"), "DENY"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=(), payment=()",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{Ipv4Addr, Ipv6Addr};

    #[test]
    fn on_loopback_only_this_machine_has_a_name() {
        let guard = Guard::new(Ipv4Addr::LOCALHOST.into(), 7004, None);
        for host in [
            "127.0.0.1:7004",
            "localhost:7004",
            "LOCALHOST:7004",
            "[::1]:7004",
        ] {
            assert!(guard.knows_host(host), "{host}");
        }
        for host in [
            "127.0.0.1",
            "127.0.0.1:80",
            "evil.example:7004",
            "10.0.0.1:7004",
            "",
            ":7004",
        ] {
            assert!(!guard.knows_host(host), "{host}");
        }
        let six = Guard::new(Ipv6Addr::LOCALHOST.into(), 80, None);
        assert!(six.knows_host("[::1]") && six.knows_host("localhost"));
    }

    #[test]
    fn only_paths_of_this_server_are_gone_back_to() {
        for address in ["/", "/states/UZB?on=2004-06-01", "/a//b"] {
            assert!(is_own_path(address), "{address}");
        }
        for address in [
            "",
            "states",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "https://evil.example",
        ] {
            assert!(!is_own_path(address), "{address:?}");
        }
    }

    #[test]
    fn tokens_are_compared_whole() {
        assert!(same("abc", "abc"));
        for given in ["", "ab", "abcd", "abd"] {
            assert!(!same(given, "abc"), "{given}");
        }
        assert!(is_token("a-Z_0.9~") && !is_token("") && !is_token("a b") && !is_token("a;b"));
    }
}
