//! Files: taking them in, and giving them to those who may read them.

use super::limits::UploadSlot;
use super::{Actor, Chat, Result};
use crate::files::{Arrival, Claim, Error as FilesError, Finished, Held, Incoming};
use crate::model::ids::{UploadId, UserId};
use crate::model::refusal::{Noun, Refusal};
use crate::model::uploads::{Attachment, Upload};
use crate::secrets;

/// The longest file name, in characters.
const MAX_NAME: usize = 255;
/// The media type of a file that says nothing of itself.
const UNKNOWN: &str = "application/octet-stream";
/// The kinds of pictures that are recognised by their bytes.
const RECOGNISED: [&str; 8] = [
    "image/png",
    "image/apng",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "image/avif",
    "image/heic",
    "image/heif",
];

/// A file that somebody sends.
pub struct NewFile {
    id: UploadId,
    name: String,
    media_type: String,
    incoming: Incoming,
    /// Until its row is written, nobody takes the file for one that belongs to nothing, and its bytes
    /// count.
    arrival: (Held, Claim),
    _slot: UploadSlot,
}

/// A file that may be read.
pub struct StoredFile {
    /// What is known of it.
    pub attachment: Attachment,
    /// SHA-256 of its bytes.
    pub sha256: [u8; 32],
    /// Its bytes, open at the start.
    pub file: tokio::fs::File,
    /// Their length.
    pub length: u64,
}

impl NewFile {
    /// Its place among the files that arrive now.
    #[must_use]
    pub fn arrival(&self) -> Arrival {
        self.incoming.arrival().clone()
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// `TooLarge`, or what the disk says.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        Ok(self.incoming.write(bytes).await?)
    }
}

impl Chat {
    /// Starts to take a file.
    ///
    /// # Errors
    /// `TooMany`, `TooLarge` when the announced length is, `BadFile`, `QuotaReached`, `StorageLow`.
    pub async fn begin_upload(
        &self,
        actor: &Actor,
        name: &str,
        media_type: Option<&str>,
        announced_bytes: Option<u64>,
    ) -> Result<NewFile> {
        let max_bytes = self.rules.upload_limit_bytes;
        if announced_bytes.is_some_and(|announced| announced > max_bytes) {
            return Err(Refusal::TooLarge { max_bytes }.into());
        }
        let name = file_name(name).ok_or(Refusal::BadFile)?;
        let slot = self.meters.uploads_at_once.take(actor)?;
        self.meters.uploads.take(actor, self.clock.uptime())?;
        let id = secrets::upload_id()?;
        let held = self.files.hold(id).await.ok_or(FilesError::Held)?;
        let claim = self.files.claim(id, actor.id(), announced_bytes.unwrap_or(max_bytes))?;
        self.room_for(actor, &claim).await?;
        let incoming = self.files.begin(id, max_bytes).await?;
        let media_type = plain_media_type(media_type);
        Ok(NewFile { id, name, media_type, incoming, arrival: (held, claim), _slot: slot })
    }

    /// Keeps a file whose last bytes have come.
    ///
    /// # Errors
    /// `EmptyFile`, or what the disk says.
    pub async fn finish_upload(&self, actor: &Actor, new: NewFile) -> Result<Attachment> {
        let finished = new.incoming.finish().await?;
        let kept = self.keep(actor.id(), new.id, new.name, new.media_type, finished).await;
        if kept.is_err() {
            self.files.remove(new.id).await;
        }
        drop(new.arrival);
        kept
    }

    /// Looks at a file that is in its place, and notes it in the store.
    pub(super) async fn keep(
        &self,
        owner: UserId,
        id: UploadId,
        name: String,
        media_type: String,
        finished: Finished,
    ) -> Result<Attachment> {
        let picture = self.files.picture(id).await?;
        let attachment = Attachment {
            id,
            name,
            size_bytes: i64::try_from(finished.size).unwrap_or(i64::MAX),
            media_type: picture.map_or_else(
                || unless_recognised(media_type),
                |picture| picture.media_type.to_owned(),
            ),
            pixels: picture.and_then(|picture| picture.pixels),
            moving: picture.is_some_and(|picture| picture.moving),
            thumbnail: picture.is_some_and(|picture| picture.thumbnail),
        };
        let upload = Upload {
            attachment: attachment.clone(),
            owner,
            created_at: self.clock.now(),
            sha256: finished.sha256,
            message: None,
        };
        self.store.add_upload(upload).await?;
        Ok(attachment)
    }

