//! A part of a row that is read only where somebody looks at it.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::OnceLock;

use serde::de::{DeserializeOwned, Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A value that comes out of the crawl state as the bytes it was stored as, and is read from them when it is first
/// looked at.
///
/// Judging a site goes through its pages more than a dozen times, and most who do so look at a few fields of each: to
/// read the rows of all lists every time would be most of that work.
#[derive(Clone)]
pub struct Packed<T> {
    value: OnceLock<T>,
    /// What the value is read from; of no meaning once it is.
    bytes: Box<[u8]>,
}

impl<T> From<T> for Packed<T> {
    fn from(value: T) -> Packed<T> {
        Packed { value: OnceLock::from(value), bytes: Box::default() }
    }
}

impl<T: DeserializeOwned + Default> Packed<T> {
    /// The value. Bytes that are none read as the empty one: rows carry a checksum, so that damage is met before.
    fn read(&self) -> &T {
        self.value.get_or_init(|| postcard::from_bytes(&self.bytes).unwrap_or_default())
    }
}

impl<T: DeserializeOwned + Default> Deref for Packed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.read()
    }
}

impl<T: DeserializeOwned + Default> DerefMut for Packed<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.read();
        self.value.get_mut().expect("it was read just now")
    }
}

impl<T: DeserializeOwned + Default + PartialEq> PartialEq for Packed<T> {
    fn eq(&self, other: &Packed<T>) -> bool {
        self.read() == other.read()
    }
}

impl<T: DeserializeOwned + Default + Eq> Eq for Packed<T> {}

impl<T: DeserializeOwned + Default + fmt::Debug> fmt::Debug for Packed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.read().fmt(f)
    }
}

impl<T: Serialize> Serialize for Packed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.value.get() {
            Some(value) => {
                let bytes = postcard::to_allocvec(value).map_err(serde::ser::Error::custom)?;
                serializer.serialize_bytes(&bytes)
            }
            None => serializer.serialize_bytes(&self.bytes),
        }
    }
}

impl<'de, T> Deserialize<'de> for Packed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Packed<T>, D::Error> {
        struct Bytes;

        impl Visitor<'_> for Bytes {
            type Value = Box<[u8]>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the bytes of a packed value")
            }

            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Box<[u8]>, E> {
                Ok(bytes.into())
            }
        }

        let bytes = deserializer.deserialize_bytes(Bytes)?;
        Ok(Packed { value: OnceLock::new(), bytes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_went_in_comes_out_read_or_unread_and_changed_or_not() {
        let stored = |packed: &Packed<Vec<String>>| postcard::to_allocvec(packed).unwrap();
        let first = stored(&vec!["甲".to_owned(), "乙".to_owned()].into());
        let mut packed: Packed<Vec<String>> = postcard::from_bytes(&first).unwrap();
        assert!(packed.value.get().is_none(), "nobody looked yet");
        assert_eq!(stored(&packed), first);
        assert_eq!(*packed, ["甲", "乙"]);
        packed.push("丙".to_owned());
        let again: Packed<Vec<String>> = postcard::from_bytes(&stored(&packed)).unwrap();
        assert_eq!(again, packed);
    }
}
