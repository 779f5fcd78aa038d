// SHA-256 and SHA-512 (FIPS 180-4).
//
// Browsers have both, but only asynchronously and, in some, not for a page that was opened from a file. The constants
// are not copied from anywhere: they are what the standard says they are, the first bits of the fractional parts of
// roots of primes. SHA-256's are the upper halves of SHA-512's.

const SHA2 = (() => {
  /** The largest integer whose `power` is not above the number, by Newton's method. */
  const root = (number, power) => {
    const n = BigInt(power);
    let guess = 1n << (BigInt(number.toString(2).length) / n + 1n);
    for (;;) {
      const next = ((n - 1n) * guess + number / guess ** (n - 1n)) / n;
      if (next >= guess) return guess;
      guess = next;
    }
  };
  const primes = [];
  for (let number = 2; primes.length < 80; number += 1) {
    if (primes.every((prime) => number % prime !== 0)) primes.push(number);
  }
  /** The first 64 bits of the fractional part of a prime's root. */
  const fraction = (prime, power) => BigInt.asUintN(64, root(BigInt(prime) << BigInt(64 * power), power));
  const halves = (numbers) => {
    const words = new Int32Array(2 * numbers.length);
    numbers.forEach((number, at) => {
      words[2 * at] = Number(BigInt.asIntN(32, number >> 32n));
      words[2 * at + 1] = Number(BigInt.asIntN(32, number));
    });
    return words;
  };
  const rounds = halves(primes.map((prime) => fraction(prime, 3)));
  const start = halves(primes.slice(0, 8).map((prime) => fraction(prime, 2)));
  const upper = (words, count) => Int32Array.from({ length: count }, (_, at) => words[2 * at]);
  return { rounds256: upper(rounds, 64), start256: upper(start, 8), rounds512: rounds, start512: start };
})();

/** SHA-256 that takes its input in pieces. */
class Sha256 {
  constructor() {
    this.state = new Int32Array(8);
    this.words = new Int32Array(64);
    this.block = new Uint8Array(64);
    this.restart();
  }

  /** Forgets everything, so that one object can hash many leaves. */
  restart() {
    this.state.set(SHA2.start256);
    this.held = 0;
    this.length = 0;
    return this;
  }

  update(bytes) {
    this.length += bytes.length;
    let at = 0;
    if (this.held > 0) {
      at = Math.min(64 - this.held, bytes.length);
      this.block.set(bytes.subarray(0, at), this.held);
      this.held += at;
      if (this.held < 64) return this;
      this.mix(this.block, 0);
      this.held = 0;
    }
    for (; at + 64 <= bytes.length; at += 64) this.mix(bytes, at);
    this.held = bytes.length - at;
    this.block.set(bytes.subarray(at));
    return this;
  }

  digest() {
    const bits = this.length * 8;
    const tail = new Uint8Array(this.held < 56 ? 64 - this.held : 128 - this.held);
    tail[0] = 0x80;
    const end = new DataView(tail.buffer);
    end.setUint32(tail.length - 8, Math.floor(bits / 0x100000000));
    end.setUint32(tail.length - 4, bits >>> 0);
    this.update(tail);
    const hash = new Uint8Array(32);
    const view = new DataView(hash.buffer);
    for (let at = 0; at < 8; at += 1) view.setInt32(4 * at, this.state[at]);
    return hash;
  }

  mix(bytes, from) {
    const w = this.words;
    const k = SHA2.rounds256;
    for (let t = 0, at = from; t < 16; t += 1, at += 4) {
      w[t] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
    }
    for (let t = 16; t < 64; t += 1) {
      const x = w[t - 15];
      const y = w[t - 2];
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[t] = (w[t - 16] + s0 + w[t - 7] + s1) | 0;
    }
    const state = this.state;
    let [a, b, c, d, e, f, g, h] = state;
    for (let t = 0; t < 64; t += 1) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const one = (h + s1 + ((e & f) ^ (~e & g)) + k[t] + w[t]) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + one) | 0;
      d = c;
      c = b;
      b = a;
      a = (one + two) | 0;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    state[5] += f;
    state[6] += g;
    state[7] += h;
  }
}

