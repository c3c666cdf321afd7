/** The steps of models or slices: one call, or a stack of them. */
import { layerRange } from '../../diagnostics/mw7008-layer-range.ts';
import {
  keyOf,
  type Layout,
  type MergeDocument,
  type ModelEntry,
  type ModelReference,
  type Module,
  type Slice,
} from '../config/config.ts';
import type { ForeignMethod } from '../methods.ts';
import { from, type Piece } from '../pieces.ts';
import type { Call, CallInput } from './call.ts';
import { bracketsOf } from './call-inputs.ts';
import { callOf } from './calls.ts';
import { isCutBehind } from './cut-behind.ts';
import { freshName, type Importing, say } from './importing.ts';
import { bracketed, lined, type Row } from './rows.ts';
import { sourceText } from './source.ts';

export interface StageOptions {
  /** The step's name in the recipe. */
  readonly name: string;
  /** Whether another document uses it, so that mergekit stores it before. */
  readonly isIntermediate: boolean;
  /** Whether the file has other documents. */
  readonly isAlone: boolean;
}

export interface LayoutInput {
  readonly document: MergeDocument;
  readonly method: ForeignMethod;
  readonly module: Module;
  readonly options: StageOptions;
  /** The word for the module, where the network has several. */
  readonly tower?: string;
}

export function layoutSteps(importing: Importing, input: LayoutInput): Piece | undefined {
  const { layout } = input.module;
  switch (layout.kind) {
    case 'models': {
      const call = callFor(importing, input, {
        entries: layout.models,
        isCut: false,
        offset: 0,
        parameters: [],
        about: layout,
      });
      return call && finished(input, call);
    }
    case 'slices':
      return sliceSteps(importing, input, layout);
  }
}

interface Cut {
  readonly entries: readonly ModelEntry[];
  readonly isCut: boolean;
  readonly offset: number;
  readonly parameters: CallInput['scopes'][number];
  readonly base?: ModelReference;
  readonly about: { readonly start: number; readonly end: number };
}

function callFor(
  importing: Importing,
  { document, method, module, options, tower }: LayoutInput,
  cut: Cut,
): Call | undefined {
  const base = cut.base ?? document.base;
  return callOf(importing, {
    method,
    name: document.method,
    entries: cut.entries,
    ...(base === undefined ? {} : { base }),
    scopes: [cut.parameters, module.parameters, document.parameters],
    isCut: cut.isCut,
    ...(tower === undefined ? {} : { tower }),
    offset: cut.offset,
    ...(document.dtype === undefined ? {} : { compute: document.dtype.value }),
    stage: options.name,
    about: cut.about,
  });
}

function sliceSteps(
  importing: Importing,
  input: LayoutInput,
  { slices }: Extract<Layout, { readonly kind: 'slices' }>,
): Piece | undefined {
  const { atMost } = input.method;
  // Of too many sources the lengths do not matter.
  const lengths = slices.map((slice) =>
    atMost === 1 && input.method.form === 'layers' && slice.sources.length > 1
      ? 1
      : lengthOf(importing, slice),
  );
  const isWhole = slices.length === 1 && isWholeModel(importing, input, slices[0]!);
  const calls: (SliceCall | undefined)[] = [];
  let offset = 0;
  for (const [index, slice] of slices.entries()) {
    calls.push(
      lengths[index] === undefined
        ? undefined
        : sliceCall(importing, input, slice, { isWhole, offset }),
    );
    offset += lengths[index] ?? 0;
  }
  const whole = calls.flatMap((call) => call ?? []);
  if (whole.length < calls.length) return undefined;
  const [only] = whole;
  if (whole.length === 1 && only!.brackets === undefined) return finished(input, only!);
  if (whole.length === 1) {
    const name = freshName(importing, `${input.options.name}_uncut`);
    const statement = ['merge ', name, ' = ', only!.piece, only!.rules, '\n'];
    const part: Piece = [name, only!.brackets!];
    return finished(input, { piece: part, rules: '', above: [...only!.above, statement] });
  }
  return stacked(importing, input, slices, whole);
}

