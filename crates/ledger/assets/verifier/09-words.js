// What is said about a result: a Korean sentence per code, the headline, and the list of what was checked.

const SENTENCES = {
  "required-missing": ({ path }) => `모든 묶음에 있어야 할 파일이 없습니다: ${path}`,
  "path-form": ({ path }) => `묶음에 있을 수 없는 파일 이름입니다: ${path}`,
  "too-large": () => "파일이 2만 개를 넘거나 모두 합쳐 512 MiB를 넘습니다.",
  "file-unexpected": ({ path }) => `묶음에 있을 자리가 없는 파일입니다: ${path}`,
  "key-form": () => "key 파일을 공개 키로 읽을 수 없습니다.",
  "key-other": ({ fingerprint }) => `알려 주신 키로 서명한 묶음이 아닙니다.${fingerprint === null ? "" : ` 이 묶음의 지문은 ${fingerprint}입니다.`}`,
  "manifest-form": () => "파일 목록(manifest)을 읽을 수 없거나, 정해진 꼴로 쓰이지 않았습니다.",
  "manifest-signatures": ({ count }) => `파일 목록의 서명은 하나여야 하는데 ${count}개입니다.`,
  "manifest-signature": () => "파일 목록의 서명이 이 묶음의 공개 키와 맞지 않습니다.",
  "origin-other": ({ origin, district }) => `장부 이름 ${origin}, 자치구 코드 ${district}, 공개 키의 이름이 서로 맞지 않습니다.`,
  "file-missing": ({ path }) => `목록에 있는 파일이 없습니다: ${path}`,
  "file-changed": ({ path }) => `서명한 뒤에 바뀐 파일입니다: ${path}`,
  "file-unlisted": ({ path }) => `서명한 목록에 없는 파일입니다: ${path}`,
  "checkpoint-form": ({ path }) => `점검표를 읽을 수 없습니다: ${path}`,
  "checkpoint-signature": ({ path }) => `점검표의 서명이 이 묶음의 공개 키와 맞지 않습니다: ${path}`,
  "checkpoint-origin": ({ path, origin }) => `다른 장부의 점검표입니다: ${path}, 장부 이름 ${origin}`,
  "entries-form": ({ path }) => `기록 파일이 빠졌거나 깨졌거나 그 자리의 것이 아닙니다: ${path}`,
  "leaf-form": ({ index }) => `${index + 1}번째 기록이 정해진 꼴이 아닙니다.`,
  "leaf-district": ({ index, district }) => `${index + 1}번째 기록은 다른 자치구(${district})의 것입니다.`,
  "tile-missing": ({ path }) => `기록의 요약 파일이 없습니다: ${path}`,
  "tile-changed": ({ path }) => `요약 파일이 기록에서 계산한 것과 다릅니다: ${path}`,
  "size-differs": ({ path, said, size }) => `점검표(${path})에는 기록이 ${grouped(said)}건이라고 적혀 있지만 묶음에는 ${grouped(size)}건이 있습니다.`,
  "root-differs": ({ path, size }) => `처음 ${grouped(size)}건의 요약값이 서명된 점검표(${path})와 다릅니다. 기록이 빠졌거나 끼어들었거나 바뀌었습니다.`,
  "key-replaced": ({ index }) => `${index + 1}번째 기록이 새 공개 키를 알렸는데, 이 묶음은 그 키로 서명하지 않았습니다.`,
  "disclosure-missing": ({ year, no }) => (year === null ? "목록이나 점검표를 읽을 수 없어, 공시를 알리는 기록을 찾지 못했습니다." : `${year}년 ${no}번째 공시를 알리는 기록이 장부에 없습니다.`),
  "disclosure-differs": ({ index, year, no }) => `${year}년 ${no}번째 공시를 알리는 ${index + 1}번째 기록이 장부나 문서와 맞지 않습니다.`,
  "documents-form": () => "문서 목록(documents.sha256)이 정해진 꼴로 쓰이지 않았습니다.",
  "document-missing": ({ path }) => `공시한 문서가 없습니다: ${path}`,
  "document-changed": ({ path }) => `공시한 문서가 바뀌었습니다: ${path}`,
  "document-unlisted": ({ path }) => `공시한 문서 목록에 없는 파일입니다: ${path}`,
  "plan-missing": ({ path, index }) => `${index + 1}번째 기록이 채택한 계획 파일이 없습니다: ${path}`,
  "plan-changed": ({ path, index }) => `계획 파일이 ${index + 1}번째 기록이 채택한 것과 다릅니다: ${path}`,
  "plan-unknown": ({ path }) => `어느 기록도 채택하지 않은 계획 파일입니다: ${path}`,
  "tree-form": () => "사업 나무(tree.csv)가 정해진 꼴이 아니거나, 위아래가 이어지지 않습니다.",
  "node-unknown": ({ node, year, unit }) => `${year}년 계획에 없는 사업에 기록이 있습니다: ${node} (${unit})`,
  "duplicate-id": ({ index, id }) => `${index + 1}번째 기록의 번호는 앞선 기록의 것입니다: ${id}`,
  "duplicate-commitment": ({ index }) => `${index + 1}번째 기록이 같은 사람의 기록을 두 번 셉니다.`,
  "correction-target": ({ index }) => `${index + 1}번째 기록이 앞에 없는 기록을 정정합니다.`,
  "correction-slot": ({ index }) => `${index + 1}번째 기록이 정정하려는 기록과 다른 해, 사업, 단위 또는 부문에 적혔습니다.`,
  "below-zero": ({ node, year, unit, field }) => `정정을 빼고 나면 0보다 작아지는 수가 있습니다: ${node}, ${year}년, ${unit}, ${field}`,
  "overflow": () => "더한 수가 셀 수 있는 크기를 넘습니다.",
  "totals-form": ({ path }) => `표에 읽을 수 없는 줄이 있거나, 글자까지 정해진 꼴과 같지는 않습니다: ${path}`,
  "number-differs": (problem) => numberSentence(problem),
  "line-missing": ({ path, ...line }) => `기록에는 있는 줄이 공시표(${fileName(path)})에 없습니다: ${lineName(line)}`,
  "line-unknown": ({ path, ...line }) => `기록에 없거나 두 번 적힌 줄이 공시표(${fileName(path)})에 있습니다: ${lineName(line)}`,
  "attributes-form": ({ path, name }) => `사람의 특성으로 나눈 표가 정해진 꼴이 아니거나, 사업 이름이 사업 나무와 다릅니다: ${path}${name === undefined ? "" : `, ‘${name}’`}`,
  "attributes-total": ({ path, name, year, unit, printed, recomputed }) => `‘${name}’의 ${year}년 ${unit} 합계가 ${fileName(path)}에는 ${counted(printed, unit)}이지만, `
    + (recomputed === null ? "기록에는 그런 줄이 없습니다." : `기록을 더하면 ${counted(recomputed, unit)}입니다.`),
  "attributes-sum": ({ path, name, year, unit, printed }) => `‘${name}’의 ${year}년 ${unit} 항목을 더해도 합계(${counted(printed, unit)})와 맞지 않습니다: ${path}`,
  "attributes-small": ({ path, name, year, unit }) => `‘${name}’의 ${year}년 ${unit} 표에 가려야 할 작은 수가 드러나 있습니다: ${path}`,
  "since-form": () => "앞서 받은 묶음의 공개 키나 점검표를 읽을 수 없거나, 서명이 맞지 않습니다.",
  "since-origin": ({ origin }) => `앞서 받은 묶음은 다른 장부의 것입니다: ${origin}`,
  "since-key": () => "앞서 받은 묶음과 다른 키로 서명했는데, 키를 바꾼다는 기록이 장부에 없습니다.",
  "since-longer": ({ earlier, size }) => `앞서 받은 묶음에는 기록이 ${grouped(earlier)}건 있었는데 이 묶음에는 ${grouped(size)}건뿐입니다.`,
  "since-differs": ({ size }) => `앞서 받은 묶음의 처음 ${grouped(size)}건이 이 묶음의 처음 ${grouped(size)}건과 다릅니다.`,
  "two-histories": ({ size }) => `기록 ${grouped(size)}건의 요약값에 서명이 두 가지 있습니다. 역사가 둘입니다.`,
};

