//! The pages of the origin, at the addresses of the origin: plain HTML with plain forms.
//!
//! They work without script; where script runs, the web app starts from the state that the same
//! page carries and takes its place.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::{Form, http};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::extract::{Asked, Guest, In};
use super::page_views::{
    ChannelRow, ChannelView, ChannelsPage, Frame, MessageRow, NoticePage, SignInPage,
};
use super::problem::{Fault, explanation};
use super::router::App;
use super::sessions::{clear_cookie, request, set_cookies};
use super::{cookies, flash, origin, state};
use crate::chat::{self, Actor, ChannelPage, Draft};
use crate::model::channels::ChannelView as ViewOfChannel;
use crate::model::ids::{MessageKey, Number};
use crate::model::messages::Message;
use crate::model::names::NameProblem;
use crate::model::refusal::{Noun, Refusal};
use crate::secrets;
use crate::wire::state::{Flash, Page, State as AppState};
use crate::wire::time::rfc3339;
use crate::wire::users::Theme;
use crate::words::{FlashText, words};

/// What stays as it is in one segment of a path (RFC 3986, 3.3: unreserved).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The address of a channel.
fn channel_href(name: &str) -> String {
    // A segment of only dots would be taken for a step up or for nothing.
    let encoded = utf8_percent_encode(name, SEGMENT).to_string();
    let encoded = if encoded.bytes().all(|byte| byte == b'.') {
        encoded.replace('.', "%2E")
    } else {
        encoded
    };
    format!("/channel/{encoded}")
}

/// `GET /`: to where she was.
pub(super) async fn home(State(app): State<Arc<App>>, guest: Guest) -> Result<Response, Fault> {
    let Some(actor) = guest.actor else { return Ok(redirect("/login")) };
    let Some(last) = actor.account.last_channel else { return Ok(redirect("/channels")) };
    match app.chat.channel(&actor, last).await {
        Ok(view) => Ok(redirect(&channel_href(&view.channel.name))),
        Err(chat::Error::Refused(_)) => Ok(redirect("/channels")),
        Err(error) => Err(error.into()),
    }
}

/// Where to go after signing in.
#[derive(Deserialize)]
pub(super) struct NextQuery {
    next: Option<String>,
}

/// `GET /login`
pub(super) async fn login_page(
    State(app): State<Arc<App>>,
    guest: Guest,
    Asked(query): Asked<NextQuery>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    if guest.actor.is_some() {
        return Ok(redirect("/"));
    }
    let next = query.next.as_deref().and_then(own_path);
    sign_in_page(&app, &guest, &headers, SignInForm { next, ..SignInForm::default() }).await
}

/// The origin's form, and a password where one is needed.
#[derive(Deserialize)]
pub(super) struct LoginForm {
    #[serde(rename = "displayName", default)]
    display_name: String,
    password: Option<String>,
    next: Option<String>,
}

