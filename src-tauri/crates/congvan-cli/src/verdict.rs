//! The report on one file, for programs and in the words that Circular 15/2025/TT-BKHCN asks to be
//! shown: signer, managing unit, issuer and period of the certificate, time and its source,
//! integrity. *Could not check* is never shown as *invalid*, nor as *valid*.

use std::fmt::Write as _;

use congvan_pades::{
    Change, Coverage, Doubt, Fault, Level, SignatureKind, SignatureReport, Status, TimeSource,
    ValidationReport,
};
use serde::Serialize;

use crate::words::Language;

/// One file.
#[derive(Debug, Serialize)]
pub(crate) struct FileVerdict {
    r#type: &'static str,
    file: String,
    /// `passed`, `failed`, `indeterminate` or `unsigned`.
    pub(crate) verdict: &'static str,
    changed_after_last: bool,
    signatures: Vec<SignatureVerdict>,
    ms: f64,
}

/// One signature.
#[derive(Debug, Serialize)]
struct SignatureVerdict {
    field: String,
    kind: &'static str,
    /// EN 319 102-1, 5.1.3.
    indication: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_indication: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    grounds: Vec<String>,
    intact: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    signer: Option<Signer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    claimed_time: Option<String>,
    /// Proven by a time stamp.
    #[serde(skip_serializing_if = "Option::is_none")]
    proven_time: Option<String>,
    covers_whole_file: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    changes: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<String>,
}

#[derive(Debug, Serialize)]
struct Signer {
    name: String,
    unit: String,
    issuer: String,
    serial: String,
    sha256: String,
    not_before: String,
    not_after: String,
}

impl FileVerdict {
    pub(crate) fn new(
        file: String,
        report: &ValidationReport,
        ms: f64,
        language: Language,
    ) -> Self {
        let any =
            |wanted: fn(&Status) -> bool| report.signatures.iter().any(|one| wanted(&one.status));
        let verdict = if report.signatures.is_empty() {
            "unsigned"
        } else if any(|status| matches!(status, Status::Invalid(_))) {
            "failed"
        } else if report.all_valid() {
            "passed"
        } else {
            "indeterminate"
        };
        Self {
            r#type: "verdict",
            file,
            verdict,
            changed_after_last: report.changed_after_last,
            signatures: report
                .signatures
                .iter()
                .map(|one| SignatureVerdict::new(one, language))
                .collect(),
            ms,
        }
    }

    /// For a person.
    pub(crate) fn in_words(&self, language: Language) -> String {
        let vi = language == Language::Vi;
        let verdict = match (self.verdict, vi) {
            ("passed", true) => "MỌI CHỮ KÝ HỢP LỆ",
            ("passed", false) => "EVERY SIGNATURE IS VALID",
            ("failed", true) => "CÓ CHỮ KÝ KHÔNG HỢP LỆ",
            ("failed", false) => "A SIGNATURE IS INVALID",
            ("unsigned", true) => "CHƯA CÓ CHỮ KÝ SỐ",
            ("unsigned", false) => "NOT SIGNED",
            (_, true) => "CHƯA KIỂM TRA ĐƯỢC HẾT",
            (_, false) => "COULD NOT BE CHECKED TO THE END",
        };
        let mut text = format!("{}: {verdict}\n", self.file);
        for (one, number) in self.signatures.iter().zip(1..) {
            one.write(&mut text, number, vi);
        }
        if self.changed_after_last {
            text.push_str(if vi {
                "  Sau chữ ký cuối cùng tệp có thêm nội dung.\n"
            } else {
                "  Something follows the last signature.\n"
            });
        }
        text
    }
}

impl SignatureVerdict {
    fn new(report: &SignatureReport, language: Language) -> Self {
        let grounds = match &report.status {
            Status::Valid => Vec::new(),
            Status::Invalid(faults) => faults.iter().map(|one| fault(one, language)).collect(),
            Status::CouldNotCheck(doubts) => {
                doubts.iter().map(|one| doubt(one, language)).collect()
            }
        };
        let (time, source) = report.best_time;
        Self {
            field: report.field.clone(),
            kind: match report.kind {
                SignatureKind::Approval => "signature",
                SignatureKind::Certification(_) => "certification",
                SignatureKind::DocumentTimeStamp => "time-stamp",
            },
            indication: report.status.indication(),
            sub_indication: report.status.sub_indication(),
            grounds,
            intact: report.intact,
            level: report.level.map(level),
            signer: report.signer.as_ref().map(|signer| Signer {
                name: signer.name.clone(),
                unit: signer.unit.clone(),
                issuer: signer.issuer.clone(),
                serial: signer.serial.clone(),
                sha256: hex(&signer.sha256.0),
                not_before: signer.not_before.iso_vietnam(),
                not_after: signer.not_after.iso_vietnam(),
            }),
            claimed_time: report.claimed_time.map(|time| time.iso_vietnam()),
            proven_time: (source == TimeSource::TimeStamp).then(|| time.iso_vietnam()),
            covers_whole_file: report.coverage == Coverage::Whole,
            changes: report
                .changes
                .iter()
                .map(|one| change(one, language))
                .collect(),
            reason: report.reason.clone(),
            location: report.location.clone(),
        }
    }

