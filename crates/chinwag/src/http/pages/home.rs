//! The first page, and the settings.

use std::sync::Arc;

use askama::Template as _;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;

use super::address::{channel_href, redirect, to_login};
use super::base::PageBase;
use super::views::NoticePage;
use crate::chat;
use crate::http::app::App;
use crate::http::extract::Visit;
use crate::http::problem::Fault;
use crate::model::permissions::PlaceAction;
use crate::wire::state::Page;
use crate::words::words;

/// `GET /`: redirects to the channel that was visited last.
pub(in crate::http) async fn home(
    State(app): State<Arc<App>>,
    visit: Visit,
) -> Result<Response, Fault> {
    let Some(actor) = visit.actor else { return Ok(redirect("/login")) };
    let Some(last) = actor.account.last_channel else { return Ok(redirect("/channels")) };
    match app.chat.channel(&actor, last).await {
        Ok(view) => Ok(redirect(&channel_href(&view.channel.name))),
        Err(chat::Error::Refused(_)) => Ok(redirect("/channels")),
        Err(error) => Err(error.into()),
    }
}

/// `GET /settings`
pub(in crate::http) async fn settings_page(
    State(app): State<Arc<App>>,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let Some(actor) = &visit.actor else { return Ok(to_login(&app, &headers, "/settings")) };
    let base = PageBase::new(&app, &visit, &headers, Some(actor), Page::Settings).await?;
    let words = words(visit.language());
    let frame = base.frame(&app, words.settings.to_owned());
    let page = NoticePage {
        frame,
        heading: words.settings,
        text: words.settings_text,
        back: ("/channels", words.back),
    };
    base.answer(&headers, page.render())
}

/// `GET /people`, and one of its parts: for owners and moderators.
pub(in crate::http) async fn people_page(
    State(app): State<Arc<App>>,
    visit: Visit,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let Some(actor) = &visit.actor else { return Ok(to_login(&app, &headers, uri.path())) };
    actor.check(PlaceAction::SeePeople)?;
    let base = PageBase::new(&app, &visit, &headers, Some(actor), Page::People).await?;
    let words = words(visit.language());
    let frame = base.frame(&app, words.people.to_owned());
    let page = NoticePage {
        frame,
        heading: words.people,
        text: words.people_text,
        back: ("/channels", words.back),
    };
    base.answer(&headers, page.render())
}
