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
    question: Option<Question>,
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
            .map(|feature| {
                let mut values: Vec<f32> = rows.iter().step_by(step).map(|row| row[feature]).collect();
                values.sort_by(f32::total_cmp);
                let last = values.len().saturating_sub(1);
                let mut borders: Vec<f32> =
                    (1..BINS).filter_map(|bin| values.get(bin * last / BINS)).copied().collect();
                borders.dedup();
                borders
            })
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
        let question = self.best(pulls, &rows);
        let mut leaves = vec![Leaf { node: 0, rows, question }];
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
            for (offset, rows) in [yes, no].into_iter().enumerate() {
                nodes.push(total(pulls, &rows).leaf());
                let question = self.best(pulls, &rows);
                leaves.push(Leaf { node: first + offset, rows, question });
            }
        }
        nodes
    }

    /// The best question for some rows.
    fn best(&self, pulls: &[Pull], rows: &[u32]) -> Option<Question> {
        let search = |features: std::ops::Range<usize>| {
            let mut bins = vec![[Pull::default(); BINS]; features.len()];
            for &row in rows {
                let binned = &self.rows[row as usize][features.clone()];
                for (bins, &bin) in bins.iter_mut().zip(binned) {
                    bins[usize::from(bin)].add(pulls[row as usize]);
                }
            }
            let questions = features.zip(&bins).filter_map(|(feature, bins)| self.split(feature, bins));
            questions.max_by(|a, b| a.gain.total_cmp(&b.gain))
        };
        let half = FEATURES / 2;
        let (one, other) = std::thread::scope(|scope| {
            let other = scope.spawn(|| search(half..FEATURES));
            (search(0..half), other.join().expect("counting does not panic"))
        });
        [one, other].into_iter().flatten().max_by(|a, b| a.gain.total_cmp(&b.gain))
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

fn total(pulls: &[Pull], rows: &[u32]) -> Pull {
    let mut total = Pull::default();
    rows.iter().for_each(|&row| total.add(pulls[row as usize]));
    total
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let wrong = lessons.rows.iter().zip(&lessons.right);
        assert_eq!(wrong.filter(|(row, right)| (forest.ask(row) > 0.0) != **right).count(), 0);
    }
}
