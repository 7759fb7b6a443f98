//! Texts and what they are held against: `check-text`, `dictionary check`, `explain`, `config`.

use std::io::{Read as _, Write as _};
use std::path::Path;

use anyhow::Context as _;
use jiff::Timestamp;
use sitewarden::cli::{CheckTextArgs, ConfigCommand, DictionaryCheckArgs, Exit, OperatorError, problems};
use sitewarden::config;
use sitewarden::document::{self, Hint};
use sitewarden::editor::{self, Desk};
use sitewarden::indicators::RuleSet;
use sitewarden::ocr::{self, Tesseract};
use sitewarden::report::proofread::{Checked, ProofFormat};
use sitewarden::speller::{self, Speller};
use sitewarden::text::Shelf;
use sitewarden::{report, scan, text};

/// The reader of pictures, if there is one; says so where there is none.
fn tesseract() -> Option<Tesseract> {
    Tesseract::find().inspect_err(|error| tracing::warn!("{error}")).ok()
}

pub(crate) fn check_text(args: &CheckTextArgs) -> anyhow::Result<Exit> {
    let shelf = Shelf::open(args.dictionaries.as_deref(), &speller::Words).map_err(|errors| {
        OperatorError(errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    })?;
    let now = Timestamp::now();
    let today = args.today.unwrap_or_else(|| scan::date_of(now));
    let rules = RuleSet::built_in();
    let lexicons = shelf.lexicons();
    let desk = Desk {
        lexicons: &lexicons,
        speller: Some(Speller::built_in()),
        figures: &rules.privacy().figures,
        today,
        allow: &args.allow,
        mode: args.mode.into(),
    };
    let ocr = if args.ocr { tesseract() } else { None };
    let mut checked = Vec::new();
    for file in &args.files {
        let name = file.display().to_string();
        let bytes = read(file).map_err(|error| OperatorError(format!("{name}: cannot be read: {error}")))?;
        let hint = Hint { name: &name, content_type: None };
        let mut document = document::text(&bytes, hint, document::Limits::default());
        if let Some(ocr) = &ocr
            && let Err(error) = ocr::add_words(&mut document, &bytes, ocr)
        {
            tracing::warn!(file = name, %error, "not all pictures were read");
        }
        let findings = editor::check(&document, &desk);
        checked.push(Checked { name, document: document.masked(), findings });
    }
    if args.format != ProofFormat::Text {
        for one in &checked {
            if let Some(limited) = &one.document.limited {
                tracing::warn!(file = one.name, why = limited.why, "not all of the text was read");
            }
        }
    }
    let shown = report::proofread::render(&checked, args.format, now);
    std::io::stdout().write_all(shown.as_bytes()).context("writing to the screen")?;
    let fails = args.fail_on.is_some_and(|severity| report::proofread::reaches(&checked, severity));
    Ok(if fails { Exit::Findings } else { Exit::Done })
}

/// Bytes of a file that are read. Longer ones are cut, and said to be damaged where they do not stand it.
const FILE_BYTES: u64 = 256 << 20;

/// A file, or standard input for `-`.
fn read(file: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if file == Path::new("-") {
        std::io::stdin().take(FILE_BYTES).read_to_end(&mut bytes)?;
    } else {
        std::fs::File::open(file)?.take(FILE_BYTES).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

pub(crate) fn explain(id: Option<&str>) -> anyhow::Result<Exit> {
    let rules = RuleSet::built_in();
    let said = match id {
        None => report::explain::list(&rules),
        Some(id) => report::explain::explain(&rules, id)
            .with_context(|| format!("there is no check or indicator {id}; `explain` lists them all"))?,
    };
    print!("{said}");
    Ok(Exit::Done)
}

pub(crate) fn configuration(command: &ConfigCommand) -> anyhow::Result<Exit> {
    match command {
        ConfigCommand::Check(args) => {
            let settings = config::load(&args.config).map_err(problems)?;
            println!("{}: no problems, {} site(s)", args.config.display(), settings.sites.len());
        }
        ConfigCommand::Show(args) => {
            print!("{}", config::show(&config::load(&args.config).map_err(problems)?))
        }
    }
    Ok(Exit::Done)
}

pub(crate) fn dictionaries(args: &DictionaryCheckArgs) -> anyhow::Result<Exit> {
    let file = &args.config.config;
    let folder = match file.exists() {
        true => config::load(file).map_err(problems)?.dictionaries_dir,
        false => None,
    };
    let errors = text::health::check(folder.as_deref());
    for error in &errors {
        println!("{error}");
    }
    println!("{} problem(s)", errors.len());
    let is_quiet = args.reference.is_empty() || fires_rarely(folder.as_deref(), &args.reference)?;
    Ok(if errors.is_empty() && is_quiet { Exit::Done } else { Exit::Operator })
}

/// Tells how often the dictionaries fire on clean texts, and whether that is within their budget.
fn fires_rarely(folder: Option<&std::path::Path>, references: &[std::path::PathBuf]) -> anyhow::Result<bool> {
    // What is wrong with the files themselves was told before.
    let Ok(shelf) = Shelf::open(folder, &speller::Words) else { return Ok(false) };
    let lexicons = shelf.lexicons();
    let mut reference = text::Reference::default();
    for path in references {
        let clean = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
        reference.read(&lexicons, &clean);
    }
    print!("{reference}");
    let over = reference.over_budget();
    for class in &over {
        println!("{} fires too often on clean text", class.chinese());
    }
    Ok(over.is_empty())
}
