//! Small PDFs in every form that matters: the testkit has them, for the command line's tests too.

pub(crate) use congvan_testkit::forms::{CONTENT, Draft, qpdf, variants, with_empty_field};
