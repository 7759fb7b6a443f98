//! Published messages (互动留言) that were answered late or not at all.

use std::collections::HashSet;

use jiff::civil::Date;

use super::fields::{Fields, Value};
use super::message_rows::rows;
use super::{About, Check, Context, Findings, check};
use crate::facts::{Oddity, PageKind};
use crate::finding::{Confidence, Severity};
use crate::indicators::{Labels, Services};
use crate::page::{Page, find_date};

check! {
    /// A published message was answered after the limit, or is open for longer than the limit.
    ///
    /// ## Why it matters
    /// Simple questions are answered within five working days; one message of the last year that stays unanswered for
    /// three months fails a site by itself. Whoever reads the list sees how long others waited.
    ///
    /// ## What to do
    /// Answer what is open, publish the answer with its date and the answering unit, and speed up the handling.
    MessageOverdue, id: "message-overdue", name: "留言答复超期", category: Services, severity: Medium,
    advice: "请尽快答复并公开答复时间、答复单位和答复内容；已答复的，请核对时间并改进办理时效。"
}

impl Check for MessageOverdue {
    fn about(&self) -> &'static About {
        &Self::ABOUT
    }

    fn page(&self, page: &Page, context: &Context<'_>, found: &mut Findings<'_>) {
        let services = context.rules.services();
        let exempt = services.message.exempt.iter().any(|word| page.title.contains(word));
        if exempt
            || matches!(page.kind, PageKind::Home | PageKind::Search | PageKind::Service)
            || page.oddities.iter().any(Oddity::replaces_page)
        {
            return;
        }
        let (messages, missing) = messages(page, services);
        for wait in [Wait::Open, Wait::Late] {
            let overdue: Vec<_> = messages
                .iter()
                .filter_map(|message| Some((message, judge(message, services, context.today)?)))
                .filter(|(_, overdue)| overdue.wait == wait)
                .collect();
            let Some((_, worst)) =
                overdue.iter().max_by_key(|(_, overdue)| (overdue.long, overdue.working_days))
            else {
                continue;
            };
            let (state, severity) = match (wait, worst.long) {
                (Wait::Open, true) => (format!("超过{}未答复", services.message.months), Severity::High),
                (Wait::Open, false) => {
                    (format!("超过 {} 个工作日未答复", services.message.working_days), Severity::Medium)
                }
                (Wait::Late, _) => {
                    (format!("答复超过 {} 个工作日", services.message.working_days), Severity::Medium)
                }
            };
            let shown = overdue.iter().take(SHOWN).map(|(message, overdue)| words(message, overdue));
            let shown = shown.collect::<Vec<_>>().join("；");
            let mut evidence =
                format!("本页 {} 条留言中 {} 条超期，{state}：{shown}", messages.len(), overdue.len());
            if !missing.is_empty() {
                evidence.push_str(&format!("；页面未列出要素：{}", missing.join("、")));
            }
            let earliest = overdue.iter().map(|(message, _)| message.asked).min();
            if earliest.is_some_and(|earliest| !services.calendar.knows(earliest, context.today)) {
                evidence.push_str("（工作日未扣除法定节假日，规则中没有相应年份的放假安排）");
            }
            // Whether a message had to be answered at all is for a person to say.
            found
                .add(page.address.as_str(), format!("{} {}", wait.id(), page.title), evidence)
                .severity(severity)
                .confidence(Confidence::Probable);
        }
    }
}

/// Messages that the evidence of a list names.
const SHOWN: usize = 3;

/// A published message.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Message {
    asked: Date,
    answer: Answer,
}

/// What the page says of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Given(Date),
    Open,
    /// Nothing that could be read.
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wait {
    Open,
    Late,
}

impl Wait {
    fn id(self) -> &'static str {
        match self {
            Wait::Open => "open",
            Wait::Late => "late",
        }
    }
}

/// A message beyond a limit.
#[derive(Debug, PartialEq, Eq)]
struct Overdue {
    wait: Wait,
    working_days: u32,
    /// Whether beyond the long limit, too.
    long: bool,
}

