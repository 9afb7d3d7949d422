//! Secrets: how they are made and written, and what the store keeps of them.
//!
//! Session tokens, device keys and bot tokens are 256 random bits that nobody can guess, so one
//! round of SHA-256 is enough to store them. They are looked up by that hash, so no secret is ever
//! compared byte by byte. Passwords need more; see `chat/passwords.rs`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use crate::model::ids::{ChannelId, MessageKey, PictureId, SecretHash, UploadId};
use crate::model::invites::ShortCode;
use crate::model::time::Timestamp;

/// The operating system gave no random bits.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gave no random bits: {0}")]
pub struct NoEntropy(String);

/// A 256-bit secret, as its owner gets it.
#[derive(Clone)]
pub struct Secret([u8; 32]);

impl Secret {
    /// Makes a secret.
    ///
    /// # Errors
    /// When the operating system has no random bits to give.
    pub fn generate() -> Result<Self, NoEntropy> {
        random().map(Self)
    }

    /// Reads what [`Secret::text`] wrote.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        // 43 characters are exactly 32 bytes; a text of another length is no secret.
        if text.len() != 43 {
            return None;
        }
        URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Self)
    }

    /// The secret as 43 characters of URL-safe base64.
    #[must_use]
    pub fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// The hash, which is all that the store keeps.
    #[must_use]
    pub fn hash(&self) -> SecretHash {
        SecretHash(Sha256::digest(self.0).into())
    }
}

/// The code of an invite: 128 random bits.
pub struct InviteCode([u8; 16]);

impl InviteCode {
    /// Reads what [`InviteCode::text`] wrote.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 22 {
            return None;
        }
        URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Self)
    }

    /// The code as 22 characters of URL-safe base64.
    #[must_use]
    pub fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// The hash, by which it is looked up.
    #[must_use]
    pub fn hash(&self) -> SecretHash {
        SecretHash(Sha256::digest(self.0).into())
    }
}

/// Makes the code of an invite.
///
/// # Errors
/// When the operating system has no random bits to give.
pub fn invite_code() -> Result<InviteCode, NoEntropy> {
    random().map(InviteCode)
}

/// A short code for a projector: each of the 31^6 is as likely as any other, to one in 10^10.
///
/// # Errors
/// When the operating system has no random bits to give.
pub fn short_code() -> Result<ShortCode, NoEntropy> {
    random().map(|bits| ShortCode::of_number(u64::from_le_bytes(bits) % 31_u64.pow(6)))
}

/// A key for a message whose client made none: a UUID of version 7 (RFC 9562). Such keys begin with
/// the time, so they are side by side in the store's index, which is cheaper to write.
///
/// # Errors
/// When the operating system has no random bits to give.
pub fn message_key(at: Timestamp) -> Result<MessageKey, NoEntropy> {
    let millis = u64::try_from(at.0).unwrap_or(0);
    let bits = random()?;
    let uuid = uuid::Builder::from_unix_timestamp_millis(millis, &bits).into_uuid();
    Ok(MessageKey(uuid.into_bytes()))
}

/// A random id for a channel that is not public: from 2^32 on, so that it is none of the counted ones, and
/// below 2^53, which every client can hold.
///
/// # Errors
/// When the operating system has no random bits to give.
pub fn private_channel_id() -> Result<ChannelId, NoEntropy> {
    const FIRST: u64 = 1 << 32;
    const END: u64 = 1 << 53;
    let bits = u64::from_le_bytes(random()?);
    // The range is no power of two: of 2^64 values some ids get one more than others, which is nothing.
    let id = FIRST + bits % (END - FIRST);
    Ok(ChannelId(i64::try_from(id).unwrap_or(i64::MAX)))
}

/// A random id for a file, which nobody can guess.
///
/// # Errors
/// When the operating system has no random bits to give.
pub fn upload_id() -> Result<UploadId, NoEntropy> {
    random().map(UploadId)
}

/// A random id for a person's picture, which nobody can guess.
///
/// # Errors
/// When the operating system has no random bits to give.
pub fn picture_id() -> Result<PictureId, NoEntropy> {
    random().map(PictureId)
}

/// A salt for a password's hash (RFC 9106, 3.1: 128 bits are enough).
///
/// # Errors
/// When the operating system has no random bits to give.
pub fn salt() -> Result<[u8; 16], NoEntropy> {
    random()
}

fn random<const N: usize>() -> Result<[u8; N], NoEntropy> {
    let mut bits = [0; N];
    getrandom::fill(&mut bits).map_err(|error| NoEntropy(error.to_string()))?;
    Ok(bits)
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn a_secret_survives_its_text_and_nothing_else_is_one() {
        let secret = Secret::generate().unwrap();
        let again = Secret::parse(&secret.text()).unwrap();
        assert_eq!(secret.hash(), again.hash());
        assert_eq!(secret.text().len(), 43);
        for text in ["", "short", &"A".repeat(42), &"!".repeat(43), &"A".repeat(4096)] {
            assert!(Secret::parse(text).is_none(), "{text}");
        }
    }
}