const sentenceOf = (problem) => SENTENCES[problem.code](problem);

/** 1,234,567; what is no number stays as it is. */
const grouped = (number) => (/^-?[0-9]+$/.test(String(number)) ? String(number).replace(/\B(?=([0-9]{3})+$)/g, ",") : String(number));
const COUNTERS = new Map([["일자리 수", "개"], ["실인원", "명"], ["연인원", "명"], ["건", "건"]]);
const counted = (number, unit) => `${grouped(number)}${COUNTERS.get(unit) || ""}`;
const fileName = (path) => path.slice(path.lastIndexOf("/") + 1);
const lineName = ({ name, year, unit, field }) => `‘${name}’, ${year}년, ${unit}, ${field}`;

function numberSentence({ name, year, unit, field, column, printed, recomputed }) {
  const which = `${field === TOTAL_FIELD ? "" : ` ${field}`} 실적${column === TOTAL_FIELD ? "" : `(${column})`}`;
  const difference = differenceOf(printed, recomputed);
  const shown = difference === null ? `‘${printed}’${COUNTERS.get(unit) || ""}` : counted(printed, unit);
  const tail = difference === null ? "" : ` 공시표가 ${counted(difference > 0n ? difference : -difference, unit)} ${difference > 0n ? "많습니다" : "적습니다"}.`;
  return `‘${name}’의 ${year}년${which}이 공시표에는 ${shown}이지만, 기록을 더하면 ${counted(recomputed, unit)}입니다.${tail}`;
}

