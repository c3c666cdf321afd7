/** Inputs: methods, models, experts, what a step or a `take` may be. */
import { CompletionItemKind } from 'vscode-languageserver';
import type { MethodSignature } from '../../grammar/catalogue.ts';
import type { MergeStatement } from '../../grammar/syntax/tree.ts';
import { type Entity, entitiesOf } from '../analysis/entities.ts';
import { functionPages } from '../describe/words.ts';
import { layerCountOf } from '../describe/signature-text.ts';
import type { Cursor } from './cursor.ts';
import { methodProposal, nameProposal, type Proposal } from './proposal.ts';
import type { Slot } from './slot.ts';
import {
  baseOf,
  expertsOf,
  isTensors,
  mayMeet,
  namesInScope,
  positionalOf,
  signatureOfCall,
} from './tensor-names.ts';

export function functionProposal(name: string, snippet: string, rank: number): Proposal {
  const page = functionPages.get(name);
  return {
    label: name,
    snippet,
    icon: CompletionItemKind.Function,
    ...(page === undefined ? {} : { detail: page.meaning }),
    rank,
    about: { kind: 'function', name },
    goesOn: true,
  };
}

const stack = functionProposal('stack', 'stack([$1])$0', 3);

function methodsOf({ analysis }: Cursor): readonly MethodSignature[] {
  return [...analysis.catalogue.values()];
}

/** What makes a file makes no operand. */
function isOperandOf({ makes }: MethodSignature): boolean {
  return makes === undefined;
}

/** What a `merge` is made of; behind an operator anything a sum may hold. */
export function proposeStep(
  cursor: Cursor,
  { isOperand }: Extract<Slot, { kind: 'step' }>,
): readonly Proposal[] {
  const names = namesInScope(cursor);
  const methods = methodsOf(cursor)
    .filter((method) => !isOperand || isOperandOf(method))
    .map((method) => methodProposal(method, isOperand ? 5 : 1));
  const tensors = names.filter(isTensors).map((entity) => nameProposal(entity, 2));
  const factors = names
    .filter(({ kind }) => kind === 'number' || kind === 'curve' || kind === 'mask')
    .map((entity) => nameProposal(entity, 4));
  return [...methods, ...tensors, ...(isOperand ? [] : [stack]), ...factors];
}

/** The base, an end or the one operand: Models first. */
export function proposeInput(
  cursor: Cursor,
  { call, method, position, isOperand }: Extract<Slot, { kind: 'input' }>,
): readonly Proposal[] {
  const { inputs } = method;
  const given = positionalOf(call).length > 1 ? signatureOfCall(cursor, call, method) : undefined;
  const names = namesInScope(cursor).filter(isTensors);
  const tensors = names.filter(({ signature }) => mayMeet(given, signature));
  const methods = methodsOf(cursor)
    .filter(isOperandOf)
    .map((of) => methodProposal(of, 6));
  const ranked = (entity: Entity): number => (entity.kind === 'model' ? 1 : 2);
  if (isOperand) {
    return [...names.map((entity) => nameProposal(entity, ranked(entity))), ...methods];
  }
  switch (inputs.kind) {
    case 'experts': {
      const isBase = position === 0 && inputs.base !== 'none';
      const base = tensors.filter(({ kind }) => kind === 'model');
      return [
        ...(isBase ? base.map((entity) => nameProposal(entity, 1)) : []),
        ...(inputs.base === 'required' && isBase
          ? []
          : [listProposal('the experts, in one list', isBase ? 2 : 1)]),
        ...listsInScope(cursor, 3),
      ];
    }
    case 'one': {
      const taken =
        inputs.takes === 'delta' ? tensors.filter(({ kind }) => kind !== 'model') : tensors;
      // A model is half of a difference: `dare(math - base)`.
      const others = tensors.filter((entity) => !taken.includes(entity));
      return [
        ...taken.map((entity) => nameProposal(entity, 1)),
        ...others.map((entity) => nameProposal(entity, 3)),
        ...methods,
      ];
    }
    case 'ends': {
      const used = new Set(expertsOf(cursor, call).map(({ name }) => name));
      return [
        ...tensors
          .filter(({ name }) => !used.has(name))
          .map((entity) => nameProposal(entity, ranked(entity))),
        ...methods,
      ];
    }
    default:
      return inputs satisfies never;
  }
}

export function listProposal(detail: string, rank: number): Proposal {
  return {
    label: '[…]',
    snippet: '[$1]',
    icon: CompletionItemKind.Snippet,
    detail,
    rank,
    goesOn: true,
  };
}

function listsInScope(cursor: Cursor, rank: number): readonly Proposal[] {
  return namesInScope(cursor)
    .filter(({ kind }) => kind === 'list')
    .map((entity) => nameProposal(entity, rank));
}

/** Models, Deltas and Adapters of the call's signature that its list does not hold yet. */
export function proposeExpert(
  cursor: Cursor,
  { call, method, isOperand }: Extract<Slot, { kind: 'expert' }>,
): readonly Proposal[] {
  const listed = new Set(expertsOf(cursor, call).map(({ name }) => name));
  const base = baseOf(cursor, call, method);
  const signature = signatureOfCall(cursor, call, method);
  const names = namesInScope(cursor).filter(isTensors);
  if (isOperand) return names.map((entity) => nameProposal(entity, 1));
  const fitting = names.filter(
    (entity) =>
      !listed.has(entity.name) &&
      entity.name !== base?.name &&
      mayMeet(signature, entity.signature),
  );
  return [
    ...fitting.map((entity) => nameProposal(entity, entity.kind === 'model' ? 1 : 2)),
    ...methodsOf(cursor)
      .filter(isOperandOf)
      .filter(({ inputs }) => inputs.kind === 'one' && inputs.takes === 'delta')
      .map((of) => methodProposal(of, 4)),
  ];
}

/** What a rule may take: of the step's own kind and signature. */
export function proposeTake(cursor: Cursor, statement: MergeStatement): readonly Proposal[] {
  const step = entitiesOf(cursor.analysis).get(statement.name?.text ?? '');
  const isDelta = step?.kind === 'delta';
  return [
    ...namesInScope(cursor)
      .filter((entity) => isTensors(entity) && (entity.kind !== 'model') === isDelta)
      .filter(({ signature }) => mayMeet(step?.signature, signature))
      .map((entity) => nameProposal(entity, 1)),
    ...methodsOf(cursor)
      .filter(isOperandOf)
      .map((method) => methodProposal(method, 5)),
  ];
}

/** Models for `stack`, whole or cut. */
export function proposeStack(cursor: Cursor): readonly Proposal[] {
  return namesInScope(cursor)
    .filter(({ kind }) => kind === 'model' || kind === 'delta')
    .flatMap((entity) => {
      const whole = nameProposal(entity, 2);
      const last = (layerCountOf(entity.signature) ?? 8) - 1;
      return [
        {
          ...whole,
          label: `${entity.name}[…]`,
          snippet: `${entity.name}[\${1:0}..\${2:${last}}]`,
          detail: 'some of its layers',
          rank: 1,
        },
        whole,
      ];
    });
}

export function proposeModels(cursor: Cursor): readonly Proposal[] {
  return namesInScope(cursor)
    .filter(({ kind }) => kind === 'model')
    .map((entity) => nameProposal(entity, 1));
}
