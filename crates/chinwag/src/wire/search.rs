//! Searching on the wire.

use serde::Serialize;
use utoipa::ToSchema;

use super::channels::ChannelInfo;
use super::messages::Message;
use super::time::rfc3339;
use super::users::User;
use crate::model;

/// What messages are asked to have.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SearchHas {
    /// A file.
    File,
    /// A link.
    Link,
    /// A picture.
    Image,
}

/// What messages are asked to be.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SearchIs {
    /// Saved by the reader.
    Saved,
    /// Of a thread: it begins one, or answers in one.
    Thread,
}

/// What was asked for, as the server understood it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SearchAsked {
    /// The words and phrases, as they were typed, without their quotes.
    pub words: Vec<String>,
    /// The ids of the people who wrote it.
    pub from: Vec<i64>,
    /// The ids of the channels.
    #[serde(rename = "in")]
    pub inside: Vec<i64>,
    /// At this moment or later.
    #[schema(required)]
    pub after: Option<String>,
    /// Before this moment.
    #[schema(required)]
    pub before: Option<String>,
    /// What it has; all of it.
    pub has: Vec<SearchHas>,
    /// What it is; all of it.
    pub is: Vec<SearchIs>,
    /// Whether it mentions the reader.
    pub mentions_me: bool,
    /// Filters that mean nothing to the reader, as they were typed. One that names nobody, or no channel that the
    /// reader may know of, finds nothing; others do not count.
    pub unknown: Vec<String>,
}

impl From<&model::search::Resolved> for SearchAsked {
    fn from(asked: &model::search::Resolved) -> Self {
        use model::search::{Has, Is};
        let has = |has: &Has| match has {
            Has::File => SearchHas::File,
            Has::Link => SearchHas::Link,
            Has::Image => SearchHas::Image,
        };
        let is = |is: &Is| match is {
            Is::Saved => SearchIs::Saved,
            Is::Thread => SearchIs::Thread,
        };
        Self {
            words: asked.words.clone(),
            from: asked.from.iter().map(|person| person.0).collect(),
            inside: asked.inside.iter().map(|channel| channel.0).collect(),
            after: asked.after.map(rfc3339),
            before: asked.before.map(rfc3339),
            has: asked.has.iter().map(has).collect(),
            is: asked.is.iter().map(is).collect(),
            mentions_me: asked.mentions_me,
            unknown: asked.unknown.clone(),
        }
    }
}

/// A message that was found.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SearchHit {
    /// The message in its present form.
    pub message: Message,
    /// The id of its channel.
    pub channel: i64,
    /// How many replies its thread has; `null` when it begins none.
    #[schema(required)]
    pub threads: Option<i64>,
    /// Where the words stand in its text: each a beginning and an end in UTF-16 code units, ascending, at most 20.
    /// None for words that stand in what it carries, or in the names of its files.
    pub marks: Vec<[usize; 2]>,
}

impl From<&model::search::Hit> for SearchHit {
    fn from(hit: &model::search::Hit) -> Self {
        Self {
            message: (&hit.message).into(),
            channel: hit.message.channel.0,
            threads: hit.message.thread.as_ref().map(|thread| thread.replies),
            marks: hit.marks.iter().map(|mark| [mark.start, mark.end]).collect(),
        }
    }
}

/// How far the index of an existing folder is. Meanwhile, new messages are found, and older ones little by little.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct SearchUnfinished {
    /// How many messages are in it.
    pub done: i64,
    /// How many there are.
    pub all: i64,
}

/// A page of what was found.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SearchPage {
    /// What was asked for.
    pub query: SearchAsked,
    /// The hits, at most 20.
    pub hits: Vec<SearchHit>,
    /// Who wrote the hits, and the people whom the query names.
    pub people: Vec<User>,
    /// The channels of the hits, and those that the query names and the reader may know of.
    pub channels: Vec<ChannelInfo>,
    /// How many hits there are in all, up to 1,000.
    pub count: usize,
    /// Whether there are more than that.
    pub is_more: bool,
    /// How many messages have one of the words, up to 1,000; `null` unless none has all of several. Ask with
    /// `match=any` for them.
    #[schema(required)]
    pub any: Option<usize>,
    /// Ask for the next page with this as `cursor`; `null` when there is none.
    #[schema(required)]
    pub next: Option<String>,
    /// How far the index is; `null` when it is complete.
    #[schema(required)]
    pub unfinished: Option<SearchUnfinished>,
}

impl From<&model::search::Found> for SearchPage {
    fn from(found: &model::search::Found) -> Self {
        Self {
            query: (&found.query).into(),
            hits: found.hits.iter().map(SearchHit::from).collect(),
            people: found.people.iter().map(User::from).collect(),
            channels: found.channels.iter().map(ChannelInfo::from).collect(),
            count: found.count,
            is_more: found.is_more,
            any: found.any,
            next: found.next.map(|next| next.to_string()),
            unfinished: found
                .unfinished
                .map(|index| SearchUnfinished { done: index.done, all: index.all }),
        }
    }
}
