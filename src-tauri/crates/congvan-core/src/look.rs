//! What a person's signature looks like, by the role in which the person signs and from the office's
//! templates (Decree 30/2020/NĐ-CP, Appendix I).
//!
//! An administrator replaces a built-in template by `leader.json`, `initials.json`, `seal.json`,
//! `appendix.json` or `copy.json` in the folder that `signature_templates` of the desk's configuration names.

use std::{
    io,
    path::{Path, PathBuf},
};

use congvan_model::{Direction, Role, Timestamp, fold};
use congvan_pades::{
    Appearance, FieldChoice, MmRect, PageSize,
    roles::CopyForm,
    template::{self, Facts, Part, PicturePart, Rule, Scene, Size, Template, TemplateError},
};
use congvan_protocol::{AccountInfo, Document, FileRole, handling::Relation};
use congvan_store::{ImageRole, SignatureImage};

use crate::{Desk, DeskError, Placement, PlacementRule, Result, places::EDGE_MM, session::Session};

/// The words of a copy may stand this near to an edge, above the head of a page.
const COPY_EDGE_MM: f64 = 3.0;
/// Parts of their height and width that they may have: three lines in the lowest, a longer name of an
/// agency in the widest.
const COPY_LOWEST: f64 = 7.0 / 9.0;
const COPY_WIDEST: f64 = 17.0 / 14.0;

/// What a signature is on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureRole {
    /// A leader's handwriting.
    Signature,
    /// Initials of who prepared or checked.
    Initials,
    /// The agency's seal on the document.
    Seal,
    /// The agency on a file of its own beside the document: number, symbol and time, no picture.
    Appendix,
    /// The agency on a copy: form, agency and time, no picture.
    Copy,
}

/// In what role an account signs with a certificate: a leader as leader; a clerk with a certificate
/// of the agency, which does not bear the clerk's own name, for the agency; everyone else, who
/// prepares or checks, with initials.
pub(crate) fn role_of(account: &AccountInfo, certificate: Option<&str>) -> ImageRole {
    let holds = |role: Role| account.posts.iter().any(|post| post.role == role);
    if holds(Role::Leader) {
        return ImageRole::Signature;
    }
    let person = fold(&account.full_name);
    let is_own = certificate.is_none_or(|name| fold(name).contains(&person));
    if holds(Role::Clerk) && !is_own {
        ImageRole::Seal
    } else {
        ImageRole::Initials
    }
}

/// The look of one person's signatures in one role.
#[derive(Clone)]
pub(crate) struct Look {
    pub(crate) role: ImageRole,
    template: Template,
    picture: Option<SignatureImage>,
    /// What the agency's signature looks like on a file beside the document; the agency only.
    beside: Option<Template>,
    /// What it looks like on a copy; the agency only.
    copied: Option<Template>,
    /// The form of the copy, as the decree writes it; on a copy only.
    copy_form: Option<&'static str>,
    /// Number and symbol of the document; on a file beside it only.
    notation: Option<String>,
    /// Own name and title of who signs in a leader's place: the place is sought by them.
    stands_in: Option<(String, String)>,
    /// Whose name the words say where there is no picture.
    name: String,
    position: String,
    agency: String,
    /// Width and height where nobody has drawn a box.
    size: (f64, f64),
}

