/** Reads parameters: a number, a gradient, or a list of `value` and `filter`. */
import { wrongShape } from '../../diagnostics/mw7003-wrong-shape.ts';
import { described, entryOf, isNull, type YamlNode } from '../yaml/nodes.ts';
import type {
  Conditional,
  Located,
  ParameterSetting,
  Parameters,
  ParameterValue,
} from './config.ts';
import { keyNamed } from './keys.ts';
import { mapOf, numberOf, type Reading, report, textOf } from './reading.ts';

export function parametersOf(reading: Reading, node: YamlNode | undefined): Parameters {
  if (node === undefined || isNull(node)) return [];
  if (node.kind !== 'map') {
    report(reading, wrongShape, node, `\`parameters\` is a map, not ${described(node)}.`);
    return [];
  }
  return node.entries.flatMap((entry): readonly ParameterSetting[] => {
    const { key, value } = entry;
    const entries = conditionalsOf(reading, value, key.text);
    if (entries === undefined) return [];
    const name: Located<string> = { value: key.text, start: key.start, end: key.end };
    return [{ name, entries, start: entry.start, end: entry.end }];
  });
}

function conditionalsOf(
  reading: Reading,
  node: YamlNode,
  name: string,
): readonly Conditional[] | undefined {
  if (node.kind === 'map') {
    return report(
      reading,
      wrongShape,
      node,
      `\`${name}\` takes its filters as a list: a dash before \`value\`, even where there is one.`,
    );
  }
  const isConditional = node.kind === 'list' && node.items.some(({ kind }) => kind === 'map');
  if (!isConditional) {
    const value = valueOf(reading, node, name);
    return value && [{ value, start: node.start, end: node.end }];
  }
  const entries: Conditional[] = [];
  for (const item of node.items) {
    const map = mapOf(reading, item, 'conditional');
    const value = map && valueEntry(reading, map, name);
    if (map === undefined || value === undefined) return undefined;
    const filter = entryOf(map, 'filter');
    const text =
      filter === undefined || isNull(filter.value)
        ? undefined
        : textOf(reading, filter.value, 'filter');
    // An empty text is part of every name, as `*` is.
    const isForAll = text === undefined || text.value === '*' || text.value === '';
    entries.push({
      ...(isForAll ? {} : { filter: text }),
      value,
      start: map.start,
      end: map.end,
    });
  }
  return entries;
}

function valueEntry(reading: Reading, map: YamlNode, name: string): ParameterValue | undefined {
  const entry = entryOf(map, 'value');
  if (entry === undefined) {
    return report(reading, wrongShape, map, `An entry of \`${name}\` needs a \`value\`.`);
  }
  return valueOf(reading, entry.value, name);
}

function valueOf(reading: Reading, node: YamlNode, name: string): ParameterValue | undefined {
  const { start, end } = node;
  if (node.kind === 'list') {
    const knots = node.items.map((item): Located<number> | undefined => {
      const value = numberOf(item);
      return value === undefined ? undefined : { value, start: item.start, end: item.end };
    });
    const odd = node.items.find((_, index) => knots[index] === undefined);
    if (odd !== undefined) {
      return report(
        reading,
        wrongShape,
        odd,
        `A gradient of \`${name}\` is a list of numbers, and here is ${described(odd)}.`,
      );
    }
    if (knots.length === 0) {
      return report(reading, wrongShape, node, `The gradient of \`${name}\` has no numbers.`);
    }
    return { kind: 'gradient', knots: knots.flatMap((knot) => knot ?? []), start, end };
  }
  const value = numberOf(node);
  if (value !== undefined) return { kind: 'number', value, start, end };
  if (keyNamed('document', name) !== undefined) {
    const message = `\`${name}\` is no parameter: it belongs at the top level.`;
    return report(reading, wrongShape, node, message);
  }
  return report(
    reading,
    wrongShape,
    node,
    `\`${name}\` is a number, a list of numbers or a list of filters, not ${described(node)}.`,
  );
}
