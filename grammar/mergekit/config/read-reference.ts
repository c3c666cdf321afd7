/** Reads how mergekit names a model: `path@revision+lora@revision`, or the same as a map. */
import { replacing } from '../../diagnostics/finding.ts';
import { keyMissing } from '../../diagnostics/mw7004-key-missing.ts';
import { modelReference } from '../../diagnostics/mw7013-model-reference.ts';
import { entryOf, isNull, type YamlNode } from '../yaml/nodes.ts';
import type { ModelReference } from './config.ts';
import { mapOf, type Reading, report, textOf } from './reading.ts';

interface Part {
  readonly path: string;
  readonly revision?: string;
}

export function referenceOf(
  reading: Reading,
  node: YamlNode,
  what: string,
): ModelReference | undefined {
  if (node.kind === 'map') return mapped(reading, node, what);
  const text = textOf(reading, node, what);
  if (text === undefined) return undefined;
  const { start, end } = text;
  if (text.value.trim() === '') {
    return report(reading, keyMissing, text, `\`${what}\` names no model.`);
  }
  const old = /^(model|dir):(?=[^/\\]|\/)/.exec(text.value);
  if (old !== null) {
    const rest = text.value.slice(old[0].length);
    return report(
      reading,
      modelReference,
      text,
      `\`${old[0]}\` is taken as a part of the path today: write \`${rest}\`.`,
      { fixes: [replacing(text, rest)] },
    );
  }
  const parts = text.value.split('+');
  if (parts.length > 2) {
    return report(
      reading,
      modelReference,
      text,
      `One adapter, behind one \`+\`, is what a model takes; here are ${parts.length - 1}.`,
    );
  }
  const [model, lora] = parts.map((part) => partOf(part));
  if (model === undefined || (parts.length === 2 && lora === undefined)) {
    return report(
      reading,
      modelReference,
      text,
      `\`${text.value}\` is no model’s name: \`path@revision+adapter\`, with each sign at most once and something around it.`,
    );
  }
  return { ...model, ...(lora === undefined ? {} : { lora }), start, end };
}

function partOf(text: string): Part | undefined {
  const [path, revision, ...more] = text.split('@').map((part) => part.trim());
  if (path === undefined || path === '' || more.length > 0 || revision === '') return undefined;
  return revision === undefined ? { path } : { path, revision };
}

/** `{ model: { path, revision }, lora: … }`, or `{ path, revision }`. */
function mapped(reading: Reading, node: YamlNode, what: string): ModelReference | undefined {
  const map = mapOf(reading, node, 'reference');
  if (map === undefined) return undefined;
  const { start, end } = map;
  const path = entryOf(map, 'path');
  if (path !== undefined) {
    const text = textOf(reading, path.value, 'path');
    const revision = entryOf(map, 'revision');
    const at =
      revision === undefined || isNull(revision.value)
        ? undefined
        : textOf(reading, revision.value, 'revision')?.value;
    return text && { path: text.value, ...(at === undefined ? {} : { revision: at }), start, end };
  }
  const inner = entryOf(map, 'model');
  if (inner === undefined) {
    return report(reading, keyMissing, map, `\`${what}\` names no \`model\`.`);
  }
  const model = referenceOf(reading, inner.value, 'model');
  const loraEntry = entryOf(map, 'lora');
  if (model === undefined || loraEntry === undefined || isNull(loraEntry.value)) {
    return model && { ...model, start, end };
  }
  const lora = referenceOf(reading, loraEntry.value, 'lora');
  return (
    lora && {
      ...model,
      lora: {
        path: lora.path,
        ...(lora.revision === undefined ? {} : { revision: lora.revision }),
      },
      start,
      end,
    }
  );
}
