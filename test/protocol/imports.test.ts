/**
 * `use` across files over the wire of the built server: where a name of another recipe leads, who mentions it, what a rename
 * changes, what is completed and what a hover says. `‸` is the cursor; in answers `⟦…⟧` marks what was found.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type CompletionList,
  CompletionRequest,
  CompletionResolveRequest,
  DefinitionRequest,
  type Hover,
  HoverRequest,
  type LocationLink,
  PrepareRenameRequest,
  type Range,
  ReferencesRequest,
  RenameRequest,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { marked, unmarked } from '../../server/test-kit.ts';
import { writeSmallModel } from './models.ts';
import { buildServer, type Client, eventually, startClient } from './server-process.ts';

/** By path below the folder; one may hold the cursor. */
type Files = Readonly<Record<string, string>>;

const common = `/// What every recipe of the team starts from.
model base = "./base"
model math = "./math"
/// Little of each.
let gentle: ties = { density: 10% }
let half = 50%
layers early = 0..0
merge start = ties(base, [math], ...gentle)
`;

let server: string;
let root: string;
let folder: string;
let client: Client;
let count = 0;
const open: string[] = [];

beforeAll(async () => {
  server = await buildServer();
  root = mkdtempSync(join(tmpdir(), 'mergewright-imports-'));
  client = await startClient({ server, folder: root, env: { HF_HUB_CACHE: join(root, 'hub') } });
});

/** Each test has a folder to itself within the workspace. */
beforeEach(() => {
  folder = join(root, `test-${(count += 1)}`);
  mkdirSync(folder);
  for (const name of ['base', 'math']) writeSmallModel(folder, name);
});

afterEach(async () => {
  for (const uri of open.splice(0)) await client.close(uri);
});

afterAll(async () => {
  const { log } = client;
  await client.end();
  rmSync(root, { recursive: true, force: true });
  rmSync(dirname(server), { recursive: true, force: true });
  expect(log).toEqual([]);
});

interface Here {
  readonly textDocument: { readonly uri: string };
  readonly position: Range['start'];
}

const uriOf = (name: string): string => pathToFileURL(join(folder, name)).href;

/** Writes all files and opens some, the one with the cursor among them; gives the cursor once every `use` has been read. */
async function opened(files: Files, others: readonly string[] = []): Promise<Here> {
  let here: Here | undefined;
  for (const [name, text] of Object.entries(files)) {
    const { text: plain, offset } = unmarked(text);
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), plain);
    const hasCursor = text.includes('‸');
    if (hasCursor || others.includes(name)) {
      const before = client.refreshes();
      const uri = await client.open(uriOf(name), plain);
      open.push(uri);
      await eventually(client.refreshes, (now) => now > before);
      if (hasCursor) {
        const position = TextDocument.create(uri, 'merge', 1, plain).positionAt(offset);
        here = { textDocument: { uri }, position };
      }
    }
  }
  return here!;
}

/** `path: text` of each place, with its range marked. */
function shown(files: Files, uri: string, ranges: readonly Range[]): string {
  const name = Object.keys(files).find((of) => uriOf(of) === uri)!;
  const text = unmarked(files[name]!).text;
  const document = TextDocument.create(uri, 'merge', 1, text);
  const spans = ranges.map(({ start, end }) => ({
    start: document.offsetAt(start),
    end: document.offsetAt(end),
  }));
  const lines = marked(text, spans).split('\n');
  const found = lines.filter((line) => line.includes('⟦'));
  return found.map((line) => `${name}: ${line}`).join('\n');
}