impl Desk {
    /// How this account's signatures look with a certificate of that subject.
    ///
    /// # Errors
    /// `SignRefused` with `TEMPLATE_UNUSABLE`, disk errors.
    pub(crate) async fn look(&self, session: &Session, certificate: Option<&str>) -> Result<Look> {
        let account = session.signing_account(self.now())?;
        let role = role_of(&account, certificate);
        let folder = self.template_folder();
        let kept = session
            .with_store(move |store| {
                let folder = folder.as_deref();
                let is_agency = role == ImageRole::Seal;
                let beside = is_agency.then(|| template_of(template::Role::Appendix, folder));
                let copied = is_agency.then(|| template_of(template::Role::Copy, folder));
                let template = template_of(template_role(role), folder);
                Ok((store.signature_image(role)?, template, (beside, copied)))
            })
            .await?;
        let (picture, template, (beside, copied)) = kept;
        let (mut template, beside) = (template?, beside.transpose()?);
        let copied = copied.transpose()?;
        let is_clerk = account.posts.iter().any(|post| post.role == Role::Clerk);
        if is_clerk && template.place == Rule::AfterContent {
            // Who checks the form signs behind the recipients, who answers for the content behind
            // its last word (article 12).
            template.place = Rule::AfterRecipients;
        }
        let mut look = Look::new(role, template, picture);
        (look.beside, look.copied) = (beside, copied);
        if session.acting(self.now())?.mandate.is_some() {
            let (person, _) = session.standing(self.now());
            let own = person.posts.iter();
            let leads = own.clone().find(|post| post.role == Role::Leader);
            let title = leads
                .or(person.posts.first())
                .map(|post| post.title.clone());
            look.stands_in = Some((person.full_name, title.unwrap_or_default()));
        }
        look.name = certificate.unwrap_or(&account.full_name).to_owned();
        if let Some(post) = account.posts.into_iter().next() {
            (look.position, look.agency) = (post.title, post.agency.name);
        }
        // A clerk of a unit signs for the agency whose books the clerk writes in.
        if role == ImageRole::Seal
            && let Some(registry) = session.info().and_then(|info| info.registry.clone())
        {
            look.agency = registry.name;
        }
        Ok(look)
    }
}

impl Look {
    fn new(role: ImageRole, mut template: Template, picture: Option<SignatureImage>) -> Self {
        let [width, height] = match template.size {
            Size::Mm(size) | Size::Picture { else_mm: size } => size,
        };
        let mut look = Self {
            role,
            template: template.clone(),
            picture,
            beside: None,
            copied: None,
            copy_form: None,
            notation: None,
            stands_in: None,
            name: String::new(),
            position: String::new(),
            agency: String::new(),
            size: (width, height),
        };
        if let Some(own) = look.picture_alone() {
            look.size = match template.size {
                Size::Picture { .. } => own,
                Size::Mm(_) => fit(own, (width, height)),
            };
        }
        // What the person has measured on paper goes before what a PNG says of itself.
        template.size = Size::Mm([look.size.0, look.size.1]);
        look.template = template;
        look
    }

    /// The look on one of a document's files: beside the document itself, and on a copy, the agency signs
    /// with words (Decree 30/2020/NĐ-CP, Appendix I, part I), everyone else as on the document.
    pub(crate) fn on(&self, document: &Document, file: FileRole) -> Self {
        if let (Some(copied), Some(form)) = (&self.copied, copy_form(document))
            && file == FileRole::Main
        {
            return Self {
                copy_form: Some(form.words()),
                name: self.name.clone(),
                position: self.position.clone(),
                agency: self.agency.clone(),
                ..Self::new(self.role, copied.clone(), None)
            };
        }
        match (&self.beside, file) {
            (Some(beside), FileRole::Appendix | FileRole::Attachment) => Self {
                notation: document.notation.as_ref().map(ToString::to_string),
                name: self.name.clone(),
                position: self.position.clone(),
                agency: self.agency.clone(),
                ..Self::new(self.role, beside.clone(), None)
            },
            (Some(_), FileRole::Main)
            | (None, FileRole::Main | FileRole::Appendix | FileRole::Attachment) => self.clone(),
        }
    }

    /// What the signature is on the page.
    pub(crate) fn signs_as(&self) -> SignatureRole {
        match self.role {
            ImageRole::Signature => SignatureRole::Signature,
            ImageRole::Initials => SignatureRole::Initials,
            ImageRole::Seal if self.template.role == template::Role::Appendix => {
                SignatureRole::Appendix
            }
            ImageRole::Seal if self.is_copy() => SignatureRole::Copy,
            ImageRole::Seal => SignatureRole::Seal,
        }
    }

