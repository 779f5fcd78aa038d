// The page: choosing or dropping a file, the answer. Everything above works without it.
//
// The form stands hidden in the page and is shown from here, so that nobody without script sees a control that does
// nothing. Text goes into the page as text only.

const ICONS = {
  met: "M5 12.5 10 17.5 19 7",
  not: "M6 6 18 18M18 6 6 18",
  unknown: "M8.5 9a3.5 3.5 0 1 1 5 3.2c-1 .5-1.5 1.2-1.5 2.3M12 18.5v.1",
};
const STATE_WORDS = { met: "맞음", not: "맞지 않음", unknown: "아직 모름" };
/** So many problems are listed; more would not be read. */
const LISTED = 50;
/** A turn of work between two looks at the screen, in milliseconds. */
const TURN = 40;

/** An element: `make("p.note", "text", child, …)`. */
function make(tag, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name);
  if (classes.length > 0) element.className = classes.join(" ");
  element.append(...children.filter((child) => child !== null));
  return element;
}

function icon(state) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", ICONS[state]);
  svg.append(path);
  return svg;
}

/** Runs a generator in turns, telling how many bytes it has worked through. */
async function inTurns(work, tell) {
  let done = 0;
  let since = performance.now();
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    done += step.value;
    if (performance.now() - since < TURN) continue;
    tell(done);
    await new Promise((resolve) => setTimeout(resolve));
    since = performance.now();
  }
}

/** A bundle from a folder that was chosen: paths below the folder, composed. */
async function filesOfFolder(list) {
  const files = new Map();
  for (const file of list) {
    const path = file.webkitRelativePath.split("/").slice(1).join("/").normalize("NFC");
    files.set(path, new Uint8Array(await file.arrayBuffer()));
  }
  return files;
}