describe('definition', () => {
  const leadsTo = async (text: string): Promise<string> => {
    const files: Files = { 'common.merge': common, 'recipe.merge': text };
    const here = await opened(files);
    const links = (await client.connection.sendRequest(DefinitionRequest.type, here)) as
      readonly LocationLink[] | null;
    return (links ?? [])
      .map(({ targetUri, targetSelectionRange }) => shown(files, targetUri, [targetSelectionRange]))
      .join('\n');
  };

  it.each<[string, string, string]>([
    [
      'of a plain name',
      'use "./common.merge"\nmerge m = ties(base, [ma‸th])\n',
      'common.merge: model ⟦math⟧ = "./math"',
    ],
    [
      'of a name behind a word',
      'use "./common.merge" as team\nmerge m = ties(team.base, [team.ma‸th])\n',
      'common.merge: model ⟦math⟧ = "./math"',
    ],
    [
      'of a preset',
      'use "./common.merge" as team\nmerge m = ties(team.base, [team.math], ...team.gen‸tle)\n',
      'common.merge: let ⟦gentle⟧: ties = { density: 10% }',
    ],
    [
      'of a key',
      'use "./common.merge" as team\nmerge m = ties(team.base, [team.math], weight: { team.ma‸th: 1 })\n',
      'common.merge: model ⟦math⟧ = "./math"',
    ],
    [
      'of a setting and a place',
      'use "./common.merge" as team\nmerge m = ties(team.base, [team.math]) { at team.ear‸ly { weight.team.math = 1 } }\n',
      'common.merge: layers ⟦early⟧ = 0..0',
    ],
    [
      'of a name that one file declares and another uses too',
      'use "./common.merge" as team\nmodel math = "./math"\nmerge m = ties(team.base, [ma‸th])\n',
      'recipe.merge: model ⟦math⟧ = "./math"',
    ],
    [
      'of the word of an import',
      'use "./common.merge" as team\nmerge m = te‸am.start\n',
      'recipe.merge: use "./common.merge" as ⟦team⟧',
    ],
    [
      'of a path',
      'use "./com‸mon.merge"\n',
      'common.merge: ⟦⟧/// What every recipe of the team starts from.',
    ],
    [
      'of a name that the other file does not declare',
      'use "./common.merge" as team\nmerge m = team.no‸ne\n',
      '',
    ],
    ['of a path to nothing', 'use "./no‸where.merge"\n', ''],
  ])('%s', async (_, text, place) => {
    expect(await leadsTo(text)).toBe(place);
  });
});

const users: Files = {
  'common.merge': common,
  'plain.merge':
    'use "./common.merge"\nmerge m = ties(base, [math], weight: { math: 1 })\noutput m to "./m"\n',
  'deep/word.merge':
    'use "../common.merge" as team\nmodel math = "./other"\nmerge m = ties(team.base, [team.math, math]) {\n  at all { weight.team.math = 1 }\n}\n',
  'apart.merge': 'model math = "./math"\nmerge m = linear([math])\n',
};

/** The files with a cursor before a piece of the text of one. */
function withCursor(files: Files, name: string, before: string): Files {
  const at = files[name]!.indexOf(before);
  return { ...files, [name]: `${files[name]!.slice(0, at)}‸${files[name]!.slice(at)}` };
}

describe('references', () => {
  const found = async (files: Files): Promise<string> => {
    const here = await opened(files);
    const locations = await client.connection.sendRequest(ReferencesRequest.type, {
      ...here,
      context: { includeDeclaration: true },
    });
    const byFile = Map.groupBy(locations ?? [], ({ uri }) => uri);
    return [...byFile]
      .map(([uri, all]) =>
        shown(
          files,
          uri,
          all.map(({ range }) => range),
        ),
      )
      .sort()
      .join('\n');
  };
  const everywhere = `common.merge: merge start = ties(base, [⟦math⟧], ...gentle)`;

  it.each([
    ['the declaration', 'common.merge', 'math ='],
    ['a plain use', 'plain.merge', 'math]'],
    ['a use behind a word', 'deep/word.merge', 'math, math'],
  ])('are found from %s, in every recipe that uses it, open or not', async (_, name, before) => {
    expect(await found(withCursor(users, name, before))).toBe(
      [
        'common.merge: model ⟦math⟧ = "./math"',
        everywhere,
        'deep/word.merge: merge m = ties(team.base, [team.⟦math⟧, math]) {',
        'deep/word.merge:   at all { weight.team.⟦math⟧ = 1 }',
        'plain.merge: merge m = ties(base, [⟦math⟧], weight: { ⟦math⟧: 1 })',
      ].join('\n'),
    );
  });

  it('of a name of the same letters are its own alone', async () => {
    expect(await found(withCursor(users, 'deep/word.merge', 'math = "./other"'))).toBe(
      [
        'deep/word.merge: model ⟦math⟧ = "./other"',
        'deep/word.merge: merge m = ties(team.base, [team.math, ⟦math⟧]) {',
      ].join('\n'),
    );
  });
});

