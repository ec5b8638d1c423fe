//! The few calls that cryptoki cannot make as we need them.
//!
//! `cryptoki` signs with two C_Sign calls (the first for the length) and cannot put a
//! context-specific login between C_SignInit and a single C_Sign, which keys with
//! CKA_ALWAYS_AUTHENTICATE need; and it cannot change a PIN on a reader with a keypad. The module
//! is loaded a second time through the same system call, which counts references and gives the
//! same library, so sessions of `cryptoki` are valid here.

use std::{ffi::CString, path::Path, ptr::NonNull};

use cryptoki::{
    context::{CInitializeArgs, CInitializeFlags},
    error::{Rv, RvError},
};
use cryptoki_sys::{
    CK_FUNCTION_LIST, CK_RV, CK_SESSION_HANDLE, CK_SLOT_ID, CK_TOKEN_INFO, CK_ULONG, CKR_OK, Pkcs11,
};

/// The size told to C_Sign: enough for RSA-8192.
const SIGNATURE_ROOM: usize = 1024;
/// A module that writes more than it was told hits this room before other memory.
const SLACK: usize = 4096;

/// The arguments of C_Initialize. NSS reads its parameters, a C string, where the specification
/// has a reserved pointer. The string is leaked: a module may look at it as long as it lives.
pub(crate) fn initialise_with(parameters: Option<&str>) -> CInitializeArgs {
    let flags = CInitializeFlags::OS_LOCKING_OK;
    let text = parameters.and_then(|text| CString::new(text).ok());
    match text.and_then(|text| NonNull::new(text.into_raw().cast())) {
        // SAFETY: a valid C string that is never freed.
        Some(text) => unsafe { CInitializeArgs::new_with_reserved(flags, text) },
        None => CInitializeArgs::new(flags),
    }
}

/// The function list of a loaded and initialised module.
pub(crate) struct Raw {
    // Keeps the library, and with it the function pointers, alive.
    _library: Pkcs11,
    functions: CK_FUNCTION_LIST,
}

impl Raw {
    /// Loads the library again and reads its function list.
    pub(crate) fn load(path: &Path) -> Result<Self, cryptoki::error::Error> {
        // SAFETY: loading a library runs its constructors. The path comes from discovery or from
        // the administrator, and the process has no other task than to run this module.
        let library =
            unsafe { Pkcs11::new(path) }.map_err(cryptoki::error::Error::LibraryLoading)?;
        if library.C_GetFunctionList.is_err() {
            return Err(cryptoki::error::Error::MissingSymbol("C_GetFunctionList"));
        }
        let mut list: *mut CK_FUNCTION_LIST = std::ptr::null_mut();
        // SAFETY: the symbol exists; it stores a pointer to a static list.
        let rv = unsafe { library.C_GetFunctionList(&raw mut list) };
        if rv != CKR_OK || list.is_null() {
            return Err(cryptoki::error::Error::NullFunctionPointer);
        }
        // SAFETY: not null, and the specification makes it a valid list that outlives the library's
        // use; it is copied so that no reference into foreign memory stays.
        let functions = unsafe { *list };
        Ok(Self {
            _library: library,
            functions,
        })
    }

    /// C_GetTokenInfo, nothing read into it.
    pub(crate) fn token_info(&self, slot: u64) -> Result<CK_TOKEN_INFO, RvError> {
        let get = self
            .functions
            .C_GetTokenInfo
            .ok_or(RvError::FunctionNotSupported)?;
        let slot = CK_SLOT_ID::try_from(slot).map_err(|_| RvError::SlotIdInvalid)?;
        let mut info = CK_TOKEN_INFO::default();
        // SAFETY: a live structure of the specification's form, which the module fills.
        check(unsafe { get(slot, &raw mut info) })?;
        Ok(info)
    }

    /// One C_Sign of an initialised operation.
    pub(crate) fn sign(&self, session: CK_SESSION_HANDLE, data: &[u8]) -> Result<Vec<u8>, RvError> {
        let sign = self.functions.C_Sign.ok_or(RvError::FunctionNotSupported)?;
        let mut signature = vec![0; SIGNATURE_ROOM + SLACK];
        let mut length = CK_ULONG::try_from(SIGNATURE_ROOM).unwrap_or(0);
        let data_length = CK_ULONG::try_from(data.len()).map_err(|_| RvError::DataLenRange)?;
        // SAFETY: the pointers and lengths belong to live buffers; the module must not write to the
        // data, whose type lacks const in the C interface.
        let rv = unsafe {
            sign(
                session,
                data.as_ptr().cast_mut(),
                data_length,
                signature.as_mut_ptr(),
                &raw mut length,
            )
        };
        check(rv)?;
        let length = usize::try_from(length).map_err(|_| RvError::SignatureLenRange)?;
        if length > SIGNATURE_ROOM {
            return Err(RvError::SignatureLenRange);
        }
        signature.truncate(length);
        Ok(signature)
    }

    /// C_SetPIN where both PINs are typed on the reader.
    pub(crate) fn set_pin_on_reader(&self, session: CK_SESSION_HANDLE) -> Result<(), RvError> {
        let set_pin = self
            .functions
            .C_SetPIN
            .ok_or(RvError::FunctionNotSupported)?;
        // SAFETY: null PINs are what the specification asks for on a protected path.
        check(unsafe { set_pin(session, std::ptr::null_mut(), 0, std::ptr::null_mut(), 0) })
    }
}

fn check(rv: CK_RV) -> Result<(), RvError> {
    match Rv::from(rv) {
        Rv::Ok => Ok(()),
        Rv::Error(error) => Err(error),
    }
}