    /// The built-in look of a leader without a picture: practice shows nobody's handwriting.
    pub(crate) fn of_practice(name: &str) -> Self {
        let template = Template::built_in(template::Role::Leader);
        Self {
            name: name.to_owned(),
            ..Self::new(ImageRole::Signature, template, None)
        }
    }

    /// Width and height of the picture on paper, where it is all that is shown.
    fn picture_alone(&self) -> Option<(f64, f64)> {
        let picture = self.picture.as_ref()?;
        match self.template.parts.as_slice() {
            [Part::Picture(PicturePart { area_mm: None })] => {
                Some((picture.width_mm, picture.height_mm))
            }
            _ => None,
        }
    }

    /// Refuses what could never be drawn, before anyone is asked for a PIN.
    ///
    /// # Errors
    /// `SignRefused`: the agency has no picture of its seal here, a file beside the document is to
    /// show a number that nobody has given yet, or the template asks for what nobody knows.
    pub(crate) fn check(&self, now: Timestamp) -> Result<()> {
        self.shown_at(self.size, now).map(drop)
    }

    /// The agency that signs with it.
    pub(crate) fn agency(&self) -> &str {
        &self.agency
    }

    /// Whether it is the agency that signs.
    ///
    /// # Errors
    /// `SignRefused` for a certificate that is a person's own.
    pub(crate) fn check_agency(&self) -> Result<()> {
        match self.role {
            ImageRole::Seal => Ok(()),
            ImageRole::Signature | ImageRole::Initials => Err(DeskError::SignRefused {
                reason: "NOT_THE_AGENCY",
            }),
        }
    }

    /// Whether it is the agency's on a copy.
    pub(crate) fn is_copy(&self) -> bool {
        self.copy_form.is_some()
    }

    /// What a box for it keeps to.
    pub(crate) fn rule(&self) -> PlacementRule {
        if self.is_copy() {
            return PlacementRule {
                edge: COPY_EDGE_MM,
                least: (self.size.0, self.size.1 * COPY_LOWEST),
                most: Some((self.size.0 * COPY_WIDEST, self.size.1)),
            };
        }
        let half = (self.size.0 / 2.0, self.size.1 / 2.0);
        let (least, most) = match (self.role, self.picture_alone()) {
            (ImageRole::Seal, _) => (self.size, Some(self.size)),
            (ImageRole::Signature | ImageRole::Initials, Some(own)) => {
                let most = (own.0.max(self.size.0), own.1.max(self.size.1));
                (half, Some(most))
            }
            (ImageRole::Signature | ImageRole::Initials, None) => (half, None),
        };
        PlacementRule {
            edge: EDGE_MM,
            least,
            most,
        }
    }

    /// Whether the place has to be searched among the words of the page.
    pub(crate) fn wants_words(&self) -> bool {
        match self.template.place {
            Rule::SignerBlock | Rule::AfterContent | Rule::AfterRecipients | Rule::Text { .. } => {
                true
            }
            Rule::NumberAndDate
            | Rule::Invisible
            | Rule::Absolute { .. }
            | Rule::TopRight { .. }
            | Rule::OverLeader => false,
        }
    }

    /// Whether it goes over the leader's picture.
    pub(crate) fn wants_leader(&self) -> bool {
        self.template.place == Rule::OverLeader
    }

    /// Where the document says that it belongs; none when a person has to point.
    pub(crate) fn find(&self, document: &Document, scene: &Scene<'_>) -> Option<Placement> {
        // Who signs in the leader's place stands below their own title, not the leader's.
        let (name, position) = match &self.stands_in {
            Some((name, position)) => (name, position),
            None => (&document.signer.full_name, &document.signer.position),
        };
        let facts = Facts {
            name: Some(name),
            position: Some(position),
            agency: Some(&self.agency),
            notation: self.notation.as_deref(),
            copy_form: self.copy_form,
            time: Some(Timestamp(0)),
            ..Facts::default()
        };
        let found = self.template.fill(&facts, self.png(), scene).ok()?.place?;
        Some(Placement {
            page: found.page,
            x: found.rect.x,
            y: found.rect.y,
            width: found.rect.width,
            height: found.rect.height,
        })
    }