/** Printed minus recomputed, or null where no number is printed. */
const differenceOf = (printed, recomputed) => (/^-?[0-9]{1,30}$/.test(printed) ? BigInt(printed) - BigInt(recomputed) : null);

/** Printed numbers that differ, each once even where both tables print it. */
function differingNumbers(report) {
  const seen = new Map();
  for (const problem of report.problems) {
    if (problem.code !== "number-differs") continue;
    const { year, node, unit, field, column, printed } = problem;
    seen.set([slotKey(year, node, unit, field), column, printed].join("\t"), problem);
  }
  return [...seen.values()];
}

/** Files that are not as they were signed. */
const alteredFiles = (report) => new Set(report.problems.filter(({ code }) => /^(file|document)-(changed|missing|unlisted)$/.test(code))
  .map(({ path }) => path));

/** The one sentence. */
function headlineOf(report) {
  if (report.codes.size === 0) return "숫자가 모두 맞습니다";
  const numbers = differingNumbers(report).length;
  if (numbers === 1) return "숫자 하나가 다릅니다";
  if (numbers > 1) return `숫자 ${grouped(numbers)}개가 다릅니다`;
  if (report.codes.has("two-histories")) return "같은 장부에 역사가 둘 있습니다";
  if (report.codes.has("key-other")) return "다른 키로 서명한 묶음입니다";
  const files = alteredFiles(report).size;
  if (files === 1) return "파일 하나가 다릅니다";
  if (files > 1) return `파일 ${grouped(files)}개가 다릅니다`;
  return "맞지 않는 것이 있습니다";
}

/** Which codes belong to which of the things that were checked. */
const CHECKS = [
  { good: "파일이 서명한 그대로입니다", bad: "파일이 서명한 그대로가 아닙니다",
    codes: ["required-missing", "path-form", "too-large", "file-unexpected", "key-form", "manifest-form", "manifest-signatures",
      "manifest-signature", "origin-other", "file-missing", "file-changed", "file-unlisted"] },
  { good: "기록이 빠지거나 끼어들지 않았습니다", bad: "기록이 서명된 장부와 다릅니다",
    codes: ["checkpoint-form", "checkpoint-signature", "checkpoint-origin", "entries-form", "leaf-form", "leaf-district",
      "tile-missing", "tile-changed", "size-differs", "root-differs", "key-replaced"] },
  { good: "공시한 문서가 장부에 적힌 그대로입니다", bad: "공시한 문서가 장부와 다릅니다",
    codes: ["disclosure-missing", "disclosure-differs", "documents-form", "document-missing", "document-changed",
      "document-unlisted", "plan-missing", "plan-changed", "plan-unknown"] },
  { good: "기록을 더하면 공시표가 됩니다", bad: "기록을 더해도 공시표가 되지 않습니다",
    codes: ["tree-form", "node-unknown", "duplicate-id", "duplicate-commitment", "correction-target", "correction-slot", "below-zero",
      "overflow", "totals-form", "number-differs", "line-missing", "line-unknown", "attributes-form", "attributes-total", "attributes-sum", "attributes-small"] },
];
const SINCE_CODES = ["since-form", "since-origin", "since-key", "since-longer", "since-differs", "two-histories"];

