/**
 * How long an author waits: from a keystroke to the findings it changes, and to the completion list, over the wire of the
 * built server. The recipe has 300 lines and five models of 303 tensors.
 * Run by hand, alone (`node test/bench/keystrokes.ts`) or with the rest of the language (`node test/bench/language.ts`).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompletionRequest, HoverRequest } from 'vscode-languageserver/node';
import { writeSmallModel } from '../protocol/models.ts';
import { buildServer, type Client, eventually, startClient } from '../protocol/server-process.ts';
import { told } from './figures.ts';
import { longRecipe, models } from './long-recipe.ts';

const budget = 50;
const runs = 100;
const warmUp = 20;

/** Three tensors a layer and three outside: 303 of them. */
const layers = 100;

/** Prints the figures; whether findings come within their budget. */
export async function keystrokes(server: string): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'mergewright-bench-'));
  for (const name of models) writeSmallModel(folder, name, { layers });
  const client = await startClient({ server, folder });
  try {
    const text = longRecipe({ lines: 300, layers });
    const uri = await client.open('bench.merge', text);
    await eventually(client.refreshes, (count) => count > 0);
    const here = { textDocument: { uri } };
    const isHeld = await measured('keystroke to findings', budget, async (turn) => {
      await type(client, uri, turn);
      await client.pull(uri);
    });
    await measured('keystroke to findings with headers, and a hover', undefined, async (turn) => {
      await type(client, uri, turn);
      await client.connection.sendRequest(HoverRequest.type, {
        ...here,
        position: { line: 0, character: 6 },
      });
      await client.pull(uri);
    });
    await measured('keystroke to completion', undefined, async (turn) => {
      await type(client, uri, turn);
      await client.connection.sendRequest(CompletionRequest.type, {
        ...here,
        position: { line: 8, character: 22 },
      });
    });
    return isHeld;
  } finally {
    await client.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes one letter into a name's middle, and takes it away the next time. */
async function type(client: Client, uri: string, turn: number): Promise<void> {
  const start = { line: 8, character: 13 };
  const end = { line: 8, character: turn % 2 === 0 ? 13 : 14 };
  await client.change(uri, [{ text: turn % 2 === 0 ? '0' : '', range: { start, end } }]);
}

async function measured(
  title: string,
  within: number | undefined,
  turn: (at: number) => Promise<void>,
): Promise<boolean> {
  const times: number[] = [];
  for (let at = 0; at < warmUp + runs; at += 1) {
    const start = performance.now();
    await turn(at);
    if (at >= warmUp) times.push(performance.now() - start);
    // An author pauses, so that headers are checked in between as they are in life.
    if (at % 10 === 9) await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return told(title, times, within);
}

if (import.meta.main) {
  const server = await buildServer({ minify: true });
  try {
    process.exitCode = (await keystrokes(server)) ? 0 : 1;
  } finally {
    rmSync(join(server, '..'), { recursive: true, force: true });
  }
}
