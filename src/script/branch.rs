//! Which statements of a script hang on what it asks: the branches of an `if`, what stands behind `&&` and `?`, and all
//! that follows an early `return`.
//!
//! Told by the shape of the tokens alone. A name that was given an answer carries it to where it is asked, and a
//! function that is called in a branch hangs on the same question. What the shape does not tell hangs on nothing.

use std::collections::HashMap;
use std::ops::Range;

use super::act::is_keyword;
use super::guard::{Guards, Marks, Said, Signs};
use super::lexer::{Kind, Token};
use super::outline::Outline;

/// Questions of one script that something hangs on. Whole libraries have some hundreds.
const QUESTIONS: usize = 2_000;
/// Tokens of a branch in which calls are looked for.
const CALLS: usize = 5_000;
/// Functions that are called one out of another.
const CALLED: usize = 16;
/// Names given in one branch that are looked at.
const GIVEN: usize = 200;
/// Meanings of one name.
const MEANINGS: usize = 8;
/// Statements inside of statements.
const NESTED: usize = 40;
/// Tokens over which a name of one or two letters is believed to mean the same: minifiers use them over and over.
const SHORT_REACH: usize = 2_000;

/// What hangs on what, by tokens of one script.
pub(super) struct Conditions {
    held: Vec<(Range<usize>, Guards)>,
    signs: Signs,
}

impl Conditions {
    /// What is asked before each part of a script; `signs` are where it speaks of visitors, by token.
    pub(super) fn of(tokens: &[Token], partners: &[usize], signs: Signs) -> Conditions {
        let mut held = Vec::new();
        if signs.is_empty() {
            return Conditions { held, signs };
        }
        let shape = Shape::of(tokens, partners);
        let plain = signs.marks();
        // What was answered may be put into a name, and that into another.
        let once = shape.carried(&signs, &plain);
        let marks = shape.carried(&once, &once.marks()).marks();
        let free = signs.outside(&shape.asked_anywhere());
        let guarded = shape.questions.iter().filter_map(|question| {
            let guards = marks.within(&question.asked).completed(free).guards();
            (guards != Guards::default()).then_some((question, guards))
        });
        let functions = shape.given.iter().filter(|given| given.is_function);
        let functions: HashMap<&str, &Given<'_>> = functions.map(|given| (given.name, given)).collect();
        for (question, guards) in guarded.take(QUESTIONS) {
            let mut ranges: Vec<Range<usize>> = question.ranges().collect();
            shape.add_called(&functions, &mut ranges);
            held.extend(ranges.into_iter().map(|range| (range, guards)));
        }
        Conditions { held, signs }
    }

    /// What is asked before what stands at a token.
    pub(super) fn at(&self, token: usize) -> Guards {
        let held = self.held.iter().filter(|(range, _)| range.contains(&token));
        held.fold(self.signs.back(token), |all, (_, guards)| all.with(*guards))
    }
}

/// A question, and what hangs on it.
struct Question {
    asked: Range<usize>,
    governed: Range<usize>,
    /// What is done otherwise: an `else`, or what follows where the branch leaves the block.
    otherwise: Option<Range<usize>>,
}

impl Question {
    /// All that hangs on it.
    fn ranges(&self) -> impl Iterator<Item = Range<usize>> {
        std::iter::once(self.governed.clone()).chain(self.otherwise.clone())
    }
}

/// A name, and what it was given.
struct Given<'t> {
    name: &'t str,
    worth: Range<usize>,
    /// It can be called, also before it stands there.
    is_function: bool,
}

impl Given<'_> {
    /// Whether a use of the name at a token means this.
    fn is_meant(&self, token: usize) -> bool {
        let far = token.abs_diff(self.worth.start);
        (self.is_function || token >= self.worth.start) && (self.name.len() > 2 || far <= SHORT_REACH)
    }
}

/// The shape of a script.
struct Shape<'t> {
    outline: Outline<'t>,
    questions: Vec<Question>,
    given: Vec<Given<'t>>,
}

/// A bracket that is open, and the clause that is read in it: what stands between commas and semicolons.
struct Level {
    end: usize,
    clause: usize,
    /// The last `&&`, `||` or `?` of the clause.
    operator: Option<usize>,
    /// The first `=` or `:` of the clause.
    gives: Option<usize>,
}

impl Level {
    fn new(clause: usize, end: usize) -> Level {
        Level { end, clause, operator: None, gives: None }
    }
}