function sha256(...parts) {
  const hasher = new Sha256();
  for (const part of parts) hasher.update(part);
  return hasher.digest();
}

/** SHA-512 of a whole message. A 64-bit word is two 32-bit halves, upper one first. */
function sha512(...parts) {
  const message = joined(parts);
  const padded = new Uint8Array(Math.ceil((message.length + 17) / 128) * 128);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor((message.length * 8) / 0x100000000));
  view.setUint32(padded.length - 4, (message.length * 8) >>> 0);
  const state = Int32Array.from(SHA2.start512);
  const w = new Int32Array(160);
  const v = new Int32Array(16);
  const k = SHA2.rounds512;
  /** Adds the word at `from` in `words` to the word at `to` in `sums`. */
  const add = (sums, to, high, low) => {
    const sum = (sums[to + 1] >>> 0) + (low >>> 0);
    sums[to] = sums[to] + high + (sum > 0xffffffff ? 1 : 0);
    sums[to + 1] = sum;
  };
  // A word turned right by n: for n below 32 the halves feed each other, above it they also change places.
  const turnedHigh = (high, low, n) => (n < 32 ? (high >>> n) | (low << (32 - n)) : (low >>> (n - 32)) | (high << (64 - n)));
  const turnedLow = (high, low, n) => turnedHigh(low, high, n);
  const shiftedHigh = (high, n) => high >>> n;
  const shiftedLow = (high, low, n) => (low >>> n) | (high << (32 - n));
  const t = new Int32Array(4);
  for (let from = 0; from < padded.length; from += 128) {
    for (let at = 0; at < 32; at += 1) w[at] = view.getInt32(from + 4 * at);
    for (let at = 32; at < 160; at += 2) {
      const [xh, xl, yh, yl] = [w[at - 30], w[at - 29], w[at - 4], w[at - 3]];
      w[at] = w[at - 32];
      w[at + 1] = w[at - 31];
      add(w, at, turnedHigh(xh, xl, 1) ^ turnedHigh(xh, xl, 8) ^ shiftedHigh(xh, 7),
        turnedLow(xh, xl, 1) ^ turnedLow(xh, xl, 8) ^ shiftedLow(xh, xl, 7));
      add(w, at, w[at - 14], w[at - 13]);
      add(w, at, turnedHigh(yh, yl, 19) ^ turnedHigh(yh, yl, 61) ^ shiftedHigh(yh, 6),
        turnedLow(yh, yl, 19) ^ turnedLow(yh, yl, 61) ^ shiftedLow(yh, yl, 6));
    }
    v.set(state);
    for (let at = 0; at < 160; at += 2) {
      const [ah, al, eh, el] = [v[0], v[1], v[8], v[9]];
      t[0] = v[14];
      t[1] = v[15];
      add(t, 0, turnedHigh(eh, el, 14) ^ turnedHigh(eh, el, 18) ^ turnedHigh(eh, el, 41),
        turnedLow(eh, el, 14) ^ turnedLow(eh, el, 18) ^ turnedLow(eh, el, 41));
      add(t, 0, (eh & v[10]) ^ (~eh & v[12]), (el & v[11]) ^ (~el & v[13]));
      add(t, 0, k[at], k[at + 1]);
      add(t, 0, w[at], w[at + 1]);
      t[2] = turnedHigh(ah, al, 28) ^ turnedHigh(ah, al, 34) ^ turnedHigh(ah, al, 39);
      t[3] = turnedLow(ah, al, 28) ^ turnedLow(ah, al, 34) ^ turnedLow(ah, al, 39);
      add(t, 2, (ah & v[2]) ^ (ah & v[4]) ^ (v[2] & v[4]), (al & v[3]) ^ (al & v[5]) ^ (v[3] & v[5]));
      v.copyWithin(2, 0, 14);
      add(v, 8, t[0], t[1]);
      v[0] = t[0];
      v[1] = t[1];
      add(v, 0, t[2], t[3]);
    }
    for (let at = 0; at < 16; at += 2) add(state, at, v[at], v[at + 1]);
  }
  const hash = new Uint8Array(64);
  const out = new DataView(hash.buffer);
  for (let at = 0; at < 16; at += 1) out.setInt32(4 * at, state[at]);
  return hash;
}
