//! The first page.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use super::address::{href_of, redirect};
use crate::chat;
use crate::http::app::App;
use crate::http::extract::Visit;
use crate::http::problem::Fault;

/// `GET /`: redirects to the channel that was visited last.
pub(in crate::http) async fn home(
    State(app): State<Arc<App>>,
    visit: Visit,
) -> Result<Response, Fault> {
    let Some(actor) = visit.actor else { return Ok(redirect("/login")) };
    let Some(last) = actor.account.last_channel else { return Ok(redirect("/channels")) };
    match app.chat.channel(&actor, last).await {
        Ok(view) => Ok(redirect(&href_of(&view.channel))),
        Err(chat::Error::Refused(_)) => Ok(redirect("/channels")),
        Err(error) => Err(error.into()),
    }
}
