use std::sync::{Arc, Mutex, PoisonError};

use congvan_model::Timestamp;
use congvan_pades::{
    Appearance, FieldChoice, Inspection, MmRect, PageSize, inspect,
    placement::{PageWords, Word},
    roles::CopyForm,
    signature_places,
    template::{self, Facts, Rule, Scene, Size, Template, TemplateError},
};
use congvan_worker::{OpenDocument, PageText, RenderClient};
use tokio::runtime::{Builder, Runtime};

use crate::{
    arguments::{Form, LookOptions, Page, Role},
    fault::{Fault, Result},
    files::Source,
    places,
    words::Code,
};

/// Pages at the end of a document whose words are read: the signer's name is on one of them.
const LAST_PAGES: usize = 8;

/// What the signatures of this run look like, everything read and checked.
pub(super) struct Look {
    template: Template,
    image: Option<Vec<u8>>,
    /// Reads words from pages; none where no place has to be searched.
    reader: Option<Mutex<Reader>>,
}

/// The render worker, asked from whatever thread prepares a document.
struct Reader {
    client: RenderClient,
    runtime: Runtime,
}

/// Where one signature goes and what it looks like there.
pub(super) struct Place {
    pub(super) field: FieldChoice,
    pub(super) appearance: Appearance,
}

impl Look {
    pub(super) fn new(options: &LookOptions) -> Result<Self> {
        let template = template_of(options)?;
        let image = match &options.image {
            Some(path) => Some(std::fs::read(path).map_err(|error| {
                let detail = format!("{}: {error}", path.display());
                Fault::new(Code::ImageUnusable).with("detail", detail)
            })?),
            None => None,
        };
        if options.role == Role::Seal && options.template.is_none() && image.is_none() {
            return Err(missing("--image"));
        }
        if options.role == Role::Appendix && options.notation.is_none() {
            return Err(missing("--notation"));
        }
        let has_place = options.rect.is_some() || options.field.is_some();
        let reader = match template.place {
            Rule::SignerBlock
            | Rule::AfterContent
            | Rule::AfterRecipients
            | Rule::Text { .. }
            | Rule::NumberAndDate
                if !has_place =>
            {
                Some(Mutex::new(Reader::new()?))
            }
            Rule::SignerBlock
            | Rule::AfterContent
            | Rule::AfterRecipients
            | Rule::Text { .. }
            | Rule::NumberAndDate
            | Rule::Invisible
            | Rule::Absolute { .. }
            | Rule::TopRight { .. }
            | Rule::OverLeader => None,
        };
        Ok(Self {
            template,
            image,
            reader,
        })
    }

    /// Field and appearance for one document.
    pub(super) fn place(
        &self,
        source: &Arc<Source>,
        options: &LookOptions,
        (signer, time): (&str, Timestamp),
    ) -> Result<Place> {
        let facts = facts(options, signer, time);
        let picture = self.image.as_deref();
        let appearance = |size| {
            let looks = self.template.appearance(&facts, picture, size);
            looks.map_err(|error| refused(error, options, signer))
        };
        if let Some(name) = &options.field {
            let [width, height] = match self.template.size {
                Size::Mm(size) | Size::Picture { else_mm: size } => size,
            };
            return Ok(Place {
                field: FieldChoice::Existing(name.clone()),
                appearance: appearance((width, height))?,
            });
        }
        if self.template.place == Rule::Invisible && options.rect.is_none() {
            return Ok(Place {
                field: FieldChoice::Invisible,
                appearance: Appearance::default(),
            });
        }
        let found = inspect(source)?;
        if let Some([x, y, width, height]) = options.rect {
            let rect = MmRect {
                x,
                y,
                width,
                height,
            };
            return Ok(Place {
                field: FieldChoice::New {
                    page: page(options.page.unwrap_or(Page::Last), &found.pages)?,
                    rect,
                },
                appearance: appearance((width, height))?,
            });
        }
        self.search(source, &found, (&facts, options, signer))
    }

    /// Lets the template find its place on the page.
    fn search(
        &self,
        source: &Arc<Source>,
        found: &Inspection,
        (facts, options, signer): (&Facts<'_>, &LookOptions, &str),
    ) -> Result<Place> {
        let words = match &self.reader {
            Some(reader) => reader
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .words(source.clone(), &found.pages)?,
            None => Vec::new(),
        };
        // The seal goes over the signature that was made last and can be seen.
        let leader = signature_places(source)?.pop().map(|(_, place)| place);
        let scene = Scene {
            sizes: &found.pages,
            words: &words,
            leader,
            pointed: None,
        };
        let stamp = self
            .template
            .fill(facts, self.image.as_deref(), &scene)
            .map_err(|error| refused(error, options, signer))?;
        Ok(Place {
            field: stamp.field(),
            appearance: stamp.appearance,
        })
    }
}

impl Reader {
    fn new() -> Result<Self> {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| Fault::new(Code::Internal).with("detail", error))?;
        Ok(Self {
            client: RenderClient::new(places::workers()?),
            runtime,
        })
    }

