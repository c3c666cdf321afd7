/** What is wanted in maps and settings: a key, the name of a parameter or expert, a value. */
import { parameterNamed } from '../../grammar/check/parameters.ts';
import type { Entry, MapLiteral, Setting } from '../../grammar/syntax/tree.ts';
import type { Node } from '../../grammar/syntax/walk.ts';
import type { Cursor } from './cursor.ts';
import { nothing, type Slot } from './slot.ts';
import { callAbove, isHere, keysOf, slotOfName, stepOf } from './slot-context.ts';

export function slotOfKey(cursor: Cursor, { key }: Entry, at: number): Slot | undefined {
  if (key.kind !== 'path') return undefined;
  const map = cursor.path[at - 1];
  return slotOfName(cursor, key.parts, () =>
    map?.kind === 'map' ? slotOfMap(cursor, map, at - 1) : nothing,
  );
}

/** What the keys of a map are. */
function slotOfMap(cursor: Cursor, map: MapLiteral, at: number): Slot {
  const { path, analysis } = cursor;
  const holder = path[at - 1];
  switch (holder?.kind) {
    case 'item': {
      const above = callAbove(cursor, at - 4);
      if (holder.own !== map || above?.method === undefined) return nothing;
      return { kind: 'own parameter', call: above.call, method: above.method, item: holder };
    }
    case 'argument': {
      const above = callAbove(cursor, at - 2);
      const parameter = above?.method && parameterNamed(above.method, holder.name?.text ?? '');
      if (above?.method === undefined || parameter?.byModel !== true) return nothing;
      return { kind: 'expert name', call: above.call, method: above.method, parameter, map };
    }
    case 'spread': {
      const above = callAbove(cursor, at - 2);
      return above?.method === undefined
        ? nothing
        : { kind: 'preset key', method: above.method, map };
    }
    case 'setting': {
      const step = stepOf(cursor);
      const parameter = step && parameterNamed(step.method, holder.path.parts[0]?.text ?? '');
      if (step === undefined || parameter?.byModel !== true) return nothing;
      return { kind: 'expert name', ...step, parameter, map };
    }
    case 'let': {
      const type = holder.type?.text ?? '';
      const method = analysis.catalogue.get(type);
      if (method !== undefined) return { kind: 'preset key', method, map };
      return type === 'output' ? { kind: 'output setting', given: keysOf(map) } : nothing;
    }
    default:
      return nothing;
  }
}

export function slotOfEntryValue(cursor: Cursor, entry: Entry, at: number): Slot {
  const map = cursor.path[at - 1];
  if (map?.kind !== 'map') return nothing;
  const key = entry.key.kind === 'path' ? (entry.key.parts[0]?.text ?? '') : '';
  const slot = slotOfMap(cursor, map, at - 1);
  switch (slot.kind) {
    case 'expert name':
      return { kind: 'parameter value', parameter: slot.parameter, call: slot.call };
    case 'own parameter':
    case 'preset key': {
      const parameter = parameterNamed(slot.method, key);
      const call = slot.kind === 'own parameter' ? slot.call : undefined;
      return parameter === undefined ? nothing : { kind: 'parameter value', parameter, call };
    }
    case 'output setting':
      return { kind: 'output value', setting: key };
    default: {
      const holder = cursor.path[at - 2];
      if (isTokens(cursor, holder)) return { kind: 'token row' };
      const isCurve = holder?.kind === 'argument' || holder?.kind === 'let';
      return isCurve ? { kind: 'number' } : { kind: 'model name' };
    }
  }
}

/** The map of `tokens`, in an output or in a preset of its settings. */
function isTokens({ path }: Cursor, holder: Node | undefined): boolean {
  if (holder?.kind === 'setting') {
    return path[0]?.kind === 'output' && holder.path.parts[0]?.text === 'tokens';
  }
  const isPreset = path[0]?.kind === 'let' && path[0].type?.text === 'output';
  return isPreset && holder?.kind === 'entry' && keyWord(holder) === 'tokens';
}

function keyWord({ key }: Entry): string | undefined {
  return key.kind === 'path' ? key.parts[0]?.text : undefined;
}

export function slotOfSetting(cursor: Cursor, setting: Setting, at: number): Slot | undefined {
  const { path } = cursor;
  const [word, ...expert] = setting.path.parts;
  const statement = path[0];
  if (statement?.kind === 'output') {
    if (!isHere(word)) return undefined;
    const given = statement.settings.flatMap((of) =>
      of.kind === 'setting' ? [of.path.parts.map(({ text }) => text).join('.')] : [],
    );
    return { kind: 'output setting', given };
  }
  if (statement?.kind !== 'merge') return undefined;
  if (isHere(word)) {
    return path[at - 1]?.kind === 'rule' ? { kind: 'action', statement, set: setting } : nothing;
  }
  return slotOfName(cursor, expert, () => {
    const step = stepOf(cursor);
    const parameter = step && parameterNamed(step.method, word?.text ?? '');
    if (step === undefined || parameter?.byModel !== true) return nothing;
    return { kind: 'expert name', ...step, parameter };
  });
}

export function slotOfSettingValue(cursor: Cursor, setting: Setting, at: number): Slot {
  const statement = cursor.path[0];
  const word = setting.path.parts[0]?.text ?? '';
  if (statement?.kind === 'output') return { kind: 'output value', setting: word };
  if (cursor.path[at - 1]?.kind !== 'rule') return nothing;
  const step = stepOf(cursor);
  const parameter = step && parameterNamed(step.method, word);
  return parameter === undefined
    ? nothing
    : { kind: 'parameter value', parameter, call: step?.call };
}
