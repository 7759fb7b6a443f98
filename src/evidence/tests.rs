use std::{
    fs,
    path::PathBuf,
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use jiff::Timestamp;
use tempfile::TempDir;

use super::{Evidence, EvidenceError, Swept, codec};
use crate::facts::BlobId;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// An evidence store in a scratch folder.
struct Store {
    folder: TempDir,
    evidence: Evidence,
}

impl Store {
    fn new() -> Store {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let evidence = Evidence::open(&format!("file:{}", folder.path().join("data/evidence").display()));
        Store { evidence: evidence.expect("a new folder opens"), folder }
    }

    fn put(&self, body: &'static str) -> BlobId {
        self.evidence.put_blocking(Bytes::from_static(body.as_bytes())).unwrap()
    }

    fn get(&self, id: BlobId) -> Option<Vec<u8>> {
        self.evidence.get_blocking(id).unwrap()
    }

    fn file(&self, id: BlobId) -> PathBuf {
        self.folder.path().join("data/evidence").join(codec::location(id).as_ref())
    }

    fn put_days_ago(&self, body: &'static str, days: u32) -> BlobId {
        let id = self.put(body);
        let file = fs::File::options().write(true).open(self.file(id)).unwrap();
        file.set_modified(SystemTime::now() - DAY * days).unwrap();
        id
    }

    fn modified(&self, id: BlobId) -> SystemTime {
        fs::metadata(self.file(id)).unwrap().modified().unwrap()
    }
}

fn days_ago(days: u32) -> Timestamp {
    Timestamp::now() - DAY * days
}

#[tokio::test]
async fn a_body_comes_back() {
    let store = Store::new();
    for body in ["", "<html>四川省生态环境厅</html>"] {
        let id = store.evidence.put(Bytes::from_static(body.as_bytes())).await.unwrap();
        assert_eq!(store.evidence.get(id).await.unwrap().as_deref(), Some(body.as_bytes()));
    }
    assert_eq!(store.evidence.get(BlobId([7; 32])).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_put_the_same_body_at_once() {
    let store = Store::new();
    let puts = (0..50).map(|number: u32| {
        let evidence = store.evidence.clone();
        tokio::spawn(async move { evidence.put(Bytes::from(format!("页面{}", number % 5))).await.unwrap() })
    });
    let mut names = std::collections::BTreeSet::new();
    for put in puts.collect::<Vec<_>>() {
        names.insert(put.await.unwrap());
    }
    assert_eq!(names.len(), 5);
    for id in names {
        assert!(store.evidence.get(id).await.unwrap().is_some());
        let folder = fs::read_dir(store.file(id).parent().unwrap()).unwrap();
        assert!(folder.map(|entry| entry.unwrap().path()).all(|path| path.extension().unwrap() == "zst"));
    }
}

#[test]
fn what_was_put_is_there_for_the_next_process() {
    let Store { folder, evidence } = Store::new();
    let id = evidence.put_blocking(Bytes::from_static("正文".as_bytes())).unwrap();
    std::mem::forget(evidence);
    let evidence = Evidence::open(&format!("file:{}/data/evidence", folder.path().display())).unwrap();
    assert_eq!(evidence.get_blocking(id).unwrap().as_deref(), Some("正文".as_bytes()));
}

#[test]
fn a_body_is_written_once_and_dated_when_it_is_put_again() {
    let store = Store::new();
    let id = store.put("正文");
    fs::write(store.file(id), "as it lies there").unwrap();
    store.put_days_ago("正文", 3);
    store.put("正文");
    assert_eq!(fs::read(store.file(id)).unwrap(), b"as it lies there", "not written again");
    let dated = store.modified(id);
    assert!(SystemTime::now().duration_since(dated).unwrap() < DAY, "{dated:?}");
    store.put("正文");
    assert_eq!(store.modified(id), dated, "once a day is enough");
}

#[test]
fn a_damaged_body_is_an_error_and_never_another_body() {
    let store = Store::new();
    let (id, other) = (store.put("正文"), store.put("另一篇"));
    for damage in [b"<html>".to_vec(), fs::read(store.file(other)).unwrap()] {
        fs::write(store.file(id), damage).unwrap();
        let error = store.evidence.get_blocking(id).unwrap_err();
        assert!(matches!(&error, EvidenceError::Damaged { id: named, .. } if *named == id), "{error}");
        assert!(error.to_string().contains(".zst"), "{error}");
    }
    fs::write(store.file(id), "").unwrap();
    store.put("正文");
    assert_eq!(store.get(id).as_deref(), Some("正文".as_bytes()), "an empty file is replaced");
}

#[test]
fn sweeping_takes_what_is_old_and_unwanted() {
    let store = Store::new();
    let (old, kept) = (store.put_days_ago("旧", 100), store.put_days_ago("旧而有用", 100));
    let (again, young) = (store.put_days_ago("又见", 100), store.put("新"));
    store.put("又见");
    let foreign = store.file(old).with_file_name("README.md");
    fs::write(&foreign, "someone else's").unwrap();
    fs::File::options().write(true).open(&foreign).unwrap().set_modified(SystemTime::UNIX_EPOCH).unwrap();

    let bytes = fs::metadata(store.file(old)).unwrap().len();
    let swept = store.evidence.sweep(&|id| id == kept, days_ago(90)).unwrap();
    assert_eq!(swept, Swept { bodies: 1, bytes });
    assert_eq!(store.get(old), None);
    for id in [kept, again, young] {
        assert!(store.get(id).is_some());
    }
    assert!(foreign.exists());
    assert_eq!(store.evidence.sweep(&|id| id == kept, days_ago(90)).unwrap(), Swept::default());
}

#[test]
fn what_cannot_be_used_is_named() {
    for url in ["s3://bucket", "file:", "data/evidence"] {
        let error = Evidence::open(url).unwrap_err();
        assert!(matches!(&error, EvidenceError::UnknownUrl { .. }), "{error}");
    }
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    let error = Evidence::open(&format!("file:{}/file/evidence", folder.path().display())).unwrap_err();
    assert!(matches!(&error, EvidenceError::Io { .. }), "{error}");

    let store = Store::new();
    let id = codec::name("正文".as_bytes());
    fs::write(store.file(id).parent().unwrap(), "a file where a folder should be").unwrap();
    let error = store.evidence.put_blocking(Bytes::from_static("正文".as_bytes())).unwrap_err();
    assert!(error.to_string().contains("evidence"), "{error}");
}
