//! Finding messages by their words.
//!
//! The index is in the database itself. It is written behind the commits of new messages, in batches, and how far it
//! is stands in the same transaction; a search looks through what is newer. Changes and deletions of what it has are
//! in it with their own commit.

mod anew;
mod checking;
mod hits;
mod index;
mod marks;
mod matching;
mod pending;
mod reading;
mod resolving;
mod time;
#[cfg(test)]
mod time_tests;
mod turns;
mod wanted;

use async_trait::async_trait;
use time::{LONGEST, Time};

pub use anew::reindex;
pub(super) use checking::broken;
pub(super) use index::{forget_channel, put_in, removed, settle, take_out, take_out_some, weight};
pub(super) use pending::Pending;
pub(super) use turns::Turns;

use super::SqliteStore;
use crate::model::ids::{ChannelId, UserId};
use crate::model::search::{Found, SearchQuery, Unfinished};
use crate::store::{Result, Searching, Took};

#[async_trait]
impl Searching for SqliteStore {
    async fn search(&self, viewer: UserId, query: SearchQuery, took: Took) -> Result<Found> {
        // Before the database is read: what is indexed meanwhile is in both.
        let turn = self.turns.turn(viewer).await?;
        let behind: Vec<ChannelId> =
            self.pending.channels().into_iter().map(|(channel, _)| channel).collect();
        let time = Time::of(LONGEST);
        self.readers
            .read_until(time.stop(), move |db| {
                // It belongs to the work, which goes on where nobody waits for it any more.
                let _turn = turn;
                let found = reading::search(db, viewer, &query, &behind, &time);
                took(time.so_far());
                found
            })
            .await
    }

    async fn unindexed(&self) {
        self.pending.wait().await;
    }

    async fn index_some(&self) -> Result<usize> {
        let behind = self.pending.channels();
        let batch = self.writer.run(move |tx| index::add_some(tx.db, &behind)).await?;
        for (channel, high) in batch.reached {
            self.pending.reached(channel, high);
        }
        if !batch.has_older {
            self.pending.reached_oldest();
        }
        Ok(batch.looked_at)
    }

    async fn indexed(&self) -> Result<Option<Unfinished>> {
        if !self.pending.has_older() {
            return Ok(None);
        }
        self.readers.read(marks::progress).await.map(Some)
    }
}
