/** The built server over the wire: what it says it can do, its diagnostics and completion, and how it answers what is cancelled or unknown. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  CancellationTokenSource,
  CodeActionRequest,
  CompletionRequest,
  CompletionResolveRequest,
  type CompletionList,
  DocumentDiagnosticRequest,
  HoverRequest,
  LSPErrorCodes,
  PrepareRenameRequest,
  RenameRequest,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { unmarked } from '../../server/test-kit.ts';
import { writeSmallModel } from './models.ts';
import { ableClient, buildServer, type Client, eventually, startClient } from './server-process.ts';

let server: string;
let folder: string;
const clients: Client[] = [];

beforeAll(async () => {
  server = await buildServer();
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mergewright-protocol-'));
  for (const name of ['base', 'math', 'code']) writeSmallModel(folder, name);
});

afterEach(async () => {
  for (const client of clients.splice(0)) {
    const { log } = client;
    await client.end();
    expect(log).toEqual([]);
  }
  rmSync(folder, { recursive: true, force: true });
});

afterAll(() => rmSync(join(server, '..'), { recursive: true, force: true }));

async function start(options: Partial<Parameters<typeof startClient>[0]> = {}): Promise<Client> {
  const env = { HF_HUB_CACHE: join(folder, 'hub') };
  const client = await startClient({ server, folder, env, ...options });
  clients.push(client);
  return client;
}

const prelude = 'model base = "./base"\nmodel math = "./math"\nmodel code = "./code"\n';

/** The position of an offset below the prelude. */
function positionIn(text: string, offset: number) {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length - 1, character: before.at(-1)!.length };
}

const codesOf = (diagnostics: readonly { readonly code?: unknown }[]): readonly unknown[] =>
  diagnostics.map(({ code }) => code);

/** Opens a recipe and waits until its headers have been read. */
async function opened(client: Client, text: string, name = 'a.merge'): Promise<string> {
  const before = client.refreshes();
  const uri = await client.open(name, text);
  await eventually(client.refreshes, (count) => count > before);
  return uri;
}

async function completions(client: Client, marked: string): Promise<CompletionList> {
  const { text, offset } = unmarked(prelude + marked);
  const uri = await opened(client, text, `completion-${Math.random()}.merge`);
  const answer = await client.connection.sendRequest(CompletionRequest.type, {
    textDocument: { uri },
    position: positionIn(text, offset),
  });
  return answer as CompletionList;
}

const labelsOf = ({ items }: CompletionList): string => items.map(({ label }) => label).join(' ');

describe('initialize', () => {
  it('says who answers', async () => {
    const { initialized } = await start();
    expect(initialized.serverInfo?.name).toBe('mergewright');
  });

  it('works over Node’s own channel as over streams', async () => {
    const client = await start({ over: 'ipc' });
    expect(client.initialized.capabilities.hoverProvider).toBe(true);
    const uri = await opened(client, `${prelude}merge m = tise(base, [math])\n`);
    expect(codesOf(await client.pull(uri))).toEqual(['MW2002']);
  });
});

