/** The recipes that a recipe uses, read as far as their `use` statements lead. */
import { dirname, relative } from 'node:path';
import type { Imports, RecipeFile, UseAnswer } from '../../grammar/check/imports.ts';
import { parse } from '../../grammar/syntax/parse.ts';
import type { Recipe } from '../../grammar/syntax/tree.ts';
import { absolutePath } from '../checkpoints/source.ts';
import { raise, settle, type Result } from '../faults/fault.ts';
import { notARegularFile } from '../faults/not-a-regular-file.ts';
import { shownPlain } from '../faults/shown.ts';
import { reading } from '../faults/system-fault.ts';
import { openRegular } from '../safetensors/open-regular.ts';

/** A recipe's text by its absolute path. An editor answers with what is open in it. */
export type ReadText = (path: string) => Promise<Result<string>>;

/** A circle of files is read once round; more files than this are left out. */
const mostFiles = 200;
const mostBytes = 16 * 2 ** 20;
/** Outputs keep all these texts in their reports, which must stay readable. */
const mostCharacters = 8 * 2 ** 20;

/** `path` is the recipe's own, absolute: what its imports' paths start from is its folder. */
export async function readImports(
  recipe: Recipe,
  path: string,
  read: ReadText = readRecipeText,
): Promise<Imports> {
  const folder = dirname(path);
  const files = new Map<string, RecipeFile>();
  const answers = new Map<string, Promise<UseAnswer>>();
  let characters = 0;

  const answerTo = (file: string): Promise<UseAnswer> => {
    if (file === path) return Promise.resolve({ kind: 'file', file });
    let answer = answers.get(file);
    if (answer === undefined) {
      answer = open(file);
      answers.set(file, answer);
    }
    return answer;
  };

  const open = async (file: string): Promise<UseAnswer> => {
    if (answers.size >= mostFiles) {
      return { kind: 'fault', message: `This recipe uses more than ${mostFiles} others.` };
    }
    const text = await read(file);
    if (!text.ok) {
      return { kind: 'fault', message: `${text.fault.message} Name a recipe that is there.` };
    }
    characters += text.value.length;
    if (characters > mostCharacters) {
      return { kind: 'fault', message: 'The recipes that this one uses are too long together.' };
    }
    const parsed = parse(text.value);
    const uses = new Map<string, UseAnswer>();
    const written = {
      text: text.value,
      ...parsed,
      folder: relative(folder, dirname(file)).replaceAll('\\', '/'),
      uses,
    };
    files.set(file, written);
    waiting.push({ recipe: parsed.recipe, from: file, uses });
    return { kind: 'file', file };
  };

  const uses = new Map<string, UseAnswer>();
  const waiting = [{ recipe, from: path, uses }];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    for (const written of pathsUsed(next.recipe)) {
      next.uses.set(written, await answerTo(absolutePath(written, dirname(next.from))));
    }
  }
  return { self: path, uses, files };
}

function pathsUsed({ statements }: Recipe): readonly string[] {
  return statements.flatMap((statement) =>
    statement.kind === 'use' && statement.path !== undefined ? [statement.path.value] : [],
  );
}

/** Whether a file that was read has another text by now, or none. */
export async function haveImportsChanged(
  { files }: Imports,
  read: ReadText = readRecipeText,
): Promise<boolean> {
  const changes = await Promise.all(
    [...files].map(async ([file, { text }]) => {
      const now = await read(file);
      return !now.ok || now.value !== text;
    }),
  );
  return changes.includes(true);
}

/** The text of a recipe on disk: of a regular file, no larger than a recipe can be. */
export function readRecipeText(path: string): Promise<Result<string>> {
  return settle(() =>
    reading(path, async () => {
      await using handle = await openRegular(path);
      const { size } = await handle.stat();
      if (size > mostBytes) {
        raise(notARegularFile, {
          file: path,
          message: `${shownPlain(path)} is larger than a recipe can be.`,
          help: 'Name a recipe.',
        });
      }
      return handle.readFile('utf8');
    }),
  );
}
