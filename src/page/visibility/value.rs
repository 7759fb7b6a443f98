//! Values of declarations, as far as they can hide anything.

use cssparser::color::{parse_hash_color, parse_named_color};
use cssparser::{Parser, Token};

/// The window a page is imagined in: that of a common desktop.
pub(super) const WINDOW: (f32, f32) = (1366.0, 900.0);

/// Pixels of `1rem`.
const ROOT_FONT: f32 = 16.0;

/// Parts of a value that are read; no honest declaration of these properties has more.
const PARTS: usize = 64;

/// One part of a value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Part {
    /// A keyword, in lower case.
    Word(String),
    /// A plain number.
    Number(f32),
    /// A length or percentage.
    Length(Length),
    /// A colour.
    Color(Color),
    /// A function that is no colour: its name in lower case, and its arguments without commas.
    Call(String, Vec<Part>),
    /// Anything else.
    Other,
}

/// A length.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Length {
    /// `auto`, `none`, or something that cannot be told without a layout.
    Unknown,
    Px(f32),
    /// 1.0 is the whole.
    Percent(f32),
    /// Of the font.
    Em(f32),
}

/// A colour: red, green, blue and opacity, each from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Color {
    pub(super) rgb: [f32; 3],
    pub(super) alpha: f32,
}

impl Length {
    /// In pixels, where `whole` is what a percentage refers to.
    pub(super) fn px(self, font: f32, whole: Option<f32>) -> Option<f32> {
        match self {
            Length::Unknown => None,
            Length::Px(px) => Some(px),
            Length::Percent(share) => whole.map(|whole| share * whole),
            Length::Em(em) => Some(em * font),
        }
    }

    fn of(value: f32, unit: &str) -> Length {
        Length::Px(match unit.to_ascii_lowercase().as_str() {
            "px" => value,
            "em" => return Length::Em(value),
            "ex" | "ch" => return Length::Em(value / 2.0),
            "rem" => value * ROOT_FONT,
            "pt" => value * 96.0 / 72.0,
            "pc" => value * 16.0,
            "in" => value * 96.0,
            "cm" => value * 96.0 / 2.54,
            "mm" => value * 96.0 / 25.4,
            "vw" => value * WINDOW.0 / 100.0,
            "vh" => value * WINDOW.1 / 100.0,
            _ => return Length::Unknown,
        })
    }
}

impl Color {
    pub(super) const WHITE: Color = Color { rgb: [1.0; 3], alpha: 1.0 };
    pub(super) const BLACK: Color = Color { rgb: [0.0; 3], alpha: 1.0 };
    pub(super) const NONE: Color = Color { rgb: [0.0; 3], alpha: 0.0 };
    /// What browsers give links.
    pub(super) const LINK: Color = Color { rgb: [0.0, 0.0, 238.0 / 255.0], alpha: 1.0 };

    fn of((red, green, blue): (u8, u8, u8), alpha: f32) -> Color {
        Color { rgb: [red, green, blue].map(|part| f32::from(part) / 255.0), alpha }
    }

    /// The colour of an attribute of old: `#fff`, `fff`, `white`.
    pub(super) fn of_attribute(text: &str) -> Option<Color> {
        let text = text.trim();
        let named = parse_named_color(text).ok().map(|rgb| Color::of(rgb, 1.0));
        named.or_else(|| Color::of_hash(text.trim_start_matches('#')))
    }

    fn of_hash(digits: &str) -> Option<Color> {
        parse_hash_color(digits.as_bytes()).ok().map(|(r, g, b, alpha)| Color::of((r, g, b), alpha))
    }

    fn of_word(word: &str) -> Option<Color> {
        if word == "transparent" {
            return Some(Color::NONE);
        }
        parse_named_color(word).ok().map(|rgb| Color::of(rgb, 1.0))
    }

    /// `rgb(…)`, `rgba(…)`, `hsl(…)`, `hsla(…)`, old and new way of writing.
    fn of_call(name: &str, arguments: &[Part]) -> Option<Color> {
        let unit = |part: &Part, whole: f32| match part {
            Part::Number(value) => Some((value / whole).clamp(0.0, 1.0)),
            Part::Length(Length::Percent(share)) => Some(share.clamp(0.0, 1.0)),
            _ => None,
        };
        let values: Vec<&Part> = arguments.iter().filter(|part| **part != Part::Other).collect();
        let alpha = values.get(3).map_or(Some(1.0), |part| unit(part, 1.0))?;
        match (name, values.as_slice()) {
            ("rgb" | "rgba", [red, green, blue, ..]) => {
                Some(Color { rgb: [unit(red, 255.0)?, unit(green, 255.0)?, unit(blue, 255.0)?], alpha })
            }
            ("hsl" | "hsla", [Part::Number(hue), saturation, lightness, ..]) => {
                Some(Color { rgb: hsl(*hue, unit(saturation, 100.0)?, unit(lightness, 100.0)?), alpha })
            }
            _ => None,
        }
    }

