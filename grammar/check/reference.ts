/** What a name stands for in an expression. */
import { unknownName } from '../diagnostics/mw2001-unknown-name.ts';
import { placeWords } from '../places/place.ts';
import { type Span, spanOf } from '../syntax/span.ts';
import type { Reference } from '../syntax/tree.ts';
import type { Source, Step, TensorValue } from './checked.ts';
import { type Checking, type LetContents, report, reportUnknown } from './checking.ts';
import { type Quantity, broken } from './quantity.ts';
import { resolvePath, scopeAt } from './scopes.ts';
import { profiles, valueHasProfile } from './tensor-value.ts';

export function referenced(checking: Checking, expr: Reference): Quantity {
  const [word] = expr.path.parts;
  if (word === undefined) return broken;
  const scope = scopeAt(checking, word);
  const isPlaceWord =
    expr.path.parts.length === 1 &&
    !scope.open &&
    !scope.declared.has(word.text) &&
    !scope.everywhere.has(word.text) &&
    placeWords.includes(word.text);
  if (isPlaceWord) return { kind: 'place' };
  const found = resolvePath(checking, expr.path);
  if (found === undefined) return broken;
  const { meaning } = found.declaration;
  const [second] = found.rest;
  if (second !== undefined) {
    if (meaning.kind === 'module' || meaning.kind === 'broken') return broken;
    if (meaning.kind !== 'evaluate') {
      report(
        checking,
        unknownName,
        second,
        `\`${found.name}\` has nothing called \`${second.text}\`.`,
      );
      return broken;
    }
    if (meaning.metrics !== undefined && !meaning.metrics.includes(second.text)) {
      const problem = `\`${found.name}\` has no metric \`${second.text}\``;
      reportUnknown(checking, unknownName, second, problem, meaning.metrics);
      return broken;
    }
    return { kind: 'metric' };
  }
  switch (meaning.kind) {
    case 'model':
      return { kind: 'tensor', value: sourceValue(meaning.source, expr, 1) };
    case 'adapter':
      return { kind: 'tensor', value: sourceValue(meaning.source, expr, 0) };
    case 'step':
    case 'search': {
      const { step } = meaning;
      if (step.value.kind === 'broken' && step.value.later === undefined) return broken;
      return { kind: 'tensor', value: stepValue(step, expr) };
    }
    case 'let':
      return letContents(meaning.holds, expr);
    case 'param':
      return meaning.curve === undefined ? broken : { kind: 'number', curve: meaning.curve };
    case 'stats':
      return { kind: 'stats' };
    case 'mask':
      return { kind: 'mask' };
    case 'place':
      return { kind: 'place' };
    case 'evaluate':
      return { kind: 'metric' };
    case 'sweep':
      return { kind: 'table' };
    case 'module':
    case 'broken':
      return broken;
  }
}

function letContents(holds: LetContents, span: Span): Quantity {
  switch (holds.kind) {
    case 'number':
      return { kind: 'number', curve: holds.curve };
    case 'tensor':
      return { kind: 'tensor', value: { ...holds.value, span: spanOf(span) } };
    case 'mask':
    case 'text':
    case 'bytes':
    case 'duration':
    case 'boolean':
    case 'list':
    case 'map':
      return { kind: holds.kind };
  }
}

function sourceValue(source: Source, span: Span, share: number): TensorValue {
  // An adapter that is known is a change of its whole model, zero in most of it.
  const isChange = source.kind === 'adapter' && source.signature !== undefined;
  const signature = isChange ? source.base : source.signature;
  return {
    kind: 'source',
    source,
    span: spanOf(span),
    share,
    ...(signature === undefined ? {} : { signature }),
  };
}

function stepValue(step: Step, span: Span): TensorValue {
  const { share, signature } = step.value;
  const later = laterOfStep(step);
  return {
    kind: 'step',
    step,
    span: spanOf(span),
    share,
    ...(signature === undefined ? {} : { signature }),
    ...(later === undefined ? {} : { later }),
  };
}

/** Why a step runs later: its own value, or what a rule takes. */
export function laterOfStep(step: Step): string | undefined {
  if (step.value.later !== undefined) return step.value.later;
  for (const { actions } of step.rules) {
    for (const action of actions) {
      if (action.kind === 'take' && action.value.later !== undefined) return action.value.later;
      if (action.kind === 'set' && valueHasProfile(action.value)) return profiles;
    }
  }
  return undefined;
}