/** What was checked: `{ state: "met" | "not" | "unknown", text, note }`. `known` says where the named key came from. */
function checksOf(report, { since, known }) {
  const fails = (codes) => codes.some((code) => report.codes.has(code));
  const notes = [
    report.fingerprint === null ? "" : `지문 ${report.fingerprint}`,
    `기록 ${grouped(report.leaves)}건의 요약값을 다시 계산했습니다`,
    "문서마다 요약값을 다시 계산했습니다",
    `공시표의 숫자 ${grouped(report.numbers)}개를 다시 계산했습니다${report.attributes > 0 ? ". 사람의 특성으로 나눈 표의 내역은 장부로 재계산되지 않습니다" : ""}`,
  ];
  const list = CHECKS.map(({ good, bad, codes }, at) => {
    if (fails(codes)) return { state: "not", text: bad, note: "" };
    // Numbers that nobody could recompute are not sound because nothing was found.
    if (at === 3 && !report.tables) return { state: "unknown", text: "기록을 더해 보지 못했습니다", note: "앞에서 다른 것이 나와 여기까지 오지 못했습니다" };
    return { state: "met", text: good, note: notes[at] };
  });
  if (report.codes.has("key-other")) list.unshift({ state: "not", text: "알려 주신 키로 서명한 묶음이 아닙니다", note: notes[0] });
  else if (!report.keyNamed) list.unshift({ state: "unknown", text: "누구의 키인지는 확인하지 않았습니다", note: "누구나 이런 묶음을 만들 수 있습니다. 아래 지문을 구청이 알린 지문과 견주어 보세요" });
  else if (report.fingerprint !== null) {
    list.unshift(known
      ? { state: "met", text: "이 화면에 적힌 지문의 키로 서명했습니다", note: "이 화면도 누가 바꿀 수 있습니다. 게시판이나 공보에 실린 지문과도 견주어 보세요" }
      : { state: "met", text: "알려 주신 지문의 키로 서명했습니다", note: notes[0] });
  }
  if (!since) list.push({ state: "unknown", text: "앞서 받은 묶음과는 견주지 않았습니다", note: "앞서 받은 묶음이 있으면 함께 골라 주세요" });
  else if (fails(SINCE_CODES)) list.push({ state: "not", text: "앞서 받은 묶음에서 이어지지 않았습니다", note: "" });
  else if (report.compared) list.push({ state: "met", text: "앞서 받은 묶음의 기록이 그대로 이어졌습니다", note: "" });
  else list.push({ state: "unknown", text: "앞서 받은 묶음과 견주지 못했습니다", note: "앞에서 다른 것이 나와 여기까지 오지 못했습니다" });
  return list;
}

/** What stands under the headline. */
function summaryOf(report) {
  if (report.codes.size > 0) {
    const [number] = differingNumbers(report);
    return sentenceOf(number || report.problems[0]);
  }
  const { year } = report.disclosure;
  const jobs = report.jobs === null ? "" : `${year}년 실적 ${grouped(report.jobs)}개는 이 파일에 든 기록을 처음부터 다시 더한 수와 같습니다. `;
  return `${jobs}공시표의 숫자 ${grouped(report.numbers)}개가 모두 기록 ${grouped(report.leaves)}건에서 다시 나왔습니다.`;
}

const PROVES = "이 숫자들은 이 기록들의 합이고, 기록은 이 키로 서명한 장부의 전부입니다.";
const PROVES_SINCE = "앞서 받은 묶음 뒤로 앞의 기록이 바뀌지 않았습니다.";
const PROVES_NOT = "적힌 일자리가 실제로 있었는지는 증명하지 않습니다.";

const RECEIPT_GOOD = "이 기록이 이 장부에 들어 있습니다. 내용이 사실임을 증명하지는 않습니다.";
const RECEIPT_FAULTS = {
  form: "확인증으로 읽을 수 없습니다. 첫 줄부터 마지막 서명까지 그대로 붙여 넣어 주세요.",
  key: "이 키로 서명한 확인증이 아닙니다. 다른 장부의 확인증이거나 글자가 바뀌었습니다.",
  leaf: "확인증에 기록 한 줄이 들어 있지 않습니다. 둘째 줄의 extra까지 그대로 붙여 넣어 주세요.",
  proof: "이 기록은 이 장부의 그 자리에 없습니다. 글자가 바뀌었을 수 있습니다.",
  unknown: "확인증은 지문만으로 확인할 수 없습니다. 공개 키 글 전체를 적어 주세요.",
};

/** What a leaf says, in words. */
function leafSentence(leaf) {
  const month = (number) => `${Math.floor(number / 100)}년 ${number % 100}월`;
  const period = leaf.from === undefined ? "" : leaf.from === leaf.to ? month(leaf.from) : `${month(leaf.from)}부터 ${month(leaf.to)}까지`;
  switch (leaf.kind) {
    case "count":
      return `사업 ${leaf.node}, ${period}, ${leaf.field}: ${counted(leaf.n, leaf.unit)}`;
    case "job":
      return `사업 ${leaf.node}, ${period}, ${leaf.field}: 한 사람의 일자리 1개`;
    case "correction":
      return `사업 ${leaf.node}, ${period}, ${leaf.field}: ${counted(leaf.n, leaf.unit)}만큼 정정 (${leaf.why})`;
    case "plan":
      return `계획 채택: ${leaf.ref}`;
    case "disclosure":
      return `공시: ${leaf.year}년 ${leaf.no}번째`;
    default:
      return "공개 키를 바꾸는 기록";
  }
}
