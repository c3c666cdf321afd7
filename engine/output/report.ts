import { join } from 'node:path';
import { isJsonObject, parseJson, readBoundedText } from '../checkpoints/read-json.ts';
import { failure, settle, success } from '../faults/fault.ts';
import type { Result } from '../faults/fault.ts';
import { malformedReport } from '../faults/malformed-report.ts';
import { shownPlain } from '../faults/shown.ts';
import { reading } from '../faults/system-fault.ts';
import { isOutputName } from './output-names.ts';

/** The report's name in an output; it is the mark by which a folder is known as made by a run. */
export const reportName = 'mergewright.json';

/** A file of an output. Its name has one folder before it at most, and `/`. */
export interface ReportFile {
  readonly name: string;
  readonly size: number;
}

/** A model that the output was made from, as its headers identified it. */
export interface ReportInput {
  /** The name in the recipe. */
  readonly name: string;
  readonly folder: string;
  /** Its id on the hub, where the recipe names it so. */
  readonly hub?: string;
  /** The commit of a Hugging Face snapshot. */
  readonly revision?: string;
  /** As its own card tells it: `apache-2.0`. */
  readonly licence?: string;
  readonly files: readonly {
    readonly name: string;
    readonly size: number;
    readonly mtimeNs: string;
    readonly headerHash: string;
    /** Of the whole file, where it is known: by its lock, or by the name under which a cache holds it. */
    readonly sha256?: string;
  }[];
}

/** What a random call drew with. */
export interface ReportSeed {
  readonly method: string;
  readonly seed: number;
}

/** Something that was looked at after the work: finite values, changed tensors, an expectation. */
export interface ReportCheck {
  readonly title: string;
  readonly outcome: 'holds' | 'fails' | 'skipped' | 'noted';
  /** The figure, or why it was skipped. */
  readonly detail?: string;
}

/** A tensor beside what it was made of. Figures are those of the elements that were read, to six digits; null for no finite number. */
export interface ReportTensor {
  readonly name: string;
  /** The model from which it was taken as it is; nothing else is told of it then. */
  readonly copied?: string;
  readonly elements?: number;
  /** Elements that figures were taken from. */
  readonly read?: number;
  /** A model every byte of whose tensor it has, though it was computed. */
  readonly equals?: string;
  /** ‖m − r‖ / ‖r‖, from the base or else the first input. */
  readonly change?: number;
  /** √(Σ m² / n) */
  readonly rms?: number | null;
  readonly inputs?: readonly { readonly model: string; readonly rms: number | null }[];
}

/** A module of an adapter. Figures are of the change that it is made of, to six digits; null for no finite number. */
export interface ReportModule {
  readonly name: string;
  readonly rank: number;
  readonly norm: number | null;
  /** The share of the squared norm that its factors hold, before they were rounded. */
  readonly captured: number | null;
}

/** How many slices of the map passes a backend computed, and why some were moved to another. */
export interface BackendShare {
  readonly backend: string;
  readonly slices: number;
  readonly device?: string;
  /** Where it computed, unless in a process of the engine's own. */
  readonly host?: 'panel';
  readonly moved?: readonly { readonly slices: number; readonly reason: string }[];
}

export interface ReportTime {
  readonly phase: string;
  readonly seconds: number;
}

/** What was run, as it was read. */
export interface ReportRecipe {
  readonly text: string;
  /** Where it stood. */
  readonly path?: string;
  /** The recipes it uses, and those that they use; paths start from the recipe's folder and have `/`. */
  readonly imports?: readonly { readonly path: string; readonly text: string }[];
}

/** What a run wrote, of what, and how. Stored beside the model it describes. */
export interface MergeReport {
  readonly mark: 'mergewright report';
  readonly version: 1;
  readonly engineVersion: string;
  /** SHA-256 in hex of the plan: recipe, engine version and the identity of all inputs. */
  readonly planHash: string;
  readonly recipe: ReportRecipe;
  /** The step that the output holds. */
  readonly step: string;
  readonly weightsDigest: string;
  /** Of random calls, where there are some. */
  readonly seeds?: readonly ReportSeed[];
  /** All files of the output but this report. */
  readonly files: readonly ReportFile[];
  readonly inputs: readonly ReportInput[];
  readonly checks: readonly ReportCheck[];
  /** Those that are not empty, in byte order of their names. */
  readonly tensors?: readonly ReportTensor[];
  /** Of an adapter, in byte order of their tensors. */
  readonly modules?: readonly ReportModule[];
  readonly backends: readonly BackendShare[];
  readonly times: readonly ReportTime[];
  /** The most bytes that the run's process had resident, Node's own among them; absent where the panel computed. */
  readonly peakMemory?: number;
  /** ISO 8601. */
  readonly finishedAt: string;
}