fn judge(message: &Message, services: &Services, today: Date) -> Option<Overdue> {
    let limits = &services.message;
    if message.asked > today || limits.window.due(message.asked) < today {
        return None;
    }
    let (wait, until) = match message.answer {
        Answer::Given(answered) if answered >= message.asked && answered <= today => (Wait::Late, answered),
        Answer::Open => (Wait::Open, today),
        Answer::Given(_) | Answer::Unknown => return None,
    };
    let working_days = services.calendar.working_days(message.asked, until);
    let long = limits.months.due(message.asked) < until;
    (working_days > limits.working_days || long).then_some(Overdue { wait, working_days, long })
}

fn words(message: &Message, overdue: &Overdue) -> String {
    let days = overdue.working_days;
    match message.answer {
        Answer::Given(answered) => format!("{} 留言，{answered} 答复，用时 {days} 个工作日", message.asked),
        Answer::Open | Answer::Unknown => format!("{} 留言，已 {days} 个工作日未答复", message.asked),
    }
}

/// The messages of a page, and which elements it does not show; none where it has no field for an answer.
fn messages<'a>(page: &Page, services: &'a Services) -> (Vec<Message>, Vec<&'a str>) {
    let labels = &services.message_labels;
    let roles = Roles::of(labels);
    let named: HashSet<usize> =
        labels.find(&page.text.visible).flat_map(|(_, _, owners)| owners).copied().collect();
    let names = |role: Option<usize>| role.is_some_and(|role| named.contains(&role));
    if !names(roles.asked) {
        return (Vec::new(), Vec::new()); // Nearly every page.
    }
    let mut messages = in_rows(page, labels, &roles, &services.message.open);
    let mut shown = named;
    if messages.is_empty() {
        let fields = Fields::read(page, labels);
        shown = (0..fields.len()).flat_map(|at| fields.owners(at)).copied().collect();
        let stands = |role: Option<usize>| role.is_some_and(|role| shown.contains(&role));
        if stands(roles.asked) && (stands(roles.answered) || stands(roles.answer) || stands(roles.state)) {
            messages = in_lines(&fields, &roles, &services.message.open);
        }
    }
    let elements = labels.elements().iter().enumerate();
    let missing = elements.filter(|(at, element)| element.required && !shown.contains(at));
    (messages, missing.map(|(_, element)| element.name.as_str()).collect())
}

/// The elements that the check knows by their ids.
struct Roles {
    asked: Option<usize>,
    answered: Option<usize>,
    answer: Option<usize>,
    state: Option<usize>,
}

impl Roles {
    fn of(labels: &Labels) -> Roles {
        let at = |id| labels.position(id);
        Roles { asked: at("asked"), answered: at("answered"), answer: at("answer"), state: at("state") }
    }
}

/// Messages whose fields follow each other: each begins with the time of its question.
fn in_lines(fields: &Fields<'_>, roles: &Roles, open: &[String]) -> Vec<Message> {
    let mut messages: Vec<Message> = Vec::new();
    for at in 0..fields.len() {
        let is = |role: Option<usize>| role.is_some_and(|role| fields.owners(at).contains(&role));
        if is(roles.asked) {
            if let Value::Text(text) = fields.value(at)
                && let Some(asked) = find_date(&text)
            {
                messages.push(Message { asked, answer: Answer::Unknown });
            }
            continue;
        }
        let Some(message) = messages.last_mut().filter(|message| !matches!(message.answer, Answer::Given(_)))
        else {
            continue;
        };
        let seen = fields.value(at);
        if is(roles.answered) {
            message.answer = match &seen {
                Value::Text(text) => answer(text, open),
                Value::Empty => Answer::Open,
                Value::Unclear => Answer::Unknown,
            };
        } else if (is(roles.state) || is(roles.answer)) && message.answer == Answer::Unknown {
            let is_open = match &seen {
                Value::Text(text) => open.iter().any(|word| text.starts_with(word.as_str())),
                Value::Empty => is(roles.answer),
                Value::Unclear => false,
            };
            if is_open {
                message.answer = Answer::Open;
            }
        }
    }
    messages
}

/// What stands in the place of an answer's date.
fn answer(text: &str, open: &[String]) -> Answer {
    match find_date(text) {
        Some(date) => Answer::Given(date),
        None if text.trim().is_empty() || open.iter().any(|word| text.contains(word.as_str())) => {
            Answer::Open
        }
        None => Answer::Unknown,
    }
}