    /// Where it goes when neither the document nor the person has said anything: on the last page in
    /// the room that the decree leaves between the signer's position and name; initials below, a
    /// seal to the left; beside the document, at the top right of the first page. None without a
    /// page.
    pub(crate) fn usual(&self, pages: &[PageSize]) -> Option<Placement> {
        let last = pages.len().checked_sub(1)?;
        let (page, right, bottom) = match self.signs_as() {
            SignatureRole::Signature => (last, 60.0, Some(82.5)),
            SignatureRole::Initials => (last, 40.0, Some(50.0)),
            SignatureRole::Seal => (last, 85.0, Some(82.5)),
            SignatureRole::Appendix | SignatureRole::Copy => (0, 8.0 + self.size.0 / 2.0, None),
        };
        let size = pages.get(page)?;
        Some(Placement {
            page,
            x: size.width_mm - right - self.size.0 / 2.0,
            y: bottom.map_or(8.0, |bottom| size.height_mm - bottom - self.size.1 / 2.0),
            width: self.size.0,
            height: self.size.1,
        })
    }

    /// Field and appearance in a box that was found or drawn: a picture in the middle of it, in its
    /// own proportions and never larger than on paper; a seal in true size.
    ///
    /// # Errors
    /// As [`Look::check`].
    pub(crate) fn drawn(
        &self,
        place: Placement,
        now: Timestamp,
    ) -> Result<(FieldChoice, Appearance)> {
        let (width, height) = match (self.role, self.picture_alone()) {
            (ImageRole::Seal, _) if self.is_copy() => (place.width, place.height),
            (ImageRole::Seal, _) => self.size,
            (ImageRole::Signature | ImageRole::Initials, Some(own)) => {
                fit(own, (place.width, place.height))
            }
            (ImageRole::Signature | ImageRole::Initials, None) if self.is_fixed() => self.size,
            (ImageRole::Signature | ImageRole::Initials, None) => (place.width, place.height),
        };
        let rect = MmRect {
            x: place.x + (place.width - width) / 2.0,
            y: place.y + (place.height - height) / 2.0,
            width,
            height,
        };
        let field = FieldChoice::New {
            page: place.page,
            rect,
        };
        Ok((field, self.shown_at((width, height), now)?))
    }

    /// Whether its parts have places of their own, which a box of another size would tear apart.
    fn is_fixed(&self) -> bool {
        let parts = self.template.parts.iter();
        parts
            .chain(&self.template.without_picture)
            .any(|part| match part {
                Part::Picture(part) => part.area_mm.is_some(),
                Part::Text(part) => part.area_mm.is_some(),
                Part::Frame(part) => part.area_mm.is_some(),
            })
    }

    fn shown_at(&self, size: (f64, f64), now: Timestamp) -> Result<Appearance> {
        let facts = Facts {
            name: Some(&self.name),
            position: Some(&self.position),
            agency: Some(&self.agency),
            notation: self.notation.as_deref(),
            copy_form: self.copy_form,
            time: Some(now),
            ..Facts::default()
        };
        let shown = self.template.appearance(&facts, self.png(), size);
        shown.map_err(|error| {
            let reason = match error {
                TemplateError::NoPicture => "NO_SEAL_PICTURE",
                TemplateError::MissingFact { .. }
                    if self.signs_as() == SignatureRole::Appendix && self.notation.is_none() =>
                {
                    "NO_NUMBER_YET"
                }
                TemplateError::Json { .. }
                | TemplateError::Length
                | TemplateError::UnknownPlaceholder { .. }
                | TemplateError::MissingFact { .. }
                | TemplateError::BadPicture
                | TemplateError::PlaceNotFound
                | TemplateError::NoSuchPage { .. } => "TEMPLATE_UNUSABLE",
            };
            DeskError::SignRefused { reason }
        })
    }

    fn png(&self) -> Option<&[u8]> {
        self.picture.as_ref().map(|picture| picture.png.as_slice())
    }
}

