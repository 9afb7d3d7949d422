//! How guests come into a channel, on the page of its members, for whoever keeps its door: invites, and who
//! waits.

use std::sync::Arc;

use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use super::address::{bad_form, path_at, redirect, to_login};
use super::at::At;
use super::base::answered;
use super::members_view::{DoorRows, InviteRow};
use crate::chat::{self, Actor, InviteDraft};
use crate::http::app::App;
use crate::http::extract::Visit;
use crate::http::problem::Fault;
use crate::model::channels::{ChannelKind, ChannelView};
use crate::model::invites::Door;
use crate::model::permissions::Action;
use crate::model::refusal::Refusal;
use crate::model::roles::Role;
use crate::model::users::Language;
use crate::words::came_by;

const MINUTE_MS: i64 = 60_000;

/// The door of a channel; `None` for whoever does not keep it.
///
/// # Errors
/// When the store cannot be read.
pub(super) async fn door(
    app: &App,
    actor: &Actor,
    view: &ChannelView,
    language: Language,
) -> chat::Result<Option<DoorRows>> {
    let keeps = app.chat.refuses(actor, view, Action::KeepDoor).is_none()
        && view.channel.state.kind != ChannelKind::Direct;
    if !keeps {
        return Ok(None);
    }
    let door = match app.chat.channel_door(actor, view.channel.id).await {
        Ok(door) => door,
        // They were the host a moment ago.
        Err(chat::Error::Refused(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let invites = door.invites.into_iter().map(|invite| InviteRow {
        id: invite.id,
        label: invite.grant.label,
        came: came_by(language, invite.uses),
    });
    Ok(Some(DoorRows { invites: invites.collect(), waiting: door.waiting }))
}

/// The form that makes an invite, or ends one.
#[derive(Deserialize)]
pub(in crate::http) struct InviteForm {
    /// What it is for.
    #[serde(default)]
    label: String,
    /// For how many minutes a guest stays; empty for as long as the host lets them.
    #[serde(default)]
    minutes: String,
    /// The invite to end.
    end: Option<i64>,
}

/// `POST /channel/<name>/invites`, `POST /c/<id>/invites`
pub(in crate::http) async fn invite(
    State(app): State<Arc<App>>,
    visit: Visit,
    At(address): At,
    headers: HeaderMap,
    form: Result<Form<InviteForm>, FormRejection>,
) -> Result<Response, Fault> {
    let page = format!("{}/members", path_at(&address));
    let Some(actor) = &visit.actor else { return Ok(to_login(&app, &headers, &page)) };
    let Form(form) = form.map_err(bad_form)?;
    let done = async {
        if let Some(id) = form.end {
            app.chat.end_invite(actor, id).await?;
            return Ok(None);
        }
        let minutes = form.minutes.trim();
        let minutes: Option<i64> = (!minutes.is_empty())
            .then(|| minutes.parse().map_err(|_| Refusal::Malformed { field: "minutes" }))
            .transpose()?;
        let channel = app.chat.channel_at(actor, &address).await?.channel.id;
        let draft = InviteDraft {
            label: form.label,
            role: Role::Guest,
            channels: vec![channel],
            door: Door::Open,
            lives_ms: None,
            max_uses: None,
            visit_ms: minutes.map(|minutes| minutes.saturating_mul(MINUTE_MS)),
            visit_ends_at: None,
        };
        app.chat.create_invite(actor, draft).await.map(|invite| Some(invite.id))
    };
    match done.await {
        Ok(Some(id)) => Ok(redirect(&format!("/invites/{id}"))),
        Ok(None) => Ok(redirect(&page)),
        Err(error) => answered(&app, &visit, &headers, &page, Err(error)).await,
    }
}

/// The form that lets a name in which waits, or refuses it.
#[derive(Deserialize)]
pub(in crate::http) struct Answer {
    id: i64,
    then: Then,
}

/// What to do with the name.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Then {
    In,
    Out,
}

/// `POST /channel/<name>/waiting`, `POST /c/<id>/waiting`
pub(in crate::http) async fn answer(
    State(app): State<Arc<App>>,
    visit: Visit,
    At(address): At,
    headers: HeaderMap,
    form: Result<Form<Answer>, FormRejection>,
) -> Result<Response, Fault> {
    let page = format!("{}/members", path_at(&address));
    let Some(actor) = &visit.actor else { return Ok(to_login(&app, &headers, &page)) };
    let Form(form) = form.map_err(bad_form)?;
    let done = async {
        app.chat.channel_at(actor, &address).await?;
        match form.then {
            Then::In => app.chat.let_in(actor, form.id).await,
            Then::Out => app.chat.refuse(actor, form.id).await,
        }
    };
    answered(&app, &visit, &headers, &page, done.await.map(|()| None)).await
}
