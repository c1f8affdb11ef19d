//! Publications: the content that kiosks are offered, and every form that was ever added.
//!
//! Nothing is deleted here: a publication can be withdrawn, and a stored form never changes.

use domain::Timestamp;
use domain::content::{ContentKey, ContentVersion, FileHash};
use domain::wire::SignedManifest;

use super::Store;
use super::error::StoreError;
use super::model::audit::{AuditAction, AuditActor};
pub use super::model::publications::*;
use super::sqlite::{Sqlite, audit, content, forms};

/// Why a use case failed. Nothing was changed then, and no audit entry was written.
#[derive(Debug, thiserror::Error)]
pub enum PublicationError {
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The number was used before.
    #[error("content {0} was published before; pack again for the next number, and sign that")]
    Taken(ContentVersion),
    /// There is no such publication, or it was withdrawn before.
    #[error("content {0} is not offered to kiosks")]
    NotOffered(ContentVersion),
}

/// The use cases of publications.
#[derive(Clone, Copy, Debug)]
pub struct Publications<'a>(&'a Sqlite);

impl Store {
    pub fn publications(&self) -> Publications<'_> {
        Publications(&self.db)
    }
}

impl Publications<'_> {
    /// The key that content is signed with, once the operator has named it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn key(self) -> Result<Option<ContentKey>, StoreError> {
        self.0.read(content::key).await
    }

    /// Names the key that content is signed with.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_key(self, key: ContentKey, by: AuditActor, now: Timestamp) -> Result<(), StoreError> {
        self.0
            .write(move |db| {
                content::set_key(db, &key)?;
                audit::done(db, &by, AuditAction::ContentKey, &key.to_string(), now)
            })
            .await
    }

    /// Publishes content: from now on kiosks are offered it.
    ///
    /// # Errors
    /// [`PublicationError::Taken`].
    pub async fn publish(
        self,
        new: NewPublication,
        by: AuditActor,
        now: Timestamp,
    ) -> Result<(), PublicationError> {
        self.0
            .write(move |db| {
                let NewPublication { version, signed, files, forms } = new;
                if !content::publish(db, version, &signed, now)? {
                    return Err(PublicationError::Taken(version));
                }
                for (hash, bytes) in &files {
                    content::keep_file(db, hash, bytes)?;
                }
                for form in &forms {
                    forms::keep(db, form, now)?;
                }
                Ok(audit::done(db, &by, AuditAction::ContentPublished, &version.to_string(), now)?)
            })
            .await
    }

    /// Withdraws a publication: it is offered to no kiosk any more.
    ///
    /// # Errors
    /// [`PublicationError::NotOffered`].
    pub async fn withdraw(
        self,
        version: ContentVersion,
        by: AuditActor,
        now: Timestamp,
    ) -> Result<(), PublicationError> {
        self.0
            .write(move |db| {
                if !content::withdraw(db, version, now)? {
                    return Err(PublicationError::NotOffered(version));
                }
                Ok(audit::done(db, &by, AuditAction::ContentWithdrawn, &version.to_string(), now)?)
            })
            .await
    }

    /// Every publication, the newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn list(self) -> Result<Vec<Publication>, StoreError> {
        self.0.read(content::list).await
    }

    /// The highest version that was ever published.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn newest(self) -> Result<Option<ContentVersion>, StoreError> {
        self.0.read(content::newest).await
    }

    /// A publication as it was signed, for a kiosk.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn signed(self, version: ContentVersion) -> Result<Option<SignedManifest>, StoreError> {
        self.0.read_for_kiosk(move |db| content::signed(db, version)).await
    }

    /// A file of some publication, for a kiosk.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn file(self, hash: FileHash) -> Result<Option<Vec<u8>>, StoreError> {
        self.0.read_for_kiosk(move |db| content::file(db, &hash)).await
    }

    /// Stores the texts of forms. A form that is stored already does not change.
    ///
    /// # Errors
    /// [`StoreError`]; nothing is stored then.
    pub async fn keep_forms(self, new: Vec<FormSource>, now: Timestamp) -> Result<(), StoreError> {
        self.0.write(move |db| new.iter().try_for_each(|form| forms::keep(db, form, now))).await
    }

    /// The texts of all stored forms.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn forms(self) -> Result<Vec<FormSource>, StoreError> {
        self.0.read(forms::kept).await
    }
}
