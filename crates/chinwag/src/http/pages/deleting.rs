//! Deleting a message by form: a page asks first, a second press deletes.

use std::sync::Arc;

use askama::Template as _;
use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use super::address::{bad_form, href_at, path_at, redirect, to_login};
use super::at::At;
use super::base::{PageBase, refused};
use super::views::ConfirmPage;
use crate::chat::{self, Actor, ChannelAddress};
use crate::http::app::App;
use crate::http::extract::{Query, Visit};
use crate::http::problem::Fault;
use crate::model::ids::Number;
use crate::model::messages::{Message, PageAt};
use crate::model::refusal::{Noun, Refusal};
use crate::wire::state::Page;
use crate::words::words;

/// How many characters of a message the question shows.
const EXCERPT: usize = 300;

/// Which message to delete.
#[derive(Deserialize)]
pub(in crate::http) struct Which {
    id: i64,
}

/// `GET /channel/<name>/delete?id=<number>`, `GET /c/<id>/delete?id=<number>`: the question.
pub(in crate::http) async fn confirm_page(
    State(app): State<Arc<App>>,
    visit: Visit,
    At(address): At,
    Query(which): Query<Which>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let (app, visit, headers, address) = (&*app, &visit, &headers, &address);
    let href = href_at(address);
    let Some(actor) = &visit.actor else { return Ok(to_login(app, headers, &href)) };
    let message = match own_message(app, actor, address, Number(which.id)).await {
        Ok(message) => message,
        Err(error @ chat::Error::Refused(_)) => {
            return refused(app, visit, headers, error, Some(&href)).await;
        }
        Err(error) => return Err(error.into()),
    };
    let base = PageBase::new(app, visit, headers, Some(actor), Page::Channels).await?;
    let words = words(visit.language());
    let frame = base.frame(app, words.delete_title.to_owned());
    let text: String = message.text.chars().take(EXCERPT).collect();
    let files = message.attachments.iter().map(|file| file.name.as_str()).collect();
    let path = path_at(address);
    let page = ConfirmPage { frame, href: &path, number: which.id, text: &text, files };
    base.answer(headers, page.render())
}

/// The message, if the actor may delete it.
async fn own_message(
    app: &App,
    actor: &Actor,
    address: &ChannelAddress,
    number: Number,
) -> chat::Result<Message> {
    let channel = app.chat.channel_at(actor, address).await?.channel.id;
    let before = PageAt::Before(Number(number.0.saturating_add(1)));
    let page = app.chat.messages(actor, channel, before, 1).await?;
    let message = page.messages.into_iter().find(|message| message.number == number);
    let message = message.filter(|message| message.deleted_at.is_none());
    let message = message.ok_or(Refusal::NotFound(Noun::Message))?;
    if message.author.id == actor.id() { Ok(message) } else { Err(Refusal::Forbidden.into()) }
}

/// `POST /channel/<name>/delete`, `POST /c/<id>/delete`
pub(in crate::http) async fn delete_message(
    State(app): State<Arc<App>>,
    visit: Visit,
    At(address): At,
    headers: HeaderMap,
    form: Result<Form<Which>, FormRejection>,
) -> Result<Response, Fault> {
    let (app, visit, headers, address) = (&*app, &visit, &headers, &address);
    let href = href_at(address);
    let Some(actor) = &visit.actor else { return Ok(to_login(app, headers, &href)) };
    let Form(form) = form.map_err(bad_form)?;
    let deleted = async {
        let channel = app.chat.channel_at(actor, address).await?.channel.id;
        app.chat.delete_message(actor, channel, Number(form.id)).await
    };
    match deleted.await {
        Ok(_) => Ok(redirect(&href)),
        Err(error @ chat::Error::Refused(_)) => {
            refused(app, visit, headers, error, Some(&href)).await
        }
        Err(error) => Err(error.into()),
    }
}
