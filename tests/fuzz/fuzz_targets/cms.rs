//! Everything that comes in DER or BER: signatures, time stamps, answers, lists, certificates.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| congvan_pades::fuzzing::read_everything(data));
