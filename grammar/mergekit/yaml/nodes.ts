/** YAML as it is read here: values with their places, aliases followed, merged keys spread out. */
import type { Span } from '../../syntax/span.ts';

export type YamlNode = YamlScalar | YamlList | YamlMap;

export interface YamlScalar extends Span {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
}

export interface YamlList extends Span {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
}

export interface YamlMap extends Span {
  readonly kind: 'map';
  readonly entries: readonly YamlEntry[];
}

export interface YamlEntry extends Span {
  readonly key: YamlKey;
  readonly value: YamlNode;
  /** Whether aliases may stand for its value elsewhere: then it is kept for them. */
  readonly isAnchor?: boolean;
}

export interface YamlKey extends Span {
  readonly text: string;
}

export interface YamlDocument extends Span {
  readonly content: YamlNode | undefined;
}

export function entryOf(node: YamlNode | undefined, key: string): YamlEntry | undefined {
  return node?.kind === 'map' ? node.entries.find((entry) => entry.key.text === key) : undefined;
}

export function isNull(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}

/** What a value is, in a sentence: `a list`, `the text "bfloat16"`. */
export function described(node: YamlNode): string {
  switch (node.kind) {
    case 'list':
      return 'a list';
    case 'map':
      return 'a map';
    case 'scalar':
      if (node.value === null) return 'nothing';
      return typeof node.value === 'string' ? `the text "${node.value}"` : `\`${node.value}\``;
  }
}