function startPage() {
  const at = (id) => document.getElementById(id);
  const checker = at("checker");
  if (checker === null) return;
  const [bundle, folder, since, named] = [at("bundle"), at("folder"), at("since"), at("named-key")];
  const [progress, bar, doing, answer] = [at("progress"), at("progress-bar"), at("doing"), at("answer")];
  const pageKey = keyOf(checker.dataset.key);
  const title = document.title;
  let newest = 0;

  const show = (element, ...children) => element.replaceChildren(...children.filter((child) => child !== null));

  /** Whether the named key is only the one that this page itself suggested. */
  const isSuggestion = (text) => pageKey !== null && text.trim() !== "" && isNamed(pageKey, text);

  async function check(source) {
    const mine = (newest += 1);
    const current = () => mine === newest;
    const say = (text) => {
      doing.textContent = text;
    };
    progress.hidden = false;
    bar.removeAttribute("value");
    show(answer);
    say(`${source.name} 파일을 읽고 있습니다.`);
    try {
      const opened = await source.open();
      // The ZIP is looked through once for its checksums and once for its hashes.
      const total = Math.max(1, opened.size);
      const tell = (done) => {
        if (!current()) return;
        bar.max = total;
        bar.value = Math.min(done, total);
        say(`${source.name} 확인 중: ${Math.floor((Math.min(done, total) * 100) / total)} %`);
      };
      const { files, fault, seen } = await opened.read(tell);
      const earlier = await earlierBundle();
      if (!current()) return;
      if (earlier !== null && earlier.fault !== null) {
        refuse(earlier.name, earlier.fault, null, false);
        return;
      }
      const key = named.value.trim() === "" ? null : named.value.trim();
      const report = files === null ? null
        : await inTurns(checkBundle(files, { key, since: earlier === null ? null : earlier.files }), (done) => tell(seen + done));
      if (!current()) return;
      if (fault !== null) refuse(source.name, fault, report, earlier !== null);
      else conclude(source, report, earlier !== null, headlineOf(report), summaryOf(report), report.codes.size === 0);
    } catch (error) {
      if (current()) refuse(source.name, `파일을 읽지 못했습니다 (${error.message})`, null, false);
    } finally {
      if (current()) {
        progress.hidden = true;
        say("");
      }
    }
  }

  async function earlierBundle() {
    const [file] = since.files;
    if (file === undefined) return null;
    const { files, fault } = await inTurns(filesOfZip(new Uint8Array(await file.arrayBuffer())), () => {});
    return { name: file.name, files, fault };
  }

  /** An archive that is not the one its files have: refused, with whatever its files show. */
  function refuse(name, fault, report, compared) {
    const hint = "받는 동안 깨졌거나 누가 바꾼 파일일 수 있습니다. 구청의 공시 화면에서 다시 받아 보세요. "
      + "ZIP을 풀었다가 다시 묶은 것이라면, 푼 폴더를 골라 확인해 주세요.";
    const wrong = report !== null && differingNumbers(report).length > 0;
    const headline = wrong ? headlineOf(report) : "공시 묶음으로 받아들일 수 없습니다";
    const summary = wrong ? summaryOf(report) : `${fault}.`;
    conclude({ name }, report, compared, headline, summary, false, wrong ? [`${fault}.`, hint] : [hint]);
  }

  function conclude(source, report, compared, headline, summary, good, more = []) {
    document.title = `${headline} | ${title}`;
    const heading = make("h2", icon(good ? "met" : "not"), make("span", headline));
    heading.tabIndex = -1;
    const size = source.size === undefined ? "" : ` (${grouped(Math.ceil(source.size / 1024))} KB)`;
    const unsure = good && report.verdict === 3
      ? make("p", "다만 누구의 키인지는 확인하지 않았습니다. 아래 지문을 구청이 알린 지문과 견주어 보세요.") : null;
    const verdict = make(good ? "div.verdict" : "div.verdict.verdict--bad", heading, make("p", summary), unsure,
      ...more.map((line) => make("p.note", line)), make("p.note", `${source.name}${size}`));
    show(answer, verdict, report === null ? null : details(report, compared));
    heading.focus();
  }

  function details(report, compared) {
    const parts = make("div.stack");
    const numbers = differingNumbers(report);
    if (numbers.length > 0) parts.append(numbersTable(numbers, report));
    parts.append(make("h3", "무엇을 확인했나요"));
    const list = make("ol.reasons");
    for (const { state, text, note } of checksOf(report, { since: compared, known: isSuggestion(named.value) })) {
      list.append(make(`li.is-${state}`, make("span.reasons__mark", icon(state)),
        make("div", make("span.reasons__word", STATE_WORDS[state]), make("p", text), note === "" ? null : make("p.note", note))));
    }
    parts.append(list);
    if (report.fingerprint !== null) parts.append(make("p", "이 묶음을 서명한 키의 지문: ", make("code", report.fingerprint)));
    if (report.problems.length > 0) parts.append(problemList(report));
    const proven = report.codes.size > 0 ? "" : `증명하는 것: ${PROVES} ${report.compared ? `${PROVES_SINCE} ` : ""}`;
    parts.append(make("p.note", proven, PROVES_NOT));
    return parts;
  }

  function numbersTable(numbers, report) {
    const head = (text, number) => {
      const cell = make(number ? "th.num" : "th", text);
      cell.scope = "col";
      return cell;
    };
    const body = make("tbody");
    for (const { name, year, unit, field, column, printed, recomputed } of numbers.slice(0, LISTED)) {
      const difference = differenceOf(printed, recomputed);
      const place = make("th", `${name} `, make("small", [`${year}년`, unit, ...(field === TOTAL_FIELD ? [] : [field]), column].join(" · ")));
      place.scope = "row";
      body.append(make("tr", place, make("td.num", grouped(printed)), make("td.num", grouped(recomputed)),
        make("td.num", make("b", difference === null ? "?" : `${difference > 0n ? "+" : ""}${grouped(difference)}`))));
    }
    return make("table",
      make("caption", "맞지 않는 숫자 ", make("span.note", `${grouped(report.numbers)}개 가운데 ${grouped(report.numbersWrong)}개`)),
      make("thead", make("tr", head("사업"), head("공시표", true), head("기록의 합", true), head("차이", true))), body);
  }

  function problemList(report) {
    const list = make("ul");
    for (const problem of report.problems.slice(0, LISTED)) {
      list.append(make("li", `${sentenceOf(problem)} `, make("code", problem.code)));
    }
    const rest = report.problems.length + report.further - LISTED;
    if (rest > 0) list.append(make("li", `그 밖에 ${grouped(rest)}건 더 있습니다.`));
    const fold = make("details.fold", make("summary", `찾은 것 ${grouped(report.problems.length + report.further)}건 모두 보기`), make("div.prose", list));
    fold.open = report.problems.length <= 10;
    return fold;
  }

  /** A file that was chosen or dropped. */
  const ofZip = (file) => ({
    name: file.name,
    size: file.size,
    open: async () => {
      const bytes = new Uint8Array(await file.arrayBuffer());
      const read = async (tell) => {
        const { files, fault } = await inTurns(filesOfZip(bytes), tell);
        return { files, fault, seen: bytes.length };
      };
      return { size: 2 * bytes.length, read };
    },
  });

  const ofFolder = (list) => ({
    name: list[0].webkitRelativePath.split("/")[0],
    open: async () => {
      const files = await filesOfFolder(list);
      const size = [...files.values()].reduce((sum, bytes) => sum + bytes.length, 0);
      return { size, read: async () => ({ files, fault: null, seen: 0 }) };
    },
  });

  let source = null;
  const again = () => {
    if (source === null) {
      show(answer, make("p", "먼저 공시 묶음 파일을 골라 주세요."));
      bundle.focus();
    } else {
      check(source);
    }
  };
  bundle.addEventListener("change", () => {
    source = bundle.files.length > 0 ? ofZip(bundle.files[0]) : null;
    if (source !== null) again();
  });
  // The attribute is in no HTML standard, so the field carries it only while the folder is chosen.
  folder.addEventListener("click", () => { folder.webkitdirectory = true; });
  folder.addEventListener("cancel", () => { folder.webkitdirectory = false; });
  folder.addEventListener("change", () => {
    folder.webkitdirectory = false;
    source = folder.files.length > 0 ? ofFolder([...folder.files]) : null;
    if (source !== null) again();
  });
  since.addEventListener("change", () => source !== null && again());
  at("check-again").addEventListener("click", again);
  // Enter in the field of the key.
  at("checker-form").addEventListener("submit", (event) => {
    event.preventDefault();
    again();
  });

  // A file that misses the field would otherwise replace the page.
  for (const kind of ["dragover", "drop"]) document.addEventListener(kind, (event) => event.preventDefault());
  const drop = at("drop");
  for (const kind of ["dragenter", "dragover"]) drop.addEventListener(kind, () => drop.classList.add("is-over"));
  for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("is-over"));
  document.addEventListener("drop", (event) => {
    const [file] = event.dataTransfer === null ? [] : event.dataTransfer.files;
    if (file === undefined) return;
    source = ofZip(file);
    again();
  });

  // ---- Receipts

  const receiptText = at("receipt-text");
  const receiptAnswer = at("receipt-answer");
  const receiptKey = () => (isSuggestion(named.value) ? pageKey : keyOf(named.value.trim()));

  function checkReceipt() {
    const receipt = receiptOf(`${receiptText.value.replace(/\r\n/g, "\n").trim()}\n`);
    const leaf = receipt === null ? null : receipt.extra;
    const key = receiptKey();
    const fault = key === null ? "unknown" : receiptFault(receipt, leaf, key);
    const good = fault === null;
    const heading = make("h3", icon(good ? "met" : "not"), make("span", good ? "확인증이 맞습니다" : "확인증이 맞지 않습니다"));
    heading.tabIndex = -1;
    const facts = good ? [make("p", leafSentence(leafOf(leaf))), make("p.note", `장부 ${receipt.checkpoint.origin}의 `
      + `${grouped(receipt.checkpoint.size)}건 가운데 ${grouped(receipt.index + 1)}번째 기록입니다.`)] : [];
    show(receiptAnswer, make(good ? "div.verdict" : "div.verdict.verdict--bad", heading,
      make("p", good ? RECEIPT_GOOD : RECEIPT_FAULTS[fault]), ...facts));
    heading.focus();
  }
  at("check-receipt").addEventListener("click", checkReceipt);
  at("receipt-form").addEventListener("submit", (event) => {
    event.preventDefault();
    checkReceipt();
  });
  at("receipt-file").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (file === undefined) return;
    receiptText.value = await file.text();
    checkReceipt();
  });

  for (const hidden of document.querySelectorAll("[data-with-script]")) hidden.hidden = false;
}

startPage();
