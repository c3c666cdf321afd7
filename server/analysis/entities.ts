/** What the declared names of a recipe stand for: what completion chooses among and hover tells. */
import { curveFunctions } from '../../grammar/check/curve-call.ts';
import type { Source, Step } from '../../grammar/check/checked.ts';
import { type Imports, locate } from '../../grammar/check/imports.ts';
import { kindOf } from '../../grammar/check/share.ts';
import type { Signature } from '../../grammar/places/signature.ts';
import type { Expr, Statement } from '../../grammar/syntax/tree.ts';
import type { Analysis } from './analysis.ts';
import { type ImportedDeclaration, importedIn } from './imported-names.ts';
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
  /** Of another recipe, whose offsets the statement has. */
  readonly imported?: ImportedDeclaration;
  /** Of a model or a Delta, where its header is known. */
  readonly signature?: Signature;
  readonly source?: Source;
  readonly step?: Step;
}

const known = new WeakMap<Analysis, ReadonlyMap<string, Entity>>();

/** Every name that the recipe declares or brings in, in the order of the text. */
export function entitiesOf(analysis: Analysis): ReadonlyMap<string, Entity> {
  let entities = known.get(analysis);
  if (entities === undefined) known.set(analysis, (entities = readEntities(analysis)));
  return entities;
}

/** Those declared or brought in above an offset: a recipe reads downwards. */
export function entitiesAbove(analysis: Analysis, offset: number): readonly Entity[] {
  return [...entitiesOf(analysis).values()].filter((entity) => placeOf(entity).end <= offset);
}

/** The statement that gives the recipe the name. */
function placeOf({ imported, statement }: Entity): Statement {
  return imported?.use ?? statement;
}

function readEntities(analysis: Analysis): ReadonlyMap<string, Entity> {
  const imported = importedEntities(analysis);
  const entities = new Map(imported);
  const { sources, steps } = analysis.checked;
  const sourceNamed = new Map(sources.map((source) => [source.name, source]));
  const stepNamed = new Map(steps.map((step) => [step.name, step]));
  for (const { name, statement } of mentionsOf(analysis).declared.values()) {
    const source = sourceNamed.get(name.text);
    const step = stepNamed.get(name.text);
    const kind = kindOfStatement(statement, step, entities);
    entities.set(name.text, entityOf({ name: name.text, kind, statement }, source, step));
  }
  if (imported.size === 0) return entities;
  return new Map([...entities].sort(([, a], [, b]) => placeOf(a).start - placeOf(b).start));
}

function entityOf(
  entity: Pick<Entity, 'name' | 'kind' | 'statement' | 'imported'>,
  source: Source | undefined,
  step: Step | undefined,
): Entity {
  const signature = source?.signature ?? step?.value.signature;
  return {
    ...entity,
    ...(signature === undefined ? {} : { signature }),
    ...(source === undefined ? {} : { source }),
    ...(step === undefined ? {} : { step }),
  };
}

function importedEntities(analysis: Analysis): ReadonlyMap<string, Entity> {
  const { imports, checked } = analysis;
  const entities = new Map<string, Entity>();
  if (imports === undefined) return entities;
  const keyOf = ({ file, start }: { readonly file?: string; readonly start: number }) =>
    JSON.stringify([file, start]);
  const sourceAt = new Map(checked.sources.map((of) => [keyOf(locate(imports, of)), of]));
  const stepAt = new Map(
    checked.importedSteps.map((step) => [keyOf(locate(imports, step.statement)), step]),
  );
  const kindsOf = new Map<string, Kinds>();
  for (const [name, imported] of importedIn(analysis)) {
    const { statement, path, ownName } = imported;
    const kinds = kindsOf.get(path) ?? kindsIn(imports, path);
    kindsOf.set(path, kinds);
    const source =
      'value' in statement
        ? sourceAt.get(keyOf({ file: path, start: statement.value.start }))
        : undefined;
    const step = stepAt.get(keyOf({ file: path, start: statement.start }));
    const isDelta = step !== undefined && kindOf(step.value) === 'delta';
    const kind = isDelta ? 'delta' : (kinds.get(ownName)?.kind ?? 'unknown');
    entities.set(name, entityOf({ name, kind, statement, imported }, source, step));
  }
  return entities;
}

type Kinds = ReadonlyMap<string, Pick<Entity, 'kind'>>;

/** What the names of a used recipe hold, told by its text and those that it uses itself. */
function kindsIn(imports: Imports, path: string, users: readonly string[] = []): Kinds {
  const kinds = new Map<string, Pick<Entity, 'kind'>>();
  const file = imports.files.get(path);
  for (const statement of file?.recipe.statements ?? []) {
    const name = nameOfStatement(statement)?.text;
    if (statement.kind === 'use') {
      const answer = file?.uses.get(statement.path?.value ?? '');
      const isRead = answer?.kind === 'file' && ![...users, path].includes(answer.file);
      const inner: Kinds = isRead ? kindsIn(imports, answer.file, [...users, path]) : new Map();
      for (const [word, of] of inner) kinds.set(name === undefined ? word : `${name}.${word}`, of);
    }
    if (name === undefined || kinds.has(name)) continue;
    kinds.set(name, { kind: kindOfStatement(statement, undefined, kinds) });
  }
  return kinds;
}

function kindOfStatement(statement: Statement, step: Step | undefined, above: Kinds): EntityKind {
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
function kindOfExpr(expr: Expr, above: Kinds): EntityKind {
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
      const [first, second] = expr.path.parts.map(({ text }) => text);
      const entity = above.get(`${first ?? ''}.${second ?? ''}`) ?? above.get(first ?? '');
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
