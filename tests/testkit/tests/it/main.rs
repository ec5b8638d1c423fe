//! The test kit itself: what it makes must satisfy independent tools.

mod office;
mod scanner;
mod token;
