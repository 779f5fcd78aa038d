// Checking a bundle: the thirteen steps of section 10 of the page, in its order and with its codes.
//
// A step is done as far as it can be done: what a broken file takes away is left out, and everything else goes on. The
// work is a generator that yields how many bytes it has worked through, so that a page can show it and stay awake.

const REQUIRED = ["manifest", "key", "checkpoint", "checkpoint-1", "documents.sha256", "documents/totals.csv",
  "documents/totals.json", "documents/tree.csv", "documents/dictionary.csv"];
const FILES_MAX = 20000;
const BYTES_MAX = 512 * 1024 * 1024;
/** So many problems are kept with their sentence; the rest is only counted. */
const PROBLEMS_MAX = 1000;

/** Problems, in the order in which they were found. */
class Report {
  constructor() {
    this.problems = [];
    this.further = 0;
    this.codes = new Set();
    this.disclosure = null;
    this.fingerprint = null;
    this.keyNamed = false;
    this.leaves = 0;
    this.numbers = 0;
    this.numbersWrong = 0;
    this.jobs = null;
    this.tables = false;
    this.attributes = 0;
    this.compared = false;
  }

  /** Writes down a problem: a code of the page, the file or node it is about, and what its sentence needs. */
  add(code, path, more = {}) {
    this.codes.add(code);
    if (this.problems.length < PROBLEMS_MAX) this.problems.push({ code, path, ...more });
    else this.further += 1;
  }

  /** 0: all well; 3: all well, but nobody named the key; 1: something differs. */
  get verdict() {
    if (this.codes.size > 0) return 1;
    return this.keyNamed ? 0 : 3;
  }
}

/**
 * Checks a bundle, a Map from path to bytes. `key` is the text or fingerprint that somebody named, or null; `since` is an
 * earlier bundle, or null. Returns the Report.
 */
function* checkBundle(files, { key = null, since = null } = {}) {
  const report = new Report();
  const hashes = yield* hashesOf(files);
  const bundle = { files, hashes, report, hashOf: (path) => hashes.get(path) };
  checkFiles(bundle);
  checkKey(bundle, key);
  checkManifest(bundle);
  checkHeads(bundle);
  yield* checkEntries(bundle);
  checkTree(bundle);
  checkLogLeaves(bundle);
  checkDisclosure(bundle);
  checkDocuments(bundle);
  checkPlans(bundle);
  checkNumbers(bundle);
  checkAttributes(bundle);
  if (since !== null) checkSince(bundle, since);
  return report;
}

/** SHA-256 of every file, in hex. */
function* hashesOf(files) {
  const hashes = new Map();
  const hasher = new Sha256();
  for (const [path, bytes] of files) {
    hasher.restart();
    for (let from = 0; from < bytes.length; from += STRIDE) {
      const piece = bytes.subarray(from, from + STRIDE);
      hasher.update(piece);
      yield piece.length;
    }
    hashes.set(path, hexOf(hasher.digest()));
  }
  return hashes;
}

// ---- 1. Files

/** What a path may be in any bundle. */
function isPath(path) {
  return bytesOf(path).length <= 200 && isComposed(path) && !hasControl(path) && !/[\\:]/.test(path)
    && path.split("/").every((part) => !/^\.*$/.test(part));
}

/** The tile that a path of a bundle names, or null. */
const tileAt = (path) => (path.startsWith("log/") ? tileOf(path.slice(4)) : null);

function checkFiles({ files, report }) {
  for (const path of REQUIRED) if (!files.has(path)) report.add("required-missing", path);
  let total = 0;
  for (const [path, bytes] of files) {
    total += bytes.length;
    if (!isPath(path)) report.add("path-form", path);
    else if (!REQUIRED.includes(path) && !path.startsWith("documents/") && tileAt(path) === null) report.add("file-unexpected", path);
  }
  if (files.size > FILES_MAX || total > BYTES_MAX) report.add("too-large", "");
}

// ---- 2. Key

function checkKey(bundle, named) {
  const { files, report } = bundle;
  const text = files.has("key") ? textOf(files.get("key")) : null;
  bundle.key = text !== null && text.endsWith("\n") ? keyOf(text.slice(0, -1)) : null;
  report.keyNamed = named !== null;
  if (bundle.key === null && files.has("key")) report.add("key-form", "key");
  if (bundle.key !== null) report.fingerprint = fingerprintOf(bundle.key);
  if (named !== null && (bundle.key === null || !isNamed(bundle.key, named))) report.add("key-other", "key", { fingerprint: report.fingerprint });
}

