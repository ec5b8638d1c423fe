use congvan_model::Sha256;
use congvan_store::{ImageRole, SignatureImage};

use crate::support::{NOW, fresh, open};

fn picture(role: ImageRole, byte: u8) -> SignatureImage {
    SignatureImage {
        role,
        sha256: Sha256([byte; 32]),
        png: vec![byte; 1_000],
        width_px: 1_200,
        height_px: 500,
        width_mm: 50.0,
        height_mm: 20.8,
        at: NOW,
    }
}

#[test]
fn a_role_has_one_picture_and_it_is_there_after_a_restart() {
    let (dir, store) = fresh();
    for image in [
        picture(ImageRole::Signature, 1),
        picture(ImageRole::Seal, 2),
        picture(ImageRole::Signature, 3),
    ] {
        store.put_signature_image(&image).expect("kept");
    }
    drop(store);
    let (store, _) = open(dir.path());
    let images = store.signature_images().expect("read");
    assert_eq!(
        images,
        [
            picture(ImageRole::Seal, 2),
            picture(ImageRole::Signature, 3)
        ]
    );
    store
        .remove_signature_image(ImageRole::Seal)
        .expect("removed");
    let gone = store.signature_image(ImageRole::Seal).expect("read");
    assert_eq!(gone, None);
    let stays = store.signature_image(ImageRole::Signature).expect("read");
    assert_eq!(stays, Some(picture(ImageRole::Signature, 3)));
}

#[test]
fn a_picture_is_not_readable_in_the_files_of_the_store() {
    let (dir, store) = fresh();
    let mut image = picture(ImageRole::Signature, 0);
    image.png = b"\x89PNG the hand of the chairman".repeat(100);
    store.put_signature_image(&image).expect("kept");
    drop(store);
    for file in std::fs::read_dir(dir.path()).expect("folder") {
        let path = file.expect("entry").path();
        if path.is_file() {
            let bytes = std::fs::read(&path).expect("read");
            let found = bytes
                .windows(24)
                .any(|window| window == b"PNG the hand of the chai".as_slice());
            assert!(!found, "{} holds the picture in clear", path.display());
        }
    }
}
