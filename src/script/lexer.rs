//! Tokens of a script. What is broken is passed over: browsers are forgiving, and so are attackers.

use std::collections::HashMap;

/// A token and where it begins, in bytes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) at: usize,
}

/// What a token is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    /// A name or a keyword, escapes undone.
    Name(String),
    /// A literal, escapes undone.
    Text(String),
    Number(f64),
    /// What stands between the slashes.
    Regex(String),
    Mark(&'static str),
}

/// Operators and brackets, longer ones first.
const MARKS: [&str; 55] = [
    ">>>=", "===", "!==", "**=", "<<=", ">>=", ">>>", "...", "&&=", "||=", "??=", "==", "!=", "<=", ">=",
    "&&", "||", "??", "?.", "++", "--", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "=>", "<<", ">>",
    "**", "{", "}", "(", ")", "[", "]", ";", ",", "<", ">", "+", "-", "*", "/", "%", "&", "|", "^", "!", "~",
    "?", ":",
];

/// Tokens of one script. Minified code has one in 1.5 bytes or more, so these are those of a megabyte; they take some
/// 30 MB while it is read.
const TOKENS: usize = 700_000;

/// Bytes between escapes that are noted.
const ESCAPES_APART: usize = 256;

/// Templates inside of templates.
const NESTED: usize = 4;

/// A script in tokens.
pub(super) struct Tokens {
    pub(super) tokens: Vec<Token>,
    /// Where it has escapes that no person types.
    pub(super) escapes: Vec<usize>,
    /// Whether it has more than so many.
    pub(super) is_cut: bool,
}

/// The tokens of a script.
pub(super) fn tokens(code: &str) -> Tokens {
    let mut lexer = Lexer { code, at: 0, tokens: Vec::new(), escapes: Vec::new(), open_until: 0 };
    lexer.run(0);
    Tokens { is_cut: lexer.tokens.len() >= TOKENS, tokens: lexer.tokens, escapes: lexer.escapes }
}

struct Lexer<'c> {
    code: &'c str,
    at: usize,
    tokens: Vec<Token>,
    escapes: Vec<usize>,
    /// Before this place no regular expression ends that was begun: looking again for each slash would take for ever.
    open_until: usize,
}

impl<'c> Lexer<'c> {
    fn run(&mut self, nested: usize) {
        while self.tokens.len() < TOKENS {
            let Some(char) = self.rest().chars().next() else { break };
            let at = self.at;
            match char {
                char if char.is_whitespace() || char == '\u{feff}' => self.at += char.len_utf8(),
                '/' if self.rest().starts_with("//") => self.skip_to("\n"),
                '<' if self.rest().starts_with("<!--") => self.skip_to("\n"),
                '/' if self.rest().starts_with("/*") => self.skip_to("*/"),
                '/' if self.at >= self.open_until && self.may_be_regex() => self.regex(),
                '"' | '\'' => {
                    self.at += 1;
                    let text = self.text(char);
                    self.push(Kind::Text(text), at);
                }
                '`' => {
                    self.at += 1;
                    self.template(nested);
                }
                '0'..='9' => self.number(),
                '.' if self.rest()[1..].starts_with(|char: char| char.is_ascii_digit()) => self.number(),
                '.' => {
                    self.at += 1;
                    self.push(Kind::Mark("."), at);
                }
                char if char == '\\' || is_name(char) => self.name(),
                _ => self.mark(),
            }
        }
    }

