/**
 * Every row of the table of features over the wire of the built server: what `initialize` says, and one marked recipe at least
 * for each. In a recipe `‸` is the cursor and `⟦…⟧` the selection; the models base, math and code stand above it.
 * Long, since the table is one: a test at its end holds that no feature lacks a row.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ClientCapabilities,
  type CodeAction,
  CodeActionRequest,
  CodeLensRequest,
  CompletionRequest,
  CompletionResolveRequest,
  type CompletionList,
  DefinitionRequest,
  DocumentFormattingRequest,
  DocumentHighlightKind,
  DocumentHighlightRequest,
  DocumentLinkRequest,
  DocumentRangeFormattingRequest,
  type DocumentSymbol,
  DocumentSymbolRequest,
  ErrorCodes,
  FoldingRangeRequest,
  type Hover,
  HoverRequest,
  InlayHintRequest,
  InlayHintRefreshRequest,
  PrepareRenameRequest,
  type Range,
  ReferencesRequest,
  RenameRequest,
  type SelectionRange,
  SelectionRangeRequest,
  SemanticTokensDeltaRequest,
  SemanticTokensRangeRequest,
  SemanticTokensRequest,
  SignatureHelpRequest,
  type TextEdit,
  WillRenameFilesRequest,
  type WorkspaceEdit,
  WorkspaceSymbolRequest,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { featuresPage } from '../../server/features/features-page.ts';
import { capabilitiesFor, features } from '../../server/features/registry.ts';
import { tokenTypes } from '../../server/features/semantic-tokens.ts';
import {
  ExpandedPlanRequest,
  ExportedYamlRequest,
  MeasuredNotification,
} from '../../server/protocol.ts';
import { unmarked } from '../../server/test-kit.ts';
import { measuredOf, row as figuresRow } from '../../server/test-figures.ts';
import { writeSmallModel } from './models.ts';
import { ableClient, buildServer, type Client, eventually, startClient } from './server-process.ts';

const hintingClient: ClientCapabilities = {
  ...ableClient,
  workspace: { ...ableClient.workspace, inlayHint: { refreshSupport: true } },
};

let server: string;
let folder: string;
let client: Client;
let hintRefreshes = 0;

beforeAll(async () => {
  server = await buildServer();
  folder = mkdtempSync(join(tmpdir(), 'mergewright-features-'));
  for (const name of ['base', 'math', 'code']) writeSmallModel(folder, name);
  const env = { HF_HUB_CACHE: join(folder, 'hub') };
  client = await startClient({ server, folder, env, capabilities: hintingClient });
  client.connection.onRequest(InlayHintRefreshRequest.type, () => {
    hintRefreshes += 1;
  });
});

afterAll(async () => {
  const { log } = client;
  await client.end();
  rmSync(folder, { recursive: true, force: true });
  rmSync(join(server, '..'), { recursive: true, force: true });
  expect(log).toEqual([]);
});

const prelude = 'model base = "./base"\nmodel math = "./math"\nmodel code = "./code"\n';

/** A recipe as it is open in the server, its headers read. */
interface Opened {
  readonly uri: string;
  readonly text: string;
  readonly at: { readonly textDocument: { readonly uri: string } };
  /** With the position of the cursor. */
  readonly here: Opened['at'] & { readonly position: Range['start'] };
  readonly range: Range;
  readonly document: TextDocument;
}

let count = 0;

async function opened(marked: string, name = `recipe-${(count += 1)}.merge`): Promise<Opened> {
  const { text, offset, ranges } = unmarked(prelude + marked);
  const before = client.refreshes();
  const uri = await client.open(name, text);
  await eventually(client.refreshes, (refreshes) => refreshes > before);
  const document = TextDocument.create(uri, 'merge', 1, text);
  const at = { textDocument: { uri } };
  const selection = ranges[0] ?? { start: offset, end: offset };
  return {
    uri,
    text,
    at,
    here: { ...at, position: document.positionAt(offset) },
    range: {
      start: document.positionAt(selection.start),
      end: document.positionAt(selection.end),
    },
    document,
  };
}

const covered = new Set<string>();

/** A row of the table; its name is that of a feature of the registry. */
function row(feature: string, what: string, test: () => Promise<void>): void {
  covered.add(feature);
  it(`${feature}: ${what}`, test);
}

/** The text below the models after some edits. */
function after({ document }: Opened, edits: readonly TextEdit[] | null): string {
  return TextDocument.applyEdits(document, [...(edits ?? [])]).slice(prelude.length);
}

