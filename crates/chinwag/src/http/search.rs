//! Finding messages by their words.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use utoipa::IntoParams;

use super::app::App;
use super::extract::Query;
use super::problem::Fault;
use crate::chat::{self, Actor};
use crate::model::ids::{ChannelId, UserId};
use crate::model::refusal::Refusal;
use crate::model::search::{Asked, Has, Is, Kind, MAX_TYPED, Order, Place, SearchQuery, day};
use crate::model::time::Timestamp;
use crate::wire::problem::Problem;
use crate::wire::search::SearchPage;
use crate::wire::time::parse_rfc3339;

/// What to look for. A parameter wins over the same filter in `q`.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(
    dead_code,
    reason = "it documents what `read` reads: a repeated parameter is no field for serde"
)]
struct SearchParameters {
    /// At most 300 characters: words, each of which must be found; phrases in quotes; and filters, in English or
    /// Chinese, anywhere among them: `from:NAME in:CHANNEL before:2026-03-01 after:2026-03-01
    /// has:file|link|image is:saved|thread mentions:me`, or `发送人: 频道: 之前: 之后: 包含:文件|链接|图片 属于:收藏|话题
    /// 提到:我`. Days are in UTC. A name with spaces stands in quotes; `from:me` is the reader. Words of letters are
    /// also found by their beginning, from two letters on, unless they are in quotes.
    q: Option<String>,
    /// `newest` first, or `best` first; the newest, when it is left out. The best are found among the newest 1,000.
    #[param(inline)]
    order: Option<String>,
    /// `messages`, or `files` for words in the names of files alone; `messages`, when it is left out.
    kind: Option<String>,
    /// The ids of people who wrote it; may be repeated.
    from: Option<Vec<i64>>,
    /// The ids of channels; may be repeated.
    #[param(rename = "in")]
    inside: Option<Vec<i64>>,
    /// A day in UTC, or a time in RFC 3339: then or later.
    after: Option<String>,
    /// A day in UTC, or a time in RFC 3339: before that.
    before: Option<String>,
    /// `file`, `link` or `image`; may be repeated.
    has: Option<Vec<String>>,
    /// `saved` or `thread`; may be repeated.
    is: Option<Vec<String>>,
    /// `me`: only messages that mention the reader.
    mentions: Option<String>,
    /// `any`: one of the words is enough. `all`, when it is left out.
    r#match: Option<String>,
    /// What was told as `next`; left out for the first page.
    cursor: Option<String>,
}

/// Find messages
///
/// Among those that the reader may read now. Guests have no search: they are answered as for an address that does
/// not exist.
#[utoipa::path(get, path = "/api/search", tag = "messages", params(SearchParameters),
    responses((status = 200, body = SearchPage), (status = "default", body = Problem)))]
pub(super) async fn search(
    State(app): State<Arc<App>>,
    actor: Actor,
    Query(parameters): Query<Vec<(String, String)>>,
) -> Result<Json<SearchPage>, Fault> {
    app.chat.check_searches(&actor)?;
    let found = app.chat.search(&actor, read(&parameters)?).await?;
    Ok(Json((&found).into()))
}

/// Reads the parameters of a search. Others do not count.
///
/// # Errors
/// `SearchTooLong`, `Malformed`.
pub(super) fn read(parameters: &[(String, String)]) -> chat::Result<SearchQuery> {
    let typed = parameters.iter().find(|(name, _)| name == "q").map_or("", |(_, q)| q);
    let asked = Asked::parse(typed, parse_rfc3339);
    let asked = asked.ok_or(Refusal::SearchTooLong { max: MAX_TYPED })?;
    let mut query = SearchQuery { asked, ..SearchQuery::default() };
    let (mut has, mut is) = (Vec::new(), Vec::new());
    for (name, value) in parameters.iter().filter(|(_, value)| !value.is_empty()) {
        let wrong = |field| Refusal::Malformed { field };
        match name.as_str() {
            "order" => {
                query.order = match value.as_str() {
                    "newest" => Order::Newest,
                    "best" => Order::Best,
                    _ => return Err(wrong("order").into()),
                }
            }
            "kind" => {
                query.kind = match value.as_str() {
                    "messages" => Kind::Messages,
                    "files" => Kind::Files,
                    _ => return Err(wrong("kind").into()),
                }
            }
            "from" => query.from.push(UserId(value.parse().map_err(|_| wrong("from"))?)),
            "in" => query.inside.push(ChannelId(value.parse().map_err(|_| wrong("in"))?)),
            "after" => query.asked.after = Some(time(value).ok_or(wrong("after"))?),
            "before" => query.asked.before = Some(time(value).ok_or(wrong("before"))?),
            "has" => has.push(Has::of_code(value).ok_or(wrong("has"))?),
            "is" => is.push(Is::of_code(value).ok_or(wrong("is"))?),
            "mentions" if value == "me" => query.asked.mentions_me = true,
            "mentions" => return Err(wrong("mentions").into()),
            "match" if value == "all" || value == "any" => query.any = value == "any",
            "match" => return Err(wrong("match").into()),
            "cursor" => query.after = Some(Place::parse(value).ok_or(wrong("cursor"))?),
            _ => {}
        }
    }
    if query.from.len() > MAX_NAMED || query.inside.len() > MAX_NAMED {
        return Err(Refusal::Malformed {
            field: if query.from.len() > MAX_NAMED { "from" } else { "in" },
        }
        .into());
    }
    if !has.is_empty() {
        query.asked.has = has;
    }
    if !is.is_empty() {
        query.asked.is = is;
    }
    query.asked.has.sort_unstable();
    query.asked.has.dedup();
    query.asked.is.sort_unstable();
    query.asked.is.dedup();
    Ok(query)
}

/// The most people, and the most channels, that one search names by their ids.
const MAX_NAMED: usize = 50;

/// A day or a time.
fn time(text: &str) -> Option<Timestamp> {
    day(text).or_else(|| parse_rfc3339(text))
}