describe('rename', () => {
  const renamed = async (
    files: Files,
    newName: string,
    others: readonly string[] = [],
  ): Promise<Record<string, string> | string> => {
    const here = await opened(files, others);
    try {
      const edit = await client.connection.sendRequest(RenameRequest.type, { ...here, newName });
      const entries = Object.entries(files).flatMap(([name, text]) => {
        const edits = edit?.changes?.[uriOf(name)];
        const document = TextDocument.create(uriOf(name), 'merge', 1, unmarked(text).text);
        return edits === undefined ? [] : [[name, TextDocument.applyEdits(document, edits)]];
      });
      return Object.fromEntries(entries) as Record<string, string>;
    } catch (error) {
      return (error as Error).message;
    }
  };

  it.each([
    ['the declaration', 'common.merge', 'math ='],
    ['a plain use', 'plain.merge', 'math]'],
    ['a use behind a word', 'deep/word.merge', 'math, math'],
  ])('from %s reaches every recipe that uses it, open or not', async (_, name, before) => {
    expect(await renamed(withCursor(users, name, before), 'maths', ['plain.merge'])).toEqual({
      'common.merge': common
        .replace('model math', 'model maths')
        .replace('[math], ...gentle', '[maths], ...gentle'),
      'plain.merge': users['plain.merge']!.replaceAll('math', 'maths'),
      'deep/word.merge': users['deep/word.merge']!.replaceAll('team.math', 'team.maths'),
    });
  });

  it('takes a recipe as it stands in the editor, not as it lies on the disk', async () => {
    const here = await opened(withCursor(users, 'plain.merge', 'math]'), ['common.merge']);
    const top = { line: 0, character: 0 };
    await client.change(uriOf('common.merge'), [
      { text: '// one line more\n', range: { start: top, end: top } },
    ]);
    const edit = await client.connection.sendRequest(RenameRequest.type, {
      ...here,
      newName: 'maths',
    });
    const lines = edit?.changes?.[uriOf('common.merge')]?.map(({ range }) => range.start.line);
    expect(lines).toEqual([3, 8]);
  });

  it('of an import’s word stays in its recipe', async () => {
    const files = withCursor(users, 'deep/word.merge', 'team\n');
    expect(await renamed(files, 'shared')).toEqual({
      'deep/word.merge': users['deep/word.merge']!.replaceAll('team', 'shared'),
    });
  });

  it('is prepared with the name as its own file writes it', async () => {
    const here = await opened(withCursor(users, 'deep/word.merge', 'math, math'));
    expect(await client.connection.sendRequest(PrepareRenameRequest.type, here)).toMatchObject({
      placeholder: 'math',
      range: { start: { line: 2, character: 32 }, end: { line: 2, character: 36 } },
    });
  });

  it.each([
    ['its own recipe', 'common.merge', 'math =', 'base', 'base is declared already.'],
    ['one that uses it', 'common.merge', 'math =', 'm', 'm is declared already in plain.merge.'],
    [
      'one that is used',
      'plain.merge',
      'm =',
      'half',
      'half is declared already in common.merge, which plain.merge uses.',
    ],
    ['none, but is a word of the language', 'plain.merge', 'm =', 'use', 'use is a reserved word.'],
  ])('is refused where the new name is taken in %s', async (_, name, before, newName, reason) => {
    expect(await renamed(withCursor(users, name, before), newName)).toBe(reason);
  });

  it('is refused where a recipe that declares it is gone', async () => {
    const here = await opened(withCursor(users, 'plain.merge', 'math]'));
    rmSync(join(folder, 'common.merge'));
    const refusal = client.connection.sendRequest(RenameRequest.type, { ...here, newName: 'x' });
    await expect(refusal).rejects.toThrow(/math keeps its name.*common\.merge/);
  });
});

