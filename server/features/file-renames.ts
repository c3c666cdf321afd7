/** A folder or recipe that gets another name: the paths that lead to it follow. */
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { type TextEdit, WillRenameFilesRequest, type WorkspaceEdit } from 'vscode-languageserver';
import { absolutePath } from '../../engine/checkpoints/source.ts';
import { lineMap } from '../../grammar/syntax/lines.ts';
import { parse } from '../../grammar/syntax/parse.ts';
import type { TextLiteral } from '../../grammar/syntax/tree.ts';
import { childrenOf, type Node } from '../../grammar/syntax/walk.ts';
import { pathFunctions } from '../analysis/path-functions.ts';
import { rangeOf } from '../analysis/positions.ts';
import type { RecipeText } from '../headers/workspace-recipes.ts';
import { pathOfUri } from '../paths.ts';
import { type Feature, guarded } from './feature.ts';

/** Absolute paths of one file or folder, and of all that lies in it. */
export interface Renamed {
  readonly from: string;
  readonly to: string;
}

/** The paths of a recipe that lead to what is renamed, or that start at a recipe which is. */
export function pathEdits(
  { uri, text }: RecipeText,
  renames: readonly Renamed[],
): readonly TextEdit[] {
  const path = pathOfUri(uri);
  if (path === undefined) return [];
  const folder = dirname(path);
  const folderThen = dirname(renamed(path, renames));
  const { recipe } = parse(text);
  const lines = lineMap(text);
  return recipe.statements.flatMap(pathsIn).flatMap((literal) => {
    const { value } = literal;
    const target = absolutePath(value, folder);
    const targetThen = renamed(target, renames);
    const isFree = /^~/.test(value) || isAbsolute(value);
    if (targetThen === target && (isFree || folderThen === folder)) return [];
    const then = isFree ? targetThen : relativeFrom(folderThen, targetThen);
    const written = value.endsWith('/') ? `${then}/` : then;
    return written === value
      ? []
      : [{ range: rangeOf({ lines }, literal), newText: JSON.stringify(written) }];
  });
}

function renamed(path: string, renames: readonly Renamed[]): string {
  for (const { from, to } of renames) {
    if (path === from) return to;
    if (path.startsWith(from + sep)) return to + path.slice(from.length);
  }
  return path;
}

function relativeFrom(folder: string, path: string): string {
  const between = relative(folder, path).replaceAll('\\', '/');
  if (isAbsolute(between)) return between;
  return between.startsWith('../') || between === '..' ? between : `./${between}`;
}

const looksLikePath = /^([./~\\]|[A-Za-z]:[\\/])/;

/** Texts that are paths: of sources, used recipes, files, and the folders of outputs. */
function pathsIn(node: Node): readonly TextLiteral[] {
  switch (node.kind) {
    case 'use':
      return node.path === undefined ? [] : [node.path];
    case 'output':
      return [
        ...(node.folder === undefined ? [] : [node.folder]),
        ...node.settings.flatMap(pathsIn),
      ];
    case 'model':
      return node.value.kind === 'text' ? asPath(node.value) : pathsIn(node.value);
    case 'call': {
      const [first] = node.args;
      const isReader = pathFunctions.has(node.callee.parts[0]?.text ?? '');
      const isText = first?.kind === 'argument' && first.value.kind === 'text';
      return isReader && isText && first.value.kind === 'text'
        ? [first.value]
        : node.args.flatMap(pathsIn);
    }
    default:
      return childrenOf(node).flatMap(pathsIn);
  }
}

function asPath(literal: TextLiteral): readonly TextLiteral[] {
  return looksLikePath.test(literal.value) ? [literal] : [];
}

export const fileRenames: Feature = {
  name: 'file renames',
  about:
    'A model folder or a recipe that is renamed or moved in the editor: the paths that lead to it follow.',
  methods: [WillRenameFilesRequest.method],
  capabilities: () => ({
    workspace: {
      fileOperations: {
        willRename: {
          filters: [
            { scheme: 'file', pattern: { glob: '**/*.merge' } },
            { scheme: 'file', pattern: { glob: '**/*.{safetensors,bin,pt,pth,ckpt}' } },
            { scheme: 'file', pattern: { glob: '**', matches: 'folder' } },
          ],
        },
      },
    },
  }),
  attach: (connection, desk) => {
    connection.onRequest(WillRenameFilesRequest.type, ({ files }, token) =>
      guarded<WorkspaceEdit | null>(
        connection,
        { name: 'file renames', empty: null, token },
        async () => {
          const renames = files.flatMap(({ oldUri, newUri }) => {
            const [from, to] = [pathOfUri(oldUri), pathOfUri(newUri)];
            return from === undefined || to === undefined
              ? []
              : [{ from: resolve(from), to: resolve(to) }];
          });
          const recipes = await desk.recipesOfWorkspace();
          const edits = recipes.flatMap((recipe): [string, TextEdit[]][] => {
            const changed = pathEdits(recipe, renames);
            return changed.length === 0 ? [] : [[recipe.uri, [...changed]]];
          });
          return edits.length === 0 ? null : { changes: Object.fromEntries(edits) };
        },
      ),
    );
  },
};
