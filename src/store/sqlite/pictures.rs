//! Pictures of findings: rows of the table `picture`.

use rusqlite::{Row, params};

use super::fault::Fault;
use super::{Readers, Sqlite};
use crate::facts::BlobId;
use crate::finding::Fingerprint;
use crate::picture::KeptPicture;
use crate::store::{PictureReader, Pictures, StoreError, word};

const PUT: &str = "INSERT INTO picture (finding, taken, site, image, original, sight) \
    VALUES ($1, $2, $3, $4, $5, $6) \
    ON CONFLICT (finding, taken) DO UPDATE SET image = $4, original = $5, sight = $6";

const LAST: &str = "SELECT finding, taken, site, image, original, sight FROM picture WHERE finding = $1 \
    ORDER BY taken DESC LIMIT 1";

const OF_SITE: &str = "SELECT finding, taken, site, image, original, sight FROM picture AS this \
    WHERE site = $1 AND taken = (SELECT max(taken) FROM picture WHERE finding = this.finding) \
    ORDER BY finding";

const BODIES: &str = "SELECT DISTINCT image FROM picture";

impl Pictures for Sqlite {
    fn put_picture(&self, picture: &KeptPicture) -> Result<(), StoreError> {
        let KeptPicture { finding, site, image, original, taken, sight } = picture.clone();
        self.writer.run(move |transaction| {
            let (image, original) = (image.to_string(), original.to_string());
            let values = params![finding.0, word::time(taken), site, image, original, word::json(&sight)];
            transaction.execute(PUT, values)?;
            Ok(())
        })
    }
}

impl PictureReader for Sqlite {
    fn picture(&self, finding: &Fingerprint) -> Result<Option<KeptPicture>, StoreError> {
        self.readers.picture(finding)
    }

    fn pictures(&self, site: &str) -> Result<Vec<KeptPicture>, StoreError> {
        self.readers.pictures(site)
    }

    fn picture_bodies(&self) -> Result<Vec<BlobId>, StoreError> {
        self.readers.picture_bodies()
    }
}

impl PictureReader for Readers {
    fn picture(&self, finding: &Fingerprint) -> Result<Option<KeptPicture>, StoreError> {
        self.run(|connection| {
            connection.prepare_cached(LAST)?.query_and_then(params![finding.0], read)?.next().transpose()
        })
    }

    fn pictures(&self, site: &str) -> Result<Vec<KeptPicture>, StoreError> {
        self.run(|connection| {
            connection.prepare_cached(OF_SITE)?.query_and_then(params![site], read)?.collect()
        })
    }

    fn picture_bodies(&self) -> Result<Vec<BlobId>, StoreError> {
        self.run(|connection| {
            let mut statement = connection.prepare_cached(BODIES)?;
            let bodies = statement.query_and_then([], |row| -> Result<_, Fault> {
                Ok(word::read_blob(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)?)
            })?;
            bodies.collect()
        })
    }
}

fn read(row: &Row<'_>) -> Result<KeptPicture, Fault> {
    let text = |column: &str| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
    Ok(KeptPicture {
        finding: Fingerprint(row.get("finding")?),
        site: row.get("site")?,
        image: word::read_blob(text("image")?)?,
        original: word::read_blob(text("original")?)?,
        taken: word::read_time(text("taken")?)?,
        sight: word::read_json(text("sight")?)?,
    })
}