/// Messages in the rows of a list whose head names the columns.
fn in_rows(page: &Page, labels: &Labels, roles: &Roles, open: &[String]) -> Vec<Message> {
    let Some(asked) = roles.asked else { return Vec::new() };
    let answers: Vec<usize> = [roles.answered, roles.state].into_iter().flatten().collect();
    let rows = rows(page, labels, asked, &answers).into_iter();
    rows.filter_map(|(asked, answered)| {
        Some(Message { asked: find_date(&asked)?, answer: answer(&answered, open) })
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::address::Address;
    use crate::indicators::RuleSet;
    use crate::page::{Source, parse};

    #[test]
    fn the_day_of_the_limit_is_in_time() {
        let rules = RuleSet::built_in();
        let check = |asked: Date, answer: Answer, expected: Option<(u32, bool)>| {
            let overdue = judge(&Message { asked, answer }, rules.services(), date(2026, 11, 21));
            assert_eq!(
                overdue.map(|overdue| (overdue.working_days, overdue.long)),
                expected,
                "{asked} {answer:?}"
            );
        };
        check(date(2026, 11, 9), Answer::Given(date(2026, 11, 16)), None);
        check(date(2026, 11, 9), Answer::Given(date(2026, 11, 17)), Some((6, false)));
        check(date(2026, 11, 13), Answer::Open, None);
        check(date(2026, 11, 12), Answer::Open, Some((6, false)));
        check(date(2026, 8, 21), Answer::Open, Some((61, false)));
        check(date(2026, 8, 20), Answer::Open, Some((62, true)));
        check(date(2025, 11, 20), Answer::Open, None);
        check(date(2026, 11, 9), Answer::Given(date(2026, 11, 1)), None);
        check(date(2026, 11, 9), Answer::Given(date(2027, 1, 1)), None);
        check(date(2027, 1, 1), Answer::Open, None);
        check(date(2026, 1, 1), Answer::Unknown, None);
    }

    #[test]
    fn messages_stand_in_lines_and_in_tables() {
        let rules = RuleSet::built_in();
        let check = |body: &str, expected: &[(Date, Answer)]| {
            let html = format!("<title>信箱</title><main>{body}</main>");
            let address = Address::parse("http://www.example.gov.cn/xx/1.html").expect("a good address");
            let source =
                Source { address: &address, content_type: None, body: html.as_bytes(), is_home: false };
            let (seen, _) = messages(&parse(source), rules.services());
            let expected: Vec<_> =
                expected.iter().map(|(asked, answer)| Message { asked: *asked, answer: *answer }).collect();
            assert_eq!(seen, expected, "{body}");
        };
        let given = Answer::Given(date(2026, 11, 5));
        let asked = date(2026, 11, 2);
        check("<p>留言时间：2026-11-02　答复时间：2026-11-05</p>", &[(asked, given)]);
        check("<p>来信时间：2026年11月2日</p><p>回复时间：</p>", &[(asked, Answer::Open)]);
        check("<p>来信时间：2026-11-02</p><p>办理状态：办理中</p>", &[(asked, Answer::Open)]);
        check("<p>来信时间：2026-11-02</p><p>答复内容：您好，已办理。</p>", &[(asked, Answer::Unknown)]);
        check("<p>来信时间：2026-11-02</p>", &[]);
        check("<table><tr><td>来信时间<td>2026-11-02<td>回复时间<td>2026-11-05</table>", &[(asked, given)]);
        check(
            "<table><thead><tr><th>标题<th>留言时间<th>答复时间<tbody><tr><td>甲<td>2026-11-02<td>2026-11-05\
             <tr><td>乙<td>2026-11-02<td></table>",
            &[(asked, given), (asked, Answer::Open)],
        );
        check(
            "<ul><li><b>标题</b><b>来信日期</b><b>处理状态</b><b>答复日期</b></li>\
             <li><a href=1>甲</a><span>2026-11-02</span><span>已办理</span><span>2026-11-05</span></li>\
             <li><a href=2>乙</a><span>2026-11-02</span><span>办理中</span><span></span></li></ul>",
            &[(asked, given), (asked, Answer::Open)],
        );
        check(
            "<div><i>留言时间</i><i>状态</i></div><div><i>2026-11-02</i><i>已答复</i></div>\
             <div><i>2026-11-02</i><i>未答复</i></div>",
            &[(asked, Answer::Unknown), (asked, Answer::Open)],
        );
        check(
            "<dl><dt>留言时间</dt><dd>2026-11-02</dd><dt>答复时间</dt><dd>2026-11-05</dd></dl>",
            &[(asked, given)],
        );
    }
}
