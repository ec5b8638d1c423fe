//! What a bundle promises to whoever gives it away.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::{
    collections::HashSet,
    io::{Read as _, Write as _},
};

use congvan_courier::{
    CourierError, Head, Kind, PIECE, SealingKey, SigningKey, Trusted, look, seal,
};

const MANIFEST: &[u8] = r#"{"ý kiến":"Đồng ý, trình Chủ tịch"}"#.as_bytes();

/// What stands before the manifest and behind it.
const AROUND: usize = 8 + 8 + 64;

struct Two {
    province: SealingKey,
    desk: SigningKey,
}

impl Two {
    fn new() -> Self {
        Self {
            province: SealingKey::generate().unwrap(),
            desk: SigningKey::generate().unwrap(),
        }
    }

    fn head(&self) -> Head {
        Head {
            kind: Kind::Outgoing,
            province: "H99".to_owned(),
            office: "UBND xã Bình Minh Đông".to_owned(),
            bundle: "0123456789abcdef".to_owned(),
            to: self.province.public().id(),
        }
    }

    fn sealed(&self, files: &[u8]) -> Vec<u8> {
        let to = self.province.public();
        let mut sealer = seal(&self.head(), to, &self.desk, MANIFEST, Vec::new()).unwrap();
        sealer.write_all(files).unwrap();
        sealer.finish().unwrap()
    }

    fn opened<'a>(&self, bundle: &'a [u8]) -> Result<Trusted<&'a [u8]>, CourierError> {
        look(bundle)?
            .open(&self.province)?
            .trust(&self.desk.public().unwrap())
    }

    /// Whether all of it is what the desk wrote.
    fn takes(&self, bundle: &[u8]) -> Result<(), CourierError> {
        self.opened(bundle)?.to_the_end()
    }
}

#[test]
fn what_was_sealed_is_what_is_opened_whatever_its_length() {
    let two = Two::new();
    let full = PIECE - AROUND - MANIFEST.len();
    for length in [0, 1, full - 1, full, full + 1, full + PIECE, 3 * PIECE] {
        let files: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
        let bundle = two.sealed(&files);
        let mut trusted = two.opened(&bundle).unwrap();
        assert_eq!(trusted.head, two.head());
        assert_eq!(trusted.manifest, MANIFEST);
        let mut read = vec![0; length];
        trusted.read_exact(&mut read).unwrap();
        assert!(read == files, "{length}");
        trusted.to_the_end().unwrap();
    }
}

#[test]
fn a_changed_byte_anywhere_is_refused() {
    let two = Two::new();
    let mut bundle = two.sealed(b"%PDF-1.7");
    for at in 0..bundle.len() {
        bundle[at] ^= 1 << (at % 8);
        assert!(two.takes(&bundle).is_err(), "byte {at}");
        bundle[at] ^= 1 << (at % 8);
    }
    two.takes(&bundle).unwrap();
}

#[test]
fn a_bundle_that_is_cut_anywhere_is_refused() {
    let two = Two::new();
    let bundle = two.sealed(&vec![7; PIECE]);
    for length in 0..bundle.len() {
        assert!(two.takes(&bundle[..length]).is_err(), "{length} bytes");
    }
    two.takes(&bundle).unwrap();
}

#[test]
fn a_bundle_that_grew_is_refused() {
    let two = Two::new();
    let bundle = two.sealed(b"");
    for more in [1, 16, PIECE, PIECE + 16] {
        let mut longer = bundle.clone();
        longer.resize(bundle.len() + more, 0);
        assert!(two.takes(&longer).is_err(), "{more} more");
    }
    let twice = [bundle.clone(), bundle].concat();
    assert!(two.takes(&twice).is_err());
}

#[test]
fn pieces_keep_their_places() {
    let two = Two::new();
    let bundle = two.sealed(&vec![7; 3 * PIECE]);
    let sealed = PIECE + 16;
    let first = bundle.len() - 4 * sealed;
    let mut swapped = bundle.clone();
    let (before, after) = swapped.split_at_mut(first + 2 * sealed);
    before[first + sealed..].swap_with_slice(&mut after[..sealed]);
    assert!(two.takes(&swapped).is_err());
    let mut without = bundle[..first + sealed].to_vec();
    without.extend_from_slice(&bundle[first + 2 * sealed..]);
    assert!(two.takes(&without).is_err());
}

#[test]
fn only_the_key_it_is_sealed_to_opens_it() {
    let (two, other) = (Two::new(), Two::new());
    let bundle = two.sealed(b"");
    let opened = look(&bundle[..]).unwrap().open(&other.province);
    assert!(matches!(opened, Err(CourierError::OtherKey)));
    // Nor with the name of the right key on it: whoever carries it may write what they like there.
    let mut head = two.head();
    head.to = other.province.public().id();
    let sealed = seal(
        &head,
        other.province.public(),
        &two.desk,
        MANIFEST,
        Vec::new(),
    )
    .unwrap();
    let stranger = sealed.finish().unwrap();
    let renamed = [
        &stranger[..stranger.len() - PIECE - 16],
        &bundle[bundle.len() - PIECE - 16..],
    ]
    .concat();
    let opened = look(&renamed[..]).unwrap().open(&other.province);
    assert!(matches!(opened, Err(CourierError::Damaged)));
}

#[test]
fn what_another_has_signed_is_not_believed() {
    let (two, stranger) = (Two::new(), SigningKey::generate().unwrap());
    let to = two.province.public();
    let sealer = seal(&two.head(), to, &stranger, MANIFEST, Vec::new()).unwrap();
    let bundle = sealer.finish().unwrap();
    assert!(matches!(two.takes(&bundle), Err(CourierError::NotSigned)));
}

#[test]
fn a_carrier_sees_the_office_and_whole_pieces_and_nothing_twice() {
    let two = Two::new();
    let (one, again) = (two.sealed(b"a"), two.sealed(&[7; 1_000]));
    assert_eq!(look(&one[..]).unwrap().head, two.head());
    assert_eq!(
        one.len(),
        again.len(),
        "the length tells of whole pieces only"
    );
    let holds = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).any(|part| part == what);
    assert!(holds(&one, "UBND xã".as_bytes()));
    assert!(!holds(&one, "Đồng ý".as_bytes()));
    let head = one.len() - PIECE - 16 - 32;
    let seen: HashSet<&[u8]> = one[head..].windows(16).collect();
    assert!(!again[head..].windows(16).any(|part| seen.contains(part)));
}

#[test]
fn other_files_and_newer_programs_are_named_as_such() {
    let two = Two::new();
    let mut bundle = two.sealed(b"");
    assert!(matches!(
        look(&b"%PDF-1.7 and so on"[..]),
        Err(CourierError::NotOurs)
    ));
    assert!(matches!(look(&b""[..]), Err(CourierError::NotOurs)));
    bundle[5] = 2;
    assert!(matches!(
        two.takes(&bundle),
        Err(CourierError::Version { found: 2 })
    ));
}
