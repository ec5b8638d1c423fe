use std::sync::OnceLock;

use cryptoki_sys::{
    CK_BBOOL, CK_BYTE_PTR, CK_FLAGS, CK_FUNCTION_LIST, CK_MECHANISM_PTR, CK_NOTIFY,
    CK_OBJECT_HANDLE, CK_OBJECT_HANDLE_PTR, CK_RV, CK_SESSION_HANDLE, CK_SESSION_HANDLE_PTR,
    CK_SLOT_ID, CK_SLOT_ID_PTR, CK_SLOT_INFO_PTR, CK_TOKEN_INFO_PTR, CK_TRUE, CK_ULONG,
    CK_ULONG_PTR, CK_USER_TYPE, CK_UTF8CHAR_PTR, CKF_PROTECTED_AUTHENTICATION_PATH,
    CKF_TOKEN_PRESENT, CKF_USER_PIN_COUNT_LOW, CKF_USER_PIN_FINAL_TRY, CKF_USER_PIN_LOCKED,
    CKR_DEVICE_REMOVED, CKR_FUNCTION_NOT_SUPPORTED, CKR_GENERAL_ERROR, CKR_OK, CKR_PIN_INCORRECT,
    CKR_PIN_LOCKED, CKR_TOKEN_NOT_PRESENT, CKU_USER, Pkcs11,
};

use crate::{
    card::{self, TRIES},
    fault::{self, Fault},
};

struct Lists {
    _library: Pkcs11,
    real: CK_FUNCTION_LIST,
    ours: CK_FUNCTION_LIST,
}

// SAFETY: function pointers of a loaded library, never changed.
unsafe impl Send for Lists {}
// SAFETY: as above.
unsafe impl Sync for Lists {}

static LISTS: OnceLock<Option<Lists>> = OnceLock::new();

/// Our function list: the real one with the watched functions replaced.
pub(crate) fn list() -> Option<&'static CK_FUNCTION_LIST> {
    lists().map(|lists| &lists.ours)
}

fn real() -> Option<&'static CK_FUNCTION_LIST> {
    lists().map(|lists| &lists.real)
}

fn lists() -> Option<&'static Lists> {
    LISTS.get_or_init(load).as_ref()
}

fn load() -> Option<Lists> {
    let path = std::env::var_os("CONGVAN_SHIM_MODULE")?;
    // SAFETY: a test names a module of its choice.
    let library = unsafe { Pkcs11::new(path) }.ok()?;
    let mut list = std::ptr::null_mut();
    // SAFETY: gives a pointer to a static list.
    if unsafe { library.C_GetFunctionList(&raw mut list) } != CKR_OK || list.is_null() {
        return None;
    }
    // SAFETY: not null, and valid by the specification.
    let real = unsafe { *list };
    let mut ours = real;
    ours.C_GetFunctionList = Some(crate::C_GetFunctionList);
    ours.C_GetSlotList = Some(get_slot_list);
    ours.C_GetSlotInfo = Some(get_slot_info);
    ours.C_GetTokenInfo = Some(get_token_info);
    ours.C_OpenSession = Some(open_session);
    ours.C_FindObjects = Some(find_objects);
    ours.C_Login = Some(login);
    ours.C_SetPIN = Some(set_pin);
    ours.C_SignInit = Some(sign_init);
    ours.C_Sign = Some(sign);
    ours.C_Logout = Some(logout);
    Some(Lists {
        _library: library,
        real,
        ours,
    })
}

/// Runs a real function unless a fault answers first. A missing card answers `absent`.
fn guarded(call: &str, absent: CK_RV, run: impl FnOnce(Option<Fault>) -> CK_RV) -> CK_RV {
    let fault = fault::before(call);
    if let Some(Fault::Ckr(value)) = fault {
        return value;
    }
    if !card::plugged() {
        // As OpenSC does: the call during which the card went says "general error".
        return if fault == Some(Fault::Unplug) {
            CKR_GENERAL_ERROR
        } else {
            absent
        };
    }
    let rv = run(fault);
    if fault == Some(Fault::HangAfter) {
        // Whoever kills the process now finds the card's work done.
        let number = card::calls(call);
        card::count(&format!("{call} {number} done"));
    }
    fault::after(fault, rv)
}

/// A function of the real list, called with its arguments.
macro_rules! really {
    ($name:ident ( $($argument:expr),* )) => {
        match real().and_then(|list| list.$name) {
            // SAFETY: the caller's own arguments, passed on unchanged.
            Some(function) => unsafe { function($($argument),*) },
            None => CKR_FUNCTION_NOT_SUPPORTED,
        }
    };
}

unsafe extern "C" fn get_slot_list(
    present: CK_BBOOL,
    slots: CK_SLOT_ID_PTR,
    count: CK_ULONG_PTR,
) -> CK_RV {
    let fault = fault::before("C_GetSlotList");
    if let Some(Fault::Ckr(value)) = fault {
        return value;
    }
    if !card::plugged() && present == CK_TRUE {
        // SAFETY: the caller's pointer to a number.
        unsafe { *count = 0 };
        return CKR_OK;
    }
    fault::after(fault, really!(C_GetSlotList(present, slots, count)))
}