/// The form of the copy that a document is; none where it is none that goes out.
fn copy_form(document: &Document) -> Option<CopyForm> {
    let origin = document.handling.as_deref()?.origin.as_deref()?;
    match origin.relation {
        _ if document.direction == Direction::Incoming => None,
        Relation::TrueCopy => Some(CopyForm::True),
        Relation::CopyOfCopy => Some(CopyForm::OfCopy),
        Relation::Extract => Some(CopyForm::Extract),
        Relation::Correction | Relation::Replacement => None,
    }
}

/// The size in its own proportions that fits into a box, and is no larger than it is.
fn fit((width, height): (f64, f64), room: (f64, f64)) -> (f64, f64) {
    let scale = (room.0 / width).min(room.1 / height).min(1.0);
    (width * scale, height * scale)
}

fn template_role(role: ImageRole) -> template::Role {
    match role {
        ImageRole::Signature => template::Role::Leader,
        ImageRole::Initials => template::Role::Initials,
        ImageRole::Seal => template::Role::Seal,
    }
}

/// The administrator's template of a role, else the decree's. Blocks.
fn template_of(kind: template::Role, folder: Option<&Path>) -> Result<Template> {
    let file = match kind {
        template::Role::Leader => "leader.json",
        template::Role::Initials => "initials.json",
        template::Role::Seal => "seal.json",
        template::Role::Appendix => "appendix.json",
        template::Role::Copy => "copy.json",
        // Nobody at the desk signs in these.
        template::Role::NumberDate | template::Role::Arrival | template::Role::None => {
            return Ok(Template::built_in(kind));
        }
    };
    let unusable = |error: &dyn std::fmt::Display| {
        tracing::warn!(file, %error, "the office's template cannot be used");
        DeskError::SignRefused {
            reason: "TEMPLATE_UNUSABLE",
        }
    };
    let Some(folder) = folder else {
        return Ok(Template::built_in(kind));
    };
    let text = match std::fs::read_to_string(folder.join(file)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok(Template::built_in(kind));
        }
        other => other.map_err(|error| unusable(&error))?,
    };
    let template = Template::read(&text).map_err(|error| unusable(&error))?;
    if template.role == kind {
        Ok(template)
    } else {
        Err(unusable(&"it is for another role"))
    }
}

impl Desk {
    fn template_folder(&self) -> Option<PathBuf> {
        self.province_config()?.signature_templates.clone()
    }
}

#[cfg(test)]
mod tests {
    use congvan_model::{AccountId, Sha256};
    use congvan_protocol::{AgencyInfo, Post};

    use super::*;

    fn account(role: Role) -> AccountInfo {
        AccountInfo {
            id: AccountId(1),
            username: "b".to_owned(),
            full_name: "Trần Thị B".to_owned(),
            posts: vec![Post {
                role,
                title: "Công chức".to_owned(),
                agency: AgencyInfo {
                    code: "H99.101".to_owned(),
                    name: "UBND xã Bình Minh Đông".to_owned(),
                },
                since: None,
                until: None,
            }],
        }
    }

    #[test]
    fn the_role_follows_from_the_post_and_from_whose_certificate_it_is() {
        let agency = Some("UBND xã Bình Minh Đông");
        // Decomposed, and with a rank, as certificates come.
        let own = Some("CN=Tra\u{302}\u{300}n Thi\u{323} B,O=UBND");
        let of = |role, certificate| role_of(&account(role), certificate);
        assert_eq!(of(Role::Leader, agency), ImageRole::Signature);
        assert_eq!(of(Role::Leader, own), ImageRole::Signature);
        assert_eq!(of(Role::Clerk, agency), ImageRole::Seal);
        assert_eq!(of(Role::Clerk, own), ImageRole::Initials);
        assert_eq!(of(Role::Clerk, None), ImageRole::Initials);
        assert_eq!(of(Role::Official, agency), ImageRole::Initials);
    }

