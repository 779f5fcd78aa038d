//! A block of people through all tests (묶음 판정): each distinct test once, then the clauses.
//!
//! Owns: the order of things and the three values of a lane. Does not own: what is tested (`lower`,
//! `bind`) and the loops (`loops`). What a newcomer gets wrong: three values everywhere. Where
//! everybody of a block is known one lane says it all, and nothing is spent on the other two.

use super::bind::{Bound, Way};
use super::loops::{self, ALL, NONE, changed, zipped};
use super::lower::{Lit, Node, Origin, Plan};
use super::masks::{CLAUSES, Masks};
use super::people::{BLOCK, Column, Lane, People};
use crate::eval::{self, Person};
use crate::value::Truth;

/// Blocks whose masks are gathered before they go to their planes. There is a plane for each program;
/// a few lines here and a few there would wait for memory each time. What is gathered and the lanes of
/// a block fit into the second-level cache together.
const GATHERED: usize = 8;

/// What the nodes come to in a block.
struct Lanes {
    /// Who meets it. Where nobody is unknown this lane is all there is.
    met: Vec<Lane>,
    not: Vec<Lane>,
    unknown: Vec<Lane>,
    /// Whether the first lane says who does not. Only where nobody is unknown.
    flipped: Vec<bool>,
    /// Whether somebody is unknown.
    open: Vec<bool>,
    /// Whether any node is open.
    any_open: bool,
}

/// Up to eight clauses of a program.
struct Plane {
    clauses: Vec<Lit>,
}

