//! What concerns the reader. Without script it is a list with links.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template as _;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use super::address::{href_of, to_login};
use super::base::{PageBase, plain_time};
use super::marked::marked;
use super::names::{name_of, name_of_person};
use super::views::{ActivityPage, ActivityRow};
use crate::http::app::App;
use crate::http::extract::{Query, Visit};
use crate::http::problem::Fault;
use crate::model::activity::{Activity, ActivityFilter, ActivityKind};
use crate::model::channels::{Channel, ChannelKind};
use crate::model::users::Language;
use crate::wire::channels::ChannelInfo;
use crate::wire::state::Page;
use crate::wire::time::rfc3339;
use crate::words::{
    added_you_to, mentioned_in, reacted_in, replied_in, told_everyone_in, words, wrote_to_you,
};

/// Which part of the list.
#[derive(Deserialize)]
pub(in crate::http) struct Part {
    before: Option<i64>,
}

/// `GET /activity`, `GET /activity?before=<where>`
pub(in crate::http) async fn activity_page(
    State(app): State<Arc<App>>,
    visit: Visit,
    Query(part): Query<Part>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let Some(actor) = &visit.actor else { return Ok(to_login(&app, &headers, "/activity")) };
    let base = PageBase::new(&app, &visit, &headers, Some(actor), Page::Activity).await?;
    let language = visit.language();
    let filter = ActivityFilter::default();
    let (page, channels) = app.chat.activity(actor, filter, part.before).await?;
    let place = |channel: &Channel| {
        let name = name_of(&ChannelInfo::from(channel), actor.id().0, language);
        let hash = if channel.state.kind == ChannelKind::Direct { "" } else { "#" };
        (format!("{hash}{name}"), href_of(channel))
    };
    let rows = page.rows.into_iter().map(|row| {
        let found = channels.iter().find(|channel| channel.id == row.message.channel);
        let (channel, href) = found.map_or_else(Default::default, place);
        // Whoever was put into a channel was told nothing by the message that stood there.
        let shows = row.kind != ActivityKind::Invitation;
        ActivityRow {
            what: what(&row, &channel, language),
            new: row.new,
            href: format!("{href}/{}", row.message.number),
            at: plain_time(&rfc3339(row.at)),
            marked: marked(
                &row.message.author.name,
                &row.message.text,
                &row.message.mentions,
                &BTreeSet::new(),
            )
            .filter(|_| shows && row.message.forwarded.is_none()),
            text: if shows { row.message.whole_text() } else { Default::default() },
            files: row
                .message
                .attachments
                .into_iter()
                .filter(|_| shows)
                .map(|file| file.name)
                .collect(),
        }
    });
    let rows = rows.collect();
    let next = page.next.map(|next| format!("/activity?before={next}"));
    let frame = base.frame(&app, words(language).activity.to_owned());
    base.answer(&headers, ActivityPage { frame, rows, next }.render())
}

/// Who did what, and where.
fn what(row: &Activity, place: &str, language: Language) -> String {
    let name = name_of_person(&row.by.name, language);
    match row.kind {
        ActivityKind::Mention => mentioned_in(language, &name, place),
        ActivityKind::Everybody => told_everyone_in(language, &name, place),
        ActivityKind::Direct => wrote_to_you(language, &name),
        ActivityKind::Invitation => added_you_to(language, &name, place),
        ActivityKind::Reply => replied_in(language, &name, place),
        ActivityKind::Reaction => {
            let by_others = row.message.reactions.iter();
            let by_others = by_others.filter(|one| one.count > i64::from(one.mine));
            let emoji: Vec<&str> = by_others.map(|one| one.emoji.as_str()).collect();
            reacted_in(language, &name, row.others, &emoji.join(" "), place)
        }
    }
}
