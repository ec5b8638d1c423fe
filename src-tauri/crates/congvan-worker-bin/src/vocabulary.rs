//! From the words of the native crates to those of the pipe and back. Each match is total, so a
//! new variant on either side does not compile until it has a counterpart.

use congvan_format as format;
use congvan_ocr as ocr;
use congvan_render as render;
use congvan_token as token;
use congvan_worker as wire;
use congvan_worker::token::{ModuleFit, ModuleOrigin};

/// `unit` is the page's /UserUnit.
pub(crate) fn page_size(size: render::PageSize, unit: f32) -> wire::PageSize {
    wire::PageSize {
        width_pt: size.width_pt * unit,
        height_pt: size.height_pt * unit,
    }
}

pub(crate) fn page_text(text: render::PageText) -> wire::PageText {
    wire::PageText {
        picture: text.picture.map(|picture| wire::PagePicture {
            dpi: picture.dpi,
            is_colour: picture.is_colour,
        }),
        lines: text
            .lines
            .into_iter()
            .map(|line| wire::TextLine {
                text: line.text,
                x: line.x,
                y: line.y,
                w: line.w,
                h: line.h,
                words: line
                    .words
                    .into_iter()
                    .map(|word| wire::TextWord {
                        text: word.text,
                        x: word.x,
                        y: word.y,
                        w: word.w,
                        h: word.h,
                    })
                    .collect(),
            })
            .collect(),
    }
}

pub(crate) fn page_scan(scan: render::Scan, dpi: u32) -> wire::PageScan {
    let render::Scan {
        width,
        height,
        page_height,
        grey,
        red,
        code,
        ink,
    } = scan;
    let picture = |width, height, pixels| wire::GreyPicture {
        width,
        height,
        dpi,
        pixels,
    };
    wire::PageScan {
        print: picture(width, height, grey),
        page_height,
        red: red.map(|red| {
            let place = (red.left, red.top);
            (picture(red.width, red.height, red.grey), place)
        }),
        code,
        ink,
    }
}

pub(crate) fn page_ink(ink: render::PageInk) -> wire::PageInk {
    let render::PageInk {
        columns,
        rows,
        cells,
    } = ink;
    wire::PageInk {
        columns,
        rows,
        cells,
    }
}

pub(crate) fn typeset(set: render::Typeset) -> format::Page {
    let render::Typeset {
        width,
        height,
        lines,
        strokes,
        is_drawn_whole,
        is_picture,
        is_empty,
    } = set;
    let area = |area: render::SetArea| format::Area {
        x: area.x,
        y: area.y,
        w: area.w,
        h: area.h,
    };
    let style = |style: render::TypeStyle| format::Style {
        font: style.font,
        size_pt: style.size_pt,
        is_bold: style.is_bold,
        is_italic: style.is_italic,
        colour: style.colour,
    };
    let word = |word: render::SetWord| format::Word {
        text: word.text,
        area: area(word.area),
        baseline: word.baseline,
        style: style(word.style),
    };
    let line = |words: Vec<render::SetWord>| format::Line {
        words: words.into_iter().map(word).collect(),
    };
    let stroke = |stroke| format::Stroke { area: area(stroke) };
    format::Page {
        width,
        height,
        lines: lines.into_iter().map(line).collect(),
        strokes: strokes.into_iter().map(stroke).collect(),
        is_drawn_whole,
        is_picture,
        is_empty,
    }
}

/// Boxes in dots become fractions of the picture.
pub(crate) fn ocr_lines(
    lines: Vec<ocr::OcrLine>,
    (width, height): (u32, u32),
) -> Vec<wire::OcrLine> {
    // A picture has fewer than 2^24 dots a side, so f32 is exact.
    #[expect(clippy::cast_precision_loss)]
    let part = |dots: u32, side: u32| dots as f32 / side.max(1) as f32;
    let word = |word: ocr::OcrWord| wire::OcrWord {
        text: word.text,
        x: part(word.left, width),
        y: part(word.top, height),
        w: part(word.width, width),
        h: part(word.height, height),
        confidence: word.confidence,
    };
    lines
        .into_iter()
        .map(|line| wire::OcrLine {
            words: line.words.into_iter().map(word).collect(),
        })
        .collect()
}

