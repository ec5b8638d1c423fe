//! Letters of the hard half: what people do differently, all of it mixed.

use congvan_model::{DocumentType, Urgency};
use congvan_testkit::{Block, SplitMix, Topic, body};

use crate::{
    capture::Capture,
    files::Format,
    font::Family,
    offices,
    plan::{Head, Manner, Plan, day, reply_by},
    truth::Truth,
    vocabulary as words,
};

const BLUE: [u8; 3] = [40, 60, 170];
const DARK: [u8; 3] = [36, 36, 48];

pub(crate) fn plan(number: usize) -> Plan {
    let seed = 0x0A2D_0000_0000_u64.wrapping_add(number as u64 * 0x9E37_79B9);
    let mut random = SplitMix::new(seed);
    random.bits();
    let random = &mut random;
    let office = offices::office(number, random);
    let kind = kind(random);
    let symbol = if kind == DocumentType::OfficialLetter {
        let unit = *random.pick(UNITS);
        format!("{}{unit}", office.symbol)
    } else {
        format!("{}-{}", kind.abbreviation(), office.symbol)
    };
    let many = if random.below(4) == 0 { 9000 } else { 600 };
    let notation = format!("{:02}/{symbol}", 1 + random.below(many));
    let deadline = (random.below(3) == 0).then(|| day(random));
    let (signer, degree) = offices::person(random);
    let truth = Truth {
        parent: (!office.parent.is_empty()).then(|| office.parent.join(" ")),
        agency: office.name.join(" "),
        notation,
        date: day(random),
        kind,
        subject: offices::subject(random),
        urgency: urgency(random),
        secret: (random.below(40) == 0).then_some("MẬT"),
        position: office.posts.last().cloned().unwrap_or_default(),
        signer,
        addressees: addressees(random, kind),
        deadline,
        is_whole: true,
        deadline_in_sight: true,
    };
    let capture = Capture::HARD[number % Capture::HARD.len()];
    let family = Family::ALL[(number / 5) % Family::ALL.len()];
    let layout = format!(
        "{} {} {} {}",
        kind.name(),
        office.symbol,
        family.name(),
        capture.name()
    );
    Plan {
        heading: (office.parent, office.name),
        authority: office.posts,
        place: office.place,
        head: head(random),
        family,
        blocks: blocks(random, kind, deadline),
        arrival: (random.below(4) == 0)
            .then(|| *random.pick(&[[196, 40, 60], [60, 60, 150], [110, 50, 140]])),
        electronic: random.below(8) == 0,
        zeros: random.below(5) > 0,
        capture,
        format: Format::of(capture, random),
        layout,
        seed,
        manner: manner(random, degree),
        truth,
    }
}

/// Who drafted; some write nothing.
const UNITS: &[&str] = &[
    "", "-VP", "-TCHC", "-KHTC", "-GDTrH", "-QLĐT", "-NV", "-TTr", "-CNTT", "-KSTTHC", "-ĐTXD",
];

fn kind(random: &mut SplitMix) -> DocumentType {
    if random.below(10) < 4 {
        DocumentType::OfficialLetter
    } else {
        *random.pick(words::KINDS)
    }
}

fn urgency(random: &mut SplitMix) -> Urgency {
    match random.below(12) {
        0 => Urgency::Urgent,
        1 => Urgency::VeryUrgent,
        2 => Urgency::Express,
        _ => Urgency::Normal,
    }
}

fn head(random: &mut SplitMix) -> Head {
    let part = |low: usize, count: usize, random: &mut SplitMix| {
        (low + random.below(count)) as f32 / 100.0
    };
    // In the order of the fields: another order would be other letters.
    let centres = (part(17, 6, random), part(70, 3, random));
    let size = *random.pick(&[11.5, 12.0, 12.5, 13.0]);
    let underlined = random.below(3) == 0;
    let dash = *random.pick(&["-", "–"]);
    let spaces = *random.pick(&[(" ", ""), ("", ""), (" ", " "), ("  ", "  ")]);
    let about = *random.pick(&["V/v", "V/v", "V/v:", "Về việc", "V/v"]);
    Head {
        centres,
        size,
        underlined,
        dash,
        spaces,
        about,
    }
}

fn manner(random: &mut SplitMix, degree: &'static str) -> Manner {
    let off = |middle: f32, spread: usize, random: &mut SplitMix| {
        middle + random.below(spread * 2 + 1) as f32 - spread as f32
    };
    Manner {
        about_size: *random.pick(&[11.0, 12.0, 12.0, 13.0]),
        column: *random.pick(&[0.36, 0.40, 0.43]),
        title: *random.pick(&[0.62, 0.74, 0.84, 0.94]),
        title_about: *random.pick(&[None, None, Some("Về việc"), Some(""), Some("V/v")]),
        hand: *random.pick(&[None, None, None, Some(BLUE), Some(DARK)]),
        degree,
        seal: (off(-44.0, 14, random), off(34.0, 16, random)),
        signature: off(36.0, 14, random),
        annexes: [0, 0, 0, 0, 0, 1, 2][random.below(7)],
        pitch: *random.pick(&[13.5, 15.0, 16.0]),
    }
}

fn blocks(
    random: &mut SplitMix,
    kind: DocumentType,
    deadline: Option<(i8, i8, i16)>,
) -> Vec<Block> {
    let topic = *random.pick(Topic::ALL);
    // Most letters are of a page or two.
    let length = [1, 1, 1, 2][random.below(4)];
    let mut blocks = body(topic, kind, length, random);
    if length == 1 && random.below(2) == 0 {
        blocks.truncate(3);
    }
    if let Some(day) = deadline {
        let text = reply_by(day, random);
        blocks.insert(1.min(blocks.len()), Block::Paragraph(text));
    }
    blocks
}

fn addressees(random: &mut SplitMix, kind: DocumentType) -> Vec<String> {
    let all = [
        "Các sở, ban, ngành",
        "Ủy ban nhân dân các xã, phường, đặc khu",
        "Thủ trưởng các cơ quan, đơn vị trực thuộc",
        "Sở Nông nghiệp và Môi trường",
        "Hiệu trưởng các trường mầm non, tiểu học, trung học cơ sở",
        "Công ty Điện lực",
        "Bộ Tài chính",
        "Ban Quản lý các khu công nghiệp",
        "Ông Nguyễn Văn Thành, thôn 3",
        "Kho bạc Nhà nước khu vực",
    ];
    let count = match kind {
        DocumentType::OfficialLetter
        | DocumentType::Invitation
        | DocumentType::Submission
        | DocumentType::Telegram
        | DocumentType::TransferNote => 1 + random.below(4),
        _ => 0,
    };
    let start = random.below(all.len());
    (0..count)
        .map(|index| all[(start + index) % all.len()].to_owned())
        .collect()
}
