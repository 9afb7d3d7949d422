//! The directory of public channels on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::channels::Posting;
use super::time::rfc3339;
use crate::model;

/// The order of the directory.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum DirectoryOrder {
    /// By name, whatever its case; code points decide.
    #[default]
    Name,
    /// The oldest first.
    Oldest,
}

impl From<DirectoryOrder> for model::directory::DirectoryOrder {
    fn from(order: DirectoryOrder) -> Self {
        match order {
            DirectoryOrder::Name => Self::Name,
            DirectoryOrder::Oldest => Self::Oldest,
        }
    }
}

/// A page of the directory of public channels.
#[derive(Debug, Serialize, ToSchema)]
pub struct DirectoryPage {
    /// The channels.
    pub channels: Vec<ListedChannel>,
    /// Where the next page begins, to be sent as `after`; `null` when this is the last one.
    #[schema(required)]
    pub next: Option<String>,
}

impl From<model::directory::DirectoryPage> for DirectoryPage {
    fn from(page: model::directory::DirectoryPage) -> Self {
        Self { channels: page.channels.iter().map(ListedChannel::from).collect(), next: page.next }
    }
}

/// A public channel as the directory lists it for the reader.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListedChannel {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// How the Chinese characters of the name are read, as for a person; left out where there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reading: Option<String>,
    /// What it is for; may be empty.
    pub topic: String,
    /// When it was made.
    pub created_at: String,
    /// Who writes in it.
    pub posting: Posting,
    /// Whether it is archived.
    pub archived: bool,
    /// How many members it has.
    pub member_count: i64,
    /// Whether the reader is one of them.
    pub member: bool,
}

impl From<&model::directory::ListedChannel> for ListedChannel {
    fn from(channel: &model::directory::ListedChannel) -> Self {
        Self {
            id: channel.id.0,
            name: channel.name.clone(),
            reading: model::readings::reading(&channel.name),
            topic: channel.topic.clone(),
            created_at: rfc3339(channel.created_at),
            posting: channel.posting.into(),
            archived: channel.archived,
            member_count: channel.member_count,
            member: channel.member,
        }
    }
}