/** What the run knows; the rest is seen when the output is sealed. */
export type ReportBody = Omit<MergeReport, 'mark' | 'version' | 'files'>;

/** JSON in which each tensor, or module, has one line. */
export function printReport(report: MergeReport): string {
  const { tensors, modules, ...rest } = report;
  const text = JSON.stringify(rest, null, 2);
  const lists = Object.entries({ tensors, modules }).flatMap(([name, list]) => {
    if (list === undefined) return [];
    const lines = list.map((item) => `\n    ${JSON.stringify(item)}`);
    return [`,\n  "${name}": [${lines.join(',')}\n  ]`];
  });
  return `${text.slice(0, text.lastIndexOf('\n'))}${lists.join('')}\n}\n`;
}

/** Reads and proves the report of a folder. Faults: MW4501 where there is none, MW6107 where it is no report. */
export async function readReport(folder: string): Promise<Result<MergeReport>> {
  const path = join(folder, reportName);
  const text = await settle(() => reading(path, () => readBoundedText(path, 64_000_000)));
  if (!text.ok) return text;
  if (typeof text.value !== 'string') return malformed(path, text.value.what);
  return parseReport(text.value, path);
}

export function parseReport(text: string, path: string): Result<MergeReport> {
  const parsed = parseJson(text, { deepest: 16 });
  if (!parsed.ok) return malformed(path, parsed.what);
  const flaw = reportFlaw(parsed.json);
  if (flaw !== undefined) return malformed(path, flaw);
  return success(parsed.json as MergeReport);
}

function malformed(path: string, what: string): Result<never> {
  return failure(malformedReport, {
    file: path,
    message: `The report ${shownPlain(path)} ${shownPlain(what)}.`,
    help: 'Treat the folder as not made by a run: move it, or give another folder with --out.',
  });
}

type Shape = (value: unknown) => boolean;

const text: Shape = (value) => typeof value === 'string';
const figure: Shape = (value) => typeof value === 'number' && value >= 0;
const count: Shape = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const word =
  (...words: readonly unknown[]): Shape =>
  (value) =>
    words.includes(value);
const hash: Shape = (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
const optional =
  (shape: Shape): Shape =>
  (value) =>
    value === undefined || shape(value);
const orNull =
  (shape: Shape): Shape =>
  (value) =>
    value === null || shape(value);
const listOf =
  (shape: Shape): Shape =>
  (value) =>
    Array.isArray(value) && value.every(shape);
const record =
  (shapes: Readonly<Record<string, Shape>>): Shape =>
  (value) =>
    isJsonObject(value) && Object.entries(shapes).every(([key, shape]) => shape(value[key]));

/** Listed files are deleted when an output is replaced, so that their names must not lead anywhere. */
const outputName: Shape = (value) =>
  typeof value === 'string' && isOutputName(value) && value !== reportName;

const reportShapes: Readonly<Record<keyof MergeReport, Shape>> = {
  mark: word('mergewright report'),
  version: word(1),
  engineVersion: text,
  planHash: hash,
  recipe: record({
    text,
    path: optional(text),
    imports: optional(listOf(record({ path: text, text }))),
  }),
  step: text,
  weightsDigest: hash,
  seeds: optional(listOf(record({ method: text, seed: count }))),
  files: listOf(record({ name: outputName, size: count })),
  inputs: listOf(
    record({
      name: text,
      folder: text,
      hub: optional(text),
      revision: optional(text),
      licence: optional(text),
      files: listOf(
        record({
          name: text,
          size: count,
          mtimeNs: text,
          headerHash: hash,
          sha256: optional(hash),
        }),
      ),
    }),
  ),
  checks: listOf(
    record({
      title: text,
      outcome: word('holds', 'fails', 'skipped', 'noted'),
      detail: optional(text),
    }),
  ),
  tensors: optional(
    listOf(
      record({
        name: text,
        copied: optional(text),
        elements: optional(count),
        read: optional(count),
        equals: optional(text),
        change: optional(figure),
        rms: optional(orNull(figure)),
        inputs: optional(listOf(record({ model: text, rms: orNull(figure) }))),
      }),
    ),
  ),
  modules: optional(
    listOf(record({ name: text, rank: count, norm: orNull(figure), captured: orNull(figure) })),
  ),
  backends: listOf(
    record({
      backend: text,
      slices: count,
      device: optional(text),
      host: optional(word('panel')),
      moved: optional(listOf(record({ slices: count, reason: text }))),
    }),
  ),
  times: listOf(record({ phase: text, seconds: figure })),
  peakMemory: optional(count),
  finishedAt: text,
};

function reportFlaw(json: unknown): string | undefined {
  if (!isJsonObject(json)) return 'is not a JSON object';
  const wrong = Object.entries(reportShapes).find(([key, shape]) => !shape(json[key]));
  return wrong === undefined ? undefined : `has no proper "${wrong[0]}"`;
}
