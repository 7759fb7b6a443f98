//! x
pub fn render(report: &super::Report) -> String {
    report.site.clone()
}