impl Plan<'_> {
    /// Judges everybody. `masks` is filled anew; handing in the last one saves asking for memory.
    pub fn screen(&self, people: &People, masks: &mut Masks) {
        let bound = self.bind(people);
        let open = self.nodes.iter().zip(&bound).any(|(node, bound)| may_be_open(node, bound.as_ref()));
        masks.prepare(&self.sets, people.rows(), open);
        let mut lanes = Lanes::of(self.nodes.len(), open);
        let planes = self.planes();
        let gathered = vec![[[0; BLOCK]; GATHERED]; planes.len()];
        let mut unknown = if open { gathered.clone() } else { Vec::new() };
        let mut broken = gathered;
        for first in (0..people.blocks()).step_by(GATHERED) {
            let last = people.blocks().min(first + GATHERED);
            for block in first..last {
                lanes.any_open = false;
                for (at, (node, bound)) in self.nodes.iter().zip(&bound).enumerate() {
                    self.node(at, node, bound.as_ref(), people, block, &mut lanes);
                }
                let place = block - first;
                for (plane, broken) in planes.iter().zip(&mut broken) {
                    plane.broken(&lanes, &mut broken[place]);
                }
                for (plane, unknown) in planes.iter().zip(&mut unknown) {
                    plane.unknown(&lanes, &mut unknown[place]);
                }
            }
            masks.store(first * BLOCK, people.rows().min(last * BLOCK), &broken, &unknown);
        }
    }

    fn planes(&self) -> Vec<Plane> {
        let of_program = |clauses: &Vec<Lit>| {
            // A program without clauses has one plane, in which nothing is broken.
            let count = clauses.len().div_ceil(CLAUSES).max(1);
            let part = |at: usize| clauses.iter().skip(at * CLAUSES).take(CLAUSES).copied().collect();
            (0..count).map(part).map(|clauses| Plane { clauses }).collect::<Vec<_>>()
        };
        self.programs.iter().flat_map(of_program).collect()
    }

    fn node(
        &self,
        at: usize,
        node: &Node<'_>,
        bound: Option<&Bound<'_>>,
        people: &People,
        block: usize,
        lanes: &mut Lanes,
    ) {
        let (origin, bound) = match (node, bound) {
            (Node::Test(_, origin), Some(bound)) => (origin, bound),
            (Node::All(parts), _) => return lanes.join(at, parts),
            (Node::Unknown, _) => return lanes.open(at, &NONE),
            _ => {
                lanes.met[at] = Lane([ALL; BLOCK]);
                return;
            }
        };
        let met = &mut lanes.met[at];
        let (mut sure, mut flipped) = (None, false);
        match &bound.way {
            Way::Same(truth) => {
                *met = if *truth == Truth::Met { Lane([ALL; BLOCK]) } else { NONE };
                sure = (*truth == Truth::Unknown).then_some(NONE);
            }
            Way::Bytes(ranges) => {
                loops::in_ranges(ranges, block, met, |it, range| it.wrapping_sub(range.0) <= range.1);
                flipped = ranges.inverted;
            }
            Way::Shorts(ranges) => {
                loops::in_ranges(ranges, block, met, |it, range| it.wrapping_sub(range.0) <= range.1);
                flipped = ranges.inverted;
            }
            Way::Words(ranges) => {
                let within = |it: i32, range: (i32, i32)| range.0 <= it && it - range.0 <= range.1;
                loops::in_ranges(ranges, block, met, within);
                flipped = ranges.inverted;
            }
            Way::Longs(ranges) => {
                loops::in_longs(ranges, block, met);
                flipped = ranges.inverted;
            }
            Way::BitsOfBytes { cells, mask, none } => {
                loops::no_bits(cells, *mask, block, met);
                flipped = !none;
            }
            Way::Bits(column, mask) => loops::bits_any(column, *mask, block, met),
            Way::Pair(how, left, right) => loops::pair(*how, left, right, block, met),
            Way::Against(column, keys, bounds) => {
                let all = sure.insert(NONE);
                loops::against(column, keys, bounds, block, met, all);
                sure = sure.filter(|_| bounds.contains(&None));
            }
            Way::LookUp(column, truths) => {
                let all = sure.insert(NONE);
                loops::looked_up(column, truths, block, met, all);
                sure = sure.filter(|_| truths.contains(&Truth::Unknown));
            }
            Way::Rows => self.rows(origin, people, block, met, sure.insert(NONE)),
        }
        if sure.is_none() && bound.whole {
            lanes.open[at] = false;
            lanes.flipped[at] = flipped;
        } else {
            lanes.cut(at, flipped, sure, &bound.needs, block);
        }
    }

    /// What `eval` says, person by person.
    fn rows(&self, origin: &Origin<'_>, people: &People, block: usize, met: &mut Lane, sure: &mut Lane) {
        let Some(rules) = self.sets.get(origin.set) else { return };
        let facts = origin.term.facts();
        let mut person = Person { facts: vec![None; rules.facts.len()], as_of: self.as_of };
        let from = block * BLOCK;
        for (row, (met, sure)) in (from..people.rows()).zip(met.0.iter_mut().zip(&mut sure.0)) {
            for fact in &facts {
                let slot = self.facts.of_set(origin.set).get(*fact).copied().unwrap_or(usize::MAX);
                let column = people.column(slot).zip(self.facts.kind(slot));
                if let Some(cell) = person.facts.get_mut(*fact) {
                    *cell = column.and_then(|(column, kind)| column.value(kind, row));
                }
            }
            let (truth, _) = eval::truth(rules, &person, origin.term);
            *met = if (truth == Truth::Met) != origin.negated { ALL } else { 0 };
            *sure = if truth == Truth::Unknown { 0 } else { ALL };
        }
    }
}

fn may_be_open(node: &Node<'_>, bound: Option<&Bound<'_>>) -> bool {
    let by_way = |way: &Way<'_>| match way {
        Way::Same(truth) => *truth == Truth::Unknown,
        Way::Against(_, _, bounds) => bounds.contains(&None),
        Way::LookUp(_, truths) => truths.contains(&Truth::Unknown),
        Way::Rows => true,
        _ => false,
    };
    match (node, bound) {
        (_, Some(bound)) => by_way(&bound.way) || !bound.whole,
        (Node::Unknown, None) => true,
        _ => false,
    }
}

impl Lanes {
    fn of(count: usize, open: bool) -> Self {
        let spare = vec![NONE; if open { count } else { 0 }];
        Self {
            met: vec![NONE; count],
            not: spare.clone(),
            unknown: spare,
            open: vec![false; count],
            flipped: vec![false; count],
            any_open: false,
        }
    }

    /// The lane of who meets it has been written; cut it down to those who are known.
    fn cut(&mut self, at: usize, flipped: bool, sure: Option<Lane>, needs: &[&Column], block: usize) {
        let mut known = sure;
        for lane in needs.iter().filter_map(|column| column.known(block)) {
            match &mut known {
                None => known = Some(Lane(*lane)),
                Some(known) => changed(known, lane, |one, other| one & other),
            }
        }
        match known {
            None => {
                self.open[at] = false;
                self.flipped[at] = flipped;
            }
            Some(known) => {
                if flipped {
                    changed(&mut self.met[at], &[ALL; BLOCK], |met, all| met ^ all);
                }
                self.open(at, &known);
            }
        }
    }