    fn rest(&self) -> &'c str {
        &self.code[self.at..]
    }

    fn push(&mut self, kind: Kind, at: usize) {
        self.tokens.push(Token { kind, at });
    }

    /// Notes an escape. Those of one literal stand side by side, and the first of them says it.
    fn note_escape(&mut self) {
        if self.escapes.last().is_none_or(|last| self.at - last > ESCAPES_APART) {
            self.escapes.push(self.at);
        }
    }

    fn skip_to(&mut self, end: &str) {
        self.at += self.rest().find(end).map_or(self.rest().len(), |at| at + end.len());
    }

    fn mark(&mut self) {
        let at = self.at;
        let code = self.rest().as_bytes();
        // Libraries have marks by the hundred thousand; most of the list is passed by one byte.
        let stands =
            |mark: &&&str| code.first() == mark.as_bytes().first() && code.starts_with(mark.as_bytes());
        match MARKS.iter().find(stands).copied() {
            Some(mark) => {
                self.at += mark.len();
                self.push(Kind::Mark(mark), at);
            }
            None if self.rest().starts_with('=') => {
                self.at += 1;
                self.push(Kind::Mark("="), at);
            }
            None => self.at += self.rest().chars().next().map_or(1, char::len_utf8),
        }
    }

    fn name(&mut self) {
        let at = self.at;
        let mut name = String::new();
        while let Some(char) = self.rest().chars().next() {
            if char == '\\' {
                self.at += 1;
                match self.escape() {
                    Some(char) if is_name(char) => name.push(char),
                    _ => break,
                }
            } else if is_name(char) || char.is_ascii_digit() {
                name.push(char);
                self.at += char.len_utf8();
            } else {
                break;
            }
        }
        if !name.is_empty() {
            self.push(Kind::Name(name), at);
        }
    }

    fn number(&mut self) {
        let at = self.at;
        let end = self.rest().find(|char: char| !char.is_ascii_alphanumeric() && char != '.');
        let literal = &self.rest()[..end.unwrap_or(self.rest().len())];
        self.at += literal.len();
        let plain = literal.to_ascii_lowercase();
        let value = match plain.get(..2) {
            Some("0x") => u64::from_str_radix(&plain[2..], 16).map(|value| value as f64).ok(),
            Some("0b") => u64::from_str_radix(&plain[2..], 2).map(|value| value as f64).ok(),
            Some("0o") => u64::from_str_radix(&plain[2..], 8).map(|value| value as f64).ok(),
            _ => plain.parse().ok(),
        };
        self.push(Kind::Number(value.unwrap_or(f64::NAN)), at);
    }

    /// Whether a slash begins a regular expression: after a value it divides.
    fn may_be_regex(&self) -> bool {
        match self.tokens.last().map(|token| &token.kind) {
            None => true,
            Some(Kind::Mark(mark)) => !matches!(*mark, ")" | "]" | "}"),
            Some(Kind::Name(name)) => matches!(name.as_str(), "return" | "typeof" | "case" | "in" | "of"),
            Some(_) => false,
        }
    }

    fn regex(&mut self) {
        let at = self.at;
        let mut in_class = false;
        let mut escaped = false;
        let end = self.rest()[1..].char_indices().find(|&(_, char)| {
            let ends = char == '\n' || (char == '/' && !in_class && !escaped);
            if !escaped {
                in_class = (in_class || char == '[') && char != ']';
            }
            escaped = char == '\\' && !escaped;
            ends
        });
        match end {
            Some((end, '/')) => {
                let source = self.rest()[1..1 + end].to_owned();
                self.at += end + 2;
                let flags = self.rest().find(|char: char| !char.is_ascii_alphabetic());
                self.at += flags.unwrap_or(self.rest().len());
                self.push(Kind::Regex(source), at);
            }
            open => {
                self.open_until = open.map_or(self.code.len(), |(end, _)| at + 1 + end);
                self.at += 1;
                self.push(Kind::Mark("/"), at);
            }
        }
    }

    /// The rest of a literal after its opening quote.
    fn text(&mut self, quote: char) -> String {
        let mut text = String::new();
        while let Some(char) = self.rest().chars().next() {
            self.at += char.len_utf8();
            match char {
                '\\' => text.extend(self.escape()),
                '\n' if quote != '`' => break,
                char if char == quote => break,
                char => text.push(char),
            }
        }
        text
    }

    /// The character that an escape stands for; `None` for a continued line.
    fn escape(&mut self) -> Option<char> {
        let char = self.rest().chars().next()?;
        self.at += char.len_utf8();
        let hex = |digits: &str| u32::from_str_radix(digits, 16).ok().and_then(char::from_u32);
        let escaped = match char {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            '\n' | '\r' => return None,
            'x' => {
                let digits = self.rest().get(..2)?;
                self.at += 2;
                self.note_escape();
                hex(digits)?
            }
            'u' if self.rest().starts_with('{') => {
                let (digits, _) = self.rest().get(1..10).or(self.rest().get(1..))?.split_once('}')?;
                self.at += digits.len() + 2;
                self.note_escape();
                hex(digits)?
            }
            'u' => {
                let digits = self.rest().get(..4)?;
                self.at += 4;
                self.note_escape();
                // Half of a pair stands for nothing by itself.
                hex(digits).unwrap_or(super::HOLE)
            }
            '0'..='7' => {
                let rest = self.rest().find(|char: char| !('0'..='7').contains(&char));
                let more = rest.unwrap_or(self.rest().len()).min(2);
                let digits = &self.code[self.at - 1..self.at + more];
                self.at += more;
                if digits.len() > 1 {
                    self.note_escape();
                }
                u32::from_str_radix(digits, 8).ok().and_then(char::from_u32)?
            }
            char => char,
        };
        Some(escaped)
    }

    /// A template as the sum of its pieces.
    fn template(&mut self, nested: usize) {
        let at = self.at - 1;
        self.push(Kind::Mark("("), at);
        let mut piece = String::new();
        while let Some(char) = self.rest().chars().next() {
            if self.rest().starts_with("${") && nested < NESTED {
                self.push(Kind::Text(std::mem::take(&mut piece)), at);
                self.push(Kind::Mark("+"), at);
                self.push(Kind::Mark("("), at);
                let end = closing(&self.rest()[2..]);
                let inner = self.at + 2;
                let (tokens, escapes) = (std::mem::take(&mut self.tokens), std::mem::take(&mut self.escapes));
                let code = &self.code[..inner + end];
                let mut lexer = Lexer { code, at: inner, tokens, escapes, open_until: 0 };
                lexer.run(nested + 1);
                (self.tokens, self.escapes) = (lexer.tokens, lexer.escapes);
                self.at += (end + 3).min(self.rest().len());
                self.push(Kind::Mark(")"), at);
                self.push(Kind::Mark("+"), at);
                continue;
            }
            self.at += char.len_utf8();
            match char {
                '\\' => piece.extend(self.escape()),
                '`' => break,
                char => piece.push(char),
            }
        }
        self.push(Kind::Text(piece), at);
        self.push(Kind::Mark(")"), at);
    }
}

