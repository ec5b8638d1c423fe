//! From a half and a number to everything that a letter is.

use congvan_model::{DocumentType, Urgency};
use congvan_testkit::{Block, SplitMix, Topic, body};

use crate::{
    capture::Capture,
    files::Format,
    font::Family,
    truth::Truth,
    vocabulary::{self as words, Agency},
};

/// Which letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    /// To look at while the reading is made better.
    Develop,
    /// To look at as well: more offices, subjects, people, manners and captures than the other two,
    /// put together from parts, so that no list of words can be fitted to them.
    Hard,
    /// To measure with, and not to look at.
    HeldOut,
}

/// How the head is set; people do it in many ways.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Head {
    /// Centres of the two columns as parts of the text's width.
    pub(crate) centres: (f32, f32),
    /// Size of the agency's lines in points.
    pub(crate) size: f32,
    /// The name is underlined over its whole width, close to the letters.
    pub(crate) underlined: bool,
    /// Between the words of the motto.
    pub(crate) dash: &'static str,
    /// What stands between "Số:", the number and the slash.
    pub(crate) spaces: (&'static str, &'static str),
    /// Before the subject.
    pub(crate) about: &'static str,
}

const HEADS: &[Head] = &[
    Head {
        centres: (0.185, 0.705),
        size: 12.5,
        underlined: false,
        dash: "-",
        spaces: (" ", ""),
        about: "V/v",
    },
    Head {
        centres: (0.20, 0.72),
        size: 13.0,
        underlined: false,
        dash: "–",
        spaces: (" ", ""),
        about: "V/v",
    },
    Head {
        centres: (0.19, 0.71),
        size: 12.0,
        underlined: true,
        dash: "-",
        spaces: ("", ""),
        about: "V/v",
    },
    Head {
        centres: (0.17, 0.70),
        size: 12.0,
        underlined: false,
        dash: "-",
        spaces: (" ", " "),
        about: "Về việc",
    },
    Head {
        centres: (0.21, 0.71),
        size: 13.0,
        underlined: true,
        dash: "-",
        spaces: ("  ", " "),
        about: "V/v:",
    },
];

/// Everything that is decided before drawing.
pub(crate) struct Plan {
    pub(crate) truth: Truth,
    /// The agency above and the agency, line by line.
    pub(crate) heading: (Vec<String>, Vec<String>),
    pub(crate) authority: Vec<String>,
    pub(crate) place: String,
    pub(crate) head: Head,
    pub(crate) family: Family,
    pub(crate) blocks: Vec<Block>,
    /// An arrival stamp: its ink.
    pub(crate) arrival: Option<[u8; 3]>,
    /// The lines of an electronic signature at the top right.
    pub(crate) electronic: bool,
    /// Leading zeros before a day below ten and months 1 and 2, as the decree wants.
    pub(crate) zeros: bool,
    pub(crate) capture: Capture,
    pub(crate) format: Format,
    pub(crate) layout: String,
    pub(crate) seed: u64,
    pub(crate) manner: Manner,
}

/// What people do in their own ways beside the head.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner {
    /// Size of the subject under the number, in points.
    pub(crate) about_size: f32,
    /// Width of the left column, as a part of the text's.
    pub(crate) column: f32,
    /// Width of the subject under the type, likewise.
    pub(crate) title: f32,
    /// Before the subject under the type; nothing leaves it to the type.
    pub(crate) title_about: Option<&'static str>,
    /// The number and the day are written by hand, in this ink.
    pub(crate) hand: Option<[u8; 3]>,
    /// Before the signer's name: `TS. `.
    pub(crate) degree: &'static str,
    /// Where the seal's centre is, from the middle of the block and from its last line.
    pub(crate) seal: (f32, f32),
    /// How far below the last line of the block the signature runs.
    pub(crate) signature: f32,
    /// Pages of an annex after the signature.
    pub(crate) annexes: usize,
    /// Points between the subject's lines.
    pub(crate) pitch: f32,
}

impl Default for Manner {
    fn default() -> Self {
        Self {
            about_size: 12.0,
            column: 0.40,
            title: 0.84,
            title_about: None,
            hand: None,
            degree: "",
            seal: (-46.0, 26.0),
            signature: 30.0,
            annexes: 0,
            pitch: 15.0,
        }
    }
}

