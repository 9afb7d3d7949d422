//! What lies in `files/incoming/` and no request is at: found when the server starts and by sweeps.

use std::collections::HashSet;
use std::path::Path;
use std::time::{Duration, SystemTime};
use std::{fs, io};

use super::begun::Entry;
use super::promise;
use crate::files::Files;
use crate::files::shelf::INCOMING;
use crate::model::ids::UploadId;

impl Files {
    /// The uploads that nothing came of for `keep`. Leftovers that nobody can go on with are
    /// removed on the way.
    pub async fn stale(&self, keep: Duration, now: SystemTime) -> Vec<UploadId> {
        let Ok(mut entries) = tokio::fs::read_dir(self.root.join(INCOMING)).await else {
            return Vec::new();
        };
        let (mut old, mut fresh) = (HashSet::new(), HashSet::new());
        while let Ok(Some(entry)) = entries.next_entry().await {
            let modified = entry.metadata().await.and_then(|meta| meta.modified());
            let age = modified.ok().and_then(|at| now.duration_since(at).ok()).unwrap_or_default();
            let path = entry.path();
            match upload_id(&path) {
                Some(id) if age > keep => drop(old.insert(id)),
                Some(id) => drop(fresh.insert(id)),
                None => {}
            }
            if age > keep && path.extension().is_some_and(|kind| kind == "draft") {
                let _ = tokio::fs::remove_file(path).await;
            }
        }
        old.difference(&fresh).copied().collect()
    }
}

/// The files whose promises lie in that folder.
pub(super) fn promised(incoming: &Path) -> io::Result<Vec<(UploadId, Entry)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(incoming)? {
        let path = entry?.path();
        if path.extension().is_some_and(|kind| kind == "json")
            && let Some(id) = upload_id(&path)
            && let Ok(Some(promise)) = promise::read(&path)
        {
            found.push((id, Entry::of(&promise)));
        }
    }
    Ok(found)
}

/// The upload that a file in `incoming/` belongs to.
fn upload_id(path: &Path) -> Option<UploadId> {
    path.file_stem().and_then(|stem| stem.to_str()).and_then(UploadId::parse)
}
