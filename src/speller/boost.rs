//! Learning a forest: each tree corrects what those before it got wrong (gradient boosting on the logistic loss,
//! second-order leaf values, numbers put into bins first).

use super::features::{FEATURES, Features};
use super::forest::{Forest, Node, answer};

/// Bins a number is put into.
const BINS: usize = 64;
/// Trees, and how much of its correction each is believed.
const TREES: usize = 240;
const RATE: f32 = 0.1;
/// Leaves of a tree.
const LEAVES: usize = 24;
/// Least weight (curvature of the loss) on either side of a question, and what pulls leaves towards nothing.
const LEAST: f64 = 4.0;
const RIDGE: f64 = 2.0;
/// Least gain that a question is asked for.
const WORTH: f64 = 1e-3;
/// Rows from which the borders of bins are taken.
const SAMPLE: usize = 50_000;

/// What is learned from: edits, whether each is right, and how much it counts.
#[derive(Debug, Default)]
pub(super) struct Lessons {
    pub(super) rows: Vec<Features>,
    pub(super) right: Vec<bool>,
    pub(super) weights: Vec<f32>,
}

/// Slope and curvature of the loss, summed.
#[derive(Debug, Clone, Copy, Default)]
struct Pull {
    slope: f64,
    bend: f64,
}

impl Pull {
    fn add(&mut self, other: Pull) {
        self.slope += other.slope;
        self.bend += other.bend;
    }

    fn less(self, other: Pull) -> Pull {
        Pull { slope: self.slope - other.slope, bend: self.bend - other.bend }
    }

    fn worth(self) -> f64 {
        self.slope * self.slope / (self.bend + RIDGE)
    }

    fn leaf(self) -> Node {
        Node { feature: 0, value: (self.slope / (self.bend + RIDGE)) as f32 * RATE, yes: 0 }
    }
}

/// The best question for a leaf.
#[derive(Debug, Clone, Copy)]
struct Question {
    gain: f64,
    feature: usize,
    bin: usize,
}

struct Leaf {
    node: usize,
    rows: Vec<u32>,
    bins: Bins,
    question: Option<Question>,
}

/// The pulls of some rows, by number and bin.
struct Bins(Vec<[Pull; BINS]>);

impl Bins {
    /// What is left without those of some of the rows.
    fn less(mut self, part: &Bins) -> Bins {
        for (all, part) in self.0.iter_mut().flatten().zip(part.0.iter().flatten()) {
            *all = all.less(*part);
        }
        self
    }
}

/// Rows in bins, and the borders between these.
struct Binned {
    rows: Vec<[u8; FEATURES]>,
    borders: Vec<Vec<f32>>,
}

/// Learns a forest.
pub(super) fn learn(lessons: &Lessons) -> Forest {
    let binned = Binned::new(&lessons.rows);
    let weigh = |right: bool| -> f32 {
        lessons
            .right
            .iter()
            .zip(&lessons.weights)
            .filter(|(is, _)| **is == right)
            .map(|(_, weight)| weight)
            .sum()
    };
    let bias = (weigh(true).max(1.0) / weigh(false).max(1.0)).ln();
    let mut forest = Forest { bias, trees: Vec::new() };
    let mut scores = vec![bias; lessons.rows.len()];
    for _ in 0..TREES {
        let pulls: Vec<Pull> = (0..scores.len())
            .map(|row| {
                let share = 1.0 / (1.0 + (-scores[row]).exp());
                let wanted = f32::from(u8::from(lessons.right[row]));
                let weight = lessons.weights[row];
                Pull {
                    slope: f64::from(weight * (wanted - share)),
                    bend: f64::from(weight * share * (1.0 - share)),
                }
            })
            .collect();
        let tree = binned.grow(&pulls);
        for (score, row) in scores.iter_mut().zip(&lessons.rows) {
            *score += answer(&tree, row);
        }
        forest.trees.push(tree);
    }
    forest
}

impl Binned {
    fn new(rows: &[Features]) -> Binned {
        let step = (rows.len() / SAMPLE).max(1);
        let borders: Vec<Vec<f32>> = (0..FEATURES)
            .map(|feature| borders(rows.iter().step_by(step).map(|row| row[feature]).collect()))
            .collect();
        let bin =
            |feature: usize, value: f32| borders[feature].partition_point(|&border| border < value) as u8;
        let rows = rows.iter().map(|row| std::array::from_fn(|feature| bin(feature, row[feature]))).collect();
        Binned { rows, borders }
    }

