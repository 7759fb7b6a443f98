//! A form with a file.

use std::collections::HashMap;

use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::StatusCode;

use super::answer::Failure;

/// Fields of a form at most. Ours have a handful.
const FIELDS: usize = 20;

/// A form with a file. Of each name the last field counts.
#[derive(Debug, Default)]
pub(super) struct Upload {
    fields: HashMap<String, String>,
    /// The file, where one was chosen.
    pub(super) file: Option<File>,
}

/// A file that somebody has sent.
#[derive(Debug)]
pub(super) struct File {
    /// Its name, without folders; what a browser says, and nobody vouches for it.
    pub(super) name: String,
    /// What is in it.
    pub(super) bytes: Vec<u8>,
}

impl Upload {
    /// The value of a field; empty where it was not sent.
    pub(super) fn get(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// Takes the value of a field out.
    pub(super) fn take(&mut self, name: &str) -> String {
        self.fields.remove(name).unwrap_or_default()
    }
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Upload, Failure> {
        let multipart = Multipart::from_request(request, state).await;
        let mut multipart =
            multipart.map_err(|_| Failure::Wrong("请以表单（multipart）提交文件".to_owned()))?;
        let mut upload = Upload::default();
        for _ in 0..FIELDS {
            let Some(field) = multipart.next_field().await.map_err(refuse)? else { return Ok(upload) };
            let name = field.name().unwrap_or_default().to_owned();
            let file_name = field.file_name().map(base_name);
            let bytes = field.bytes().await.map_err(refuse)?;
            match file_name {
                // A browser sends an empty file where none was chosen.
                Some(file_name) if file_name.is_empty() && bytes.is_empty() => {}
                Some(file_name) => upload.file = Some(File { name: file_name, bytes: bytes.to_vec() }),
                None => {
                    upload.fields.insert(name, String::from_utf8_lossy(&bytes).into_owned());
                }
            }
        }
        Err(Failure::Wrong("表单的字段过多".to_owned()))
    }
}

fn refuse(error: MultipartError) -> Failure {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Failure::TooLarge,
        _ => Failure::Wrong("表单不完整".to_owned()),
    }
}

/// Characters of a file name at most.
const NAME: usize = 120;

fn base_name(path: &str) -> String {
    path.rsplit(['/', '\\']).next().unwrap_or_default().chars().take(NAME).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_folders() {
        for (path, expected) in [
            ("通知.docx", "通知.docx"),
            ("C:\\Users\\甲\\通知.docx", "通知.docx"),
            ("../../etc/passwd", "passwd"),
            ("", ""),
        ] {
            assert_eq!(base_name(path), expected);
        }
        assert_eq!(base_name(&"长".repeat(500)).chars().count(), NAME);
    }
}
