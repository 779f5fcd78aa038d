// The log: leaves, tree, tiles, keys, signed notes, checkpoints, receipts (sections 2 and 4 to 7 of the page).

const ROOT_NODE = "전체";
const FIELDS = ["직접일자리 창출", "직업능력개발훈련", "고용서비스", "고용장려금", "창업지원", "일자리 인프라", "기타", "민간", "미상"];
const UNITS = ["일자리 수", "실인원", "연인원", "건"];
const REASONS = ["중복", "오기", "누락", "기준 변경", "기타"];

const isName = (text) => /^[A-Za-z0-9가-힣][A-Za-z0-9가-힣.-]{0,39}$/.test(text);
const isDistrict = (text) => /^[0-9]{5}$/.test(text);
const isId = (text) => /^[0-9a-f]{32}$/.test(text);
const isMonth = (number) => number >= 190001 && number <= 220012 && number % 100 >= 1 && number % 100 <= 12;
const isYear = (number) => number >= 1900 && number <= 2200;
const isDisclosureNumber = (number) => number >= 1 && number <= 1000000000;
const within = (least, most) => (number) => number >= least && number <= most;
const among = (list) => (text) => list.includes(text);

/** 1 to 100 printable ASCII characters without space and `+`. That it ends with a district's code is judged apart. */
const isOrigin = (text) => /^[!-*,-~]{1,100}$/.test(text);

// ---- Leaves

const TEXT = '"([^"\\\\\\u0000-\\u001f\\u007f-\\u009f]*)"';
const INTEGER = "(0|-?[1-9][0-9]*)";

const PLACE = [["node", TEXT, isName], ["from", INTEGER, isMonth], ["to", INTEGER, isMonth],
  ["field", TEXT, among(FIELDS)], ["unit", TEXT, among(UNITS)]];
const BILLION = 1000000000;

/** Per kind the keys that follow, in their order, and what each may hold. */
const LEAF_SHAPES = new Map([
  ["plan", [["ref", TEXT, isName], ["sha256", TEXT, isHash]]],
  ["count", [...PLACE, ["n", INTEGER, within(0, BILLION)], ["grade", INTEGER, within(0, 4)], ["rest", INTEGER, within(0, 1)]]],
  ["job", [...PLACE, ["n", INTEGER, within(1, 1)], ["grade", INTEGER, within(1, 4)], ["commit", TEXT, isHash]]],
  ["correction", [["of", TEXT, isId], ...PLACE, ["n", INTEGER, (n) => n !== 0 && Math.abs(n) <= BILLION],
    ["grade", INTEGER, within(0, 4)], ["why", TEXT, among(REASONS)]]],
  ["disclosure", [["year", INTEGER, isYear], ["no", INTEGER, isDisclosureNumber],
    ["size", INTEGER, (size) => size >= 0], ["root", TEXT, isHash], ["docs", TEXT, isHash],
    ["corrects", TEXT, (text) => text === "" || isId(text)]]],
  ["key", [["key", TEXT, (text) => isKeyOfLeaf(text)]]],
]);

const LEAF_LINES = new Map([...LEAF_SHAPES].map(([kind, shape]) => {
  const keys = shape.map(([key, value]) => `,"${key}":${value}`).join("");
  return [kind, new RegExp(`^\\{"v":1,"k":"${kind}","d":"([0-9]{5})","id":"([0-9a-f]{32})"${keys}\\}$`)];
}));

