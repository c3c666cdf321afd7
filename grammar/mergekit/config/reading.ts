/** What a reading of a configuration holds: its findings, and lines that a recipe keeps of what mergekit ignores. */
import type { Diagnostic, DiagnosticKind } from '../../diagnostics/diagnostic.ts';
import { finding, type FindingDetails, replacing } from '../../diagnostics/finding.ts';
import { keyIgnored } from '../../diagnostics/mw7101-key-ignored.ts';
import { keyMissing } from '../../diagnostics/mw7004-key-missing.ts';
import { wrongShape } from '../../diagnostics/mw7003-wrong-shape.ts';
import { nearest } from '../../check/did-you-mean.ts';
import type { Span } from '../../syntax/span.ts';
import {
  described,
  type YamlEntry,
  type YamlList,
  type YamlMap,
  type YamlNode,
} from '../yaml/nodes.ts';
import type { Located } from './config.ts';
import { keysOf, type MapKind } from './keys.ts';

/** A line of the recipe about something of the YAML. */
export interface Remark {
  readonly text: string;
  /** A place within what it is about. */
  readonly about: number;
}

export interface Reading {
  readonly findings: Diagnostic[];
  readonly remarks: Remark[];
}

export function report(
  { findings }: Reading,
  kind: DiagnosticKind,
  span: Span,
  message: string,
  details: FindingDetails = {},
): undefined {
  findings.push(finding(kind, span, message, details));
  return undefined;
}

/** A key that mergekit drops: a finding, and a line of the recipe. */
export function ignore(
  reading: Reading,
  kind: DiagnosticKind,
  { key }: YamlEntry,
  why: string,
  details: FindingDetails = {},
): void {
  report(reading, kind, key, `mergekit ignores \`${key.text}\` here: ${why}.`, details);
  reading.remarks.push({ text: `mergekit ignores ${key.text}: ${why}`, about: key.start });
}

/** A map, its unknown keys said; undefined, and said, where it is something else. */
export function mapOf(reading: Reading, node: YamlNode, kind: MapKind): YamlMap | undefined {
  if (node.kind !== 'map') {
    return report(reading, wrongShape, node, `Here stands a map of keys, not ${described(node)}.`);
  }
  for (const entry of node.entries) {
    const known = keysOf[kind].map(({ name }) => name);
    if (known.includes(entry.key.text) || entry.isAnchor === true) continue;
    const elsewhere = placeOfKey(entry.key.text, kind);
    const meant = nearest(entry.key.text, known);
    const why =
      meant !== undefined
        ? `did you mean \`${meant}\``
        : elsewhere === undefined
          ? 'it is no key of this place'
          : `it belongs ${elsewhere}`;
    ignore(reading, keyIgnored, entry, why, {
      fixes: meant === undefined ? [] : [replacing(entry.key, meant)],
    });
  }
  return node;
}

const placeWords: Partial<Record<MapKind, string>> = {
  document: 'at the top level',
  slice: 'in a slice',
  source: 'in a source of a slice',
  tokenizer: 'under `tokenizer`',
  token: 'in a token’s settings',
};

function placeOfKey(key: string, here: MapKind): string | undefined {
  if (key === 'revision') return 'behind the model’s name, as `name@revision`';
  if (parameterNames.has(key)) return 'under `parameters`';
  const kinds = Object.keys(placeWords) as MapKind[];
  const kind = kinds.find(
    (other) => other !== here && keysOf[other].some(({ name }) => name === key),
  );
  return kind && placeWords[kind];
}

/** Names that parameters of some method have. */
const parameterNames: ReadonlySet<string> = new Set([
  'weight',
  'density',
  'gamma',
  'epsilon',
  'scale',
  't',
  'lambda',
  'normalize',
  'rescale',
  'int8_mask',
  'select_topk',
]);

export function listOf(reading: Reading, node: YamlNode, what: string): YamlList | undefined {
  if (node.kind === 'list') return node;
  return report(reading, wrongShape, node, `\`${what}\` is a list, not ${described(node)}.`);
}

export function textOf(
  reading: Reading,
  node: YamlNode,
  what: string,
): Located<string> | undefined {
  if (node.kind === 'scalar' && typeof node.value === 'string') {
    return { value: node.value, start: node.start, end: node.end };
  }
  // A name such as 1234 reads as a number.
  if (node.kind === 'scalar' && typeof node.value === 'number') {
    return { value: String(node.value), start: node.start, end: node.end };
  }
  return report(reading, wrongShape, node, `\`${what}\` is a text, not ${described(node)}.`);
}

/** Numbers, also written as text, and booleans as 0 and 1. */
export function numberOf(node: YamlNode): number | undefined {
  if (node.kind !== 'scalar') return undefined;
  if (typeof node.value === 'boolean') return Number(node.value);
  if (typeof node.value === 'string' && node.value.trim() === '') return undefined;
  const value = Number(node.value ?? NaN);
  return Number.isFinite(value) ? value : undefined;
}

export function wholeOf(
  reading: Reading,
  node: YamlNode,
  what: string,
): Located<number> | undefined {
  const value = numberOf(node);
  if (value !== undefined && Number.isSafeInteger(value)) {
    return { value, start: node.start, end: node.end };
  }
  return report(
    reading,
    wrongShape,
    node,
    `\`${what}\` is a whole number, not ${described(node)}.`,
  );
}

export function decimalOf(
  reading: Reading,
  node: YamlNode,
  what: string,
): Located<number> | undefined {
  const value = numberOf(node);
  if (value !== undefined) return { value, start: node.start, end: node.end };
  return report(reading, wrongShape, node, `\`${what}\` is a number, not ${described(node)}.`);
}

export function needKey(reading: Reading, map: YamlMap, key: string): YamlEntry | undefined {
  const entry = map.entries.find((one) => one.key.text === key);
  const isThere =
    entry !== undefined && !(entry.value.kind === 'scalar' && entry.value.value === null);
  if (isThere) return entry;
  const [first] = map.entries;
  return report(reading, keyMissing, first?.key ?? map, `Here \`${key}\` is missing.`);
}
