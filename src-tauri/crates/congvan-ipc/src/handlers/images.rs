use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use congvan_core::{Desk, IMAGE_BYTES, SignatureImage};
use congvan_model::Sha256;

use super::Answer;
use crate::{
    ErrorCode, IpcError,
    dto::{Empty, ImageRole, SignatureImageDto, SignatureImagePut, SignatureImageRemove},
};

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn signature_image_list(desk: &Arc<Desk>, _: Empty) -> Answer<Vec<SignatureImageDto>> {
    let images = desk.signature_images().await?;
    Ok(images.iter().map(SignatureImageDto::from).collect())
}

/// See the command table.
///
/// # Errors
/// `IMAGE_REFUSED`, `NOT_LOGGED_IN`, disk faults.
pub async fn signature_image_put(
    desk: &Arc<Desk>,
    args: SignatureImagePut,
) -> Answer<SignatureImageDto> {
    // Four characters for three bytes: nothing larger is even decoded.
    if args.png.len() / 4 * 3 > IMAGE_BYTES + 3 {
        return Err(IpcError::new(ErrorCode::ImageRefused).with("reason", "TOO_LARGE"));
    }
    let png = STANDARD
        .decode(&args.png)
        .map_err(|_| IpcError::new(ErrorCode::InvalidRequest))?;
    let size = (f64::from(args.width_mm), f64::from(args.height_mm));
    let image = desk
        .put_signature_image(args.role.into(), png, size)
        .await?;
    Ok(SignatureImageDto::from(&image))
}

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn signature_image_remove(desk: &Arc<Desk>, args: SignatureImageRemove) -> Answer<Empty> {
    desk.remove_signature_image(args.role.into()).await?;
    Ok(Empty {})
}

/// A kept picture, for `page://localhost/signature-image/{sha256}`.
pub(super) async fn signature_image_png(desk: &Arc<Desk>, sha256: Sha256) -> Answer<Vec<u8>> {
    desk.signature_images()
        .await?
        .into_iter()
        .find(|image| image.sha256 == sha256)
        .map(|image| image.png)
        .ok_or_else(|| IpcError::new(ErrorCode::NotFound))
}

impl From<&SignatureImage> for SignatureImageDto {
    fn from(image: &SignatureImage) -> Self {
        #[allow(clippy::cast_possible_truncation)] // Millimetres of a picture: a few digits.
        let mm = |value: f64| value as f32;
        Self {
            role: image.role.into(),
            sha256: image.sha256.to_string(),
            width_px: image.width_px,
            height_px: image.height_px,
            width_mm: mm(image.width_mm),
            height_mm: mm(image.height_mm),
            at: image.at.0,
        }
    }
}

impl From<ImageRole> for congvan_core::ImageRole {
    fn from(role: ImageRole) -> Self {
        match role {
            ImageRole::Signature => Self::Signature,
            ImageRole::Initials => Self::Initials,
            ImageRole::Seal => Self::Seal,
        }
    }
}

impl From<congvan_core::ImageRole> for ImageRole {
    fn from(role: congvan_core::ImageRole) -> Self {
        match role {
            congvan_core::ImageRole::Signature => Self::Signature,
            congvan_core::ImageRole::Initials => Self::Initials,
            congvan_core::ImageRole::Seal => Self::Seal,
        }
    }
}
