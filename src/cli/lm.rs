//! `sitewarden lm`: training and measuring the model of official Chinese that the speller reads with.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use jiff::Zoned;

use super::Exit;
use super::check_text::ModeArg;
use crate::speller::{self, Marks, Material, Mode, Pair, Provenance, Speller};

/// Trains, measures and shows a language model.
#[derive(Debug, Subcommand)]
pub enum LmCommand {
    /// Train a model from texts
    #[command(
        long_about = "Counts texts and learns from mended sentences which edits are right; writes one model file. \
                      Texts are UTF-8, a paragraph a line; of a folder every .txt and .md file is taken."
    )]
    Train(TrainArgs),
    /// Measure what the speller finds and what it raises wrongly
    #[command(
        long_about = "Prints sentence- and character-level precision, recall and F1 of mended sentences, and edits \
                      per 10,000 characters of clean text. With --folds the sentences may be part of what the model \
                      was trained on: each is judged without its own counts, by a score learned from the other \
                      folds."
    )]
    Eval(EvalArgs),
    /// Say what a model was made from
    Show(ModelArgs),
}

/// Which model.
#[derive(Debug, Clone, Args)]
pub struct ModelArgs {
    /// Model file [default: the one that ships with the program]
    #[arg(long, value_name = "FILE")]
    pub model: Option<PathBuf>,
}

/// Arguments of `lm train`.
#[derive(Debug, Clone, Args)]
pub struct TrainArgs {
    /// Text files and folders
    #[arg(value_name = "PATH", required = true)]
    pub texts: Vec<PathBuf>,
    /// The model file to write
    #[arg(long, value_name = "FILE")]
    pub output: PathBuf,
    /// Words with their frequencies, one a line: where a word ends
    #[arg(long, value_name = "FILE")]
    pub words: Option<PathBuf>,
    /// Words with their frequencies, one a line, of texts you have not got: counted beside the texts
    #[arg(long, value_name = "FILE")]
    pub vocabulary: Option<PathBuf>,
    /// Mended sentences: number of errors, as written, as it should be, by tabs; may be repeated
    #[arg(long, value_name = "FILE")]
    pub pairs: Vec<PathBuf>,
    /// Clean text to learn from what must be left alone; may be repeated
    #[arg(long, value_name = "FILE")]
    pub clean: Vec<PathBuf>,
    /// What it is a model of
    #[arg(long, value_name = "TEXT", default_value = "a site's own prose")]
    pub what: String,
    /// Where a text comes from, and its licence; may be repeated
    #[arg(long, value_name = "TEXT")]
    pub source: Vec<String>,
}

/// Arguments of `lm eval`.
#[derive(Debug, Clone, Args)]
pub struct EvalArgs {
    /// Which model.
    #[command(flatten)]
    pub model: ModelArgs,
    /// Mended sentences: number of errors, as written, as it should be, by tabs; may be repeated
    #[arg(long, value_name = "FILE")]
    pub pairs: Vec<PathBuf>,
    /// Clean text; may be repeated
    #[arg(long, value_name = "FILE")]
    pub clean: Vec<PathBuf>,
    /// How sure the speller has to be [default: both, in turn]
    #[arg(long, value_enum)]
    pub mode: Option<ModeArg>,
    /// Judge what the model was trained on, in this many folds
    #[arg(long, value_name = "COUNT")]
    pub folds: Option<u64>,
}

/// Scores (log odds) that cross-validation shows marks for.
const THRESHOLDS: [f32; 10] = [-0.5, 0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5];

/// Scores from which an edit is shown and raises an alarm, of a newly trained model. Chosen by cross-validation
/// (README, "Numbers"): the best F1 of sentences, and at most 0.9 edits per 10,000 characters of clean work reports.
const REVIEW: f32 = 0.0;
const QUIET: f32 = 2.0;

/// Runs `sitewarden lm`.
pub fn run(command: &LmCommand) -> anyhow::Result<Exit> {
    match command {
        LmCommand::Train(args) => train(args),
        LmCommand::Eval(args) => eval(args),
        LmCommand::Show(args) => show(args),
    }
}

