//! The report for a terminal: a summary that fits a few screens, or everything for a file.
//!
//! Fixed to [`WIDTH`] columns, as a report must look the same wherever it is read. Colours are the caller's choice.

mod coverage;
mod paint;
mod score;
mod tags;

use std::path::PathBuf;

use super::columns::{fit, wrap};
use super::completeness::{Completeness, Tone};
use super::outline::{Counts, Group, outline};
use super::wording::{self, SEVERITIES};
use super::{Report, escape, figures, proof};
use crate::life::{Life, Reported};
use paint::{Colour, Paint};

/// Columns of the whole.
const WIDTH: usize = 92;

/// Rows of a list shown in the summary, per check: enough to see what it is about.
const EXAMPLES: usize = 3;

/// Sample pages of one finding.
const SAMPLES: usize = 10;

/// Columns of one piece of evidence or suggestion; the JSON formats have all of it.
const DETAIL: usize = 400;

/// Renders the summary for a terminal: what cost points, and a few examples of each problem.
pub fn render(report: &Report, colour: bool) -> String {
    Writer { out: String::new(), paint: Paint::new(colour), full: false }.report(report)
}

/// Renders everything: every line of the score and every finding, without colour.
pub fn render_full(report: &Report) -> String {
    Writer { out: String::new(), paint: Paint::new(false), full: true }.report(report)
}

/// The lines that say where the written reports are; nothing where none was written.
pub fn whereabouts(paths: &[PathBuf]) -> String {
    let mut out = String::new();
    for (index, path) in paths.iter().enumerate() {
        let label = if index == 0 { "完整报告  " } else { "          " };
        out.push_str(&format!("{label}{}\n", escape::terminal(&path.display().to_string())));
    }
    out
}

struct Writer {
    out: String,
    paint: Paint,
    /// Whether nothing is left out.
    full: bool,
}

impl Writer {
    fn report(mut self, report: &Report) -> String {
        self.head(report);
        self.score(report);
        self.prospects(report);
        self.findings(&report.findings);
        self.fixed(&report.fixed);
        self.tags(&report.tags);
        self.coverage(&report.coverage);
        self.conduct(report);
        self.could_not_run(report);
        self.out
    }

