/**
 * The WebAssembly kernels beside what a C compiler makes of the same arithmetic: one thread, operands in memory, the fastest of
 * many passes over two million elements. That both store the same bytes is part of the measure.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isKernelType, widthOf } from '../../engine/formula/derived.ts';
import { programOf } from '../../engine/program/from-term.ts';
import { mostHistograms } from '../../engine/program/histograms.ts';
import { mapPass, statisticPasses } from '../../engine/program/passes.ts';
import { Scalars, settle } from '../../engine/program/settle.ts';
import { nodeFiles } from '../../engine/run/file-access.ts';
import { kernelsOf } from '../../engine/run/kernels.ts';
import { Workbench } from '../../engine/run/workbench.ts';
import { compileNative, type NativeLoop, type VectorWidth } from './native.ts';
import { computed, planOf, storedOperands } from './plan-of.ts';
import { atLeast, type BenchRow } from './rows.ts';
import type { Setting } from './setting.ts';

const mostElements = 1 << 21;

interface KernelGoal {
  readonly law: 'linear' | 'ties';
  readonly title: string;
  readonly width: VectorWidth;
  readonly bound: number;
}

const goals: readonly KernelGoal[] = [
  { law: 'linear', title: 'elementwise, WebAssembly / native', width: 'any', bound: 0.8 },
  { law: 'ties', title: 'ties, WebAssembly / native of 128 bit', width: '128 bit', bound: 1 },
];

export async function kernelRows(
  setting: Setting,
  { runs }: { readonly runs: number },
): Promise<readonly BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'mergewright-native-'));
  try {
    const rows: BenchRow[] = [];
    for (const goal of goals) rows.push(await kernelRow(setting, goal, { folder, runs }));
    return rows;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function kernelRow(
  setting: Setting,
  { law, title, width, bound }: KernelGoal,
  { folder, runs }: { readonly folder: string; readonly runs: number },
): Promise<BenchRow> {
  const row = { group: 'kernels, one thread', title, bound: atLeast(bound) };
  const native = compileNative(folder, width);
  if (native === undefined)
    return { ...row, detail: 'cannot be judged here: no C compiler was found' };
  const operands = await operandBytes(setting, law);
  const own = mapSeconds(operands, runs);
  const theirs = nativeSeconds(native, { law, operands, folder, runs });
  if (Buffer.compare(own.stored, theirs.stored) !== 0)
    throw new Error(`${law}: the native loop stores other bytes than the kernel`);
  const rate = (seconds: number): string =>
    `${(operands.elements / seconds / 1e9).toFixed(2)} billion elements a second`;
  return {
    ...row,
    value: theirs.seconds / own.seconds,
    detail: `${rate(own.seconds)} / ${rate(theirs.seconds)}; ${native.compiler}`,
  };
}

interface Operands {
  readonly term: Parameters<typeof programOf>[0];
  readonly elements: number;
  readonly bytes: readonly Uint8Array[];
}

/** The beginning of the largest tensor, of every model. */
async function operandBytes(setting: Setting, law: 'linear' | 'ties'): Promise<Operands> {
  const plan = await planOf(setting.recipe(law));
  const { item } = computed(plan)[0]!;
  const elements = Math.min(mostElements, item.elements);
  const files = nodeFiles();
  const bytes = storedOperands(item).map(({ file, offset }) => {
    const into = new Uint8Array(2 * elements);
    files.read(plan.files[file]!, into, offset);
    return into;
  });
  files.close();
  return { term: item.term, elements, bytes };
}

interface Timed {
  readonly seconds: number;
  /** What one pass stores. */
  readonly stored: Uint8Array;
}

function mapSeconds({ term, elements, bytes }: Operands, runs: number): Timed {
  const program = programOf(term, { elements, wholeElements: new Map() });
  const bench = new Workbench(kernelsOf('wasm'));
  bench.prepare({
    operandWidths: program.operands.map(({ dtype }) =>
      widthOf(isKernelType(dtype) ? dtype : 'F32'),
    ),
    elements,
    outputWidth: widthOf('BF16'),
    histograms: mostHistograms(statisticPasses(program)),
  });
  bytes.forEach((of, index) => bench.operand(index, elements).set(of));
  const whole = { first: 0, elements };
  const scalars = new Scalars(program);
  const steps = settle(program, scalars);
  for (let step = steps.next(); !step.done;) {
    const request = step.value;
    if (request.kind !== 'pass') throw new Error('these methods find no places');
    step = steps.next(bench.pass(request.formula, request.uniforms, whole));
  }
  const formula = mapPass(program, 'BF16');
  const uniforms = scalars.uniforms();
  bench.run(formula, uniforms, whole);
  const stored = bench.output(widthOf('BF16'), elements).slice();
  let seconds = Infinity;
  for (let run = 0; run < runs; run += 1) {
    const start = performance.now();
    bench.run(formula, uniforms, whole);
    seconds = Math.min(seconds, (performance.now() - start) / 1000);
  }
  return { seconds, stored };
}

function nativeSeconds(
  native: NativeLoop,
  {
    law,
    operands,
    folder,
    runs,
  }: {
    readonly law: 'linear' | 'ties';
    readonly operands: Operands;
    readonly folder: string;
    readonly runs: number;
  },
): Timed {
  const paths = operands.bytes.map((bytes, index) => {
    const path = join(folder, `operand-${index}`);
    writeFileSync(path, bytes);
    return path;
  });
  const out = join(folder, 'stored');
  const seconds = native.run({ law, runs, elements: operands.elements, out, operands: paths });
  return { seconds, stored: readFileSync(out) };
}
