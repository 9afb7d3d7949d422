//! Handing requests to the Socket.IO server.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::app::App;
use crate::chat::Visitor;
use crate::model::addresses::block;

/// Hands a request to the Socket.IO server.
pub(super) async fn socket(State(app): State<Arc<App>>, request: Request) -> Response {
    let address = request.extensions().get::<Visitor>().map(|visitor| visitor.address);
    match address {
        // Sockets are counted by the same rule as everything else that is counted per address.
        Some(address) => (app.socket)(request, block(address)).await.into_response(),
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
