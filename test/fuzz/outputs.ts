/**
 * `node test/fuzz/outputs.ts [--count 20000] [--seed N] [--seconds S]`: what stands in the way of an output. Reports that list files
 * of others, locks of processes that never were, journals and work folders with links in them: the place is claimed, and
 * the output finished or given up. Nothing outside its folder may be read, written or removed.
 */
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { settle } from '../../engine/faults/fault.ts';
import { claimOutput, type ClaimOutcome } from '../../engine/output/claim-output.ts';
import { type JournalHead, journalName } from '../../engine/output/journal.ts';
import { workMark } from '../../engine/output/leftovers.ts';
import { releaseLock, takeLock } from '../../engine/output/lock.ts';
import { parseReport, printReport } from '../../engine/output/report.ts';
import { sampleReport } from '../../engine/output/sample-report.ts';
import { expectPlainFault } from './expectations.ts';
import { wildValue } from './made-json.ts';
import { chance, type Chance, damagedText } from './mutate.ts';
import { makeSandbox, type Sandbox } from './sandbox.ts';
import { type Examiner, soakCommand } from './soak.ts';
import { type WatchedFiles, watchFiles } from './watched-files.ts';
import { putWildFile } from './wild-file.ts';

const faults = /^MW\d{4}$/;
const hash = '1'.repeat(64);

let sandbox: Sandbox;
let watched: WatchedFiles;
/** Made anew for every case. */
let place: string;

export const examiner: Examiner = {
  prepare() {
    sandbox = makeSandbox();
    place = join(sandbox.root, 'place');
    watched = watchFiles();
  },
  async examine(seed, number) {
    const choices = chance(seed, number);
    rmSync(place, { recursive: true, force: true });
    mkdirSync(place);
    const kind = choices.pick(kinds);
    return `${kind.name}: ${await kind(choices)}`;
  },
  inspect: () => sandbox.proveUntouched(),
  tidy: () => sandbox.remove(),
};

const kinds = [report, lock, journal] as const;

const at = (...parts: readonly string[]): string => join(place, ...parts);

/** What a lock says of a process is looked up. */
function proveInside(): void {
  watched.proveInside([place, '/proc']);
}

async function report(choices: Chance): Promise<string> {
  const { below, oneIn, pick } = choices;
  const names = ['a.txt', '../canary/canary.txt', '/etc/hosts', 'link', '..', 'sub', 'a\\b', ''];
  const files = Array.from({ length: below(4) }, () => ({ name: pick(names), size: below(3) }));
  const sound = printReport({
    mark: 'mergewright report',
    version: 1,
    ...sampleReport(hash),
    files: oneIn(2) ? files : files.filter(({ name }) => /^(a.txt|link|sub)$/.test(name)),
  });
  const text = oneIn(6)
    ? sound.replace(/"[0-9a-z]+"/, wildValue(choices))
    : damagedText(sound, choices);
  const parsed = parseReport(text, at('out', 'mergewright.json'));
  if (!parsed.ok) expectPlainFault(parsed.fault, faults);
  if (!oneIn(3)) return parsed.ok ? 'read' : parsed.fault.code;
  mkdirSync(at('out'));
  writeFileSync(at('out', 'mergewright.json'), text);
  if (oneIn(2)) writeFileSync(at('out', 'a.txt'), 'a');
  if (oneIn(2)) symlinkSync(join(sandbox.canary, 'canary.txt'), at('out', 'link'));
  if (oneIn(4)) symlinkSync(sandbox.canary, at('out', 'sub'));
  else if (oneIn(3)) mkdirSync(at('out', 'sub'));
  return claimed(choices);
}

/** Takes the output's place, finishes or abandons the output, and proves that nothing else was touched. */
async function claimed(choices: Chance, head?: JournalHead): Promise<string> {
  const { oneIn } = choices;
  watched.begin();
  const claim = await claimOutput({
    out: at('out'),
    planHash: hash,
    overwrite: oneIn(2),
    ...(head === undefined ? {} : { resuming: { head, insist: oneIn(2) } }),
  });
  if (claim.ok && claim.value.kind === 'claimed') await finished(claim.value, choices);
  proveInside();
  if (claim.ok) return claim.value.kind;
  expectPlainFault(claim.fault, faults);
  return `claim ${claim.fault.code}`;
}

async function finished(
  { claim }: ClaimOutcome & { kind: 'claimed' },
  { oneIn }: Chance,
): Promise<void> {
  if (oneIn(3)) {
    await claim.abandon();
    return;
  }
  await claim.writeText('b.txt', 'b');
  const sealed = await claim.seal(sampleReport(hash));
  const published = sealed.ok ? await claim.publish() : sealed;
  if (!published.ok) {
    expectPlainFault(published.fault, faults);
    await claim.abandon();
  }
}

async function lock(choices: Chance): Promise<string> {
  const { below, oneIn, pick } = choices;
  const record = {
    mark: 'mergewright lock',
    pid: pick([0, 1, -1, process.pid, 2 ** 31, 2 ** 53, 1.5, 999_999_999, below(99_999)]),
    start: pick(['', 'x', 'a:1']),
    host: pick([hostname(), hostname(), 'elsewhere', '\u001b[2J']),
    runId: 'r',
    since: pick(['2026-01-01T00:00:00.000Z', '\u0007'.repeat(50)]),
  };
  const path = at('out.lock');
  if (oneIn(12)) putWildFile(path, sandbox, choices);
  else {
    const text = damagedText(JSON.stringify(record), choices);
    // An empty one is waited for.
    writeFileSync(path, text === '' ? ' ' : text);
  }
  watched.begin();
  const taken = await settle(async () => releaseLock(await takeLock(path)));
  proveInside();
  if (taken.ok) return 'taken';
  expectPlainFault(taken.fault, faults);
  return taken.fault.code;
}

async function journal(choices: Chance): Promise<string> {
  const { below, oneIn } = choices;
  const { inputs } = sampleReport(hash);
  const recipeHash = '2'.repeat(64);
  const head: JournalHead = {
    mark: 'mergewright journal',
    version: 1,
    planHash: hash,
    engineVersion: '0.1.0',
    recipeHash,
    inputs,
  };
  const lines: unknown[] = [
    oneIn(4) ? { ...head, planHash: recipeHash, engineVersion: '\u001b[2J' } : head,
    ...Array.from({ length: below(5) }, (_, i) => ({
      kind: 'tensor',
      name: i === 0 ? '../canary' : `t${i}`,
      pieces: Array.from({ length: below(3) }, () => `${'A'.repeat(43)}=`),
      found: { '../canary': below(3) },
    })),
    { kind: 'group', key: hash, figures: [[0, 'sum', below(9)]] },
  ];
  mkdirSync(at('out.part'));
  if (!oneIn(8)) writeFileSync(at('out.part', workMark), '');
  const path = at('out.part', journalName);
  if (oneIn(12)) putWildFile(path, sandbox, choices);
  else
    writeFileSync(
      path,
      damagedText(lines.map((line) => `${JSON.stringify(line)}\n`).join(''), choices),
    );
  if (oneIn(3)) symlinkSync(sandbox.canary, at('out.part', 'sub'));
  if (oneIn(3)) symlinkSync(join(sandbox.canary, 'canary.txt'), at('out.part', 'b.txt'));
  return claimed(choices, head);
}

if (import.meta.main)
  await soakCommand({ fuzzer: import.meta.filename, count: 20_000, mostMemory: 1e9 });
