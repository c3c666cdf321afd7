/** Writes WebAssembly bytes: one module with imported memory and exported functions, no toolchain. */

/** A growing list of bytes with the encodings of the format. */
export class Code {
  #bytes = new Uint8Array(256);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  byte(...values: readonly number[]): this {
    this.#reserve(values.length);
    for (const value of values) this.#bytes[this.#length++] = value;
    return this;
  }

  append(other: Uint8Array): this {
    this.#reserve(other.length);
    this.#bytes.set(other, this.#length);
    this.#length += other.length;
    return this;
  }

  /** An unsigned integer, LEB128. */
  unsigned(value: number): this {
    let rest = value >>> 0;
    while (rest >= 0x80) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    return this.byte(rest);
  }

  /** A signed 32-bit integer, LEB128. */
  signed(value: number): this {
    let rest = value | 0;
    for (;;) {
      const low = rest & 0x7f;
      rest >>= 7;
      if ((rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0))
        return this.byte(low);
      this.byte(low | 0x80);
    }
  }

  text(value: string): this {
    const bytes = new TextEncoder().encode(value);
    return this.unsigned(bytes.length).append(bytes);
  }

  /** A section: its id, its length, its content. */
  section(id: number, content: Code): this {
    return this.byte(id).unsigned(content.length).append(content.bytes());
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + count));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}

export const valueType = { i32: 0x7f, v128: 0x7b } as const;

/** A function of one i32 parameter and no result. */
export interface EmittedFunction {
  readonly name: string;
  /** Local types in order; local 0 is the parameter and not among them. */
  readonly locals: readonly number[];
  readonly body: Code;
}

/** A module that imports `env.memory` and exports the functions. */
export function moduleBytes(
  functions: readonly EmittedFunction[],
  memory: { readonly shared: boolean },
): Uint8Array<ArrayBuffer> {
  const types = new Code().unsigned(1).byte(0x60).unsigned(1).byte(valueType.i32).unsigned(0);
  const imports = new Code().unsigned(1).text('env').text('memory').byte(0x02);
  if (memory.shared) imports.byte(0x03).unsigned(1).unsigned(65536);
  else imports.byte(0x00).unsigned(1);
  const declared = new Code().unsigned(functions.length);
  const exported = new Code().unsigned(functions.length);
  const bodies = new Code().unsigned(functions.length);
  functions.forEach((fn, index) => {
    declared.unsigned(0);
    exported.text(fn.name).byte(0x00).unsigned(index);
    const body = localDeclarations(fn.locals).append(fn.body.bytes()).byte(0x0b);
    bodies.unsigned(body.length).append(body.bytes());
  });
  return new Code()
    .byte(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00)
    .section(1, types)
    .section(2, imports)
    .section(3, declared)
    .section(7, exported)
    .section(10, bodies)
    .bytes();
}

function localDeclarations(locals: readonly number[]): Code {
  const runs: { type: number; count: number }[] = [];
  for (const type of locals) {
    const last = runs[runs.length - 1];
    if (last?.type === type) last.count++;
    else runs.push({ type, count: 1 });
  }
  const code = new Code().unsigned(runs.length);
  for (const run of runs) code.unsigned(run.count).byte(run.type);
  return code;
}
