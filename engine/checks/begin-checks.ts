/** Looks at an output's tensors as they are stored. */
import { blockElements } from '../formula/node.ts';
import { isComputed } from '../formula/derived.ts';
import { chooseBlocks } from '../measures/sample.ts';
import type { PlannedOutput, PlannedTensor } from '../plan/plan.ts';
import type { Pool } from '../run/pool.ts';
import type { Sample } from '../run/job.ts';
import { settled } from '../run/spread.ts';
import { referenceOf } from './seen-output.ts';
import type { CheckWork, TensorCheck } from './tensor-check.ts';

/** One block of so many is read for figures, and one of every tensor. */
const blocksForEach = 32;

export interface RunningChecks {
  /** The tensor at that place in the output is stored. */
  begin(index: number): void;
  /** By the output's tensors, once all that began have ended; copies and empty tensors have none. Throws faults. */
  ended(): Promise<readonly (TensorCheck | undefined)[]>;
}

/** `firstFile`: the number of the output's first shard among the files that the pool's workers know. */
export function beginChecks(
  output: Pick<PlannedOutput, 'tensors'>,
  { pool, firstFile }: { readonly pool: Pool; readonly firstFile: number },
): RunningChecks {
  const checks: (TensorCheck | undefined)[] = output.tensors.map(() => undefined);
  const running: Promise<void>[] = [];
  return {
    begin(index) {
      const work = checkWork(output.tensors[index]!, firstFile);
      if (work === undefined) return;
      const looked = pool.one({ kind: 'check', ...work }).then((answer) => {
        checks[index] = settled(answer, 'checked').check;
      });
      // Whoever waits for the end is told; a run that fails before does not wait.
      looked.catch(() => undefined);
      running.push(looked);
    },
    async ended() {
      await Promise.all(running);
      return checks;
    },
  };
}

function checkWork(tensor: PlannedTensor, firstFile: number): CheckWork | undefined {
  const { name, dtype, work, place, elements } = tensor;
  if (work.kind !== 'compute' || elements === 0 || !isComputed(dtype)) return undefined;
  const reference = referenceOf(tensor);
  return {
    stored: { file: firstFile + place.file, offset: place.offset, dtype },
    operands: work.item.operands,
    ...(reference === undefined ? {} : { reference }),
    elements,
    sample: checkSample(name, elements),
  };
}

/** The blocks of a tensor that checks read. */
export function checkSample(name: string, elements: number): Sample {
  const blocks = Math.ceil(elements / blockElements);
  return chooseBlocks({ name, elements }, Math.ceil(blocks / blocksForEach));
}
