/**
 * The WGSL functions that kernels call. Floats exist in the first four alone, each for one operation;
 * everything else, division and root included, is integer arithmetic and therefore exact on every device.
 */

/**
 * WGSL lets a compiler fuse a product with a sum, reassociate, and fold. `zero` is 0, but only the parameters say so:
 * nothing can be moved through the `^`, so each operation is rounded on its own.
 */
const guardedOperations = `
fn add(a: vec4<u32>, b: vec4<u32>) -> vec4<u32> { return bitcast<vec4<u32>>(bitcast<vec4<f32>>(a) + bitcast<vec4<f32>>(b)) ^ zero; }
fn sub(a: vec4<u32>, b: vec4<u32>) -> vec4<u32> { return bitcast<vec4<u32>>(bitcast<vec4<f32>>(a) - bitcast<vec4<f32>>(b)) ^ zero; }
fn mul(a: vec4<u32>, b: vec4<u32>) -> vec4<u32> { return bitcast<vec4<u32>>(bitcast<vec4<f32>>(a) * bitcast<vec4<f32>>(b)) ^ zero; }
fn toFloat(a: vec4<u32>) -> vec4<u32> { return bitcast<vec4<u32>>(vec4<f32>(a)) ^ zero; }
`;

/** Significands of 24 bits with their exponents, subnormals shifted up. A zero is given a significand, for it may divide. */
const unpacking = `
struct Unpacked { significand: vec4<u32>, exponent: vec4<i32> }

fn unpack(magnitude: vec4<u32>) -> Unpacked {
  let exponent = magnitude >> vec4<u32>(23u);
  let normal = (magnitude & vec4<u32>(0x7fffffu)) | vec4<u32>(0x800000u);
  let nonzero = max(magnitude, vec4<u32>(1u));
  let shift = (countLeadingZeros(nonzero) - vec4<u32>(8u)) & vec4<u32>(31u);
  let subnormal = exponent == vec4<u32>(0u);
  return Unpacked(
    select(normal, nonzero << shift, subnormal),
    select(vec4<i32>(exponent), vec4<i32>(1) - vec4<i32>(shift), subnormal));
}
`;

/**
 * IEEE division: the quotient's leading 1 and 24 more bits in three steps of 8, and whether anything is left (sticky).
 * `shift` cuts the bits that the result has no room for: 1, or more where it is subnormal; nearest even.
 */
const division = `
fn divide(a: vec4<u32>, b: vec4<u32>) -> vec4<u32> {
  let dividend = a & vec4<u32>(0x7fffffffu);
  let divisor = b & vec4<u32>(0x7fffffffu);
  let top = unpack(dividend);
  let bottom = unpack(divisor);
  let smaller = top.significand < bottom.significand;
  let scaled = select(top.significand, top.significand << vec4<u32>(1u), smaller);
  let exponent = top.exponent - bottom.exponent + select(vec4<i32>(127), vec4<i32>(126), smaller);
  var rest = scaled - bottom.significand;
  var quotient = vec4<u32>(1u);
  for (var step = 0u; step < 3u; step++) {
    let digit = (rest << vec4<u32>(8u)) / bottom.significand;
    rest = (rest << vec4<u32>(8u)) - digit * bottom.significand;
    quotient = (quotient << vec4<u32>(8u)) | digit;
  }
  let shift = vec4<u32>(1 + clamp(vec4<i32>(1) - exponent, vec4<i32>(0), vec4<i32>(25)));
  let kept = quotient >> shift;
  let half = vec4<u32>(1u) << (shift - vec4<u32>(1u));
  let cut = quotient & ((half << vec4<u32>(1u)) - vec4<u32>(1u));
  let odd = (kept & vec4<u32>(1u)) != vec4<u32>(0u);
  let up = (cut > half) | ((cut == half) & ((rest != vec4<u32>(0u)) | odd));
  let finite = (vec4<u32>(max(exponent, vec4<i32>(1)) - vec4<i32>(1)) << vec4<u32>(23u)) + kept + select(vec4<u32>(0u), vec4<u32>(1u), up);
  let infinity = vec4<u32>(0x7f800000u);
  let none = vec4<u32>(0u);
  var result = select(finite, infinity, (exponent >= vec4<i32>(255)) | (dividend == infinity) | (divisor == none));
  result = select(result, none, (dividend == none) | (divisor == infinity));
  result |= (a ^ b) & vec4<u32>(0x80000000u);
  let undefined = (dividend > infinity) | (divisor > infinity)
    | ((dividend == none) & (divisor == none)) | ((dividend == infinity) & (divisor == infinity));
  return select(result, vec4<u32>(0x7fc00000u), undefined);
}
`;

