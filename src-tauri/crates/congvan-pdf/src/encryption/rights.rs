/// What the owner of an encrypted file lets everybody do with it: /P (ISO 32000-2, table 22).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccessRights {
    bits: u32,
    /// Revision 2 has no bit of its own for filling in fields.
    has_fill_bit: bool,
}

impl AccessRights {
    /// Everything: the file is not encrypted, or was opened with the owner's password.
    pub const ALL: Self = Self {
        bits: u32::MAX,
        has_fill_bit: true,
    };

    pub(super) fn new(bits: u32, revision: i64) -> Self {
        Self {
            bits,
            has_fill_bit: revision >= 3,
        }
    }

    /// Bits count from 1, as in the standard.
    fn has(self, bit: u32) -> bool {
        self.bits & (1 << (bit - 1)) != 0
    }

    /// Whether an empty signature field that is there may be signed: bit 6, or bit 9.
    #[must_use]
    pub fn may_fill_fields(self) -> bool {
        self.has(6) || (self.has_fill_bit && self.has(9))
    }

    /// Whether a new signature field may be put in: bits 4 and 6 together; in revision 2, bit 6.
    #[must_use]
    pub fn may_add_fields(self) -> bool {
        self.has(6) && (self.has(4) || !self.has_fill_bit)
    }
}

impl Default for AccessRights {
    fn default() -> Self {
        Self::ALL
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_field_needs_more_rights_than_a_field_that_is_there() {
        let bits = |set: &[u32]| set.iter().fold(0, |bits, bit| bits | 1 << (bit - 1));
        for (set, fill, add) in [
            (&[][..], false, false),
            (&[3, 5, 10, 12], false, false),
            (&[9], true, false),
            (&[6], true, false),
            (&[4], false, false),
            (&[4, 9], true, false),
            (&[4, 6], true, true),
        ] {
            let rights = AccessRights::new(bits(set), 3);
            assert_eq!(rights.may_fill_fields(), fill, "{set:?}");
            assert_eq!(rights.may_add_fields(), add, "{set:?}");
        }
        assert!(AccessRights::new(bits(&[6]), 2).may_add_fields());
        assert!(!AccessRights::new(bits(&[9]), 2).may_fill_fields());
    }
}
