/** Rename of a declared name, with all that mentions it: uses, keys of maps, `weight.math`. */
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
import { mentionAt, mentionsOf, mentionsOfName } from '../analysis/mentions.ts';
import { offsetAt, rangeOf } from '../analysis/positions.ts';
import { documentFeature } from './feature.ts';

export interface Renameable {
  readonly span: Span;
  readonly name: string;
}

export function renameableAt(analysis: Analysis, offset: number): Renameable | undefined {
  const mention = mentionAt(analysis, offset);
  if (mention?.kind !== 'name') return undefined;
  return { span: { start: mention.start, end: mention.end }, name: mention.name };
}

/** Where the new name goes, or why it can't. */
export type Renaming =
  | { readonly kind: 'spans'; readonly spans: readonly Span[] }
  | { readonly kind: 'refused'; readonly reason: string };

const validName = /^[A-Za-z_][A-Za-z0-9_]*$/;

export function renamingAt(analysis: Analysis, offset: number, newName: string): Renaming {
  const found = renameableAt(analysis, offset);
  if (found === undefined) return { kind: 'refused', reason: 'There is no declared name here.' };
  const reason = newName === found.name ? undefined : objectionTo(analysis, newName);
  if (reason !== undefined) return { kind: 'refused', reason };
  return { kind: 'spans', spans: mentionsOfName(analysis, found.name) };
}

function objectionTo(analysis: Analysis, newName: string): string | undefined {
  if (!validName.test(newName)) {
    return `${newName} is no name: a name is ASCII letters, digits and _, and begins with no digit.`;
  }
  if (RESERVED_WORDS.some((word) => word === newName)) return `${newName} is a reserved word.`;
  const { all, declared } = mentionsOf(analysis);
  if (declared.has(newName)) return `${newName} is declared already.`;
  const isUsedPart = all.some((of) => of.kind === 'part' && of.word === newName);
  if (placeWords.includes(newName) && isUsedPart) {
    return `${newName} would hide the part of that name, which this recipe uses.`;
  }
  return undefined;
}

function refusal(reason: string): ResponseError {
  return new ResponseError(LSPErrorCodes.RequestFailed, reason);
}

export const prepareRename = documentFeature({
  name: 'prepare rename',
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
  capabilities: {},
  request: RenameRequest.type,
  reads: 'text',
  empty: null as WorkspaceEdit | null,
  answer: (analysis, { position, newName }) => {
    const renaming = renamingAt(analysis, offsetAt(analysis, position), newName);
    if (renaming.kind === 'refused') return refusal(renaming.reason);
    const edits = renaming.spans.map((span) => ({
      range: rangeOf(analysis, span),
      newText: newName,
    }));
    return { changes: { [analysis.uri]: edits } };
  },
});
