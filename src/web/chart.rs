//! Curves over time as SVG, drawn on the server. What a curve shows stands beside it in words as well.

use std::fmt::Write as _;

use jiff::Timestamp;

/// Size of the drawing, in its own units.
const WIDTH: f64 = 600.0;
const HEIGHT: f64 = 120.0;
/// Room for the stroke.
const MARGIN: f64 = 4.0;

/// Points of a curve at most: more than pixels help nobody.
const POINTS: usize = 600;

/// A curve. Markup that is safe to put into a page: it has nothing but numbers in it.
pub(super) struct Curve {
    /// The points of the line, as SVG has them.
    pub(super) points: String,
    /// The greatest value of the scale.
    pub(super) most: f64,
}

impl Curve {
    /// Draws values over time, on a scale from 0 to at least `most`; nothing where there are fewer than two.
    pub(super) fn new(values: &[(Timestamp, f64)], most: f64) -> Option<Curve> {
        let (first, last) = (values.first()?.0, values.last()?.0);
        let length = (last.as_second() - first.as_second()) as f64;
        if values.len() < 2 || length <= 0.0 {
            return None;
        }
        let most = values.iter().map(|(_, value)| *value).fold(most.max(1.0), f64::max);
        let step = values.len().div_ceil(POINTS);
        let mut points = String::new();
        for (at, value) in values.iter().step_by(step).chain(values.last()) {
            let x = MARGIN + (at.as_second() - first.as_second()) as f64 / length * (WIDTH - 2.0 * MARGIN);
            let y = HEIGHT - MARGIN - value.max(0.0) / most * (HEIGHT - 2.0 * MARGIN);
            write!(points, "{x:.1},{y:.1} ").expect("writing to a string cannot fail");
        }
        Some(Curve { points, most })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_stays_within_its_frame() {
        let at = |second: i64| Timestamp::from_second(second).unwrap();
        let values: Vec<_> = (0..5_000).map(|second| (at(second), (second % 130) as f64)).collect();
        let curve = Curve::new(&values, 100.0).unwrap();
        assert_eq!(curve.most, 129.0);
        let points: Vec<(f64, f64)> = curve
            .points
            .split_whitespace()
            .map(|point| point.split_once(',').unwrap())
            .map(|(x, y)| (x.parse().unwrap(), y.parse().unwrap()))
            .collect();
        assert!(points.len() <= POINTS + 1);
        assert!(points.iter().all(|(x, y)| (0.0..=WIDTH).contains(x) && (0.0..=HEIGHT).contains(y)));
        assert!(Curve::new(&values[..1], 100.0).is_none());
        assert!(Curve::new(&[(at(1), 5.0), (at(1), 6.0)], 100.0).is_none(), "no time has passed");
    }
}
