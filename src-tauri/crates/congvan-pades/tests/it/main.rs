//! The engine against real files and independent judges: pyHanko, pdfsig, qpdf and OpenSSL.

mod attacks;
mod documents;
mod forge;
mod hostile;
mod keys;
mod large;
mod oracles;
mod refusals;
mod signing;
mod stamps;
mod timestamps;
