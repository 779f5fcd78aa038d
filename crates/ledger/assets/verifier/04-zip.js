// The ZIP twin of a bundle (section 9 of the page, "ZIP twin").
//
// This is no ZIP reader in general: it accepts exactly the one archive that a set of files has, and so every byte of an
// accepted archive is accounted for.

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest;
});

/** How many bytes are worked on before the browser gets its turn. */
const STRIDE = 1 << 20;

/** CRC-32; yields how many bytes it has seen since the last time. */
function* crc32(bytes) {
  let rest = 0xffffffff;
  for (let from = 0; from < bytes.length; from += STRIDE) {
    const to = Math.min(from + STRIDE, bytes.length);
    for (let at = from; at < to; at += 1) rest = (rest >>> 8) ^ CRC_TABLE[(rest ^ bytes[at]) & 0xff];
    yield to - from;
  }
  return ~rest >>> 0;
}

/**
 * Reads an archive. Returns `{ files, fault }`: a Map from path to bytes in the order of the archive, and `null` or the
 * sentence why this archive is refused. A refused archive still gives its files where they can be told apart, so that a
 * page can say which of them differs; it is refused all the same. Yields progress in bytes.
 */
function* filesOfZip(archive) {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const files = new Map();
  const directory = [];
  let fault = null;
  let at = 0;
  let last = null;
  const blame = (sentence) => {
    if (fault === null) fault = sentence;
  };
  while (at + 4 <= archive.length && view.getUint32(at, true) === 0x04034b50) {
    const size = at + 30 <= archive.length ? view.getUint32(at + 18, true) : archive.length;
    const length = at + 30 <= archive.length ? view.getUint16(at + 26, true) : 0;
    const content = at + 30 + length;
    if (content + size > archive.length) return { files: null, fault: fault || "파일이 중간에서 끊겼습니다" };
    const path = textOf(archive.subarray(at + 30, content));
    if (path !== null && !isPath(path)) blame(`묶음에 있을 수 없는 파일 이름이 있습니다: ${path}`);
    if (path === null || files.has(path)) return { files: null, fault: fault || "파일 이름을 읽을 수 없거나 두 번 나옵니다" };
    if (last !== null && compareText(last, path) >= 0) blame(`파일이 이름 순서로 있지 않습니다: ${path}`);
    const bytes = archive.subarray(content, content + size);
    const header = fileHeader(yield* crc32(bytes), size, length);
    if (!sameBytes(archive.subarray(at + 4, at + 30), header)) blame(`깨졌거나 압축된 파일이 있습니다: ${path}`);
    directory.push({ header, offset: at, name: archive.subarray(at + 30, content) });
    files.set(path, bytes);
    last = path;
    at = content + size;
  }
  if (files.size > FILES_MAX || [...files.values()].reduce((sum, bytes) => sum + bytes.length, 0) > BYTES_MAX) {
    blame("파일이 2만 개를 넘거나 모두 합쳐 512 MiB를 넘습니다");
  }
  if (files.size === 0) blame("ZIP 파일이 아닙니다");
  const rest = zipDirectory(directory, at);
  if (rest === null || !sameBytes(archive.subarray(at), rest)) {
    blame("ZIP의 파일 차례표가 묶음의 형식과 다릅니다");
  }
  return { files: files.size === 0 ? null : files, fault };
}

/** What stands in both headers of a file, from version to the second length. */
function fileHeader(crc, size, length) {
  const header = new Uint8Array(26);
  const view = new DataView(header.buffer);
  view.setUint16(0, 10, true);
  view.setUint16(2, 0x0800, true);
  view.setUint16(8, 0x0021, true);
  view.setUint32(10, crc, true);
  view.setUint32(14, size, true);
  view.setUint32(18, size, true);
  view.setUint16(22, length, true);
  return header;
}

/** The second part and the end of the archive whose second part begins at `start`; null if it cannot be written. */
function zipDirectory(entries, start) {
  if (entries.length > 0xffff || start > 0xffffffff) return null;
  const parts = [];
  let length = 0;
  for (const { header, offset, name } of entries) {
    const where = new Uint8Array(14);
    new DataView(where.buffer).setUint32(10, offset, true);
    parts.push(Uint8Array.of(0x50, 0x4b, 1, 2, 10, 0), header, where, name);
    length += 46 + name.length;
  }
  const end = new Uint8Array(22);
  const view = new DataView(end.buffer);
  view.setUint32(0, 0x06054b50, true);
  view.setUint16(8, entries.length, true);
  view.setUint16(10, entries.length, true);
  view.setUint32(12, length, true);
  view.setUint32(16, start, true);
  return joined([...parts, end]);
}
