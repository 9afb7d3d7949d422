//! How this installation is reached from outside: its address, its names, its proxies and cookies.

use std::time::Duration;

use axum::http::uri::Authority;
use axum::http::{HeaderMap, Uri, header};
use ipnet::IpNet;

use super::connections::ConnectionLimits;
use super::cookies::{CookieNames, Jar};
use super::header_text::text;
use super::hosts::{self, RequestedHost};

/// The settings of the HTTP side.
#[derive(Debug, Clone)]
pub struct Site {
    /// The address that people type, without a slash at its end; `None` when it is not configured.
    pub public_url: Option<String>,
    /// Proxies that are trusted to tell the address of their client, as ranges of addresses.
    pub trusted_proxy: Vec<IpNet>,
    /// Host names that this server answers to, beside the public one and those that public DNS does
    /// not give out.
    pub allowed_hosts: Vec<String>,
    /// The names of the cookies.
    pub cookies: CookieNames,
    /// Whether the public address is https.
    pub https: bool,
    /// How long an unused session cookie lives, in seconds.
    pub session_s: i64,
    /// How long an upload may send (almost) nothing.
    pub upload_stall: Duration,
    /// The bounds of HTTP connections.
    pub connections: ConnectionLimits,
}

impl Site {
    /// Whether the client of this request uses https, so that its cookies are for https only.
    pub(super) fn is_secure(&self, headers: &HeaderMap) -> bool {
        let proto = text(headers, "x-forwarded-proto");
        self.https || (!self.trusted_proxy.is_empty() && proto == Some("https"))
    }

    /// The cookies of a request.
    pub(super) fn jar<'a>(&'a self, headers: &'a HeaderMap) -> Jar<'a> {
        Jar::new(&self.cookies, headers, self.is_secure(headers))
    }

    /// Whether the host that a request names is one of this server.
    pub(super) fn requested_host(&self, uri: &Uri, headers: &HeaderMap) -> RequestedHost {
        let public = self.public_host();
        let allowed = self.allowed_hosts.iter().map(String::as_str).chain(public.as_deref());
        hosts::requested(uri, headers, allowed)
    }

    /// The address that people open, without a slash at its end: the configured one, else the one by which
    /// this request came.
    pub(super) fn base(&self, headers: &HeaderMap) -> String {
        if let Some(url) = &self.public_url {
            return url.clone();
        }
        let scheme = if self.is_secure(headers) { "https" } else { "http" };
        format!("{scheme}://{}", text(headers, header::HOST).unwrap_or("localhost"))
    }

    /// Whether the answer may tell the browser to use https only from now on (HSTS): over https at
    /// the default port. The browser applies it to the whole host, where another server may use
    /// another port without https.
    pub(super) fn stays_https(&self, headers: &HeaderMap) -> bool {
        let host = match &self.public_url {
            Some(url) => url.parse::<Uri>().ok().and_then(|uri| Some(uri.authority()?.to_string())),
            None => text(headers, header::HOST).map(str::to_owned),
        };
        let usual = host.and_then(|host| host.parse::<Authority>().ok());
        self.is_secure(headers)
            && usual.is_some_and(|host| host.port_u16().is_none_or(|port| port == 443))
    }

    fn public_host(&self) -> Option<String> {
        let uri: Uri = self.public_url.as_deref()?.parse().ok()?;
        hosts::name(uri.authority()?.as_str())
    }
}
