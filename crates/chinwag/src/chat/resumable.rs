//! Files that come in parts: promised, received over as many requests as it takes, and then kept
//! like any other.
//!
//! Whatever breaks off, the owner asks how far it came and goes on from there. When the last byte
//! is there the file is finished by whichever request notices: the one that brought it, or, when
//! that one or the server died, the next one that asks.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

use super::files::{file_name, plain_media_type};
use super::limits::UploadSlot;
use super::{Actor, Chat, Error, Result};
use crate::files::{Arrival, Files, FloorLook, IfHeld, Part, Promise};
use crate::model::ids::UploadId;
use crate::model::refusal::{Noun, Refusal};
use crate::model::uploads::Upload;
use crate::secrets;

/// A file that somebody wants to send in parts.
pub struct NewUpload {
    /// Its name.
    pub name: String,
    /// Its media type, if she says.
    pub media_type: Option<String>,
    /// Its size in bytes.
    pub length: u64,
    /// What the client wants to hear again when it asks.
    pub metadata: String,
}

/// How far a file has come.
#[derive(Debug, Clone)]
pub struct Progress {
    /// Which.
    pub id: UploadId,
    /// The bytes that are safe on disk.
    pub offset: u64,
    /// All of its bytes.
    pub length: u64,
    /// When it is given up, unless more comes or a message takes it; `None` when one has.
    pub expires: Option<SystemTime>,
    /// What the client said of it.
    pub metadata: Option<String>,
}

/// A request that brings bytes.
pub struct Receiving {
    part: Part,
    /// Where its bytes begin.
    start: u64,
    checksum: Option<Checksum>,
    files: Files,
    floor: FloorLook,
    _slot: UploadSlot,
    arrival: Arrival,
}

impl Receiving {
    /// Its place among the files that arrive now.
    #[must_use]
    pub fn arrival(&self) -> Arrival {
        self.arrival.clone()
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// `TooLarge` when they are more than was promised, or what the disk says.
    pub async fn write(&mut self, bytes: Bytes) -> Result<()> {
        if self.floor.is_due(bytes.len()) {
            self.files.check_floor().await?;
        }
        if let Some(checksum) = &mut self.checksum {
            checksum.update(&bytes);
        }
        Ok(self.part.write(bytes).await?)
    }

    /// Waits until the owner comes back by another request: this one is given up.
    pub async fn wanted(&self) {
        self.part.wanted().await;
    }

    /// How many bytes are still to come.
    #[must_use]
    pub fn missing(&self) -> u64 {
        self.part.promise.length - self.part.offset.min(self.part.promise.length)
    }
}

/// What the bytes of one request are said to add up to.
pub enum Checksum {
    /// SHA-1, which every client of the protocol has.
    Sha1 {
        /// What it is said to be.
        expected: Vec<u8>,
        /// Of the bytes so far.
        found: Box<Sha1>,
    },
    /// SHA-256.
    Sha256 {
        /// What it is said to be.
        expected: Vec<u8>,
        /// Of the bytes so far.
        found: Box<Sha256>,
    },
}

impl Checksum {
    fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha1 { found, .. } => found.update(bytes),
            Self::Sha256 { found, .. } => found.update(bytes),
        }
    }

    fn fits(self) -> bool {
        match self {
            Self::Sha1 { expected, found } => found.finalize().as_slice() == expected,
            Self::Sha256 { expected, found } => found.finalize().as_slice() == expected,
        }
    }
}

/// An upload that its owner asked for.
enum Found {
    Unfinished(Part),
    Stored(Upload),
}

