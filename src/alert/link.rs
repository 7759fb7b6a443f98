//! Links by which a recipient confirms that he knows of an incident.
//!
//! No robot of a group can take an answer, so a message carries an address with a signature over who confirms what
//! until when. Chats and mail scanners open such addresses by themselves: opening one must only *show* a form.

use jiff::Timestamp;

use super::sign::hmac;
use crate::config::Secret;
use crate::digest::{hex, is_same};

/// Who confirms what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmation {
    /// The incident.
    pub incident: i64,
    /// Id of the recipient; empty where a group was told, and whoever follows the link has to say who he is.
    pub recipient: String,
    /// Until when it can be used.
    pub until: Timestamp,
}

/// Why a link is not good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadLink {
    /// It was not made here, or was changed.
    #[error("the link is not one of ours")]
    Forged,
    /// It was good once.
    #[error("the link has expired")]
    Expired,
}

/// The signature of a confirmation, hex.
pub fn sign(confirmation: &Confirmation, secret: &Secret) -> String {
    let Confirmation { incident, recipient, until } = confirmation;
    // Neither number has a line end, so no two confirmations have the same text.
    let text = format!("ack\n{incident}\n{}\n{recipient}", until.as_second());
    hex(&hmac(secret.expose().as_bytes(), text.as_bytes()))
}

/// Path and query of a confirmation: `/ack?i=12&r=zhang&e=1700000000&s=…`.
pub fn path(confirmation: &Confirmation, secret: &Secret) -> String {
    let Confirmation { incident, recipient, until } = confirmation;
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("i", &incident.to_string()).append_pair("r", recipient);
    query.append_pair("e", &until.as_second().to_string()).append_pair("s", &sign(confirmation, secret));
    format!("/ack?{}", query.finish())
}

/// Reads the query of a confirmation link, where it is good.
pub fn verify(query: &str, secret: &Secret, now: Timestamp) -> Result<Confirmation, BadLink> {
    let value = |name: &str| {
        url::form_urlencoded::parse(query.as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
            .ok_or(BadLink::Forged)
    };
    let number = |name: &str| value(name)?.parse::<i64>().map_err(|_| BadLink::Forged);
    let until = Timestamp::from_second(number("e")?).map_err(|_| BadLink::Forged)?;
    let confirmation = Confirmation { incident: number("i")?, recipient: value("r")?, until };
    if !is_same(&value("s")?, &sign(&confirmation, secret)) {
        return Err(BadLink::Forged);
    }
    if now > until { Err(BadLink::Expired) } else { Ok(confirmation) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn only_what_was_signed_is_good() {
        let secret = Secret::read("a key of this program").unwrap();
        let made =
            Confirmation { incident: 12, recipient: "zhang&r=li".to_owned(), until: at(1_800_000_000) };
        let path = path(&made, &secret);
        let query = path.strip_prefix("/ack?").unwrap();
        assert_eq!(verify(query, &secret, at(1_799_999_999)), Ok(made.clone()));
        assert_eq!(verify(query, &secret, at(1_800_000_001)), Err(BadLink::Expired));
        for forged in [
            query.replace("i=12", "i=13"),
            query.replace("zhang", "wang"),
            query.replace("e=1800000000", "e=1900000000"),
            query.replace("&s=", "&s=0"),
            query.replace("&s=", "&t="),
            String::new(),
            "i=12&r=&e=99999999999999999&s=".to_owned(),
        ] {
            assert_eq!(verify(&forged, &secret, at(0)), Err(BadLink::Forged), "{forged}");
        }
        let other = Secret::read("another key").unwrap();
        assert_eq!(verify(query, &other, at(0)), Err(BadLink::Forged));
    }
}