/** Whether the bundle's key signed a note. Without a readable key nothing is signed by it. */
const isSigned = (bundle, note) => bundle.key !== null && isSignedBy(note, bundle.key);

// ---- 3. Manifest

const MANIFEST_HEADER = "iljari.example/bundle@v1";

/** Reads the text of a manifest, or null if it is not canonical. */
function manifestOf(text) {
  const lines = text.split("\n");
  if (lines.length < 5 || lines.pop() !== "" || lines.shift() !== MANIFEST_HEADER) return null;
  const [origin, district, number, ...listed] = lines;
  const found = /^([0-9]{4}) ([0-9]+)$/.exec(number);
  const year = found === null ? null : decimalOf(found[1]);
  const no = found === null ? null : decimalOf(found[2]);
  if (!isOrigin(origin) || origin === MANIFEST_HEADER || !isDistrict(district) || year === null || !isYear(year) || no === null || !isDisclosureNumber(no)) return null;
  const files = new Map();
  let last = null;
  for (const line of listed) {
    const entry = /^([0-9a-f]{64}) ([0-9]+) (.+)$/.exec(line);
    const size = entry === null ? null : decimalOf(entry[2]);
    if (size === null) return null;
    const path = entry[3];
    if (path === "manifest" || !isPath(path) || (last !== null && compareText(last, path) >= 0)) return null;
    files.set(path, { hash: entry[1], size });
    last = path;
  }
  return { origin, district, year, no, files };
}

function checkManifest(bundle) {
  const { files, report, key } = bundle;
  bundle.manifest = null;
  if (!files.has("manifest")) return;
  const note = noteOf(files.get("manifest"));
  if (note === null) {
    report.add("manifest-form", "manifest");
    return;
  }
  if (note.signatures.length !== 1) report.add("manifest-signatures", "manifest", { count: note.signatures.length });
  if (!isSigned(bundle, note)) report.add("manifest-signature", "manifest");
  const manifest = manifestOf(note.text);
  if (manifest === null) {
    report.add("manifest-form", "manifest");
    return;
  }
  bundle.manifest = manifest;
  const { origin, district, year, no } = manifest;
  report.disclosure = { origin, district, year, no };
  if (!origin.endsWith(`/${district}`) || (key !== null && key.name !== origin)) report.add("origin-other", "manifest", { origin, district });
  for (const [path, listed] of manifest.files) {
    if (!files.has(path)) report.add("file-missing", path);
    else if (files.get(path).length !== listed.size || bundle.hashOf(path) !== listed.hash) report.add("file-changed", path);
  }
  for (const path of files.keys()) {
    if (path !== "manifest" && !manifest.files.has(path)) report.add("file-unlisted", path);
  }
}

// ---- 4. Heads

function headOf(files, path) {
  const note = files.has(path) ? noteOf(files.get(path)) : null;
  const checkpoint = note === null ? null : checkpointOf(note.text);
  return checkpoint === null ? null : { note, path, ...checkpoint };
}

function checkHeads(bundle) {
  const { files, report, manifest } = bundle;
  const head = (path) => {
    const checkpoint = headOf(files, path);
    if (checkpoint === null) {
      if (files.has(path)) report.add("checkpoint-form", path);
      return null;
    }
    if (!isSigned(bundle, checkpoint.note)) report.add("checkpoint-signature", path);
    if (manifest !== null && checkpoint.origin !== manifest.origin) report.add("checkpoint-origin", path, { origin: checkpoint.origin });
    return checkpoint;
  };
  bundle.first = head("checkpoint-1");
  bundle.second = head("checkpoint");
}

// ---- 5. Entries

/**
 * Reads the entries. `bundle.leaves` has one element per entry, null where it is no leaf; `bundle.tree` their hashes. Both
 * are null where an entry bundle is missing or broken, because then nobody knows at which place a later entry stands.
 */
