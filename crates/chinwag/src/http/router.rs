//! The list of routes: the map of everything that HTTP offers.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, any, get, post};
use axum::{Router, middleware};
use ipnet::IpNet;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::bodies::Bodies;
use super::connections::ConnectionLimits;
use super::cookies::{CookieNames, Jar};
use super::document::{self, Document};
use super::front::{self, SocketDoor};
use super::health::{self, Health, SocketPulse};
use super::problem::Fault;
use super::shell::Shell;
use super::{
    accounts, assets, channels, devices, docs, files, hosts, messages, pages, reports, sessions,
    state, streams, tokens, uploads,
};
use crate::chat::Chat;
use crate::wire::state::Workspace;

/// The largest JSON body or form, in bytes: a message of 10,000 characters, each escaped at its
/// longest, fits. Files are streamed and have a limit of their own.
pub(super) const BODY_LIMIT_BYTES: usize = 256 * 1024;

/// What the edge needs to know of where it stands.
#[derive(Debug, Clone)]
pub struct Site {
    /// The address that people type, without a slash at its end.
    pub public_url: Option<String>,
    /// Proxies whose word on the client is believed, as ranges of addresses.
    pub trusted_proxy: Vec<IpNet>,
    /// Names that this server answers to, beside its public one and those that public DNS does not
    /// give out.
    pub allowed_hosts: Vec<String>,
    /// What its cookies are called.
    pub cookies: CookieNames,
    /// Whether people come by https.
    pub https: bool,
    /// How long the session cookie lives without being used, in seconds.
    pub session_s: i64,
    /// How long an upload may bring (almost) nothing.
    pub upload_stall: Duration,
    /// The bounds of HTTP connections.
    pub connections: ConnectionLimits,
}

impl Site {
    /// Whether cookies are for https only.
    pub(super) fn is_secure(&self, headers: &HeaderMap) -> bool {
        let proto = headers.get("x-forwarded-proto").and_then(|value| value.to_str().ok());
        self.https || (!self.trusted_proxy.is_empty() && proto == Some("https"))
    }

    /// The cookies of a request.
    pub(super) fn jar<'a>(&'a self, headers: &'a HeaderMap) -> Jar<'a> {
        Jar::new(&self.cookies, headers, self.is_secure(headers))
    }

    /// Whom a request is for.
    pub(super) fn asked_host(&self, uri: &Uri, headers: &HeaderMap) -> hosts::Asked {
        let public = self.public_host();
        let allowed = self.allowed_hosts.iter().map(String::as_str).chain(public.as_deref());
        hosts::asked(uri, headers, allowed)
    }