/// `POST /login`
pub(super) async fn login(
    State(app): State<Arc<App>>,
    guest: Guest,
    headers: HeaderMap,
    form: Result<Form<LoginForm>, FormRejection>,
) -> Result<Response, Fault> {
    let Form(form) = form.map_err(bad_form)?;
    let next = form.next.as_deref().and_then(own_path);
    let wanted = request(&guest.visitor, &headers, form.display_name.clone(), form.password);
    match app.chat.sign_in(wanted).await {
        Ok(signed_in) => {
            let mut response = redirect(next.unwrap_or("/"));
            set_cookies(&app, &signed_in, &headers, response.headers_mut());
            if signed_in.created {
                let created = FlashText::NameCreated(signed_in.actor.account.user.name.clone());
                flash::add(response.headers_mut(), &created, app.site.is_secure(&headers));
            }
            Ok(response)
        }
        Err(error @ chat::Error::Refused(_)) => {
            let told = explanation(&Fault::Chat(error), guest.language());
            let shown = SignInForm { name: &form.display_name, next, error: Some(&told.detail) };
            let mut response = sign_in_page(&app, &guest, &headers, shown).await?;
            *response.status_mut() = StatusCode::from_u16(told.status).unwrap_or_default();
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

/// What the sign-in form shows.
#[derive(Default)]
struct SignInForm<'a> {
    name: &'a str,
    next: Option<&'a str>,
    error: Option<&'a str>,
}

async fn sign_in_page(
    app: &App,
    guest: &Guest,
    headers: &HeaderMap,
    form: SignInForm<'_>,
) -> Result<Response, Fault> {
    let page = Page::SignIn { next: form.next.map(str::to_owned) };
    let draft = PageDraft::new(app, guest, headers, None, page).await?;
    let frame = draft.frame(app, words(guest.language()).sign_in.to_owned());
    let SignInForm { name, next, error } = form;
    draft.answer(app, headers, SignInPage { frame, name, next, error }.render())
}

/// `GET /logout` and `POST /logout`
pub(super) async fn logout(
    State(app): State<Arc<App>>,
    guest: Guest,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    if !origin::is_navigation(&headers, app.site.public_url.as_deref())
        && !origin::is_own(&headers, app.site.public_url.as_deref())
    {
        return Ok(redirect("/"));
    }
    let mut response = redirect("/login");
    let told = match &guest.actor {
        Some(actor) => {
            app.chat.sign_out(actor).await?;
            clear_cookie(&app, &headers, response.headers_mut());
            FlashText::LoggedOut
        }
        None => FlashText::NotLoggedIn,
    };
    flash::add(response.headers_mut(), &told, app.site.is_secure(&headers));
    Ok(response)
}

/// `GET /channels`
pub(super) async fn channels_page(
    State(app): State<Arc<App>>,
    guest: Guest,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let Some(actor) = &guest.actor else { return Ok(to_login(&app, &headers, "/channels")) };
    let draft = PageDraft::new(&app, &guest, &headers, Some(actor), Page::Channels).await?;
    let words = words(guest.language());
    let rows: Vec<ChannelRow> = draft.state.channels.iter().map(row_of_channel).collect();
    let latest =
        draft.state.channels.iter().find(|channel| {
            actor.account.last_channel.is_some_and(|last| last.0 == channel.info.id)
        });
    let latest =
        latest.map(|channel| (channel.info.name.clone(), channel_href(&channel.info.name)));
    let frame = draft.frame(&app, words.channels.to_owned());
    draft.answer(&app, &headers, ChannelsPage { frame, channels: rows, latest }.render())
}

fn row_of_channel(channel: &crate::wire::channels::Channel) -> ChannelRow {
    ChannelRow {
        name: channel.info.name.clone(),
        href: channel_href(&channel.info.name),
        topic: channel.info.topic.clone(),
        members: channel.info.member_count,
        created_at: plain_time(&channel.info.created_at),
    }
}

/// The origin's form.
#[derive(Deserialize)]
pub(super) struct ChannelForm {
    #[serde(default)]
    new_channel: String,
}

/// `POST /channels`
pub(super) async fn create_channel(
    State(app): State<Arc<App>>,
    guest: Guest,
    headers: HeaderMap,
    form: Result<Form<ChannelForm>, FormRejection>,
) -> Result<Response, Fault> {
    let Some(actor) = &guest.actor else { return Ok(to_login(&app, &headers, "/channels")) };
    let Form(form) = form.map_err(bad_form)?;
    let told = match app.chat.create_channel(actor, &form.new_channel, "").await {
        Ok(view) => FlashText::ChannelCreated(view.channel.name),
        Err(chat::Error::Refused(Refusal::ChannelExists { name })) => {
            FlashText::ChannelExists(name)
        }
        Err(chat::Error::Refused(Refusal::ChannelName(NameProblem::Empty))) => {
            FlashText::ChannelNameEmpty
        }
        Err(error @ chat::Error::Refused(_)) => {
            return refused(&app, &guest, &headers, error).await;
        }
        Err(error) => return Err(error.into()),
    };
    let mut response = redirect("/channels");
    flash::add(response.headers_mut(), &told, app.site.is_secure(&headers));
    Ok(response)
}

/// `GET /channel/<name>`
pub(super) async fn channel_page(
    State(app): State<Arc<App>>,
    guest: Guest,
    In(name): In<String>,
    uri: http::Uri,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    show_channel(&app, &guest, &headers, &uri, &name, None).await
}

/// `GET /channel/<name>/<number>`
pub(super) async fn message_page(
    State(app): State<Arc<App>>,
    guest: Guest,
    In((name, number)): In<(String, i64)>,
    uri: http::Uri,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    show_channel(&app, &guest, &headers, &uri, &name, Some(Number(number))).await
}

async fn show_channel(
    app: &App,
    guest: &Guest,
    headers: &HeaderMap,
    uri: &http::Uri,
    name: &str,
    number: Option<Number>,
) -> Result<Response, Fault> {
    let Some(actor) = &guest.actor else { return Ok(to_login(app, headers, uri.path())) };
    // Entering joins: a page that only embeds the address must not be able to do that.
    if !origin::is_navigation(headers, app.site.public_url.as_deref()) && !from_a_link(headers) {
        return Err(Fault::CrossSite);
    }
    match app.chat.enter(actor, name, number).await {
        Ok(entered) => show_entered(app, guest, headers, actor, &entered).await,
        Err(chat::Error::Refused(Refusal::NotFound(Noun::Channel))) => {
            let page = Page::MissingChannel { name: name.to_owned() };
            let draft = PageDraft::new(app, guest, headers, Some(actor), page).await?;
            let words = words(guest.language());
            let frame = draft.frame(app, words.missing.to_owned());
            let page = NoticePage { frame, heading: words.missing, text: words.missing_text };
            let mut response = draft.answer(app, headers, page.render())?;
            *response.status_mut() = StatusCode::NOT_FOUND;
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

/// A person who follows a link of another site goes there as a top-level page.
fn from_a_link(headers: &HeaderMap) -> bool {
    let is = |name: &str, value: &str| headers.get(name).is_some_and(|found| found == value);
    is("sec-fetch-dest", "document") && is("sec-fetch-mode", "navigate")
}

async fn show_entered(
    app: &App,
    guest: &Guest,
    headers: &HeaderMap,
    actor: &Actor,
    entered: &ChannelPage,
) -> Result<Response, Fault> {
    let page = state::channel_page(entered);
    let draft = PageDraft::new(app, guest, headers, Some(actor), page).await?;
    let ViewOfChannel { channel, .. } = &entered.view;
    let view = ChannelView {
        frame: draft.frame(app, format!("#{}", channel.name)),
        name: &channel.name,
        topic: &channel.topic,
        href: channel_href(&channel.name),
        key: secrets::message_key()?.to_string(),
        messages: entered.messages.messages.iter().map(|m| row_of_message(m, actor)).collect(),
    };
    draft.answer(app, headers, view.render())
}

fn row_of_message(message: &Message, actor: &Actor) -> MessageRow {
    let href = |id: &dyn std::fmt::Display, name: &str| {
        format!("/files/{id}/{}", utf8_percent_encode(name, SEGMENT))
    };
    MessageRow {
        number: message.number.0,
        author: message.author.name.clone(),
        text: message.text.clone(),
        at: plain_time(&rfc3339(message.created_at)),
        own: message.author.id == actor.id(),
        deleted: message.deleted_at.is_some(),
        files: message
            .attachments
            .iter()
            .map(|file| (file.name.clone(), href(&file.id, &file.name)))
            .collect(),
    }
}

/// A message from the plain page. Its key was made with the page: sent twice, it is stored once.
#[derive(Deserialize)]
pub(super) struct MessageForm {
    #[serde(default)]
    msg: String,
    key: Option<String>,
}

/// `POST /channel/<name>`
pub(super) async fn post_message(
    State(app): State<Arc<App>>,
    guest: Guest,
    In(name): In<String>,
    headers: HeaderMap,
    form: Result<Form<MessageForm>, FormRejection>,
) -> Result<Response, Fault> {
    let href = channel_href(&name);
    let Some(actor) = &guest.actor else { return Ok(to_login(&app, &headers, &href)) };
    let Form(form) = form.map_err(bad_form)?;
    let key = match form.key.as_deref().and_then(MessageKey::parse) {
        Some(key) => key,
        None => secrets::message_key()?,
    };
    // A browser's form sends lines with CR LF.
    let draft = Draft { key, text: form.msg, attachments: Vec::new() };
    let posted = async {
        let channel = app.chat.channel_named(actor, &name).await?.channel.id;
        app.chat.post_message(actor, channel, draft).await
    };
    match posted.await {
        Ok(_) => Ok(redirect(&href)),
        Err(error @ chat::Error::Refused(_)) => refused(&app, &guest, &headers, error).await,
        Err(error) => Err(error.into()),
    }
}

/// Which message to delete.
#[derive(Deserialize)]
pub(super) struct DeleteForm {
    id: i64,
}

/// `POST /channel/<name>/delete`
pub(super) async fn delete_message(
    State(app): State<Arc<App>>,
    guest: Guest,
    In(name): In<String>,
    headers: HeaderMap,
    form: Result<Form<DeleteForm>, FormRejection>,
) -> Result<Response, Fault> {
    let href = channel_href(&name);
    let Some(actor) = &guest.actor else { return Ok(to_login(&app, &headers, &href)) };
    let Form(form) = form.map_err(bad_form)?;
    let deleted = async {
        let channel = app.chat.channel_named(actor, &name).await?.channel.id;
        app.chat.delete_message(actor, channel, Number(form.id)).await
    };
    match deleted.await {
        Ok(_) => Ok(redirect(&href)),
        Err(error @ chat::Error::Refused(_)) => refused(&app, &guest, &headers, error).await,
        Err(error) => Err(error.into()),
    }
}

/// `GET /settings`
pub(super) async fn settings_page(
    State(app): State<Arc<App>>,
    guest: Guest,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let Some(actor) = &guest.actor else { return Ok(to_login(&app, &headers, "/settings")) };
    let draft = PageDraft::new(&app, &guest, &headers, Some(actor), Page::Settings).await?;
    let words = words(guest.language());
    let frame = draft.frame(&app, words.settings.to_owned());
    let page = NoticePage { frame, heading: words.settings, text: words.settings_text };
    draft.answer(&app, &headers, page.render())
}

/// A refusal as a page.
async fn refused(
    app: &App,
    guest: &Guest,
    headers: &HeaderMap,
    error: chat::Error,
) -> Result<Response, Fault> {
    let told = explanation(&Fault::Chat(error), guest.language());
    let draft = PageDraft::new(app, guest, headers, guest.actor.as_ref(), Page::Channels).await?;
    let words = words(guest.language());
    let frame = draft.frame(app, words.failed.to_owned());
    let page = NoticePage { frame, heading: words.failed, text: &told.detail };
    let mut response = draft.answer(app, headers, page.render())?;
    *response.status_mut() = StatusCode::from_u16(told.status).unwrap_or_default();
    Ok(response)
}

/// A page on its way: its state, and the cookies that go with it.
struct PageDraft {
    state: AppState,
    flashes: Vec<Flash>,
    theme: Option<Theme>,
    cookies: Vec<HeaderValue>,
    language: crate::model::users::Language,
}

impl PageDraft {
    async fn new(
        app: &App,
        guest: &Guest,
        headers: &HeaderMap,
        actor: Option<&Actor>,
        page: Page,
    ) -> Result<Self, Fault> {
        let language = guest.language();
        let secure = app.site.is_secure(headers);
        let (flashes, forget) = flash::take(headers, language, secure);
        let state = state::build(app, actor, page, flashes.clone(), language).await?;
        let theme = state.me.as_ref().map(|me| me.settings.theme);
        // The browser's copy of the session slides with the server's.
        let renewed = actor
            .and_then(|_| cookies::get(headers, cookies::SESSION))
            .and_then(|token| cookies::set(cookies::SESSION, token, app.site.session_s, secure));
        let cookies = [forget, renewed].into_iter().flatten().collect();
        Ok(Self { state, flashes, theme, cookies, language })
    }

    fn frame<'a>(&'a self, app: &'a App, title: String) -> Frame<'a> {
        // `<` is the only character that could end the element that holds the state.
        let json = serde_json::to_string(&self.state).unwrap_or_default().replace('<', "\\u003c");
        Frame {
            words: words(self.language),
            title,
            workspace: &app.workspace.name,
            theme: self.theme,
            shell: &app.shell,
            state_json: json,
            flashes: &self.flashes,
            me: self.state.me.as_ref().map(|me| me.name.as_str()),
        }
    }

    fn answer(
        &self,
        _app: &App,
        _asked: &HeaderMap,
        page: askama::Result<String>,
    ) -> Result<Response, Fault> {
        let html = page.map_err(|error| chat::Error::Internal(error.to_string()))?;
        let mut response = Html(html).into_response();
        for cookie in &self.cookies {
            response.headers_mut().append(header::SET_COOKIE, cookie.clone());
        }
        Ok(response)
    }
}

/// To the sign-in form, and afterwards back here.
fn to_login(app: &App, headers: &HeaderMap, back: &str) -> Response {
    let next = utf8_percent_encode(back, NON_ALPHANUMERIC);
    let mut response = redirect(&format!("/login?next={next}"));
    flash::add(response.headers_mut(), &FlashText::NotLoggedIn, app.site.is_secure(headers));
    response
}

/// 303: whatever the method was, the next request is a GET.
fn redirect(to: &str) -> Response {
    let location = HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

/// A path of this server, or nothing: never an address of another one.
fn own_path(next: &str) -> Option<&str> {
    let plain = next.bytes().all(|byte| byte > b' ' && byte != b'\\' && byte.is_ascii_graphic());
    (plain && next.starts_with('/') && !next.starts_with("//")).then_some(next)
}

fn bad_form(rejection: FormRejection) -> Fault {
    Fault::Malformed(StatusCode::BAD_REQUEST, rejection.body_text())
}

/// `2026-11-22 21:42:00`
fn plain_time(rfc3339: &str) -> String {
    rfc3339.get(..19).unwrap_or(rfc3339).replace('T', " ")
}

#[cfg(test)]
mod tests {
    use super::{channel_href, own_path};

    #[test]
    fn a_name_is_one_segment() {
        assert_eq!(channel_href("general"), "/channel/general");
        assert_eq!(channel_href("a/b?c#d%e&f+\"g"), "/channel/a%2Fb%3Fc%23d%25e%26f%2B%22g");
        assert_eq!(channel_href("设计 🎉"), "/channel/%E8%AE%BE%E8%AE%A1%20%F0%9F%8E%89");
        assert_eq!(channel_href(".."), "/channel/%2E%2E");
    }

    #[test]
    fn only_own_paths_come_after_signing_in() {
        assert_eq!(own_path("/channel/a%20b"), Some("/channel/a%20b"));
        for foreign in ["//evil.example", "https://evil.example", "/\\evil", "/a b", "x", "", "/\n"]
        {
            assert_eq!(own_path(foreign), None, "{foreign}");
        }
    }
}
