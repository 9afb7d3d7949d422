//! The end of a guest's visit: what their browser gets instead of the sign-in page.

use askama::Template as _;
use axum::http::HeaderMap;
use axum::response::Response;

use super::views::EndedView;
use super::{answer, frame};
use crate::chat::EndedVisit;
use crate::http::app::App;
use crate::http::extract::Visit;
use crate::http::pages::base::plain_time;
use crate::http::problem::Fault;
use crate::wire::time::rfc3339;
use crate::words::{DoorText, door_words};

/// The page. `other` is the address of the sign-in page for another name.
pub(in crate::http::pages) fn ended_page(
    app: &App,
    visit: &Visit,
    headers: &HeaderMap,
    ended: &EndedVisit,
    other: &str,
) -> Result<Response, Fault> {
    let language = visit.language();
    let EndedVisit { name, ended_at } = ended;
    let at = plain_time(&rfc3339(*ended_at));
    // To the minute, as the sidebar showed it.
    let at = at.get(..16).unwrap_or(&at);
    let view = EndedView {
        frame: frame(app, language, door_words(language).visit_ended.to_owned()),
        text: &DoorText::VisitEnded { at }.text(language),
        hint: &DoorText::ComeBackAs { name }.text(language),
        other,
    };
    answer(app, headers, view.render())
}
