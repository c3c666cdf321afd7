import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { valueOf } from '../../engine/faults/fault.ts';
import { reportName, type MergeReport } from '../../engine/output/report.ts';
import type { OpenCompute } from '../../engine/run/compute-host.ts';
import type { RunOptions } from '../../engine/run/options.ts';
import { runRecipe } from './merge.ts';

/** An output as its bytes: what two runs of one recipe must have in common. */
export interface Fingerprint {
  readonly weightsDigest: string;
  /** SHA-256 of every file but the report, by name. */
  readonly files: Readonly<Record<string, string>>;
}

export interface Outputs {
  /** By the last part of their folders. */
  readonly fingerprints: Readonly<Record<string, Fingerprint>>;
  readonly reports: Readonly<Record<string, MergeReport>>;
  /** What the run saw of what it wrote: the same too, while the models keep their names. */
  readonly seen: Readonly<Record<string, Pick<MergeReport, 'checks' | 'tensors'>>>;
}

/** Runs all outputs of a recipe file, over whatever an earlier run left. */
export async function runAll(
  path: string,
  options: Partial<RunOptions>,
  compute?: OpenCompute,
): Promise<Outputs> {
  const outcome = valueOf(await runRecipe(path, options, compute));
  if (outcome.kind !== 'done') throw new Error(`the run ended as ${outcome.kind}`);
  return {
    fingerprints: Object.fromEntries(
      outcome.outputs.map(({ folder, report: { weightsDigest } }) => [
        basename(folder),
        { weightsDigest, files: filesOf(folder) },
      ]),
    ),
    reports: Object.fromEntries(
      outcome.outputs.map(({ folder, report }) => [basename(folder), report]),
    ),
    seen: Object.fromEntries(
      outcome.outputs.map(({ folder, report: { checks, tensors } }) => [
        basename(folder),
        { checks, ...(tensors === undefined ? {} : { tensors }) },
      ]),
    ),
  };
}

function filesOf(folder: string): Readonly<Record<string, string>> {
  const names = readdirSync(folder).filter((name) => name !== reportName);
  return Object.fromEntries(
    names.sort().map((name) => {
      const bytes = readFileSync(join(folder, name));
      return [name, createHash('sha256').update(bytes).digest('hex')];
    }),
  );
}