    fn write(&self, text: &mut String, number: usize, vi: bool) {
        let verdict = match (self.indication, vi) {
            ("TOTAL-PASSED", true) => "HỢP LỆ",
            ("TOTAL-PASSED", false) => "VALID",
            ("TOTAL-FAILED", true) => "KHÔNG HỢP LỆ",
            ("TOTAL-FAILED", false) => "INVALID",
            (_, true) => "CHƯA KIỂM TRA ĐƯỢC HẾT",
            (_, false) => "COULD NOT CHECK",
        };
        let kind = match (self.kind, vi) {
            ("time-stamp", true) => "dấu thời gian",
            ("time-stamp", false) => "time stamp",
            ("certification", true) => "chữ ký chứng nhận",
            ("certification", false) => "certification",
            (_, true) => "chữ ký",
            (_, false) => "signature",
        };
        let mut line = |label: [&str; 2], value: &str| {
            let label = if vi { label[0] } else { label[1] };
            // Writing to a string cannot fail.
            writeln!(text, "     {label}: {value}").ok();
        };
        let sub = self
            .sub_indication
            .map_or(String::new(), |sub| format!(", {sub}"));
        let head = format!(
            "{kind} {}: {verdict} ({}{sub})",
            self.field, self.indication
        );
        line(["*", "*"], &head);
        if let Some(signer) = &self.signer {
            line(["Người ký", "Signer"], &signer.name);
            line(["Cơ quan quản lý", "Managing unit"], &signer.unit);
            line(["Nơi cấp chứng thư", "Issuer"], &signer.issuer);
            let period = format!("{} – {}", signer.not_before, signer.not_after);
            line(["Hiệu lực chứng thư", "Certificate period"], &period);
        }
        match (&self.proven_time, &self.claimed_time) {
            (Some(time), _) => {
                let source = if vi {
                    "theo dấu thời gian"
                } else {
                    "by a time stamp"
                };
                line(["Thời điểm ký", "Signed"], &format!("{time} ({source})"));
            }
            (None, Some(time)) => {
                let source = if vi {
                    "theo đồng hồ của người ký, chưa có dấu thời gian"
                } else {
                    "by the signer's clock, no time stamp"
                };
                line(["Thời điểm ký", "Signed"], &format!("{time} ({source})"));
            }
            (None, None) => {}
        }
        let intact = match (self.intact, vi) {
            (true, true) => "phần được ký còn nguyên vẹn",
            (true, false) => "what was signed is unharmed",
            (false, true) => "không xác nhận được",
            (false, false) => "not established",
        };
        line(["Toàn vẹn", "Integrity"], intact);
        if let Some(level) = self.level {
            line(["Mức", "Level"], level);
        }
        for reason in &self.grounds {
            line(["Lý do", "Because"], reason);
        }
        for change in &self.changes {
            line(["Sau khi ký", "Afterwards"], change);
        }
        *text = text.replacen("     *: ", &format!("  {number}. "), 1);
    }
}

/// The name of a level.
pub(crate) fn level(level: Level) -> &'static str {
    match level {
        Level::BB => "B-B",
        Level::BT => "B-T",
        Level::BLT => "B-LT",
        Level::BLTA => "B-LTA",
    }
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").ok();
        text
    })
}