    /// This colour on top of another.
    pub(super) fn over(self, below: Color) -> Color {
        let mix = |index: usize| self.rgb[index] * self.alpha + below.rgb[index] * (1.0 - self.alpha);
        Color { rgb: [mix(0), mix(1), mix(2)], alpha: self.alpha + below.alpha * (1.0 - self.alpha) }
    }

    /// The contrast of WCAG with another colour: 1 is none, 21 that of black and white.
    pub(super) fn contrast(self, other: Color) -> f32 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// How far apart two colours are at most in red, green or blue.
    pub(super) fn distance(self, other: Color) -> f32 {
        let parts = self.rgb.iter().zip(other.rgb);
        parts.map(|(one, two)| (one - two).abs()).fold(0.0, f32::max)
    }

    fn luminance(self) -> f32 {
        let linear = self
            .rgb
            .map(|part| if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }
}

fn hsl(hue: f32, saturation: f32, lightness: f32) -> [f32; 3] {
    let reach = saturation * lightness.min(1.0 - lightness);
    [0.0, 8.0, 4.0].map(|offset: f32| {
        let place = (offset + hue.rem_euclid(360.0) / 30.0) % 12.0;
        lightness - reach * (place - 3.0).min(9.0 - place).clamp(-1.0, 1.0)
    })
}

/// The parts of a value, commas and slashes left out; stops before `!important`.
pub(super) fn parts(input: &mut Parser<'_>) -> Vec<Part> {
    let mut parts = Vec::new();
    while parts.len() < PARTS {
        let before = input.state();
        let Ok(token) = input.next().cloned() else { break };
        parts.push(match token {
            Token::Delim('!') => {
                input.reset(&before);
                break;
            }
            Token::Comma | Token::Delim('/') => continue,
            Token::Ident(word) => {
                let word = word.to_ascii_lowercase();
                Color::of_word(&word).map_or(Part::Word(word), Part::Color)
            }
            Token::Number { value, .. } => Part::Number(value),
            Token::Percentage { unit_value, .. } => Part::Length(Length::Percent(unit_value)),
            Token::Dimension { value, unit, .. } => {
                angle(value, &unit).map_or_else(|| Part::Length(Length::of(value, &unit)), Part::Number)
            }
            Token::Hash(digits) | Token::IDHash(digits) => {
                Color::of_hash(&digits).map_or(Part::Other, Part::Color)
            }
            Token::UnquotedUrl(_) => Part::Call("url".to_owned(), Vec::new()),
            Token::Function(name) => {
                let name = name.to_ascii_lowercase();
                let inner: Result<_, cssparser::ParseError<()>> =
                    input.parse_nested_block(|input| Ok(self::parts(input)));
                let inner = inner.unwrap_or_default();
                Color::of_call(&name, &inner).map_or(Part::Call(name, inner), Part::Color)
            }
            _ => Part::Other,
        });
    }
    parts
}

/// Degrees of an angle.
fn angle(value: f32, unit: &str) -> Option<f32> {
    match unit.to_ascii_lowercase().as_str() {
        "deg" => Some(value),
        "turn" => Some(value * 360.0),
        "rad" => Some(value.to_degrees()),
        "grad" => Some(value * 0.9),
        _ => None,
    }
}

impl Part {
    /// As a length: a bare zero is one, and browsers read bare numbers as pixels in attributes only.
    pub(super) fn length(&self) -> Option<Length> {
        match self {
            Part::Length(length) => Some(*length),
            Part::Number(0.0) => Some(Length::Px(0.0)),
            Part::Word(_) | Part::Call(..) => Some(Length::Unknown),
            _ => None,
        }
    }

    /// As a share: a number or a percentage.
    pub(super) fn share(&self) -> Option<f32> {
        match self {
            Part::Number(value) => Some(*value),
            Part::Length(Length::Percent(share)) => Some(*share),
            _ => None,
        }
    }

    pub(super) fn is_word(&self, wanted: &str) -> bool {
        matches!(self, Part::Word(word) if word == wanted)
    }
}
