//! The person's pictures for signatures: checked before they are kept, since they will be drawn
//! into documents that nobody can change afterwards.

use aws_lc_rs::digest;
use congvan_model::Sha256;
use congvan_pdf::RasterImage;
use congvan_store::{ImageRole, SignatureImage};

use crate::{ChangeTag, Desk, DeskError, Result};

/// The largest picture taken, bytes. A signature of 60 mm at 600 dpi needs a quarter of this.
pub const IMAGE_BYTES: usize = 200 * 1024;
/// The longest side, pixels: 100 mm at 600 dpi.
const IMAGE_SIDE: u32 = 2_400;
/// The shortest side in which a stroke can be seen, pixels.
const IMAGE_SIDE_LEAST: u32 = 16;
/// Sizes on paper that a signature, initials or a seal can have, millimetres.
const IMAGE_MM: std::ops::RangeInclusive<f64> = 4.0..=100.0;
/// How far the proportions on paper may be from those of the pixels.
const STRETCH: f64 = 0.02;

impl Desk {
    /// The person's pictures, at most one of a role.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn signature_images(&self) -> Result<Vec<SignatureImage>> {
        self.session()
            .await?
            .with_store(|store| store.signature_images())
            .await
    }

    /// Keeps a picture of the person in the place of the one its role had.
    ///
    /// # Errors
    /// `ImageRefused` with the rule it breaks, `NotLoggedIn`, disk errors.
    pub async fn put_signature_image(
        &self,
        role: ImageRole,
        png: Vec<u8>,
        (width_mm, height_mm): (f64, f64),
    ) -> Result<SignatureImage> {
        let now = self.now();
        let session = self.session().await?;
        let image = tokio::task::spawn_blocking(move || {
            let (width_px, height_px) = check(&png, (width_mm, height_mm))?;
            Ok::<_, DeskError>(SignatureImage {
                role,
                sha256: hash(&png),
                png,
                width_px,
                height_px,
                width_mm,
                height_mm,
                at: now,
            })
        })
        .await??;
        let kept = image.clone();
        session
            .with_store(move |store| store.put_signature_image(&kept))
            .await?;
        self.events_bus().changed(&[ChangeTag::Settings]);
        Ok(image)
    }

    /// Forgets the picture of a role.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn remove_signature_image(&self, role: ImageRole) -> Result<()> {
        self.session()
            .await?
            .with_store(move |store| store.remove_signature_image(role))
            .await?;
        self.events_bus().changed(&[ChangeTag::Settings]);
        Ok(())
    }
}

/// The pixels of a picture that may be kept.
fn check(png: &[u8], (width_mm, height_mm): (f64, f64)) -> Result<(u32, u32)> {
    let refuse = |reason| Err(DeskError::ImageRefused { reason });
    if png.len() > IMAGE_BYTES {
        return refuse("TOO_LARGE");
    }
    // The reader that will draw it is the one that must be able to read it.
    let Ok(image) = RasterImage::from_png(png) else {
        return refuse("NOT_PNG");
    };
    let (width, height) = (image.width, image.height);
    let sides = IMAGE_SIDE_LEAST..=IMAGE_SIDE;
    if !sides.contains(&width) || !sides.contains(&height) {
        return refuse("TOO_LARGE");
    }
    if !image.is_transparent() {
        return refuse("NO_TRANSPARENCY");
    }
    if !IMAGE_MM.contains(&width_mm) || !IMAGE_MM.contains(&height_mm) {
        return refuse("SIZE");
    }
    let stretch = (width_mm / height_mm) / (f64::from(width) / f64::from(height));
    if (stretch - 1.0).abs() > STRETCH {
        return refuse("SIZE");
    }
    Ok((width, height))
}

fn hash(bytes: &[u8]) -> Sha256 {
    let mut sha256 = Sha256([0; 32]);
    for (to, from) in sha256
        .0
        .iter_mut()
        .zip(digest::digest(&digest::SHA256, bytes).as_ref())
    {
        *to = *from;
    }
    sha256
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_see_through_png_of_sensible_size_is_refused() {
        let refused = |png: &[u8], size| match check(png, size) {
            Err(DeskError::ImageRefused { reason }) => reason,
            other => panic!("taken: {other:?}"),
        };
        assert_eq!(refused(b"GIF89a", (40.0, 20.0)), "NOT_PNG");
        assert_eq!(
            refused(&vec![0; IMAGE_BYTES + 1], (40.0, 20.0)),
            "TOO_LARGE"
        );
    }
}