pub(crate) fn ocr_layout(layout: wire::OcrLayout) -> ocr::Layout {
    match layout {
        wire::OcrLayout::Page => ocr::Layout::Page,
        wire::OcrLayout::Sparse => ocr::Layout::Sparse,
        wire::OcrLayout::Block => ocr::Layout::Block,
    }
}

pub(crate) fn ocr_error(error: ocr::OcrError) -> wire::OcrError {
    match error {
        // Loading failed before the hello, so a call never sees these two.
        ocr::OcrError::Library { .. } | ocr::OcrError::Model { .. } | ocr::OcrError::Engine => {
            wire::OcrError::Engine
        }
        ocr::OcrError::Picture { .. } => wire::OcrError::BadPicture,
    }
}

pub(crate) fn render_error(error: render::RenderError) -> wire::RenderError {
    use render::RenderError as E;
    match error {
        E::Library { detail } | E::Engine { detail } => wire::RenderError::Engine { detail },
        E::Corrupt => wire::RenderError::Corrupt,
        E::PasswordNeeded => wire::RenderError::PasswordNeeded,
        E::PageOutOfRange { pages } => wire::RenderError::PageOutOfRange { pages },
        E::TooLarge { max_pixels } => wire::RenderError::TooLarge { max_pixels },
    }
}

pub(crate) fn pin(pin: wire::Pin) -> token::Pin {
    token::Pin::new(pin.into_secret())
}

pub(crate) fn module(found: token::Found) -> wire::ModuleInfo {
    wire::ModuleInfo {
        path: found.path,
        name: found.name,
        vendor: found.vendor,
        simulator: found.simulator,
        origin: found
            .reasons
            .first()
            .map_or(ModuleOrigin::KnownPath, |first| origin(*first)),
        reasons: found.reasons.into_iter().map(origin).collect(),
        product: found.product,
        architecture: found.architecture,
        allowed: found.allowed,
        parameters: found.parameters,
        fit: match found.fit {
            token::Fit::Fits => ModuleFit::Fits,
            token::Fit::WrongArchitecture { found, needed } => {
                ModuleFit::WrongArchitecture { found, needed }
            }
            token::Fit::NotALibrary => ModuleFit::NotALibrary,
            token::Fit::Missing => ModuleFit::Missing,
        },
    }
}

pub(crate) fn card_service(service: token::CardService) -> wire::CardService {
    use token::CardService as S;
    match service {
        S::NotInstalled => wire::CardService::NotInstalled,
        S::NotRunning => wire::CardService::NotRunning,
        S::Running(readers) => {
            wire::CardService::Running(readers.into_iter().map(reader).collect())
        }
        S::Failed(code) => wire::CardService::Failed(code),
        S::Unknown => wire::CardService::Unknown,
    }
}

fn known_card(card: token::KnownCard) -> wire::KnownCard {
    wire::KnownCard {
        name: card.name,
        products: card.products,
    }
}

/// What discovery is asked, with the cards that are plugged in.
pub(crate) fn search(request: wire::Discovery, service: &token::CardService) -> token::Search {
    let readers = match service {
        token::CardService::Running(readers) => readers.as_slice(),
        token::CardService::NotInstalled
        | token::CardService::NotRunning
        | token::CardService::Failed(_)
        | token::CardService::Unknown => &[],
    };
    token::Search {
        extra: request
            .extra
            .into_iter()
            .map(|hint| token::Hint {
                path: hint.path,
                name: hint.name,
                parameters: hint.parameters,
            })
            .collect(),
        only_listed: request.only_listed,
        atrs: readers
            .iter()
            .filter_map(|reader| match &reader.content {
                token::Content::Card { atr } => Some(atr.clone()),
                token::Content::Empty | token::Content::Mute => None,
            })
            .collect(),
    }
}

pub(crate) fn about(about: token::About, slot_events: bool) -> wire::LibraryInfo {
    wire::LibraryInfo {
        description: about.description,
        manufacturer: about.manufacturer,
        version: about.version,
        cryptoki: about.cryptoki,
        slot_events,
    }
}

