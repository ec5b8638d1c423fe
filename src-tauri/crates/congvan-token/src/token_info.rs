use cryptoki::{
    context::Function,
    error::{Error, RvError},
    slot::Slot,
};
use cryptoki_sys::{
    CK_FLAGS, CK_TOKEN_INFO, CK_ULONG, CKF_LOGIN_REQUIRED, CKF_PROTECTED_AUTHENTICATION_PATH,
    CKF_TOKEN_INITIALIZED, CKF_USER_PIN_COUNT_LOW, CKF_USER_PIN_FINAL_TRY,
    CKF_USER_PIN_INITIALIZED, CKF_USER_PIN_LOCKED,
};

use crate::module::Module;

/// What a token says about itself (CK_TOKEN_INFO), as far as it matters here. cryptoki's own reading
/// fails on a clock in another form than the specification's, as opencryptoki gives; the time on a
/// token is nothing to us.
pub(crate) struct TokenInfo(CK_TOKEN_INFO);

impl Module {
    /// Asks the token in a slot what it is.
    pub(crate) fn token_info(&self, slot: Slot) -> Result<TokenInfo, Error> {
        let info = self.raw.token_info(slot.id());
        info.map(TokenInfo)
            .map_err(|rv: RvError| Error::Pkcs11(rv, Function::GetTokenInfo))
    }
}

impl TokenInfo {
    fn has(&self, flag: CK_FLAGS) -> bool {
        self.0.flags & flag != 0
    }

    pub(crate) fn token_initialized(&self) -> bool {
        self.has(CKF_TOKEN_INITIALIZED)
    }

    pub(crate) fn login_required(&self) -> bool {
        self.has(CKF_LOGIN_REQUIRED)
    }

    pub(crate) fn protected_authentication_path(&self) -> bool {
        self.has(CKF_PROTECTED_AUTHENTICATION_PATH)
    }

    pub(crate) fn user_pin_initialized(&self) -> bool {
        self.has(CKF_USER_PIN_INITIALIZED)
    }

    pub(crate) fn user_pin_count_low(&self) -> bool {
        self.has(CKF_USER_PIN_COUNT_LOW)
    }

    pub(crate) fn user_pin_final_try(&self) -> bool {
        self.has(CKF_USER_PIN_FINAL_TRY)
    }

    pub(crate) fn user_pin_locked(&self) -> bool {
        self.has(CKF_USER_PIN_LOCKED)
    }

    pub(crate) fn min_pin_length(&self) -> usize {
        length(self.0.ulMinPinLen)
    }

    pub(crate) fn max_pin_length(&self) -> usize {
        length(self.0.ulMaxPinLen)
    }

    pub(crate) fn label(&self) -> String {
        text(&self.0.label)
    }

    pub(crate) fn manufacturer_id(&self) -> String {
        text(&self.0.manufacturerID)
    }

    pub(crate) fn model(&self) -> String {
        text(&self.0.model)
    }

    pub(crate) fn serial_number(&self) -> String {
        text(&self.0.serialNumber)
    }
}

fn length(value: CK_ULONG) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}

fn text(field: &[u8]) -> String {
    String::from_utf8_lossy(field).into_owned()
}
