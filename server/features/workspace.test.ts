/** What reaches over one recipe: symbols of the workspace, and paths that follow what is renamed. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recipePaths, recipeTexts } from '../headers/workspace-recipes.ts';
import { check } from '../test-kit.ts';
import { pathEdits } from './file-renames.ts';
import { isMatch, symbolsOf } from './workspace-symbols.ts';

describe('symbols of the workspace', () => {
  it('are found by letters of their names in their order', () => {
    const { analysis } = check('merge final_merge = ties(base, [math])\nlayers early = 0..1');
    const found = (query: string) => symbolsOf(analysis, query).map(({ name }) => name);
    expect(found('fmer')).toEqual(['final_merge']);
    expect(found('EARLY')).toEqual(['early']);
    expect(found('nothing')).toEqual([]);
    expect(isMatch('anything', '')).toBe(true);
  });
});

describe('recipes of the workspace', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'mergewright-workspace-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('are regular files in folders that an author keeps', async () => {
    for (const name of ['a', 'deep/b', 'node_modules/c', '.hidden/d']) {
      mkdirSync(join(folder, name, '..'), { recursive: true });
      writeFileSync(join(folder, `${name}.merge`), `model ${name.at(-1)} = "./x"\n`);
    }
    symlinkSync(folder, join(folder, 'round'));
    const paths = await recipePaths([folder]);
    expect(paths.map((path) => path.slice(folder.length)).sort()).toEqual([
      '/a.merge',
      '/deep/b.merge',
    ]);
  });

  it('stand as they do in the editor where they are open', async () => {
    writeFileSync(join(folder, 'a.merge'), 'on disk');
    const uri = pathToFileURL(join(folder, 'a.merge')).href;
    expect(await recipeTexts([folder], new Map([[uri, 'open']]))).toEqual([{ uri, text: 'open' }]);
  });
});

describe('what is renamed', () => {
  const uri = 'file:///home/ada/recipes/a.merge';

  function after(text: string, from: string, to: string): string {
    const edits = pathEdits({ uri, text }, [{ from, to }]);
    return TextDocument.applyEdits(TextDocument.create(uri, 'merge', 1, text), [...edits]);
  }

  it('takes the paths of models, recipes, adapters and outputs with it', () => {
    const text = `use "./common.merge"
model base = "../models/base"
model math = local("../models/base/sub")
adapter tone = lora("../models/base/tone", on: base)
model far = hub("models/base")
output base to "../models/base/out"
`;
    expect(after(text, '/home/ada/models/base', '/home/ada/kept/base')).toBe(
      text.replaceAll('"../models/base', '"../kept/base'),
    );
    expect(
      after(text, '/home/ada/recipes/common.merge', '/home/ada/recipes/parts/shared.merge'),
    ).toBe(text.replace('./common.merge', './parts/shared.merge'));
  });

  it('is followed by the relative paths of a recipe that moves itself', () => {
    const text = 'model base = "../models/base"\nmodel near = "./near"\nmodel abs = "/far/away"\n';
    expect(after(text, '/home/ada/recipes/a.merge', '/home/ada/a.merge')).toBe(
      text.replace('../models/base', './models/base').replace('./near', './recipes/near'),
    );
  });

  it('keeps what lies beside each other when a folder moves as a whole', () => {
    const text = 'model near = "./near"\n';
    expect(after(text, '/home/ada/recipes', '/home/ada/kept')).toBe(text);
  });

  it('is not mistaken for what begins with its name', () => {
    const text = 'model base = "../models/base-2"\n';
    expect(after(text, '/home/ada/models/base', '/home/ada/models/other')).toBe(text);
  });
});