    fn look(role: ImageRole, own: Option<(f64, f64)>) -> Look {
        let picture = own.map(|(width_mm, height_mm)| SignatureImage {
            role,
            sha256: Sha256([0; 32]),
            png: Vec::new(),
            width_px: 100,
            height_px: 100,
            width_mm,
            height_mm,
            at: Timestamp(0),
        });
        let template = template_of(template_role(role), None).unwrap();
        Look::new(role, template, picture)
    }

    fn box_of(width: f64, height: f64) -> Placement {
        Placement {
            page: 0,
            x: 100.0,
            y: 200.0,
            width,
            height,
        }
    }

    fn rect(look: &Look, place: Placement) -> MmRect {
        match look.drawn(place, Timestamp(0)).unwrap().0 {
            FieldChoice::New { rect, .. } => rect,
            other => panic!("no new field: {other:?}"),
        }
    }

    #[test]
    fn handwriting_stands_in_the_middle_of_its_box_and_is_never_larger_than_on_paper() {
        let look = look(ImageRole::Signature, Some((40.0, 15.0)));
        let shown = rect(&look, box_of(60.0, 25.0));
        assert_eq!((shown.x, shown.y), (110.0, 205.0));
        assert_eq!((shown.width, shown.height), (40.0, 15.0));
        let small = rect(&look, box_of(20.0, 25.0));
        assert_eq!((small.width, small.height), (20.0, 7.5));
        assert_eq!((small.x, small.y), (100.0, 208.75));
    }

    #[test]
    fn a_seal_has_its_true_size_whatever_box_was_drawn() {
        let look = look(ImageRole::Seal, Some((36.0, 36.0)));
        for (width, height) in [(20.0, 20.0), (80.0, 50.0)] {
            let shown = rect(&look, box_of(width, height));
            assert_eq!((shown.width, shown.height), (36.0, 36.0));
            assert!((shown.x + 18.0 - 100.0 - width / 2.0).abs() < 1e-9);
        }
        assert_eq!(look.rule().least, (36.0, 36.0));
        assert_eq!(look.rule().most, Some((36.0, 36.0)));
    }

    #[test]
    fn an_agency_without_a_picture_of_its_seal_does_not_sign() {
        let refused = look(ImageRole::Seal, None).check(Timestamp(0));
        assert!(matches!(
            refused,
            Err(DeskError::SignRefused {
                reason: "NO_SEAL_PICTURE"
            })
        ));
        look(ImageRole::Initials, None).check(Timestamp(0)).unwrap();
    }

    #[test]
    fn a_box_keeps_five_millimetres_from_every_edge_and_a_size_that_can_be_read() {
        let rule = look(ImageRole::Signature, None).rule();
        let page = (210.0, 297.0);
        let touching = rule.keep(
            Placement {
                x: 190.0,
                y: -4.0,
                ..box_of(60.0, 3.0)
            },
            page,
        );
        assert_eq!((touching.x, touching.y), (145.0, 5.0));
        assert_eq!((touching.width, touching.height), (60.0, 11.0));
        assert_eq!(rule.keep(touching, page), touching);
        let tiny = rule.keep(box_of(60.0, 20.0), (30.0, 40.0));
        assert_eq!((tiny.x, tiny.width), (5.0, 20.0));
    }

    #[test]
    fn an_administrators_template_takes_the_place_of_the_built_in_one() {
        let folder = tempfile::tempdir().unwrap();
        let read = || template_of(template::Role::Initials, Some(folder.path()));
        assert_eq!(
            read().unwrap(),
            Template::built_in(template::Role::Initials)
        );
        let file = folder.path().join("initials.json");
        let own = r#"{ "role": "initials", "place": { "rule": "after_recipients" },
            "size": { "mm": [12, 6] }, "parts": [{ "picture": {} }] }"#;
        std::fs::write(&file, own).unwrap();
        assert_eq!(read().unwrap().place, Rule::AfterRecipients);
        for bad in ["{", &own.replace("\"initials\"", "\"seal\"")] {
            std::fs::write(&file, bad).unwrap();
            let refused = read();
            assert!(matches!(
                refused,
                Err(DeskError::SignRefused {
                    reason: "TEMPLATE_UNUSABLE"
                })
            ));
        }
    }
}