    /// One tree: the leaf with the most to gain is asked next.
    fn grow(&self, pulls: &[Pull]) -> Vec<Node> {
        let rows: Vec<u32> = (0..pulls.len() as u32).collect();
        let mut nodes = vec![total(pulls, &rows).leaf()];
        let bins = self.bins(pulls, &rows);
        let mut leaves = vec![self.leaf(0, rows, bins)];
        while leaves.len() < LEAVES {
            let gain = |leaf: &Leaf| leaf.question.map_or(0.0, |question| question.gain);
            let most = (0..leaves.len()).max_by(|&a, &b| gain(&leaves[a]).total_cmp(&gain(&leaves[b])));
            let Some(leaf) = most.map(|most| leaves.swap_remove(most)) else { break };
            let Some(Question { feature, bin, .. }) = leaf.question else { break };
            let (yes, no): (Vec<u32>, Vec<u32>) =
                leaf.rows.iter().partition(|&&row| usize::from(self.rows[row as usize][feature]) <= bin);
            let first = nodes.len();
            nodes[leaf.node] =
                Node { feature: feature as u8, value: self.borders[feature][bin], yes: first as u16 };
            nodes.extend([&yes, &no].map(|rows| total(pulls, rows).leaf()));
            // Only the fewer rows are put into bins again; the others are what is left.
            let is_yes = yes.len() < no.len();
            let fewer = self.bins(pulls, if is_yes { &yes } else { &no });
            let more = leaf.bins.less(&fewer);
            let bins = if is_yes { [fewer, more] } else { [more, fewer] };
            let parts = (first..).zip([yes, no]).zip(bins);
            leaves.extend(parts.map(|((node, rows), bins)| self.leaf(node, rows, bins)));
        }
        nodes
    }

    /// A leaf, with the best question for it.
    fn leaf(&self, node: usize, rows: Vec<u32>, bins: Bins) -> Leaf {
        let questions = (0..).zip(&bins.0).filter_map(|(feature, bins)| self.split(feature, bins));
        let question = questions.max_by(|a, b| a.gain.total_cmp(&b.gain));
        Leaf { node, rows, bins, question }
    }

    /// Some rows, put into bins.
    fn bins(&self, pulls: &[Pull], rows: &[u32]) -> Bins {
        let count = |features: std::ops::Range<usize>| {
            let mut bins = vec![[Pull::default(); BINS]; features.len()];
            for &row in rows {
                let binned = &self.rows[row as usize][features.clone()];
                for (bins, &bin) in bins.iter_mut().zip(binned) {
                    bins[usize::from(bin)].add(pulls[row as usize]);
                }
            }
            bins
        };
        let half = FEATURES / 2;
        let (mut one, other) = std::thread::scope(|scope| {
            let other = scope.spawn(|| count(half..FEATURES));
            (count(0..half), other.join().expect("counting does not panic"))
        });
        one.extend(other);
        Bins(one)
    }

    /// The best border of one number.
    fn split(&self, feature: usize, bins: &[Pull; BINS]) -> Option<Question> {
        let mut all = Pull::default();
        bins.iter().for_each(|&bin| all.add(bin));
        let mut yes = Pull::default();
        let mut best: Option<Question> = None;
        for (bin, &pull) in bins.iter().enumerate().take(self.borders[feature].len()) {
            yes.add(pull);
            let no = all.less(yes);
            let gain = yes.worth() + no.worth() - all.worth();
            let enough = yes.bend >= LEAST && no.bend >= LEAST;
            if enough && gain > best.map_or(WORTH, |best| best.gain) {
                best = Some(Question { gain, feature, bin });
            }
        }
        best
    }
}

/// Where the bins of some values end, so that each holds about as many. A value that is frequent has a bin to itself, or
/// the zeros of most numbers would leave but a few bins for everything else.
fn borders(mut values: Vec<f32>) -> Vec<f32> {
    values.sort_by(f32::total_cmp);
    let mut alike = values.chunk_by(|a, b| a == b).peekable();
    let (mut borders, mut left, mut filled) = (Vec::new(), values.len(), 0);
    while let (Some(these), Some(next)) = (alike.next(), alike.peek()) {
        filled += these.len();
        let share = left / (BINS - borders.len());
        if borders.len() + 1 < BINS && filled.max(next.len()) >= share {
            borders.push(these[0].midpoint(next[0]));
            left -= filled;
            filled = 0;
        }
    }
    borders
}

fn total(pulls: &[Pull], rows: &[u32]) -> Pull {
    let mut total = Pull::default();
    rows.iter().for_each(|&row| total.add(pulls[row as usize]));
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frequent_value_leaves_the_others_their_bins() {
        let mut values = vec![0.0; 9_000];
        values.extend((1..=1_000).map(|value| value as f32));
        let ends = borders(values);
        assert_eq!((ends.len(), ends[0]), (BINS - 1, 0.5));
        assert!(ends.windows(2).all(|ends| ends[1] - ends[0] < 20.0), "{ends:?}");
        assert_eq!(borders(vec![3.0, 1.0, 1.0, 2.0]), [1.5, 2.5]);
        assert!(borders(vec![7.0; 50]).is_empty());
    }

    #[test]
    fn a_rule_of_two_numbers_is_learned() {
        let mut lessons = Lessons::default();
        for one in 0..60 {
            for other in 0..60 {
                let mut row = [0.0; FEATURES];
                (row[7], row[31]) = (one as f32, other as f32);
                lessons.rows.push(row);
                lessons.right.push(one > 20 && other < 40);
                lessons.weights.push(1.0);
            }
        }
        let forest = learn(&lessons);
        let odds = forest.ask(&lessons.rows);
        assert_eq!(
            odds.iter().zip(&lessons.right).filter(|(odds, right)| (**odds > 0.0) != **right).count(),
            0
        );
    }
}
