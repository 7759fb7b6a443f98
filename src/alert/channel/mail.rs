//! Mail: one envelope for each recipient, so that one bad address does not sink the rest.

use std::time::SystemTime;

use jiff::Timestamp;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, Message as Letter, MultiPart, SinglePart};

use super::{Letterhead, Unsendable};
use crate::alert::message::{Enclosed, Message};
use crate::alert::sheet::{Line, Sheet};
use crate::alert::verdict::Verdict;
use crate::config::Mail;
use crate::notice::{Enclosure, Event};

pub(super) fn render(server: &Mail, message: &Message<'_>, now: Timestamp) -> Result<Letterhead, Unsendable> {
    let from: Mailbox = server.from.parse().map_err(|_| Verdict::channel("its `from` is no address"))?;
    let recipient = message.to.first().ok_or_else(|| Verdict::message("no recipient is named"))?;
    let address = recipient
        .mail
        .as_deref()
        .ok_or_else(|| Verdict::message(format!("recipient {} has no mail address", recipient.id)))?;
    // A line end in here would begin a header line of somebody else's choice.
    if address.contains(['\r', '\n']) || recipient.name.contains(['\r', '\n']) {
        return Err(Verdict::message("a line end in the address of a recipient"));
    }
    let to: lettre::Address =
        address.parse().map_err(|_| Verdict::message(format!("{address} is no mail address")))?;
    let mut sheet = message.sheet(now);
    sheet.lines.extend(left_out(message));
    let domain = from.email.domain().to_owned();
    let notice = message.notice;
    let mut letter = Letter::builder()
        .from(from.clone())
        .to(Mailbox::new(Some(recipient.name.clone()), to.clone()))
        // `sheet` has made one line of it, whatever the title of a page held.
        .subject(sheet.title.clone())
        .date(SystemTime::from(now))
        .message_id(Some(message_id(&notice.id, &domain)))
        .header(AutoSubmitted);
    if let Some(opening) = notice.opening.as_deref().filter(|_| notice.event != Event::Opened) {
        let opening = message_id(opening, &domain);
        letter = letter.in_reply_to(opening.clone()).references(opening);
    }
    let letter = match message.enclosed {
        [] => letter.header(ContentType::TEXT_PLAIN).body(Sheet::plain(&sheet)),
        enclosed => letter.multipart(with_documents(&sheet, enclosed)),
    };
    let letter = letter.map_err(|error| Verdict::message(format!("cannot be written as mail: {error}")))?;
    Ok(Letterhead { server: server.clone(), from: from.email, to, raw: letter.formatted() })
}

/// The text, and the documents after it.
fn with_documents(sheet: &Sheet, enclosed: &[Enclosed]) -> MultiPart {
    let text = SinglePart::builder().header(ContentType::TEXT_PLAIN).body(sheet.plain());
    let mixed = MultiPart::mixed().singlepart(text);
    enclosed.iter().fold(mixed, |mixed, document| {
        // Constants of ours, which are all well formed.
        let media = ContentType::parse(document.media).unwrap_or(ContentType::TEXT_PLAIN);
        mixed.singlepart(Attachment::new(document.name.clone()).body(document.content.clone(), media))
    })
}

/// Says which documents are not enclosed; nothing where all are.
fn left_out(message: &Message<'_>) -> Option<Line> {
    let is_there = |name: &str| message.enclosed.iter().any(|document| document.name == name);
    let names: Vec<&str> = message.notice.enclosed.iter().map(Enclosure::name).collect();
    let missing: Vec<&str> = names.into_iter().filter(|name| !is_there(name)).collect();
    let said = format!("{}（过大或已不在，请登录平台下载）", missing.join("、"));
    (!missing.is_empty()).then(|| Line::of("未随信附上", said))
}

/// Derived from the notice alone, so that a repeat after an unknown outcome can be recognised as one.
fn message_id(notice: &str, domain: &str) -> String {
    let safe: String = notice
        .chars()
        .map(|char| if char.is_ascii_alphanumeric() || char == '-' { char } else { '-' })
        .collect();
    format!("<sitewarden.{safe}@{domain}>")
}

/// Stops out-of-office answers, by RFC 3834.
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(AutoSubmitted)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// What a mail server's answer means: `status` is its three digits.
pub(crate) fn judge(status: u16, said: &str) -> Verdict {
    let why =
        format!("{status} {}", said.chars().filter(|char| !char.is_control()).take(160).collect::<String>());
    match status {
        200..300 => Verdict::Confirmed,
        // 454 also means that TLS is not to be had for now.
        400..500 => Verdict::retry(why),
        // Wrong or missing login: QQ, 163 and exmail want a code of their own (授权码), not the password.
        530 | 534 | 535 | 538 => Verdict::channel(why),
        _ => Verdict::message(why),
    }
}