fn origin(origin: token::Origin) -> ModuleOrigin {
    match origin {
        token::Origin::Atr => ModuleOrigin::Atr,
        token::Origin::Administrator => ModuleOrigin::Administrator,
        token::Origin::Registered => ModuleOrigin::Registered,
        token::Origin::KnownPath => ModuleOrigin::KnownPath,
    }
}

fn reader(reader: token::Reader) -> wire::ReaderInfo {
    wire::ReaderInfo {
        known: match &reader.content {
            token::Content::Card { atr } => token::known_card(atr).map(known_card),
            token::Content::Empty | token::Content::Mute => None,
        },
        name: reader.name,
        content: match reader.content {
            token::Content::Empty => wire::ReaderContent::Empty,
            token::Content::Card { atr } => wire::ReaderContent::Card { atr },
            token::Content::Mute => wire::ReaderContent::Mute,
        },
    }
}

pub(crate) fn token(token: token::Token) -> wire::TokenInfo {
    wire::TokenInfo {
        slot: token.slot,
        reader: token.reader,
        label: token.label,
        manufacturer: token.manufacturer,
        model: token.model,
        serial: token.serial,
        pin_state: pin_state(token.pin_state),
        pin_min: token.pin_min,
        pin_max: token.pin_max,
        protected_path: token.protected_path,
        certificates: token.certificates.into_iter().map(certificate).collect(),
    }
}

pub(crate) fn present(present: token::Present) -> wire::PresentToken {
    wire::PresentToken {
        slot: present.slot,
        label: present.label,
        serial: present.serial,
        pin_state: pin_state(present.pin_state),
        protected_path: present.protected_path,
    }
}

pub(crate) fn token_error(error: token::TokenError) -> wire::TokenError {
    use token::TokenError as E;
    use wire::TokenError as W;
    match error {
        E::ModuleNotFound { path } => W::ModuleNotFound { path },
        E::ModuleWrongArchitecture { found, needed } => {
            W::ModuleWrongArchitecture { found, needed }
        }
        E::ModuleUnloadable { detail } => W::ModuleUnloadable { detail },
        E::ModuleFailed { function, ckr } => W::ModuleFailed { function, ckr },
        E::ModuleNonsense { what } => W::ModuleNonsense { what },
        E::TokenAbsent => W::TokenAbsent,
        E::TokenRemoved => W::TokenRemoved,
        E::PinIncorrect { pin_state: state } => W::PinIncorrect {
            pin_state: pin_state(state),
        },
        E::PinLocked => W::PinLocked,
        E::FinalTryNeedsConsent => W::FinalTryNeedsConsent,
        E::PinLength { min, max } => W::PinLength { min, max },
        E::PinNotAccepted { ckr } => W::PinNotAccepted { ckr },
        E::PinNotInitialised => W::PinNotInitialised,
        E::PinNeeded => W::PinNeeded,
        E::CancelledOnReader => W::CancelledOnReader,
        E::KeyNotFound => W::KeyNotFound,
        E::CertificateMismatch => W::CertificateMismatch,
        E::AlgorithmUnsupported { algorithm } => W::AlgorithmUnsupported { algorithm },
        E::WrongSignature => W::WrongSignature,
        E::SessionLost => W::SessionLost,
    }
}

fn certificate(certificate: token::Certificate) -> wire::TokenCertificate {
    wire::TokenCertificate {
        der: certificate.der,
        label: certificate.label,
        key_kind: match certificate.key_kind {
            token::KeyKind::Rsa => wire::KeyKind::Rsa,
            token::KeyKind::Ec => wire::KeyKind::Ec,
            token::KeyKind::Other => wire::KeyKind::Other,
        },
        key_bits: certificate.key_bits,
        always_authenticate: certificate.always_authenticate,
        private_key_seen: certificate.private_key_seen,
    }
}

fn pin_state(state: token::PinState) -> wire::PinState {
    match state {
        token::PinState::Ok => wire::PinState::Ok,
        token::PinState::CountLow => wire::PinState::CountLow,
        token::PinState::FinalTry => wire::PinState::FinalTry,
        token::PinState::Locked => wire::PinState::Locked,
        token::PinState::NotInitialised => wire::PinState::NotInitialised,
    }
}
