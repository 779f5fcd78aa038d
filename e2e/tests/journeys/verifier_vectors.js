// Every vector of the format page, and those of the standards it rests on, against the verifier that is loaded in this
// window. Gets the page's text; returns what is wrong.

const page = arguments[0];
const wrong = [];
const expect = (what, holds) => {
  if (!holds) wrong.push(what);
};
const blocks = new Map([...page.matchAll(/```vector:(\S+)\n([\s\S]*?)```/g)].map(([, name, text]) => [name, text]));
const used = new Set();
const block = (name) => {
  used.add(name);
  return blocks.get(name) || "";
};
const lines = (name) => block(name).trimEnd().split("\n");

// The standards.
const repeated = (text, times) => bytesOf(text.repeat(times));
expect("SHA-256 of nothing", hexOf(sha256()) === "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
expect("SHA-256 of abc", hexOf(sha256(bytesOf("abc"))) === "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
expect("SHA-256 of a million a", hexOf(sha256(repeated("a", 1000000))) === "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
const abc512 = "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f";
expect("SHA-512 of abc", hexOf(sha512(bytesOf("abc"))) === abc512);
for (let length = 0; length < 300; length += 1) {
  const whole = repeated("x", length);
  const pieces = new Sha256();
  for (let at = 0; at < length; at += 7) pieces.update(whole.subarray(at, at + 7));
  expect(`SHA-256 of ${length} bytes in pieces`, hexOf(pieces.digest()) === hexOf(sha256(whole)));
}
// RFC 8032 section 7.1: TEST 1, 2, 3 and SHA(abc).
const signed = [
  ["d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"],
  ["3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"],
  ["fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"],
  ["ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf", abc512,
    "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"],
].map((hexes) => hexes.map(bytesOfHex));
const numberBytes = (number) => Uint8Array.from({ length: 32 }, (_, at) => Number((number >> BigInt(8 * at)) & 0xffn));
signed.forEach(([key, message, signature], at) => {
  expect(`RFC 8032 signature ${at}`, isSignature(key, message, signature));
  for (const bit of [0, 100, 255, 256, 300, 511]) {
    const bent = signature.slice();
    bent[bit >> 3] ^= 1 << (bit & 7);
    expect(`RFC 8032 signature ${at} with bit ${bit} flipped`, !isSignature(key, message, bent));
  }
  expect(`RFC 8032 signature ${at} of more`, !isSignature(key, joined([message, Uint8Array.of(0)]), signature));
  const above = numberBytes(ED.numberOf(signature.subarray(32)) + ED.order);
  expect(`RFC 8032 signature ${at} with S not reduced`, !isSignature(key, message, joined([signature.subarray(0, 32), above])));
});
for (const y of [0n, 1n, 2n ** 255n - 20n, 2n ** 255n - 19n, 2n ** 255n - 18n]) {
  expect(`the key ${y} is of small order or not reduced`, publicPoint(numberBytes(y)) === null);
}

// The page.
expect("words", block("words") === `field: ${FIELDS.join(" | ")}\nunit: ${UNITS.join(" | ")}\nwhy: ${REASONS.join(" | ")}\n`
  + "grade 0 to 4: 보도 | 집계 | 본인 확인 | 사업주 확인 | 문서 증빙\n");
const pairs = lines("leaves");
const leaves = [];
for (let at = 0; at < pairs.length; at += 2) {
  const leaf = bytesOf(pairs[at + 1]);
  expect(`leaf ${pairs[at + 1]}`, hexOf(leafHash(leaf)) === pairs[at] && leafOf(leaf) !== null);
  leaves.push(leaf);
}
for (const line of lines("not-leaves")) expect(`no leaf ${line}`, leafOf(bytesOf(line)) === null);
const tree = new Tree();
leaves.slice(0, 8).forEach((leaf) => tree.push(leafHash(leaf)));
for (const line of lines("roots")) {
  const [size, root] = line.split(" ");
  expect(`root at ${size}`, hexOf(tree.rootAt(Number(size))) === root);
}
const inclusion = lines("inclusion-3-of-7").map(bytesOfHex);
expect("inclusion", includes(leafHash(leaves[3]), 3, 7, tree.rootAt(7), inclusion));
expect("inclusion of another", !includes(leafHash(leaves[2]), 3, 7, tree.rootAt(7), inclusion));
expect("inclusion elsewhere", [0, 1, 2, 4, 5, 6, 7].every((index) => !includes(leafHash(leaves[3]), index, 7, tree.rootAt(7), inclusion)));
expect("inclusion beyond the size", !includes(tree.rootAt(1), 1, 1, tree.rootAt(1), []));
const consistency = lines("consistency-3-to-8").map(bytesOfHex);
expect("consistency", continues(3, tree.rootAt(3), 8, tree.rootAt(8), consistency));
expect("consistency with another root", !continues(3, tree.rootAt(4), 8, tree.rootAt(8), consistency));
expect("consistency from 0", !continues(0, tree.rootAt(0), 8, tree.rootAt(8), []));
for (const line of lines("tile-counts")) {
  const [size, ...rows] = line.split(" ");
  const tiles = tilesOf(Number(size));
  const counts = [0, 1, 2].map((level) => tiles.filter((tile) => tile.level === level))
    .map((row) => `${row.filter((tile) => tile.width === 256).length}+${(row.find((tile) => tile.width < 256) || { width: 0 }).width}`);
  expect(`tiles of ${size}`, counts.join(" ") === rows.join(" "));
}
for (const path of lines("tile-paths")) expect(`tile ${path}`, tileOf(path) !== null && tilePath(tileOf(path)) === path);
const facts = new Map(lines("key").map((line) => [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)]));
const key = keyOf(facts.get("key"));
expect("key", key !== null && key.id === facts.get("id") && fingerprintOf(key) === facts.get("fingerprint"));
expect("key by its fingerprint", isNamed(key, facts.get("fingerprint").toUpperCase().replace(/ /g, "")) && isNamed(key, facts.get("key")));
expect("another id", keyOf(facts.get("key").replace("fc6b34ac", "fc6b34ad")) === null);
for (const [name, size] of [["checkpoint-1", 7], ["checkpoint", 8]]) {
  const note = noteOf(bytesOf(block(name)));
  const head = checkpointOf(note.text);
  expect(name, isSignedBy(note, key) && head.size === size && sameBytes(head.root, tree.rootAt(size)));
}
const receipt = receiptOf(block("receipt"));
expect("receipt", receiptFault(receipt, leaves[3], key) === null && receiptFault(receipt, leaves[2], key) === "proof");
const commitment = new Map(lines("commitment").map((line) => line.split(" ")));
expect("commitment", commitment.get("commitment") === hexOf(sha256(bytesOf("iljari.example/commitment@v1\n"),
  bytesOfHex(commitment.get("blinding")), bytesOfHex(commitment.get("content")))));
const codes = lines("codes").map((line) => line.slice(0, line.indexOf(":")));
expect(`codes without a sentence: ${codes.filter((code) => !(code in SENTENCES))}`, codes.every((code) => code in SENTENCES));
expect(`sentences without a code: ${Object.keys(SENTENCES).filter((code) => !codes.includes(code))}`, Object.keys(SENTENCES).every((code) => codes.includes(code)));
const checked = [...CHECKS.flatMap((check) => check.codes), ...SINCE_CODES, "key-other"];
expect("every code belongs to a check", codes.every((code) => checked.includes(code)));

// The bundle of section 11, put together from the page alone.
const table = (name) => bytesOf(`\ufeff${block(name).replace(/\n/g, "\r\n")}`);
const entries = joined(leaves.slice(0, 8).map((leaf) => joined([Uint8Array.of(leaf.length >> 8, leaf.length & 255), leaf])));
const files = new Map([
  ["checkpoint", bytesOf(block("checkpoint"))],
  ["checkpoint-1", bytesOf(block("checkpoint-1"))],
  ["documents.sha256", bytesOf(block("documents.sha256"))],
  ["documents/dictionary.csv", table("dictionary.csv")],
  ["documents/notice.txt", bytesOf(block("notice-file"))],
  ["documents/plan/종합-2023.yaml", bytesOf(block("plan-file"))],
  ["documents/totals.csv", table("totals.csv")],
  ["documents/totals.json", bytesOf(block("totals.json"))],
  ["documents/tree.csv", table("tree.csv")],
  ["key", bytesOf(`${facts.get("key")}\n`)],
  ["log/tile/0/000.p/8", tree.tile({ level: 0, index: 0, width: 8 })],
  ["log/tile/entries/000.p/8", entries],
  ["manifest", bytesOf(block("manifest"))],
]);
const report = finished(checkBundle(files, { key: facts.get("fingerprint") }));
expect(`the bundle of the page: ${[...report.codes]}`, report.verdict === 0 && report.jobs === 163);

// Tables by personal attributes: the one of the page is sound, and every change of a row is found by its code.
expect("attribute words", block("attribute-words") === `attribute: ${ATTRIBUTES.join(" | ")}\nunit: ${ATTRIBUTE_UNITS.join(" | ")}\n`
  + `hidden: ${HIDDEN}\ntotal: ${TOTAL_FIELD}\nunknown: ${UNKNOWN_ITEM}\n`);
const ages = block("attributes.csv");
const codesOfAges = (text) => finished(checkBundle(new Map([...files,
  ["documents/attributes/연령대.csv", bytesOf(`\ufeff${text.replace(/\n/g, "\r\n")}`)]]))).codes;
const attributeCodes = (text) => [...codesOfAges(text)].filter((code) => code.startsWith("attributes-"));
expect("the table of ages", attributeCodes(ages).length === 0);
const refused = block("attributes-refused").replace(/\n$/, "").split("\n");
for (let at = 0; at < refused.length; at += 3) {
  const [code, before, after] = refused.slice(at, at + 3);
  const changed = ages.replace(`${before}\n`, after === "" ? "" : `${after}\n`);
  expect(`${code} for ${before} → ${after}`, changed !== ages && codesOfAges(changed).has(code));
}

const parts = [];
const directory = [];
let offset = 0;
for (const [path, bytes] of files) {
  const name = bytesOf(path);
  const header = fileHeader(finished(crc32(bytes)), bytes.length, name.length);
  const whole = joined([Uint8Array.of(0x50, 0x4b, 3, 4), header, name, bytes]);
  directory.push({ header, offset, name });
  parts.push(whole);
  offset += whole.length;
}
const archive = joined([...parts, zipDirectory(directory, offset)]);
expect("the ZIP of the page", block("zip").trim() === `${archive.length} ${hexOf(sha256(archive))}`);
const read = finished(filesOfZip(archive));
expect("the ZIP read again", read.fault === null && read.files.size === files.size);

// Limits that no mutant reaches.
const many = new Map(files);
for (let number = 0; number < 20000; number += 1) many.set(`documents/${number}`, new Uint8Array(0));
expect("too many files", finished(checkBundle(many)).codes.has("too-large"));

expect(`vectors that nothing here knows: ${[...blocks.keys()].filter((name) => !used.has(name))}`, [...blocks.keys()].every((name) => used.has(name)));
return wrong;
