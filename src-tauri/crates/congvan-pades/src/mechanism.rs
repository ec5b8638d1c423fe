use congvan_model::{Hash, SignAlgorithm};

use crate::{DigestAlgorithm, RsaPadding, SignatureAlgorithm};

impl SignatureAlgorithm {
    /// What a token is asked for.
    #[must_use]
    pub fn on_token(self) -> SignAlgorithm {
        let hash = |digest| match digest {
            DigestAlgorithm::Sha256 => Hash::Sha256,
            DigestAlgorithm::Sha384 => Hash::Sha384,
            DigestAlgorithm::Sha512 => Hash::Sha512,
        };
        match self {
            Self::Rsa {
                padding: RsaPadding::Pkcs1,
                digest,
            } => SignAlgorithm::RsaPkcs1(hash(digest)),
            Self::Rsa {
                padding: RsaPadding::Pss,
                digest,
            } => SignAlgorithm::RsaPss(hash(digest)),
            // The curve is the key's, not the mechanism's.
            Self::Ecdsa { digest, .. } => SignAlgorithm::Ecdsa(hash(digest)),
        }
    }
}
