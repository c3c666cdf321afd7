import { createInterface } from 'node:readline/promises';
import {
  bytesToFetch,
  foreseeRoom,
  lackingIn,
  planFetch,
  runFetch,
  type FetchPlan,
  type HubOptions,
} from '../../engine/hub/fetch.ts';
import { readHubReference, type HubReference } from '../../engine/hub/repository.ts';
import { settleNow, type Fault } from '../../engine/faults/fault.ts';
import { printFault } from './diagnostics.ts';
import { exitCode, type ExitCode } from './exit.ts';
import { fetchProgressText, fetchText, planOfFetch } from './fetch-text.ts';
import { bytesText } from './figures.ts';
import { lineOver, printJson, type Terminal } from './terminal.ts';
import { interrupts } from './interrupts.ts';

export interface FetchFlags {
  readonly json?: boolean;
  /** Fetches without asking. */
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  /** Brings the model's own programs too. */
  readonly withCode?: boolean;
}

/** Asks a question that is answered with yes or no; undefined where nobody is there to answer. */
export type Confirm = (question: string) => Promise<boolean>;

export interface FetchSurroundings extends Pick<HubOptions, 'env' | 'fetch' | 'pauses'> {
  readonly confirm?: Confirm;
}

/** `fetch`: what recipes, or ids, lack in the cache. Nothing moves before its size was shown and it was agreed to. */
export async function fetchCommand(
  terminal: Terminal,
  wanted: readonly string[],
  flags: FetchFlags,
  { confirm = confirmOn(terminal), ...hub }: FetchSurroundings = {},
): Promise<ExitCode> {
  using stop = interrupts();
  const options = { ...hub, signal: stop.signal };
  const references = await referencesTo(wanted, hub);
  if ('fault' in references) return endWithFault(terminal, references.fault);
  const planned = await planFetch(references.all, {
    ...options,
    withCode: flags.withCode === true,
  });
  if (!planned.ok) return endWithFault(terminal, planned.fault);
  if (planned.value.kind === 'cancelled') return endCancelled(terminal);
  return await fetchPlanned(terminal, planned.value.value, flags, { options, confirm });
}

async function fetchPlanned(
  terminal: Terminal,
  plan: FetchPlan,
  flags: FetchFlags,
  { options, confirm }: { readonly options: HubOptions; readonly confirm: Confirm | undefined },
): Promise<ExitCode> {
  const isWhole = plan.models.every(({ missing }) => missing.length === 0);
  const room = await foreseeRoom(plan);
  const end = (code: ExitCode): ExitCode => {
    if (flags.json === true)
      printJson(
        terminal,
        planOfFetch(plan, { isWhole: code === exitCode.done && flags.dryRun !== true }),
      );
    return code;
  };
  if (flags.json !== true) terminal.out(fetchText(plan, room.ok ? room.value.free : undefined));
  if (!room.ok) return end(endWithFault(terminal, room.fault));
  if (flags.dryRun === true) return end(exitCode.done);
  if (!isWhole && flags.yes !== true) {
    if (confirm === undefined) {
      terminal.err(
        'error: nothing was fetched: nobody can be asked here; --yes fetches what is listed\n',
      );
      return end(exitCode.usage);
    }
    const isAgreed = await confirm(`Fetch ${bytesText(bytesToFetch(plan))}?`);
    if (!isAgreed) {
      terminal.err('nothing was fetched\n');
      return end(exitCode.cancelled);
    }
  }
  const line = lineOver(terminal);
  const fetched = await runFetch(plan, {
    ...options,
    ...(terminal.isInteractive
      ? { onProgress: (progress) => line.show(fetchProgressText(progress)) }
      : {}),
  });
  line.clear();
  if (!fetched.ok) return end(endWithFault(terminal, fetched.fault));
  if (fetched.value.kind === 'cancelled') return end(endCancelled(terminal));
  if (!isWhole && flags.json !== true)
    terminal.out(`fetched ${bytesText(bytesToFetch(plan))} into ${plan.cache}\n`);
  return end(exitCode.done);
}

/** A path, or a text that ends like a recipe, is one; all else are ids. */
async function referencesTo(
  wanted: readonly string[],
  hub: Pick<HubOptions, 'env'>,
): Promise<{ readonly all: readonly HubReference[] } | { readonly fault: Fault }> {
  const all: HubReference[] = [];
  for (const text of wanted) {
    if (isRecipe(text)) {
      const lacking = await lackingIn(text, hub);
      if (!lacking.ok) return lacking;
      all.push(...lacking.value);
      continue;
    }
    const reference = settleNow(() => readHubReference(text));
    if (!reference.ok) return reference;
    all.push(reference.value);
  }
  const isFirst = ({ id, revision }: HubReference, at: number): boolean =>
    all.findIndex((other) => other.id === id && other.revision === revision) === at;
  return { all: all.filter(isFirst) };
}

function isRecipe(text: string): boolean {
  return text.endsWith('.merge') || /^([./~\\]|[A-Za-z]:[\\/])/.test(text);
}

/** On a terminal whose keys reach this program. */
function confirmOn(terminal: Terminal): Confirm | undefined {
  if (!terminal.isInteractive || process.stdin.isTTY !== true) return undefined;
  return async (question) => {
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    const stop = new AbortController();
    lines.once('SIGINT', () => stop.abort());
    lines.once('close', () => stop.abort());
    try {
      const answer = await lines.question(`${question} [y/N] `, { signal: stop.signal });
      return /^\s*y(es)?\s*$/i.test(answer);
    } catch {
      terminal.err('\n');
      return false;
    } finally {
      lines.close();
    }
  };
}

function endCancelled(terminal: Terminal): ExitCode {
  terminal.err('cancelled: what has arrived stays, and the next fetch goes on from there\n');
  return exitCode.cancelled;
}

function endWithFault(terminal: Terminal, fault: Fault): ExitCode {
  printFault(terminal, fault);
  return fault.exit === 'machine' ? exitCode.machine : exitCode.fault;
}