function afterEdit(of: Opened, edit: WorkspaceEdit | null | undefined): string {
  return after(of, edit?.changes?.[of.uri] ?? null);
}

const ask = <Params, Result, Partial, Failure, Options>(
  ...[type, params]: Parameters<
    typeof client.connection.sendRequest<Params, Result, Partial, Failure, Options>
  >
): Promise<Result> => client.connection.sendRequest(type, params);

describe('initialize', () => {
  it('answers with the capabilities of the registry and no others', () => {
    const { textDocumentSync, positionEncoding, workspace, ...told } =
      client.initialized.capabilities;
    const { workspace: ofFeatures, ...expected } = capabilitiesFor(hintingClient);
    expect(told).toEqual(JSON.parse(JSON.stringify(expected)));
    expect(workspace).toEqual({
      workspaceFolders: { supported: true, changeNotifications: true },
      ...ofFeatures,
    });
    expect(textDocumentSync).toEqual({ openClose: true, change: 2 });
    expect(positionEncoding).toBe('utf-16');
  });

  it('is what the page of features says', async () => {
    const page = fileURLToPath(new URL('../../docs/features.md', import.meta.url));
    const options = await resolveConfig(page);
    const expected = await format(featuresPage(), { ...options, parser: 'markdown' });
    expect(readFileSync(page, 'utf8')).toBe(expected);
    const told = Object.keys(client.initialized.capabilities).filter((key) => {
      return key !== 'textDocumentSync' && key !== 'positionEncoding';
    });
    for (const key of told) expect(expected).toContain(`\`${key}\``);
  });

  it('leaves no message of the page without an answer', async () => {
    const { here, range } = await opened('merge m = base\n');
    const params = {
      ...here,
      range,
      positions: [here.position],
      options: { tabSize: 2, insertSpaces: true },
      context: { diagnostics: [], includeDeclaration: true },
      newName: 'x',
      previousResultId: '',
      query: '',
      files: [],
      uri: here.textDocument.uri,
    };
    const requests = features
      .flatMap(({ methods }) => methods)
      .filter((method) => method !== 'textDocument/publishDiagnostics');
    for (const method of requests) {
      const failure = await client.connection.sendRequest(method, params).then(
        () => undefined,
        (error: { readonly code?: number }) => error.code,
      );
      expect([method, failure]).not.toEqual([method, ErrorCodes.MethodNotFound]);
    }
  });
});