/** IEEE square root: 25 bits of the root, one at a time, and whether anything is left. */
const root = `
fn squareRoot(a: vec4<u32>) -> vec4<u32> {
  let magnitude = a & vec4<u32>(0x7fffffffu);
  let parts = unpack(magnitude);
  let odd = ((parts.exponent - vec4<i32>(127)) & vec4<i32>(1)) != vec4<i32>(0);
  let exponent = (parts.exponent - vec4<i32>(127) - select(vec4<i32>(0), vec4<i32>(1), odd)) >> vec4<u32>(1u);
  var digits = select(parts.significand, parts.significand << vec4<u32>(1u), odd) << vec4<u32>(7u);
  var rest = vec4<u32>(0u);
  var found = vec4<u32>(0u);
  for (var step = 0u; step < 25u; step++) {
    rest = (rest << vec4<u32>(2u)) | (digits >> vec4<u32>(30u));
    digits = digits << vec4<u32>(2u);
    let trial = (found << vec4<u32>(2u)) | vec4<u32>(1u);
    let fits = rest >= trial;
    rest = select(rest, rest - trial, fits);
    found = (found << vec4<u32>(1u)) | select(vec4<u32>(0u), vec4<u32>(1u), fits);
  }
  let kept = found >> vec4<u32>(1u);
  let up = found & select(kept, vec4<u32>(1u), rest != vec4<u32>(0u)) & vec4<u32>(1u);
  let finite = (vec4<u32>(exponent + vec4<i32>(126)) << vec4<u32>(23u)) + kept + up;
  let positive = select(finite, magnitude, magnitude == vec4<u32>(0x7f800000u));
  let undefined = (magnitude > vec4<u32>(0x7f800000u)) | (a > vec4<u32>(0x80000000u));
  return select(select(positive, vec4<u32>(0x7fc00000u), undefined), a, magnitude == vec4<u32>(0u));
}
`;

const rotations = [13, 15, 26, 6, 17, 29, 16, 24] as const;

/** Threefry-2x32, 20 rounds, four counters at a time: the first word is of the even elements, the second of the odd. */
function draws(): string {
  const lines: string[] = [];
  for (let round = 0; round < 20; round++) {
    const by = rotations[round % 8]!;
    lines.push(
      `a += b; b = ((b << vec4<u32>(${by}u)) | (b >> vec4<u32>(${32 - by}u))) ^ a;`,
      ...injection(round),
    );
  }
  return `
struct Drawn { even: vec4<u32>, odd: vec4<u32> }

fn draw(key: vec2<u32>, low: vec4<u32>, high: vec4<u32>) -> Drawn {
  let key0 = vec4<u32>(key.x);
  let key1 = vec4<u32>(key.y);
  let key2 = key0 ^ key1 ^ vec4<u32>(0x1bd11bdau);
  var a = low + key0;
  var b = high + key1;
  ${lines.join('\n  ')}
  return Drawn(a, b);
}
`;
}

function injection(round: number): readonly string[] {
  if (round % 4 !== 3) return [];
  const count = (round + 1) / 4;
  return [`a += key${count % 3}; b += key${(count + 1) % 3} + vec4<u32>(${count}u);`];
}

/** What a kernel has to say of the values it watched: see `Range` in the parameters. */
const watching = `
var<private> zero: vec4<u32>;
var<private> greatest: vec4<u32>;
var<private> least: vec4<u32>;
var<private> broken: vec4<u32>;

// The least magnitude is kept less one, so that a zero is the greatest of all and never counts.
fn watch(value: vec4<u32>, valid: vec4<u32>) {
  let magnitude = value & valid;
  greatest = max(greatest, magnitude);
  least = min(least, magnitude - vec4<u32>(1u));
}
`;

/** The functions that a kernel with these operations needs. */
export function wgslFunctions(uses: {
  readonly division: boolean;
  readonly root: boolean;
  readonly draws: boolean;
}): string {
  return [
    watching,
    guardedOperations,
    uses.division || uses.root ? unpacking : '',
    uses.division ? division : '',
    uses.root ? root : '',
    uses.draws ? draws() : '',
  ].join('');
}
