/** The model whose tensor names and layers a place is read in. */
import type { Signature } from '../../grammar/places/signature.ts';
import type { Node } from '../../grammar/syntax/walk.ts';
import type { Analysis } from './analysis.ts';
import { entitiesAbove, entitiesOf } from './entities.ts';

/** The signature a place is read in: of its step, of the step an expectation asks about, else of the first model. */
export function signatureOfPlace(analysis: Analysis, statement: Node): Signature | undefined {
  const entities = entitiesOf(analysis);
  if (statement.kind === 'merge') {
    const own = entities.get(statement.name?.text ?? '')?.signature;
    if (own !== undefined) return own;
  }
  if (statement.kind === 'expect') {
    const { steps } = analysis.checked;
    return steps.at(-1)?.value.signature;
  }
  return entitiesAbove(analysis, statement.start).find(({ signature }) => signature !== undefined)
    ?.signature;
}
