//! The list of routes: everything that HTTP offers.

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, any, get, post};
use axum::{Router, middleware};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::app::{App, BODY_LIMIT_BYTES, SocketDoor};
use super::docs::Docs;
use super::document::{self, Document};
use super::health::{Health, SocketPulse};
use super::problem::Fault;
use super::shell::Shell;
use super::site::Site;
use super::{
    accounts, activity, assets, callable, channels, devices, direct, directory, docs, edits,
    exports, files, front, guests, health, hosting, invites, keeping, messages, order, pages,
    people, place, reactions, reports, search, sessions, socket_io, state, streams, threads,
    tokens, transcripts, uploads, wiping,
};
use crate::chat::Chat;
use crate::wire::state::Workspace;

/// The REST interface, with its document.
fn api() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(sessions::sign_in, sessions::sign_out))
        .routes(routes!(accounts::get_me))
        .routes(routes!(accounts::rename))
        .routes(routes!(accounts::set_settings))
        .routes(routes!(accounts::set_password))
        .routes(routes!(accounts::people))
        .routes(routes!(people::person))
        .routes(routes!(people::list_people))
        .routes(routes!(people::set_role))
        .routes(routes!(people::deactivate, people::bring_back))
        .routes(routes!(people::mute_person, people::unmute_person))
        .routes(routes!(wiping::written))
        .routes(routes!(wiping::remove_data))
        .routes(routes!(people::set_aside, people::read_again))
        .routes(routes!(exports::export))
        .routes(routes!(people::set_profile))
        .routes(routes!(people::set_picture, people::remove_picture))
        .routes(routes!(people::picture))
        .routes(routes!(streams::own_changes))
        .routes(routes!(streams::place_changes))
        .routes(routes!(sessions::sessions))
        .routes(routes!(sessions::end_session))
        .routes(routes!(devices::devices))
        .routes(routes!(devices::forget_device))
        .routes(routes!(tokens::tokens, tokens::create_token))
        .routes(routes!(tokens::revoke_token))
        .routes(routes!(channels::channels, channels::create_channel))
        .routes(routes!(channels::channel, hosting::change_channel, hosting::delete_channel))
        .routes(routes!(channels::join, channels::leave))
        .routes(routes!(channels::visit))
        .routes(routes!(channels::mark_read))
        .routes(routes!(channels::set_level))
        .routes(routes!(directory::directory))
        .routes(routes!(direct::open_direct))
        .routes(routes!(direct::hide_direct, direct::show_direct))
        .routes(routes!(channels::members, hosting::add_people))
        .routes(routes!(callable::callable))
        .routes(routes!(hosting::take_out))
        .routes(routes!(hosting::name_host, hosting::unname_host))
        .routes(routes!(hosting::mute_member, hosting::unmute_member))
        .routes(routes!(hosting::kept_out))
        .routes(routes!(hosting::keep_out, hosting::let_back_in))
        .routes(routes!(guests::channel_door))
        .routes(routes!(guests::end_visits_in))
        .routes(routes!(guests::end_visit_in))
        .routes(routes!(guests::end_visit))
        .routes(routes!(transcripts::make_transcript))
        .routes(routes!(order::removal, order::remove_message))
        .routes(routes!(order::report_message))
        .routes(routes!(order::reported_messages))
        .routes(routes!(order::leave_reported))
        .routes(routes!(order::log))
        .routes(routes!(uploads::uploaded, uploads::delete_upload))
        .routes(routes!(files::file))
        .routes(routes!(files::thumbnail))
        .routes(routes!(state::state))
        .routes(routes!(reports::report))
        .routes(routes!(place::place, place::set_place))
        .routes(routes!(place::waiting))
        .routes(routes!(place::let_in, place::refuse))
        .routes(routes!(place::door))
        .routes(routes!(place::make_sign_in_link, place::end_sign_in_link))
        .routes(routes!(people::free_name))
        .routes(routes!(invites::invites, invites::create_invite))
        .routes(routes!(invites::invite, invites::set_door, invites::end_invite))
        .routes(routes!(invites::qr_code))
        .routes(routes!(invites::project, invites::stop_projecting))
        .merge(conversation())
        .merge(at_hand())
        .layer(DefaultBodyLimit::max(BODY_LIMIT_BYTES))
        .merge(uploads())
}

/// What is done with messages.
fn conversation() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(messages::messages, messages::post_message, hosting::clear_channel))
        .routes(routes!(messages::delete_message, edits::edit_message))
        .routes(routes!(edits::versions))
        .routes(routes!(threads::thread))
        .routes(routes!(threads::mark_thread_read))
        .routes(routes!(threads::follow, threads::unfollow))
        .routes(routes!(threads::follows))
        .routes(routes!(threads::threads))
        .routes(routes!(reactions::reactors, reactions::react, reactions::take_back))
        .routes(routes!(messages::changes))
        .routes(routes!(messages::digest))
}

/// What people find messages again by: pins, what they saved, and what concerns them.
fn at_hand() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(keeping::pin, keeping::unpin))
        .routes(routes!(keeping::pins))
        .routes(routes!(keeping::save, keeping::unsave))
        .routes(routes!(keeping::saved))
        .routes(routes!(activity::activity))
        .routes(routes!(activity::new_calls))
        .routes(routes!(activity::see_activity))
        .routes(routes!(activity::see_call))
        .routes(routes!(search::search))
}

