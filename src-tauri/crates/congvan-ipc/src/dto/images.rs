use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a picture for signatures is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ImageRole {
    /// The handwritten signature of a leader.
    Signature,
    /// The initials of who checked the draft (ký nháy).
    Initials,
    /// The seal of the agency.
    Seal,
}

/// A picture that is kept; its bytes are at `page://localhost/signature-image/{sha256}`.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct SignatureImageDto {
    /// What it is of.
    pub role: ImageRole,
    /// Hash of the PNG.
    pub sha256: String,
    /// Pixels.
    pub width_px: u32,
    /// Pixels.
    pub height_px: u32,
    /// Millimetres on paper.
    pub width_mm: f32,
    /// Millimetres on paper.
    pub height_mm: f32,
    /// When it was taken in.
    pub at: i64,
}

/// Arguments of `signature_image_put`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct SignatureImagePut {
    /// What it is of; it takes the place of the one there was.
    pub role: ImageRole,
    /// The PNG in base64: see-through, at most 200 KB and 2,400 pixels a side. It comes once, from
    /// the wizard that made it, and is small: the one picture that crosses as text.
    pub png: String,
    /// Millimetres on paper, in the proportion of the pixels.
    pub width_mm: f32,
    /// Millimetres on paper.
    pub height_mm: f32,
}

/// Arguments of `signature_image_remove`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct SignatureImageRemove {
    /// Which.
    pub role: ImageRole,
}
