/** The comments of a recipe that belong to one input. */
import type { TensorValue } from '../../check/checked.ts';
import type { Span } from '../../syntax/span.ts';
import type { Exporting } from './exporting.ts';
import { throughNames } from './inputs.ts';
import type { OutNotes } from './yaml-text.ts';

/** Comments at a model’s declaration and at its place in the call. */
export function notesFor(exporting: Exporting, value: TensorValue): OutNotes {
  const named = throughNames(value);
  const inner = named.kind === 'layers' ? named.value : named;
  const source =
    inner.kind === 'source'
      ? exporting.recipe.statements.find(
          (statement) => statement.kind === 'model' && statement.name?.text === inner.source.name,
        )
      : undefined;
  const above: string[] = [];
  let beside: string | undefined;
  for (const span of [...(source === undefined ? [] : [source]), lineOf(exporting, value.span)]) {
    const notes = exporting.comments.take(span);
    above.push(...(notes.above ?? []));
    if (beside === undefined) beside = notes.beside;
    else if (notes.beside !== undefined) above.push(notes.beside);
  }
  return { above, ...(beside === undefined ? {} : { beside }) };
}

/** An expert and what stands in braces behind it. */
function lineOf({ written }: Exporting, { start, end }: Span): Span {
  const braces = /^\s*\{[^{}]*\}/.exec(written(end));
  return { start, end: end + (braces?.[0].length ?? 0) };
}
