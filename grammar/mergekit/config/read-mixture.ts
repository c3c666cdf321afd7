/** Reads a mixture of experts. */
import { nearest } from '../../check/did-you-mean.ts';
import { replacing } from '../../diagnostics/finding.ts';
import { wrongShape } from '../../diagnostics/mw7003-wrong-shape.ts';
import { numberOfModels } from '../../diagnostics/mw7009-number-of-models.ts';
import { expertPrompts } from '../../diagnostics/mw7011-expert-prompts.ts';
import type { Span } from '../../syntax/span.ts';
import { described, entryOf, isNull, type YamlMap, type YamlNode } from '../yaml/nodes.ts';
import { keyOf, type Located, type MixtureDocument, type MixtureExpert } from './config.ts';
import { keyNamed } from './keys.ts';
import { dtypeOf, errorCount } from './read-config.ts';
import { referenceOf } from './read-reference.ts';
import {
  decimalOf,
  listOf,
  mapOf,
  needKey,
  type Reading,
  report,
  textOf,
  wholeOf,
} from './reading.ts';

export function mixtureOf(
  reading: Reading,
  content: YamlMap,
  span: Span,
): MixtureDocument | undefined {
  const before = errorCount(reading);
  mapOf(reading, content, 'mixture');
  const baseEntry = needKey(reading, content, 'base_model');
  const base = baseEntry && referenceOf(reading, baseEntry.value, 'base_model');
  const list = listOf(reading, entryOf(content, 'experts')!.value, 'experts');
  const experts = list?.items.map((item) => expertOf(reading, item)) ?? [];
  const sharedNode = entryOf(content, 'shared_experts');
  const shared =
    sharedNode === undefined || isNull(sharedNode.value)
      ? undefined
      : sharedOf(reading, sharedNode.value);
  const gate = wordOf(reading, content, 'gate_mode');
  const architecture = wordOf(reading, content, 'architecture');
  const perNode = entryOf(content, 'experts_per_token');
  const perToken = perNode && wholeOf(reading, perNode.value, 'experts_per_token');
  const dtype = dtypeOf(reading, content, 'dtype');
  const whole = experts.flatMap((expert) => expert ?? []);
  if (errorCount(reading) > before || base === undefined) return undefined;
  const isCounted =
    perToken === undefined || (perToken.value >= 1 && perToken.value <= whole.length);
  if (!isCounted) {
    const message = `\`experts_per_token\` is ${perToken.value}, and there are ${whole.length} experts.`;
    return report(reading, numberOfModels, perToken, message);
  }
  if (gate?.value !== 'random' && !canRoute(reading, whole)) return undefined;
  return {
    kind: 'mixture',
    ...span,
    base,
    experts: whole,
    ...(shared === undefined ? {} : { shared }),
    ...(gate === undefined ? {} : { gate }),
    ...(perToken === undefined ? {} : { perToken }),
    ...(architecture === undefined ? {} : { architecture }),
    ...(dtype === undefined ? {} : { dtype }),
  };
}

/** Whether prompts tell the experts apart. */
function canRoute(reading: Reading, experts: readonly MixtureExpert[]): boolean {
  const silent = experts.find(({ prompts }) => prompts.length === 0);
  if (silent !== undefined) {
    const message = `\`${keyOf(silent.model)}\` has no \`positive_prompts\`, which this gate needs for every expert.`;
    report(reading, expertPrompts, silent.model, message);
    return false;
  }
  const texts = experts.map(({ prompts }) => JSON.stringify(prompts.map(({ value }) => value)));
  const twin = texts.findIndex((text, index) => texts.indexOf(text) < index);
  if (twin >= 0) {
    const [first, second] = [experts[texts.indexOf(texts[twin]!)]!, experts[twin]!];
    const message = `\`${keyOf(second.model)}\` has the prompts of an expert above, so that no router can tell them apart.`;
    report(reading, expertPrompts, second.prompts[0]!, message, {
      related: [
        { start: first.prompts[0]!.start, end: first.prompts[0]!.end, message: 'the same here' },
      ],
    });
    return false;
  }
  return true;
}

function sharedOf(reading: Reading, node: YamlNode): MixtureExpert | undefined {
  const list = listOf(reading, node, 'shared_experts');
  if (list === undefined || list.items.length === 0) return undefined;
  if (list.items.length > 1) {
    const message = 'Every mixture that can be written has at most one shared expert.';
    return report(reading, numberOfModels, list.items[1]!, message);
  }
  return expertOf(reading, list.items[0]!);
}

function expertOf(reading: Reading, node: YamlNode): MixtureExpert | undefined {
  const map = mapOf(reading, node, 'expert');
  const modelEntry = map && needKey(reading, map, 'source_model');
  const model = modelEntry && referenceOf(reading, modelEntry.value, 'source_model');
  if (map === undefined || model === undefined) return undefined;
  const noise = entryOf(map, 'noise_scale');
  const residual = entryOf(map, 'residual_scale');
  const noiseScale =
    noise && !isNull(noise.value) ? decimalOf(reading, noise.value, 'noise_scale') : undefined;
  const residualScale =
    residual && !isNull(residual.value)
      ? decimalOf(reading, residual.value, 'residual_scale')
      : undefined;
  return {
    model,
    prompts: textsOf(reading, map, 'positive_prompts'),
    avoid: textsOf(reading, map, 'negative_prompts'),
    ...(noiseScale === undefined ? {} : { noise: noiseScale }),
    ...(residualScale === undefined ? {} : { residualScale }),
    start: map.start,
    end: map.end,
  };
}

function textsOf(reading: Reading, map: YamlMap, key: string): readonly Located<string>[] {
  const node = entryOf(map, key)?.value;
  if (node === undefined || isNull(node)) return [];
  if (node.kind !== 'list') {
    const message = `\`${key}\` is a list of texts, not ${described(node)}: put it in brackets.`;
    report(reading, expertPrompts, node, message, {
      fixes:
        node.kind === 'scalar' && typeof node.value === 'string'
          ? [replacing(node, `[${JSON.stringify(node.value)}]`, 'Put the text in brackets')]
          : [],
    });
    return [];
  }
  return node.items.flatMap((item) => textOf(reading, item, key) ?? []);
}

/** A word of a key's own list. */
function wordOf(reading: Reading, map: YamlMap, key: string): Located<string> | undefined {
  const node = entryOf(map, key)?.value;
  if (node === undefined || isNull(node)) return undefined;
  const text = textOf(reading, node, key);
  if (text === undefined) return undefined;
  const words = keyNamed('mixture', key)?.words ?? [];
  // The architecture is told by its first letters, in any case.
  const plain = text.value.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  const meant =
    key === 'architecture'
      ? words
          .toSorted((one, other) => other.length - one.length)
          .find((word) => plain.startsWith(word) || (plain !== '' && word.startsWith(plain)))
      : words.find((word) => word === text.value);
  if (meant !== undefined) return { ...text, value: meant };
  const near = nearest(text.value, words);
  const message = `\`${key}\` is one of ${words.map((word) => `\`${word}\``).join(', ')}, not \`${text.value}\`.`;
  return report(reading, wrongShape, text, message, {
    fixes: near === undefined ? [] : [replacing(text, near)],
  });
}
