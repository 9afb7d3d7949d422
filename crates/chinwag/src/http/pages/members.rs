//! Who is in a channel, and what a member does about it: adding somebody and leaving. The app shows the same
//! in its pane; this page is for browsers without script, and the app never replaces it.

use std::sync::Arc;

use askama::Template as _;
use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::HeaderMap;
use axum::response::Response;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::address::{bad_form, href_at, path_at, to_login};
use super::at::At;
use super::base::{PageBase, answered, refused};
use super::guests;
use super::members_view::{MemberRow, MembersView};
use super::names::{name_of, name_of_person};
use crate::chat::{self, Actor, ChannelAddress};
use crate::http::app::App;
use crate::http::extract::{Query, Visit};
use crate::http::problem::Fault;
use crate::model::channels::{ChannelKind, ChannelView, MembersPage};
use crate::model::ids::UserId;
use crate::model::permissions::Action;
use crate::model::roles::Role;
use crate::model::users::Language;
use crate::wire::state::Page;
use crate::words::{FlashText, members_words, words};

/// How many members one page shows.
const SHOWN: usize = 100;

/// Which members to show.
#[derive(Deserialize)]
pub(in crate::http) struct Part {
    /// Letters of their names.
    #[serde(default)]
    find: String,
    /// The last one of the page before.
    after: Option<i64>,
}

/// `GET /channel/<name>/members`, `GET /c/<id>/members`
pub(in crate::http) async fn members_page(
    State(app): State<Arc<App>>,
    visit: Visit,
    At(address): At,
    Query(part): Query<Part>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let path = path_at(&address);
    let Some(actor) = &visit.actor else {
        return Ok(to_login(&app, &headers, &format!("{path}/members")));
    };
    let (app, visit, headers) = (&*app, &visit, &headers);
    let read = async {
        let view = app.chat.channel_at(actor, &address).await?;
        let (id, after) = (view.channel.id, part.after.map(UserId));
        let page = app.chat.members(actor, id, &part.find, after, SHOWN).await?;
        chat::Result::Ok((view, page))
    };
    match read.await {
        Ok((view, page)) => show(app, visit, headers, (actor, &path), &part, &view, page).await,
        Err(error @ chat::Error::Refused(_)) => {
            refused(app, visit, headers, error, Some(&href_at(&address))).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn show(
    app: &App,
    visit: &Visit,
    headers: &HeaderMap,
    (actor, path): (&Actor, &str),
    part: &Part,
    view: &ChannelView,
    page: MembersPage,
) -> Result<Response, Fault> {
    let base = PageBase::new(app, visit, headers, Some(actor), Page::Channels).await?;
    let language = visit.language();
    let named = called(actor, view, language);
    let frame = base.plain_frame(app, format!("{} · {named}", words(language).members));
    let next = page.members.last().filter(|_| !page.complete).map(|last| {
        let find = utf8_percent_encode(&part.find, NON_ALPHANUMERIC);
        format!("{path}/members?find={find}&after={}", last.user.id)
    });
    let is_long = next.is_some() || part.after.is_some() || !part.find.is_empty();
    let members = page.members.into_iter().map(|member| MemberRow {
        name: name_of_person(&member.user.name, language),
        me: member.user.id == actor.id(),
        host: member.host,
        guest: member.role == Role::Guest,
    });
    let kind = view.channel.state.kind;
    let words = members_words(language);
    let may = |action| app.chat.refuses(actor, view, action).is_none();
    let may_add = kind != ChannelKind::Direct && may(Action::AddPeople);
    let view = MembersView {
        frame,
        words,
        name: &named,
        href: path,
        path,
        members: members.collect(),
        total: page.total,
        letters: is_long.then_some(part.find.as_str()),
        next,
        adds: may_add.then(|| if kind == ChannelKind::Private { words.add_hint } else { "" }),
        door: guests::door(app, actor, view, language).await?,
        leaves: view.membership.is_some() && may(Action::Leave),
        hides: may(Action::Hide) && kind == ChannelKind::Direct,
    };
    base.answer(headers, view.render())
}

/// What the actor calls a channel.
fn called(actor: &Actor, view: &ChannelView, language: Language) -> String {
    let named = name_of(&(&view.channel).into(), actor.id().0, language);
    if view.channel.state.kind == ChannelKind::Direct { named } else { format!("#{named}") }
}

/// The form that adds somebody.
#[derive(Deserialize)]
pub(in crate::http) struct Added {
    name: String,
}

/// `POST /channel/<name>/members`, `POST /c/<id>/members`
pub(in crate::http) async fn add_somebody(
    State(app): State<Arc<App>>,
    visit: Visit,
    At(address): At,
    headers: HeaderMap,
    form: Result<Form<Added>, FormRejection>,
) -> Result<Response, Fault> {
    let page = format!("{}/members", path_at(&address));
    let Some(actor) = &visit.actor else { return Ok(to_login(&app, &headers, &page)) };
    let Form(form) = form.map_err(bad_form)?;
    let added = async {
        let channel = app.chat.channel_at(actor, &address).await?.channel.id;
        let person = app.chat.person_named(actor, &form.name).await?;
        app.chat.add_people(actor, channel, vec![person.id]).await?;
        chat::Result::Ok(FlashText::Added(person.name))
    };
    answered(&app, &visit, &headers, &page, added.await.map(Some)).await
}

/// `POST /channel/<name>/leave`, `POST /c/<id>/leave`: leaves a channel, hides a direct conversation.
pub(in crate::http) async fn leave(
    State(app): State<Arc<App>>,
    visit: Visit,
    At(address): At,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let href = href_at(&address);
    let Some(actor) = &visit.actor else { return Ok(to_login(&app, &headers, &href)) };
    let left = leave_it(&app, actor, &address, visit.language()).await;
    match left {
        Ok(told) => answered(&app, &visit, &headers, "/channels", Ok(told)).await,
        Err(error) => answered(&app, &visit, &headers, &href, Err(error)).await,
    }
}

async fn leave_it(
    app: &App,
    actor: &Actor,
    address: &ChannelAddress,
    language: Language,
) -> chat::Result<Option<FlashText>> {
    let view = app.chat.channel_at(actor, address).await?;
    let id = view.channel.id;
    if view.channel.state.kind == ChannelKind::Direct {
        app.chat.hide_direct(actor, id, true).await?;
        return Ok(None);
    }
    app.chat.leave(actor, id).await?;
    Ok(Some(FlashText::Left(called(actor, &view, language))))
}
