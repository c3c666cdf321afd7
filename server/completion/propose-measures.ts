/** Expectations: measures, the step they ask about, the models they hold it against. */
import { CompletionItemKind } from 'vscode-languageserver';
import { type Measure, measures } from '../../grammar/check/measures.ts';
import { measureForm, measureMeaning } from '../describe/measure-text.ts';
import type { Cursor } from './cursor.ts';
import { argumentsOf } from './other-calls.ts';
import { proposeCallArgument } from './propose-call-arguments.ts';
import { nameProposal, type Proposal } from './proposal.ts';
import type { Slot } from './slot.ts';
import { isTensors, nameOf, namesInScope, positionalOf } from './tensor-names.ts';

export function proposeCondition(cursor: Cursor): readonly Proposal[] {
  const names = namesInScope(cursor);
  const numbers = names.filter(({ kind }) => kind === 'number');
  const step = names.findLast(({ statement }) => statement.kind === 'merge')?.name ?? 'm';
  return [
    ...[...measures.values()].map((measure) => measureProposal(measure, step)),
    ...numbers.map((entity) => nameProposal(entity, 3)),
  ];
}

/** `step` is what is most often asked about: the last one above. */
function measureProposal(measure: Measure, step: string): Proposal {
  const models = ['a', 'b'].slice(0, measure.models[0]);
  const places = [step, ...models].map((name, i) => `\${${i + 1}:${name}}`);
  return {
    label: measure.name,
    snippet: `${measure.name}(${places.join(', ')})$0`,
    icon: CompletionItemKind.Function,
    detail: measureMeaning(measure) ?? measureForm(measure),
    rank: measure.later === true ? 2 : 1,
    about: { kind: 'measure', name: measure.name },
    goesOn: true,
  };
}

/** The step first, then as many models as the measure takes, then its options. */
export function proposeMeasureInput(
  cursor: Cursor,
  { measure, call, position }: Extract<Slot, { kind: 'measure input' }>,
): readonly Proposal[] {
  const given = new Set(positionalOf(call).map(nameOf));
  const names = namesInScope(cursor).filter(
    (entity) => isTensors(entity) && !given.has(entity.name),
  );
  if (position === 0) {
    return names.map((entity) => nameProposal(entity, entity.statement.kind === 'merge' ? 1 : 2));
  }
  const [atLeast, atMost] = measure.models;
  const models =
    position > atMost
      ? []
      : names
          .filter(({ statement }) => statement.kind !== 'merge')
          .map((entity) => nameProposal(entity, 1));
  const known = argumentsOf(cursor, call);
  const options =
    known === undefined || position <= atLeast
      ? []
      : proposeCallArgument({ kind: 'call argument', call, named: known.named });
  return [...models, ...options];
}
