/** The command line in the test's own process: no start, and what it says. */
import { main } from '../../client/cli/main.ts';
import type { Terminal } from '../../client/cli/terminal.ts';

export interface Told {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export async function told(...args: readonly string[]): Promise<Told> {
  const out: string[] = [];
  const err: string[] = [];
  const terminal: Terminal = {
    out: (text) => out.push(text),
    err: (text) => err.push(text),
    isInteractive: false,
    columns: 100,
  };
  const code = await main(args, terminal);
  return { code, out: out.join(''), err: err.join('') };
}
