/** Reads `tokenizer` and `tokenizer_source`. */
import { tokenizerSource } from '../../diagnostics/mw7016-tokenizer-source.ts';
import { entryOf, isNull, type YamlMap, type YamlNode } from '../yaml/nodes.ts';
import type { ModelReference, TokenizerSetting, TokenSetting } from './config.ts';
import { referenceOf } from './read-reference.ts';
import { mapOf, type Reading, report, wholeOf } from './reading.ts';

export function tokenizerOf(reading: Reading, document: YamlMap): TokenizerSetting | undefined {
  const short = entryOf(document, 'tokenizer_source');
  const long = entryOf(document, 'tokenizer');
  const hasShort = short !== undefined && !isNull(short.value);
  const hasLong = long !== undefined && !isNull(long.value);
  if (hasShort && hasLong) {
    return report(
      reading,
      tokenizerSource,
      short.key,
      'The tokenizer’s source is said twice, here and under `tokenizer`.',
      { related: [{ start: long.key.start, end: long.key.end, message: 'and here' }] },
    );
  }
  if (hasShort) {
    const source = sourceOf(reading, short.value, 'tokenizer_source');
    return source && { source, tokens: [], start: short.start, end: short.end };
  }
  if (!hasLong) return undefined;
  const map = mapOf(reading, long.value, 'tokenizer');
  if (map === undefined) return undefined;
  const written = entryOf(map, 'source');
  const source =
    written === undefined || isNull(written.value)
      ? { value: 'union' as const, start: map.start, end: map.end }
      : sourceOf(reading, written.value, 'source');
  const padding = entryOf(map, 'pad_to_multiple_of');
  const padTo =
    padding === undefined || isNull(padding.value)
      ? undefined
      : wholeOf(reading, padding.value, 'pad_to_multiple_of');
  return (
    source && {
      source,
      tokens: tokensOf(reading, entryOf(map, 'tokens')?.value),
      ...(padTo === undefined ? {} : { padTo }),
      start: long.start,
      end: long.end,
    }
  );
}

function sourceOf(
  reading: Reading,
  node: YamlNode,
  what: string,
): TokenizerSetting['source'] | undefined {
  const { start, end } = node;
  if (node.kind === 'scalar' && (node.value === 'union' || node.value === 'base')) {
    return { value: node.value, start, end };
  }
  return referenceOf(reading, node, what);
}

function tokensOf(reading: Reading, node: YamlNode | undefined): readonly TokenSetting[] {
  if (node === undefined || isNull(node)) return [];
  if (node.kind !== 'map') {
    report(reading, tokenizerSource, node, '`tokens` is a map from tokens to their settings.');
    return [];
  }
  return node.entries.flatMap(({ key, value, start, end }): readonly TokenSetting[] => {
    const map = mapOf(reading, value, 'token');
    if (map === undefined) return [];
    const forced = entryOf(map, 'force')?.value;
    const force = forced?.kind === 'scalar' && forced.value === true;
    const written = entryOf(map, 'source');
    if (written === undefined) return [{ token: key.text, force, start, end }];
    const source = tokenSource(reading, written.value);
    return source === undefined ? [] : [{ token: key.text, force, source, start, end }];
  });
}

function tokenSource(reading: Reading, node: YamlNode): TokenSetting['source'] {
  const { start, end } = node;
  if (isNull(node)) {
    return report(
      reading,
      tokenizerSource,
      node,
      'A token’s `source` that says nothing is refused: leave the key out.',
    );
  }
  const kind = entryOf(node, 'kind');
  if (node.kind !== 'map' || kind === undefined) {
    const model = referenceOf(reading, node, 'source');
    return model && { kind: 'model', model, start, end };
  }
  const word = kind.value.kind === 'scalar' ? kind.value.value : undefined;
  if (word === 'zero') return { kind: 'zero', start, end };
  if (word !== 'model_token') {
    return report(
      reading,
      tokenizerSource,
      kind.value,
      'A token’s `kind` is `model_token` or `zero`.',
    );
  }
  return rowOf(reading, node);
}

function rowOf(reading: Reading, node: YamlNode): TokenSetting['source'] {
  const map = mapOf(reading, node, 'tokenSource');
  if (map === undefined) return undefined;
  const { start, end } = map;
  const from = entryOf(map, 'model');
  const model: ModelReference | undefined =
    from === undefined ? undefined : referenceOf(reading, from.value, 'model');
  const text = entryOf(map, 'token');
  const number = entryOf(map, 'token_id');
  if (from === undefined || (text === undefined) === (number === undefined)) {
    return report(
      reading,
      tokenizerSource,
      map,
      'A row of a model needs its `model`, and either `token` or `token_id`.',
    );
  }
  if (model === undefined) return undefined;
  if (number !== undefined) {
    const id = wholeOf(reading, number.value, 'token_id');
    return id && { kind: 'row', model, token: id.value, start, end };
  }
  const { value } = text!;
  const token = value.kind === 'scalar' ? String(value.value) : undefined;
  if (token === undefined) {
    return report(reading, tokenizerSource, value, 'A `token` is a text.');
  }
  return { kind: 'row', model, token, start, end };
}
