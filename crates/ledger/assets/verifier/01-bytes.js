"use strict";
// The verifier of disclosure bundles that runs in a browser. It is written from docs/reference/format.md alone
// ("the page" below) and shares nothing with the Rust checker: two programs that agree are worth more than one.
//
// Ten plain scripts, read one after the other as if they were one; no module, no build step, no library. Nothing here
// talks to the network. Whatever can be wrong with a file is an answer; what throws is a bug.
//
// This first part: bytes and texts. Everything is read strictly (section 1 of the page): what would not be written
// byte for byte the same is refused, and refusing is `null`.

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text that UTF-8 bytes spell, or null. A byte order mark stays in the text. */
function textOf(bytes) {
  try {
    return UTF8.decode(bytes);
  } catch (error) {
    return null;
  }
}

/** The UTF-8 bytes of a text. */
function bytesOf(text) {
  return new TextEncoder().encode(text);
}

function sameBytes(a, b) {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at += 1) if (a[at] !== b[at]) return false;
  return true;
}

/** One array of several. */
function joined(parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Lower-case hex. */
function hexOf(bytes) {
  let hex = "";
  for (const byte of bytes) hex += (byte < 16 ? "0" : "") + byte.toString(16);
  return hex;
}

/** The bytes of lower-case hex, or null. */
function bytesOfHex(hex) {
  if (!/^([0-9a-f]{2})*$/.test(hex)) return null;
  const bytes = new Uint8Array(hex.length / 2);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = parseInt(hex.slice(2 * at, 2 * at + 2), 16);
  return bytes;
}

const isHash = (text) => /^[0-9a-f]{64}$/.test(text);

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Base64 with padding (RFC 4648 section 4). */
function base64Of(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const three = (bytes[at] << 16) | ((left > 1 ? bytes[at + 1] : 0) << 8) | (left > 2 ? bytes[at + 2] : 0);
    text += BASE64[three >> 18] + BASE64[(three >> 12) & 63];
    text += (left > 1 ? BASE64[(three >> 6) & 63] : "=") + (left > 2 ? BASE64[three & 63] : "=");
  }
  return text;
}

/** The bytes of base64, or null. Bits that belong to no byte must be zero, which writing it again shows. */
function bytesOfBase64(text) {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  const letters = text.replace(/=+$/, "");
  const bytes = new Uint8Array(Math.floor((letters.length * 3) / 4));
  let held = 0;
  let bits = 0;
  let at = 0;
  for (const letter of letters) {
    held = ((held << 6) | BASE64.indexOf(letter)) & 0xfff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at] = (held >> bits) & 0xff;
      at += 1;
    }
  }
  return base64Of(bytes) === text ? bytes : null;
}

/** The number that a decimal spells (no sign, no leading zero, at most 2^53 - 1), or null. */
function decimalOf(text) {
  if (!/^(0|[1-9][0-9]{0,15})$/.test(text)) return null;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : null;
}

/** "Sorted by path" compares UTF-8 bytes, which is the order of code points and not that of UTF-16. */
function compareText(a, b) {
  const rank = (unit) => (unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit);
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const difference = rank(a.charCodeAt(at)) - rank(b.charCodeAt(at));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

const isComposed = (text) => text === text.normalize("NFC");

/** Control characters, where the page says no more: those of Unicode's category Cc. */
const hasControl = (text) => /[\u0000-\u001f\u007f-\u009f]/.test(text);