function* checkEntries(bundle) {
  const { files, report, manifest } = bundle;
  const bundles = [...files.keys()].map((path) => ({ path, tile: tileAt(path) })).filter(({ tile }) => tile !== null && tile.level < 0);
  bundles.sort((a, b) => a.tile.index - b.tile.index || a.tile.width - b.tile.width);
  bundle.leaves = null;
  bundle.tree = null;
  let whole = true;
  for (const [at, it] of bundles.entries()) {
    // Only the last bundle may be partial, or the leaves behind it would shift.
    const inPlace = it.tile.index === at && (it.tile.width === 256 || at + 1 === bundles.length);
    it.entries = entriesOf(files.get(it.path));
    if (inPlace && it.entries !== null && it.entries.length === it.tile.width) continue;
    whole = false;
    report.add("entries-form", it.path);
  }
  if (!whole) return;
  const tree = new Tree();
  const leaves = [];
  for (const { path, entries } of bundles) {
    for (const entry of entries) {
      const index = leaves.length;
      const leaf = leafOf(entry);
      if (leaf === null) report.add("leaf-form", path, { index });
      else if (manifest !== null && leaf.district !== manifest.district) report.add("leaf-district", path, { index, district: leaf.district });
      leaves.push(leaf);
      tree.push(leafHash(entry));
    }
    yield 0;
  }
  bundle.leaves = leaves;
  bundle.tree = tree;
  report.leaves = leaves.length;
}

/** The leaves of some kinds, each with its index. */
const leavesOf = (bundle, ...kinds) =>
  [...bundle.leaves.entries()].filter(([, leaf]) => leaf !== null && kinds.includes(leaf.kind)).map(([index, leaf]) => ({ index, ...leaf }));

// ---- 6. Tree

function checkTree(bundle) {
  const { files, report, tree, first, second } = bundle;
  if (tree === null) return;
  const expected = new Set();
  for (const tile of tilesOf(tree.size)) {
    const path = `log/${tilePath(tile)}`;
    expected.add(path);
    if (!files.has(path)) report.add("tile-missing", path);
    else if (!sameBytes(files.get(path), tree.tile(tile))) report.add("tile-changed", path);
  }
  for (const path of files.keys()) {
    const tile = tileAt(path);
    if (tile !== null && tile.level >= 0 && !expected.has(path)) report.add("tile-changed", path);
  }
  const agree = (head, fits) => {
    if (!fits) report.add("size-differs", head.path, { said: head.size, size: tree.size });
    // Where the log is long enough, the root is judged as well.
    if (head.size <= tree.size && !sameBytes(tree.rootAt(head.size), head.root)) report.add("root-differs", head.path, { size: head.size });
  };
  if (second !== null) agree(second, second.size === tree.size);
  if (first !== null) agree(first, first.size <= tree.size);
}

// ---- 7. Leaves about the log

function checkLogLeaves(bundle) {
  const { report, tree, key } = bundle;
  if (tree === null) return;
  const seen = [];
  for (const leaf of leavesOf(bundle, "disclosure")) {
    const sound = leaf.size <= leaf.index && hexOf(tree.rootAt(leaf.size)) === leaf.root
      && !seen.some((other) => other.year === leaf.year && other.no === leaf.no)
      && (leaf.corrects === "" || seen.some((other) => other.id === leaf.corrects && other.year === leaf.year));
    if (!sound) report.add("disclosure-differs", "", { index: leaf.index, year: leaf.year, no: leaf.no });
    seen.push(leaf);
  }
  const newest = leavesOf(bundle, "key").pop();
  if (newest !== undefined && key !== null && newest.key !== key.text) report.add("key-replaced", "key", { index: newest.index });
}

// ---- 8. This disclosure

function checkDisclosure(bundle) {
  const { report, leaves, manifest, first } = bundle;
  if (leaves === null) return;
  if (manifest === null || first === null) {
    report.add("disclosure-missing", "", { year: null });
    return;
  }
  const { year, no } = manifest;
  const leaf = leavesOf(bundle, "disclosure").find((it) => it.index >= first.size && it.year === year && it.no === no);
  if (leaf === undefined) {
    report.add("disclosure-missing", "", { year, no });
    return;
  }
  if (leaf.size !== first.size || leaf.root !== hexOf(first.root) || leaf.docs !== bundle.hashOf("documents.sha256")) {
    report.add("disclosure-differs", "", { index: leaf.index, year, no });
  }
}

// ---- 9. Documents