    fn line(&mut self, text: &str) {
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    fn heading(&mut self, text: &str) {
        let rule = "─".repeat(WIDTH.saturating_sub(super::columns::width(text) + 4));
        let heading = self.paint.bold(&format!("── {text} {rule}"));
        self.line("");
        self.line(&heading);
    }

    /// A label and a text that may take several lines, the further ones indented below the first.
    fn labelled(&mut self, label: &str, text: &str, indent: usize) {
        let label_columns = super::columns::width(label);
        let lines = wrap(text, WIDTH.saturating_sub(indent + label_columns));
        for (index, line) in lines.iter().enumerate() {
            let start = if index == 0 { self.paint.dim(label) } else { " ".repeat(label_columns) };
            self.line(&format!("{}{start}{line}", " ".repeat(indent)));
        }
    }

    fn head(&mut self, report: &Report) {
        let rule = "═".repeat(WIDTH);
        let name = self.paint.bold(&escape::terminal(&report.site_name));
        self.line(&rule);
        self.line(&format!("{name}  {}", escape::terminal(&report.home)));
        let times = format!(
            "第 {} 次扫描 · {} 至 {}（北京时间，用时 {}）· 按 {} 判定",
            report.scan,
            figures::minute(report.started),
            figures::minute(report.finished),
            figures::span(report.started, report.finished),
            report.today,
        );
        self.line(&self.paint.dim(&times));
        self.line(&rule);

        let completeness = Completeness::of(&report.coverage, report.could_not_run.len());
        let colour = match Tone::of(report, &completeness) {
            Tone::Good => Colour::Green,
            Tone::Doubt => Colour::Yellow,
            Tone::Bad => Colour::Red,
        };
        self.verdict(report, colour);
        let sign = match completeness {
            Completeness::Complete => self.paint.colour(Colour::Green, "✔ 完整"),
            Completeness::Partial(_) => self.paint.colour(Colour::Yellow, "⚠ 部分"),
            Completeness::Failed => self.paint.colour(Colour::Red, "✘ 失败"),
        };
        let mut sentence = wrap(&completeness.sentence(), WIDTH - 14).into_iter();
        let first = sentence.next().unwrap_or_default();
        self.line(&format!("覆盖  {sign}  {first}"));
        for further in sentence {
            self.line(&format!("{}{further}", " ".repeat(14)));
        }
        // Where nothing was looked at, "0 problems" would be read as good news.
        if completeness != Completeness::Failed {
            self.totals(report);
        }
    }

    fn verdict(&mut self, report: &Report, colour: Colour) {
        for (index, line) in wrap(&escape::terminal(&report.score.verdict), WIDTH - 6).iter().enumerate() {
            let label = if index == 0 { "结论  " } else { "      " };
            self.line(&format!("{label}{}", self.paint.colour(colour, line)));
        }
        let points = match report.score.total {
            Some(total) if report.score.bonus > 0.0 => {
                format!("{} + 加分 {}", figures::points(total), figures::points(report.score.bonus))
            }
            Some(total) => figures::points(total),
            None => "不计".to_owned(),
        };
        let footing = wording::footing(&report.score.scale_confidence).label;
        let rules =
            format!("（口径 {}〔{footing}〕，规则版本 {}）", report.score.scale, report.score.rules_version);
        let points = self.paint.colour(colour, &points);
        self.line(&format!(
            "得分  {points} / {}{}",
            figures::points(report.score.full),
            self.paint.dim(&rules)
        ));
    }

    fn totals(&mut self, report: &Report) {
        let counts = Counts::of(&report.findings);
        let mut parts = Vec::new();
        for (severity, number) in SEVERITIES.into_iter().zip(counts.by_severity) {
            let label = wording::severity(severity).label;
            let part = format!("{label} {}", figures::count(number));
            parts.push(if number == 0 {
                self.paint.dim(&part)
            } else {
                self.paint.colour(Colour::of(severity), &part)
            });
        }
        let mut life = format!("新增 {}", figures::count(counts.new));
        for (label, number) in
            [("复发", counts.reopened), ("已修复", report.fixed.len() as u64), ("已忽略", counts.dismissed)]
        {
            if number > 0 {
                life.push_str(&format!("，{label} {}", figures::count(number)));
            }
        }
        let total = figures::count(counts.problems);
        self.line(&format!("问题  共 {total} 个：{}（{life}）", parts.join(" · ")));
    }

    fn findings(&mut self, findings: &[Reported]) {
        for section in outline(findings) {
            self.heading(wording::category(section.category));
            for group in &section.groups {
                self.group(group);
            }
        }
    }

    fn group(&mut self, group: &Group<'_>) {
        let counts = Counts::of(group.findings.iter().copied());
        let label = wording::severity(group.worst).label;
        let tag = self.paint.colour(Colour::of(group.worst), &format!("[{label}]"));
        let mut title = format!("{} 个", figures::count(counts.problems));
        if counts.new > 0 {
            title.push_str(&format!("，新增 {}", figures::count(counts.new)));
        }
        if counts.dismissed > 0 {
            title.push_str(&format!("，已忽略 {}", figures::count(counts.dismissed)));
        }
        let name = self.paint.bold(&escape::terminal(group.name));
        self.line(&format!("{tag} {name}  {title}"));
        if let Some(suggestion) = group.suggestion {
            self.labelled("建议 ", &fit(&escape::terminal(suggestion), DETAIL), 3);
        }
        for reported in self.shown(&group.findings) {
            self.finding(reported, group.suggestion.is_some());
        }
        self.rest(group.findings.len());
    }

    /// `suggested`: the group has said already what to do.
    fn finding(&mut self, reported: &Reported, suggested: bool) {
        let finding = &reported.finding;
        let mut tags = String::new();
        if reported.state != Life::Open {
            tags.push_str(&format!("〔{}〕", wording::life(reported.state).label));
        }
        if finding.confidence != crate::finding::Confidence::Confirmed {
            tags.push_str(&format!("〔{}〕", wording::confidence(finding.confidence).label));
        }
        self.labelled(" • ", &fit(&format!("{tags}{}", escape::terminal(&finding.evidence)), DETAIL), 0);
        self.labelled("页面 ", &fit(&escape::terminal(&finding.page), DETAIL), 3);
        if let Some(target) = &finding.target {
            let mut told = fit(&escape::terminal(target), DETAIL);
            if let Some(verdict) = finding.verdict {
                told.push_str(&format!(" （{}", wording::verdict(verdict).label));
                if let Some(status) = finding.status {
                    told.push_str(&format!("，{status}"));
                }
                told.push('）');
            }
            self.labelled("目标 ", &told, 3);
        }
        if self.full {
            for (label, text) in proof::rows(&finding.proof) {
                self.labelled(&format!("{label} "), &fit(&escape::terminal(&text), DETAIL), 3);
            }
        }
        if finding.occurrences > 1 {
            let told =
                format!("{}，共 {} 处", wording::scope(finding.scope), figures::count(finding.occurrences));
            self.labelled("范围 ", &told, 3);
        }
        if self.full {
            let context = finding.place.as_ref().and_then(|place| place.context.as_deref());
            if let Some(context) = context {
                self.labelled("原文 ", &fit(&escape::terminal(context), DETAIL), 3);
            }
            for sample in finding.samples.iter().take(SAMPLES) {
                self.labelled("示例 ", &fit(&escape::terminal(sample), DETAIL), 3);
            }
        }
        if !suggested {
            self.labelled("建议 ", &fit(&escape::terminal(&finding.suggestion), DETAIL), 3);
        }
    }

    fn fixed(&mut self, fixed: &[Reported]) {
        if fixed.is_empty() {
            return;
        }
        self.heading("已修复");
        for reported in self.shown(fixed) {
            let evidence = escape::terminal(&reported.finding.evidence);
            self.labelled(" ✔ ", &fit(&evidence, DETAIL), 0);
            self.labelled("页面 ", &fit(&escape::terminal(&reported.finding.page), DETAIL), 3);
        }
        self.rest(fixed.len());
    }

    /// The rows of a list that are shown.
    fn shown<'a, T>(&self, rows: &'a [T]) -> &'a [T] {
        if self.full { rows } else { &rows[..rows.len().min(EXAMPLES)] }
    }

    /// Says how many rows of a list were left out.
    fn rest(&mut self, rows: usize) {
        if !self.full && rows > EXAMPLES {
            let rest = figures::count((rows - EXAMPLES) as u64);
            self.line(&self.paint.dim(&format!("   … 其余 {rest} 条见完整报告")));
        }
    }

    fn could_not_run(&mut self, report: &Report) {
        if report.could_not_run.is_empty() {
            return;
        }
        self.heading("未能运行的检查");
        for fault in self.shown(&report.could_not_run) {
            let name = escape::terminal(wording::check_name(&fault.check));
            let told = format!("  {name}：内部错误，相关结论缺失，请将日志交给维护人员");
            self.line(&self.paint.colour(Colour::Yellow, &told));
            if let Some(page) = &fault.page {
                self.labelled("页面 ", &fit(&escape::terminal(page), DETAIL), 3);
            }
        }
        self.rest(report.could_not_run.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn summary() {
        insta::assert_snapshot!(render(&sample::report(), false));
    }

    #[test]
    fn everything() {
        insta::assert_snapshot!(render_full(&sample::report()));
    }

    #[test]
    fn zero_pages_is_a_failed_run() {
        insta::assert_snapshot!(render(&sample::failed(), false));
    }

    #[test]
    fn a_flawless_site() {
        insta::assert_snapshot!(render(&sample::clean(), false));
    }

    #[test]
    fn colour_changes_nothing_but_colour() {
        let plain = render(&sample::report(), false);
        assert!(!plain.contains('\x1b'), "no control code of the site comes through");
        let coloured = render(&sample::report(), true);
        let codes = regex::Regex::new("\x1b\\[[0-9;]*m").expect("a pattern");
        assert_eq!(codes.replace_all(&coloured, ""), plain);
    }

    #[test]
    fn says_where_the_reports_are() {
        assert_eq!(whereabouts(&[]), "");
        let paths = [PathBuf::from("out/report.html"), PathBuf::from("out/findings.jsonl")];
        assert_eq!(whereabouts(&paths), "完整报告  out/report.html\n          out/findings.jsonl\n");
    }
}
