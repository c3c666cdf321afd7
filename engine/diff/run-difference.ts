/** Two runs, as their reports tell them. */
import type { MergeReport, ReportInput } from '../output/report.ts';
import { differingLines, type TextLine } from './text-lines.ts';

/** What differs between two values; absent where nothing does. */
type Pair<T> = readonly [a: T, b: T];

export interface RunDifference {
  /** The lines of the recipe that differ, in order. */
  readonly recipe: readonly TextLine[];
  /** Recipes that are used by one run alone, or whose text differs, by their path. */
  readonly imports: readonly string[];
  readonly inputs: readonly InputDifference[];
  readonly step?: Pair<string>;
  readonly engineVersion?: Pair<string>;
  readonly weightsDigest?: Pair<string>;
}

export interface InputDifference {
  /** As the recipes name it. */
  readonly name: string;
  readonly what: 'only in a' | 'only in b' | 'another revision' | 'other files';
  /** Where each run found it; absent where it had no such input. */
  readonly folders: readonly [a: string | undefined, b: string | undefined];
}

export function compareRuns(a: MergeReport, b: MergeReport): RunDifference {
  return {
    recipe: differingLines(a.recipe.text, b.recipe.text),
    imports: differingImports(a, b),
    inputs: differingInputs(a.inputs, b.inputs),
    ...pair('step', a.step, b.step),
    ...pair('engineVersion', a.engineVersion, b.engineVersion),
    ...pair('weightsDigest', a.weightsDigest, b.weightsDigest),
  };
}

function pair<K extends string>(
  key: K,
  a: string,
  b: string,
): Readonly<Partial<Record<K, Pair<string>>>> {
  const pairs: Partial<Record<K, Pair<string>>> = {};
  if (a !== b) pairs[key] = [a, b];
  return pairs;
}

function differingImports(a: MergeReport, b: MergeReport): readonly string[] {
  const textsOf = ({ recipe }: MergeReport): ReadonlyMap<string, string> =>
    new Map((recipe.imports ?? []).map(({ path, text }) => [path, text]));
  const [left, right] = [textsOf(a), textsOf(b)];
  return [...new Set([...left.keys(), ...right.keys()])]
    .filter((path) => left.get(path) !== right.get(path))
    .sort();
}

function differingInputs(
  a: readonly ReportInput[],
  b: readonly ReportInput[],
): readonly InputDifference[] {
  const byName = (inputs: readonly ReportInput[]): ReadonlyMap<string, ReportInput> =>
    new Map(inputs.map((input) => [input.name, input]));
  const [left, right] = [byName(a), byName(b)];
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((name) => {
    const [x, y] = [left.get(name), right.get(name)];
    const what = whatDiffers(x, y);
    return what === undefined ? [] : [{ name, what, folders: [x?.folder, y?.folder] as const }];
  });
}

/** A copy of a model in another place is the same input, whenever it was made; in one place, the time tells what was changed. */
function whatDiffers(
  a: ReportInput | undefined,
  b: ReportInput | undefined,
): InputDifference['what'] | undefined {
  if (b === undefined) return 'only in a';
  if (a === undefined) return 'only in b';
  if (a.revision !== undefined && b.revision !== undefined && a.revision !== b.revision)
    return 'another revision';
  const by = a.folder === b.folder ? identityInPlace : identity;
  const textOf = ({ files }: ReportInput): string => JSON.stringify(files.map(by));
  return textOf(a) === textOf(b) ? undefined : 'other files';
}

type InputFile = ReportInput['files'][number];

function identity({ name, size, headerHash }: InputFile): readonly unknown[] {
  return [name, size, headerHash];
}

function identityInPlace(file: InputFile): readonly unknown[] {
  return [...identity(file), file.mtimeNs];
}