interface SliceCall extends Call {
  /** The call is of whole models, and these layers are cut out of what it makes. */
  readonly brackets?: string;
}

function sliceCall(
  importing: Importing,
  input: LayoutInput,
  slice: Slice,
  { isWhole, offset }: { readonly isWhole: boolean; readonly offset: number },
): SliceCall | undefined {
  const { sources: entries, parameters } = slice;
  const { document, method, module, tower } = input;
  const scopes = [parameters, module.parameters, document.parameters];
  const isBehind = !isWhole && isCutBehind({ method, entries, scopes, offset });
  const range = entries[0]!.range!;
  const call = callFor(importing, input, {
    entries,
    isCut: !isWhole && !isBehind,
    offset: isBehind ? offset - range.first : offset,
    parameters,
    ...(slice.base === undefined ? {} : { base: slice.base }),
    about: slice,
  });
  return isBehind ? call && { ...call, brackets: bracketsOf(range, tower) } : call;
}

/** Slices that the method computes are steps of their own; layers as they are stand in the stack itself. */
function stacked(
  importing: Importing,
  input: LayoutInput,
  slices: readonly Slice[],
  calls: readonly SliceCall[],
): Piece {
  const above: Piece[] = [];
  const rows = calls.map((call, index): Row => {
    const comments = importing.comments.take(slices[index]!);
    const { brackets = '' } = call;
    const isStep = input.method.form !== 'layers' || call.rules !== '';
    above.push(...call.above);
    if (!isStep) return { piece: from(slices[index]!, call.piece), comments };
    const name = freshName(importing, `${input.options.name}_${index + 1}`);
    const statement = from(slices[index]!, ['merge ', name, ' = ', call.piece, call.rules]);
    above.push(lined({ piece: statement, comments }));
    return { piece: from(slices[index]!, [name, brackets]) };
  });
  const stack: Piece = ['stack(', bracketed('[', rows, ']'), ')'];
  return [above, finished(input, { piece: stack, rules: '', above: [] })];
}

function lengthOf(importing: Importing, { sources }: Slice): number | undefined {
  const [first, ...others] = sources;
  const length = first!.range!.behind - first!.range!.first;
  for (const { range } of others) {
    if (range!.behind - range!.first === length) continue;
    const message = `This source gives ${range!.behind - range!.first} layers, and the first of its slice ${length}.`;
    return say(importing, layerRange, range!, message, {
      related: [
        { start: first!.range!.start, end: first!.range!.end, message: `${length} layers here` },
      ],
    });
  }
  return length;
}

/** Whether a slice is all layers of its models, as far as their headers are known. */
function isWholeModel(
  { surroundings, stages }: Importing,
  { tower = 'text' }: LayoutInput,
  { sources }: Slice,
): boolean {
  // Of several towers the layers of this one are what a header tells first.
  if (tower !== 'text') return false;
  const counts = sources.map(({ model, range }) => {
    if (range!.first !== 0 || model.lora !== undefined || stages.has(keyOf(model))) return false;
    const { reference } = sourceText(model, surroundings);
    return surroundings.layersOf?.(reference) === range!.behind;
  });
  return counts.every(Boolean);
}

/** A step, rounded at its end where mergekit stores it. */
function finished({ document, options }: LayoutInput, call: Call): Piece {
  const { name, isIntermediate } = options;
  const stored = document.outDtype ?? document.dtype;
  const about = (piece: Piece): Piece => from(document.method, piece);
  if (!isIntermediate || stored === undefined) {
    return [call.above, about(['merge ', name, ' = ', call.piece, call.rules])];
  }
  const to = from(stored, `to: ${stored.value}`);
  if (call.rules === '') {
    return [call.above, about(['merge ', name, ' = cast(', call.piece, ', ', to, ')'])];
  }
  const inner = `${name}_computed`;
  return [
    call.above,
    about(['merge ', inner, ' = ', call.piece, call.rules, '\n']),
    about(['merge ', name, ' = cast(', inner, ', ', to, ')']),
  ];
}
