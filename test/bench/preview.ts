/** How long a preview takes: to what a terminal shows first, and to the whole sample. */
import { spawn } from 'node:child_process';
import { measureCommand } from './measure-command.ts';
import { atMost, type BenchRow } from './rows.ts';
import { builtCommand, type Setting } from './setting.ts';

const group = 'preview of three task vectors, whole process';

export async function previewRows({ recipe }: Setting, runs: number): Promise<readonly BenchRow[]> {
  const args = ['preview', recipe('ties')];
  let first = Infinity;
  let whole = Infinity;
  for (let run = 0; run < runs; run += 1) {
    first = Math.min(first, await firstPicture(args));
    whole = Math.min(whole, (await measureCommand(process.execPath, [builtCommand, ...args])).wall);
  }
  return [
    { group, title: 'first picture on a terminal', value: first, unit: 's', bound: atMost(1) },
    { group, title: 'the whole sample', value: whole, unit: 's' },
  ];
}

/** The command with a terminal for its eyes, which is a pipe to here. No TypeScript: reading that would be measured too. */
const onTerminal = `
const [command, ...args] = process.argv.slice(1);
const { main, rememberCompiled } = await import(command);
rememberCompiled();
const err = (text) => void process.stderr.write(text);
await main(args, { out: () => undefined, err, isInteractive: true, columns: 120, rows: 50 });
`;

/** Seconds from the start of the process until figures of a layer are seen. */
function firstPicture(args: readonly string[]): Promise<number> {
  return new Promise((done, fail) => {
    const start = performance.now();
    const child = spawn(
      process.execPath,
      ['--input-type=module', '--eval', onTerminal, '--', builtCommand, ...args],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let seen = '';
    let found: number | undefined;
    child.stderr.on('data', (text: Buffer) => {
      seen += text.toString();
      if (found !== undefined || !/^layer 0 .*±/m.test(seen)) return;
      found = (performance.now() - start) / 1000;
      child.kill();
    });
    child.on('close', () => {
      if (found === undefined) fail(new Error(`no picture was shown: ${seen}`));
      else done(found);
    });
  });
}
