// Counting and roll-up (section 3 of the page).
//
// Amounts stay far inside what a number of this language holds exactly: a bundle has at most 512 MiB, so fewer than
// four million counting leaves of at most 10^9 each. An `overflow` can therefore not happen here.

const PARTS = ["records", "sums", "press"];
const nothing = () => ({ records: 0, sums: 0, press: 0 });
const TOTAL_FIELD = "합계";

/** The key of a total. None of its parts holds a tab. */
const slotKey = (year, node, unit, field) => [year, node, unit, field].join("\t");

/**
 * Walks the leaves in the order of the log. `report(code, index, leaf, more)` is told of each broken rule; a leaf that
 * breaks one adds nothing and nothing can be a correction of it.
 */
class Count {
  constructor(report) {
    this.report = report;
    this.ids = new Set();
    this.commitments = new Set();
    this.answerable = new Map();
    this.totals = new Map();
  }

  add(index, leaf) {
    let sound = true;
    const broken = (code, more) => {
      sound = false;
      this.report(code, index, leaf, more);
    };
    if (this.ids.has(leaf.id)) broken("duplicate-id");
    this.ids.add(leaf.id);
    if (leaf.kind === "job") {
      if (this.commitments.has(leaf.commit)) broken("duplicate-commitment");
      this.commitments.add(leaf.commit);
    }
    if (!["count", "job", "correction"].includes(leaf.kind)) return;
    const slot = { year: Math.floor(leaf.from / 100), node: leaf.node, unit: leaf.unit, field: leaf.field };
    const key = slotKey(slot.year, slot.node, slot.unit, slot.field);
    let part = leaf.kind === "job" ? "records" : leaf.grade === 0 ? "press" : "sums";
    if (leaf.kind === "correction") {
      const answered = this.answerable.get(leaf.of);
      if (answered === undefined) broken("correction-target");
      else if (answered.key !== key) broken("correction-slot", answered.slot);
      else part = answered.part;
    }
    if (!sound) return;
    this.answerable.set(leaf.id, { key, slot, part });
    if (!this.totals.has(key)) this.totals.set(key, { ...slot, own: nothing() });
    this.totals.get(key).own[part] += leaf.n;
  }

  /** Rule 6, judged at two places of the log. */
  belowZero(report) {
    for (const total of this.totals.values()) {
      for (const part of PARTS) if (total.own[part] < 0) report(total, part);
    }
  }

  /** The totals as they stand now, for C₁; those of later leaves are another matter. */
  standing() {
    return [...this.totals.values()].map((total) => ({ ...total, own: { ...total.own } }));
  }
}

/**
 * The lines of a disclosure (rules 7 to 9). `tree` is a Map from year to a Map from node to `{ parent, name, field }`;
 * `unknown` is told of totals at a node that the tree lacks.
 */
function linesOf(totals, tree, lastYear, unknown) {
  const lines = new Map();
  const add = (year, node, unit, field, amounts, own) => {
    const key = slotKey(year, node, unit, field);
    if (!lines.has(key)) lines.set(key, { year, node, unit, field, whole: nothing(), own: nothing() });
    const line = lines.get(key);
    for (const part of PARTS) {
      line.whole[part] += amounts[part];
      if (own) line.own[part] += amounts[part];
    }
  };
  for (const total of totals) {
    if (total.year > lastYear) continue;
    const nodes = tree.get(total.year);
    if (nodes === undefined || !nodes.has(total.node)) {
      unknown(total);
      continue;
    }
    for (let node = total.node; node !== ""; node = nodes.get(node).parent) {
      const own = node === total.node;
      add(total.year, node, total.unit, total.field, total.own, own);
      add(total.year, node, total.unit, TOTAL_FIELD, total.own, own);
    }
  }
  const fieldRank = (field) => FIELDS.indexOf(field);
  return [...lines.values()].sort((a, b) => a.year - b.year || compareText(a.node, b.node)
    || UNITS.indexOf(a.unit) - UNITS.indexOf(b.unit) || fieldRank(a.field) - fieldRank(b.field));
}

/** The eight numbers of a line, in the order of the tables. */
function numbersOf({ whole, own }) {
  const four = (parts) => [parts.records + parts.sums + parts.press, parts.records, parts.sums, parts.press];
  return [...four(whole), ...four(own)];
}