unsafe extern "C" fn get_slot_info(slot: CK_SLOT_ID, info: CK_SLOT_INFO_PTR) -> CK_RV {
    let rv = really!(C_GetSlotInfo(slot, info));
    if rv == CKR_OK && !card::plugged() {
        // SAFETY: filled by the call above.
        unsafe { (*info).flags &= !CKF_TOKEN_PRESENT };
    }
    rv
}

unsafe extern "C" fn get_token_info(slot: CK_SLOT_ID, info: CK_TOKEN_INFO_PTR) -> CK_RV {
    guarded("C_GetTokenInfo", CKR_TOKEN_NOT_PRESENT, |_| {
        let rv = really!(C_GetTokenInfo(slot, info));
        if rv == CKR_OK {
            let mut flags: CK_FLAGS = match card::tries() {
                0 => CKF_USER_PIN_LOCKED,
                1 => CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_COUNT_LOW,
                tries if tries < TRIES => CKF_USER_PIN_COUNT_LOW,
                _ => 0,
            };
            if card::keypad().is_some() {
                flags |= CKF_PROTECTED_AUTHENTICATION_PATH;
            }
            // SAFETY: filled by the call above.
            unsafe { (*info).flags |= flags };
        }
        rv
    })
}

unsafe extern "C" fn open_session(
    slot: CK_SLOT_ID,
    flags: CK_FLAGS,
    application: *mut std::ffi::c_void,
    notify: CK_NOTIFY,
    session: CK_SESSION_HANDLE_PTR,
) -> CK_RV {
    guarded("C_OpenSession", CKR_TOKEN_NOT_PRESENT, |_| {
        really!(C_OpenSession(slot, flags, application, notify, session))
    })
}

unsafe extern "C" fn find_objects(
    session: CK_SESSION_HANDLE,
    objects: CK_OBJECT_HANDLE_PTR,
    room: CK_ULONG,
    count: CK_ULONG_PTR,
) -> CK_RV {
    guarded("C_FindObjects", CKR_DEVICE_REMOVED, |_| {
        really!(C_FindObjects(session, objects, room, count))
    })
}

/// Spends and restores tries as a card does. A keypad's PIN is read from the state.
unsafe extern "C" fn login(
    session: CK_SESSION_HANDLE,
    user: CK_USER_TYPE,
    pin: CK_UTF8CHAR_PTR,
    length: CK_ULONG,
) -> CK_RV {
    let name = if user == CKU_USER {
        "C_Login"
    } else {
        "C_Login(context)"
    };
    guarded(name, CKR_DEVICE_REMOVED, |_| {
        counted(|| match card::keypad() {
            Some(mut typed) => {
                let length = CK_ULONG::try_from(typed.len()).unwrap_or(0);
                really!(C_Login(session, user, typed.as_mut_ptr(), length))
            }
            None => really!(C_Login(session, user, pin, length)),
        })
    })
}

unsafe extern "C" fn set_pin(
    session: CK_SESSION_HANDLE,
    old: CK_UTF8CHAR_PTR,
    old_length: CK_ULONG,
    new: CK_UTF8CHAR_PTR,
    new_length: CK_ULONG,
) -> CK_RV {
    guarded("C_SetPIN", CKR_DEVICE_REMOVED, |_| {
        counted(|| really!(C_SetPIN(session, old, old_length, new, new_length)))
    })
}

/// The counter around anything that checks the user's PIN.
fn counted(check: impl FnOnce() -> CK_RV) -> CK_RV {
    let tries = card::tries();
    if tries == 0 {
        return CKR_PIN_LOCKED;
    }
    // The try is written down before the PIN is checked, as cards do against being pulled.
    card::set_tries(tries - 1);
    let rv = check();
    match rv {
        CKR_PIN_INCORRECT => {}
        CKR_OK => card::set_tries(TRIES),
        _ => card::set_tries(tries),
    }
    rv
}

unsafe extern "C" fn sign_init(
    session: CK_SESSION_HANDLE,
    mechanism: CK_MECHANISM_PTR,
    key: CK_OBJECT_HANDLE,
) -> CK_RV {
    guarded("C_SignInit", CKR_DEVICE_REMOVED, |_| {
        really!(C_SignInit(session, mechanism, key))
    })
}

unsafe extern "C" fn sign(
    session: CK_SESSION_HANDLE,
    data: CK_BYTE_PTR,
    data_length: CK_ULONG,
    signature: CK_BYTE_PTR,
    length: CK_ULONG_PTR,
) -> CK_RV {
    guarded("C_Sign", CKR_DEVICE_REMOVED, |fault| {
        let rv = really!(C_Sign(session, data, data_length, signature, length));
        if rv == CKR_OK && !signature.is_null() {
            // SAFETY: the real function has just written this many bytes there.
            unsafe {
                let size = usize::try_from(*length).unwrap_or(0);
                match fault {
                    Some(Fault::Short) => *length /= 2,
                    Some(Fault::Garbage) => {
                        std::slice::from_raw_parts_mut(signature, size).fill(0x5a);
                    }
                    Some(_) | None => {}
                }
            }
        }
        rv
    })
}

unsafe extern "C" fn logout(session: CK_SESSION_HANDLE) -> CK_RV {
    guarded("C_Logout", CKR_DEVICE_REMOVED, |_| {
        really!(C_Logout(session))
    })
}