describe('diagnostics', () => {
  const wrong = `${prelude}merge m = ties(base, [math], density: 20)\n`;

  it('are pulled by a client that can, and not pushed to it', async () => {
    const client = await start();
    const uri = await client.open('a.merge', wrong);
    const found = await client.pull(uri);
    expect(codesOf(found)).toEqual(['MW3002']);
    expect(found[0]).toMatchInlineSnapshot(`
      {
        "code": "MW3002",
        "message": "\`density\` is 20; it must be a number above 0, up to 1: did you mean \`20%\`?",
        "range": {
          "end": {
            "character": 40,
            "line": 3,
          },
          "start": {
            "character": 38,
            "line": 3,
          },
        },
        "severity": 1,
        "source": "mergewright",
      }
    `);
    await eventually(client.refreshes, (count) => count > 0);
    expect(client.pushed.size).toBe(0);
  });

  it('are pushed to a client that can’t pull, and cleared when it closes', async () => {
    const client = await start({ capabilities: {} });
    expect(client.initialized.capabilities.diagnosticProvider).toBeUndefined();
    const uri = await client.open('a.merge', wrong);
    await eventually(
      () => codesOf(client.pushed.get(uri) ?? []),
      (codes) => codes.length > 0,
    );
    expect(codesOf(client.pushed.get(uri)!)).toEqual(['MW3002']);
    await client.close(uri);
    await eventually(
      () => client.pushed.get(uri)!,
      (left) => left.length === 0,
    );
  });

  it('say so where nothing is new', async () => {
    const client = await start();
    const uri = await client.open('a.merge', wrong);
    const first = await client.connection.sendRequest(DocumentDiagnosticRequest.type, {
      textDocument: { uri },
    });
    const { resultId } = first as { readonly resultId: string };
    const again = await client.connection.sendRequest(DocumentDiagnosticRequest.type, {
      textDocument: { uri },
      previousResultId: resultId,
    });
    expect(again).toEqual({ kind: 'unchanged', resultId });
  });

  it('follow incremental changes, in UTF-16 units', async () => {
    const client = await start();
    const uri = await client.open('a.merge', `// 😀 ${prelude}`.replace('model', '\nmodel'));
    const line = { line: 1, character: 0 };
    await client.change(uri, [
      {
        text: '// 🙂🙂',
        range: { start: { line: 0, character: 0 }, end: { line: 0, character: 5 } },
      },
    ]);
    await client.change(uri, [{ text: 'merge m = unheard\n', range: { start: line, end: line } }]);
    const found = await client.pull(uri);
    expect(found.map(({ code, range }) => [code, range.start.line])).toEqual([['MW2001', 1]]);
  });

  it('keep what headers told while somebody types elsewhere', async () => {
    writeSmallModel(folder, 'wide', { width: 8 });
    const client = await start();
    const text = `${prelude}model wide = "./wide"\nmerge m = ties(base, [wide])\n`;
    const uri = await opened(client, text);
    expect(codesOf(await client.pull(uri))).toEqual(['MW4104']);
    const start0 = { line: 0, character: 0 };
    await client.change(uri, [{ text: '// more\n', range: { start: start0, end: start0 } }]);
    const found = await client.pull(uri);
    expect(codesOf(found)).toEqual(['MW4104']);
    expect(found[0]?.range.start.line).toBe(5);
  });

  it('are asked for again when headers come, though the client pulled while they were read', async () => {
    const client = await start();
    const uri = await client.open('a.merge', `${prelude}merge m = ties(base, [math])\n`);
    const lost = `${prelude}model lost = "./lost"\nmerge m = ties(base, [lost])\n`;
    await client.change(uri, [{ text: lost }]);
    // A client that pulls knows nothing but what the last pull before a quiet time said.
    let told = codesOf(await client.pull(uri));
    let pulledAfter = client.refreshes();
    await eventually(
      async () => {
        if (client.refreshes() === pulledAfter) return told;
        pulledAfter = client.refreshes();
        return (told = codesOf(await client.pull(uri)));
      },
      (codes) => codes.includes('MW4501'),
    );
  });

  it('underline a wrong shape with both shapes', async () => {
    writeSmallModel(folder, 'wide', { width: 8 });
    const client = await start();
    const uri = await opened(
      client,
      `${prelude}model wide = "./wide"\nmerge m = ties(base, [wide])\n`,
    );
    const [found] = await client.pull(uri);
    expect(found?.message).toMatchInlineSnapshot(
      `"\`lm_head.weight\` is [8, 4] in \`base\` and [8, 8] in \`wide\`: merge models of one architecture and size."`,
    );
    expect(found?.relatedInformation?.[0]?.message).toMatchInlineSnapshot(`"\`base\` stands here"`);
  });

  it('have a fix for a misspelt method', async () => {
    const client = await start();
    const text = `${prelude}merge m = tise(base, [math])\n`;
    const uri = await opened(client, text);
    const [diagnostic] = await client.pull(uri);
    const actions = await client.connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri },
      range: diagnostic!.range,
      context: { diagnostics: [diagnostic!] },
    });
    expect(actions).toMatchObject([
      { isPreferred: true, kind: 'quickfix', edit: { changes: { [uri]: [{ newText: 'ties' }] } } },
    ]);
  });
});

