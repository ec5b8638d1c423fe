//! Encryption of a file (ISO 32000-2, 7.6): the standard security handler in all its versions.
//!
//! Strings and stream data are enciphered object by object. Not enciphered are the trailer, the
//! encryption dictionary, cross-reference streams, what is inside object streams (they are
//! enciphered as a whole), and /Contents of signatures.
//!
//! Randomness: AES needs an initialisation vector that never repeats under a key for different
//! texts and that nobody can foretell. It is the hash of the file's key, a seed from the caller,
//! the object's number and the text itself, so that it can only repeat where everything is the
//! same, whatever the seed is.

mod cipher;
mod rights;
mod standard;

use md5::{Digest, Md5};
use sha2::Sha256;

pub use rights::AccessRights;
use standard::Standard;

use crate::{Dict, ObjRef, Object, PdfError};

/// How strings or streams are enciphered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Method {
    /// Not at all.
    Identity,
    /// RC4 with a key for each object.
    Rc4,
    /// AES-128 with a key for each object.
    Aes128,
    /// AES-256 with the file's key.
    Aes256,
}

/// The name of a crypt filter and its method; in place of a method we do not know, its name.
type NamedFilter = (Vec<u8>, Result<Method, String>);

/// The key of a file that was opened, and what it is for.
pub(crate) struct Encryption {
    key: Vec<u8>,
    strings: Method,
    streams: Method,
    /// Embedded files, /EFF.
    files: Method,
    /// Streams that name their own filter, /CF.
    named: Vec<NamedFilter>,
    seals_metadata: bool,
    rights: AccessRights,
}

impl Encryption {
    /// Opens a file by its encryption dictionary, whose entries are direct, and the first half of
    /// its /ID. Without a password the empty one is tried, which opens files that only restrict.
    ///
    /// # Errors
    /// [`PdfError::Encrypted`], [`PdfError::PasswordWrong`], [`PdfError::Encryption`], or damage.
    pub(crate) fn open(
        dict: &Dict,
        file_id: &[u8],
        password: Option<&str>,
    ) -> Result<Self, PdfError> {
        if !dict.is("Filter", "Standard") {
            let name = dict.name("Filter").unwrap_or(b"?");
            return Err(PdfError::Encryption {
                method: String::from_utf8_lossy(name).into_owned(),
            });
        }
        let standard = Standard::read(dict)?;
        let opened = standard.open(password.unwrap_or_default(), file_id);
        let opened = opened.ok_or(match password {
            None => PdfError::Encrypted,
            Some(_) => PdfError::PasswordWrong,
        })?;
        let rights = if opened.is_owner {
            AccessRights::ALL
        } else {
            let bits = standard.checked_rights(&opened.key);
            AccessRights::new(bits, standard.revision)
        };
        let mut encryption = Self {
            key: opened.key,
            strings: Method::Rc4,
            streams: Method::Rc4,
            files: Method::Rc4,
            named: Vec::new(),
            seals_metadata: standard.seals_metadata,
            rights,
        };
        if standard.revision >= 4 {
            encryption.named = named_filters(dict);
            encryption.streams = encryption.filter(dict.name("StmF"))?;
            encryption.strings = encryption.filter(dict.name("StrF"))?;
            encryption.files = match dict.name("EFF") {
                None => encryption.streams,
                name => encryption.filter(name)?,
            };
        }
        Ok(encryption)
    }

    /// What the owner permits.
    pub(crate) fn rights(&self) -> AccessRights {
        self.rights
    }

    /// The method of a crypt filter by its name.
    fn filter(&self, name: Option<&[u8]>) -> Result<Method, PdfError> {
        let Some(name) = name.filter(|name| *name != b"Identity") else {
            return Ok(Method::Identity);
        };
        let found = self.named.iter().find(|(known, _)| known == name);
        let (_, method) = found.ok_or(PdfError::malformed(None, "unknown crypt filter"))?;
        let method = method.as_ref().map_err(|method| PdfError::Encryption {
            method: method.clone(),
        })?;
        // A cipher that the key does not fit would write nothing readable.
        let fits = match method {
            Method::Identity => true,
            Method::Rc4 | Method::Aes128 => self.key.len() == 16,
            Method::Aes256 => self.key.len() == 32,
        };
        if fits {
            Ok(*method)
        } else {
            Err(PdfError::malformed(None, "crypt filter of another version"))
        }
    }

    /// How the data of a stream is enciphered, by its dictionary with direct filter entries.
    fn method_of(&self, dict: &Dict) -> Result<Method, PdfError> {
        let first = |key: &str| match dict.get(key) {
            Some(Object::Array(items)) => items.first(),
            other => other,
        };
        if first("Filter").and_then(Object::as_name) == Some(b"Crypt") {
            let parameters = first("DecodeParms").and_then(Object::as_dict);
            return self.filter(parameters.and_then(|dict| dict.name("Name")));
        }
        Ok(match dict.name("Type") {
            Some(b"XRef") => Method::Identity,
            Some(b"Metadata") if !self.seals_metadata => Method::Identity,
            Some(b"EmbeddedFile") => self.files,
            Some(_) | None => self.streams,
        })
    }