/// The routes that receive files: streamed, with limits of their own.
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
    // Plain data always encodes.
    document.to_pretty_json().unwrap_or_default()
}

/// A route that the document does not list: a page, a form, an asset.
struct Door {
    method: &'static str,
    path: &'static str,
    route: MethodRouter<Arc<App>>,
}

impl Door {
    /// Without the limit on the bytes of a form, because the handler has its own.
    fn taking_files(self) -> Self {
        Self { route: self.route.layer(DefaultBodyLimit::disable()), ..self }
    }
}

/// A route of one method, so that the list of [`doors`] names every method.
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

/// The pages, and everything else that is not in the REST interface.
fn plain() -> Vec<Door> {
    vec![
        door("GET", "/", pages::home::home),
        door("GET", "/login", pages::sign_in::login_page),
        door("POST", "/login", pages::sign_in::login),
        door("GET", "/first/{secret}", pages::door::first::first_page),
        door("POST", "/first/{secret}", pages::door::first::found),
        door("GET", "/join/{code}", pages::door::join::join_page),
        door("POST", "/join/{code}", pages::door::join::join),
        door("GET", "/code", pages::door::code::code_page),
        door("POST", "/code", pages::door::code::open_code),
        door("GET", "/waiting", pages::door::waiting::waiting_page),
        door("POST", "/waiting", pages::door::waiting::leave),
        door("GET", "/link/{secret}", pages::door::link::link_page),
        door("POST", "/link/{secret}", pages::door::link::use_link),
        door("GET", "/invites/{id}", pages::door::invite::invite_page),
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
        door("GET", "/channel/{name}/members", pages::members::members_page),
        door("POST", "/channel/{name}/members", pages::members::add_somebody),
        door("POST", "/channel/{name}/leave", pages::members::leave),
        door("POST", "/channel/{name}/invites", pages::guests::invite),
        door("POST", "/channel/{name}/waiting", pages::guests::answer),
        door("GET", "/channel/{name}/{number}", pages::channel::message_page),
        door("GET", "/c/{id}", pages::channel::channel_page),
        door("POST", "/c/{id}", pages::channel::post_message).taking_files(),
        door("GET", "/c/{id}/delete", pages::deleting::confirm_page),
        door("POST", "/c/{id}/delete", pages::deleting::delete_message),
        door("GET", "/c/{id}/members", pages::members::members_page),
        door("POST", "/c/{id}/members", pages::members::add_somebody),
        door("POST", "/c/{id}/leave", pages::members::leave),
        door("POST", "/c/{id}/invites", pages::guests::invite),
        door("POST", "/c/{id}/waiting", pages::guests::answer),
        door("GET", "/c/{id}/{number}", pages::channel::message_page),
        door("POST", "/direct", pages::direct::open),
        door("GET", "/settings", pages::settings::settings_page),
        door("POST", "/settings", pages::settings::rename),
        door("GET", "/saved", pages::saved::saved_page),
        door("GET", "/activity", pages::activity::activity_page),
        door("GET", "/threads", pages::threads::threads_page),
        door("GET", "/search", pages::search::search_page),
        door("GET", "/people", pages::people::people_page),
        door("GET", "/people/{tab}", pages::people::people_page),
        door("GET", "/api/openapi.json", docs::openapi_json),
        door("GET", "/api/docs", docs::page),
        door("GET", "/healthz", health::healthz),
        door("GET", "/plain.css", assets::plain_css),
        door("GET", "/favicon.svg", assets::favicon),
        door("GET", "/assets/{*path}", assets::hashed),
        door("ANY", "/socket.io/", socket_io::socket),
        door("ANY", "/socket.io", socket_io::socket),
    ]
}

/// Every route, as `METHOD /path/{with}/{variables}`: those of the document and the others.
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

/// The HTTP side, ready to answer. Its parts stay in this room.
#[derive(Clone)]
pub struct Doors {
    pub(super) router: Router,
    pub(super) app: Arc<App>,
}

/// Answers a method that the address does not accept. The router sets `Allow`, and `OPTIONS` asks
/// for nothing else (RFC 9110, 9.3.7).
async fn no_method(method: Method) -> Response {
    match method {
        Method::OPTIONS => StatusCode::NO_CONTENT.into_response(),
        _ => Fault::NoMethod.into_response(),
    }
}

/// Makes the HTTP side from the use cases and the settings.
#[must_use]
pub fn open(
    chat: Arc<Chat>,
    site: Site,
    workspace: Workspace,
    socket: SocketDoor,
    pulse: SocketPulse,
) -> Doors {
    let (rest, _) = api().split_for_parts();
    let shell = Shell::load();
    let app = Arc::new(App {
        health: Health::new(Arc::clone(&chat), pulse),
        chat,
        site,
        workspace,
        socket,
        bodies: Arc::default(),
        policy: shell.policy(),
        styles: shell.styles.clone(),
        shell,
        docs: Docs::of(openapi()),
    });
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