    /// Forgets a file of hers that is in no message.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn delete_upload(&self, actor: &Actor, id: UploadId) -> Result<()> {
        if !self.store.delete_upload(actor.id(), id).await? {
            return Err(Refusal::NotFound(Noun::Upload).into());
        }
        self.files.remove(id).await;
        Ok(())
    }

    /// What is known of a file of hers, in a message or not yet.
    ///
    /// # Errors
    /// `NotFound`, also when it is somebody else's.
    pub async fn upload(&self, actor: &Actor, id: UploadId) -> Result<Attachment> {
        let upload = self.store.upload(id).await?.filter(|upload| upload.owner == actor.id());
        Ok(upload.ok_or(Refusal::NotFound(Noun::Upload))?.attachment)
    }

    /// Opens a file for somebody who may read it: its sender, and once it is in a message whoever
    /// may read the channel.
    ///
    /// # Errors
    /// `NotFound`, also when she may not know of it.
    pub async fn file(&self, actor: &Actor, id: UploadId, thumbnail: bool) -> Result<StoredFile> {
        let missing = || Refusal::NotFound(Noun::Upload);
        let upload = self.store.upload(id).await?.ok_or_else(missing)?;
        match upload.message {
            Some((channel, _)) => drop(self.channel(actor, channel).await?),
            None if upload.owner == actor.id() => {}
            None => return Err(missing().into()),
        }
        let (file, length) = self.files.read(id, thumbnail).await?.ok_or_else(missing)?;
        Ok(StoredFile { attachment: upload.attachment, sha256: upload.sha256, file, length })
    }
}

/// The last part of a path, without characters that a file system or a header trips over.
pub(super) fn file_name(sent: &str) -> Option<String> {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain = last.chars().filter(|c| !c.is_control() && !is_direction(*c));
    let name: String = plain.skip_while(|c| c.is_whitespace()).take(MAX_NAME).collect();
    // Windows drops both from the end, in any mixture.
    let name = name.trim_end_matches(|c: char| c.is_whitespace() || c == '.');
    (!name.is_empty()).then(|| name.to_owned())
}

/// Characters that turn the direction of text, which can dress `gpj.exe` up as `exe.jpg`.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// `type/subtype` in lower case without parameters, or the type of the unknown.
pub(super) fn plain_media_type(sent: Option<&str>) -> String {
    let sent = sent.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    let token = |part: &str| {
        !part.is_empty()
            && part.len() <= 64
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
    };
    match sent.split_once('/') {
        Some((kind, subtype)) if token(kind) && token(subtype) => sent.to_ascii_lowercase(),
        _ => UNKNOWN.to_owned(),
    }
}

/// What a file claims to be that was not recognised: the kinds that would have been are not it.
fn unless_recognised(claimed: String) -> String {
    if RECOGNISED.contains(&claimed.as_str()) { UNKNOWN.to_owned() } else { claimed }
}

#[cfg(test)]
mod tests {
    use super::{file_name, plain_media_type};

    #[test]
    fn names_lose_their_path_and_what_deceives() {
        assert_eq!(file_name("码头用语对照表.xlsx").as_deref(), Some("码头用语对照表.xlsx"));
        assert_eq!(file_name("../../etc/passwd").as_deref(), Some("passwd"));
        assert_eq!(file_name("C:\\Users\\a\\b.txt").as_deref(), Some("b.txt"));
        assert_eq!(file_name("a\u{202e}gpj.exe\r\n").as_deref(), Some("agpj.exe"));
        assert_eq!(file_name("/"), None);
        assert_eq!(file_name(" a. . ").as_deref(), Some("a"));
        assert_eq!(file_name(" . ."), None);
        assert_eq!(file_name(&"x".repeat(300)).map(|name| name.len()), Some(255));
    }

    #[test]
    fn a_media_type_is_plain_or_unknown() {
        assert_eq!(plain_media_type(Some("Text/Plain; charset=utf-8")), "text/plain");
        for odd in [None, Some(""), Some("text"), Some("a/b\r\nx: y"), Some("a b/c")] {
            assert_eq!(plain_media_type(odd), "application/octet-stream");
        }
    }
}
