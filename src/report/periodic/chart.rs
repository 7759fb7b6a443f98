//! Small charts: bars, lines and stacks, placed here and drawn by a template as SVG.
//!
//! A chart never stands alone: [`Chart::table`] gives the same figures for those who cannot see it, and for documents
//! that cannot hold it.

use super::document::{Column, Table, number, text};
use crate::report::figures;

/// Units of the drawing: as wide as a column of text, a third as high.
pub(super) const WIDTH: f64 = 640.0;
/// See [`WIDTH`].
pub(super) const HEIGHT: f64 = 216.0;
/// Room for the numbers of the scale.
const LEFT: f64 = 52.0;
const RIGHT: f64 = 8.0;
const TOP: f64 = 10.0;
/// Room for the labels below.
const BOTTOM: f64 = 26.0;
/// Labels that stand below it side by side.
const LABELS: usize = 8;
/// Lines of the scale above zero.
const STEPS: u32 = 4;

/// How a chart shows its figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Bars side by side.
    Bars,
    /// Bars on top of each other.
    Stacked,
    /// Lines.
    Lines,
}

/// Figures, to be drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// What it shows, with the unit.
    pub caption: String,
    /// How.
    pub shape: Shape,
    /// What stands along it: days, months, groups.
    pub labels: Vec<String>,
    /// The rows of figures.
    pub series: Vec<Series>,
}

/// A row of figures.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// What they are.
    pub name: &'static str,
    /// One for each label; `None`: not known, which is no zero.
    pub values: Vec<Option<f64>>,
}

/// A chart in its place: what the template draws.
pub(super) struct Plot {
    /// Lines of the scale: height and number.
    pub(super) scale: Vec<(String, String)>,
    /// Labels below: place and text.
    pub(super) labels: Vec<(String, String)>,
    /// Bars.
    pub(super) bars: Vec<Bar>,
    /// Lines: number of the row and points. One that is interrupted is several.
    pub(super) lines: Vec<(usize, String)>,
    /// Ends and single points of lines: number of the row, and place.
    pub(super) dots: Vec<(usize, String, String)>,
}

/// A bar in its place.
pub(super) struct Bar {
    /// Number of its row of figures.
    pub(super) row: usize,
    pub(super) left: String,
    pub(super) top: String,
    pub(super) width: String,
    pub(super) height: String,
}

impl Chart {
    /// Whether there is anything to draw.
    pub(super) fn has_figures(&self) -> bool {
        self.series.iter().any(|series| series.values.iter().any(Option::is_some))
    }

    /// The same figures as a table.
    pub(super) fn table(&self) -> Table {
        let mut columns: Vec<Column> = vec![text("", 3)];
        columns.extend(self.series.iter().map(|series| number(series.name)));
        let rows = self.labels.iter().enumerate().map(|(at, label)| {
            let figure = |series: &Series| series.values.get(at).copied().flatten();
            let told = |value: Option<f64>| value.map_or_else(|| "—".to_owned(), figures::points);
            let figures = self.series.iter().map(|series| told(figure(series)));
            std::iter::once(label.clone()).chain(figures).collect()
        });
        Table::of(&self.caption, columns, rows)
    }

