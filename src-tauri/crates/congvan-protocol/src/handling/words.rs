//! Acts in words, for a document's course and for who came too late.

use congvan_model::{AccountId, Deadline, Direction, DocumentState, nfc};

use super::{Course, HandlingAct, Named, OwnDeadline, Receiver, Relation};

/// The first step of a draft's course.
pub const DRAFTED: &str = "Soạn thảo";
/// The step of the agency's signature.
pub const SEALED: &str = "Ký số của cơ quan";

/// The first step of what is made of another document, with that one's title.
#[must_use]
pub fn made_of(relation: Relation, title: &str) -> String {
    match title {
        "" => relation.words().to_owned(),
        title => format!("{} {title}", relation.words()),
    }
}

/// The step on a document once what amends it was issued, or a copy of it has its number.
#[must_use]
pub fn made_from(relation: Relation, title: &str) -> String {
    match relation {
        Relation::TrueCopy | Relation::CopyOfCopy | Relation::Extract => {
            format!("{}: {title}", relation.words())
        }
        Relation::Correction => format!("Được đính chính bởi {title}"),
        Relation::Replacement => format!("Được thay thế bởi {title}"),
    }
}

/// An act in words for the document's course, after it was done: the server's and the desk's alike.
#[must_use]
pub fn in_words(act: &HandlingAct, before: &Course, after: &Course) -> String {
    let reason = |words: &str, reason: &str| match reason.trim() {
        "" => words.to_owned(),
        reason => format!("{words}: {}", nfc(reason)),
    };
    let name_of = |account: AccountId| {
        let found = after.receiver(account).or_else(|| before.receiver(account));
        found.map_or_else(String::new, |one| shown(one, None))
    };
    match act {
        HandlingAct::Direct {
            lead,
            supports,
            informed,
            deadlines,
            ..
        } => {
            let named = (*lead, supports.as_slice(), informed.as_slice());
            let until = (after.due, deadlines.as_slice());
            format!("Chuyển xử lý: {}", listed(named, after, until))
        }
        HandlingAct::Assign {
            lead,
            supports,
            due,
            deadlines,
            ..
        } => {
            let unit = before.holder().and_then(|one| one.due).or(before.due);
            let until = (due.or(unit), deadlines.as_slice());
            let named = (*lead, supports.as_slice(), &[][..]);
            format!("Phân công: {}", listed(named, after, until))
        }
        HandlingAct::TakeUp {} => "Nhận xử lý".to_owned(),
        HandlingAct::Resolve { reply: Some(_), .. } => {
            let title = after.handling.resolution.as_ref();
            let title = title.map_or("", |done| done.reply_title.as_str());
            reason("Hoàn thành, đã có văn bản trả lời", title)
        }
        HandlingAct::Resolve { reply: None, text } => {
            reason("Hoàn thành, không có văn bản trả lời", text)
        }
        HandlingAct::File { dossier } => reason("Lưu hồ sơ", dossier),
        HandlingAct::Return { reason: why } if before.direction == Direction::Outgoing => {
            reason("Trả lại người soạn thảo", why)
        }
        HandlingAct::Return { reason: why } => {
            let giver = before.holder().map(|one| one.given_by.full_name.as_str());
            let words = match giver.filter(|_| before.state != DocumentState::Presented) {
                Some(giver) => format!("Chuyển trả {giver}"),
                None => "Chuyển trả văn thư".to_owned(),
            };
            reason(&words, why)
        }
        HandlingAct::HandOver { to, reason: why } => {
            reason(&format!("Bàn giao cho {}", name_of(*to)), why)
        }
        HandlingAct::AskExtension { due, reason: why } => {
            reason(&format!("Xin gia hạn đến {}", day(*due)), why)
        }
        HandlingAct::AnswerExtension {
            granted: true,
            text,
        } => {
            let asked = before.handling.extension.as_ref();
            let until = asked.map(|asked| day(asked.due)).unwrap_or_default();
            reason(&format!("Đồng ý gia hạn đến {until}"), text)
        }
        HandlingAct::AnswerExtension {
            granted: false,
            text,
        } => reason("Không đồng ý gia hạn", text),
        HandlingAct::Refuse { reason: why } => reason("Trả lại nơi gửi", why),
        HandlingAct::AnswerRecall {
            agreed: true,
            reason: why,
        } => reason("Đồng ý cho nơi gửi lấy lại", why),
        HandlingAct::AnswerRecall {
            agreed: false,
            reason: why,
        } => reason("Không đồng ý cho nơi gửi lấy lại", why),
        HandlingAct::Revise {
            file: Some(_),
            text,
            ..
        } => {
            let version = after.handling.outgoing.as_ref();
            let version = version.and_then(|out| out.versions.last());
            let number = version.map_or(0, |version| version.number);
            reason(&format!("Thay dự thảo, lần {number}"), text)
        }
        HandlingAct::Revise { text, .. } => reason("Sửa thông tin dự thảo", text),
        HandlingAct::Submit { to, supports, text } => {
            let mut words = format!("Trình duyệt nội dung {}", name_of(*to));
            if !supports.is_empty() {
                let names: Vec<String> = supports.iter().copied().map(name_of).collect();
                words.push_str(&format!("; xin ý kiến {}", names.join(", ")));
            }
            reason(&words, text)
        }
        HandlingAct::Approve { text } => reason("Duyệt nội dung", text),
        HandlingAct::CheckFormat { text, .. } => reason(&checked(after), text),
        HandlingAct::Initial {} => "Ký nháy".to_owned(),
        HandlingAct::TakeBack {} => "Rút lại dự thảo".to_owned(),
        HandlingAct::Discard { reason: why } => reason("Hủy dự thảo", why),
        HandlingAct::Number {} => numbered(after),
        HandlingAct::Seal {} => SEALED.to_owned(),
        HandlingAct::Issue { .. } => issued(after),
        HandlingAct::Mail {
            to,
            envelopes,
            note,
            ..
        } => reason(
            &format!("Gửi bưu điện {envelopes} bì: {}", nfc(to.trim())),
            note,
        ),
        HandlingAct::Lend { borrower, note, .. } => {
            let words = format!("Cho {} sử dụng bản lưu", nfc(borrower.trim()));
            reason(&words, note)
        }
        HandlingAct::TakeIn { loan, .. } => {
            let out = before.handling.outgoing.as_ref();
            let mut loans = out.into_iter().flat_map(|out| &out.loans);
            let known = loans.find(|one| one.id == *loan);
            let who = known.map_or("", |one| one.borrower.as_str());
            format!("Nhận lại bản lưu {who}").trim_end().to_owned()
        }
        HandlingAct::Copy {} => "Lập bản sao".to_owned(),
        HandlingAct::Amend {} => "Soạn văn bản đính chính, thay thế".to_owned(),
        HandlingAct::Recall { to, reason: why } => reason(&recalled(to, before), why),
    }
}

