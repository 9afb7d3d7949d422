//! Uploads in parts: promised, received over as many requests as it takes, and then kept like any
//! other.
//!
//! When something breaks off, the owner asks how far the file has come and goes on from there. The
//! file is finished by whichever request finds that the last byte is there: the one that brought
//! it, or, when that one or the server died, the next one that asks.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::description::{file_name, plain_media_type};
use crate::chat::{Actor, Chat, Error, Result};
use crate::files::{IfHeld, Incoming, Promise};
use crate::model::ids::UploadId;
use crate::model::refusal::{Noun, Refusal};
use crate::model::uploads::Upload;
use crate::secrets;

/// A file that somebody wants to send in parts.
pub struct NewUpload {
    /// Its name.
    pub name: String,
    /// Its media type, if the sender tells it.
    pub media_type: Option<String>,
    /// Its size in bytes.
    pub length: u64,
    /// What the client wants to hear again when it asks.
    pub metadata: String,
}

/// How far a file has come.
#[derive(Debug, Clone)]
pub struct Progress {
    /// The upload's id.
    pub id: UploadId,
    /// The bytes that are safe on disk.
    pub offset: u64,
    /// All of its bytes.
    pub length: u64,
    /// When it is removed, unless more comes or a message takes it; `None` when a message has it.
    pub expires: Option<SystemTime>,
    /// What the client said of it.
    pub metadata: Option<String>,
}

/// An upload that its owner asked for.
pub(super) enum Found {
    Unfinished(Box<Incoming>),
    Stored(Upload),
}

impl Chat {
    /// Promises a file that is to come in parts.
    ///
    /// # Errors
    /// `TooLarge`, `EmptyFile`, `BadFile`, `TooMany`, `TooManyOf`, `QuotaReached`, `StorageLow`,
    /// `Denied` for whoever is muted everywhere.
    pub async fn promise_upload(&self, actor: &Actor, new: NewUpload) -> Result<Progress> {
        actor.check_heard(self.clock.now())?;
        let max_bytes = self.rules.upload_limit_bytes;
        if new.length > max_bytes {
            return Err(Refusal::TooLarge { max_bytes }.into());
        }
        if new.length == 0 {
            return Err(Refusal::EmptyFile.into());
        }
        let name = file_name(&new.name).ok_or(Refusal::BadFile)?;
        let id = secrets::upload_id()?;
        let media_type = plain_media_type(new.media_type.as_deref());
        let mut promise = Promise::new(actor.id(), name, media_type, new.length);
        promise.metadata.clone_from(&new.metadata);
        let most = match self.rules.limits.unfinished_uploads {
            0 => usize::MAX,
            most => most as usize,
        };
        let claim = self.files.claim_in_parts(id, &promise, most)?;
        self.room_for(actor, &claim).await?;
        self.meters.uploads.take(actor, self.clock.uptime())?;
        let touched = self.files.promise(id, promise, claim).await?;
        Ok(Progress {
            id,
            offset: 0,
            length: new.length,
            expires: touched.checked_add(self.upload_keep()),
            metadata: Some(new.metadata),
        })
    }

    /// How far a file of the actor's has come. A request that still works on it is ended: a client
    /// that asks has given that request up.
    ///
    /// # Errors
    /// `NotFound`, `UploadHeld`, or what stands against keeping a file that is complete.
    pub async fn upload_progress(
        self: &Arc<Self>,
        actor: &Actor,
        id: UploadId,
    ) -> Result<Progress> {
        match self.find(actor, id, IfHeld::Interrupt).await? {
            Found::Unfinished(incoming) => self.pause(*incoming).await,
            Found::Stored(upload) => Ok(self.progress_of_stored(&upload)),
        }
    }

    /// Gives up a file of the actor's that is in no message.
    ///
    /// # Errors
    /// `NotFound`, `UploadHeld`.
    pub async fn cancel_upload(&self, actor: &Actor, id: UploadId) -> Result<()> {
        match self.find(actor, id, IfHeld::Interrupt).await? {
            Found::Unfinished(incoming) => {
                self.files.forget(id).await;
                drop(incoming);
                Ok(())
            }
            Found::Stored(_) => self.delete_upload(actor, id).await,
        }
    }

    /// Finds a file of the actor's that is promised, arriving or stored.
    ///
    /// # Errors
    /// `NotFound`, `UploadHeld`.
    pub(super) async fn find(&self, actor: &Actor, id: UploadId, if_held: IfHeld) -> Result<Found> {
        let missing = || Error::from(Refusal::NotFound(Noun::Upload));
        if let Some(promise) = self.files.promised(id).await? {
            // This comes first: other people can neither see nor disturb the upload.
            if promise.owner() != actor.id() {
                return Err(missing());
            }
            match self.files.take(id, if_held).await? {
                // The server died between noting the file and forgetting its promise.
                Some(incoming) if incoming.is_moved() && self.store.upload(id).await?.is_some() => {
                    self.files.forget_promise(id).await;
                }
                Some(incoming) if self.is_expired(&incoming) => self.files.forget(id).await,
                Some(incoming) => return Ok(Found::Unfinished(Box::new(incoming))),
                None => {}
            }
        }
        let upload = self.store.upload(id).await?.filter(|upload| upload.owner == actor.id());
        upload.map(Found::Stored).ok_or_else(missing)
    }

    /// Makes sure that what has come stays, and keeps the file when all of it has come.
    pub(super) async fn pause(self: &Arc<Self>, mut incoming: Incoming) -> Result<Progress> {
        if incoming.is_complete() {
            let chat = Arc::clone(self);
            // A task of its own: a client that hangs up must not leave a promised file half kept.
            let kept = tokio::spawn(async move { chat.keep(incoming).await }).await;
            let upload = kept.map_err(|error| Error::Internal(error.to_string()))??;
            return Ok(self.progress_of_stored(&upload));
        }
        incoming.sync().await?;
        Ok(Progress {
            id: incoming.id,
            offset: incoming.offset,
            length: incoming.promise.length,
            expires: incoming.touched.checked_add(self.upload_keep()),
            metadata: Some(incoming.promise.metadata.clone()),
        })
    }

    fn is_expired(&self, incoming: &Incoming) -> bool {
        self.clock
            .system_now()
            .duration_since(incoming.touched)
            .is_ok_and(|age| age > self.upload_keep())
    }

    fn progress_of_stored(&self, upload: &Upload) -> Progress {
        let length = length_of(upload);
        let ends_ms = u64::try_from(upload.created_at.0).unwrap_or(0);
        let ends = Duration::from_millis(ends_ms).saturating_add(self.upload_keep());
        let expires = SystemTime::UNIX_EPOCH.checked_add(ends);
        Progress {
            id: upload.attachment.id,
            offset: length,
            length,
            expires: expires.filter(|_| upload.message.is_none()),
            metadata: None,
        }
    }
}

pub(super) fn length_of(upload: &Upload) -> u64 {
    u64::try_from(upload.attachment.size_bytes).unwrap_or(0)
}
