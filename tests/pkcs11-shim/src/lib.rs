//! A PKCS#11 module for tests that passes every call to a real module, keeps a real counter of PIN
//! tries as cards do, and misbehaves on demand. Never shipped.
//!
//! The real module is named by `CONGVAN_SHIM_MODULE`; `CONGVAN_SHIM_STATE` is a folder that outlives
//! the process, as a card does:
//! - `calls`: every watched call, one name per line, in order. Calls are counted here, so "the third
//!   C_Sign" means the same across restarts of the process. `C_Sign 3 done` follows where the
//!   third hangs after the card has done its work.
//! - `tries`: PIN tries left; a card that allows three when the file is missing.
//! - `unplugged`: while this file exists there is no card in the slot.
//! - `protected`: while this file exists the reader has a keypad; `keypad` holds what is typed.
//! - `faults`: one rule per line, `C_Sign 3 crash`; see [`fault::Fault`]. `*` means every call.

#![allow(unsafe_code, reason = "the PKCS#11 interface is C")]
#![allow(non_snake_case, reason = "names of the specification")]

mod card;
mod fault;
mod functions;

pub use card::{TRIES, file_name};

use cryptoki_sys::{CK_FUNCTION_LIST_PTR_PTR, CK_RV, CKR_GENERAL_ERROR, CKR_OK};

/// The entry point of every PKCS#11 module.
///
/// # Safety
/// `list` must point to room for a pointer, as the specification says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn C_GetFunctionList(list: CK_FUNCTION_LIST_PTR_PTR) -> CK_RV {
    let Some(ours) = functions::list() else {
        return CKR_GENERAL_ERROR;
    };
    // SAFETY: the caller gives room for a pointer; the list is static.
    unsafe { *list = std::ptr::from_ref(ours).cast_mut() };
    CKR_OK
}
