//! What a file may ask of us at most. Hostile files hit these instead of our memory.

/// Nesting of arrays and dictionaries.
pub const DEPTH: usize = 64;
/// Bytes of one object without its stream data.
pub const OBJECT_BYTES: usize = 16 << 20;
/// Bytes of one classic cross-reference table.
pub const XREF_BYTES: usize = 128 << 20;
/// Cross-reference sections in the chain, which is revisions of the file.
pub const SECTIONS: usize = 4096;
/// Objects in the cross-reference.
pub const OBJECTS: u32 = 8_388_607;
/// Bytes that one filtered stream may inflate to.
pub const INFLATED: usize = 128 << 20;
/// Objects kept in memory before the cache is dropped.
pub const CACHED: usize = 20_000;
/// Bytes of inflated object streams kept in memory before the cache is dropped.
pub const CACHED_STREAM_BYTES: usize = 64 << 20;
/// Objects read while reading an object: an indirect stream length, an object stream.
pub const NESTED_READS: usize = 16;
/// Pages in the page tree.
pub const PAGES: usize = 100_000;
/// Depth of the page tree and of the field tree.
pub const TREE_DEPTH: usize = 48;
/// Fields in the form.
pub const FIELDS: usize = 50_000;
/// Pixels of a stamp image.
pub const PIXELS: u64 = 64 << 20;

/// Dots of a scanned page: A3 at 1,200 dpi is 278 million.
pub const SCAN_PIXELS: u64 = 300_000_000;