describe('completion', () => {
  it('follows the table, row by row', async () => {
    const client = await start();
    const rows = {
      'a line’s start': '‸',
      'the text of a model': 'model x = "./‸"',
      'a merge': 'merge x = ‸',
      'a base': 'merge x = ties(‸',
      'a list of experts': 'merge x = ties(base, [math, ‸',
      'behind the experts': 'merge x = ties(base, [math], ‸',
      'at an expert': 'merge x = ties(base, [math { ‸',
      'a map by model': 'merge x = ties(base, [math, code], weight: { ‸',
      'behind a dot': 'merge x = ties(base, [math, code]) {\n  at all { weight.‸',
      'a number': 'merge x = lerp(base, math, t: ‸',
      'a choice': 'merge x = ties(base, [math], combine: ‸',
      'a place': 'merge x = ties(base, [math]) {\n  at ‸',
      'a place joined': 'merge x = ties(base, [math]) {\n  at attention & ‸',
      'a rule': 'merge x = ties(base, [math]) {\n  at all { ‸',
      'a take': 'merge x = ties(base, [math]) {\n  at all { take ‸',
      'a range': 'param keep: Ratio = 20% in ‸',
      'an expectation': 'merge x = base\nexpect ‸',
      'an output': 'merge x = base\noutput ‸',
    };
    const shown = [];
    for (const [row, text] of Object.entries(rows)) {
      shown.push(`${row}: ${labelsOf(await completions(client, text)).slice(0, 90)}`);
    }
    expect(shown.join('\n')).toMatchInlineSnapshot(`
      "a line’s start: model merge param layers tensors let adapter stats use evaluate sweep search expect output
      the text of a model: ./base ./code ./math
      a merge: average linear lerp slerp task_arithmetic ties dare trim dare_linear dare_ties scale cast 
      a base: base math code […]
      a list of experts: code dare trim
      behind the experts: density weight scale combine elect trim rescale scope compat compute
      at an expert: density weight
      a map by model: math code
      behind a dot: math code
      a number: 0.5 curve
      a choice: mean sum max
      a place: all norms attention mlp embeddings final_norm head layers "…"
      a place joined: all norms attention mlp embeddings final_norm head layers "…"
      a rule: density weight scale combine elect trim rescale take
      a take: base math code average linear lerp slerp task_arithmetic ties dare trim dare_linear dare_t
      a range: 0%..100% 10%..90%
      an expectation: gap distance cosine sign_conflict kept finite share survival foreign likeness trimmed writ
      an output: x base math code"
    `);
  });

  it('knows the tensor names of the header', async () => {
    const client = await start();
    const list = await completions(client, 'merge x = ties(base, [math]) {\n  at "‸"');
    expect(list.items.map(({ label, detail }) => `${label} ${detail}`).slice(0, 8))
      .toMatchInlineSnapshot(`
      [
        "*.mlp.* 2 tensors",
        "*.self_attn.* 2 tensors",
        "lm_head.weight BF16 [8, 4]",
        "model.embed_tokens.weight BF16 [8, 4]",
        "*.input_layernorm.weight 2 tensors",
        "*.mlp.up_proj.weight 2 tensors",
        "*.self_attn.q_proj.weight 2 tensors",
        "model.norm.weight BF16 [4]",
      ]
    `);
  });

  it('documents a line when it is looked at', async () => {
    const client = await start();
    const { items } = await completions(client, 'merge x = ti‸');
    const ties = items.find(({ label }) => label === 'ties')!;
    expect(ties.documentation).toBeUndefined();
    const resolved = await client.connection.sendRequest(CompletionResolveRequest.type, ties);
    expect((resolved.documentation as { readonly value: string }).value).toContain('TIES-Merging');
  });
});

describe('the rest', () => {
  it('renames a model in every use', async () => {
    const client = await start();
    const text = `${prelude}merge m = ties(base, [math { weight: 1 }]) { at all { weight.math = 2, take math } }\n`;
    const uri = await opened(client, text);
    const position = { line: 1, character: 7 };
    const prepared = await client.connection.sendRequest(PrepareRenameRequest.type, {
      textDocument: { uri },
      position,
    });
    expect(prepared).toMatchObject({ placeholder: 'math' });
    const edit = await client.connection.sendRequest(RenameRequest.type, {
      textDocument: { uri },
      position,
      newName: 'maths',
    });
    const document = TextDocument.create(uri, 'merge', 1, text);
    expect(TextDocument.applyEdits(document, edit!.changes![uri]!)).toBe(
      text.replaceAll('math', 'maths').replace('"./maths"', '"./math"'),
    );
    const refused = client.connection.sendRequest(RenameRequest.type, {
      textDocument: { uri },
      position,
      newName: 'base',
    });
    await expect(refused).rejects.toMatchObject({
      code: LSPErrorCodes.RequestFailed,
      message: 'base is declared already.',
    });
  });

  it('honours a cancellation, and answers what comes after it', async () => {
    const client = await start({ capabilities: ableClient });
    const uri = await opened(client, prelude);
    // Both the request and its cancellation have arrived by the time these are answered.
    const position = { line: 0, character: 0 };
    const busy = Array.from({ length: 20 }, () =>
      client.connection.sendRequest(CompletionRequest.type, { textDocument: { uri }, position }),
    );
    const source = new CancellationTokenSource();
    const cancelled = client.connection.sendRequest(
      HoverRequest.type,
      { textDocument: { uri }, position: { line: 0, character: 7 } },
      source.token,
    );
    source.cancel();
    await expect(cancelled).rejects.toMatchObject({ code: LSPErrorCodes.RequestCancelled });
    await Promise.all(busy);
    expect(await client.pull(uri)).toEqual([]);
  });

  it('answers with nothing for what is not open', async () => {
    const client = await start();
    const answer = await client.connection.sendRequest(HoverRequest.type, {
      textDocument: { uri: client.uriOf('never.merge') },
      position: { line: 0, character: 0 },
    });
    expect(answer).toBeNull();
  });
});
