//! People and place: the page of owners and moderators, which needs script.

use std::sync::Arc;

use askama::Template as _;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;

use super::address::to_login;
use super::base::PageBase;
use super::views::NoticePage;
use crate::http::app::App;
use crate::http::extract::Visit;
use crate::http::problem::Fault;
use crate::model::permissions::PlaceAction;
use crate::wire::state::Page;
use crate::words::words;

/// `GET /people`, and one of its parts.
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
