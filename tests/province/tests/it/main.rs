//! The reference server over raw HTTP: each rule of the protocol, on the real thing.

mod office;