    /// The key for one object (algorithm 1), or the file's own (algorithm 1.A).
    fn object_key(&self, method: Method, id: ObjRef) -> Vec<u8> {
        if matches!(method, Method::Aes256 | Method::Identity) {
            return self.key.clone();
        }
        let mut hash = Md5::new();
        hash.update(&self.key);
        hash.update(id.num.to_le_bytes().get(..3).unwrap_or_default());
        hash.update(id.generation.to_le_bytes());
        if method == Method::Aes128 {
            hash.update(b"sAlT");
        }
        let mut key = hash.finalize().to_vec();
        key.truncate(self.key.len() + 5);
        key
    }

    fn undo(&self, method: Method, id: ObjRef, data: Vec<u8>) -> Option<Vec<u8>> {
        let key = self.object_key(method, id);
        match method {
            Method::Identity => Some(data),
            Method::Rc4 => cipher::rc4(&key, data),
            Method::Aes128 | Method::Aes256 => cipher::aes_decipher(&key, &data),
        }
    }

    fn apply(&self, method: Method, id: ObjRef, (data, seed): (Vec<u8>, [u8; 16])) -> Vec<u8> {
        let key = self.object_key(method, id);
        // The lengths of our own keys are right, so that neither cipher can refuse.
        match method {
            Method::Identity => data,
            Method::Rc4 => cipher::rc4(&key, data).unwrap_or_default(),
            Method::Aes128 | Method::Aes256 => {
                let iv = self.vector(id, &data, seed);
                cipher::aes_encipher(&key, iv, &data).unwrap_or_default()
            }
        }
    }

    /// See the module's words on randomness.
    fn vector(&self, id: ObjRef, data: &[u8], seed: [u8; 16]) -> [u8; cipher::BLOCK] {
        let mut hash = Sha256::new();
        hash.update(b"congvan-pdf vector");
        hash.update(&self.key);
        hash.update(seed);
        hash.update(id.num.to_be_bytes());
        hash.update(id.generation.to_be_bytes());
        hash.update(data);
        let mut vector = [0; cipher::BLOCK];
        for (to, from) in vector.iter_mut().zip(hash.finalize()) {
            *to = from;
        }
        vector
    }

    /// The data of a stream as it was before it was enciphered; the other filters are still on it.
    ///
    /// # Errors
    /// Where the data is no ciphertext.
    pub(crate) fn open_stream(
        &self,
        id: ObjRef,
        dict: &Dict,
        data: Vec<u8>,
    ) -> Result<Vec<u8>, PdfError> {
        let method = self.method_of(dict)?;
        self.undo(method, id, data)
            .ok_or(PdfError::malformed(id, "enciphered stream"))
    }

    /// The data of a stream as it is to be written.
    ///
    /// # Errors
    /// Where the stream names a crypt filter that the file does not have.
    pub(crate) fn seal_stream(
        &self,
        id: ObjRef,
        dict: &Dict,
        (data, seed): (Vec<u8>, [u8; 16]),
    ) -> Result<Vec<u8>, PdfError> {
        let method = self.method_of(dict)?;
        Ok(self.apply(method, id, (data, seed)))
    }

    /// Deciphers every string of an object as it was read. A string that is no ciphertext stays as
    /// it is, as in the common readers: it was not written by whoever enciphered the file.
    pub(crate) fn open_strings(&self, id: ObjRef, object: &mut Object) {
        each_string(object, &mut |text| {
            if let Some(plain) = self.undo(self.strings, id, text.clone()) {
                *text = plain;
            }
        });
    }

    /// Enciphers every string of an object that is to be written.
    pub(crate) fn seal_strings(&self, id: ObjRef, object: &mut Object, seed: [u8; 16]) {
        each_string(object, &mut |text| {
            *text = self.apply(self.strings, id, (std::mem::take(text), seed));
        });
    }
}

/// Every string but /Contents of signatures (7.6.2). The depth is that of the parser.
fn each_string(object: &mut Object, change: &mut dyn FnMut(&mut Vec<u8>)) {
    match object {
        Object::String(text) => change(text),
        Object::Array(items) => items.iter_mut().for_each(|item| each_string(item, change)),
        Object::Dict(dict) => each_entry(dict, change),
        Object::Stream(stream) if stream.dict.is("Type", "XRef") => {}
        Object::Stream(stream) => each_entry(&mut stream.dict, change),
        Object::Null
        | Object::Bool(_)
        | Object::Int(_)
        | Object::Real(_)
        | Object::Name(_)
        | Object::Ref(_) => {}
    }
}

fn each_entry(dict: &mut Dict, change: &mut dyn FnMut(&mut Vec<u8>)) {
    let is_signature = dict.get("ByteRange").is_some()
        || dict.is("Type", "Sig")
        || dict.is("Type", "DocTimeStamp");
    for (key, value) in &mut dict.0 {
        if !(is_signature && key == b"Contents") {
            each_string(value, change);
        }
    }
}

/// The crypt filters of /CF (7.6.6).
fn named_filters(dict: &Dict) -> Vec<NamedFilter> {
    let filters = dict.get("CF").and_then(Object::as_dict);
    let filters = filters.iter().flat_map(|filters| &filters.0);
    filters
        .map(|(name, filter)| {
            let method = filter.as_dict().and_then(|filter| filter.name("CFM"));
            let method = match method {
                Some(b"V2") => Ok(Method::Rc4),
                Some(b"AESV2") => Ok(Method::Aes128),
                Some(b"AESV3") => Ok(Method::Aes256),
                // /None leaves it to the handler, and the standard handler does not say how.
                other => Err(String::from_utf8_lossy(other.unwrap_or(b"None")).into_owned()),
            };
            (name.clone(), method)
        })
        .collect()
}
