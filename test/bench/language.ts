/**
 * How fast the language is: reading and checking a recipe of 5,000 lines, an edit in it, a keystroke in a recipe of 300 lines
 * with five models over the wire of the built server, and the server's start.
 * Run by hand on a quiet machine: `node test/bench/language.ts`. It fails where a median is over its budget.
 */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  createProtocolConnection,
  InitializeRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { catalogue } from '../../engine/methods/catalogue.ts';
import { check } from '../../grammar/check/check.ts';
import type { HeaderAnswer } from '../../grammar/check/checked.ts';
import { Rechecker } from '../../grammar/check/recheck.ts';
import { llama } from '../../grammar/check/test-models.ts';
import { parse } from '../../grammar/syntax/parse.ts';
import { reparse } from '../../grammar/syntax/reparse.ts';
import { buildServer } from '../protocol/server-process.ts';
import { timed, told } from './figures.ts';
import { keystrokes } from './keystrokes.ts';
import { longRecipe, models } from './long-recipe.ts';

const results: boolean[] = [];
const layers = 32;
const text = longRecipe({ lines: 5000, layers });
const signature = llama({ layers });
const header: HeaderAnswer = { kind: 'signature', signature };
const headers = new Map(models.map((name) => [name, header]));
console.log(
  `${text.split('\n').length} lines, ${models.length} models of ${signature.tensors.length} tensors`,
);

const often = { runs: 30, warmUp: 10 };
results.push(
  await timed({ title: 'parse and check', budget: 150, ...often }, () => {
    check({ text, ...parse(text), catalogue });
  }),
  await timed({ title: 'parse and check with headers', ...often }, () => {
    check({ text, ...parse(text), catalogue, headers });
  }),
);
for (const [where, share] of [
  ['top', 0],
  ['middle', 0.5],
  ['end', 0.95],
] as const) {
  results.push(await edits(`an edit at the ${where}: parse and check`, share));
}
results.push(await edits('an edit in the middle, with headers', 0.5, headers));

const server = await buildServer({ minify: true });
try {
  results.push(await keystrokes(server));
  results.push(await starts('server ready', [server, '--stdio']));
} finally {
  rmSync(join(server, '..'), { recursive: true, force: true });
}
const command = fileURLToPath(new URL('../../client/bin/mergewright.mjs', import.meta.url));
results.push(await starts('mergewright lsp --stdio ready', [command, 'lsp', '--stdio']));
process.exitCode = results.every(Boolean) ? 0 : 1;

/** A digit is written into a step and taken away again. */
async function edits(
  title: string,
  share: number,
  given?: ReadonlyMap<string, HeaderAnswer>,
): Promise<boolean> {
  const rechecker = new Rechecker();
  const at = text.indexOf('weight: 0.5', share * text.length) + 'weight: 0.5'.length;
  const longer = `${text.slice(0, at)}1${text.slice(at)}`;
  let now = text;
  let parsed = parse(text);
  const known = { catalogue, ...(given === undefined ? {} : { headers: given }) };
  rechecker.check({ text, parsed, ...known });
  return timed({ title, budget: 20, runs: 60, warmUp: 20 }, (turn) => {
    const next = turn % 2 === 0 ? longer : text;
    parsed = reparse({ text: now, parsed }, next);
    now = next;
    rechecker.check({ text: next, parsed, ...known });
  });
}

/** From the start of the process to its answer to `initialize`. */
async function starts(title: string, args: readonly string[]): Promise<boolean> {
  const times: number[] = [];
  for (let run = 0; run < 7; run += 1) {
    const start = performance.now();
    const child = spawn(process.execPath, [...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    const connection = createProtocolConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    connection.listen();
    await connection.sendRequest(InitializeRequest.type, {
      processId: process.pid,
      rootUri: null,
      workspaceFolders: null,
      capabilities: {},
    });
    times.push(performance.now() - start);
    connection.dispose();
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill();
    await ended;
  }
  return told(title, times, 400);
}
