/** `native.c`, compiled where a C compiler is found. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** How wide the vectors may be that the compiler makes. */
export type VectorWidth = 'any' | '128 bit';

export interface NativeRun {
  readonly law: 'linear' | 'ties';
  readonly runs: number;
  readonly elements: number;
  /** Where the bytes of one pass go. */
  readonly out: string;
  /** Files of the operands' bytes. */
  readonly operands: readonly string[];
}

export interface NativeLoop {
  readonly compiler: string;
  /** Seconds of the fastest pass. */
  run(asked: NativeRun): number;
}

const compilers = ['cc', 'gcc', 'clang'];
const source = new URL('native.c', import.meta.url).pathname;
const common = [
  '-std=c11',
  '-D_POSIX_C_SOURCE=200809L',
  '-O3',
  '-ffp-contract=off',
  '-fno-math-errno',
  '-fno-trapping-math',
];
const tunings: Readonly<Record<VectorWidth, readonly (readonly string[])[]>> = {
  any: [['-march=native'], ['-mcpu=native']],
  // Processors of 64-bit ARM have no wider vectors than these but by an extension.
  '128 bit': [['-march=native', '-mprefer-vector-width=128'], ['-mcpu=native']],
};

/** Nothing where there is no C compiler, or none that takes the source. */
export function compileNative(folder: string, width: VectorWidth): NativeLoop | undefined {
  const program = join(folder, `native-${width === 'any' ? 'any' : '128'}`);
  for (const compiler of compilers) {
    for (const tuning of tunings[width]) {
      const args = [...common, ...tuning, source, '-o', program];
      if (spawnSync(compiler, args, { stdio: 'ignore' }).status !== 0) continue;
      return {
        compiler: [compiler, '-O3', ...tuning].join(' '),
        run: (asked) => run(program, asked),
      };
    }
  }
  return undefined;
}

function run(program: string, { law, runs, elements, out, operands }: NativeRun): number {
  const args = [law, String(runs), String(elements), out, ...operands];
  const ended = spawnSync(program, args, { encoding: 'utf8' });
  if (ended.status !== 0) throw new Error(`${program} ended with ${ended.status}: ${ended.stderr}`);
  return Number(ended.stdout.split(' ')[0]);
}