fn numbered(after: &Course) -> String {
    let out = after.handling.outgoing.as_ref();
    let given = out.and_then(|out| out.numbered.as_ref()?.number.as_ref());
    given.map_or_else(
        || "Đề nghị cấp số".to_owned(),
        |number| {
            let on = number.issued_on;
            format!(
                "Cấp số {}, ngày {:02}/{:02}/{}",
                number.notation,
                on.day(),
                on.month(),
                on.year()
            )
        },
    )
}

fn issued(after: &Course) -> String {
    let out = after.handling.outgoing.as_deref();
    let agencies = out.into_iter().flat_map(|out| &out.deliveries);
    let places = out.into_iter().flat_map(|out| &out.places);
    let names: Vec<&str> = agencies
        .map(|one| one.agency.name.as_str())
        .chain(places.map(String::as_str))
        .collect();
    format!("Phát hành: {}", names.join("; "))
}

fn recalled(to: &[String], before: &Course) -> String {
    if to.is_empty() {
        return "Thu hồi".to_owned();
    }
    let out = before.handling.outgoing.as_deref();
    let sent = out.into_iter().flat_map(|out| &out.deliveries);
    let names: Vec<&str> = sent
        .filter(|one| to.contains(&one.agency.code))
        .map(|one| one.agency.name.as_str())
        .collect();
    format!("Thu hồi từ {}", names.join("; "))
}

fn checked(after: &Course) -> String {
    let name = |one: &Named| one.full_name.clone();
    let signer = after.handling.director.as_ref().map(name);
    let mut words = format!("Duyệt thể thức; trình ký {}", signer.unwrap_or_default());
    let named = after.handling.outgoing.as_ref();
    let named = named.map_or(&[][..], |out| out.initials.as_slice());
    if !named.is_empty() {
        let names: Vec<String> = named.iter().map(|one| name(&one.person)).collect();
        words.push_str(&format!("; ký nháy {}", names.join(", ")));
    }
    words
}

/// Somebody with the unit and a deadline of the person's own.
fn shown(one: &Receiver, own: Option<Deadline>) -> String {
    let unit = (!one.unit.is_empty()).then(|| one.unit.clone());
    let due = own.map(|due| format!("hạn {}", day(due)));
    let facts: Vec<String> = unit.into_iter().chain(due).collect();
    if facts.is_empty() {
        one.full_name.clone()
    } else {
        format!("{} ({})", one.full_name, facts.join(", "))
    }
}

fn listed(
    (lead, supports, informed): (AccountId, &[AccountId], &[AccountId]),
    after: &Course,
    (due, own): (Option<Deadline>, &[OwnDeadline]),
) -> String {
    let name_of = |account: AccountId| {
        let own = own.iter().find(|one| one.account == account);
        let found = after.receiver(account);
        found.map_or_else(String::new, |one| shown(one, own.map(|one| one.due)))
    };
    let names = |accounts: &[AccountId]| {
        let names: Vec<String> = accounts.iter().map(|account| name_of(*account)).collect();
        names.join(", ")
    };
    let mut words = format!("{} chủ trì", name_of(lead));
    if !supports.is_empty() {
        words.push_str(&format!("; {} phối hợp", names(supports)));
    }
    if !informed.is_empty() {
        words.push_str(&format!("; {} để biết", names(informed)));
    }
    if let Some(due) = due {
        words.push_str(&format!("; hạn {}", day(due)));
    }
    words
}

fn day(due: Deadline) -> String {
    let at = match due {
        Deadline::Day(date) => {
            return format!("{:02}/{:02}/{}", date.day(), date.month(), date.year());
        }
        Deadline::At(at) => at.vietnam(),
    };
    let (hour, minute) = (at.hour(), at.minute());
    format!(
        "{hour:02}:{minute:02} {:02}/{:02}/{}",
        at.day(),
        at.month(),
        at.year()
    )
}
