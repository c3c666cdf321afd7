/** `evaluate`, `sweep` and `search`: their functions, knobs and scores are checked, running comes later. */
import { wrongType } from '../diagnostics/mw3001-wrong-type.ts';
import { missingParameter } from '../diagnostics/mw3003-missing-parameter.ts';
import { givenTwice } from '../diagnostics/mw3004-given-twice.ts';
import { knobCannotBeTurned } from '../diagnostics/mw3032-knob-cannot-be-turned.ts';
import { knobNotRead } from '../diagnostics/mw3121-knob-not-read.ts';
import { largeGrid } from '../diagnostics/mw3122-large-grid.ts';
import type { Expr, ParamStatement, SearchStatement, Statement } from '../syntax/tree.ts';
import {
  bare,
  type Checking,
  type Declaration,
  literalOf,
  quoted,
  report,
  reportLater,
} from './checking.ts';
import { type FormCall, formCall, listOf } from './form-call.ts';
import { formsOf } from './forms.ts';
import { fileAt } from './imports.ts';
import { quantityOf } from './quantity.ts';
import { namesIn } from './recipe-lints.ts';
import { wholeDeclarationOf } from './scopes.ts';

const titles = {
  evaluate: 'Evaluations',
  sweep: 'Sweeps',
  search: 'Searches',
} as const satisfies Record<SearchStatement['kind'], string>;

/** The metrics of an `evaluate`, where they are written out. */
export function checkSearch(
  checking: Checking,
  statement: SearchStatement,
): readonly string[] | undefined {
  reportLater(checking, statement.word, `${titles[statement.kind]} are`);
  const call = bare(statement.value);
  if (call.kind === 'missing') return undefined;
  if (call.kind !== 'call') {
    const [form] = formsOf(statement.kind);
    const message = `${quoted(checking, call)} is no call; here stands \`${form?.name ?? ''}(…)\`.`;
    report(checking, wrongType, call, message);
    return undefined;
  }
  const read = formCall(checking, call, statement.kind);
  if (read === undefined) return undefined;
  if (statement.kind === 'evaluate') {
    const metrics = read.given.get('metrics');
    return metrics && textsOf(checking, metrics);
  }
  checkKnobs(checking, read);
  if (statement.kind === 'search') checkGoal(checking, read, call.callee);
  return undefined;
}

function textsOf(checking: Checking, expr: Expr): readonly string[] | undefined {
  const list = literalOf(checking, expr);
  if (list.kind !== 'list') return undefined;
  const texts = list.items.map(({ value }) => bare(value));
  const known = texts.flatMap((text) => (text.kind === 'text' ? [text.value] : []));
  return known.length === texts.length ? known : undefined;
}

function checkGoal(
  checking: Checking,
  { form, given }: FormCall,
  callee: { readonly start: number; readonly end: number },
): void {
  const [most, least] = [given.get('maximize'), given.get('minimize')];
  if (most === undefined && least === undefined) {
    const message = `\`${form.name}\` needs to know what to search for: \`maximize: score.metric\`.`;
    report(checking, missingParameter, callee, message);
  } else if (most !== undefined && least !== undefined) {
    const message =
      'A search has one goal: `maximize` or `minimize`; a difference of scores says both.';
    report(checking, givenTwice, least, message, {
      related: [{ start: most.start, end: most.end, message: 'the other goal' }],
    });
  }
}

const largest = 1000;

function checkKnobs(checking: Checking, { form, given }: FormCall): void {
  const turned = given.get('turn');
  if (turned === undefined) return;
  const list = literalOf(checking, turned);
  if (list.kind !== 'list') return;
  const step = given.get('step');
  let tries = 1;
  for (const knob of listOf(checking, turned, 'a list of knobs')) {
    const at = bare(knob);
    const found = at.kind === 'reference' ? wholeDeclarationOf(checking, at.path) : undefined;
    if (found?.declaration.meaning.kind !== 'param') continue;
    const { statement } = found.declaration.meaning;
    tries *= checkPositions(checking, knob, statement, form.name) ?? 1;
    if (step !== undefined && isSurelyUnread(checking, step, found.declaration)) {
      const message = `Nothing that ${quoted(checking, step)} is made of reads \`${found.name}\`.`;
      report(checking, knobNotRead, knob, message);
    }
  }
  if (form.name === 'grid' && tries > largest) {
    const message = `This grid has ${tries.toLocaleString('en')} positions, each of them a model to be made.`;
    report(checking, largeGrid, turned, message);
  }
}

/** How many positions a knob has, where they can be counted. */
function checkPositions(
  checking: Checking,
  knob: Expr,
  { range, name }: ParamStatement,
  form: string,
): number | undefined {
  const word = name?.text ?? 'name';
  if (range === undefined) {
    const message = `\`${word}\` has no range to turn in: \`param ${word} = … in a..b\`.`;
    report(checking, knobCannotBeTurned, knob, message);
    return undefined;
  }
  const written = bare(range);
  if (written.kind === 'list') return written.items.length;
  if (written.kind !== 'range' || form !== 'grid') return undefined;
  if (written.step === undefined) {
    const message = `A grid needs single positions, and \`${word}\` has a range without a \`step\`.`;
    report(checking, knobCannotBeTurned, knob, message);
    return undefined;
  }
  const [from, to, by] = [written.from, written.to, written.step].map((part) => {
    const quantity = quantityOf(checking, part);
    return quantity.kind === 'number' && quantity.curve.kind === 'constant'
      ? quantity.curve.value
      : NaN;
  });
  const count = Math.floor((to! - from!) / by! + 1e-9) + 1;
  return Number.isFinite(count) && count > 0 ? count : undefined;
}

/** Whether no statement that a step is made of names the knob. Steps of imports are not looked into. */
function isSurelyUnread(checking: Checking, step: Expr, knob: Declaration): boolean {
  const at = bare(step);
  if (at.kind !== 'reference') return false;
  const first = wholeDeclarationOf(checking, at.path)?.declaration;
  const { declared } = checking.scope;
  if (first === undefined || fileAt(checking.placed, first.span) !== undefined) return false;
  const seen = new Set<Statement>([first.statement]);
  const waiting: Statement[] = [first.statement];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next === knob.statement) return false;
    for (const name of namesIn(next)) {
      const declaration = declared.get(name);
      if (declaration === undefined || seen.has(declaration.statement)) continue;
      if (declaration.meaning.kind === 'broken' || declaration.meaning.kind === 'module')
        return false;
      seen.add(declaration.statement);
      waiting.push(declaration.statement);
    }
  }
  return true;
}
