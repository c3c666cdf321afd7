/** Doubles as text that gives back the very bits: signs of zero and infinities are none of JSON's. */

const view = new DataView(new ArrayBuffer(8));

/** Sixteen hexadecimal digits, the sign first. */
export function doubleText(value: number): string {
  view.setFloat64(0, value);
  return view.getBigUint64(0).toString(16).padStart(16, '0');
}

/** Nothing where the text is none of `doubleText`. */
export function doubleOf(text: string): number | undefined {
  if (!/^[0-9a-f]{16}$/.test(text)) return undefined;
  view.setBigUint64(0, BigInt(`0x${text}`));
  return view.getFloat64(0);
}
