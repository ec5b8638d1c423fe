//! The person's pictures for signatures: handwriting, initials, the agency's seal.

use congvan_model::{Sha256, Timestamp};
use rusqlite::{OptionalExtension as _, Row, params};

use crate::{Store, error::Result};

/// What a picture is of. The words in the database are frozen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ImageRole {
    /// The handwritten signature of a leader.
    Signature,
    /// The initials of who checked the draft (ký nháy).
    Initials,
    /// The seal of the agency.
    Seal,
}

impl ImageRole {
    /// All roles.
    pub const ALL: [Self; 3] = [Self::Signature, Self::Initials, Self::Seal];

    /// The word in the database and at the border.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Signature => "signature",
            Self::Initials => "initials",
            Self::Seal => "seal",
        }
    }

    /// The role of a word; none for an unknown one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }
}

/// A picture and its size on paper.
#[derive(Clone, Debug, PartialEq)]
pub struct SignatureImage {
    /// What it is of.
    pub role: ImageRole,
    /// Hash of the PNG: names it in the face.
    pub sha256: Sha256,
    /// The PNG.
    pub png: Vec<u8>,
    /// Pixels.
    pub width_px: u32,
    /// Pixels.
    pub height_px: u32,
    /// Millimetres on paper.
    pub width_mm: f64,
    /// Millimetres on paper.
    pub height_mm: f64,
    /// When it was taken in.
    pub at: Timestamp,
}

impl Store {
    /// The person's pictures, by role.
    ///
    /// # Errors
    /// Disk errors.
    pub fn signature_images(&self) -> Result<Vec<SignatureImage>> {
        self.read(|db| {
            let mut select = db.prepare_cached(
                "SELECT role, sha256, png, width_px, height_px, width_mm, height_mm, at
                 FROM signature_image ORDER BY role",
            )?;
            let rows = select.query_map([], image)?;
            Ok(rows
                .collect::<rusqlite::Result<Vec<_>>>()?
                .into_iter()
                .flatten()
                .collect())
        })
    }

    /// The picture of a role; none when there is none.
    ///
    /// # Errors
    /// Disk errors.
    pub fn signature_image(&self, role: ImageRole) -> Result<Option<SignatureImage>> {
        self.read(|db| {
            Ok(db
                .query_row(
                    "SELECT role, sha256, png, width_px, height_px, width_mm, height_mm, at
                     FROM signature_image WHERE role = ?1",
                    params![role.word()],
                    image,
                )
                .optional()?
                .flatten())
        })
    }

    /// Keeps a picture in the place of the one its role had.
    ///
    /// # Errors
    /// Disk errors.
    pub fn put_signature_image(&self, image: &SignatureImage) -> Result<()> {
        self.write(|tx| {
            tx.execute(
                "INSERT INTO signature_image
                   (role, sha256, png, width_px, height_px, width_mm, height_mm, at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                 ON CONFLICT(role) DO UPDATE SET sha256 = excluded.sha256, png = excluded.png,
                   width_px = excluded.width_px, height_px = excluded.height_px,
                   width_mm = excluded.width_mm, height_mm = excluded.height_mm,
                   at = excluded.at",
                params![
                    image.role.word(),
                    image.sha256.0,
                    image.png,
                    image.width_px,
                    image.height_px,
                    image.width_mm,
                    image.height_mm,
                    image.at.0,
                ],
            )?;
            Ok(())
        })
    }

    /// Forgets the picture of a role.
    ///
    /// # Errors
    /// Disk errors.
    pub fn remove_signature_image(&self, role: ImageRole) -> Result<()> {
        self.write(|tx| {
            tx.execute(
                "DELETE FROM signature_image WHERE role = ?1",
                params![role.word()],
            )?;
            Ok(())
        })
    }
}

fn image(row: &Row<'_>) -> rusqlite::Result<Option<SignatureImage>> {
    let word: String = row.get(0)?;
    let Some(role) = ImageRole::from_word(&word) else {
        return Ok(None);
    };
    Ok(Some(SignatureImage {
        role,
        sha256: Sha256(row.get(1)?),
        png: row.get(2)?,
        width_px: row.get(3)?,
        height_px: row.get(4)?,
        width_mm: row.get(5)?,
        height_mm: row.get(6)?,
        at: Timestamp(row.get(7)?),
    }))
}
