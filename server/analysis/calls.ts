/** Calls of the catalogue in the tree, and the outermost one of a step, whose arguments its rules set. */
import type { Catalogue, MethodSignature } from '../../grammar/catalogue.ts';
import type { Call, Expr } from '../../grammar/syntax/tree.ts';

/** The method whose arguments the rules of a step set. */
export function outermostMethod(head: Expr, catalogue: Catalogue): MethodSignature | undefined {
  const call = outermostCall(head);
  return call === undefined ? undefined : methodOf(call, catalogue);
}

export function outermostCall(head: Expr): Call | undefined {
  let at = head;
  while (at.kind === 'parenthesised') at = at.inner;
  return at.kind === 'call' ? at : undefined;
}

export function methodOf({ callee }: Call, catalogue: Catalogue): MethodSignature | undefined {
  return callee.parts.length === 1 ? catalogue.get(callee.parts[0]!.text) : undefined;
}