/// Where each opening bracket closes; the end of the script, where it never does.
pub(super) fn partners(tokens: &[Token]) -> Vec<usize> {
    let mut partners = vec![tokens.len(); tokens.len()];
    // Brackets that are open, with what closes each, and how many wait for which.
    let mut open: Vec<(usize, &str)> = Vec::new();
    let mut waiting: HashMap<&str, usize> = HashMap::new();
    for (at, token) in tokens.iter().enumerate() {
        let closes = match token.kind {
            Kind::Mark("(") => ")",
            Kind::Mark("[") => "]",
            Kind::Mark("{") => "}",
            // What nobody waits for is passed over without looking: a row of such would be looked for over and over.
            Kind::Mark(mark @ (")" | "]" | "}")) if waiting.get(mark).is_some_and(|waiting| *waiting > 0) => {
                // What was left open in between closes here, too.
                while let Some((opened, closes)) = open.pop() {
                    partners[opened] = at;
                    *waiting.entry(closes).or_default() -= 1;
                    if closes == mark {
                        break;
                    }
                }
                continue;
            }
            _ => continue,
        };
        open.push((at, closes));
        *waiting.entry(closes).or_default() += 1;
    }
    partners
}

/// Where the brace closes that was opened before this text.
fn closing(code: &str) -> usize {
    let mut depth = 0usize;
    let end = code.bytes().position(|byte| {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 0 => return true,
            b'}' => depth -= 1,
            _ => {}
        }
        false
    });
    end.unwrap_or(code.len())
}

fn is_name(char: char) -> bool {
    char.is_alphabetic() || char == '_' || char == '$'
}