fn train(args: &TrainArgs) -> anyhow::Result<Exit> {
    let mut texts = Vec::new();
    for path in &args.texts {
        texts.extend(read_all(path)?);
    }
    let material = Material {
        texts,
        words: args.words.as_deref().map(read).transpose()?.unwrap_or_default(),
        vocabulary: args.vocabulary.as_deref().map(read).transpose()?.unwrap_or_default(),
        pairs: pairs(&args.pairs)?.concat(),
        clean: args.clean.iter().map(|path| read(path)).collect::<anyhow::Result<Vec<_>>>()?.concat(),
        provenance: Provenance {
            what: args.what.clone(),
            sources: args.source.clone(),
            date: Zoned::now().date().to_string(),
            review: REVIEW,
            quiet: QUIET,
            ..Provenance::default()
        },
    };
    let trained = speller::train(material);
    fs::write(&args.output, &trained.file)
        .with_context(|| format!("writing the model to {}", args.output.display()))?;
    println!(
        "{}: {} bytes, {} characters counted, score learned from {} edits",
        args.output.display(),
        trained.file.len(),
        trained.characters,
        trained.lessons
    );
    Ok(Exit::Done)
}

fn eval(args: &EvalArgs) -> anyhow::Result<Exit> {
    let mut names: Vec<String> = args.pairs.iter().map(|path| path.display().to_string()).collect();
    let mut sets = pairs(&args.pairs)?;
    for path in &args.clean {
        names.push(path.display().to_string());
        sets.push(read(path)?.lines().map(Pair::clean).collect());
    }
    let print = |marks: &[Marks]| {
        names.iter().zip(marks).for_each(|(name, marks)| println!("  {name}: {marks}"));
    };
    let modes: &[ModeArg] = match &args.mode {
        Some(mode) => std::slice::from_ref(mode),
        None => &[ModeArg::Review, ModeArg::Quiet],
    };
    match args.folds {
        Some(folds) => {
            let mut speller = open(&args.model)?;
            let sets: Vec<&[Pair]> = sets.iter().map(Vec::as_slice).collect();
            let ways: Vec<(Mode, f32)> =
                modes.iter().flat_map(|&mode| THRESHOLDS.map(|threshold| (mode.into(), threshold))).collect();
            let marks = speller::cross_validate(&mut speller, &sets, folds.max(2), &ways);
            for ((mode, threshold), marks) in ways.iter().zip(marks) {
                println!("{mode:?}, score above {threshold}");
                print(&marks);
            }
        }
        None => {
            let speller = open(&args.model)?;
            for &mode in modes {
                println!("{mode:?}");
                let marks: Vec<Marks> =
                    sets.iter().map(|set| speller::evaluate(&speller, set, mode.into())).collect();
                print(&marks);
            }
        }
    }
    Ok(Exit::Done)
}

fn show(args: &ModelArgs) -> anyhow::Result<Exit> {
    let speller = open(args)?;
    let provenance = speller.provenance();
    println!("{}\ntrained {} on {} characters", provenance.what, provenance.date, provenance.characters);
    provenance.sources.iter().for_each(|source| println!("  {source}"));
    println!("shown from a score of {}, alarm from {}", provenance.review, provenance.quiet);
    Ok(Exit::Done)
}

/// The speller that was asked for. Its model stays in memory as long as the program runs.
fn open(args: &ModelArgs) -> anyhow::Result<Speller> {
    let Some(path) = &args.model else { return Ok(Speller::with_built_in()?) };
    let bytes = fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    Speller::new(bytes.leak()).with_context(|| path.display().to_string())
}

fn pairs(paths: &[PathBuf]) -> anyhow::Result<Vec<Vec<Pair>>> {
    paths.iter().map(|path| Ok(Pair::read(&read(path)?))).collect()
}

fn read(path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))
}

/// The text of a file, or of every text file of a folder.
fn read_all(path: &Path) -> anyhow::Result<Vec<String>> {
    if !path.is_dir() {
        return Ok(vec![read(path)?]);
    }
    let mut files: Vec<PathBuf> = fs::read_dir(path)
        .with_context(|| format!("reading the folder {}", path.display()))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt" || extension == "md"))
        .collect();
    files.sort();
    files.iter().map(|path| read(path)).collect()
}
