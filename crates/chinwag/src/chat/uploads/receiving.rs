//! Receiving bytes: the one way in for a file that is sent at one go and for a part of one.

use std::sync::Arc;

use bytes::Bytes;

use super::checksum::Checksum;
use super::description::{file_name, plain_media_type};
use super::resumable::{Found, Progress, length_of};
use crate::chat::limits::UploadSlot;
use crate::chat::{Actor, Chat, Result};
use crate::files::{Arrival, IfHeld, Incoming, Promise};
use crate::model::ids::UploadId;
use crate::model::refusal::Refusal;
use crate::model::uploads::Attachment;
use crate::secrets;

/// A request that brings bytes of an upload.
pub struct Receiving {
    incoming: Incoming,
    /// Where the bytes of this request begin.
    start: u64,
    checksum: Option<Checksum>,
    arrival: Arrival,
    _slot: UploadSlot,
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
    /// `TooLarge` when they are more than is allowed or was promised, `StorageLow`, or what the
    /// disk says.
    pub async fn write(&mut self, bytes: Bytes) -> Result<()> {
        if let Some(checksum) = &mut self.checksum {
            checksum.update(&bytes);
        }
        Ok(self.incoming.write(bytes).await?)
    }

    /// Waits until the owner comes back by another request: this one is given up.
    pub async fn wanted(&self) {
        self.incoming.wanted().await;
    }

    /// How many bytes are still to come, at most.
    #[must_use]
    pub fn missing(&self) -> u64 {
        self.incoming.promise.length.saturating_sub(self.incoming.offset)
    }
}

impl Chat {
    /// Begins to receive a file that is sent at one go.
    ///
    /// # Errors
    /// `TooMany`, `TooLarge` when the announced length is, `BadFile`, `QuotaReached`, `StorageLow`,
    /// `Denied` for whoever is muted everywhere.
    pub async fn begin_upload(
        &self,
        actor: &Actor,
        name: &str,
        media_type: Option<&str>,
        announced_bytes: Option<u64>,
    ) -> Result<Receiving> {
        actor.check_heard(self.clock.now())?;
        let max_bytes = self.rules.upload_limit_bytes;
        if announced_bytes.is_some_and(|announced| announced > max_bytes) {
            return Err(Refusal::TooLarge { max_bytes }.into());
        }
        let name = file_name(name).ok_or(Refusal::BadFile)?;
        let slot = self.meters.uploads_at_once.take(actor)?;
        self.meters.uploads.take(actor, self.clock.uptime())?;
        let id = secrets::upload_id()?;
        let claim = self.files.claim(id, actor.id(), announced_bytes.unwrap_or(max_bytes))?;
        self.room_for(actor, &claim).await?;
        let arrival = self.files.arrive()?;
        let promise = Promise::new(actor.id(), name, plain_media_type(media_type), max_bytes);
        let incoming = self.files.begin(id, promise, claim).await?;
        Ok(Receiving { incoming, start: 0, checksum: None, arrival, _slot: slot })
    }

    /// Keeps a file that was sent at one go, after its last bytes have come.
    ///
    /// # Errors
    /// `EmptyFile`, or what the disk says.
    pub async fn finish_upload(&self, receiving: Receiving) -> Result<Attachment> {
        let Receiving { incoming, _slot, arrival: _arrival, .. } = receiving;
        Ok(self.keep(incoming).await?.attachment)
    }

    /// Goes on with a promised file of the actor's, at `offset`, with bytes of that checksum.
    ///
    /// # Errors
    /// `NotFound`, `UploadHeld`, `WrongOffset`, `TooMany`, `StorageLow`, `Denied` for whoever is muted
    /// everywhere.
    pub async fn continue_upload(
        &self,
        actor: &Actor,
        id: UploadId,
        offset: u64,
        checksum: Option<Checksum>,
    ) -> Result<Receiving> {
        let stopped_at = match self.find(actor, id, IfHeld::GiveUp).await? {
            Found::Unfinished(incoming) if incoming.offset == offset => {
                actor.check_heard(self.clock.now())?;
                let slot = self.meters.uploads_at_once.take(actor)?;
                let arrival = self.files.arrive()?;
                self.files.check_floor().await?;
                let incoming = *incoming;
                return Ok(Receiving { incoming, start: offset, checksum, arrival, _slot: slot });
            }
            Found::Unfinished(incoming) => incoming.offset,
            Found::Stored(upload) => length_of(&upload),
        };
        Err(Refusal::WrongOffset { offset: stopped_at }.into())
    }

    /// Ends a request that brought a part of a promised file. The bytes are safe on disk when this
    /// answers, and the file is kept when they were the last.
    ///
    /// # Errors
    /// `ChecksumMismatch`, and then nothing of the request stays; what the disk says, or what
    /// stands against keeping the file.
    pub async fn end_part(self: &Arc<Self>, receiving: Receiving) -> Result<Progress> {
        let Receiving { mut incoming, start, checksum, _slot, arrival: _arrival } = receiving;
        if checksum.is_some_and(|checksum| !checksum.fits()) {
            incoming.cut_to(start).await?;
            return Err(Refusal::ChecksumMismatch.into());
        }
        self.pause(incoming).await
    }
}
