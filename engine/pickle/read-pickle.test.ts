import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isKind } from './kinds.ts';
import { readPickle } from './read-pickle.ts';
import { dictOf, writePickle } from './sample-pickles.ts';
import type { Written } from './sample-pickles.ts';
import type { PickleValue, PickleVocabulary } from './value.ts';

const vocabulary: PickleVocabulary = new Map([
  ['collections.OrderedDict', 'ordered-dict'],
  ['shop.make', 'callable'],
  ['shop.Kind', 'name'],
]);

function read(bytes: Uint8Array): PickleValue {
  const reading = readPickle(bytes, vocabulary);
  if (!reading.ok) throw new Error(`${reading.flaw.kind}: ${reading.flaw.what}`);
  expect(reading.end).toBe(bytes.length);
  return reading.value;
}

/** Instructions between protocol and stop. */
function raw(...parts: readonly (string | readonly number[])[]): Uint8Array {
  const body = parts.map((part) => Buffer.from(part as string, 'latin1'));
  return Buffer.concat([Buffer.from([0x80, 2]), ...body, Buffer.from('.')]);
}

function check(bytes: Uint8Array, kind: string, what: RegExp, at?: number): void {
  const reading = readPickle(bytes, vocabulary);
  expect(reading).toMatchObject({ ok: false, flaw: { kind } });
  if (reading.ok) return;
  expect(reading.flaw.what).toMatch(what);
  if (at !== undefined) expect(reading.flaw.at).toBe(at);
}

/** What a written value must be read as. */
function expected(value: Written): unknown {
  if (typeof value === 'bigint') {
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  if ('float' in value) return { kind: 'float', value: value.float };
  if ('tuple' in value) return { kind: 'tuple', items: value.tuple.map(expected) };
  if ('list' in value) return { kind: 'list', items: value.list.map(expected) };
  if ('outside' in value) return { kind: 'persistent', id: expected(value.outside) };
  if ('call' in value) {
    return { kind: 'call', callee: expected(value.call), args: value.args.map(expected) };
  }
  if ('global' in value) {
    const name = value.global.join('.');
    return { kind: 'global', name, role: vocabulary.get(name) };
  }
  const items = 'dict' in value ? value.dict : value.ordered;
  return {
    kind: 'dict',
    keys: items.map(([key]) => expected(key)),
    values: items.map(([, item]) => expected(item)),
  };
}

const { written } = fc.letrec<{ written: Written }>((tie) => ({
  written: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<Written[]>(null, true, false, { global: ['shop', 'Kind'] }),
    fc.integer(),
    fc.bigInt({ min: -(2n ** 200n), max: 2n ** 200n }),
    fc.string({ unit: 'binary' }),
    fc.double({ noNaN: true }).map((float) => ({ float })),
    fc.array(tie('written'), { maxLength: 5 }).map((tuple) => ({ tuple })),
    fc.array(tie('written'), { maxLength: 5 }).map((list) => ({ list })),
    fc.array(fc.tuple(tie('written'), tie('written')), { maxLength: 4 }).map((dict) => ({ dict })),
    fc
      .array(fc.tuple(fc.string(), tie('written')), { maxLength: 4 })
      .map((ordered) => ({ ordered, state: dictOf({ _metadata: null }) })),
    fc
      .array(tie('written'), { maxLength: 3 })
      .map((args): Written => ({ call: { global: ['shop', 'make'] }, args })),
    tie('written').map((outside) => ({ outside })),
  ),
}));

test('what is written is read', () => {
  fc.assert(
    fc.property(written, (value) => {
      expect(read(writePickle(value))).toEqual(expected(value));
    }),
    { numRuns: 300, seed: 6 },
  );
});

test('every beginning of a pickle ends too early, and nothing else', () => {
  const whole = writePickle(
    dictOf({
      a: { call: { global: ['shop', 'make'] }, args: [1, -1, 2n ** 80n, { float: 0.5 }] },
      b: { list: ['x', { tuple: [{ outside: 'y' }] }, { ordered: [['z', null]] }] },
    }),
  );
  for (let length = 0; length < whole.length; length += 1) {
    check(whole.subarray(0, length), 'ends', /ends in the middle/);
  }
});

test('what a pickle shares and repeats is one value', () => {
  const shared: Written = { list: ['one'] };
  const value = read(writePickle({ tuple: [shared, shared] }));
  if (!isKind(value, 'tuple')) throw new Error('no tuple');
  expect(value.items[0]).toBe(value.items[1]);
  const many = Array.from({ length: 2500 }, (_, i) => `name ${i}`);
  const texts = read(writePickle({ list: [...many, ...many] }));
  expect(isKind(texts, 'list') && texts.items).toEqual([...many, ...many]);
});

