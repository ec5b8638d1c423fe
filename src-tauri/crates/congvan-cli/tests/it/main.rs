//! The real program on real tokens, judged by other programs.
