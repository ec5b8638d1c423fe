use std::{collections::BTreeMap, fmt};

/// The name of an indirect object: number and generation (ISO 32000-2, 7.3.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjRef {
    /// Object number, from 1.
    pub num: u32,
    /// Generation, 0 for objects that were never freed.
    pub generation: u16,
}

impl fmt::Display for ObjRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} R", self.num, self.generation)
    }
}

/// A value in a PDF (ISO 32000-2, 7.3).
#[derive(Clone, Debug, PartialEq)]
pub enum Object {
    /// `null`; also what a reference to nothing means.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A real number, kept as it was written so that copying a dictionary loses nothing.
    Real(Vec<u8>),
    /// A string, decoded to its bytes.
    String(Vec<u8>),
    /// A name without its slash, decoded.
    Name(Vec<u8>),
    /// An array.
    Array(Vec<Object>),
    /// A dictionary.
    Dict(Dict),
    /// A reference to an indirect object.
    Ref(ObjRef),
    /// A stream; only ever the value of an indirect object.
    Stream(Stream),
}

impl Object {
    /// A name from text.
    #[must_use]
    pub fn name(text: &str) -> Self {
        Self::Name(text.as_bytes().to_vec())
    }

    /// A real number with at most four decimals: a hundredth of a millimetre is 0.028 points.
    #[must_use]
    pub fn real(value: f64) -> Self {
        let rounded = (value * 10_000.0).round() / 10_000.0;
        Self::Real(format!("{rounded}").into_bytes())
    }

    /// The dictionary of a dictionary or of a stream.
    #[must_use]
    pub fn as_dict(&self) -> Option<&Dict> {
        match self {
            Self::Dict(dict) => Some(dict),
            Self::Stream(stream) => Some(&stream.dict),
            Self::Null
            | Self::Bool(_)
            | Self::Int(_)
            | Self::Real(_)
            | Self::String(_)
            | Self::Name(_)
            | Self::Array(_)
            | Self::Ref(_) => None,
        }
    }

    /// The stream, if it is one.
    #[must_use]
    pub fn as_stream(&self) -> Option<&Stream> {
        if let Self::Stream(stream) = self {
            Some(stream)
        } else {
            None
        }
    }

    /// The items, if it is an array.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Object]> {
        if let Self::Array(items) = self {
            Some(items)
        } else {
            None
        }
    }

    /// The bytes of a name without its slash.
    #[must_use]
    pub fn as_name(&self) -> Option<&[u8]> {
        if let Self::Name(name) = self {
            Some(name)
        } else {
            None
        }
    }

    /// The bytes of a string.
    #[must_use]
    pub fn as_string(&self) -> Option<&[u8]> {
        if let Self::String(bytes) = self {
            Some(bytes)
        } else {
            None
        }
    }

    /// An integer; reals are not rounded.
    #[must_use]
    pub fn as_int(&self) -> Option<i64> {
        if let Self::Int(value) = self {
            Some(*value)
        } else {
            None
        }
    }

    /// An integer or a real as a number; none where it is neither or not finite.
    #[must_use]
    pub fn as_number(&self) -> Option<f64> {
        let value = match self {
            Self::Int(value) => *value as f64,
            Self::Real(raw) => std::str::from_utf8(raw).ok()?.parse().ok()?,
            Self::Null
            | Self::Bool(_)
            | Self::String(_)
            | Self::Name(_)
            | Self::Array(_)
            | Self::Dict(_)
            | Self::Ref(_)
            | Self::Stream(_) => return None,
        };
        f64::is_finite(value).then_some(value)
    }

    /// The target of a reference.
    #[must_use]
    pub fn as_ref(&self) -> Option<ObjRef> {
        if let Self::Ref(target) = self {
            Some(*target)
        } else {
            None
        }
    }

    /// Whether it is `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

/// A dictionary. Equality ignores the order of the keys, as the standard does; a key written
/// twice keeps its last value, as the common readers do.
#[derive(Clone, Default, PartialEq)]
pub struct Dict(pub BTreeMap<Vec<u8>, Object>);

impl Dict {
    /// An empty dictionary.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The value at a key, unresolved.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Object> {
        self.0.get(key.as_bytes())
    }

    /// Puts a value, replacing the old one.
    pub fn set(&mut self, key: &str, value: Object) {
        self.0.insert(key.as_bytes().to_vec(), value);
    }

    /// The same with a value put: for building.
    #[must_use]
    pub fn with(mut self, key: &str, value: Object) -> Self {
        self.set(key, value);
        self
    }

    /// Takes a key out.
    pub fn remove(&mut self, key: &str) -> Option<Object> {
        self.0.remove(key.as_bytes())
    }

    /// The direct name at a key.
    #[must_use]
    pub fn name(&self, key: &str) -> Option<&[u8]> {
        self.get(key).and_then(Object::as_name)
    }

    /// Whether the direct name at `key` is `value`.
    #[must_use]
    pub fn is(&self, key: &str, value: &str) -> bool {
        self.name(key) == Some(value.as_bytes())
    }
}

impl fmt::Debug for Dict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map()
            .entries(
                self.0
                    .iter()
                    .map(|(key, value)| (String::from_utf8_lossy(key), value)),
            )
            .finish()
    }
}

/// A stream: its dictionary and where its encoded data is.
#[derive(Clone, Debug, PartialEq)]
pub struct Stream {
    /// The stream dictionary.
    pub dict: Dict,
    /// The encoded data.
    pub data: StreamData,
}

/// Where the encoded data of a stream is.
#[derive(Clone, Debug, PartialEq)]
pub enum StreamData {
    /// In the file that was read.
    InFile {
        /// First byte.
        offset: u64,
        /// Number of bytes.
        len: u64,
        /// The object it was written in: in an encrypted file its number belongs to the key.
        owner: ObjRef,
    },
    /// New data, to be written.
    Owned(Vec<u8>),
}
