//! Evidence about certificates that is still fresh, and the ledger of time stamps.

use congvan_model::{Sha256, Timestamp};
use rusqlite::params;

use crate::{Store, error::Result};

/// Largest answer that is kept: lists of big authorities are fetched again instead.
const MOST: usize = 8 << 20;

/// What an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EvidenceKind {
    /// An OCSPResponse, DER.
    Ocsp,
    /// A CertificateList, DER.
    Crl,
}

/// An answer about a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptEvidence {
    /// SHA-256 of the certificate that it was asked for.
    pub certificate: Sha256,
    /// What it is.
    pub kind: EvidenceKind,
    /// The bytes, as they came.
    pub der: Vec<u8>,
    /// Until when it counts.
    pub until: Timestamp,
}

/// Time stamps asked of one authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TsaUse {
    /// Its address.
    pub url: String,
    /// Year × 10 000 + month × 100 + day, in Vietnam.
    pub day: i64,
    /// Asked on that day.
    pub used_day: u32,
    /// Asked in its month.
    pub used_month: u32,
}

impl Store {
    /// Keeps an answer in the place of the one before; drops what is no longer fresh.
    ///
    /// # Errors
    /// Disk errors.
    pub fn keep_evidence(&self, new: &KeptEvidence, now: Timestamp) -> Result<()> {
        if new.der.len() > MOST {
            return Ok(());
        }
        self.write(|tx| {
            tx.execute("DELETE FROM evidence WHERE until < ?1", params![now.0])?;
            tx.execute(
                "INSERT INTO evidence(certificate, kind, der, until, at)
                 VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT(certificate, kind) DO UPDATE SET der = ?3, until = ?4, at = ?5",
                params![
                    new.certificate.0,
                    word(new.kind),
                    new.der,
                    new.until.0,
                    now.0
                ],
            )?;
            Ok(())
        })
    }

    /// Drops the answers about a certificate: they are known to be out of date.
    ///
    /// # Errors
    /// Disk errors.
    pub fn forget_evidence(&self, certificate: Sha256) -> Result<()> {
        self.write(|tx| {
            let sql = "DELETE FROM evidence WHERE certificate = ?1";
            tx.execute(sql, params![certificate.0])?;
            Ok(())
        })
    }

    /// The fresh answers about these certificates.
    ///
    /// # Errors
    /// Disk errors.
    pub fn evidence(&self, certificates: &[Sha256], now: Timestamp) -> Result<Vec<KeptEvidence>> {
        self.read(|db| {
            let mut query = db.prepare_cached(
                "SELECT kind, der, until FROM evidence WHERE certificate = ?1 AND until >= ?2",
            )?;
            let mut kept = Vec::new();
            for certificate in certificates {
                let mut rows = query.query(params![certificate.0, now.0])?;
                while let Some(row) = rows.next()? {
                    let kind: String = row.get(0)?;
                    kept.push(KeptEvidence {
                        certificate: *certificate,
                        kind: if kind == "ocsp" {
                            EvidenceKind::Ocsp
                        } else {
                            EvidenceKind::Crl
                        },
                        der: row.get(1)?,
                        until: Timestamp(row.get(2)?),
                    });
                }
            }
            Ok(kept)
        })
    }

    /// The ledger of time stamps.
    ///
    /// # Errors
    /// Disk errors.
    pub fn tsa_uses(&self) -> Result<Vec<TsaUse>> {
        self.read(|db| {
            let mut query =
                db.prepare_cached("SELECT url, day, used_day, used_month FROM tsa_use")?;
            let found = query.query_map([], |row| {
                Ok(TsaUse {
                    url: row.get(0)?,
                    day: row.get(1)?,
                    used_day: row.get(2)?,
                    used_month: row.get(3)?,
                })
            })?;
            Ok(found.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Keeps the ledger of time stamps.
    ///
    /// # Errors
    /// Disk errors.
    pub fn set_tsa_uses(&self, uses: &[TsaUse]) -> Result<()> {
        self.write(|tx| {
            let mut statement = tx.prepare_cached(
                "INSERT INTO tsa_use(url, day, used_day, used_month) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT(url) DO UPDATE SET day = ?2, used_day = ?3, used_month = ?4",
            )?;
            for one in uses {
                statement.execute(params![one.url, one.day, one.used_day, one.used_month])?;
            }
            Ok(())
        })
    }
}

fn word(kind: EvidenceKind) -> &'static str {
    match kind {
        EvidenceKind::Ocsp => "ocsp",
        EvidenceKind::Crl => "crl",
    }
}
