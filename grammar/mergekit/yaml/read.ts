/** Reads YAML with the places of everything in it. Hostile aliases and merges give a fault, not a hang. */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseAllDocuments,
  type Document,
  type Pair,
  type ParsedNode,
} from 'yaml';
import type { Span } from '../../syntax/span.ts';
import type { YamlDocument, YamlEntry, YamlMap, YamlNode } from './nodes.ts';

export interface YamlFault extends Span {
  readonly message: string;
}

export interface YamlText {
  readonly documents: readonly YamlDocument[];
  readonly faults: readonly YamlFault[];
  /** Keys that a later one of the same name replaces. */
  readonly replaced: readonly YamlEntry[];
}

/** Aliases may make few letters into many nodes; no configuration has more than this. */
const mostNodes = 100_000;

export function readYaml(text: string): YamlText {
  // As Python's own reader: YAML 1.1, in which `yes` is a boolean and `<<` merges, and the last of two like keys holds.
  const documents = parseAllDocuments<ParsedNode>(text, {
    version: '1.1',
    merge: true,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const faults: YamlFault[] = [];
  const replaced: YamlEntry[] = [];
  const read = [...documents].map((document): YamlDocument => {
    // What follows a fault of the syntax is most often its consequence.
    for (const { message, pos } of document.errors.slice(0, 1)) {
      faults.push({ message: sentence(message), ...shortened(text, pos[0], pos[1]) });
    }
    const [start, , end] = document.range;
    const reader: Reader = { document, faults, replaced, left: mostNodes, open: new Set() };
    const { contents } = document;
    const content = contents === null ? undefined : nodeOf(reader, contents as ParsedNode);
    return { content, start, end };
  });
  // Marks between documents make empty ones, which say nothing.
  return { documents: read.filter(({ content }) => !isEmpty(content)), faults, replaced };
}

function isEmpty(node: YamlNode | undefined): boolean {
  return node === undefined || (node.kind === 'scalar' && node.value === null);
}

interface Reader {
  readonly document: Document.Parsed;
  readonly faults: YamlFault[];
  readonly replaced: YamlEntry[];
  /** Nodes whose content is being read: an alias to one of them has no end. */
  readonly open: Set<ParsedNode>;
  left: number;
}

function nodeOf(reader: Reader, node: ParsedNode | null, at?: Span): YamlNode {
  const span = node === null ? (at ?? { start: 0, end: 0 }) : spanOf(node);
  const nothing: YamlNode = { kind: 'scalar', value: null, ...span };
  if (node === null) return nothing;
  reader.left -= 1;
  if (reader.left === 0) {
    reader.faults.push({ message: 'This file unfolds into too many values.', ...span });
  }
  if (reader.left <= 0) return nothing;
  if (isAlias(node)) {
    const target = node.resolve(reader.document) as ParsedNode | undefined;
    if (target === undefined || reader.open.has(target)) {
      reader.faults.push({ message: `The alias \`*${node.source}\` leads nowhere.`, ...span });
      return nothing;
    }
    // What an alias stands for is faulted where it is used, at the alias.
    return placedAt(nodeOf(reader, target), span);
  }
  if (isScalar(node)) {
    const { value } = node;
    const isPlain =
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    const text = value === null || value === undefined ? null : String(value);
    return { kind: 'scalar', value: isPlain ? value : text, ...span };
  }
  reader.open.add(node);
  const read: YamlNode = isSeq(node)
    ? { kind: 'list', items: node.items.map((item) => nodeOf(reader, item, span)), ...span }
    : isMap(node)
      ? mapOf(reader, node.items as Pair<ParsedNode, ParsedNode | null>[], span)
      : nothing;
  reader.open.delete(node);
  return read;
}

function mapOf(
  reader: Reader,
  pairs: readonly Pair<ParsedNode, ParsedNode | null>[],
  span: Span,
): YamlMap {
  const own: YamlEntry[] = [];
  const merged: YamlEntry[] = [];
  for (const { key, value } of pairs) {
    const keyNode = nodeOf(reader, key);
    const keySpan = { start: keyNode.start, end: keyNode.end };
    const node = nodeOf(reader, value, { start: keyNode.end, end: keyNode.end });
    const isMerge = isScalar(key) && (typeof key.value === 'symbol' || key.source === '<<');
    const text = keyNode.kind === 'scalar' ? String(keyNode.value) : '';
    if (isMerge) {
      for (const source of node.kind === 'list' ? node.items : [node]) {
        if (source.kind === 'map') merged.push(...source.entries);
      }
      continue;
    }
    const entry: YamlEntry = {
      key: { text, ...keySpan },
      value: node,
      start: keyNode.start,
      end: Math.max(keyNode.end, node.end),
      ...(hasAnchor(value) ? { isAnchor: true } : {}),
    };
    const before = own.findIndex((other) => other.key.text === text);
    if (before >= 0) reader.replaced.push(...own.splice(before, 1));
    own.push(entry);
  }
  const names = new Set(own.map(({ key }) => key.text));
  for (const entry of merged) {
    if (names.has(entry.key.text)) continue;
    names.add(entry.key.text);
    own.push(entry);
  }
  return { kind: 'map', entries: own, ...span };
}

function hasAnchor(node: ParsedNode | null): boolean {
  return node !== null && !isAlias(node) && node.anchor !== undefined;
}

function placedAt(node: YamlNode, { start, end }: Span): YamlNode {
  switch (node.kind) {
    case 'scalar':
      return { ...node, start, end };
    case 'list':
      return {
        ...node,
        items: node.items.map((item) => placedAt(item, { start, end })),
        start,
        end,
      };
    case 'map':
      return {
        ...node,
        entries: node.entries.map((entry) => ({
          key: { ...entry.key, start, end },
          value: placedAt(entry.value, { start, end }),
          start,
          end,
        })),
        start,
        end,
      };
  }
}

function spanOf({ range }: ParsedNode): Span {
  return { start: range[0], end: range[1] };
}

function sentence(message: string): string {
  const first = message.slice(0, 1).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}

/** A fault of the reader's may span lines; its first is where to look. */
function shortened(text: string, start: number, end: number): Span {
  const lineEnd = text.indexOf('\n', start);
  const last = lineEnd < 0 ? text.length : lineEnd;
  return { start, end: Math.max(start, Math.min(end, last)) };
}
