use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use jiff::Timestamp;
use tempfile::TempDir;

use super::{Evidence, EvidenceError, Swept, codec, pack::PACK_BODIES};
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
        let evidence = open(&folder);
        Store { evidence, folder }
    }

    /// As the next process sees it after a `kill -9` of this one.
    fn killed(self) -> Store {
        Store { evidence: open(&self.folder), folder: self.folder }
    }

    fn put(&self, body: impl Into<Bytes>) -> BlobId {
        self.evidence.put_blocking(body.into()).unwrap()
    }

    /// Puts one body and closes its pack.
    fn put_alone(self, body: &'static str) -> (Store, BlobId) {
        let id = self.put(body);
        self.evidence.flush_blocking().unwrap();
        (self.killed(), id)
    }

    fn get(&self, id: BlobId) -> Option<Vec<u8>> {
        self.evidence.get_blocking(id).unwrap()
    }

    fn packs(&self) -> PathBuf {
        self.folder.path().join("data/evidence/packs")
    }

    /// The files with this ending, oldest first.
    fn files(&self, ending: &str) -> Vec<PathBuf> {
        let Ok(folder) = fs::read_dir(self.packs()) else { return Vec::new() };
        let mut files: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
        files.retain(|file| file.extension().unwrap() == ending);
        files.sort();
        files
    }
}

fn open(folder: &TempDir) -> Evidence {
    let url = format!("file:{}", folder.path().join("data/evidence").display());
    Evidence::open(&url).expect("the folder opens")
}

fn backdate(file: &Path, days: u32) {
    let file = fs::File::options().write(true).open(file).unwrap();
    file.set_modified(SystemTime::now() - DAY * days).unwrap();
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
    store.evidence.flush_blocking().unwrap();
    let store = store.killed();
    for id in names {
        assert!(store.get(id).is_some());
    }
    assert_eq!(store.files("pack").len(), 1);
}

#[test]
fn a_body_can_be_read_before_it_is_written_and_is_safe_after_a_flush() {
    let store = Store::new();
    let first = store.put("正文");
    assert_eq!(store.get(first).as_deref(), Some("正文".as_bytes()));
    assert!(store.files("pack").is_empty());
    store.evidence.flush_blocking().unwrap();
    let second = store.put("又一篇");

    let store = store.killed();
    assert_eq!(store.get(first).as_deref(), Some("正文".as_bytes()));
    assert_eq!(store.get(second), None, "lost with the process");
}

#[test]
fn a_pack_grows_from_flush_to_flush_and_readers_of_the_shorter_one_still_find_everything() {
    let store = Store::new();
    let first = store.put("一");
    store.evidence.flush_blocking().unwrap();
    let reader = open(&store.folder);
    let second = store.put("二");
    store.evidence.flush_blocking().unwrap();
    let written = fs::metadata(&store.files("pack")[0]).unwrap().modified().unwrap();
    store.evidence.flush_blocking().unwrap();

    let files = store.files("pack");
    assert_eq!(files.len(), 1);
    assert_eq!(fs::metadata(&files[0]).unwrap().modified().unwrap(), written, "nothing new, nothing written");
    assert_eq!(reader.get_blocking(first).unwrap().as_deref(), Some("一".as_bytes()));
    let store = store.killed();
    for (id, body) in [(first, "一"), (second, "二")] {
        assert_eq!(store.get(id).as_deref(), Some(body.as_bytes()));
    }
}

#[test]
fn a_pack_is_closed_when_it_is_full() {
    fn check(bodies: impl Iterator<Item = Vec<u8>>, packs: usize) {
        let store = Store::new();
        let bodies: Vec<Vec<u8>> = bodies.collect();
        let ids: Vec<BlobId> = bodies.iter().map(|body| store.put(body.clone())).collect();
        store.evidence.flush_blocking().unwrap();
        assert_eq!(store.files("pack").len(), packs);
        let reopened = store.killed();
        for (id, body) in ids.into_iter().zip(bodies) {
            assert!(reopened.get(id) == Some(body));
        }
    }
    let small = |count: usize| (0..count).map(|number| number.to_string().into_bytes());
    check(small(0), 0);
    check(small(1), 1);
    check(small(PACK_BODIES), 1);
    check(small(PACK_BODIES + 1), 2);
    // Bodies of 700 KiB that cannot be compressed: two fill a pack.
    let noise = |seed: u64| {
        (0..700 << 7).flat_map(move |at: u64| {
            xxhash_rust::xxh3::xxh3_64_with_seed(&at.to_le_bytes(), seed).to_le_bytes()
        })
    };
    check((0..5).map(|seed| noise(seed).collect()), 3);
}

#[test]
fn a_body_that_is_put_again_marks_its_pack_as_used_once_a_day() {
    let (store, id) = Store::new().put_alone("正文");
    store.put("正文");
    assert!(store.files("used").is_empty(), "written today");
    let files = store.files("pack");
    backdate(&files[0], 3);
    let store = store.killed();
    store.put("正文");
    let marks = store.files("used");
    let marked = |file: &Path| fs::metadata(file).unwrap().modified().unwrap();
    let date = marked(&marks[0]);
    assert!(SystemTime::now().duration_since(date).unwrap() < DAY, "{date:?}");
    store.put("正文");
    store.evidence.flush_blocking().unwrap();
    assert_eq!((store.files("pack"), store.files("used")), (files, marks.clone()), "not written again");
    assert_eq!(marked(&marks[0]), date, "once a day is enough");
    assert!(store.get(id).is_some());
}

