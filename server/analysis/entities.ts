/** What the declared names of a recipe stand for: what completion chooses among and hover tells. */
import { curveFunctions } from '../../grammar/check/curve-call.ts';
import type { Source, Step } from '../../grammar/check/checked.ts';
import { kindOf } from '../../grammar/check/share.ts';
import type { Signature } from '../../grammar/places/signature.ts';
import type { Expr, Statement } from '../../grammar/syntax/tree.ts';
import type { Analysis } from './analysis.ts';
import { mentionsOf } from './mentions.ts';
import { nameOfStatement } from './nodes-at.ts';

export type EntityKind =
  | 'model'
  | 'delta'
  | 'adapter'
  | 'stats'
  | 'mask'
  | 'number'
  | 'curve'
  | 'boolean'
  | 'text'
  | 'size'
  | 'time'
  | 'list'
  | 'map'
  | 'word'
  | 'place'
  | 'evaluation'
  | 'sweep'
  | 'import'
  | 'unknown';

export interface Entity {
  readonly name: string;
  readonly kind: EntityKind;
  readonly statement: Statement;
  /** Of a model or a Delta, where its header is known. */
  readonly signature?: Signature;
  readonly source?: Source;
  readonly step?: Step;
}

const known = new WeakMap<Analysis, ReadonlyMap<string, Entity>>();

/** Every declared name, in the order of the text. */
export function entitiesOf(analysis: Analysis): ReadonlyMap<string, Entity> {
  let entities = known.get(analysis);
  if (entities === undefined) known.set(analysis, (entities = readEntities(analysis)));
  return entities;
}

/** Those declared above an offset: a recipe reads downwards. */
export function entitiesAbove(analysis: Analysis, offset: number): readonly Entity[] {
  return [...entitiesOf(analysis).values()].filter(({ statement }) => statement.end <= offset);
}

function readEntities(analysis: Analysis): ReadonlyMap<string, Entity> {
  const entities = new Map<string, Entity>();
  const { sources, steps } = analysis.checked;
  const sourceNamed = new Map(sources.map((source) => [source.name, source]));
  const stepNamed = new Map(steps.map((step) => [step.name, step]));
  for (const { name, statement } of mentionsOf(analysis).declared.values()) {
    const source = sourceNamed.get(name.text);
    const step = stepNamed.get(name.text);
    const signature = source?.signature ?? step?.value.signature;
    entities.set(name.text, {
      name: name.text,
      kind: kindOfStatement(statement, step, entities),
      statement,
      ...(signature === undefined ? {} : { signature }),
      ...(source === undefined ? {} : { source }),
      ...(step === undefined ? {} : { step }),
    });
  }
  return entities;
}

function kindOfStatement(
  statement: Statement,
  step: Step | undefined,
  above: ReadonlyMap<string, Entity>,
): EntityKind {
  switch (statement.kind) {
    case 'model':
    case 'search':
      return 'model';
    case 'adapter':
      return 'adapter';
    case 'stats':
      return calleeOf(statement.value) === 'mask' ? 'mask' : 'stats';
    case 'param':
    case 'let':
      return kindOfExpr(statement.value, above);
    case 'layers':
    case 'tensors':
      return 'place';
    case 'merge':
      return step !== undefined && kindOf(step.value) === 'delta' ? 'delta' : 'model';
    case 'evaluate':
      return 'evaluation';
    case 'sweep':
      return 'sweep';
    case 'use':
      return 'import';
    case 'expect':
    case 'output':
      throw new Error(`${nameOfStatement(statement)?.text ?? statement.kind} declares nothing`);
    default:
      return statement satisfies never;
  }
}

function calleeOf(expr: Expr): string | undefined {
  return expr.kind === 'call' ? expr.callee.parts[0]?.text : undefined;
}

/** What a `let` or `param` holds, told by its text alone; a `let` of tensors is always a Delta. */
function kindOfExpr(expr: Expr, above: ReadonlyMap<string, Entity>): EntityKind {
  switch (expr.kind) {
    case 'number':
    case 'range':
      return 'number';
    case 'bytes':
      return 'size';
    case 'duration':
      return 'time';
    case 'text':
    case 'boolean':
    case 'list':
    case 'map':
      return expr.kind;
    case 'call': {
      const callee = calleeOf(expr) ?? '';
      if (callee === 'curve' || callee === 'profile') return 'curve';
      return curveFunctions.has(callee) ? 'number' : 'delta';
    }
    case 'index':
      return 'delta';
    case 'negation':
      return kindOfExpr(expr.operand, above);
    case 'parenthesised':
      return kindOfExpr(expr.inner, above);
    case 'binary':
      return kindOfBinary(kindOfExpr(expr.left, above), kindOfExpr(expr.right, above));
    case 'reference': {
      const entity = above.get(expr.path.parts[0]?.text ?? '');
      if (entity === undefined) return 'word';
      return entity.kind === 'model' || entity.kind === 'adapter' ? 'delta' : entity.kind;
    }
    case 'layersOf':
    case 'missing':
      return 'unknown';
    default:
      return expr satisfies never;
  }
}

function kindOfBinary(left: EntityKind, right: EntityKind): EntityKind {
  const either = (kind: EntityKind) => left === kind || right === kind;
  if (either('delta')) return 'delta';
  if (either('mask')) return 'mask';
  return either('curve') ? 'curve' : 'number';
}

/** The word for an entity in a list of proposals. */
export function entityWord({ kind, statement }: Entity): string {
  switch (kind) {
    case 'model':
      return statement.kind === 'merge' ? 'step' : 'Model';
    case 'delta':
      return 'Delta';
    case 'adapter':
      return 'Adapter';
    case 'stats':
      return 'Stats';
    case 'mask':
      return 'Mask';
    case 'number':
    case 'word':
      return statement.kind === 'param' ? 'param' : kind;
    default:
      return kind;
  }
}
