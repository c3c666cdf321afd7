/** Rename of a declared name, with all that mentions it in every recipe that brings it in: uses, keys of maps, `weight.math`. */
import { basename } from 'node:path';
import {
  LSPErrorCodes,
  PrepareRenameRequest,
  type PrepareRenameResult,
  RenameRequest,
  ResponseError,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import { placeWords } from '../../grammar/places/place.ts';
import type { Span } from '../../grammar/syntax/span.ts';
import { RESERVED_WORDS } from '../../grammar/syntax/tokens.ts';
import type { Analysis } from '../analysis/analysis.ts';
import { importedIn } from '../analysis/imported-names.ts';
import { mentionsOf } from '../analysis/mentions.ts';
import { offsetAt, rangeOf } from '../analysis/positions.ts';
import { homeOf, mentionsOfTarget, nameAt, type Target } from '../analysis/targets.ts';
import type { RecipesAround } from '../headers/recipes-around.ts';
import { type Desk, documentFeature } from './feature.ts';
import { recipesNaming } from './navigation.ts';

export interface Renameable {
  readonly span: Span;
  /** As the recipe that declares it writes it. */
  readonly name: string;
  readonly target: Target;
}

export function renameableAt(analysis: Analysis, offset: number): Renameable | undefined {
  const found = nameAt(analysis, offset);
  if (found === undefined) return undefined;
  const { mention, target } = found;
  return { span: { start: mention.start, end: mention.end }, name: target.name, target };
}

/** Where the new name goes in each recipe, or why it can't. */
export type Renaming =
  | {
      readonly kind: 'renamed';
      readonly places: readonly { readonly analysis: Analysis; readonly spans: readonly Span[] }[];
    }
  | { readonly kind: 'refused'; readonly reason: string };

/** `around` is every recipe in which the name may stand. */
export function renamed(target: Target, newName: string, around: RecipesAround): Renaming {
  const reason = newName === target.name ? undefined : objectionTo(target, newName, around);
  if (reason !== undefined) return { kind: 'refused', reason };
  const places = around.analyses.map((analysis) => ({
    analysis,
    spans: mentionsOfTarget(analysis, target),
  }));
  return { kind: 'renamed', places: places.filter(({ spans }) => spans.length > 0) };
}

const validName = /^[A-Za-z_][A-Za-z0-9_]*$/;

function objectionTo(
  target: Target,
  newName: string,
  { analyses, faults: [fault] }: RecipesAround,
): string | undefined {
  if (!validName.test(newName)) {
    return `${newName} is no name: a name is ASCII letters, digits and _, and begins with no digit.`;
  }
  if (RESERVED_WORDS.some((word) => word === newName)) return `${newName} is a reserved word.`;
  if (fault !== undefined) {
    return `${target.name} keeps its name, since not every recipe it stands in can be read: ${fault.message}`;
  }
  for (const analysis of analyses) {
    const objection = objectionIn(analysis, target, newName);
    if (objection !== undefined) return objection;
  }
  return undefined;
}

/** Behind the word of an import a name meets no other. */
function objectionIn(analysis: Analysis, target: Target, newName: string): string | undefined {
  const home = homeOf(analysis);
  const isHome = home === target.home;
  const imported = importedIn(analysis);
  const isPlain = imported.get(target.name)?.path === target.home;
  if (!isHome && !isPlain) return undefined;
  const { all, declared } = mentionsOf(analysis);
  const where = isHome ? '' : ` in ${basename(home)}`;
  if (declared.has(newName)) return `${newName} is declared already${where}.`;
  const other = imported.get(newName);
  if (other !== undefined && other.path !== target.home) {
    return `${newName} is declared already in ${basename(other.path)}, which ${basename(home)} uses.`;
  }
  const isUsedPart = all.some((of) => of.kind === 'part' && of.word === newName);
  if (placeWords.includes(newName) && isUsedPart) {
    return isHome
      ? `${newName} would hide the part of that name, which this recipe uses.`
      : `${newName} would hide the part of that name, which ${basename(home)} uses.`;
  }
  return undefined;
}

function refusal(reason: string): ResponseError {
  return new ResponseError(LSPErrorCodes.RequestFailed, reason);
}

export const prepareRename = documentFeature({
  name: 'prepare rename',
  about: 'Says whether a word can be renamed, and to what.',
  capabilities: { renameProvider: { prepareProvider: true } },
  request: PrepareRenameRequest.type,
  reads: 'text',
  empty: null as PrepareRenameResult | null,
  answer: (analysis, { position }) => {
    const found = renameableAt(analysis, offsetAt(analysis, position));
    if (found === undefined) return null;
    return { range: rangeOf(analysis, found.span), placeholder: found.name };
  },
});

export const rename = documentFeature({
  name: 'rename',
  about:
    'A new name for a declaration and all that mentions it, in this recipe and in every other that brings it in.',
  capabilities: {},
  request: RenameRequest.type,
  reads: 'text',
  empty: null as WorkspaceEdit | null,
  answer: async (analysis, { position, newName }, desk) => {
    const found = renameableAt(analysis, offsetAt(analysis, position));
    if (found === undefined) return refusal('There is no declared name here.');
    const around = await recipesNaming(analysis, found.target, desk);
    const renaming = renamed(found.target, newName, around);
    if (renaming.kind === 'refused') return refusal(renaming.reason);
    const isStale = [analysis, ...around.analyses].some((of) => hasChanged(of, desk));
    if (isStale) return new ResponseError(LSPErrorCodes.ContentModified, 'the text has changed');
    const changes = renaming.places.map(({ analysis: of, spans }) => [
      of.uri,
      spans.map((span) => ({ range: rangeOf(of, span), newText: newName })),
    ]);
    return { changes: Object.fromEntries(changes) as NonNullable<WorkspaceEdit['changes']> };
  },
});

/** Whether an open text is another by now; what is not open has no version. */
function hasChanged({ uri, version }: Analysis, desk: Pick<Desk, 'versionOf'>): boolean {
  const now = desk.versionOf(uri);
  return now !== undefined && now !== version;
}
