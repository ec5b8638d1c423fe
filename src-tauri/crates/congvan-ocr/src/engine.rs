use std::{
    ffi::{CStr, CString, c_char, c_int, c_void},
    path::Path,
    ptr,
};

use libloading::Library;

use crate::{
    error::OcrError,
    prepare, strokes,
    tsv::{self, OcrLine},
};

/// No picture has more dots: A4 at 580 dpi.
const MAX_DOTS: u64 = 32_000_000;

/// Vietnamese; its model knows the Latin letters and figures, too.
const LANGUAGE: &CStr = c"vie";

/// A picture in grey, one byte a dot, row by row, black is 0.
#[derive(Clone, Copy, Debug)]
pub struct Picture<'a> {
    /// Dots.
    pub width: u32,
    /// Dots.
    pub height: u32,
    /// Dots per inch.
    pub dpi: u32,
    /// `width * height` bytes.
    pub pixels: &'a [u8],
}

/// How a page is laid out, as far as is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Columns and blocks of text, found by Tesseract (page segmentation mode 3).
    Page,
    /// Scattered pieces: stamps, heads with underlined names (mode 11).
    Sparse,
    /// One block of lines (mode 6).
    Block,
}

impl Layout {
    fn mode(self) -> c_int {
        match self {
            Self::Page => 3,
            Self::Sparse => 11,
            Self::Block => 6,
        }
    }
}

type Handle = *mut c_void;

/// The functions of Tesseract's C interface (capi.h) that are used, all there since 4.0.
struct Functions {
    delete: unsafe extern "C" fn(Handle),
    clear: unsafe extern "C" fn(Handle),
    set_variable: unsafe extern "C" fn(Handle, *const c_char, *const c_char) -> c_int,
    set_mode: unsafe extern "C" fn(Handle, c_int),
    set_image: unsafe extern "C" fn(Handle, *const u8, c_int, c_int, c_int, c_int),
    set_resolution: unsafe extern "C" fn(Handle, c_int),
    recognize: unsafe extern "C" fn(Handle, *mut c_void) -> c_int,
    table: unsafe extern "C" fn(Handle, c_int) -> *mut c_char,
    delete_text: unsafe extern "C" fn(*const c_char),
}

/// Tesseract with its model in memory.
pub struct Engine {
    functions: Functions,
    handle: Handle,
    version: String,
    /// Last: the functions are in it.
    _library: Library,
}

impl Engine {
    /// Loads the library and the Vietnamese model. `data` is the folder with `vie.traineddata`;
    /// without it Tesseract looks where it was installed.
    ///
    /// # Errors
    /// [`OcrError::Library`], [`OcrError::Model`].
    pub fn load(library: &Path, data: Option<&Path>) -> Result<Self, OcrError> {
        let missing = |error: libloading::Error| OcrError::Library {
            detail: error.to_string(),
        };
        let model = || OcrError::Model {
            language: LANGUAGE.to_string_lossy().into_owned(),
        };
        let data = data
            .map(|folder| CString::new(folder.to_string_lossy().into_owned()))
            .transpose()
            .map_err(|_| model())?;
        // SAFETY: the library is Tesseract's, named by the installation; the types of its functions
        // are those of capi.h, and the functions live as long as the library, which is kept.
        unsafe {
            let library = Library::new(library).map_err(missing)?;
            let create: unsafe extern "C" fn() -> Handle =
                *library.get(b"TessBaseAPICreate\0").map_err(missing)?;
            let init: unsafe extern "C" fn(Handle, *const c_char, *const c_char) -> c_int =
                *library.get(b"TessBaseAPIInit3\0").map_err(missing)?;
            let version: unsafe extern "C" fn() -> *const c_char =
                *library.get(b"TessVersion\0").map_err(missing)?;
            let functions = functions(&library).map_err(missing)?;
            let version = CStr::from_ptr(version()).to_string_lossy().into_owned();
            let handle = create();
            let folder = data.as_ref().map_or(ptr::null(), |folder| folder.as_ptr());
            if handle.is_null() || init(handle, folder, LANGUAGE.as_ptr()) != 0 {
                if !handle.is_null() {
                    (functions.delete)(handle);
                }
                return Err(model());
            }
            // Its words on standard error would say what it reads.
            (functions.set_variable)(handle, c"debug_file".as_ptr(), c"/dev/null".as_ptr());
            Ok(Self {
                functions,
                handle,
                version,
                _library: library,
            })
        }
    }

    /// Tesseract's version: `5.3.0`.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Reads a picture.
    ///
    /// # Errors
    /// [`OcrError::Picture`], [`OcrError::Engine`].
    pub fn read(
        &mut self,
        picture: &Picture<'_>,
        layout: Layout,
    ) -> Result<Vec<OcrLine>, OcrError> {
        let &Picture {
            width,
            height,
            dpi,
            pixels,
        } = picture;
        let wrong = OcrError::Picture { width, height };
        let dots = u64::from(width) * u64::from(height);
        if dots == 0 || dots > MAX_DOTS || dots != pixels.len() as u64 {
            return Err(wrong);
        }
        let side =
            |side: u32| c_int::try_from(side).map_err(|_| OcrError::Picture { width, height });
        let (wide, tall, dpi) = (side(width)?, side(height)?, side(dpi.clamp(70, 1200))?);
        let mut paper = pixels.to_vec();
        let row = usize::try_from(width).unwrap_or(usize::MAX);
        prepare::whiten(&mut paper, row);
        prepare::darken(&mut paper);
        strokes::dust(&mut paper, row);
        strokes::rules(&mut paper, row, dpi.unsigned_abs());
        prepare::soften(&mut paper, row);
        let functions = &self.functions;
        // SAFETY: the handle is alive and initialised; Tesseract copies the picture, whose length
        // was checked against its sides, before `set_image` returns; the table is a C string that
        // is ours until deleted.
        let table = unsafe {
            (functions.set_mode)(self.handle, layout.mode());
            (functions.set_image)(self.handle, paper.as_ptr(), wide, tall, 1, wide);
            (functions.set_resolution)(self.handle, dpi);
            let failed = (functions.recognize)(self.handle, ptr::null_mut()) != 0;
            let text = if failed {
                ptr::null_mut()
            } else {
                (functions.table)(self.handle, 0)
            };
            let table =
                (!text.is_null()).then(|| CStr::from_ptr(text).to_string_lossy().into_owned());
            if !text.is_null() {
                (functions.delete_text)(text);
            }
            (functions.clear)(self.handle);
            table
        };
        Ok(tsv::parse(&table.ok_or(OcrError::Engine)?))
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // SAFETY: made by `create`, deleted once.
        unsafe { (self.functions.delete)(self.handle) }
    }
}

/// # Safety
/// The library is Tesseract's.
unsafe fn functions(library: &Library) -> Result<Functions, libloading::Error> {
    // SAFETY: the types are those of capi.h.
    unsafe {
        Ok(Functions {
            delete: *library.get(b"TessBaseAPIDelete\0")?,
            clear: *library.get(b"TessBaseAPIClear\0")?,
            set_variable: *library.get(b"TessBaseAPISetVariable\0")?,
            set_mode: *library.get(b"TessBaseAPISetPageSegMode\0")?,
            set_image: *library.get(b"TessBaseAPISetImage\0")?,
            set_resolution: *library.get(b"TessBaseAPISetSourceResolution\0")?,
            recognize: *library.get(b"TessBaseAPIRecognize\0")?,
            table: *library.get(b"TessBaseAPIGetTsvText\0")?,
            delete_text: *library.get(b"TessDeleteText\0")?,
        })
    }
}