/** Reads a leaf. The expression of its kind has one way through, so what matches would be written the same. */
function leafOf(bytes) {
  const text = bytes.length < 512 ? textOf(bytes) : null;
  const kind = text === null ? null : /^\{"v":1,"k":"([a-z]+)"/.exec(text);
  const shape = kind === null ? undefined : LEAF_SHAPES.get(kind[1]);
  const found = shape === undefined ? null : LEAF_LINES.get(kind[1]).exec(text);
  if (found === null) return null;
  const leaf = { kind: kind[1], district: found[1], id: found[2] };
  for (let at = 0; at < shape.length; at += 1) {
    const [key, form, holds] = shape[at];
    const value = form === INTEGER ? Number(found[at + 3]) : found[at + 3];
    if (form === INTEGER && !Number.isSafeInteger(value)) return null;
    if (!holds(value)) return null;
    leaf[key] = value;
  }
  if (leaf.from !== undefined && leaf.from > leaf.to) return null;
  if (leaf.kind === "job" && leaf.unit !== "일자리 수") return null;
  return leaf;
}

function isKeyOfLeaf(text) {
  const key = keyOf(text);
  return key !== null && isOrigin(key.name) && !/["\\]/.test(key.name);
}

// ---- Tree

const LEAF_MARK = Uint8Array.of(0);
const NODE_MARK = Uint8Array.of(1);
const leafHash = (leaf) => sha256(LEAF_MARK, leaf);
const nodeHash = (left, right) => sha256(NODE_MARK, left, right);

/** A Merkle tree: every complete subtree's root, level by level, so that the root at any size is quick. */
class Tree {
  constructor() {
    this.levels = [[]];
  }

  get size() {
    return this.levels[0].length;
  }

  push(hash) {
    let level = 0;
    this.levels[0].push(hash);
    while (this.levels[level].length % 2 === 0) {
      const row = this.levels[level];
      const parent = nodeHash(row[row.length - 2], row[row.length - 1]);
      level += 1;
      if (level === this.levels.length) this.levels.push([]);
      this.levels[level].push(parent);
    }
  }

  /** The root of the first `size` leaves. */
  rootAt(size) {
    let root = null;
    for (let level = 0, rest = size; rest > 0; level += 1, rest = Math.floor(rest / 2)) {
      if (rest % 2 === 0) continue;
      // The smallest complete subtree stands rightmost; whatever is left of it joins from the left.
      const peak = this.levels[level][rest - 1];
      root = root === null ? peak : nodeHash(peak, root);
    }
    return root === null ? sha256() : root;
  }

  /** The hashes of one tile, one after the other. */
  tile({ level, index, width }) {
    const row = this.levels[8 * level];
    return joined(row.slice(256 * index, 256 * index + width));
  }
}

/** Whether a proof leads from a leaf hash at an index to the root of a tree of that size (RFC 9162 section 2.1.3.2). */
function includes(hash, index, size, root, proof) {
  if (index >= size) return false;
  let node = index;
  let last = size - 1;
  let climbed = hash;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      climbed = nodeHash(sibling, climbed);
      while (node % 2 === 0 && node !== 0) {
        node /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      climbed = nodeHash(climbed, sibling);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && sameBytes(climbed, root);
}

/** Whether a proof shows that the tree of one size is the beginning of the tree of another (RFC 9162 section 2.1.4.2). */
function continues(first, firstRoot, second, secondRoot, proof) {
  if (first === 0 || first > second) return false;
  if (first === second) return proof.length === 0 && sameBytes(firstRoot, secondRoot);
  // A first size that is a power of two is a complete subtree, whose root the proof leaves out.
  const path = Number.isInteger(Math.log2(first)) ? [firstRoot, ...proof] : proof.slice();
  if (path.length === 0) return false;
  let node = first - 1;
  let last = second - 1;
  while (node % 2 === 1) {
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  let old = path[0];
  let young = path[0];
  for (const sibling of path.slice(1)) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      old = nodeHash(sibling, old);
      young = nodeHash(sibling, young);
      while (node % 2 === 0 && node !== 0) {
        node /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      young = nodeHash(young, sibling);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && sameBytes(old, firstRoot) && sameBytes(young, secondRoot);
}

// ---- Tiles

/** The path of a tile; level -1 is a bundle of entries. */
function tilePath({ level, index, width }) {
  const groups = [String(index % 1000).padStart(3, "0")];
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    groups.unshift(`x${String(rest % 1000).padStart(3, "0")}`);
  }
  return `tile/${level < 0 ? "entries" : level}/${groups.join("/")}${width < 256 ? `.p/${width}` : ""}`;
}

/** The tile of a path, or null; there is one path per tile, so writing it again must give the same. */
function tileOf(path) {
  const found = /^tile\/(entries|[0-9]{1,2})\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([0-9]{1,3}))?$/.exec(path);
  if (found === null) return null;
  const index = Number(found[2].replace(/[x/]/g, ""));
  const tile = { level: found[1] === "entries" ? -1 : Number(found[1]), index, width: found[3] === undefined ? 256 : Number(found[3]) };
  if (tile.level > 63 || !Number.isSafeInteger(index) || tile.width < 1 || (found[3] !== undefined && tile.width > 255)) return null;
  return tilePath(tile) === path ? tile : null;
}

/** Every tile of a log, without the bundles of entries. */
function tilesOf(size) {
  const tiles = [];
  for (let level = 0, row = size; row > 0; level += 1, row = Math.floor(row / 256)) {
    const full = Math.floor(row / 256);
    for (let index = 0; index < full; index += 1) tiles.push({ level, index, width: 256 });
    if (row % 256 > 0) tiles.push({ level, index: full, width: row % 256 });
  }
  return tiles;
}

/** The entries of an entry bundle, or null if the bytes are not whole entries. */
function entriesOf(bytes) {
  const entries = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + 2 > bytes.length) return null;
    const end = at + 2 + bytes[at] * 256 + bytes[at + 1];
    if (end > bytes.length) return null;
    entries.push(bytes.subarray(at + 2, end));
    at = end;
  }
  return entries;
}

// ---- Keys and signed notes

/** A name in a key or a signature line: neither empty nor with a Unicode space, a control character or `+`. */
const isSigner = (name) => name !== "" && !hasControl(name) && !/[\p{White_Space}+]/u.test(name);

/** Reads a verifier key. */
function keyOf(text) {
  const [name, id, ...rest] = text.split("+");
  if (id === undefined || rest.length === 0 || !isSigner(name)) return null;
  const bytes = bytesOfBase64(rest.join("+"));
  if (bytes === null || bytes.length !== 33 || bytes[0] !== 1) return null;
  const publicKey = bytes.subarray(1);
  if (publicPoint(publicKey) === null) return null;
  const hash = sha256(bytesOf(`${name}\n`), bytes);
  return hexOf(hash.subarray(0, 4)) === id ? { text, name, id, publicKey } : null;
}

/** 지문: half of the hash of the key's text, in groups of four. */
function fingerprintOf(key) {
  return hexOf(sha256(bytesOf(key.text))).slice(0, 32).match(/.{4}/g).join(" ");
}

/** Whether somebody meant this key: by its whole text or by its fingerprint, spaces and case ignored. */
function isNamed(key, named) {
  const plain = (text) => text.replace(/\p{White_Space}/gu, "").toLowerCase();
  return named.trim() === key.text || plain(named) === plain(fingerprintOf(key));
}

const NOTE_MAX = 8 * 1024 * 1024;
const SIGNATURES_MAX = 100;

/** Reads a signed note: its text and its signature lines. */
function noteOf(bytes) {
  const whole = bytes.length <= NOTE_MAX ? textOf(bytes) : null;
  if (whole === null || /[\u0000-\u0009\u000b-\u001f]/.test(whole)) return null;
  const split = whole.lastIndexOf("\n\n");
  if (split < 0 || !whole.endsWith("\n")) return null;
  const text = whole.slice(0, split + 1);
  const lines = whole.slice(split + 2, -1).split("\n");
  if (lines.length > SIGNATURES_MAX) return null;
  const signatures = [];
  for (const line of lines) {
    const found = /^— ([^ ]+) ([^ ]+)$/.exec(line);
    const blob = found === null ? null : bytesOfBase64(found[2]);
    if (blob === null || blob.length < 5 || !isSigner(found[1])) return null;
    signatures.push({ name: found[1], id: hexOf(blob.subarray(0, 4)), signature: blob.subarray(4) });
  }
  return { text, signatures };
}

/** Whether the note is signed by the key: every line with its name and id verifies, and there is one. */
function isSignedBy(note, key) {
  const lines = note.signatures.filter((line) => line.name === key.name && line.id === key.id);
  const message = bytesOf(note.text);
  return lines.length > 0 && lines.every((line) => isSignature(key.publicKey, message, line.signature));
}

// ---- Checkpoints and receipts

/** Reads the text of a checkpoint. Further lines pass if they are not empty. */
function checkpointOf(text) {
  const lines = text.split("\n");
  if (lines.length < 4 || lines.pop() !== "" || lines.includes("")) return null;
  const [origin, decimal, base64] = lines;
  const size = decimalOf(decimal);
  const root = bytesOfBase64(base64);
  if (!isOrigin(origin) || size === null || root === null || root.length !== 32) return null;
  return { origin, size, root };
}

/** Reads a receipt: what it carries beside the proof is in `extra`, for which nothing vouches. */
function receiptOf(text) {
  const split = text.indexOf("\n\n");
  if (split < 0) return null;
  const lines = text.slice(0, split).split("\n");
  if (lines.shift() !== "c2sp.org/tlog-proof@v1") return null;
  let extra = null;
  if (lines.length > 0 && lines[0].startsWith("extra ")) {
    extra = bytesOfBase64(lines.shift().slice(6));
    if (extra === null) return null;
  }
  const index = lines.length > 0 && lines[0].startsWith("index ") ? decimalOf(lines.shift().slice(6)) : null;
  const proof = lines.map(bytesOfBase64);
  if (index === null || proof.length > 64 || proof.some((hash) => hash === null || hash.length !== 32)) return null;
  const note = noteOf(bytesOf(text.slice(split + 2)));
  const checkpoint = note === null ? null : checkpointOf(note.text);
  return checkpoint === null ? null : { extra, index, proof, note, checkpoint };
}

/**
 * Checks a receipt for a leaf under a key. Answers `null` where all is well, else what is not: `form`, `key`
 * (signature or origin), `leaf` (no leaf), or `proof`.
 */
function receiptFault(receipt, leaf, key) {
  if (receipt === null) return "form";
  if (!isSignedBy(receipt.note, key) || receipt.checkpoint.origin !== key.name) return "key";
  const { index, proof, checkpoint } = receipt;
  if (leaf === null || leafOf(leaf) === null) return "leaf";
  return includes(leafHash(leaf), index, checkpoint.size, checkpoint.root, proof) ? null : "proof";
}
