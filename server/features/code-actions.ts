/** Code actions: quick fixes of findings, all obvious ones at once, and refactorings at the selection. */
import {
  type CodeAction,
  CodeActionKind,
  CodeActionRequest,
  type Command,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import type { TextEdit } from '../../grammar/diagnostics/diagnostic.ts';
import type { Span } from '../../grammar/syntax/span.ts';
import type { Analysis } from '../analysis/analysis.ts';
import { rangeOf, spanOf } from '../analysis/positions.ts';
import { convertValues } from '../refactorings/convert-values.ts';
import { extractLet } from '../refactorings/extract-let.ts';
import { inlineLet } from '../refactorings/inline-let.ts';
import type { Refactoring } from '../refactorings/refactoring.ts';
import { type Desk, documentFeature } from './feature.ts';
import { fetchFixes } from './fetch-fixes.ts';
import { protocolDiagnostic } from './protocol-diagnostic.ts';
import { allFixes, fixesIn } from './quick-fixes.ts';

const fixAllKind = `${CodeActionKind.SourceFixAll}.mergewright`;

const refactorings = [extractLet, inlineLet, convertValues] as const;

export function refactoringsAt(analysis: Analysis, span: Span): readonly Refactoring[] {
  return refactorings.flatMap((offer) => offer(analysis, span));
}

function editOf(analysis: Analysis, edits: readonly TextEdit[]): WorkspaceEdit {
  const written = edits.map((edit) => ({ range: rangeOf(analysis, edit), newText: edit.text }));
  return { changes: { [analysis.uri]: written } };
}

function quickFixes(analysis: Analysis, span: Span, desk: Desk): readonly CodeAction[] {
  const measured = desk.measuredFindingsIn(analysis);
  return fixesIn(analysis, span, measured).map(({ title, edits, diagnostic, isPreferred }) => ({
    title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [protocolDiagnostic(analysis, diagnostic, desk.options())],
    ...(isPreferred ? { isPreferred: true } : {}),
    edit: editOf(analysis, edits),
  }));
}

function fixAll(analysis: Analysis): readonly CodeAction[] {
  const edits = allFixes(analysis);
  if (edits.length === 0) return [];
  return [{ title: 'Fix all that is obvious', kind: fixAllKind, edit: editOf(analysis, edits) }];
}

/** A kind holds those that begin with it: `refactor` holds `refactor.inline`. */
function wants(only: readonly string[] | undefined, kind: string): boolean {
  return only?.some((of) => of === '' || kind === of || kind.startsWith(`${of}.`)) ?? true;
}

export const codeActions = documentFeature({
  name: 'code actions',
  about:
    'Quick fixes of findings, a comment that allows a warning, missing models fetched, all obvious fixes at once; extract and inline a `let`, values by model as list, map or at the expert.',
  capabilities: {
    codeActionProvider: {
      codeActionKinds: [
        CodeActionKind.QuickFix,
        CodeActionKind.RefactorExtract,
        CodeActionKind.RefactorInline,
        CodeActionKind.RefactorRewrite,
        fixAllKind,
      ],
    },
  },
  request: CodeActionRequest.type,
  reads: 'headers',
  empty: null as (Command | CodeAction)[] | null,
  answer: (analysis, { range, context: { only } }, desk) => {
    const span = spanOf(analysis, range);
    return [
      ...(wants(only, CodeActionKind.QuickFix)
        ? [...quickFixes(analysis, span, desk), ...fetchFixes(analysis, span, desk.options())]
        : []),
      ...refactoringsAt(analysis, span)
        .filter(({ kind }) => wants(only, kind))
        .map(({ title, kind, edits }) => ({ title, kind, edit: editOf(analysis, edits) })),
      // Many editors offer everything of a request without kinds; what changes the whole file is asked for by name.
      ...(only !== undefined && wants(only, fixAllKind) ? fixAll(analysis) : []),
    ];
  },
});
