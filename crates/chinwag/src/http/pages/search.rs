//! Finding messages by their words, without script.

use std::fmt::Write as _;
use std::sync::Arc;

use askama::Template as _;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use percent_encoding::utf8_percent_encode;

use super::address::{SEGMENT, href_of, to_login};
use super::base::{PageBase, plain_time};
use super::names::{name_of, name_of_person};
use super::views::{SearchPage, SearchRow};
use crate::chat::Error;
use crate::http::app::App;
use crate::http::extract::{Query, Visit};
use crate::http::problem::{Fault, explanation};
use crate::http::search::read;
use crate::model::channels::ChannelKind;
use crate::model::search::{Found, Hit, Order, SearchQuery};
use crate::model::users::Language;
use crate::wire::channels::ChannelInfo;
use crate::wire::state::Page;
use crate::wire::time::rfc3339;
use crate::words::words;

/// `GET /search`, `GET /search?q=<words>`
pub(in crate::http) async fn search_page(
    State(app): State<Arc<App>>,
    visit: Visit,
    Query(mut parameters): Query<Vec<(String, String)>>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let Some(actor) = &visit.actor else {
        let back = uri.path_and_query().map_or(uri.path(), |back| back.as_str());
        return Ok(to_login(&app, &headers, back));
    };
    app.chat.check_searches(actor)?;
    let base = PageBase::new(&app, &visit, &headers, Some(actor), Page::Search).await?;
    let language = visit.language();
    // The part of people and channels is the app's alone.
    parameters.retain(|(name, value)| name != "kind" || value != "people");
    let typed = parameters.iter().find(|(name, _)| name == "q").map_or("", |(_, q)| q);
    let (query, found, told) = match read(&parameters) {
        Ok(query) if query.asks() => match app.chat.search(actor, query.clone()).await {
            Ok(found) => (query, Some(found), None),
            Err(error @ Error::Refused(_)) => (query, None, Some(error)),
            Err(error) => return Err(error.into()),
        },
        Ok(query) => (query, None, None),
        Err(error) => (SearchQuery::default(), None, Some(error)),
    };
    let told = told.map(|error| explanation(&Fault::Chat(error), language).detail);
    // The address has all that was asked for; the app's has more than the form.
    let again = |name: &str, value: &str| {
        let others = parameters.iter().filter(|(known, _)| known != name && known != "cursor");
        let mut address = String::from("/search?");
        for (name, value) in others {
            let encoded = |text| utf8_percent_encode(text, SEGMENT);
            let _ = write!(address, "{}={}&", encoded(name), encoded(value));
        }
        format!("{address}{name}={value}")
    };
    let mut page = SearchPage {
        frame: base.frame(&app, words(language).search.to_owned()),
        typed,
        best: query.order == Order::Best,
        told,
        unknown: Vec::new(),
        unfinished: false,
        not_all: false,
        count: None,
        rows: Vec::new(),
        any: None,
        next: None,
    };
    if let Some(found) = found {
        let more = if found.is_more { "+" } else { "" };
        page.count = Some(format!("{}{more}", found.count));
        page.rows =
            found.hits.iter().filter_map(|hit| row(&found, hit, actor.id().0, language)).collect();
        page.any = found.any.filter(|any| *any > 0).map(|any| (any, again("match", "any")));
        page.next = found.next.map(|next| again("cursor", &next.to_string()));
        page.unfinished = found.unfinished.is_some();
        page.not_all = found.is_more;
        page.unknown = found.query.unknown;
    }
    base.answer(&headers, page.render())
}

fn row(found: &Found, hit: &Hit, reader: i64, language: Language) -> Option<SearchRow> {
    let message = &hit.message;
    let channel = found.channels.iter().find(|channel| channel.id == message.channel)?;
    let hash = if channel.state.kind == ChannelKind::Direct { "" } else { "#" };
    let name = name_of(&ChannelInfo::from(channel), reader, language);
    Some(SearchRow {
        author: name_of_person(&message.author.name, language),
        channel: format!("{hash}{name}"),
        href: format!("{}/{}", href_of(channel), message.number),
        at: plain_time(&rfc3339(message.created_at)),
        parts: parts(hit),
        carried: message.forwarded.as_ref().map(|forwarded| forwarded.text.clone()),
        files: message.attachments.iter().map(|file| file.name.clone()).collect(),
    })
}

/// The text in parts, each with whether it is what was looked for.
fn parts(hit: &Hit) -> Vec<(bool, String)> {
    let (mut parts, mut part, mut unit) = (Vec::new(), String::new(), 0);
    let mut is_marked = false;
    for c in hit.message.text.chars() {
        let now = hit.marks.iter().any(|mark| mark.contains(&unit));
        if now != is_marked && !part.is_empty() {
            parts.push((is_marked, std::mem::take(&mut part)));
        }
        is_marked = now;
        part.push(c);
        unit += c.len_utf16();
    }
    if !part.is_empty() {
        parts.push((is_marked, part));
    }
    parts
}
