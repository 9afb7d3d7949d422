//! The directory of public channels.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::app::App;
use super::extract::Query;
use super::problem::Fault;
use crate::chat::Actor;
use crate::model::directory::{DirectoryQuery as Wanted, MAX_LISTED};
use crate::wire::directory::{DirectoryOrder, DirectoryPage};
use crate::wire::problem::Problem;

/// Which part of the directory to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct DirectoryQuery {
    /// Only channels with these letters in their name or topic, or whose name they begin, as it is written or as it
    /// is read in Pinyin; at most 250; all when it is left out.
    #[serde(default)]
    letters: String,
    /// The order; by name when it is left out.
    #[serde(default)]
    #[param(inline)]
    order: DirectoryOrder,
    /// Only what comes after this: `next` of the page before, with the same letters and order.
    after: Option<String>,
    /// At most this many, 1–100.
    #[serde(default = "most")]
    limit: usize,
}

fn most() -> usize {
    MAX_LISTED
}

/// The public channels, a page at a time
#[utoipa::path(get, path = "/api/directory", tag = "channels", params(DirectoryQuery),
    responses((status = 200, body = DirectoryPage), (status = "default", body = Problem)))]
pub(super) async fn directory(
    State(app): State<Arc<App>>,
    actor: Actor,
    Query(query): Query<DirectoryQuery>,
) -> Result<Json<DirectoryPage>, Fault> {
    let DirectoryQuery { letters, order, after, limit } = query;
    let wanted = Wanted { letters, order: order.into(), after, limit };
    Ok(Json(app.chat.directory(&actor, wanted).await?.into()))
}
