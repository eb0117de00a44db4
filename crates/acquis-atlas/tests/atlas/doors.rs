//! Who is let in, and what a browser may do with an answer.

use axum::body::Body;
use axum::http::{Request, StatusCode};

use crate::asking::{HOST, get, send, server};

fn request(address: &str) -> axum::http::request::Builder {
    Request::get(address).header("host", HOST)
}

#[tokio::test]
async fn every_answer_confines_the_browser() {
    for address in [
        "/",
        "/states/UZB",
        "/nowhere",
        "/api/v1/states",
        "/api/v1/nowhere",
    ] {
        let answer = get(address).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'none'"), "{address}: {policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{address}");
        assert!(!policy.contains("unsafe"), "{address}");
        assert_eq!(
            answer.header("x-content-type-options"),
            "nosniff",
            "{address}"
        );
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{address}");
        assert!(!answer.header("cache-control").is_empty(), "{address}");
    }
}

#[tokio::test]
async fn other_hosts_and_origins_are_refused() {
    let wrong = [
        ("host", "evil.example:7004"),
        ("host", "127.0.0.1:80"),
        ("origin", "http://evil.example"),
        ("origin", "null"),
        ("origin", "http://127.0.0.1:7005"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ];
    for (name, value) in wrong {
        let mut request = request("/states").body(Body::empty()).unwrap();
        request.headers_mut().insert(name, value.parse().unwrap());
        let answer = send(server(None), request).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}: {value}");
        assert!(answer.body.contains("Open the "), "{name}: {value}");
    }
    let no_host = Request::get("/states").body(Body::empty()).unwrap();
    assert_eq!(
        send(server(None), no_host).await.status,
        StatusCode::FORBIDDEN
    );
    let sent = Request::post("/states").header("host", HOST);
    let answer = send(server(None), sent.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(answer.body.contains("use its forms"));
}

#[tokio::test]
async fn our_own_pages_and_followed_links_are_let_in() {
    let own = request("/states")
        .header("origin", format!("http://{HOST}"))
        .header("sec-fetch-site", "same-origin");
    let followed = request("/states")
        .header("sec-fetch-site", "cross-site")
        .header("sec-fetch-mode", "navigate")
        .header("sec-fetch-dest", "document");
    for request in [own, followed] {
        let answer = send(server(None), request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK);
    }
    let posted = Request::post("/theme")
        .header("host", HOST)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "cross-site")
        .header("sec-fetch-mode", "navigate")
        .header("sec-fetch-dest", "document");
    let posted = posted.body(Body::from("theme=dark&back=/")).unwrap();
    assert_eq!(
        send(server(None), posted).await.status,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn with_a_token_nobody_comes_in_without_it() {
    let server = || server(Some("secret-1"));
    let plain = |address: &str| request(address).body(Body::empty()).unwrap();
    for address in [
        "/",
        "/api/v1/states",
        "/assets/x/atlas.css",
        "/?token=secret-2",
    ] {
        let answer = send(server(), plain(address)).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{address}");
        assert!(!answer.body.contains("secret-1"));
    }
    let handed_in = send(server(), plain("/states?on=2004-01-01&token=secret-1")).await;
    assert_eq!(handed_in.status, StatusCode::SEE_OTHER);
    assert_eq!(handed_in.header("location"), "/states?on=2004-01-01");
    let cookie = handed_in.header("set-cookie").to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"));
    let kept = cookie.split(';').next().unwrap();
    for (name, value) in [("cookie", kept), ("authorization", "Bearer secret-1")] {
        let request = request("/states").header(name, value);
        let answer = send(server(), request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK, "{name}");
    }
    // Nor does the token stay in the address of one who had it already.
    let again = request("/states?token=secret-1").header("cookie", kept);
    let again = send(server(), again.body(Body::empty()).unwrap()).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    assert_eq!(again.header("location"), "/states");
    let elsewhere = send(server(), plain("//evil.example/?token=secret-1")).await;
    assert_eq!(elsewhere.header("location"), "/");
}

#[tokio::test]
async fn the_choice_of_colours_goes_back_to_a_page_of_ours_only() {
    for (back, to) in [
        ("/states?on=2004-01-01", "/states?on=2004-01-01"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("http://evil.example", "/"),
    ] {
        let mut form = String::from("theme=dark&back=");
        form.extend(back.bytes().map(|byte| format!("%{byte:02X}")));
        let request = Request::post("/theme")
            .header("host", HOST)
            .header("origin", format!("http://{HOST}"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(form))
            .unwrap();
        let answer = send(server(None), request).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert_eq!(answer.header("location"), to);
        assert!(
            answer
                .header("set-cookie")
                .starts_with("acquis-theme=dark;")
        );
    }
    let dark = request("/states").header("cookie", "acquis-theme=dark");
    let answer = send(server(None), dark.body(Body::empty()).unwrap()).await;
    assert!(answer.body.contains("data-theme=\"dark\""));
}

#[tokio::test]
async fn what_is_too_large_or_of_the_wrong_kind_is_told_so() {
    let long = format!("/states?with={}", "x".repeat(9_000));
    assert_eq!(get(&long).await.status, StatusCode::BAD_REQUEST);
    let large = Request::post("/theme")
        .header("host", HOST)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(format!(
            "theme=dark&back={}",
            "x".repeat(5_000_000)
        )))
        .unwrap();
    let answer = send(server(None), large).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.body.contains("too large"), "{}", answer.body);
    let posted = Request::post("/states").header("host", HOST);
    let answer = send(server(None), posted.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(answer.body.contains("can&#39;t be done") || answer.body.contains("can't be done"));
}

#[tokio::test]
async fn an_answer_that_is_known_is_not_sent_again() {
    let first = get("/states/UZB?on=2004-01-01").await;
    let mark = first.header("etag").to_owned();
    let again = request("/states/UZB?on=2004-01-01").header("if-none-match", &mark);
    let again = send(server(None), again.body(Body::empty()).unwrap()).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    assert!(again.body.is_empty());
    assert_eq!(again.header("etag"), mark);
}
