// The tables of a bundle: tree.csv, totals.csv, totals.json (section 9 of the page, "Tables").

const BOM = "\ufeff";
const TREE_HEADER = ["연도", "사업", "상위 사업", "이름", "부문"];
const TOTALS_HEADER = ["연도", "사업", "이름", "단위", "부문", "합계", "기록", "집계", "보도",
  "이 자리 합계", "이 자리 기록", "이 자리 집계", "이 자리 보도"];
const NUMBER_KEYS = ["total", "records", "sums", "press", "own_total", "own_records", "own_sums", "own_press"];

/** Rows of cells, or null where the text is not CSV as the page writes it. */
function rowsOfCsv(bytes) {
  const text = textOf(bytes);
  if (text === null || !text.startsWith(BOM)) return null;
  const rows = [];
  let row = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  cell.lastIndex = 1;
  while (cell.lastIndex < text.length) {
    const found = cell.exec(text);
    if (found === null) return null;
    row.push(found[1] === undefined ? found[2] : found[1].replace(/""/g, '"'));
    if (found[3] === ",") continue;
    rows.push(row);
    row = [];
  }
  return row.length === 0 && csvOf(rows) === text ? rows : null;
}

function csvOf(rows) {
  const cell = (text) => (/[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);
  return BOM + rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

const RISKY = /^[=+\-@\t\r＝＋－＠]/;
/** A name as a cell holds it: no spreadsheet shall run it. */
const nameCell = (name) => (RISKY.test(name) ? `'${name}` : name);
const nameOfCell = (cell) => (cell.startsWith("'") && RISKY.test(cell.slice(1)) ? cell.slice(1) : cell);

/** 1 to 200 characters, NFC, trimmed, without control or invisible characters. */
function isNodeName(name) {
  const length = [...name].length;
  return length >= 1 && length <= 200 && isComposed(name) && !hasControl(name) && !/^\p{White_Space}|\p{White_Space}$/u.test(name)
    && !/[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u3164\ufeff]/.test(name);
}

/** Reads tree.csv: a Map from year to a Map from node to `{ parent, name, field }`, or null. */
function treeOf(bytes) {
  const rows = rowsOfCsv(bytes);
  if (rows === null || rows.length === 0 || rows[0].join("\t") !== TREE_HEADER.join("\t")) return null;
  const years = new Map();
  let last = null;
  for (const row of rows.slice(1)) {
    if (row.length !== 5) return null;
    const year = decimalOf(row[0]);
    const [, node, parent, cell, field] = row;
    const name = nameOfCell(cell);
    if (year === null || !isYear(year) || !isName(node) || !isNodeName(name) || nameCell(name) !== cell) return null;
    if (field !== "" && !FIELDS.includes(field)) return null;
    if (node === ROOT_NODE ? parent !== "" : !isName(parent)) return null;
    if (last !== null && (last.year - year || compareText(last.node, node)) >= 0) return null;
    last = { year, node };
    if (!years.has(year)) years.set(year, new Map());
    years.get(year).set(node, { parent, name, field });
  }
  for (const nodes of years.values()) {
    if (!nodes.has(ROOT_NODE)) return null;
    for (const start of nodes.keys()) {
      // A way up that is longer than there are nodes goes round in a circle.
      let steps = 0;
      for (let node = start; node !== ROOT_NODE; node = nodes.get(node).parent) {
        steps += 1;
        if (steps > nodes.size || !nodes.has(nodes.get(node).parent)) return null;
      }
    }
  }
  return years;
}

/** The lines of a table, however damaged: null for one that is no text. A CR before a LF belongs to the line's end. */
function textLinesOf(bytes) {
  const lines = [];
  let start = 0;
  while (start < bytes.length) {
    let end = bytes.indexOf(10, start);
    if (end < 0) end = bytes.length;
    lines.push(textOf(bytes.subarray(start, end > start && bytes[end - 1] === 13 ? end - 1 : end)));
    start = end + 1;
  }
  return lines;
}

/** The cells of a line of CSV, or null where its quotes do not add up. */
function cellsOf(line) {
  const cells = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y;
  for (;;) {
    const found = cell.exec(line);
    if (found === null) return null;
    cells.push(found[1] === undefined ? found[2] : found[1].replace(/""/g, '"'));
    if (found[3] === "") return cells;
  }
}

/** A printed line: where it belongs, its name, and its eight numbers, all as they are printed. */
const printedLine = (year, node, name, unit, field, numbers) =>
  ({ key: slotKey(year, node, unit, field), year, node, name, unit, field, numbers });

/** The lines of totals.csv that can be read, and whether all of them can. */
function linesOfCsv(bytes) {
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const rows = textLinesOf(marked ? bytes.subarray(3) : bytes).map((line) => (line === null ? null : cellsOf(line)));
  const head = rows.shift();
  let whole = head !== undefined && head !== null && head.join("\t") === TOTALS_HEADER.join("\t");
  const lines = [];
  for (const row of rows) {
    if (row !== null && row.length === 13) lines.push(printedLine(row[0], row[1], row[2], row[3], row[4], row.slice(5)));
    else whole = false;
  }
  return { lines, whole };
}

const JSON_TEXT = '"((?:[^"\\\\\\u0000-\\u001f]|\\\\["\\\\])*)"';
const JSON_BARE = '([^",{}]+)';
const JSON_ROW = new RegExp(`^\\{"year":${JSON_BARE},"node":${JSON_TEXT},"name":${JSON_TEXT},"unit":${JSON_TEXT},"field":${JSON_TEXT}`
  + `${NUMBER_KEYS.map((key) => `,"${key}":${JSON_BARE}`).join("")}\\},?$`, "s");

/** The lines of totals.json that can be read, and whether all of them can. Its first line is compared with the whole. */
function linesOfJson(bytes) {
  const lines = [];
  let whole = true;
  for (const line of textLinesOf(bytes).slice(1)) {
    const found = line === null ? null : JSON_ROW.exec(line);
    const plain = (cell) => cell.replace(/\\(.)/gs, "$1");
    if (found !== null) lines.push(printedLine(found[1], plain(found[2]), plain(found[3]), plain(found[4]), plain(found[5]), found.slice(6, 14)));
    else if (line !== "]}") whole = false;
  }
  return { lines, whole };
}

const ATTRIBUTES = ["성별", "연령대", "동", "취약계층", "장애", "국적"];
const ATTRIBUTE_UNITS = ["일자리 수", "실인원"];
const ATTRIBUTE_HEADER = ["연도", "사업", "이름", "단위", "구분", "항목", "수"];
const HIDDEN = "비공개";
const UNKNOWN_ITEM = "미상";
const ITEMS_MAX = 200;

/**
 * Reads a table by a personal attribute: its tables as `{ year, node, name, unit, margin, items }`, an item as
 * `{ item, number }` with null for a hidden number. Null where the file is not canonical.
 */
function attributeTablesOf(bytes, attribute) {
  const rows = rowsOfCsv(bytes);
  if (rows === null || rows.length < 2 || rows[0].join("\t") !== ATTRIBUTE_HEADER.join("\t")) return null;
  const tables = [];
  for (const row of rows.slice(1)) {
    if (row.length !== 7) return null;
    const [, node, nameText, unit, kind, itemText, printed] = row;
    const year = decimalOf(row[0]);
    const [name, item] = [nameOfCell(nameText), nameOfCell(itemText)];
    const number = printed === HIDDEN ? null : decimalOf(printed);
    if (year === null || !isYear(year) || !isName(node) || !isNodeName(name) || nameCell(name) !== nameText) return null;
    if (!ATTRIBUTE_UNITS.includes(unit) || kind !== attribute || nameCell(item) !== itemText) return null;
    if (number === null && printed !== HIDDEN) return null;
    const table = tables[tables.length - 1];
    if (item === TOTAL_FIELD) {
      if (number === null) return null;
      const after = table === undefined ? 1
        : year - table.year || compareText(node, table.node) || ATTRIBUTE_UNITS.indexOf(unit) - ATTRIBUTE_UNITS.indexOf(table.unit);
      if (after <= 0) return null;
      tables.push({ year, node, name, unit, margin: number, items: [] });
      continue;
    }
    if (table === undefined || table.year !== year || table.node !== node || table.name !== name || table.unit !== unit) return null;
    const last = table.items[table.items.length - 1];
    if (!isNodeName(item) || [...item].length > 40 || (number !== null && number > 1000000000)) return null;
    if (table.items.some((other) => other.item === item) || (last !== undefined && last.item === UNKNOWN_ITEM)) return null;
    table.items.push({ item, number });
  }
  return tables.every(({ items }) => items.length !== 1 && items.length <= ITEMS_MAX) ? tables : null;
}

/** What totals.csv must be, byte for byte. */
function totalsCsv(lines, tree) {
  const rows = lines.map((line) => [String(line.year), line.node, nameCell(tree.get(line.year).get(line.node).name), line.unit,
    line.field, ...numbersOf(line).map(String)]);
  return bytesOf(csvOf([TOTALS_HEADER, ...rows]));
}

/** What totals.json must be, byte for byte. `head` is what its first line says. */
function totalsJson(lines, tree, head) {
  const text = (value) => `"${value.replace(/["\\]/g, "\\$&")}"`;
  const first = `{"v":1,"origin":${text(head.origin)},"district":"${head.district}","year":${head.year},"no":${head.no},`
    + `"size":${head.size},"root":"${hexOf(head.root)}","key":"${head.fingerprint}","rows":[\n`;
  const rows = lines.map((line) => `{"year":${line.year},"node":${text(line.node)},"name":${text(tree.get(line.year).get(line.node).name)},`
    + `"unit":${text(line.unit)},"field":${text(line.field)}`
    + `${numbersOf(line).map((number, at) => `,"${NUMBER_KEYS[at]}":${number}`).join("")}}`);
  return bytesOf(`${first}${rows.join(",\n")}${rows.length > 0 ? "\n" : ""}]}\n`);
}
