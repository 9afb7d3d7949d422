//! The OpenAPI document: its frame, and what all operations have in common.

use serde_json::Value;
use utoipa::OpenApi;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::response::Response;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{Components, RefOr};

use super::cookies::Kind;
use crate::wire;

/// The parts of the document that are not generated from the handlers.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Chinwag",
        // The version of the interface: the server's own version is not shown to strangers.
        version = "1",
        description = "Commands go over HTTP, events over Socket.IO (path /socket.io/, namespace \
        /app).\n\nA program signs in with a bot token: `Authorization: Bearer <token>` here, and \
        `auth: {token}` when it connects to the socket. A browser has its session cookie; requests \
        that change something are only taken from pages of this server.\n\nErrors are problem \
        details (RFC 9457) with a stable `code`. Times are RFC 3339 in UTC with milliseconds.\n\n\
        To send exactly once, make a UUID for each message and send it as `key` or as the header \
        `Idempotency-Key`; after a broken connection send the same again. \
        What waits in a browser goes out with the cookie that it has by then: a request with the header \
        `Chinwag-Sender: <person> <instance> <epoch>` is refused (`other_sender`, `other_instance`) when \
        that is not so any more.\n\nTo miss nothing, \
        remember the revision of each stream: each channel's, your own (memberships, read marks, \
        settings: `GET /api/me/changes`) and the place's (people, the directory of channels: \
        `GET /api/place/changes`). An event covers the revisions after its `since` up to its \
        `revision`: apply it when you have `since` or more, skip it when you have `revision`. \
        A client that has less than `since`, or hears of more in a `heads` event, asks for the \
        changes since the revision that it has. Another `epoch` than before means that the server's data was \
        replaced or restored: load everything anew."
    ),
    // Handlers name the other shapes; this one brings all events along.
    components(schemas(wire::events::Events, wire::events::ClientEvents))
)]
pub(super) struct Document;

/// The media type of an error.
const PROBLEM: &str = "application/problem+json";
/// The two ways to sign a request.
const SESSION: &str = "session";
const BEARER: &str = "bearer";
/// Operations that need neither.
const OPEN: [&str; 3] = ["sign_in", "state", "door"];
/// Operations for the owner's browser only: a bot token is refused.
const IN_PERSON: [&str; 16] = [
    "sign_out",
    "sessions",
    "end_session",
    "devices",
    "forget_device",
    "set_password",
    "tokens",
    "create_token",
    "revoke_token",
    "set_role",
    "deactivate",
    "bring_back",
    "end_visit",
    "set_place",
    "create_invite",
    "make_sign_in_link",
];

/// Adds what the handlers do not say themselves: who may ask, and what each answer means.
pub(super) fn complete(document: &mut utoipa::openapi::OpenApi) {
    let components = document.components.get_or_insert_with(Components::new);
    for (name, scheme) in schemes() {
        components.add_security_scheme(name, scheme);
    }
    // Plain data always encodes.
    let schemas = serde_json::to_value(&components.schemas).unwrap_or_default();
    document.security = Some(vec![asks_by(SESSION), asks_by(BEARER)]);
    for operation in document.paths.paths.values_mut().flat_map(operations) {
        let id = operation.operation_id.as_deref().unwrap_or_default();
        if OPEN.contains(&id) {
            let anybody = SecurityRequirement::default();
            operation.security = Some(vec![anybody, asks_by(SESSION), asks_by(BEARER)]);
        } else if IN_PERSON.contains(&id) {
            operation.security = Some(vec![asks_by(SESSION)]);
        }
        for (status, response) in &mut operation.responses.responses {
            if let RefOr::T(response) = response {
                describe(response, status, &schemas);
            }
        }
    }
}

fn schemes() -> [(&'static str, SecurityScheme); 2] {
    let cookie = ApiKeyValue::with_description(
        Kind::Session.base(),
        "The session cookie of a signed-in browser; signing in sets it, under this name and the \
         first digits of the installation's id behind it (`chinwag_session_…`), over https with \
         `__Host-` before it.",
    );
    let mut token = Http::new(HttpAuthScheme::Bearer);
    token.description = Some("A bot token; a person makes it in the settings.".to_owned());
    [
        (SESSION, SecurityScheme::ApiKey(ApiKey::Cookie(cookie))),
        (BEARER, SecurityScheme::Http(token)),
    ]
}

fn asks_by(scheme: &str) -> SecurityRequirement {
    SecurityRequirement::new::<_, [&str; 0], _>(scheme, [])
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [
        &mut item.get,
        &mut item.put,
        &mut item.post,
        &mut item.delete,
        &mut item.options,
        &mut item.head,
        &mut item.patch,
    ]
    .into_iter()
    .flatten()
}

/// Describes an answer whose handler does not: by its shape, else by its status.
fn describe(response: &mut Response, status: &str, schemas: &Value) {
    if status == "default" {
        let content = std::mem::take(&mut response.content);
        response.content = content.into_values().map(|shape| (PROBLEM.to_owned(), shape)).collect();
    }
    if !response.description.is_empty() {
        return;
    }
    let shape = response.content.values().next();
    let shape = shape.and_then(|shape| serde_json::to_value(shape).ok()).unwrap_or_default();
    let name = shape["schema"]["$ref"].as_str().and_then(|path| path.rsplit('/').next());
    let about = name.and_then(|name| schemas[name]["description"].as_str());
    let meaning = match (status, about) {
        ("default", _) => "It was not done; the problem says why.",
        (_, Some(about)) => about,
        ("204", None) => "It is done.",
        ("206", None) => "The part of the bytes that was asked for.",
        ("304", None) => "It has not changed since.",
        ("201", None) => "It is made.",
        _ => "What was asked for.",
    };
    meaning.clone_into(&mut response.description);
}