    /// The lane of who meets it has been written; these are known.
    fn open(&mut self, at: usize, known: &Lane) {
        let (met, not) = (&mut self.met[at], &mut self.not[at]);
        zipped(met, &known.0, not, |met, known| !met & known);
        changed(met, &known.0, |met, known| met & known);
        self.opened(at);
    }

    /// The lanes of who meets it and who does not have been written.
    fn opened(&mut self, at: usize) {
        zipped(&self.met[at], &self.not[at].0, &mut self.unknown[at], |met, not| !(met | not));
        self.open[at] = true;
        self.flipped[at] = false;
        self.any_open = true;
    }

    /// All of them must hold. Parts stand before what is made of them.
    fn join(&mut self, at: usize, parts: &[Lit]) {
        let (met, rest) = self.met.split_at_mut(at);
        let Some(out) = rest.first_mut() else { return };
        if !self.any_open || !parts.iter().any(|lit| self.open[lit.node]) {
            let part = |lit: &Lit| (&met[lit.node], if lit.negated != self.flipped[lit.node] { ALL } else { 0 });
            // Where all of them are flipped, any of them is the opposite of what is wanted.
            let opposite = parts.iter().all(|lit| lit.negated != self.flipped[lit.node]);
            match (parts, opposite) {
                ([a, b], true) => loops::any_of([part(a).0, part(b).0], out),
                ([a, b, c], true) => loops::any_of([part(a).0, part(b).0, part(c).0], out),
                ([a, b], false) => loops::all_of([part(a), part(b)], out),
                ([a, b, c], false) => loops::all_of([part(a), part(b), part(c)], out),
                (more, _) => {
                    *out = Lane([ALL; BLOCK]);
                    for (lane, flip) in more.iter().map(part) {
                        changed(out, &lane.0, |all, one| all & (one ^ flip));
                    }
                }
            }
            self.flipped[at] = opposite && parts.len() <= 3;
            self.open[at] = false;
            return;
        }
        let (not, others) = self.not.split_at_mut(at);
        let Some(out_not) = others.first_mut() else { return };
        *out = Lane([ALL; BLOCK]);
        *out_not = NONE;
        for lit in parts {
            let (holds, fails) = (&met[lit.node].0, &not[lit.node].0);
            match (self.open[lit.node], lit.negated) {
                (true, false) => {
                    changed(out, holds, |all, one| all & one);
                    changed(out_not, fails, |any, one| any | one);
                }
                (true, true) => {
                    changed(out, fails, |all, one| all & one);
                    changed(out_not, holds, |any, one| any | one);
                }
                (false, negated) => {
                    let flip = if negated != self.flipped[lit.node] { ALL } else { 0 };
                    changed(out, holds, |all, one| all & (one ^ flip));
                    changed(out_not, holds, |any, one| any | !(one ^ flip));
                }
            }
        }
        self.opened(at);
    }
}

impl Plane {
    fn broken(&self, lanes: &Lanes, out: &mut [u8; BLOCK]) {
        let mut each = [&NONE; CLAUSES];
        let mut flip = 0;
        for (at, (lit, lane)) in self.clauses.iter().zip(&mut each).enumerate() {
            // Where somebody is unknown, not to meet it is not yet to break it.
            let open = lanes.any_open && lanes.open[lit.node] && !lit.negated;
            *lane = if open { &lanes.not[lit.node] } else { &lanes.met[lit.node] };
            let kept = !open && lit.negated == lanes.flipped[lit.node];
            flip |= u8::from(kept) << at;
        }
        loops::spread(&each, self.clauses.len(), flip, out);
    }

    fn unknown(&self, lanes: &Lanes, out: &mut [u8; BLOCK]) {
        if !self.clauses.iter().any(|lit| lanes.open[lit.node]) {
            out.fill(0);
            return;
        }
        let mut each = [&NONE; CLAUSES];
        for (lit, lane) in self.clauses.iter().zip(&mut each).filter(|(lit, _)| lanes.open[lit.node]) {
            *lane = &lanes.unknown[lit.node];
        }
        loops::spread(&each, self.clauses.len(), 0, out);
    }
}
