/** Headers of safetensors files as a grammar gives them, with the twists that a hostile writer would think of. */
import type { DType } from '../../grammar/places/signature.ts';
import { dtypeBytes, unreadTypes } from '../../engine/safetensors/dtype-size.ts';
import { type Chance, brinks } from './mutate.ts';

export interface MadeHeader {
  readonly json: Uint8Array;
  /** Bytes of the tensors that it tells of. */
  readonly dataBytes: number;
  /** Nothing was twisted: it must be read. */
  readonly isSound: boolean;
}

/** A tensor's entry in parts that are written as they stand. */
interface Entry {
  name: string;
  fields: [key: string, value: string][];
}

const dtypes = Object.keys(dtypeBytes) as DType[];
const otherTypes = [...unreadTypes, 'BF17', 'bf16', '', 'F32 ', '__proto__', 'toString'];
const names = [
  'a',
  'b',
  '10',
  '2',
  '-0',
  '__proto__',
  'constructor',
  'lm_head.weight',
  'model.embed_tokens.weight',
  'model.layers.0.mlp.down_proj.weight',
  'model.layers.31.self_attn.q_proj.weight',
  'model.layers.9007199254740993.input_layernorm.weight',
  'model.layers.99999999.weight',
  'encoder.block.0.layer.1.DenseReluDense.wi.weight',
  'a.0.b.1.c.2.d.3.e.4.f.5.g.6.h.7.weight',
  '..',
  '../../etc/passwd',
  'w\u0000x',
  '\u001b[2J',
  '\u202e',
  '\u{10000}',
  '\ue000',
  ' ',
  '',
] as const;

export function makeHeader(choices: Chance): MadeHeader {
  const { below, oneIn } = choices;
  const entries: Entry[] = [];
  let end = 0;
  for (let left = below(6); left > 0; left -= 1) {
    const name = oneIn(3) ? `t${below(1000)}.weight` : choices.pick(names);
    if (entries.some((entry) => entry.name === name)) continue;
    const dtype = choices.pick(dtypes);
    const shape = Array.from({ length: below(4) }, () => below(5));
    const begin = end;
    end += shape.reduce((count, size) => count * size, 1) * dtypeBytes[dtype];
    entries.push({
      name,
      fields: [
        ['dtype', `"${dtype}"`],
        ['shape', `[${shape.join(',')}]`],
        ['data_offsets', `[${begin},${end}]`],
      ],
    });
  }
  const members = entries.map((entry) => ({ ...entry }));
  let isSound = true;
  if (entries.length > 0 && !oneIn(3)) {
    isSound = false;
    for (let left = 1 + below(2); left > 0; left -= 1) {
      const entry = members[below(members.length)]!;
      choices.pick(twists)(entry, choices, members);
    }
  }
  const written = members.map((entry) => printed(entry, choices));
  if (oneIn(2)) written.unshift(`"__metadata__":${printedMetadata(choices)}`);
  const gap = (): string => (oneIn(6) ? choices.pick(gaps) : '');
  const json = `{${gap()}${written.join(`${gap()},${gap()}`)}${gap()}}${' '.repeat(below(9))}`;
  return { json: Buffer.from(json, 'utf8'), dataBytes: end, isSound };
}

const gaps = [' ', '\n', '\t', '\r\n', '    '];

function printed({ name, fields }: Entry, { oneIn, below }: Chance): string {
  const order = oneIn(4) ? fields.toSorted(() => below(3) - 1) : fields;
  const members = order.map(([key, value]) => `"${key}":${value}`);
  return `${quoted(name, oneIn(8))}:{${members.join(oneIn(4) ? ' , ' : ',')}}`;
}

/** With every character escaped, where asked for. A lone surrogate is escaped by itself. */
function quoted(text: string, isEscaped: boolean): string {
  if (!isEscaped) return JSON.stringify(text);
  const units = Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
  return `"${units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')}"`;
}

