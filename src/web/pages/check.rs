//! The check before publication: paste a text or upload a file, and see what is wrong with it.

use askama::Template;
use axum::extract::State;

use crate::editor::{Mode, TextFinding};
use crate::report::proofread::{self, Checked};
use crate::report::{escape, wording, words};
use crate::web::answer::{Answer, Failure, page};
use crate::web::app::App;
use crate::web::proof::{self, Content, Draft};
use crate::web::shell::Shell;
use crate::web::upload::Upload;
use crate::web::visitor::Visitor;

/// Faults shown at most. Whoever has more of them begins with these.
const SHOWN: usize = 300;

#[derive(Template)]
#[template(path = "check.html")]
struct CheckPage {
    shell: Shell,
    text: String,
    is_review: bool,
    result: Option<ResultView>,
}

struct ResultView {
    name: String,
    limited: Option<String>,
    found: usize,
    rest: usize,
    faults: Vec<FaultView>,
}

struct FaultView {
    /// Severity, as a class and as a word.
    tone: &'static str,
    severity: &'static str,
    class: &'static str,
    confidence: &'static str,
    place: String,
    before: String,
    words: String,
    after: String,
    advice: Option<String>,
}

impl FaultView {
    fn new(checked: &Checked, finding: &TextFinding) -> FaultView {
        let frame = proofread::in_sentence(checked, finding);
        let severity = finding.tier.severity();
        let shown = |text: &str| escape::visible(text).into_owned();
        let ellipsis = |is_cut| if is_cut { "……" } else { "" };
        FaultView {
            tone: words::severity(severity),
            severity: wording::severity(severity).label,
            class: finding.class,
            confidence: wording::confidence(finding.confidence).label,
            place: shown(&finding.whereabouts(&checked.document)),
            before: format!("{}{}", ellipsis(frame.is_cut_before), shown(frame.before)),
            words: shown(frame.words),
            after: format!("{}{}", shown(frame.after), ellipsis(frame.is_cut_after)),
            advice: finding.advice().as_deref().map(shown),
        }
    }
}

/// The form.
pub(in crate::web) async fn show(visitor: Visitor) -> Answer {
    let shell = Shell::new(&visitor, "check", "发布前检查");
    page(&CheckPage { shell, text: String::new(), is_review: false, result: None })
}

/// The result, below the form with what was typed.
pub(in crate::web) async fn check(State(app): State<App>, visitor: Visitor, mut upload: Upload) -> Answer {
    let mode = proof::mode(upload.get("mode"))?;
    let text = upload.take("text");
    let (name, content) = match upload.file {
        Some(file) => (file.name, Content::File(file.bytes)),
        None if text.trim().is_empty() => {
            return Err(Failure::Wrong("请粘贴文字或选择文件".to_owned()));
        }
        None => ("粘贴的文字".to_owned(), Content::Text(text.clone())),
    };
    let checked = proof::check(&app, Draft { name, content, mode }).await?;
    let found = checked.findings.len();
    let result = ResultView {
        name: escape::visible(&checked.name).into_owned(),
        limited: checked.document.limited.as_ref().map(|limited| limited.why.clone()),
        found,
        rest: found.saturating_sub(SHOWN),
        faults: checked.findings.iter().take(SHOWN).map(|fault| FaultView::new(&checked, fault)).collect(),
    };
    let shell = Shell::new(&visitor, "check", "发布前检查");
    page(&CheckPage { shell, text, is_review: mode == Mode::Review, result: Some(result) })
}
