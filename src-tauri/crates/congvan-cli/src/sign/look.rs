use congvan_model::{ByteSource, Timestamp};
use congvan_pades::{Appearance, FieldChoice, MmRect, PageSize, inspect, roles};

use crate::{
    arguments::{Form, LookOptions, Page, Role},
    fault::{Fault, Result},
    words::Code,
};

/// What the signatures of this run look like, everything read and checked.
pub(super) struct Look {
    role: Role,
    image: Vec<u8>,
    page: Page,
    rect: Option<MmRect>,
    field: Option<String>,
}

/// Where one signature goes and what it looks like there.
pub(super) struct Place {
    pub(super) field: FieldChoice,
    pub(super) appearance: Appearance,
}

/// Size of the text of a copy or an appendix, and its distance from the edges, millimetres.
const TEXT_BOX: (f64, f64) = (70.0, 18.0);
const MARGIN: f64 = 10.0;

impl Look {
    pub(super) fn new(options: &LookOptions) -> Result<Self> {
        let missing = |what: &str| {
            Err(Fault::new(Code::Arguments)
                .with("detail", what)
                .with("command", "sign"))
        };
        let needs_picture = matches!(options.role, Role::Leader | Role::Initials | Role::Seal);
        if needs_picture && options.image.is_none() {
            return missing("--image ?");
        }
        if needs_picture && options.rect.is_none() && options.field.is_none() {
            return missing("--rect | --field ?");
        }
        if options.role == Role::Appendix && options.notation.is_none() {
            return missing("--notation ?");
        }
        let image = match options.image.as_ref().filter(|_| needs_picture) {
            Some(path) => std::fs::read(path).map_err(|error| {
                let detail = format!("{}: {error}", path.display());
                Fault::new(Code::ImageUnusable).with("detail", detail)
            })?,
            None => Vec::new(),
        };
        let corner = matches!(options.role, Role::Copy | Role::Appendix);
        Ok(Self {
            role: options.role,
            image,
            page: options
                .page
                .unwrap_or(if corner { Page::Number(0) } else { Page::Last }),
            rect: options.rect.map(|[x, y, width, height]| MmRect {
                x,
                y,
                width,
                height,
            }),
            field: options.field.clone(),
        })
    }

    /// Field and appearance for one document.
    pub(super) fn place(
        &self,
        source: &dyn ByteSource,
        options: &LookOptions,
        (agency, time): (&str, Timestamp),
    ) -> Result<Place> {
        if self.role == Role::None && self.field.is_none() {
            return Ok(Place {
                field: FieldChoice::Invisible,
                appearance: Appearance::default(),
            });
        }
        let (field, size) = match &self.field {
            Some(name) => (
                FieldChoice::Existing(name.clone()),
                self.rect.map_or(TEXT_BOX, |rect| (rect.width, rect.height)),
            ),
            None => {
                let pages = inspect(source)?.pages;
                let (page, size) = self.page(&pages)?;
                let rect = self
                    .rect
                    .unwrap_or_else(|| roles::top_right(size, TEXT_BOX, MARGIN));
                (FieldChoice::New { page, rect }, (rect.width, rect.height))
            }
        };
        let appearance = match self.role {
            Role::Leader | Role::Initials => roles::leader(self.image.clone(), size),
            Role::Seal => roles::seal(self.image.clone(), size),
            Role::Copy => {
                let form = match options.form {
                    Form::True => roles::CopyForm::True,
                    Form::OfCopy => roles::CopyForm::OfCopy,
                    Form::Extract => roles::CopyForm::Extract,
                };
                let agency = options.agency.as_deref().unwrap_or(agency);
                roles::copy(form, agency, time, size)
            }
            Role::Appendix => {
                let notation = options.notation.as_deref().unwrap_or_default();
                roles::appendix(notation, time, size)
            }
            Role::None => Appearance::default(),
        };
        Ok(Place { field, appearance })
    }

    fn page(&self, pages: &[PageSize]) -> Result<(usize, PageSize)> {
        let index = match self.page {
            Page::Number(index) => index,
            Page::Last => pages.len().saturating_sub(1),
        };
        let size = pages.get(index).ok_or_else(|| {
            Fault::new(Code::NoSuchPage).with("detail", format!("{}/{}", index + 1, pages.len()))
        })?;
        Ok((index, *size))
    }
}
