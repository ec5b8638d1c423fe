//! What the tests share: a province, raw HTTP clients, ops.