    /// Whether browsers may be told never to come by http again: over https, at the usual port. The
    /// rule counts for the whole host, where another server may use another port without https.
    pub(super) fn stays_https(&self, headers: &HeaderMap) -> bool {
        let host = match &self.public_url {
            Some(url) => url.parse::<Uri>().ok().and_then(|uri| Some(uri.authority()?.to_string())),
            None => {
                headers.get(header::HOST).and_then(|host| host.to_str().ok()).map(str::to_owned)
            }
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

/// What handlers share.
pub struct App {
    pub(super) chat: Arc<Chat>,
    pub(super) site: Site,
    pub(super) workspace: Workspace,
    pub(super) socket: SocketDoor,
    pub(super) pulse: SocketPulse,
    pub(super) health: Health,
    pub(super) bodies: Arc<Bodies>,
    pub(super) shell: Shell,
    pub(super) policy: HeaderValue,
    pub(super) openapi: String,
    pub(super) docs: String,
}

impl App {
    /// Puts the edge around the use cases.
    #[must_use]
    pub fn new(
        chat: Arc<Chat>,
        site: Site,
        workspace: Workspace,
        socket: SocketDoor,
        pulse: SocketPulse,
    ) -> Self {
        let openapi = openapi();
        let document = serde_json::from_str(&openapi).unwrap_or_default();
        let docs = docs::render(&document);
        let shell = Shell::load();
        let policy = shell.policy();
        Self {
            chat,
            site,
            workspace,
            socket,
            pulse,
            health: Health::default(),
            bodies: Arc::default(),
            shell,
            policy,
            openapi,
            docs,
        }
    }
}

/// The REST interface, with its document.
fn api() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(sessions::sign_in, sessions::sign_out))
        .routes(routes!(accounts::get_me))
        .routes(routes!(accounts::set_settings))
        .routes(routes!(accounts::set_password))
        .routes(routes!(accounts::people))
        .routes(routes!(streams::own_changes))
        .routes(routes!(streams::place_changes))
        .routes(routes!(sessions::sessions))
        .routes(routes!(sessions::end_session))
        .routes(routes!(devices::devices))
        .routes(routes!(devices::forget_device))
        .routes(routes!(tokens::tokens, tokens::create_token))
        .routes(routes!(tokens::revoke_token))
        .routes(routes!(channels::channels, channels::create_channel))
        .routes(routes!(channels::channel, channels::set_topic))
        .routes(routes!(channels::join, channels::leave))
        .routes(routes!(channels::visit))
        .routes(routes!(channels::mark_read))
        .routes(routes!(channels::members))
        .routes(routes!(messages::messages, messages::post_message))
        .routes(routes!(messages::delete_message))
        .routes(routes!(messages::changes))
        .routes(routes!(messages::digest))
        .routes(routes!(uploads::uploaded, uploads::delete_upload))
        .routes(routes!(files::file))
        .routes(routes!(files::thumbnail))
        .routes(routes!(state::state))
        .routes(routes!(reports::report))
        .layer(DefaultBodyLimit::max(BODY_LIMIT_BYTES))
        .merge(uploads())
}

/// What takes in files: streamed, with limits of their own.
fn uploads() -> OpenApiRouter<Arc<App>> {
    let resumable = OpenApiRouter::new()
        .routes(routes!(uploads::resumable::upload_options, uploads::resumable::create_upload))
        .routes(routes!(
            uploads::resumable::upload_progress,
            uploads::resumable::continue_upload,
            uploads::resumable::cancel_upload
        ))
        .layer(middleware::map_response(uploads::resumable::say_version));
    OpenApiRouter::new()
        .routes(routes!(uploads::upload))
        .merge(resumable)
        .layer(DefaultBodyLimit::disable())
}

/// The OpenAPI document, as JSON.
#[must_use]
pub fn openapi() -> String {
    let (_, mut document) = api().split_for_parts();
    document::complete(&mut document);
    // Plain data without maps of odd keys: it always encodes.
    document.to_pretty_json().unwrap_or_default()
}

/// A door that the document does not list: a page, a form, an asset.
struct Door {
    method: &'static str,
    path: &'static str,
    route: MethodRouter<Arc<App>>,
}

impl Door {
    /// Without the bound on a form's bytes: the handler has its own.
    fn taking_files(self) -> Self {
        Self { route: self.route.layer(DefaultBodyLimit::disable()), ..self }
    }
}

/// One method at one address, so that the list cannot say less than there is.
fn door<H, T>(method: &'static str, path: &'static str, handler: H) -> Door
where
    H: Handler<T, Arc<App>>,
    T: 'static,
{
    let route = match method {
        "GET" => get(handler),
        "POST" => post(handler),
        _ => any(handler),
    };
    Door { method, path, route }
}

/// The pages and everything else beside the REST interface.
fn plain() -> Vec<Door> {
    vec![
        door("GET", "/", pages::home::home),
        door("GET", "/login", pages::sign_in::login_page),
        door("POST", "/login", pages::sign_in::login),
        door("GET", "/logout", pages::sign_out::logout_page),
        door("POST", "/logout", pages::sign_out::logout),
        door("GET", "/channels", pages::channels::channels_page),
        door("POST", "/channels", pages::channels::create_channel),
        door("GET", "/channel/{name}", pages::channel::channel_page),
        // Its files are streamed and have limits of their own.
        door("POST", "/channel/{name}", pages::channel::post_message).taking_files(),
        door("GET", "/channel/{name}/delete", pages::deleting::confirm_page),
        door("POST", "/channel/{name}/delete", pages::deleting::delete_message),
        door("POST", "/channel/{name}/join", pages::channel::join_channel),
        door("GET", "/channel/{name}/{number}", pages::channel::message_page),
        door("GET", "/settings", pages::home::settings_page),
        door("GET", "/api/openapi.json", docs::openapi_json),
        door("GET", "/api/docs", docs::page),
        door("GET", "/healthz", health::healthz),
        door("GET", "/plain.css", assets::plain_css),
        door("GET", "/favicon.svg", assets::favicon),
        door("GET", "/assets/{*path}", assets::hashed),
        door("ANY", "/socket.io/", front::socket),
        door("ANY", "/socket.io", front::socket),
    ]
}

/// Every door, as `METHOD /path/{with}/{variables}`: those of the document and the plain ones.
#[must_use]
pub fn doors() -> Vec<String> {
    let document: serde_json::Value = serde_json::from_str(&openapi()).unwrap_or_default();
    let mut doors = Vec::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for (method, _) in item.as_object().into_iter().flatten() {
            doors.push(format!("{} {path}", method.to_uppercase()));
        }
    }
    doors.extend(plain().iter().map(|door| format!("{} {}", door.method, door.path)));
    doors
}

/// Everything that HTTP offers, ready to answer. What it is made of stays in this room.
#[derive(Clone)]
pub struct Doors {
    pub(super) router: Router,
    pub(super) app: Arc<App>,
}

/// Another method than an address takes. Which it does take is said in `Allow`, by the router;
/// whoever asks with `OPTIONS` asked for nothing else (RFC 9110, 9.3.7).
async fn no_method(method: Method) -> Response {
    match method {
        Method::OPTIONS => StatusCode::NO_CONTENT.into_response(),
        _ => Fault::NoMethod.into_response(),
    }
}

/// Everything.
#[must_use]
pub fn open(app: App) -> Doors {
    let app = Arc::new(app);
    let (rest, _) = api().split_for_parts();
    let mut pages = Router::new();
    for door in plain() {
        pages = pages.route(door.path, door.route);
    }
    let router = Router::new()
        .merge(rest)
        .merge(pages.layer(DefaultBodyLimit::max(BODY_LIMIT_BYTES)))
        .fallback(|| async { Fault::NoRoute })
        .method_not_allowed_fallback(no_method)
        .layer(middleware::from_fn_with_state(Arc::clone(&app), front::front))
        .with_state(Arc::clone(&app));
    Doors { router, app }
}
