//! The sessions that an HTTP request may name by their id: those that use polling, or began so.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::id::SessionId;

/// The sessions of a server.
pub(crate) struct Sessions<L> {
    most_polling: usize,
    lists: Mutex<Lists<L>>,
}

struct Lists<L> {
    /// Those that use polling.
    polling: HashMap<SessionId, Arc<L>>,
    /// Those that began with polling and have a WebSocket now.
    upgraded: HashMap<SessionId, Arc<L>>,
}

/// A session that a request names.
pub(crate) struct Found<L> {
    pub link: Arc<L>,
    /// The session has a WebSocket now.
    pub has_upgraded: bool,
}

impl<L> Sessions<L> {
    /// An empty list that takes at most `most_polling` sessions that use polling at one time.
    pub(crate) fn new(most_polling: usize) -> Self {
        let lists = Lists { polling: HashMap::new(), upgraded: HashMap::new() };
        Self { most_polling, lists: Mutex::new(lists) }
    }

    fn lists(&self) -> MutexGuard<'_, Lists<L>> {
        self.lists.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets HTTP requests find a link; `false` when there are too many.
    pub(crate) fn list(&self, sid: SessionId, link: &Arc<L>) -> bool {
        let mut lists = self.lists();
        let room = lists.polling.len() < self.most_polling;
        if room {
            lists.polling.insert(sid, Arc::clone(link));
        }
        room
    }

    /// Notes that a session has a WebSocket now.
    pub(crate) fn note_upgrade(&self, sid: SessionId) {
        let mut lists = self.lists();
        if let Some(link) = lists.polling.remove(&sid) {
            lists.upgraded.insert(sid, link);
        }
    }

    pub(crate) fn unlist(&self, sid: SessionId) {
        let gone = {
            let mut lists = self.lists();
            (lists.polling.remove(&sid), lists.upgraded.remove(&sid))
        };
        // What a link holds is let go without the lock.
        drop(gone);
    }

    pub(crate) fn find(&self, sid: SessionId) -> Option<Found<L>> {
        let lists = self.lists();
        let (link, has_upgraded) = match lists.polling.get(&sid) {
            Some(link) => (link, false),
            None => (lists.upgraded.get(&sid)?, true),
        };
        Some(Found { link: Arc::clone(link), has_upgraded })
    }
}
