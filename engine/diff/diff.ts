/** Two checkpoints compared tensor by tensor: folders, files, models of the cache, or what two runs made. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Checkpoint } from '../checkpoints/checkpoint.ts';
import { openCheckpoint } from '../checkpoints/open-checkpoint.ts';
import type { CheckpointSource } from '../checkpoints/source.ts';
import { settle, valueOf, type Result } from '../faults/fault.ts';
import { readReport, reportName, type MergeReport } from '../output/report.ts';
import { differingKeys, type ConfigDifference } from './config-keys.ts';
import { readDifferences, type DiffReading } from './read-differences.ts';
import { compareRuns, type RunDifference } from './run-difference.ts';
import { inOrder, type DiffTotals, type TensorDifference } from './tensor-difference.ts';
import { pairTensors } from './tensor-pairs.ts';

export interface DiffRequest extends DiffReading {
  readonly a: CheckpointSource;
  readonly b: CheckpointSource;
  /** The tensors that are meant; then weights alone are compared. */
  readonly isMeant?: (name: string) => boolean;
}

export interface DiffSide {
  /** Absolute. */
  readonly folder: string;
  readonly revision?: string;
  readonly tensors: number;
}

export interface CheckpointDiff {
  readonly a: DiffSide;
  readonly b: DiffSide;
  /** Every tensor that is meant is the same to the last byte, and no key of the configuration differs. */
  readonly isEqual: boolean;
  readonly totals: DiffTotals;
  /** What differs most comes first. */
  readonly tensors: readonly TensorDifference[];
  readonly config: readonly ConfigDifference[];
  /** Where both are outputs of runs. */
  readonly runs?: RunDifference;
}

/** Faults: those of opening checkpoints and reports, and of reading. A cancel rejects with `RunCancelled`. */
export function diffCheckpoints(request: DiffRequest): Promise<Result<CheckpointDiff>> {
  return settle(async () => {
    const a = valueOf(await openCheckpoint(request.a));
    const b = valueOf(await openCheckpoint(request.b));
    const pairs = pairTensors(a, b, request.isMeant);
    const { differences, totals } = await readDifferences({ a, b }, pairs, request);
    const config = request.isMeant === undefined ? differingKeys(a.configJson, b.configJson) : [];
    const runs = await runsOf(a, b);
    return {
      a: sideOf(a),
      b: sideOf(b),
      isEqual: differences.length === 0 && config.length === 0,
      totals,
      tensors: inOrder(differences),
      config,
      ...(runs === undefined ? {} : { runs }),
    };
  });
}

function sideOf({ folder, revision, tensors }: Checkpoint): DiffSide {
  return { folder, ...(revision === undefined ? {} : { revision }), tensors: tensors.size };
}

async function runsOf(a: Checkpoint, b: Checkpoint): Promise<RunDifference | undefined> {
  const [left, right] = [await reportOf(a), await reportOf(b)];
  return left === undefined || right === undefined ? undefined : compareRuns(left, right);
}

async function reportOf({ folder }: Checkpoint): Promise<MergeReport | undefined> {
  return existsSync(join(folder, reportName)) ? valueOf(await readReport(folder)) : undefined;
}
