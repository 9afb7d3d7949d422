//! An address to give out: as text, and as a QR code.

use std::sync::Arc;

use askama::Template as _;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use super::views::InviteView;
use super::{Chosen, answer, frame};
use crate::http::app::App;
use crate::http::extract::{PathPart, Query, Visit};
use crate::http::pages::address::to_login;
use crate::http::pages::base::plain_time;
use crate::http::problem::Fault;
use crate::http::{invites, qr};
use crate::model::permissions::PlaceAction;
use crate::model::refusal::{Noun, Refusal};
use crate::wire::time::rfc3339;
use crate::words::{DoorText, door_words};

/// `GET /invites/{id}`, and `GET /invites/address` for the address of the place itself.
pub(in crate::http) async fn invite_page(
    State(app): State<Arc<App>>,
    visit: Visit,
    PathPart(id): PathPart<String>,
    Query(chosen): Query<Chosen>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let Some(actor) = &visit.actor else {
        return Ok(to_login(&app, &headers, &format!("/invites/{id}")));
    };
    if let Some(again) = chosen.answer(&format!("/invites/{id}")) {
        return Ok(again);
    }
    let language = visit.language();
    let (address, ends) = if id == "address" {
        actor.check(PlaceAction::Invite)?;
        (app.site.base(&headers), DoorText::Ends { at: None, left: None }.text(language))
    } else {
        let id = id.parse().map_err(|_| Refusal::NotFound(Noun::Invite))?;
        let (invite, _) = app.chat.invite(actor, id).await?;
        let end = invite.grant.expires_at.map(|end| plain_time(&rfc3339(end)));
        let left = invite.grant.max_uses.map(|most| (most - invite.uses).max(0));
        let ends = DoorText::Ends { at: end.as_deref(), left }.text(language);
        (invites::address(&app, &headers, &invite), ends)
    };
    let place = app.place_name();
    let heading = DoorText::IsOpen { place: &place }.text(language);
    let view = InviteView {
        frame: frame(&app, language, heading.clone()),
        heading: &heading,
        text: door_words(language).first_bring,
        qr: &qr::svg(&address),
        address: &address,
        ends: &ends,
        is_https: app.site.is_secure(&headers),
    };
    answer(&app, &headers, view.render())
}