fn fault(fault: &Fault, language: Language) -> String {
    let vi = language == Language::Vi;
    match (fault, vi) {
        (Fault::ByteRange { what }, true) => format!("phạm vi ký sai dạng ({what})"),
        (Fault::ByteRange { what }, false) => format!("the signed range is malformed ({what})"),
        (Fault::Cms { what }, true) => format!("cấu trúc chữ ký sai ({what})"),
        (Fault::Cms { what }, false) => format!("the signature is malformed ({what})"),
        (Fault::DocumentAltered, true) => "nội dung đã bị sửa sau khi ký".to_owned(),
        (Fault::DocumentAltered, false) => "the document was altered".to_owned(),
        (Fault::SignatureWrong, true) => "giá trị chữ ký sai".to_owned(),
        (Fault::SignatureWrong, false) => "the signature value is wrong".to_owned(),
        (Fault::CertificateSwapped, true) => "chứng thư không phải của chữ ký này".to_owned(),
        (Fault::CertificateSwapped, false) => "the certificate was swapped".to_owned(),
        (Fault::ForbiddenChange(change), true) => {
            format!("tệp bị thay đổi trái phép sau khi ký ({})", change.what)
        }
        (Fault::ForbiddenChange(change), false) => {
            format!("a forbidden change afterwards ({})", change.what)
        }
        (Fault::Revoked { at }, true) => format!("chứng thư đã bị thu hồi từ {at}"),
        (Fault::Revoked { at }, false) => format!("the certificate was revoked at {at}"),
    }
}

fn doubt(doubt: &Doubt, language: Language) -> String {
    let vi = language == Language::Vi;
    match (doubt, vi) {
        (Doubt::NoSignerCertificate, true) => "không có chứng thư của người ký".to_owned(),
        (Doubt::NoSignerCertificate, false) => "no certificate of the signer".to_owned(),
        (Doubt::NoChain, true) => "không dựng được chuỗi tới chứng thư gốc tin cậy".to_owned(),
        (Doubt::NoChain, false) => "no chain to a trusted root".to_owned(),
        (Doubt::ChainConstraints { what }, true) => {
            format!("chuỗi chứng thư trái quy tắc ({what})")
        }
        (Doubt::ChainConstraints { what }, false) => format!("the chain breaks a rule ({what})"),
        (
            Doubt::OutsidePeriod {
                not_before,
                not_after,
            },
            true,
        ) => {
            format!("không chứng minh được ký trong hạn chứng thư ({not_before} – {not_after})")
        }
        (
            Doubt::OutsidePeriod {
                not_before,
                not_after,
            },
            false,
        ) => {
            format!("not proven to be within the certificate's period ({not_before} – {not_after})")
        }
        (Doubt::RevocationUnknown, true) => {
            "chưa biết chứng thư có bị thu hồi hay không".to_owned()
        }
        (Doubt::RevocationUnknown, false) => "revocation is unknown".to_owned(),
        (Doubt::RevokedNoProof { at }, true) => {
            format!("chứng thư bị thu hồi từ {at}; không chứng minh được đã ký trước đó")
        }
        (Doubt::RevokedNoProof { at }, false) => {
            format!("revoked at {at}; not proven to be signed before")
        }
        (Doubt::AuthorityRevoked { at }, true) => format!("nơi cấp bị thu hồi từ {at}"),
        (Doubt::AuthorityRevoked { at }, false) => format!("the authority was revoked at {at}"),
        (Doubt::Algorithm { name }, true) => format!("thuật toán không được chấp nhận ({name})"),
        (Doubt::Algorithm { name }, false) => format!("the algorithm is not admitted ({name})"),
        (Doubt::UnknownKind { sub_filter }, true) => format!("loại chữ ký lạ ({sub_filter})"),
        (Doubt::UnknownKind { sub_filter }, false) => {
            format!("an unknown kind of signature ({sub_filter})")
        }
    }
}

fn change(change: &Change, language: Language) -> String {
    let vi = language == Language::Vi;
    match (change, vi) {
        (Change::Signed { field }, true) => format!("có thêm chữ ký {field}"),
        (Change::Signed { field }, false) => format!("signed in {field}"),
        (Change::TimeStamped { field }, true) => format!("có thêm dấu thời gian {field}"),
        (Change::TimeStamped { field }, false) => format!("time-stamped in {field}"),
        (Change::FieldAdded { field }, true) => format!("có thêm ô chữ ký {field}"),
        (Change::FieldAdded { field }, false) => format!("the empty field {field} was added"),
        (Change::Filled { field }, true) => format!("đã điền ô {field}"),
        (Change::Filled { field }, false) => format!("{field} was filled"),
        (Change::Annotated { page }, true) => format!("có ghi chú ở trang {}", page + 1),
        (Change::Annotated { page }, false) => format!("annotated on page {}", page + 1),
        (Change::Evidence, true) => "có thêm dữ liệu kiểm tra chữ ký".to_owned(),
        (Change::Evidence, false) => "evidence was added".to_owned(),
        (Change::Metadata, true) => "đổi thông tin mô tả tệp".to_owned(),
        (Change::Metadata, false) => "metadata was changed".to_owned(),
    }
}
