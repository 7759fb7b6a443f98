//! Boosted trees: a score from numbers, small and quick to ask.

use super::features::{FEATURES, Features};

/// A place in a tree: a question, or an answer where it leads nowhere.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Node {
    /// Which number is asked about.
    pub(super) feature: u8,
    /// Whether it is at most this; of a leaf, its answer.
    pub(super) value: f32,
    /// The node for "yes"; "no" is the one after it. 0: this is a leaf.
    pub(super) yes: u16,
}

/// Trees whose answers add up to log odds.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Forest {
    pub(super) bias: f32,
    pub(super) trees: Vec<Vec<Node>>,
}

const NODE: usize = 7;

impl Forest {
    /// The log odds that each of some edits is right. Every tree is asked about all of them before the next one is.
    pub(super) fn ask(&self, edits: &[Features]) -> Vec<f32> {
        let mut odds = vec![self.bias; edits.len()];
        for tree in &self.trees {
            odds.iter_mut().zip(edits).for_each(|(odds, features)| *odds += answer(tree, features));
        }
        odds
    }

    /// As bytes.
    pub(super) fn write(&self) -> Vec<u8> {
        let mut out = self.bias.to_le_bytes().to_vec();
        for tree in &self.trees {
            out.extend((tree.len() as u16).to_le_bytes());
            for node in tree {
                out.push(node.feature);
                out.extend(node.value.to_le_bytes());
                out.extend(node.yes.to_le_bytes());
            }
        }
        out
    }

    /// From bytes; `None` where a question leads out of its tree, or back.
    pub(super) fn read(bytes: &[u8]) -> Option<Forest> {
        let (bias, mut rest) = bytes.split_first_chunk()?;
        let mut trees = Vec::new();
        while !rest.is_empty() {
            let (size, nodes) = rest.split_first_chunk()?;
            let size = usize::from(u16::from_le_bytes(*size));
            let (nodes, left) = nodes.split_at_checked(size * NODE)?;
            let tree: Vec<Node> = nodes.as_chunks::<NODE>().0.iter().map(node).collect();
            let leads_on = |(at, node): (usize, &Node)| {
                let yes = usize::from(node.yes);
                usize::from(node.feature) < FEATURES && (yes == 0 || yes > at && yes + 1 < size)
            };
            if tree.is_empty() || !tree.iter().enumerate().all(leads_on) {
                return None;
            }
            trees.push(tree);
            rest = left;
        }
        Some(Forest { bias: f32::from_le_bytes(*bias), trees })
    }
}

fn node(bytes: &[u8; NODE]) -> Node {
    let [feature, a, b, c, d, low, high] = *bytes;
    Node { feature, value: f32::from_le_bytes([a, b, c, d]), yes: u16::from_le_bytes([low, high]) }
}

/// What a tree says.
pub(super) fn answer(tree: &[Node], features: &Features) -> f32 {
    let mut node = &tree[0];
    while node.yes != 0 {
        let no = features[usize::from(node.feature)] > node.value;
        node = &tree[usize::from(node.yes) + usize::from(no)];
    }
    node.value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_nothing_else() {
        let leaf = |value| Node { feature: 0, value, yes: 0 };
        let tree = vec![Node { feature: 3, value: 0.5, yes: 1 }, leaf(-1.0), leaf(2.0)];
        let forest = Forest { bias: 0.25, trees: vec![tree] };
        let bytes = forest.write();
        assert_eq!(Forest::read(&bytes), Some(forest.clone()));
        let mut features = [[0.0; FEATURES]; 2];
        features[1][3] = 1.0;
        assert_eq!(forest.ask(&features), [-0.75, 2.25]);
        assert_eq!(Forest::read(&bytes[..bytes.len() - 1]), None);
        let circle = Forest { bias: 0.0, trees: vec![vec![Node { feature: 0, value: 0.0, yes: 7 }]] };
        assert_eq!(Forest::read(&circle.write()), None);
    }
}
