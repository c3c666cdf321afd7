/** The inputs of a call: its base and its experts, as many as the method takes, each once. */
import { keyMissing } from '../../diagnostics/mw7004-key-missing.ts';
import { numberOfModels } from '../../diagnostics/mw7009-number-of-models.ts';
import { modelTwice } from '../../diagnostics/mw7015-model-twice.ts';
import { type DtypeWord, keyOf, type ModelEntry, type ModelReference } from '../config/config.ts';
import type { ForeignMethod } from '../methods.ts';
import { from, type Piece } from '../pieces.ts';
import type { CallInput, Expert, Inputs } from './call.ts';
import { type Importing, operandOf, say } from './importing.ts';
import { chainOf } from './values.ts';

/** Undefined: refused, and said why. */

export function inputsOf(importing: Importing, input: CallInput): Inputs | undefined {
  const { method, entries, base, isCut, name } = input;
  const seen = new Map<string, ModelEntry>();
  for (const entry of entries) {
    const key = keyOf(entry.model);
    const first = seen.get(key);
    if (first !== undefined) {
      const message = `\`${key}\` stands here twice: mergekit would take the first one’s parameters and the last one’s tensors.`;
      return say(importing, modelTwice, entry.model, message, {
        related: [{ start: first.model.start, end: first.model.end, message: 'first here' }],
      });
    }
    seen.set(key, entry);
  }
  if (base === undefined && method.base === 'required') {
    const message = `\`${method.name}\` needs a \`base_model\`.`;
    return say(importing, keyMissing, name, message);
  }
  const baseKey = base && keyOf(base);
  const baseEntry = baseKey === undefined ? undefined : seen.get(baseKey);
  const isAppended = base !== undefined && baseEntry === undefined && !isCutBySlices(input);
  if (base !== undefined && baseEntry === undefined && !isAppended && takesBase(method)) {
    const message = `The base \`${baseKey}\` has no layers in this slice, where \`${method.name}\` needs them: mergekit stops at its first tensor.`;
    return say(importing, keyMissing, input.about, message);
  }
  const isOrdinary = method.base === 'ordinary' || method.base === 'none';
  const others = isOrdinary ? entries : entries.filter((entry) => entry !== baseEntry);
  const wanted = others.length + (isOrdinary && isAppended ? 1 : 0);
  if (wanted < method.atLeast || wanted > (method.atMost ?? Infinity)) {
    return refuseCount(importing, input, others, wanted);
  }
  const expert = (reference: ModelReference, entry: ModelEntry | undefined): Expert =>
    expertOf(importing, input, reference, entry);
  // The base is declared first, as it is read first.
  if (base !== undefined) operandOf(importing, base, compute(input));
  const experts = others.map((entry) => expert(entry.model, entry));
  if (isOrdinary) {
    if (isAppended) experts.push(expert(base, undefined));
    return { experts };
  }
  if (base === undefined) return { experts };
  const [first] = isCut && baseEntry === undefined ? [] : [expert(base, baseEntry)];
  return first === undefined ? { experts } : { base: first, experts };
}

/** The type in which mergekit stores what it makes of a model and its adapter. */
function compute({ compute: dtype }: CallInput): { readonly dtype?: DtypeWord } {
  return dtype === undefined ? {} : { dtype };
}

function isCutBySlices({ entries }: CallInput): boolean {
  return entries.some(({ range }) => range !== undefined);
}

function takesBase({ base }: ForeignMethod): boolean {
  return base === 'required' || base === 'optional';
}

function refuseCount(
  importing: Importing,
  { method, name, base }: CallInput,
  others: readonly ModelEntry[],
  count: number,
): undefined {
  const { atLeast, atMost } = method;
  const besides = takesBase(method) && base !== undefined ? ' besides its base' : '';
  const many =
    atLeast === atMost
      ? `${atLeast}`
      : atMost === undefined
        ? `at least ${atLeast}`
        : `${atLeast} to ${atMost}`;
  const where = method.form === 'layers' ? ' in each slice' : '';
  const noun = many === '1' ? 'model' : 'models';
  const there = count === 1 ? 'is 1' : `are ${count}`;
  const at =
    others[atMost ?? others.length]?.model ?? (count > (atMost ?? count) ? base : name) ?? name;
  const message = `\`${method.name}\` takes ${many} ${noun}${besides}${where}, and here ${there}.`;
  return say(importing, numberOfModels, at, message);
}

/** `[8..15]`, `[8..15 & text]`. */
export function bracketsOf(
  { first, behind }: { readonly first: number; readonly behind: number },
  tower: string | undefined,
): string {
  return `[${first}..${behind - 1}${tower === undefined ? '' : ` & ${tower}`}]`;
}

function expertOf(
  importing: Importing,
  input: CallInput,
  reference: ModelReference,
  entry: ModelEntry | undefined,
): Expert {
  const { method, scopes, isCut, tower } = input;
  const name = operandOf(importing, reference, {
    ...(entry === undefined ? {} : { about: entry }),
    ...compute(input),
  });
  const range = entry?.range;
  const chains = new Map(
    method.parameters
      .filter(({ byModel }) => byModel)
      .map((parameter) => [
        parameter,
        chainOf(importing, parameter.name, [entry?.parameters ?? [], ...scopes]),
      ]),
  );
  const named = from(entry?.model ?? reference, name);
  const hasBrackets = isCut && range !== undefined;
  const piece: Piece = hasBrackets ? [named, from(range, bracketsOf(range, tower))] : named;
  const count = range === undefined ? undefined : range.behind - range.first;
  // Filters of a model's own parameters are held against the names it has itself.
  const numbering = { shift: hasBrackets ? range.first : 0, count };
  return {
    reference,
    ...(entry === undefined ? {} : { entry }),
    ...(hasBrackets ? {} : { name }),
    piece,
    numbering,
    chains,
  };
}