impl<'t> Shape<'t> {
    fn of(tokens: &'t [Token], partners: &'t [usize]) -> Shape<'t> {
        let outline = Outline { tokens, partners };
        let mut shape = Shape { outline, questions: Vec::new(), given: Vec::new() };
        let mut levels = vec![Level::new(0, tokens.len())];
        for (at, token) in tokens.iter().enumerate() {
            let open = levels.len();
            // What was left open in a bracket closes with it.
            while levels.len() > 1 && levels.last().is_some_and(|level| level.end == at) {
                shape.end_clause(&mut levels, at, at);
                levels.pop();
            }
            if levels.len() < open {
                // A block ends what stands before it; brackets are part of it.
                if shape.outline.is(at, "}") {
                    shape.end_clause(&mut levels, at + 1, at + 1);
                }
                continue;
            }
            let Some(level) = levels.last_mut() else { break };
            match &token.kind {
                Kind::Mark("(" | "[" | "{") => {
                    let end = partners[at].min(tokens.len());
                    levels.push(Level::new(at + 1, end));
                }
                Kind::Mark(";" | ",") => shape.end_clause(&mut levels, at, at + 1),
                Kind::Mark("&&" | "||" | "??" | "?") => level.operator = Some(at),
                Kind::Mark("=" | "=>") => level.gives = level.gives.or(Some(at)),
                Kind::Mark(":") if level.operator.is_none() => level.gives = level.gives.or(Some(at)),
                Kind::Name(name) if name == "function" => shape.function(at),
                Kind::Name(name) if is_keyword(name) && !matches!(name.as_str(), "in" | "of" | "async") => {
                    let end = level.end;
                    shape.end_clause(&mut levels, at, at);
                    shape.statement(name, at, end);
                }
                _ => {}
            }
        }
        while !levels.is_empty() {
            shape.end_clause(&mut levels, tokens.len(), tokens.len());
            levels.pop();
        }
        shape
    }

    /// The token behind a bracket and what it holds.
    fn behind(&self, open: usize) -> usize {
        self.outline.partners[open].saturating_add(1).min(self.outline.tokens.len())
    }

    /// Ends the clause of the innermost bracket; the next one begins at a token.
    fn end_clause(&mut self, levels: &mut [Level], end: usize, next: usize) {
        let Some(level) = levels.last_mut() else { return };
        let Level { clause, operator, gives, .. } = *level;
        *level = Level::new(next, level.end);
        if let Some(operator) = operator {
            self.questions.push(Question { asked: clause..operator, governed: clause..end, otherwise: None });
        }
        if let Some(gives) = gives
            && let Some(name) = gives.checked_sub(1).and_then(|at| self.outline.name(at))
        {
            let is_function = self.is_function(gives + 1);
            self.given.push(Given { name, worth: gives + 1..end, is_function });
        }
    }

    /// Whether a function begins at a token: `function…`, `(…) =>`, `name =>`.
    fn is_function(&self, at: usize) -> bool {
        let behind = if self.outline.is(at, "(") { self.behind(at) } else { at + 1 };
        self.outline.name(at) == Some("function") || self.outline.is(behind, "=>")
    }

    /// `function name(…) {…}`.
    fn function(&mut self, at: usize) {
        let Some(name) = self.outline.name(at + 1) else { return };
        if !self.outline.is(at + 2, "(") {
            return;
        }
        let open = self.behind(at + 2);
        if self.outline.is(open, "{") {
            let worth = open..self.behind(open);
            self.given.push(Given { name, worth, is_function: true });
        }
    }

    /// A statement that asks: its head is the question, and what follows hangs on it.
    fn statement(&mut self, name: &str, at: usize, level_end: usize) {
        if !matches!(name, "if" | "while" | "for" | "switch") || !self.outline.is(at + 1, "(") {
            return;
        }
        let body = self.behind(at + 1);
        let end = self.statement_end(body, 0);
        // What the cases of a switch say is part of the question.
        let asked = if name == "switch" { at + 2..end } else { at + 2..body.saturating_sub(1) };
        let otherwise = match self.outline.name(end) {
            _ if name != "if" => None,
            Some("else") => Some(end + 1..self.statement_end(end + 1, 0)),
            _ => self.leaves(body, end).then(|| end..level_end.max(end)),
        };
        self.questions.push(Question { asked, governed: body..end, otherwise });
    }

    /// The token behind the statement that begins at one.
    fn statement_end(&self, at: usize, depth: usize) -> usize {
        if depth > NESTED || at >= self.outline.tokens.len() {
            return (at + 1).min(self.outline.tokens.len());
        }
        if self.outline.is(at, "{") {
            return self.behind(at);
        }
        match self.outline.name(at) {
            Some("if" | "while" | "for" | "switch" | "with") if self.outline.is(at + 1, "(") => {
                let end = self.statement_end(self.behind(at + 1), depth + 1);
                return match self.outline.name(end) {
                    Some("else") if self.outline.name(at) == Some("if") => {
                        self.statement_end(end + 1, depth + 1)
                    }
                    _ => end,
                };
            }
            Some("try") => {
                let mut end = self.statement_end(at + 1, depth + 1);
                while let Some("catch" | "finally") = self.outline.name(end) {
                    let block = if self.outline.is(end + 1, "(") { self.behind(end + 1) } else { end + 1 };
                    end = self.statement_end(block, depth + 1);
                }
                return end;
            }
            _ => {}
        }
        let mut end = at;
        while let Some(token) = self.outline.tokens.get(end) {
            match &token.kind {
                Kind::Mark("(" | "[" | "{") => end = self.behind(end),
                Kind::Mark(";") => return end + 1,
                Kind::Mark(")" | "]" | "}") => return end,
                Kind::Name(name) if name == "else" => return end,
                _ => end += 1,
            }
        }
        end
    }

    /// Whether what stands between two tokens leaves the block around it in any case.
    fn leaves(&self, from: usize, to: usize) -> bool {
        let is_exit =
            |at: usize| matches!(self.outline.name(at), Some("return" | "throw" | "break" | "continue"));
        if !self.outline.is(from, "{") {
            return is_exit(from);
        }
        let mut at = from + 1;
        while at < to {
            let begins =
                self.outline.is(at - 1, "{") || self.outline.is(at - 1, ";") || self.outline.is(at - 1, "}");
            if begins && is_exit(at) {
                return true;
            }
            at = if self.outline.is(at, "(") || self.outline.is(at, "[") || self.outline.is(at, "{") {
                self.behind(at)
            } else {
                at + 1
            };
        }
        false
    }

    /// For each token whether it is part of a question.
    fn asked_anywhere(&self) -> Vec<bool> {
        self.outline.covered(self.questions.iter().map(|question| &question.asked))
    }

    /// The signs, and where names carry them to.
    fn carried(&self, signs: &Signs, marks: &Marks) -> Signs {
        let mut carried = signs.clone();
        let telling = self.telling(marks);
        if telling.is_empty() {
            return carried;
        }
        for at in 0..self.outline.tokens.len() {
            let Some(known) = self.outline.name(at).and_then(|name| telling.get(name)) else { continue };
            let meant = known.iter().filter(|(given, _)| given.is_meant(at));
            carried.add(meant.fold(Said::default(), |all, (_, said)| all.with(*said)), at);
        }
        carried
    }

    /// The names that tell something of visitors: by what they were given, or because they were given it in a branch that
    /// hangs on a question.
    fn telling(&self, marks: &Marks) -> HashMap<&'t str, Vec<(&Given<'t>, Said)>> {
        let mut said: Vec<Said> = self.given.iter().map(|given| marks.within(&given.worth)).collect();
        let mut order: Vec<usize> = (0..self.given.len()).collect();
        order.sort_unstable_by_key(|&number| self.given[number].worth.start);
        let asking = self.questions.iter().map(|question| (question, marks.within(&question.asked)));
        for (question, asked) in asking.filter(|(_, asked)| !asked.is_empty()).take(QUESTIONS) {
            for range in question.ranges() {
                let first = order.partition_point(|&number| self.given[number].worth.start < range.start);
                let inside = order[first..].iter().take(GIVEN);
                let inside = inside.take_while(|&&number| self.given[number].worth.start < range.end);
                inside.for_each(|&number| said[number] = said[number].with(asked));
            }
        }
        let mut telling: HashMap<&str, Vec<(&Given<'t>, Said)>> = HashMap::new();
        for (given, said) in self.given.iter().zip(said).filter(|(_, said)| !said.is_empty()) {
            let known = telling.entry(given.name).or_default();
            if known.len() < MEANINGS {
                known.push((given, said));
            }
        }
        telling
    }

    /// Adds the bodies of the functions that are called in some ranges.
    fn add_called(&self, functions: &HashMap<&str, &Given<'_>>, ranges: &mut Vec<Range<usize>>) {
        let most = ranges.len() + CALLED;
        let mut next = 0;
        while let Some(range) = ranges.get(next).cloned() {
            next += 1;
            for at in range.take(CALLS) {
                let called = self.outline.name(at).and_then(|name| functions.get(name));
                let Some(called) = called.filter(|called| called.is_meant(at)) else { continue };
                if ranges.len() < most && !ranges.contains(&called.worth) {
                    ranges.push(called.worth.clone());
                }
            }
        }
    }
}