pub(crate) fn plan(half: Half, number: usize) -> Plan {
    let base = match half {
        Half::Hard => return crate::hard::plan(number),
        Half::Develop => 0x0006_0000_0000,
        Half::HeldOut => 0x0906_7700_0000_0000_u64,
    };
    let seed = base.wrapping_add(number as u64 * 0x9E37_79B9);
    let mut random = SplitMix::new(seed);
    random.bits();
    let (agencies, subjects, people) = match half {
        Half::Develop | Half::Hard => (
            words::DEVELOP,
            words::DEVELOP_SUBJECTS,
            words::DEVELOP_PEOPLE,
        ),
        Half::HeldOut => (
            words::HELD_OUT,
            words::HELD_OUT_SUBJECTS,
            words::HELD_OUT_PEOPLE,
        ),
    };
    let agency = random.pick(agencies);
    let kind = kind(&mut random, agency);
    let subject = *random.pick(subjects);
    let authority = *random.pick(agency.posts);
    let many = if random.below(4) == 0 { 4000 } else { 400 };
    let serial = 1 + random.below(many);
    let symbol = if kind == DocumentType::OfficialLetter {
        format!("{}-{}", agency.symbol, random.pick(words::UNITS))
    } else {
        format!("{}-{}", kind.abbreviation(), agency.symbol)
    };
    let date = day(&mut random);
    let deadline = (random.below(3) == 0).then(|| day(&mut random));
    let urgency = match random.below(12) {
        0 => Urgency::Urgent,
        1 => Urgency::VeryUrgent,
        2 => Urgency::Express,
        _ => Urgency::Normal,
    };
    let secret = match random.below(30) {
        0 => Some("MẬT"),
        1 => Some("TỐI MẬT"),
        2 => Some("TUYỆT MẬT"),
        _ => None,
    };
    let addressees = addressees(&mut random, kind);
    let mut blocks = body(
        *random.pick(Topic::ALL),
        kind,
        1 + random.below(3),
        &mut random,
    );
    if let Some(day) = deadline {
        let text = reply_by(day, &mut random);
        blocks.insert(1.min(blocks.len()), Block::Paragraph(text));
    }
    let head = *random.pick(HEADS);
    // Every capture meets every head and face: the number turns the three wheels at different speeds.
    let capture = Capture::ALL[number % Capture::ALL.len()];
    let family = Family::ALL[(number / 3) % Family::ALL.len()];
    let arrival = (random.below(4) == 0)
        .then(|| *random.pick(&[[196, 40, 60], [60, 60, 150], [110, 50, 140]]));
    let electronic = random.below(8) == 0;
    let format = Format::of(capture, &mut random);
    let name = if kind == DocumentType::OfficialLetter {
        "CV"
    } else {
        kind.abbreviation()
    };
    let truth = Truth {
        parent: (!agency.parent.is_empty()).then(|| agency.parent.join(" ")),
        agency: agency.name.join(" "),
        notation: format!("{serial:02}/{symbol}"),
        date,
        kind,
        subject: subject.to_owned(),
        urgency,
        secret,
        position: authority.last().copied().unwrap_or_default().to_owned(),
        signer: (*random.pick(people)).to_owned(),
        addressees,
        deadline,
        is_whole: true,
        deadline_in_sight: true,
    };
    let owned = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect();
    Plan {
        truth,
        heading: (owned(agency.parent), owned(agency.name)),
        authority: owned(authority),
        place: agency.place.to_owned(),
        head,
        family,
        blocks,
        arrival,
        electronic,
        zeros: random.below(5) > 0,
        capture,
        format,
        layout: format!(
            "{name} {} {} {}",
            agency.symbol,
            family.name(),
            capture.name()
        ),
        seed,
        manner: Manner::default(),
    }
}

/// A sentence that wants an answer by a day.
pub(crate) fn reply_by((day, month, year): (i8, i8, i16), random: &mut SplitMix) -> String {
    match random.below(3) {
        0 => format!(
            "Báo cáo kết quả thực hiện về cơ quan trước ngày {day:02}/{month}/{year} để tổng hợp."
        ),
        1 => format!(
            "Đề nghị các đơn vị gửi văn bản trả lời trước ngày {day:02} tháng {month:02} năm {year}."
        ),
        _ => format!(
            "Kết quả gửi về chậm nhất ngày {day:02}/{month:02}/{year}, quá thời hạn coi như nhất trí."
        ),
    }
}

fn kind(random: &mut SplitMix, agency: &Agency) -> DocumentType {
    if random.below(10) < 4 {
        return DocumentType::OfficialLetter;
    }
    loop {
        let kind = *random.pick(words::KINDS);
        // Councils resolve; nobody else does.
        if (kind == DocumentType::Resolution) == (agency.symbol == "HĐND" && random.below(2) == 0)
        {
            return kind;
        }
    }
}

pub(crate) fn day(random: &mut SplitMix) -> (i8, i8, i16) {
    let part =
        |limit: usize, random: &mut SplitMix| 1 + i8::try_from(random.below(limit)).unwrap_or(0);
    (
        part(28, random),
        part(12, random),
        if random.below(4) == 0 { 2025 } else { 2026 },
    )
}

fn addressees(random: &mut SplitMix, kind: DocumentType) -> Vec<String> {
    let count = match kind {
        DocumentType::OfficialLetter
        | DocumentType::Invitation
        | DocumentType::Submission
        | DocumentType::Telegram
        | DocumentType::TransferNote => 1 + random.below(3),
        _ => 0,
    };
    let start = random.below(words::ADDRESSEES.len());
    (0..count)
        .map(|index| words::ADDRESSEES[(start + index) % words::ADDRESSEES.len()].to_owned())
        .collect()
}
