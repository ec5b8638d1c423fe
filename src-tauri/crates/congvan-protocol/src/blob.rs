//! Blobs and resumable uploads (draft-ietf-httpbis-resumable-upload-12, RFC 9530 digests).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use congvan_model::Sha256;

/// The value of `Upload-Draft-Interop-Version` that both sides send.
pub const INTEROP_VERSION: &str = "8";
/// Media type of the body of a PATCH.
pub const PARTIAL_UPLOAD: &str = "application/partial-upload";

/// Names of the headers, lower case.
pub mod headers {
    /// Draft version both sides speak.
    pub const INTEROP: &str = "upload-draft-interop-version";
    /// `?1` when this request carries the last byte, else `?0`.
    pub const UPLOAD_COMPLETE: &str = "upload-complete";
    /// Durable offset in bytes.
    pub const UPLOAD_OFFSET: &str = "upload-offset";
    /// Whole length in bytes.
    pub const UPLOAD_LENGTH: &str = "upload-length";
    /// `max-size=..., max-append-size=...`.
    pub const UPLOAD_LIMIT: &str = "upload-limit";
    /// SHA-256 of the whole representation (RFC 9530).
    pub const REPR_DIGEST: &str = "repr-digest";
    /// SHA-256 of this request's body (RFC 9530).
    pub const CONTENT_DIGEST: &str = "content-digest";
    /// Ours: the blob whose bytes start the upload; the server seeds it from its own copy and
    /// answers with that length as the offset, so a signed file uploads only its tail.
    pub const BASE_DIGEST: &str = "base-digest";
}

/// What a creation request says (kept for the tests of both sides).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlobHeaders {
    /// Whole length.
    pub length: u64,
    /// SHA-256 of the whole.
    pub digest: Sha256,
    /// Blob that is a prefix of it.
    pub base: Option<Sha256>,
}

/// `sha-256=:BASE64:` as RFC 9530 writes it.
#[must_use]
pub fn format_digest(digest: &Sha256) -> String {
    format!("sha-256=:{}:", STANDARD.encode(digest.0))
}

/// The SHA-256 in a digest header; other algorithms in it are passed over.
#[must_use]
pub fn parse_digest(header: &str) -> Option<Sha256> {
    header.split(',').find_map(|member| {
        let encoded = member.trim().strip_prefix("sha-256=:")?.strip_suffix(':')?;
        let bytes = STANDARD.decode(encoded).ok()?;
        Some(Sha256(bytes.try_into().ok()?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_header_reads_back_what_was_written() {
        let digest = Sha256([7; 32]);
        let header = format!("sha-512=:AAAA:, {}", format_digest(&digest));
        assert_eq!(parse_digest(&header), Some(digest));
        assert_eq!(parse_digest("sha-256=:AAAA:"), None);
    }
}