function checkDocuments(bundle) {
  const { files, report } = bundle;
  if (!files.has("documents.sha256")) return;
  const text = textOf(files.get("documents.sha256"));
  const listed = text === null ? null : documentsOf(text);
  if (listed === null) {
    report.add("documents-form", "documents.sha256");
    return;
  }
  for (const [path, hash] of listed) {
    if (!files.has(path)) report.add("document-missing", path);
    else if (bundle.hashOf(path) !== hash) report.add("document-changed", path);
  }
  for (const path of files.keys()) {
    if (path.startsWith("documents/") && !listed.has(path)) report.add("document-unlisted", path);
  }
}

/** Reads a list of documents, or null if it is not canonical. */
function documentsOf(text) {
  const lines = text.split("\n");
  if (lines.pop() !== "" || lines.length === 0) return null;
  const listed = new Map();
  let last = null;
  for (const line of lines) {
    const found = /^([0-9a-f]{64}) {2}(documents\/.+)$/.exec(line);
    if (found === null || !isPath(found[2]) || (last !== null && compareText(last, found[2]) >= 0)) return null;
    last = found[2];
    listed.set(last, found[1]);
  }
  return listed;
}

// ---- 10. Plans

function checkPlans(bundle) {
  const { files, report, leaves, first } = bundle;
  if (leaves === null || first === null || first.size > leaves.length) return;
  const named = new Set();
  const times = new Map();
  for (const { index, ref, sha256: hash } of leavesOf(bundle, "plan")) {
    if (index >= first.size) continue;
    const time = (times.get(ref) || 0) + 1;
    times.set(ref, time);
    const path = `documents/plan/${ref}${time > 1 ? `~${time}` : ""}.yaml`;
    named.add(path);
    if (!files.has(path)) report.add("plan-missing", path, { index });
    else if (bundle.hashOf(path) !== hash) report.add("plan-changed", path, { index });
  }
  for (const path of files.keys()) {
    if (path.startsWith("documents/plan/") && !named.has(path)) report.add("plan-unknown", path);
  }
}

// ---- 11. Numbers

function checkNumbers(bundle) {
  const { files, report, leaves, manifest, first } = bundle;
  const tree = files.has("documents/tree.csv") ? treeOf(files.get("documents/tree.csv")) : null;
  if (files.has("documents/tree.csv") && tree === null) report.add("tree-form", "documents/tree.csv");
  if (leaves === null) return;
  const count = new Count((code, index, leaf, more) => report.add(code, leaf.node || "", { index, id: leaf.id, slot: more }));
  const below = (total, part) => report.add("below-zero", total.node, { ...total, part });
  let disclosed = null;
  for (let index = 0; index <= leaves.length; index += 1) {
    if (first !== null && index === first.size) {
      disclosed = count.standing();
      count.belowZero(below);
    }
    if (index < leaves.length && leaves[index] !== null) count.add(index, leaves[index]);
  }
  if (first === null || first.size !== leaves.length) count.belowZero(below);
  if (tree === null || disclosed === null || manifest === null) return;
  const lines = linesOf(disclosed, tree, manifest.year, (total) => report.add("node-unknown", total.node, total));
  const head = bundle.key === null ? null : { ...manifest, size: first.size, root: first.root, fingerprint: report.fingerprint };
  compareTable(bundle, "documents/totals.csv", { read: linesOfCsv, cell: nameCell }, lines, tree, totalsCsv(lines, tree));
  compareTable(bundle, "documents/totals.json", { read: linesOfJson, cell: (name) => name }, lines, tree, head === null ? null : totalsJson(lines, tree, head));
  report.tables = true;
  bundle.planTree = tree;
  bundle.lines = lines;
  const jobs = lines.find((line) => line.year === manifest.year && line.node === ROOT_NODE && line.unit === "일자리 수" && line.field === TOTAL_FIELD);
  report.jobs = jobs === undefined ? null : numbersOf(jobs)[0];
}