impl Chat {
    /// Promises a file.
    ///
    /// # Errors
    /// `TooLarge`, `EmptyFile`, `BadFile`, `TooMany`, `TooManyOf`, `QuotaReached`, `StorageLow`.
    pub async fn promise_upload(&self, actor: &Actor, new: NewUpload) -> Result<Progress> {
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

    /// How far a file of hers has come. A request that is still at it is ended: who asks has given
    /// that one up.
    ///
    /// # Errors
    /// `NotFound`, `UploadHeld`, or what stands against keeping a file that is complete.
    pub async fn upload_progress(
        self: &Arc<Self>,
        actor: &Actor,
        id: UploadId,
    ) -> Result<Progress> {
        match self.find(actor, id, IfHeld::Interrupt).await? {
            Found::Unfinished(part) => self.pause(part).await,
            Found::Stored(upload) => Ok(self.progress_of_stored(&upload)),
        }
    }

    /// Goes on with a file of hers, at `offset`, with bytes of that checksum.
    ///
    /// # Errors
    /// `NotFound`, `UploadHeld`, `WrongOffset`, `TooMany`, `StorageLow`.
    pub async fn receive_upload(
        &self,
        actor: &Actor,
        id: UploadId,
        offset: u64,
        checksum: Option<Checksum>,
    ) -> Result<Receiving> {
        let stopped_at = match self.find(actor, id, IfHeld::GiveUp).await? {
            Found::Unfinished(part) if part.offset == offset => {
                let slot = self.meters.uploads_at_once.take(actor)?;
                let arrival = self.files.arrive()?;
                self.files.check_floor().await?;
                return Ok(Receiving {
                    part,
                    start: offset,
                    checksum,
                    files: self.files.clone(),
                    floor: FloorLook::default(),
                    _slot: slot,
                    arrival,
                });
            }
            Found::Unfinished(part) => part.offset,
            Found::Stored(upload) => length_of(&upload),
        };
        Err(Refusal::WrongOffset { offset: stopped_at }.into())
    }

    /// Ends a request that brought bytes: they are safe when this answers, and the file is kept when
    /// they were the last.
    ///
    /// # Errors
    /// `ChecksumMismatch`, and then nothing of the request stays; what the disk says, or what stands
    /// against keeping the file.
    pub async fn end_receiving(self: &Arc<Self>, receiving: Receiving) -> Result<Progress> {
        let Receiving { mut part, start, checksum, _slot, arrival: _arrival, .. } = receiving;
        if checksum.is_some_and(|checksum| !checksum.fits()) {
            part.cut_to(start).await?;
            return Err(Refusal::ChecksumMismatch.into());
        }
        self.pause(part).await
    }

    /// Gives up a file of hers that is in no message.
    ///
    /// # Errors
    /// `NotFound`, `UploadHeld`.
    pub async fn cancel_upload(&self, actor: &Actor, id: UploadId) -> Result<()> {
        match self.find(actor, id, IfHeld::Interrupt).await? {
            Found::Unfinished(part) => {
                self.files.forget(id).await;
                drop(part);
                Ok(())
            }
            Found::Stored(_) => self.delete_upload(actor, id).await,
        }
    }

    /// A file of hers that is promised, arriving or stored.
    async fn find(&self, actor: &Actor, id: UploadId, if_held: IfHeld) -> Result<Found> {
        let missing = || Error::from(Refusal::NotFound(Noun::Upload));
        if let Some(promise) = self.files.promised(id).await? {
            // Before anything else: others can neither see nor disturb it.
            if promise.owner() != actor.id() {
                return Err(missing());
            }
            match self.files.take(id, if_held).await? {
                // The server died between noting the file and forgetting its promise.
                Some(part) if part.is_moved() && self.store.upload(id).await?.is_some() => {
                    self.files.forget_promise(id).await;
                }
                Some(part) if self.is_expired(&part) => self.files.forget(id).await,
                Some(part) => return Ok(Found::Unfinished(part)),
                None => {}
            }
        }
        let upload = self.store.upload(id).await?.filter(|upload| upload.owner == actor.id());
        upload.map(Found::Stored).ok_or_else(missing)
    }

    async fn pause(self: &Arc<Self>, mut part: Part) -> Result<Progress> {
        if part.is_complete() {
            let chat = Arc::clone(self);
            // A task of its own: a client that goes away must not leave a file half kept.
            let kept = tokio::spawn(async move { chat.keep_part(part).await }).await;
            let upload = kept.map_err(|error| Error::Internal(error.to_string()))??;
            return Ok(self.progress_of_stored(&upload));
        }
        part.sync().await?;
        Ok(Progress {
            id: part.id,
            offset: part.offset,
            length: part.promise.length,
            expires: part.touched.checked_add(self.upload_keep()),
            metadata: Some(part.promise.metadata.clone()),
        })
    }

    /// Makes a complete part a file.
    async fn keep_part(&self, part: Part) -> Result<Upload> {
        let (id, promise) = (part.id, part.promise.clone());
        let finished = self.files.settle(&part).await?;
        let owner = promise.owner();
        let kept = self.keep(owner, id, promise.name, promise.media_type, finished).await;
        if let Err(error) = kept {
            // What is refused now is refused always; anything else may pass.
            if matches!(error, Error::Refused(_)) {
                self.files.forget(id).await;
            }
            return Err(error);
        }
        let upload = self.store.upload(id).await?;
        self.files.forget_promise(id).await;
        drop(part);
        Ok(upload.ok_or(Refusal::NotFound(Noun::Upload))?)
    }

    /// Removes what began to arrive and was given up.
    pub(super) async fn sweep_unfinished(&self) -> Result<()> {
        for id in self.files.stale(self.upload_keep(), self.clock.system_now()).await {
            // Whoever is at it now may be about to finish it.
            let Some(_held) = self.files.hold(id).await else { continue };
            // The server may have died between noting a file and forgetting its promise.
            if self.store.upload(id).await?.is_some() {
                self.files.forget_promise(id).await;
            } else {
                self.files.forget(id).await;
            }
        }
        Ok(())
    }

    fn is_expired(&self, part: &Part) -> bool {
        self.clock
            .system_now()
            .duration_since(part.touched)
            .is_ok_and(|age| age > self.upload_keep())
    }

    fn upload_keep(&self) -> Duration {
        Duration::from_millis(u64::try_from(self.rules.upload_keep_ms).unwrap_or(0))
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

fn length_of(upload: &Upload) -> u64 {
    u64::try_from(upload.attachment.size_bytes).unwrap_or(0)
}