    /// The words of the last pages; the others stay empty.
    fn words(&self, source: Arc<Source>, sizes: &[PageSize]) -> Result<Vec<PageWords>> {
        let OpenDocument { handle, .. } = self.runtime.block_on(self.client.open(source))?;
        let first = sizes.len().saturating_sub(LAST_PAGES);
        let read = |(index, size): (usize, &PageSize)| {
            let text = match u32::try_from(index) {
                Ok(page) if index >= first => {
                    self.runtime.block_on(self.client.page_text(handle, page))?
                }
                Ok(_) | Err(_) => PageText::default(),
            };
            Ok(page_words(&text, size))
        };
        let words = sizes.iter().enumerate().map(read).collect();
        self.client.close(handle);
        words
    }
}

/// From fractions of the page to millimetres.
fn page_words(text: &PageText, size: &PageSize) -> PageWords {
    let words = text.lines.iter().flat_map(|line| &line.words);
    PageWords {
        width_mm: size.width_mm,
        height_mm: size.height_mm,
        words: words
            .map(|word| Word {
                text: word.text.clone(),
                area: MmRect {
                    x: f64::from(word.x) * size.width_mm,
                    y: f64::from(word.y) * size.height_mm,
                    width: f64::from(word.w) * size.width_mm,
                    height: f64::from(word.h) * size.height_mm,
                },
            })
            .collect(),
    }
}

/// The template of the file that is named, else the decree's for the role.
fn template_of(options: &LookOptions) -> Result<Template> {
    let role = match options.role {
        Role::Leader => template::Role::Leader,
        Role::Initials => template::Role::Initials,
        Role::Seal => template::Role::Seal,
        Role::Copy => template::Role::Copy,
        Role::Appendix => template::Role::Appendix,
        Role::None => template::Role::None,
    };
    let Some(path) = &options.template else {
        return Ok(Template::built_in(role));
    };
    let unusable = |detail: &dyn ToString| {
        Fault::at(Code::TemplateUnusable, path).with("detail", detail.to_string())
    };
    let text = std::fs::read_to_string(path).map_err(|error| unusable(&error))?;
    let template = Template::read(&text).map_err(|error| unusable(&error))?;
    if template.role != role {
        return Err(unusable(&format!("role {:?}", template.role)));
    }
    Ok(template)
}

fn facts<'a>(options: &'a LookOptions, signer: &'a str, time: Timestamp) -> Facts<'a> {
    let form = match options.form {
        Form::True => CopyForm::True,
        Form::OfCopy => CopyForm::OfCopy,
        Form::Extract => CopyForm::Extract,
    };
    Facts {
        name: Some(options.name.as_deref().unwrap_or(signer)),
        position: options.position.as_deref(),
        agency: Some(options.agency.as_deref().unwrap_or(signer)),
        notation: options.notation.as_deref(),
        copy_form: Some(form.words()),
        time: Some(time),
        ..Facts::default()
    }
}

fn page(page: Page, pages: &[PageSize]) -> Result<usize> {
    let index = match page {
        Page::Number(index) => index,
        Page::Last => pages.len().saturating_sub(1),
    };
    if index < pages.len() {
        return Ok(index);
    }
    let detail = format!("{}/{}", index + 1, pages.len());
    Err(Fault::new(Code::NoSuchPage).with("detail", detail))
}

fn missing(option: &str) -> Fault {
    Fault::new(Code::Arguments)
        .with("detail", format!("{option} ?"))
        .with("command", "sign")
}

/// A template that does not fit a document or what was given with it.
fn refused(error: TemplateError, options: &LookOptions, signer: &str) -> Fault {
    match &error {
        TemplateError::PlaceNotFound => {
            Fault::new(Code::PlaceNotFound).with("text", options.name.as_deref().unwrap_or(signer))
        }
        TemplateError::NoSuchPage { .. } => Fault::new(Code::NoSuchPage).with("detail", error),
        TemplateError::NoPicture | TemplateError::BadPicture => {
            Fault::new(Code::ImageUnusable).with("detail", error)
        }
        TemplateError::Json { .. }
        | TemplateError::Length
        | TemplateError::UnknownPlaceholder { .. }
        | TemplateError::MissingFact { .. } => {
            let path = options.template.clone().unwrap_or_default();
            Fault::at(Code::TemplateUnusable, &path).with("detail", error)
        }
    }
}