/** Holds a printed table against the lines that the leaves give. */
function compareTable({ files, report }, path, { read, cell }, lines, tree, written) {
  if (!files.has(path)) return;
  const printed = read(files.get(path));
  const nameOf = ({ year, node }) => tree.get(year).get(node).name;
  const wanted = new Map(lines.map((line) => [slotKey(line.year, line.node, line.unit, line.field), line]));
  const seen = new Set();
  let agree = printed.whole;
  if (!printed.whole) report.add("totals-form", path);
  for (const { key, numbers, ...line } of printed.lines) {
    if (!wanted.has(key) || seen.has(key)) {
      agree = false;
      report.add("line-unknown", path, line);
      continue;
    }
    seen.add(key);
    if (line.name !== cell(nameOf(wanted.get(key)))) {
      agree = false;
      report.add("totals-form", path);
    }
    const sums = numbersOf(wanted.get(key)).map(String);
    report.numbers += sums.length;
    for (let at = 0; at < sums.length; at += 1) {
      if (numbers[at] === sums[at]) continue;
      agree = false;
      report.numbersWrong += 1;
      report.add("number-differs", path, { ...line, name: nameOf(wanted.get(key)), column: TOTALS_HEADER[at + 5], printed: numbers[at], recomputed: sums[at] });
    }
  }
  for (const [key, line] of wanted) {
    if (seen.has(key)) continue;
    agree = false;
    report.add("line-missing", path, { year: line.year, node: line.node, unit: line.unit, field: line.field, name: nameOf(line) });
  }
  if (agree && written !== null && !sameBytes(files.get(path), written)) report.add("totals-form", path);
}

// ---- 12. Tables by personal attributes

const ATTRIBUTE_FOLDER = "documents/attributes/";

function checkAttributes(bundle) {
  const { files, report } = bundle;
  for (const [path, bytes] of files) {
    if (!path.startsWith(ATTRIBUTE_FOLDER)) continue;
    report.attributes += 1;
    const attribute = ATTRIBUTES.find((it) => path === `${ATTRIBUTE_FOLDER}${it}.csv`);
    const tables = attribute === undefined ? null : attributeTablesOf(bytes, attribute);
    if (tables === null) report.add("attributes-form", path);
    else tables.forEach((table) => checkAttributeTable(bundle, path, table));
  }
}

function checkAttributeTable({ report, planTree, lines }, path, { year, node, name, unit, margin, items }) {
  const where = { year, node, name, unit };
  if (lines !== undefined) {
    const line = lines.find((it) => it.year === year && it.node === node && it.unit === unit && it.field === TOTAL_FIELD);
    if (line !== undefined && planTree.get(year).get(node).name !== name) report.add("attributes-form", path, where);
    const recomputed = line === undefined ? null : numbersOf(line)[0];
    if (recomputed !== margin) report.add("attributes-total", path, { ...where, printed: margin, recomputed });
  }
  const hidden = items.filter(({ number }) => number === null).length;
  const open = items.reduce((sum, { number }) => sum + (number === null ? 0 : number), 0);
  const adds = hidden === 0 ? items.length === 0 || open === margin : open + hidden <= margin;
  if (!adds) report.add("attributes-sum", path, { ...where, printed: margin });
  const small = items.some(({ item, number }) => item !== UNKNOWN_ITEM && number !== null && number >= 1 && number <= 4);
  if (small || hidden === 1) report.add("attributes-small", path, where);
}

// ---- 13. Since

function checkSince(bundle, earlier) {
  const { report, tree, key, first, second } = bundle;
  const text = earlier.has("key") ? textOf(earlier.get("key")) : null;
  const oldKey = text !== null && text.endsWith("\n") ? keyOf(text.slice(0, -1)) : null;
  if (oldKey === null) {
    report.add("since-form", "key");
    return;
  }
  if (key !== null && tree !== null && key.text !== oldKey.text && !leavesOf(bundle, "key").some((leaf) => leaf.key === key.text)) {
    report.add("since-key", "key");
  }
  const heads = [first, second].filter((head) => head !== null);
  for (const path of ["checkpoint-1", "checkpoint"]) {
    const old = headOf(earlier, path);
    if (old === null || !isSignedBy(old.note, oldKey)) report.add("since-form", path);
    else if (heads.some((head) => head.origin !== old.origin)) report.add("since-origin", path, { origin: old.origin });
    else compareHeads(bundle, heads, old);
  }
  report.compared = tree !== null;
}

/** Holds a head of the earlier bundle against the heads and the log of this one. */
function compareHeads({ report, tree }, heads, old) {
  for (const head of heads) {
    if (head.size === old.size && !sameBytes(head.root, old.root)) {
      report.add("two-histories", old.path, { size: old.size, roots: [hexOf(old.root), hexOf(head.root)] });
    }
  }
  if (tree === null) return;
  if (old.size > tree.size) report.add("since-longer", old.path, { earlier: old.size, size: tree.size });
  else if (!sameBytes(tree.rootAt(old.size), old.root)) report.add("since-differs", old.path, { size: old.size });
}

/** Runs a check to its end without a pause. */
function finished(work) {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}
