/**
 * One histogram pass over a whole model against a pure read of the same inputs, in one thread: what a threshold over a tensor or
 * over the model costs.
 */
import { isKernelType, widthOf } from '../../engine/formula/derived.ts';
import { programOf } from '../../engine/program/from-term.ts';
import { mostHistograms } from '../../engine/program/histograms.ts';
import { statisticPasses } from '../../engine/program/passes.ts';
import { Scalars } from '../../engine/program/settle.ts';
import { type FileAccess, nodeFiles } from '../../engine/run/file-access.ts';
import { kernelsOf } from '../../engine/run/kernels.ts';
import { stretchesOf, Workbench } from '../../engine/run/workbench.ts';
import { computed, planOf, storedOperands } from './plan-of.ts';
import { atMost, type BenchRow } from './rows.ts';
import { type Setting, warm } from './setting.ts';
import { cool } from './whole-runs.ts';

const sliceElements = 1 << 20;

export async function histogramRows(
  setting: Setting,
  { runs, coldRuns }: { readonly runs: number; readonly coldRuns: number },
): Promise<readonly BenchRow[]> {
  const group = 'k-th magnitude, one thread';
  const inputs = setting.inputs('ties');
  const warmed = await bestPair(setting, runs, () => warm(setting));
  const rows: BenchRow[] = [
    { group, title: 'histogram pass / pure read, warm', bound: atMost(2.5), ...warmed },
  ];
  const cold = { group, title: 'histogram pass / pure read, cold', bound: atMost(1.3) };
  if (coldRuns === 0)
    return [...rows, { ...cold, detail: 'cannot be judged here: no cold runs were asked for' }];
  try {
    return [...rows, { ...cold, ...(await bestPair(setting, coldRuns, () => cool(inputs))) }];
  } catch {
    return [...rows, { ...cold, detail: 'cannot be judged here: the cache cannot be emptied' }];
  }
}

async function bestPair(
  setting: Setting,
  runs: number,
  before: () => Promise<void> | void,
): Promise<Pick<BenchRow, 'value' | 'detail'>> {
  const pass = await passOver(setting);
  let [read, counted] = [Infinity, Infinity];
  for (let run = 0; run < runs; run += 1) {
    await before();
    read = Math.min(read, pass.read());
    await before();
    counted = Math.min(counted, pass.count());
  }
  const rate = (seconds: number): string => `${(pass.bytes / seconds / 1e9).toFixed(2)} GB/s`;
  return { value: counted / read, detail: `${rate(counted)} / ${rate(read)}` };
}

interface HistogramPass {
  readonly bytes: number;
  /** Seconds. */
  read(): number;
  count(): number;
}

/** The first pass of TIES: the upper halves of the keys of three task vectors. */
async function passOver(setting: Setting): Promise<HistogramPass> {
  const plan = await planOf(setting.recipe('ties'));
  const tensors = computed(plan).map(({ item }) => {
    const program = programOf(item.term, { elements: item.elements, wholeElements: new Map() });
    const [first] = statisticPasses(program);
    return { item, program, formula: first!.formula, uniforms: new Scalars(program).uniforms() };
  });
  const bench = new Workbench(kernelsOf('wasm'));
  const { program } = tensors[0]!;
  bench.prepare({
    operandWidths: program.operands.map(({ dtype }) =>
      widthOf(isKernelType(dtype) ? dtype : 'F32'),
    ),
    elements: sliceElements,
    outputWidth: 16,
    histograms: mostHistograms(statisticPasses(program)),
  });
  const over = (isCounting: boolean): number => {
    const files: FileAccess = nodeFiles();
    const start = performance.now();
    for (const { item, formula, uniforms } of tensors) {
      if (isCounting) bench.clearBins(formula);
      for (const stretch of stretchesOf(item.elements, sliceElements)) {
        storedOperands(item).forEach(({ file, offset }, index) =>
          files.read(
            plan.files[file]!,
            bench.operand(index, stretch.elements),
            offset + 2 * stretch.first,
          ),
        );
        if (isCounting) bench.run(formula, uniforms, stretch);
      }
      if (isCounting) bench.bins(formula);
    }
    const seconds = (performance.now() - start) / 1000;
    files.close();
    return seconds;
  };
  const bytes = tensors.reduce(
    (sum, { item }) => sum + 2 * item.elements * item.operands.length,
    0,
  );
  return { bytes, read: () => over(false), count: () => over(true) };
}
