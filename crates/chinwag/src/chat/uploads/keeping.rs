//! From bytes that have all come to a file that a message can carry.

use super::description::unless_recognised;
use crate::chat::{Chat, Error, Result};
use crate::files::{Finished, Incoming, Picture};
use crate::model::uploads::{Attachment, Upload};

impl Chat {
    /// Keeps a file whose bytes have all come.
    ///
    /// # Errors
    /// `EmptyFile`, what the disk says, or when the store cannot note it.
    pub(super) async fn keep(&self, mut incoming: Incoming) -> Result<Upload> {
        let finished = incoming.settle().await?;
        match self.note_upload(&incoming, finished).await {
            Ok(upload) => {
                self.files.forget_promise(incoming.id).await;
                Ok(upload)
            }
            Err(error) => {
                // A refusal is final; anything else may pass, and then a promised file is still
                // there for its sender to ask again.
                if !incoming.is_resumable() || matches!(error, Error::Refused(_)) {
                    self.files.forget(incoming.id).await;
                }
                Err(error)
            }
        }
    }

    /// Looks whether a file is a picture, and writes its row.
    async fn note_upload(&self, incoming: &Incoming, finished: Finished) -> Result<Upload> {
        let picture = self.files.picture(incoming.id).await?;
        let upload = Upload {
            attachment: attachment(incoming, finished, picture),
            owner: incoming.promise.owner(),
            created_at: self.clock.now(),
            sha256: finished.sha256,
            message: None,
        };
        self.store.add_upload(upload.clone()).await?;
        Ok(upload)
    }
}

fn attachment(incoming: &Incoming, finished: Finished, picture: Option<Picture>) -> Attachment {
    let promise = &incoming.promise;
    Attachment {
        id: incoming.id,
        name: promise.name.clone(),
        size_bytes: i64::try_from(finished.size).unwrap_or(i64::MAX),
        media_type: picture.map_or_else(
            || unless_recognised(promise.media_type.clone()),
            |picture| picture.media_type.to_owned(),
        ),
        pixels: picture.and_then(|picture| picture.pixels),
        moving: picture.is_some_and(|picture| picture.moving),
        thumbnail: picture.is_some_and(|picture| picture.thumbnail),
    }
}