function printedMetadata({ below, oneIn }: Chance): string {
  if (oneIn(2)) return '{"format":"pt"}';
  return `{${Array.from({ length: below(4) }, (_, i) => `"k${i}":"v\\n${i}"`).join(',')}}`;
}

type Twist = (entry: Entry, choices: Chance, all: Entry[]) => void;

function change(entry: Entry, field: string, value: string): void {
  entry.fields = entry.fields.map(([key, old]) => [key, key === field ? value : old]);
}

/** Numbers as hostile as JSON can write them. */
function wildNumber({ pick, below }: Chance): string {
  const wild = [
    () => String(pick(brinks)),
    () => String(pick(brinks)),
    () => `-${pick(brinks)}`,
    () => '1e3',
    () => '1.0',
    () => '01',
    () => '+1',
    () => '1e999',
    () => 'NaN',
    () => '0x10',
    () => 'true',
    () => '9'.repeat(1 + below(400)),
  ];
  return pick(wild)();
}

const twists: readonly Twist[] = [
  // Overlaps, holes, and offsets that run backwards.
  (entry, { below }) => {
    const begin = below(200);
    change(entry, 'data_offsets', `[${begin},${begin + below(200) - 50}]`);
  },
  (entry, choices) =>
    change(entry, 'data_offsets', `[${wildNumber(choices)},${wildNumber(choices)}]`),
  (entry, choices) =>
    change(
      entry,
      'data_offsets',
      `[${Array.from({ length: choices.below(5) }, () => choices.below(9)).join()}]`,
    ),
  // Products that leave 32 bits, 53 bits and 64 bits, some of which would come back to a small number.
  (entry, { pick }) => {
    const overflowing = [
      '[65536,65536]',
      '[4294967296,4294967296]',
      '[4294967296,4294967297]',
      '[9007199254740991,2]',
      '[9007199254740992]',
      '[18446744073709551617]',
      '[0,9007199254740991,9007199254740991]',
      '[3037000500,3037000500,0]',
      '[1073741824,1073741824,16]',
    ];
    change(entry, 'shape', pick(overflowing));
  },
  (entry, choices) => change(entry, 'shape', `[${wildNumber(choices)}]`),
  (entry, { below }) =>
    change(
      entry,
      'shape',
      `[${Array(60 + below(10))
        .fill(1)
        .join()}]`,
    ),
  (entry, { pick }) => change(entry, 'dtype', JSON.stringify(pick(otherTypes))),
  (entry, { pick }) =>
    change(entry, pick(['dtype', 'shape', 'data_offsets']), pick(['null', '{}', '""', '[]', '1'])),
  // What stands twice.
  (entry, _, all) => void all.push({ ...entry }),
  (entry, { below }) => void entry.fields.push(entry.fields[below(entry.fields.length)]!),
  (entry, { below }) => void entry.fields.splice(below(entry.fields.length), 1),
  (_, __, all) => void all.push({ name: '__metadata__', fields: [['format', '"pt"']] }),
  (_, { pick }, all) =>
    void all.push({ name: '__metadata__', fields: [['a', pick(['1', 'null', '{}', '["a"]'])]] }),
  (entry, { pick }) => void entry.fields.push([pick(['x', '__proto__', 'dtype ', 'Shape']), '"y"']),
  // Half characters and very long names.
  (entry, { pick }) => void (entry.name += pick(['\ud800', '\udc00', '\udc00\ud800'])),
  (entry, { below }) => void (entry.name = 'layers.0.'.repeat(1 + below(300))),
  (entry, { below }) => void (entry.name = '0.'.repeat(1 + below(2000))),
  // Depth.
  (entry, { below }) => {
    const depth = 1 + below(3000);
    change(entry, 'shape', `${'['.repeat(depth)}${']'.repeat(depth)}`);
  },
  (entry, { below }) => {
    const depth = 1 + below(3000);
    entry.fields = [['dtype', `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`]];
  },
];