#[test]
fn a_pack_that_another_process_has_swept_is_kept_again() {
    let (store, id) = Store::new().put_alone("正文");
    let pack = store.files("pack").remove(0);
    backdate(&pack, 3);
    let store = store.killed();
    fs::remove_file(pack).unwrap();
    assert_eq!(store.get(id), None);
    assert_eq!(store.put("正文"), id);
    assert_eq!(store.get(id).as_deref(), Some("正文".as_bytes()));
}

#[test]
fn a_damaged_pack_is_left_out_and_the_others_are_read() {
    let (store, id) = Store::new().put_alone("正文");
    let (store, other) = store.put_alone("另一篇");
    let pack = &store.files("pack")[0];
    let whole = fs::read(pack).unwrap();
    for damage in [&b""[..], b"<html>", &whole[..whole.len() / 2], &whole[1..]] {
        fs::write(pack, damage).unwrap();
        let store = Store { evidence: open(&store.folder), folder: tempfile::tempdir().unwrap() };
        assert_eq!(store.get(id), None);
        assert!(store.get(other).is_some());
    }
    fs::write(pack, "").unwrap();
    let (store, id) = store.killed().put_alone("正文");
    assert!(store.get(id).is_some(), "kept again beside it");
}

#[test]
fn a_damaged_body_is_an_error_and_never_another_body() {
    let (store, id) = Store::new().put_alone("正文");
    let (store, _) = store.put_alone("异文");
    let [pack, other] = &store.files("pack")[..] else { panic!("two packs") };
    for damage in [b"<html>".to_vec(), fs::read(other).unwrap()] {
        fs::write(pack, damage).unwrap();
        let error = store.evidence.get_blocking(id).unwrap_err();
        assert!(matches!(&error, EvidenceError::Damaged { id: named, .. } if *named == id), "{error}");
        assert!(error.to_string().contains(".pack"), "{error}");
    }
}

#[test]
fn sweeping_takes_packs_that_are_old_and_unwanted() {
    let (store, old) = Store::new().put_alone("旧");
    let (store, kept) = store.put_alone("旧而有用");
    let (store, again) = store.put_alone("又见");
    let (store, young) = store.put_alone("新");
    let foreign = store.packs().join("README.md");
    fs::write(&foreign, "someone else's").unwrap();
    backdate(&foreign, 1000);
    let files = store.files("pack");
    files[..3].iter().for_each(|file| backdate(file, 100));
    let bytes = fs::metadata(&files[0]).unwrap().len();

    let store = store.killed();
    store.put("又见");
    let unwritten = store.put("未写");
    let swept = store.evidence.sweep(&|id| id == kept, days_ago(90)).unwrap();
    assert_eq!(swept, Swept { bodies: 1, bytes });
    assert_eq!(store.get(old), None);
    for id in [kept, again, young, unwritten] {
        assert!(store.get(id).is_some());
    }
    assert!(foreign.exists() && !files[0].exists());
    assert_eq!(store.evidence.sweep(&|id| id == kept, days_ago(90)).unwrap(), Swept::default());
    assert_eq!(store.put("旧"), old);
    assert!(store.get(old).is_some(), "kept again");
}

#[test]
fn sweeping_heeds_what_another_process_has_used() {
    let (store, id) = Store::new().put_alone("正文");
    backdate(&store.files("pack")[0], 100);
    let store = store.killed();
    open(&store.folder).put_blocking("正文".into()).unwrap();
    assert_eq!(store.evidence.sweep(&|_| false, days_ago(90)).unwrap(), Swept::default());
    assert!(store.get(id).is_some());
}

#[test]
fn one_wanted_body_keeps_its_pack() {
    let store = Store::new();
    let wanted = store.put("要");
    let (store, other) = store.put_alone("不要");
    backdate(&store.files("pack")[0], 100);
    let store = store.killed();
    assert_eq!(store.evidence.sweep(&|id| id == wanted, days_ago(90)).unwrap(), Swept::default());
    assert!(store.get(other).is_some());
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
}

#[test]
fn what_cannot_be_written_is_an_error_and_is_written_when_it_can() {
    let store = Store::new();
    fs::write(store.packs(), "a file where a folder should be").unwrap();
    let ids: Vec<BlobId> = (0..PACK_BODIES).map(|number| store.put(number.to_string())).collect();
    for error in [
        store.evidence.flush_blocking().unwrap_err(),
        store.evidence.put_blocking("一篇太多".into()).unwrap_err(),
    ] {
        assert!(error.to_string().contains("evidence"), "{error}");
    }
    assert_eq!(store.get(codec::name("一篇太多".as_bytes())), None, "what was refused is not there");
    assert!(store.get(ids[0]).is_some());

    fs::remove_file(store.packs()).unwrap();
    store.put("一篇太多");
    store.evidence.flush_blocking().unwrap();
    let store = store.killed();
    assert!(ids.into_iter().all(|id| store.get(id).is_some()));
}