test('instructions of later protocols and of Python 2', () => {
  expect(read(raw([0x95, 9, 0, 0, 0, 0, 0, 0, 0], [0x8c, 2], 'ab', [0x94], '0h', [0]))).toBe('ab');
  expect(read(raw('U', [2], 'ab'))).toBe('ab');
  expect(read(raw('T', [2, 0, 0, 0], 'ab'))).toBe('ab');
  expect(read(raw([0x8d, 2, 0, 0, 0, 0, 0, 0, 0], 'ab'))).toBe('ab');
  expect(read(raw('C', [2], 'ab'))).toEqual(Buffer.from('ab'));
  expect(read(raw([0x8b, 2, 0, 0, 0, 0xff, 0xff]))).toBe(-1);
  expect(read(raw('(K', [1], '1N'))).toBeNull();
  expect(read(raw([0x8c, 4], 'shop', [0x8c, 4], 'Kind', [0x93]))).toMatchObject({
    name: 'shop.Kind',
  });
  const pairs: Written = { list: [{ list: ['a', 1] }, { tuple: ['b', 2] }] };
  const old = writePickle({ call: { global: ['collections', 'OrderedDict'] }, args: [pairs] });
  expect(read(old)).toEqual({ kind: 'dict', keys: ['a', 'b'], values: [1, 2] });
});

test('a name outside of the vocabulary is refused where it stands, before anything is called with it', () => {
  check(
    raw('cposix\nsystem\n(X', [2, 0, 0, 0], 'ls', 'tR'),
    'foreign',
    /^asks for posix.system$/,
    2,
  );
  check(raw([0x8c, 5], 'posix', [0x8c, 6], 'system', [0x93]), 'foreign', /posix.system/, 17);
  // Names that reach further through a known one.
  check(raw('cshop\nmake.__globals__\n'), 'foreign', /shop.make.__globals__/);
  check(raw('cshop.make\n__globals__\n'), 'foreign', /shop.make.__globals__/);
  check(raw('cshop\nmake\r\n'), 'foreign', /asks for shop.make\r/);
});

test('only what may be called is called, and only dicts have a state', () => {
  check(raw('cshop\nKind\n)R'), 'foreign', /calls shop.Kind/);
  check(raw('X', [1, 0, 0, 0], 'a)R'), 'foreign', /calls what is no name/);
  check(raw('cshop\nmake\n)R}b'), 'foreign', /sets the state of an object/);
  check(raw(']}b'), 'foreign', /sets the state of an object/);
  for (const [code, name] of [
    [0x81, 'NEWOBJ'],
    [0x92, 'NEWOBJ_EX'],
    [0x69, 'INST'],
    [0x6f, 'OBJ'],
    [0x82, 'EXT1'],
    [0x50, 'PERSID'],
  ] as const) {
    check(raw('cshop\nmake\n)', [code], 'posix\nsystem\n'), 'foreign', new RegExp(name), 14);
  }
});

test('damaged pickles', () => {
  check(raw([0xff]), 'malformed', /no instruction 255/);
  check(raw([0x80, 9]), 'malformed', /protocol 9/);
  check(raw('0'), 'malformed', /none is left/);
  check(raw('K', [1], '(0'), 'malformed', /none is left/);
  check(raw('t'), 'malformed', /none is left/);
  check(raw('NN'), 'malformed', /other than one value/);
  check(raw('(N'), 'malformed', /other than one value/);
  check(raw('h', [7]), 'malformed', /recalls value 7/);
  check(raw('NNa'), 'malformed', /no list/);
  check(raw('NNNs'), 'malformed', /no dict/);
  check(raw('}(Nu'), 'malformed', /key without a value/);
  check(raw('cshop\nmake\nNR'), 'malformed', /no tuple/);
  check(raw('ccollections\nOrderedDict\n(]Nae'), 'malformed', /no list/);
  check(raw('ccollections\nOrderedDict\nN', [0x85], 'R'), 'malformed', /no list of pairs/);
  check(raw('X', [2, 0, 0, 0, 0xc3, 0x28]), 'malformed', /not UTF-8/);
  check(raw(`c${'x'.repeat(600)}\nx\n`), 'malformed', /name without end/);
  check(raw('NN', [0x93]), 'malformed', /no text/);
});

test('lengths are proved before anything is made of them', () => {
  check(raw('X', [0xff, 0xff, 0xff, 0xff], 'a'), 'ends', /middle/);
  check(raw([0x8d], Array<number>(8).fill(0xff), 'a'), 'ends', /middle/);
  check(raw([0x8b, 0xff, 0xff, 0xff, 0x7f], 'a'), 'too-large', /255 bytes/);
});

test('counts are bounded', () => {
  const times = (count: number, body: string): Uint8Array => raw(body.repeat(count));
  check(times(100_001, 'N'), 'too-large', /100000 waiting values/);
  check(times(100_001, '('), 'too-large', /100000 open marks/);
  check(times(1_000_001, 'N0'), 'too-large', /1000000 values/);
  // Values that are shared do not multiply: many dicts of one list of pairs are charged for.
  const pairs = raw(
    ']q',
    [0],
    '(NN',
    [0x86],
    'q',
    [1],
    'h\x01'.repeat(2000),
    'e0ccollections\nOrderedDict\nq',
    [2],
    '0',
    'h\x02h\x00\x85R0'.repeat(1000),
  );
  check(pairs, 'too-large', /1000000 values/);
});

test('a list that holds itself, and lists that double at each level, are read in no time', () => {
  const itself = read(raw(']q', [0], 'h', [0], 'a'));
  expect(isKind(itself, 'list') && itself.items[0]).toBe(itself);
  const doubling = raw(
    ']q',
    [0],
    '0',
    ...Array.from({ length: 99 }, (_, i) => [93, 113, i + 1, 40, 104, i, 104, i, 101, 48]),
    'h',
    [99],
  );
  expect(isKind(read(doubling), 'list')).toBe(true);
});