describe('each feature', () => {
  row('diagnostics', 'have a code, a page, and the other end of a conflict', async () => {
    const { uri, document } = await opened(
      'merge m = ties(base, [math], density: 20)\nlet m = 1\n',
    );
    const found = await client.pull(uri);
    expect(found.map(({ code, range }) => [code, document.getText(range)])).toEqual([
      ['MW3002', '20'],
      ['MW2006', 'm'],
    ]);
    expect(found[1]?.relatedInformation?.[0]?.location.uri).toBe(uri);
  });

  row(
    'diagnostics',
    'say what the preview found, while what was measured stands there',
    async () => {
      const recipe = await opened('merge m = ties(base, [math, code])\n');
      const { uri, document } = recipe;
      await measured(uri, 'm', { code: 0 });
      const codes = async () => (await client.pull(uri)).map(({ code }) => code);
      const [finding] = await eventually(
        () => client.pull(uri),
        (found) => found.length > 0,
      );
      expect([finding?.code, document.getText(finding?.range)]).toEqual(['MW5103', 'code']);
      const top = { line: 0, character: 0 };
      await client.change(uri, [{ text: '// a note\n\n', range: { start: top, end: top } }]);
      const [moved] = await client.pull(uri);
      expect(moved?.range.start.line).toBe(finding!.range.start.line + 2);
      const before = { line: 2, character: 'model base = "./'.length };
      await client.change(uri, [{ text: 'other-', range: { start: before, end: before } }]);
      expect(await codes()).not.toContain('MW5103');
      await client.change(uri, [
        { text: '', range: { start: before, end: { ...before, character: before.character + 6 } } },
      ]);
      expect(await codes()).toContain('MW5103');
      const other = { line: 5, character: 0 };
      await client.change(uri, [{ text: 'merge n = base\n', range: { start: other, end: other } }]);
      expect(await codes()).toContain('MW5103');
    },
  );

  row('diagnostics', 'of figures of a text that is another by now are not given', async () => {
    const { uri } = await opened('merge m = ties(base, [math, code])\n');
    const end = { line: 9, character: 0 };
    await client.change(uri, [{ text: 'merge n = base\n', range: { start: end, end } }]);
    const before = client.refreshes();
    await measured(uri, 'm', { code: 0 });
    await eventually(client.refreshes, (now) => now > before);
    expect((await client.pull(uri)).map(({ code }) => code)).not.toContain('MW5103');
  });

  row('completion', 'is chosen by type, with a snippet and a page', async () => {
    const { here } = await opened('merge m = ties(base, [math, code], ‸');
    const { items } = (await ask(CompletionRequest.type, here)) as CompletionList;
    const density = items.find(({ label }) => label === 'density')!;
    expect(density.textEdit?.newText).toBe('density: ${1:20%}');
    const { documentation } = await ask(CompletionResolveRequest.type, density);
    expect(JSON.stringify(documentation)).toContain('range above 0%, to 100%');
  });

  row('hover', 'says which line sets a value for which tensors', async () => {
    const { here } = await opened(
      'merge m = ties(base, [math]) {\n  at "*.mlp.*" { den‸sity = 40% }\n}\n',
    );
    const { contents } = (await ask(HoverRequest.type, here)) as Hover;
    expect((contents as { readonly value: string }).value).toContain(
      '| `math` | `40%` | line 5, `at "*.mlp.*"` | 2 tensors, layers 0..1 |',
    );
  });

  row('hover', 'says what the preview found here, once the client has told it', async () => {
    const { here, uri } = await opened('merge ‸m = ties(base, [math, code])\n');
    const before = hintRefreshes;
    const measured = { ...measuredOf('m', { conflict: 0.25 }).get('m')!, uri };
    await client.connection.sendNotification(MeasuredNotification.type, measured);
    await eventually(
      () => hintRefreshes,
      (now) => now > before,
    );
    const { contents } = (await ask(HoverRequest.type, here)) as Hover;
    expect((contents as { readonly value: string }).value).toContain('sign conflict 25%');
  });

  row('signature help', 'marks the parameter at the cursor', async () => {
    const { here } = await opened('merge m = ties(base, [math], density: ‸');
    const help = await ask(SignatureHelpRequest.type, here);
    const [signature] = help!.signatures;
    const [start, end] = signature!.parameters![help!.activeParameter!]!.label as [number, number];
    expect(signature!.label.slice(start, end)).toBe('density: Ratio = 20% (mergekit: 100%)');
  });

  row('definition', 'leads to the declaration', async () => {
    const { here, document } = await opened('merge m = ties(base, [ma‸th])\n');
    const links = (await ask(DefinitionRequest.type, here)) as readonly {
      readonly targetSelectionRange: Range;
    }[];
    expect(links.map((of) => document.getText(of.targetSelectionRange))).toEqual(['math']);
    expect(links[0]!.targetSelectionRange.start.line).toBe(1);
  });

  row('references', 'are uses, keys and settings', async () => {
    const { here } = await opened(
      'merge m = ties(base, [ma‸th], weight: { math: 1 }) { at all { density.math = 30% } }\n',
    );
    const found = await ask(ReferencesRequest.type, {
      ...here,
      context: { includeDeclaration: true },
    });
    expect(found?.map(({ range }) => range.start.line)).toEqual([1, 3, 3, 3]);
  });

  row('highlights', 'mark what is alike', async () => {
    const { here } = await opened('merge m = ties(base, [ma‸th], weight: { math: 1 })\n');
    const found = await ask(DocumentHighlightRequest.type, here);
    expect(found?.map(({ kind }) => kind)).toEqual([
      DocumentHighlightKind.Write,
      DocumentHighlightKind.Read,
      DocumentHighlightKind.Read,
    ]);
  });

  row('prepare rename', 'says what is renamed, and refuses words of the language', async () => {
    const name = await opened('merge m = ties(base, [ma‸th])\n');
    expect(await ask(PrepareRenameRequest.type, name.here)).toMatchObject({ placeholder: 'math' });
    const word = await opened('merge m = ti‸es(base, [math])\n');
    expect(await ask(PrepareRenameRequest.type, word.here)).toBeNull();
  });

  row('rename', 'changes every use', async () => {
    const recipe = await opened('merge first‸ = base\nmerge last = first + (math - base)\n');
    const edit = await ask(RenameRequest.type, { ...recipe.here, newName: 'one' });
    expect(afterEdit(recipe, edit)).toBe('merge one = base\nmerge last = one + (math - base)\n');
  });

  row('document symbols', 'are the outline, rules below their step', async () => {
    const { at } = await opened('merge m = ties(base, [math]) {\n  at head { take base }\n}\n');
    const symbols = (await ask(DocumentSymbolRequest.type, at)) as DocumentSymbol[];
    expect(symbols.map(({ name }) => name)).toEqual(['base', 'math', 'code', 'm']);
    expect(symbols.at(-1)!.children?.map(({ name }) => name)).toEqual(['at head']);
  });

  row('workspace symbols', 'are found in recipes that are not open', async () => {
    mkdirSync(join(folder, 'deep'), { recursive: true });
    writeFileSync(join(folder, 'deep', 'far.merge'), 'model far_away = "./x"\n');
    const found = await ask(WorkspaceSymbolRequest.type, { query: 'faraw' });
    expect(found?.map(({ name }) => name)).toEqual(['far_away']);
  });

  row('folding', 'hides what stands in brackets', async () => {
    const { at } = await opened('merge m = ties(base, [math]) {\n  at head { take base }\n}\n');
    const folds = await ask(FoldingRangeRequest.type, at);
    expect(folds?.map(({ startLine, endLine }) => [startLine, endLine])).toEqual([[3, 4]]);
  });

  row('selection ranges', 'grow with the tree', async () => {
    const { at, here, document } = await opened('merge m = ties(base, [ma‸th])\n');
    const [selection] = (await ask(SelectionRangeRequest.type, {
      ...at,
      positions: [here.position],
    }))!;
    const grown: string[] = [];
    for (let of: SelectionRange | undefined = selection; of !== undefined; of = of.parent)
      grown.push(document.getText(of.range));
    expect(grown.slice(0, 4)).toEqual([
      'math',
      '[math]',
      'ties(base, [math])',
      'merge m = ties(base, [math])',
    ]);
  });

  row('semantic tokens', 'colour by meaning', async () => {
    const { at, document } = await opened('merge m = ties(base, [math])\n');
    const { data } = (await ask(SemanticTokensRequest.type, at))!;
    expect(coloured(document, data).slice(-5)).toEqual([
      'keyword merge',
      'variable m',
      'function ties',
      'variable base',
      'variable math',
    ]);
  });

  row('semantic tokens since the last', 'tell what has changed', async () => {
    const { at, uri, document } = await opened('merge m = ties(base, [math])\n');
    const whole = (await ask(SemanticTokensRequest.type, at))!;
    const end = document.positionAt(document.getText().length);
    await client.change(uri, [{ text: 'let n = 1\n', range: { start: end, end } }]);
    const changed = (await ask(SemanticTokensDeltaRequest.type, {
      ...at,
      previousResultId: whole.resultId!,
    }))!;
    if (!('edits' in changed)) throw new Error('everything was sent again');
    const data = [...whole.data];
    for (const { start, deleteCount, data: put = [] } of changed.edits.toReversed()) {
      data.splice(start, deleteCount, ...put);
    }
    const now = (await ask(SemanticTokensRequest.type, at))!;
    expect(data).toEqual(now.data);
    expect(changed.edits.flatMap((edit) => edit.data ?? []).length).toBeLessThan(
      now.data.length / 3,
    );
  });

  row('semantic tokens of a range', 'colour what is in sight', async () => {
    const { at, range, document } = await opened('⟦let n = 1⟧\nlet o = 2\n');
    const { data } = (await ask(SemanticTokensRangeRequest.type, { ...at, range }))!;
    expect(coloured(document, data)).toEqual(['keyword let', 'variable n', 'number 1']);
  });

  row('inlay hints', 'tell what is not written', async () => {
    const { at, document } = await opened(
      'merge m = dare_ties(base, [math, code], weight: [3, 1])\n',
    );
    const range = { start: { line: 0, character: 0 }, end: document.positionAt(1000) };
    const hints = await ask(InlayHintRequest.type, { ...at, range });
    expect(hints?.map(({ label }) => label)).toEqual([
      ...[' 2 layers', ' 2 layers', ' 2 layers'],
      ...[' = 75%', ' = 25%', ', seed: 0'],
    ]);
  });

  row('formatting', 'gives the normal form', async () => {
    const recipe = await opened('merge   m = ties(base,[math])\n');
    const options = { tabSize: 2, insertSpaces: true };
    const edits = await ask(DocumentFormattingRequest.type, { ...recipe.at, options });
    expect(after(recipe, edits)).toBe('merge m = ties(base, [math])\n');
  });

  row('range formatting', 'leaves the rest as it is', async () => {
    const recipe = await opened('merge   m = base\n⟦merge   n = base⟧\nmerge   o = base\n');
    const options = { tabSize: 2, insertSpaces: true };
    const { at, range } = recipe;
    const edits = await ask(DocumentRangeFormattingRequest.type, { ...at, range, options });
    expect(after(recipe, edits)).toBe('merge   m = base\nmerge n = base\nmerge   o = base\n');
  });

  row('code lenses', 'stand above the recipe, its steps and its outputs', async () => {
    const { at } = await opened('merge m = base\noutput m to "./out"\n');
    const lenses = await ask(CodeLensRequest.type, at);
    expect(lenses?.map(({ command, range }) => [command?.title, range.start.line])).toEqual([
      ['Check', 0],
      ['Preview', 3],
      ['Merge', 4],
    ]);
  });

  row('code actions', 'mend what is wrong, one or all at once', async () => {
    const recipe = await opened(
      'merge m = ⟦tise⟧(base, [math])\nmerge n = slrep(base, math, t: 0.5)\n',
    );
    const [fix] = await actions(recipe, ['quickfix']);
    expect(fix).toMatchObject({ isPreferred: true, kind: 'quickfix' });
    expect(afterEdit(recipe, fix!.edit)).toContain('merge m = ties(');
    const [all] = await actions(recipe, ['source.fixAll.mergewright']);
    expect(afterEdit(recipe, all!.edit)).toBe(
      'merge m = ties(base, [math])\nmerge n = slerp(base, math, t: 0.5)\n',
    );
  });

  row('code actions', 'allow a warning on its line, never with all fixes', async () => {
    const recipe = await opened(
      'merge m = ties(base, [math, code], combine: sum, scale: ⟦1⟧)\noutput m to "./out"\n',
    );
    const [warning] = await client.pull(recipe.uri);
    const allow = await allowance(recipe);
    expect([warning?.code, allow.title]).toEqual(['MW3104', 'Allow MW3104 on this line']);
    expect(allow.isPreferred).not.toBe(true);
    expect(await actions(recipe, ['source.fixAll.mergewright'])).toEqual([]);
    const [edit] = allow.edit!.changes![recipe.uri]!;
    await client.change(recipe.uri, [{ text: edit!.newText, range: edit!.range }]);
    expect(await client.pull(recipe.uri)).toEqual([]);
  });

  row('code actions', 'allow what the preview found', async () => {
    const recipe = await opened('merge m = ties(base, [math, ⟦code⟧])\noutput m to "./out"\n');
    await measured(recipe.uri, 'm', { code: 0 });
    await eventually(
      () => client.pull(recipe.uri),
      (found) => found.some(({ code }) => code === 'MW5103'),
    );
    const [edit] = (await allowance(recipe)).edit!.changes![recipe.uri]!;
    await client.change(recipe.uri, [{ text: edit!.newText, range: edit!.range }]);
    expect(await client.pull(recipe.uri)).toEqual([]);
  });

  row('code actions', 'extract, inline and rewrite', async () => {
    const list = await opened('merge m = ties(base, [math, code], weight: ⟦[0.6, 0.4]⟧)\n');
    const titles = (await actions(list, ['refactor'])).map(({ title }) => title);
    expect(titles).toEqual([
      'Extract to let the_weight',
      'Write weight as a map by model',
      'Write weight at each expert',
    ]);
    const named = await opened('let ke‸ep = 40%\nmerge m = ties(base, [math], density: keep)\n');
    const [inline] = await actions(named, ['refactor.inline'], {
      start: named.here.position,
      end: named.here.position,
    });
    expect(afterEdit(named, inline!.edit)).toBe('merge m = ties(base, [math], density: 40%)\n');
  });

  row('document links', 'lead to models', async () => {
    const { at } = await opened('');
    const links = await ask(DocumentLinkRequest.type, at);
    expect(links?.map(({ target }) => target)).toEqual(
      ['base', 'math', 'code'].map((name) => client.uriOf(`${name}/config.json`)),
    );
  });

  row('file renames', 'take the paths in recipes with them, open or not', async () => {
    writeFileSync(join(folder, 'closed.merge'), 'model m = "./base"\n');
    const { uri } = await opened('');
    const edit = await ask(WillRenameFilesRequest.type, {
      files: [{ oldUri: client.uriOf('base'), newUri: client.uriOf('kept/base') }],
    });
    const closed = pathToFileURL(join(folder, 'closed.merge')).href;
    for (const recipe of [uri, closed]) {
      expect(edit?.changes?.[recipe]?.map(({ newText }) => newText)).toEqual(['"./kept/base"']);
    }
  });

  row('expanded plan', 'says what every tensor is computed from', async () => {
    const { uri } = await opened(
      'merge m = lerp(base, math, t: 0.5) { at head { take code } }\noutput m to "./out"\n',
    );
    const text = await client.connection.sendRequest(ExpandedPlanRequest.type, { uri });
    expect(text.split('\n').slice(0, 3)).toEqual([
      '// m: 9 tensors, written to ./out',
      '"lm_head.weight" bf16 [8, 4] = code  // taken, line 4, at head',
      '"model.embed_tokens.weight" bf16 [8, 4] = lerp(base, math, t: 0.5)',
    ]);
  });

  row('exported YAML', 'says a recipe as mergekit does', async () => {
    const { uri } = await opened(
      'merge m = ties(base, [math, code], density: 30%)\noutput m to "./out" { dtype = bf16 }\n',
    );
    const exported = await client.connection.sendRequest(ExportedYamlRequest.type, { uri });
    expect(exported.isRefused).toBe(false);
    expect(exported.text.split('\n').slice(0, 4)).toEqual([
      'merge_method: ties',
      'base_model: ./base',
      'models:',
      '  - model: ./math',
    ]);
  });

  row('exported YAML', 'is refused with the place that mergekit can’t say', async () => {
    const { uri, document } = await opened(
      'merge m = base {\n  at head { take lerp(base, math, t: 0.5) }\n}\noutput m to "./out"\n',
      'refused.merge',
    );
    const exported = await client.connection.sendRequest(ExportedYamlRequest.type, { uri });
    expect(exported.isRefused).toBe(true);
    const [refusal] = exported.findings.filter(({ severity }) => severity === 1);
    expect([refusal?.code, document.getText(refusal?.range)]).toEqual([
      'MW7202',
      'lerp(base, math, t: 0.5)',
    ]);
    expect(exported.text).toContain('# refused.merge:5:18: MW7202 ');
  });

  row('exported YAML', 'is not made of a recipe with errors', async () => {
    const { uri } = await opened('merge m = tise(base, [math])\noutput m to "./out"\n', 'no.merge');
    const exported = await client.connection.sendRequest(ExportedYamlRequest.type, { uri });
    expect(exported.text).toMatch(/^# no\.merge can't be said .*\n# no\.merge:4:11: MW\d{4} /);
  });

  it('has a row here', () => {
    expect([...covered].sort()).toEqual(features.map(({ name }) => name).sort());
  });
});

/** Tells figures of the experts of a step: how large each one's change is, a twentieth of the base unless said. */
async function measured(
  uri: string,
  step: string,
  sizes: Readonly<Record<string, number>>,
): Promise<void> {
  const names = ['math', 'code'];
  const total = {
    ...figuresRow({ kind: 'total' }),
    models: names.map((model) => ({
      model,
      size: { value: sizes[model] ?? 0.05, exact: true },
    })),
  };
  const figures = {
    ...measuredOf(step).get(step)!,
    models: names.map((name) => ({ name, base: 'base' })),
    uri,
    rows: [total],
  };
  await client.connection.sendNotification(MeasuredNotification.type, figures);
}

async function actions(
  { at, range }: Opened,
  only: string[],
  selection = range,
): Promise<readonly CodeAction[]> {
  const context = { diagnostics: [], only };
  const found = await ask(CodeActionRequest.type, { ...at, range: selection, context });
  return (found ?? []) as readonly CodeAction[];
}

/** The comment that allows a finding at the selection. */
async function allowance(recipe: Opened): Promise<CodeAction> {
  const found = await actions(recipe, ['quickfix']);
  return found.find(({ title }) => title.startsWith('Allow'))!;
}

/** `type word`, one for each token. */
function coloured(document: TextDocument, data: readonly number[]): readonly string[] {
  const shown: string[] = [];
  let [line, character] = [0, 0];
  for (let at = 0; at < data.length; at += 5) {
    const [lines, characters, length, type] = data.slice(at, at + 4) as [
      number,
      number,
      number,
      number,
    ];
    if (lines > 0) character = 0;
    line += lines;
    character += characters;
    const start = { line, character };
    const word = document.getText({ start, end: { line, character: character + length } });
    shown.push(`${tokenTypes[type]} ${word}`);
  }
  return shown;
}
