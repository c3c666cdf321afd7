/** What measured figures tell of a recipe, as findings in its text: for as long as what was measured stands there unchanged. */
import { figureFindings } from '../../engine/measures/figure-findings.ts';
import { locate } from '../../grammar/check/imports.ts';
import { notAllowed } from '../../grammar/check/suppress.ts';
import type { Diagnostic } from '../../grammar/diagnostics/diagnostic.ts';
import { lex } from '../../grammar/syntax/lexer.ts';
import type { Span } from '../../grammar/syntax/span.ts';
import type { Statement } from '../../grammar/syntax/tree.ts';
import type { Analysis } from './analysis.ts';
import type { Measured } from './figures-store.ts';
import { importedIn } from './imported-names.ts';
import { mentionsOf } from './mentions.ts';

export function measuredFindings(
  analysis: Analysis,
  measured: ReadonlyMap<string, Measured>,
  allow: ReadonlySet<string>,
): readonly Diagnostic[] {
  const { checked, imports, text } = analysis;
  const found = checked.steps.flatMap((step): readonly Diagnostic[] => {
    const figures = measured.get(step.name);
    if (figures?.of === undefined || figures.of !== whatIsMeasured(analysis, step.name)) return [];
    const home = 'value' in step.statement ? step.statement.value : step.statement.word;
    return figureFindings(step, figures).map((finding) =>
      // An expert that a list of another recipe holds has no word in this one.
      locate(imports, finding).file === undefined
        ? finding
        : { ...finding, start: home.start, end: home.end },
    );
  });
  return notAllowed(found, { comments: analysis.recipe.comments, text, allow });
}

/**
 * All that a step is made of, in a form in which two texts that differ in blanks, comments and order are alike: its own
 * statement and every one that it names, by whatever way. Undefined where there is no such step.
 */
export function whatIsMeasured(analysis: Analysis, step: string): string | undefined {
  const { all, declared } = mentionsOf(analysis);
  const first = declared.get(step)?.statement;
  if (first?.kind !== 'merge') return undefined;
  const reached = new Set<Statement>([first]);
  const files = new Set<string>();
  // A set that grows while it is gone through: what is added is gone through too.
  for (const statement of reached) {
    for (let at = firstFrom(all, statement.start); at < all.length; at += 1) {
      const mention = all[at]!;
      if (mention.start >= statement.end) break;
      if (mention.kind !== 'name') continue;
      const own = declared.get(mention.name)?.statement;
      const imported = importedIn(analysis).get(mention.name);
      if (own !== undefined) reached.add(own);
      if (imported !== undefined) files.add(imported.path);
    }
  }
  const written = [...reached].map((statement) => wordsOf(analysis.text, statement)).sort();
  const isUsing = files.size > 0;
  // What a used recipe is made of is not told apart: any change of one may be a change of what it gives.
  const used = isUsing
    ? [...(analysis.imports?.files ?? [])].map(([path, { text }]) => [path, wordsOf(text)])
    : [];
  return JSON.stringify([written, used]);
}

/** The index of the first that starts there or later, among spans in the order of the text. */
function firstFrom(spans: readonly Span[], start: number): number {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle]!.start < start) low = middle + 1;
    else high = middle;
  }
  return low;
}

function wordsOf(text: string, span?: Span): string {
  return lex(text, span)
    .tokens.map(({ image }) => image)
    .join(' ');
}
