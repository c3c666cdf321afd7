/** Code lenses: Check above the first statement, Preview above every step, Merge above every output. */
import { type CodeLens, CodeLensRequest } from 'vscode-languageserver';
import type { Span } from '../../grammar/syntax/span.ts';
import type { Analysis } from '../analysis/analysis.ts';
import { rangeOf } from '../analysis/positions.ts';
import { type LensArgument, lensCommands } from '../protocol.ts';
import { documentFeature } from './feature.ts';

export interface Lens {
  readonly span: Span;
  readonly title: 'Check' | 'Preview' | 'Merge';
  readonly step?: string;
}

export function lensesOf({ recipe }: Analysis): readonly Lens[] {
  const [first] = recipe.statements;
  if (first === undefined) return [];
  const lenses = recipe.statements.flatMap((statement): Lens[] => {
    const span = statement.word;
    if (statement.kind === 'merge' && statement.name !== undefined) {
      return [{ span, title: 'Preview', step: statement.name.text }];
    }
    const target = statement.kind === 'output' ? statement.target?.parts[0] : undefined;
    if (target === undefined) return [];
    return [{ span, title: 'Merge', step: target.text }];
  });
  return [{ span: first.word, title: 'Check' }, ...lenses];
}

const commands = {
  Check: lensCommands.check,
  Preview: lensCommands.preview,
  Merge: lensCommands.merge,
} as const satisfies Record<Lens['title'], string>;

export const codeLenses = documentFeature({
  name: 'code lenses',
  about: 'Check above the first statement, Preview above steps, Merge above outputs.',
  capabilities: { codeLensProvider: { resolveProvider: false } },
  request: CodeLensRequest.type,
  reads: 'text',
  empty: null as CodeLens[] | null,
  answer: (analysis) =>
    lensesOf(analysis).map(({ span, title, step }) => {
      const argument: LensArgument = { uri: analysis.uri, ...(step === undefined ? {} : { step }) };
      return {
        range: rangeOf(analysis, span),
        command: { title, command: commands[title], arguments: [argument] },
      };
    }),
});