    /// Puts everything in its place.
    pub(super) fn plot(&self) -> Plot {
        let step = step(self.highest());
        let top = step * f64::from(STEPS);
        let height = |value: f64| TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - value / top);
        let room = (WIDTH - LEFT - RIGHT) / self.labels.len().max(1) as f64;
        let left = |at: usize| LEFT + room * at as f64;
        let scale = (0..=STEPS).map(|line| {
            let value = step * f64::from(line);
            (unit(height(value)), figures::points(value))
        });
        let every = self.labels.len().div_ceil(LABELS).max(1);
        let labels = self.labels.iter().enumerate().step_by(every);
        let mut plot = Plot {
            scale: scale.collect(),
            labels: labels.map(|(at, label)| (unit(left(at) + room / 2.0), label.clone())).collect(),
            bars: Vec::new(),
            lines: Vec::new(),
            dots: Vec::new(),
        };
        match self.shape {
            Shape::Bars | Shape::Stacked => self.bars(&mut plot, room, left, height),
            Shape::Lines => self.lines(&mut plot, room, left, height),
        }
        plot
    }

    fn bars(&self, plot: &mut Plot, room: f64, left: impl Fn(usize) -> f64, height: impl Fn(f64) -> f64) {
        let beside = if self.shape == Shape::Bars { self.series.len().max(1) } else { 1 };
        let width = (room * 0.76 / beside as f64).min(48.0);
        let margin = (room - width * beside as f64) / 2.0;
        for at in 0..self.labels.len() {
            let mut below = 0.0;
            for (row, series) in self.series.iter().enumerate() {
                let value = series.values.get(at).copied().flatten();
                let Some(value) = value.filter(|value| *value > 0.0) else { continue };
                let shift = if self.shape == Shape::Bars { width * row as f64 } else { 0.0 };
                let (from, to) = (height(below), height(below + value));
                plot.bars.push(Bar {
                    row,
                    left: unit(left(at) + margin + shift),
                    top: unit(to),
                    width: unit(width),
                    height: unit(from - to),
                });
                if self.shape == Shape::Stacked {
                    below += value;
                }
            }
        }
    }

    fn lines(&self, plot: &mut Plot, room: f64, left: impl Fn(usize) -> f64, height: impl Fn(f64) -> f64) {
        for (row, series) in self.series.iter().enumerate() {
            let values: Vec<(usize, Option<f64>)> = series.values.iter().copied().enumerate().collect();
            for run in values.split(|(_, value)| value.is_none()) {
                let points: Vec<(String, String)> = run
                    .iter()
                    .filter_map(|(at, value)| Some((unit(left(*at) + room / 2.0), unit(height((*value)?)))))
                    .collect();
                plot.dots.extend(points.iter().map(|(x, y)| (row, x.clone(), y.clone())));
                if points.len() > 1 {
                    let points: Vec<String> = points.iter().map(|(x, y)| format!("{x},{y}")).collect();
                    plot.lines.push((row, points.join(" ")));
                }
            }
        }
    }

    /// The highest figure that is drawn.
    fn highest(&self) -> f64 {
        let figures_at =
            |at: usize| self.series.iter().filter_map(move |series| series.values.get(at).copied().flatten());
        let of_label = |at: usize| match self.shape {
            Shape::Stacked => figures_at(at).sum(),
            Shape::Bars | Shape::Lines => figures_at(at).fold(0.0, f64::max),
        };
        (0..self.labels.len()).map(of_label).fold(0.0, f64::max)
    }
}

/// The distance of the lines of a scale: the least of 1, 2, 2.5, 5 and their tens that takes the highest figure in.
fn step(highest: f64) -> f64 {
    let least = if highest > 0.0 && highest.is_finite() { highest / f64::from(STEPS) } else { 1.0 };
    let ten = 10_f64.powf(least.log10().floor());
    let steps = [1.0, 2.0, 2.5, 5.0, 10.0];
    // Rounding may leave the highest figure a hair above the last one.
    steps.into_iter().map(|step| step * ten).find(|step| *step >= least * (1.0 - 1e-9)).unwrap_or(least)
}

/// A length of the drawing, to a tenth.
fn unit(length: f64) -> String {
    format!("{length:.1}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(shape: Shape, series: &[&[Option<f64>]]) -> Chart {
        let names = ["新增", "修复"];
        let of = |(name, values): (&'static str, &&[Option<f64>])| Series { name, values: values.to_vec() };
        let labels = (1..=series[0].len()).map(|day| format!("{day} 日")).collect();
        Chart {
            caption: "问题（个）".to_owned(),
            shape,
            labels,
            series: names.into_iter().zip(series).map(of).collect(),
        }
    }

    #[test]
    fn the_scale_takes_everything_in() {
        let check = |highest: f64, expected: f64| assert_eq!(step(highest), expected, "{highest}");
        check(0.0, 1.0);
        check(4.0, 1.0);
        check(7.0, 2.0);
        check(10.0, 2.5);
        check(100.0, 25.0);
        check(101.0, 50.0);
        check(0.3, 0.1);
        check(f64::INFINITY, 1.0);
    }

    #[test]
    fn bars_stand_on_each_other_or_side_by_side() {
        let figures: [&[Option<f64>]; 2] = [&[Some(2.0)], &[Some(2.0)]];
        let [below, above] = &chart(Shape::Stacked, &figures).plot().bars[..] else { panic!("two bars") };
        // Two and two fill the scale of four.
        assert_eq!((above.top.as_str(), &above.left), ("10.0", &below.left));
        let [first, second] = &chart(Shape::Bars, &figures).plot().bars[..] else { panic!("two bars") };
        assert_eq!(first.top, second.top);
        assert_ne!(first.left, second.left);
    }

    #[test]
    fn what_is_not_known_interrupts_a_line() {
        let chart = chart(Shape::Lines, &[&[Some(1.0), Some(2.0), None, Some(3.0)]]);
        let plot = chart.plot();
        assert_eq!((plot.lines.len(), plot.dots.len()), (1, 3));
        let cells: Vec<String> = chart.table().rows.into_iter().map(|mut row| row.remove(1)).collect();
        assert_eq!(cells, ["1", "2", "—", "3"]);
    }

    #[test]
    fn an_empty_chart_is_drawn_without_harm() {
        let empty =
            Chart { caption: String::new(), shape: Shape::Bars, labels: Vec::new(), series: Vec::new() };
        assert!(!empty.has_figures() && empty.plot().bars.is_empty());
    }
}
