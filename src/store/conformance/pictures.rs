//! Pictures of findings.

use super::day;
use crate::facts::BlobId;
use crate::finding::Fingerprint;
use crate::picture::{Concealment, KeptPicture, Sight};
use crate::store::Store;

pub(super) fn the_last_picture_of_a_finding_counts(store: &dyn Store) {
    let picture = |finding: &str, site: &str, on: i64, sight: Sight| KeptPicture {
        finding: Fingerprint(finding.to_owned()),
        site: site.to_owned(),
        image: BlobId([u8::try_from(on).expect("a small number"); 32]),
        original: BlobId([0xab; 32]),
        taken: day(on),
        sight,
    };
    let hidden = Sight::Hidden(Concealment::Display);
    let newer = picture("one", "a", 2, hidden);
    let all = [picture("one", "a", 1, Sight::Shown), newer.clone(), picture("two", "b", 3, Sight::Absent)];
    for kept in &all {
        store.put_picture(kept).unwrap();
    }
    // Told twice, it is one.
    store.put_picture(&newer).unwrap();
    assert_eq!(store.picture(&newer.finding).unwrap(), Some(newer.clone()));
    assert_eq!(store.pictures("a").unwrap(), [newer]);
    assert_eq!(store.picture(&Fingerprint("none".to_owned())).unwrap(), None);
    let mut bodies = store.picture_bodies().unwrap();
    bodies.sort();
    assert_eq!(bodies, all.map(|kept| kept.image));
}
