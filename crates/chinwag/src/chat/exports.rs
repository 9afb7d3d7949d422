//! What a person takes along: their profile, all that they wrote, and their files.

use super::limits::ArchiveSlot;
use super::{Actor, Chat, Result, StoredFile};
use crate::model::ids::{ChannelId, Number};
use crate::model::names::DisplayName;
use crate::model::refusal::{Noun, Refusal};
use crate::model::time::Timestamp;
use crate::model::uploads::Attachment;
use crate::model::users::Account;
use crate::store::{Place, WrittenPage};

/// A person's data that is being read.
pub struct Export {
    /// The person.
    pub account: Account,
    /// When it was begun.
    pub at: Timestamp,
    /// Also what they wrote where they may not read any more: for the operator, who sees all.
    everywhere: bool,
    _slot: Option<ArchiveSlot>,
}

impl Export {
    /// Where its pages begin.
    pub const BEGINNING: Place = (ChannelId(0), Number(0));
}

impl Chat {
    /// Begins to read the actor's own data: what they wrote where they still read. It takes a slot until
    /// it is dropped. Nobody reads that of another: it holds what they wrote in private.
    ///
    /// # Errors
    /// `Forbidden` for a bot token, `TooMany`.
    pub async fn begin_export(&self, actor: &Actor) -> Result<Export> {
        actor.in_person()?;
        self.meters.commands.take(actor, self.clock.uptime())?;
        let slot = Some(self.meters.exports.take(actor.id())?);
        let account = self.store.account(actor.id()).await?;
        let account = account.ok_or(Refusal::NotFound(Noun::User))?;
        Ok(Export { account, at: self.clock.now(), everywhere: false, _slot: slot })
    }

    /// Begins to read the data of whoever has that name, by order of the operator: also of an account
    /// that is deactivated, and what was written where they do not read any more. `None`: nobody has the
    /// name.
    ///
    /// # Errors
    /// `DisplayName`, or when the store cannot.
    pub async fn operators_export(&self, name: &str) -> Result<Option<Export>> {
        let name = DisplayName::parse(name).map_err(Refusal::DisplayName)?;
        let account = self.store.account_named(&name).await?;
        let at = self.clock.now();
        Ok(account.map(|account| Export { account, at, everywhere: true, _slot: None }))
    }

    /// The next part of what the person wrote.
    ///
    /// # Errors
    /// `NotSignedIn` as soon as the person has no right to it any more.
    pub async fn export_page(&self, export: &Export, after: Place) -> Result<WrittenPage> {
        self.check_export(export).await?;
        let whom = export.account.user.id;
        Ok(self.store.written_page(whom, export.everywhere, after).await?)
    }

    /// Opens a file of the person's. `None`: it was removed meanwhile.
    ///
    /// # Errors
    /// As [`export_page`](Self::export_page).
    pub async fn export_file(
        &self,
        export: &Export,
        file: &Attachment,
    ) -> Result<Option<StoredFile>> {
        self.check_export(export).await?;
        let upload = self.store.upload(file.id).await?;
        let whom = export.account.user.id;
        let Some(upload) = upload.filter(|upload| upload.owner == whom) else { return Ok(None) };
        let Some((file, length)) = self.files.read(upload.attachment.id, false).await? else {
            return Ok(None);
        };
        let (attachment, sha256) = (upload.attachment, upload.sha256);
        Ok(Some(StoredFile { attachment, sha256, file, length }))
    }

    /// Checks that whoever takes their own data along may still do it. An archive can take long, and their
    /// account may have been deactivated meanwhile, or their visit be over. The operator always may.
    async fn check_export(&self, export: &Export) -> Result<()> {
        if export.everywhere {
            return Ok(());
        }
        let account = self.store.account(export.account.user.id).await?;
        let is_active = account.is_some_and(|account| account.is_active(self.clock.now()));
        if is_active { Ok(()) } else { Err(Refusal::NotSignedIn.into()) }
    }

    /// The largest square of the person's picture; `None` if they have none.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn export_picture(&self, export: &Export) -> Result<Option<Vec<u8>>> {
        match export.account.user.picture {
            Some(picture) => Ok(self.store.picture(picture, u32::MAX).await?),
            None => Ok(None),
        }
    }
}
