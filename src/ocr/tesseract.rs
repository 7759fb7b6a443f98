//! Tesseract, as a process of its own: what it does with a hostile picture is not done here.

use std::io::{ErrorKind, Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::{Ocr, OcrError};

/// The name of the program.
const PROGRAM: &str = "tesseract";
/// The languages it reads.
const LANGUAGES: &str = "chi_sim";
/// Time for one picture.
const TIME: Duration = Duration::from_secs(20);
/// Bytes of words of one picture that are kept.
const WORDS: u64 = 1 << 20;
/// How often a running program is looked after.
const LOOK: Duration = Duration::from_millis(10);
/// Starts a program that may take a gigabyte of memory and its time of one processor, and write no files.
const BOUNDED: &str = "ulimit -v 1048576; ulimit -t 20; ulimit -f 0; exec \"$@\"";

/// The program.
#[derive(Debug)]
pub struct Tesseract {
    program: String,
    time: Duration,
}

impl Tesseract {
    /// The program of the system, if it is there and knows Chinese.
    pub fn find() -> Result<Tesseract, OcrError> {
        let listed = Command::new(PROGRAM).arg("--list-langs").stdin(Stdio::null()).output();
        let listed = listed.map_err(|error| match error.kind() {
            ErrorKind::NotFound => OcrError::NoProgram,
            _ => OcrError::Failed,
        })?;
        let knows = |text: &[u8]| String::from_utf8_lossy(text).lines().any(|line| line.trim() == LANGUAGES);
        // Older versions list them among the errors.
        if !knows(&listed.stdout) && !knows(&listed.stderr) {
            return Err(OcrError::NoLanguage);
        }
        Ok(Tesseract { program: PROGRAM.to_owned(), time: TIME })
    }

    fn start(&self, picture: &std::path::Path) -> std::io::Result<Child> {
        Command::new("sh")
            .args(["-c", BOUNDED, "sh", &self.program])
            .arg(picture)
            .args(["stdout", "-l", LANGUAGES, "-c", "preserve_interword_spaces=1"])
            .env("OMP_THREAD_LIMIT", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
    }

    /// Waits for the end, for as long as it may take.
    fn wait(&self, child: &mut Child) -> Result<bool, OcrError> {
        let until = Instant::now() + self.time;
        loop {
            match child.try_wait() {
                Ok(Some(status)) => return Ok(status.success()),
                Ok(None) if Instant::now() < until => std::thread::sleep(LOOK),
                Ok(None) => return Err(OcrError::TooSlow),
                Err(_) => return Err(OcrError::Failed),
            }
        }
    }
}

impl Ocr for Tesseract {
    fn read(&self, picture: &[u8]) -> Result<String, OcrError> {
        let failed = |_| OcrError::Failed;
        let mut file = tempfile::NamedTempFile::new().map_err(failed)?;
        file.write_all(picture).map_err(failed)?;
        let mut child = self.start(file.path()).map_err(failed)?;
        let pipe = child.stdout.take().expect("it was asked for");
        // Read beside it, as a full pipe would hold it up.
        let words = std::thread::spawn(move || {
            let mut words = Vec::new();
            let _ = pipe.take(WORDS).read_to_end(&mut words);
            words
        });
        let ended = self.wait(&mut child);
        if ended.is_err() {
            let _ = child.kill();
            let _ = child.wait();
        }
        let words = words.join().map_err(|_| OcrError::Failed)?;
        match ended? {
            true => Ok(String::from_utf8_lossy(&words).into_owned()),
            false => Err(OcrError::Failed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a program of this name, given so much time, says of these bytes.
    fn read(program: &str, millis: u64, picture: &str) -> Result<String, OcrError> {
        let tesseract = Tesseract { program: program.to_owned(), time: Duration::from_millis(millis) };
        tesseract.read(picture.as_bytes())
    }

    #[test]
    fn whatever_the_program_does_there_is_an_answer() {
        assert_eq!(read("no-such-program", 20_000, ""), Err(OcrError::Failed));
        assert_eq!(read("sh", 20_000, "exit 1"), Err(OcrError::Failed));
        assert_eq!(read("sh", 20_000, "exec yes"), Err(OcrError::Failed), "it writes without end");
        assert_eq!(read("sh", 100, "exec sleep 60"), Err(OcrError::TooSlow));
        assert_eq!(read("sh", 20_000, "echo $2 $3"), Ok("-l chi_sim\n".to_owned()));
    }
}
