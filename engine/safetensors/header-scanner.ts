/**
 * Reads the one JSON document that a safetensors header is: an object of tensors and of text metadata.
 *
 * A parser for exactly this shape, in place of `JSON.parse`, sees names that stand twice, cannot be led into deep nesting,
 * and makes no object that the format does not have.
 */

/** A tensor as the header words it; nothing of it is checked but that it is well formed. */
export interface HeaderEntry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** From the first byte of the data, which follows the header. */
  readonly begin: number;
  readonly end: number;
}

export interface ScannedHeader {
  readonly metadata: ReadonlyMap<string, string>;
  readonly entries: readonly HeaderEntry[];
}

export interface HeaderFlaw {
  readonly kind: 'malformed' | 'duplicate';
  /** What is wrong, as the end of a sentence that begins with "the header". */
  readonly what: string;
}

/** No network has tensors of more dimensions; the bound keeps a hostile header from making long arrays. */
const mostDimensions = 64;

/** In UTF-16 units: twenty times the longest names that networks have. What reads names next may then take its time with each. */
const longestName = 4096;

/** Twice what the largest mixtures of experts have in all their files together. */
const mostTensors = 250_000;

/** What trainers write into files has some hundred texts. */
const mostMetadata = 100_000;

class FlawError extends Error {
  readonly flaw: HeaderFlaw;

  constructor(flaw: HeaderFlaw) {
    super(flaw.what);
    this.flaw = flaw;
  }
}

/** The entries of a header's text, in the text's order, or what is wrong with it. */
export function scanHeader(text: string): ScannedHeader | HeaderFlaw {
  try {
    return new HeaderScanner(text).header();
  } catch (error) {
    if (error instanceof FlawError) return error.flaw;
    throw error;
  }
}

const integerPattern = /(?:0|[1-9][0-9]*)(?![0-9.eE+-])/y;

class HeaderScanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  header(): ScannedHeader {
    let metadata: ReadonlyMap<string, string> | undefined;
    const entries = new Map<string, HeaderEntry>();
    if (this.#text[0] !== '{') this.#fail('does not begin with "{"');
    this.#members((name) => {
      if (name === '__metadata__') {
        if (metadata !== undefined) this.#failTwice('__metadata__');
        metadata = this.#metadata();
        return;
      }
      if (name.length > longestName) this.#fail(`has a name of over ${longestName} characters`);
      if (entries.has(name)) this.#failTwice(name);
      if (entries.size === mostTensors) this.#fail(`has over ${mostTensors} tensors`);
      entries.set(name, this.#entry(name));
    });
    this.#space();
    if (this.#at < this.#text.length) this.#fail('goes on after its last "}"');
    return { metadata: metadata ?? new Map(), entries: [...entries.values()] };
  }

  #metadata(): ReadonlyMap<string, string> {
    const metadata = new Map<string, string>();
    this.#members((key) => {
      if (metadata.has(key)) this.#failTwice(key);
      if (metadata.size === mostMetadata)
        this.#fail(`has over ${mostMetadata} texts in "__metadata__"`);
      metadata.set(key, this.#string('a text in "__metadata__"'));
    });
    return metadata;
  }

  #entry(name: string): HeaderEntry {
    let dtype: string | undefined;
    let shape: readonly number[] | undefined;
    let offsets: readonly number[] | undefined;
    this.#members((key) => {
      switch (key) {
        case 'dtype':
          if (dtype !== undefined) this.#failTwice(key);
          dtype = this.#string('a type');
          return;
        case 'shape':
          if (shape !== undefined) this.#failTwice(key);
          shape = this.#integers();
          return;
        case 'data_offsets':
          if (offsets !== undefined) this.#failTwice(key);
          offsets = this.#integers();
          return;
        default:
          this.#fail(`gives ${JSON.stringify(name)} a field ${JSON.stringify(key)}`);
      }
    });
    if (dtype === undefined) this.#fail(`gives ${JSON.stringify(name)} no "dtype"`);
    if (shape === undefined) this.#fail(`gives ${JSON.stringify(name)} no "shape"`);
    if (offsets === undefined) this.#fail(`gives ${JSON.stringify(name)} no "data_offsets"`);
    const [begin, end] = offsets;
    if (begin === undefined || end === undefined || offsets.length !== 2) {
      this.#fail(`gives ${JSON.stringify(name)} "data_offsets" that are not two numbers`);
    }
    return { name, dtype, shape, begin, end };
  }

  #members(member: (key: string) => void): void {
    this.#take('{');
    this.#space();
    if (this.#text[this.#at] === '}') {
      this.#at += 1;
      return;
    }
    for (;;) {
      const key = this.#string('a name');
      this.#take(':');
      member(key);
      this.#space();
      const next = this.#text[this.#at];
      this.#at += 1;
      if (next === '}') return;
      if (next !== ',') {
        this.#at -= 1;
        this.#fail('lacks a "," or "}"');
      }
    }
  }

  #integers(): readonly number[] {
    const integers: number[] = [];
    this.#take('[');
    this.#space();
    if (this.#text[this.#at] === ']') {
      this.#at += 1;
      return integers;
    }
    for (;;) {
      if (integers.length === mostDimensions)
        this.#fail(`has a list of over ${mostDimensions} numbers`);
      integers.push(this.#integer());
      this.#space();
      const next = this.#text[this.#at];
      this.#at += 1;
      if (next === ']') return integers;
      if (next !== ',') {
        this.#at -= 1;
        this.#fail('lacks a "," or "]"');
      }
    }
  }

  #integer(): number {
    this.#space();
    integerPattern.lastIndex = this.#at;
    const digits = integerPattern.exec(this.#text)?.[0];
    if (digits === undefined) this.#fail('lacks a whole number');
    const value = Number(digits);
    if (!Number.isSafeInteger(value)) this.#fail('has a number above 9007199254740991');
    this.#at += digits.length;
    return value;
  }

  #string(meaning: string): string {
    this.#space();
    const start = this.#at;
    if (this.#text[start] !== '"') this.#fail(`lacks ${meaning}`);
    let escaped = false;
    let i = start + 1;
    for (; ; i += 1) {
      const unit = this.#text.charCodeAt(i);
      if (unit === 0x22) break;
      if (Number.isNaN(unit)) this.#fail('has a text without an end');
      if (unit < 0x20) this.#fail('has a control character in a text');
      if (unit === 0x5c) {
        escaped = true;
        i += 1;
      }
    }
    this.#at = i + 1;
    const value = escaped
      ? this.#unescaped(this.#text.slice(start, i + 1))
      : this.#text.slice(start + 1, i);
    if (!value.isWellFormed()) this.#fail('has half a character in a text');
    return value;
  }

  #unescaped(literal: string): string {
    try {
      return JSON.parse(literal) as string;
    } catch {
      this.#fail('has a wrong escape in a text');
    }
  }

  #take(character: string): void {
    this.#space();
    if (this.#text[this.#at] !== character) this.#fail(`lacks a "${character}"`);
    this.#at += 1;
  }

  #space(): void {
    for (;;) {
      const unit = this.#text.charCodeAt(this.#at);
      if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return;
      this.#at += 1;
    }
  }

  #fail(what: string): never {
    const at = Math.min(this.#at, this.#text.length);
    throw new FlawError({
      kind: 'malformed',
      what: `${what} (at character ${at} of ${this.#text.length})`,
    });
  }

  #failTwice(name: string): never {
    throw new FlawError({ kind: 'duplicate', what: `holds ${JSON.stringify(name)} twice` });
  }
}