describe('completion', () => {
  const completed = async (text: string) => {
    const here = await opened({ 'common.merge': common, 'recipe.merge': text });
    const list = await client.connection.sendRequest(CompletionRequest.type, here);
    return (list as CompletionList).items;
  };

  it.each<[string, string, string[]]>([
    ['a plain import', 'use "./common.merge"\nmerge m = ties(base, [‸', ['math', 'start']],
    [
      'an import with a word',
      'use "./common.merge" as team\nmerge m = ties(team.base, [‸',
      ['team.math', 'team.start'],
    ],
    [
      'behind the word',
      'use "./common.merge" as team\nmerge m = ties(team.base, [team.‸])',
      ['math', 'start'],
    ],
    [
      'behind the word, in a value',
      'use "./common.merge" as team\nmerge m = ties(team.base, [team.math], density: team.‸)',
      ['half'],
    ],
    [
      'behind the word, in a map of experts',
      'use "./common.merge" as team\nmerge m = ties(team.base, [team.math], weight: { team.‸ })',
      ['math'],
    ],
    [
      'behind the word, in a place',
      'use "./common.merge" as team\nmerge m = ties(team.base, [team.math]) {\n  at team.‸ { density = 1% }\n}\n',
      ['early'],
    ],
    ['a path', 'use "./‸"', ['./common.merge']],
  ])('offers names: %s', async (_, text, labels) => {
    const items = await completed(text);
    const found = items.map(({ label }) => label);
    expect(found.filter((label) => labels.includes(label))).toEqual(labels);
    if (text.includes('team.‸')) expect(found).toEqual(labels);
  });

  it('offers nothing of a recipe that is used further down', async () => {
    const items = await completed('merge m = ‸\nuse "./common.merge"\n');
    expect(items.map(({ label }) => label)).not.toContain('math');
  });

  it('documents a name by its own file', async () => {
    const items = await completed('use "./common.merge" as team\nmerge m = ties(team.‸');
    const item = items.find(({ label }) => label === 'base')!;
    const { documentation } = await client.connection.sendRequest(
      CompletionResolveRequest.type,
      item,
    );
    expect(JSON.stringify(documentation)).toContain('What every recipe of the team starts from.');
  });
});

describe('hover', () => {
  it('says what another recipe declares, its words, its header and where', async () => {
    const here = await opened({
      'common.merge': common,
      'sub/recipe.merge':
        'use "../common.merge" as team\nmerge m = ties(team.ba‸se, [team.math])\n',
    });
    const page = await eventually(
      async () => {
        const hover = await client.connection.sendRequest(HoverRequest.type, here);
        return ((hover as Hover).contents as { readonly value: string }).value;
      },
      (text) => text.includes('2 layers'),
    );
    expect(page).toContain('model base = "./base"');
    expect(page).toContain('What every recipe of the team starts from.');
    expect(page).toContain('declared in `../common.merge`, line 2');
  });

  it('says of a step what it comes to', async () => {
    const here = await opened({
      'common.merge': common,
      'recipe.merge': 'use "./common.merge"\nmerge m = sta‸rt\n',
    });
    const hover = await client.connection.sendRequest(HoverRequest.type, here);
    const { value } = (hover as Hover).contents as { readonly value: string };
    expect(value).toContain('merge start = ties(base, [math], ...gentle)');
    expect(value).toContain('a Model');
  });
});
