// Ed25519 signatures (RFC 8032), checking only.
//
// Nothing secret is here, so nothing needs constant time, and big integers will do: three signatures are a few hundredths
// of a second. Strict: S below the order, points in their one encoding, no point of small order, no cofactor.

const ED = (() => {
  const p = 2n ** 255n - 19n;
  const mod = (number) => {
    const rest = number % p;
    return rest < 0n ? rest + p : rest;
  };
  const power = (base, exponent) => {
    let result = 1n;
    for (let square = mod(base); exponent > 0n; exponent >>= 1n) {
      if (exponent & 1n) result = mod(result * square);
      square = mod(square * square);
    }
    return result;
  };
  const inverse = (number) => power(number, p - 2n);
  const d = mod(-121665n * inverse(121666n));
  const rootOfMinusOne = power(2n, (p - 1n) / 4n);

  // A point is (X, Y, Z, T) with x = X/Z, y = Y/Z and T = XY/Z (RFC 8032 section 5.1.4).
  const ZERO = [0n, 1n, 1n, 0n];
  const add = ([X1, Y1, Z1, T1], [X2, Y2, Z2, T2]) => {
    const a = (Y1 - X1) * (Y2 - X2) % p;
    const b = (Y1 + X1) * (Y2 + X2) % p;
    const c = T1 * 2n * d % p * T2 % p;
    const e = Z1 * 2n * Z2 % p;
    return [mod((b - a) * (e - c)), mod((e + c) * (b + a)), mod((e - c) * (e + c)), mod((b - a) * (b + a))];
  };
  const double = ([X, Y, Z]) => {
    const a = X * X % p;
    const b = Y * Y % p;
    const c = 2n * Z * Z % p;
    const h = a + b;
    const e = h - (X + Y) * (X + Y);
    const g = a - b;
    const f = c + g;
    return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
  };
  const negative = ([X, Y, Z, T]) => [mod(-X), Y, Z, mod(-T)];
  const isZero = ([X, Y, Z]) => X === 0n && mod(Y - Z) === 0n;

  /** [s]P + [t]Q, with both scalars read from the top bit down. */
  const twoTimes = (s, P, t, Q) => {
    const both = add(P, Q);
    let sum = ZERO;
    for (let bit = 255n; bit >= 0n; bit -= 1n) {
      sum = double(sum);
      const one = (s >> bit) & 1n;
      const two = (t >> bit) & 1n;
      if (one && two) sum = add(sum, both);
      else if (one) sum = add(sum, P);
      else if (two) sum = add(sum, Q);
    }
    return sum;
  };

  const numberOf = (bytes) => {
    let number = 0n;
    for (let at = bytes.length - 1; at >= 0; at -= 1) number = (number << 8n) | BigInt(bytes[at]);
    return number;
  };

  /** The point that 32 bytes encode, or null (RFC 8032 section 5.1.3). */
  const decode = (bytes) => {
    if (bytes.length !== 32) return null;
    const odd = (bytes[31] & 0x80) !== 0;
    const y = numberOf(bytes) & (2n ** 255n - 1n);
    if (y >= p) return null;
    const u = mod(y * y - 1n);
    const v = mod(d * y * y + 1n);
    let x = mod(u * v ** 3n * power(u * v ** 7n, (p - 5n) / 8n));
    const check = mod(v * x * x);
    if (check === mod(-u)) x = mod(x * rootOfMinusOne);
    else if (check !== u) return null;
    if (x === 0n && odd) return null;
    if (((x & 1n) === 1n) !== odd) x = p - x;
    return [x, y, 1n, mod(x * y)];
  };

  /** Whether two points are the same, whatever their Z. */
  const same = ([X1, Y1, Z1], [X2, Y2, Z2]) => mod(X1 * Z2 - X2 * Z1) === 0n && mod(Y1 * Z2 - Y2 * Z1) === 0n;

  const hasSmallOrder = (point) => isZero(double(double(double(point))));

  const baseBytes = new Uint8Array(32).fill(0x66);
  baseBytes[0] = 0x58;
  return {
    order: 2n ** 252n + 27742317777372353535851937790883648493n,
    base: decode(baseBytes),
    decode, same, negative, twoTimes, numberOf, hasSmallOrder,
  };
})();

const KNOWN_POINTS = new Map();

/** The point of a public key, or null if it is none or of small order. The few keys of a log come again and again. */
function publicPoint(bytes) {
  const known = hexOf(bytes);
  if (!KNOWN_POINTS.has(known)) {
    const point = ED.decode(bytes);
    if (KNOWN_POINTS.size >= 64) KNOWN_POINTS.clear();
    KNOWN_POINTS.set(known, point !== null && !ED.hasSmallOrder(point) ? point : null);
  }
  return KNOWN_POINTS.get(known);
}

/** Whether 64 bytes are a signature over the message by the key with these 32 bytes. */
function isSignature(publicKey, message, signature) {
  const key = publicPoint(publicKey);
  if (key === null || signature.length !== 64) return false;
  const r = signature.subarray(0, 32);
  const s = ED.numberOf(signature.subarray(32));
  const point = ED.decode(r);
  if (s >= ED.order || point === null || ED.hasSmallOrder(point)) return false;
  const k = ED.numberOf(sha512(r, publicKey, message)) % ED.order;
  // R came in its one encoding, so that equal points are equal bytes.
  return ED.same(ED.twoTimes(s, ED.base, k, ED.negative(key)), point);
}
