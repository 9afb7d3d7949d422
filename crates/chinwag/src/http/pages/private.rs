//! The pages of channels that are not public: their addresses say the id, which nobody can guess, and not
//! the name.

use std::sync::Arc;

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;

use super::channel::{post_to, show_channel};
use super::deleting::{Which, ask, delete};
use crate::chat::ChannelAddress;
use crate::http::app::App;
use crate::http::extract::{PathPart, Query, Visit};
use crate::http::problem::Fault;
use crate::model::ids::{ChannelId, Number};

/// The address of an id as it stands in a path; what is no number is the id of no channel.
fn of_id(id: &str) -> ChannelAddress {
    ChannelAddress::Id(ChannelId(id.parse().unwrap_or(0)))
}

/// `GET /c/<id>`
pub(in crate::http) async fn channel_page(
    State(app): State<Arc<App>>,
    visit: Visit,
    PathPart(id): PathPart<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    show_channel(&app, &visit, &headers, &uri, of_id(&id), None).await
}

/// `GET /c/<id>/<number>`
pub(in crate::http) async fn message_page(
    State(app): State<Arc<App>>,
    visit: Visit,
    PathPart((id, number)): PathPart<(String, i64)>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    show_channel(&app, &visit, &headers, &uri, of_id(&id), Some(Number(number))).await
}

/// `POST /c/<id>`
pub(in crate::http) async fn post_message(
    State(app): State<Arc<App>>,
    visit: Visit,
    PathPart(id): PathPart<String>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Fault> {
    post_to(&app, &visit, &headers, &of_id(&id), request).await
}

/// `GET /c/<id>/delete?id=<number>`: the question.
pub(in crate::http) async fn confirm_page(
    State(app): State<Arc<App>>,
    visit: Visit,
    PathPart(id): PathPart<String>,
    Query(which): Query<Which>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    ask(&app, &visit, &headers, &of_id(&id), &which).await
}

/// `POST /c/<id>/delete`
pub(in crate::http) async fn delete_message(
    State(app): State<Arc<App>>,
    visit: Visit,
    PathPart(id): PathPart<String>,
    headers: HeaderMap,
    form: Result<Form<Which>, FormRejection>,
) -> Result<Response, Fault> {
    delete(&app, &visit, &headers, &of_id(&id), form).await
}
