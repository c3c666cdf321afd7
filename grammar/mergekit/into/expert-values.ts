/** Parameters by model: where each value is written, and the filters on it. */
import type { ForeignParameter } from '../methods.ts';
import type { Piece } from '../pieces.ts';
import type { YamlComment } from '../yaml/comments.ts';
import type { CallInput, Expert } from './call.ts';
import type { Importing } from './importing.ts';
import { bracketed, type Row } from './rows.ts';
import type { Filtered } from './rules.ts';
import { type Chain, sameText, valuePiece } from './values.ts';

interface WrittenExperts {
  readonly experts: Row[];
  readonly args: readonly Row[];
  readonly filtered: readonly Filtered[];
}

/** Values by model: one for all, a map where one parameter differs, else at the experts. */
export function expertValues(
  importing: Importing,
  { method }: CallInput,
  experts: readonly Expert[],
): WrittenExperts | undefined {
  const parameters = method.parameters.filter((of) => of.byModel && of.ours !== undefined);
  const args: Row[] = [];
  const filtered: Filtered[] = [];
  const varying: {
    readonly parameter: ForeignParameter;
    readonly values: (Piece | undefined)[];
  }[] = [];
  for (const parameter of parameters) {
    const chains = experts.map((expert) => expert.chains.get(parameter)!);
    filtered.push(...filtersOf(experts, parameter, chains));
    const values: (Piece | undefined)[] = [];
    for (const { fallback } of chains) {
      const piece = fallback && valuePiece(importing, parameter, fallback.value);
      if (fallback !== undefined && piece === undefined) return undefined;
      values.push(piece);
    }
    const [first] = values;
    if (values.every((value) => value === undefined)) continue;
    const isShared =
      first !== undefined && values.every((value) => value !== undefined && sameText(value, first));
    if (!isShared) varying.push({ parameter, values });
    else {
      args.push({
        piece: [parameter.ours!, ': ', first],
        comments: sharedComments(importing, chains),
      });
    }
  }
  const comments = experts.map(({ entry }) =>
    varying.length === 0 || entry?.parametersSpan === undefined
      ? []
      : importing.comments.take(entry.parametersSpan),
  );
  const isPlain = comments.every((of) => of.length === 0);
  const areNamed = experts.every(({ name }) => name !== undefined);
  if (varying.length === 1 && isPlain && areNamed && method.form === 'experts') {
    const [{ parameter, values }] = varying as [(typeof varying)[number]];
    const entries = experts.flatMap(({ name }, index): readonly Row[] => {
      const value = values[index];
      return value === undefined ? [] : [{ piece: [name!, ': ', value] }];
    });
    args.unshift({ piece: [parameter.ours!, ': ', bracketed('{ ', entries, ' }')] });
    return { experts: experts.map(({ piece }) => ({ piece })), args, filtered };
  }
  if (method.form !== 'experts') {
    // Its one input has one value: the argument says it.
    for (const { parameter, values } of varying) {
      if (values[0] !== undefined) args.push({ piece: [parameter.ours!, ': ', values[0]] });
    }
    return { experts: experts.map(({ piece }) => ({ piece })), args, filtered };
  }
  const rows = experts.map(({ piece }, index): Row => {
    const own = varying.flatMap(({ parameter, values }): readonly Row[] => {
      const value = values[index];
      return value === undefined ? [] : [{ piece: [parameter.ours!, ': ', value] }];
    });
    return {
      piece: own.length === 0 ? piece : [piece, bracketed(' { ', own, ' }')],
      comments: comments[index] ?? [],
    };
  });
  return { experts: rows, args, filtered };
}

/** Comments of a value that all experts share, where it is written once. */
function sharedComments(importing: Importing, chains: readonly Chain[]): readonly YamlComment[] {
  const settings = new Set(chains.flatMap((chain) => chain.settings));
  const [only] = settings;
  if (settings.size !== 1 || only === undefined) return [];
  return importing.comments.take(only.entries.at(-1)!);
}

/** Filters that are the same for all experts set them all. */
function filtersOf(
  experts: readonly Expert[],
  parameter: ForeignParameter,
  chains: readonly Chain[],
): readonly Filtered[] {
  const ours = parameter.ours!;
  const [first] = chains;
  const [only] = experts;
  const isForAll =
    experts.length === 1 ||
    (chains.every(
      ({ filtered }) =>
        filtered.length === first!.filtered.length &&
        filtered.every((entry, index) => entry === first!.filtered[index]),
    ) &&
      experts.every(({ numbering }) => numbering.shift === only!.numbering.shift));
  if (isForAll) {
    if (first!.filtered.length === 0) return [];
    return [{ target: ours, parameter, entries: first!.filtered, numbering: only!.numbering }];
  }
  return experts.flatMap(({ name, numbering }, index): readonly Filtered[] => {
    const entries = chains[index]!.filtered;
    return entries.length === 0
      ? []
      : [{ target: `${ours}.${name!}`, parameter, entries, numbering }];
  });
}
