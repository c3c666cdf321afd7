/** The sources of a recipe: what its `model`, `adapter` and `stats` statements refer to. */
import { replacing } from '../diagnostics/finding.ts';
import { unknownMethod } from '../diagnostics/mw2002-unknown-method.ts';
import { unknownParameter } from '../diagnostics/mw2003-unknown-parameter.ts';
import { unreadableSource } from '../diagnostics/mw2012-unreadable-source.ts';
import { wrongType } from '../diagnostics/mw3001-wrong-type.ts';
import { inputs } from '../diagnostics/mw3008-inputs.ts';
import { type Span, spanOf } from '../syntax/span.ts';
import type { Call, Expr, Recipe, SourceStatement, TextLiteral } from '../syntax/tree.ts';
import type { Signature } from '../places/signature.ts';
import type { SourceReference } from './checked.ts';
import { bare, type Checking, quoted, report, reportUnknown } from './checking.ts';
import { type Imports, prefixesOf, rebased } from './imports.ts';
import { quantityOf, reportWrongType } from './quantity.ts';
import { wholeDeclarationOf } from './scopes.ts';
import { singleValue } from './single-value.ts';
import { sourceFunctions } from './source-functions.ts';

export interface SourceMention {
  readonly name: string;
  readonly kind: 'model' | 'adapter' | 'stats';
  readonly reference: SourceReference;
  /** The text that refers, in the file it stands in: `"./math"`, `hub(…)`. */
  readonly span: Span;
  /** Whether it is a text alone, which may be a folder's name as well as an id. */
  readonly isPlain: boolean;
}

/** Every source that can be read without a check, by the name it has there; the others are reported by the check. */
export function sourcesOf(
  recipe: Pick<Recipe, 'statements'>,
  imports?: Imports,
): readonly SourceMention[] {
  const mentions = new Map<string, SourceMention>();
  if (imports !== undefined) {
    const prefixes = prefixesOf(recipe, imports);
    for (const [key, file] of imports.files) {
      addSources(mentions, file.recipe, { prefix: prefixes.get(key) ?? '', folder: file.folder });
    }
  }
  addSources(mentions, recipe, { prefix: '', folder: '' });
  return [...mentions.values()];
}

function addSources(
  mentions: Map<string, SourceMention>,
  recipe: Pick<Recipe, 'statements'>,
  { prefix, folder }: { readonly prefix: string; readonly folder: string },
): void {
  const own = new Set<string>();
  for (const statement of recipe.statements) {
    if (statement.kind !== 'model' && statement.kind !== 'adapter' && statement.kind !== 'stats') {
      continue;
    }
    const { name: word, value, kind } = statement;
    const written = referenceOf(value);
    if (word === undefined || written === undefined || own.has(word.text)) continue;
    own.add(word.text);
    const name = prefix + word.text;
    const reference =
      written.kind === 'path' ? { ...written, path: rebased(written.path, folder) } : written;
    const isPlain = bare(value).kind === 'text';
    mentions.set(name, { name, kind, reference, span: spanOf(value), isPlain });
  }
}

/** What a source's expression refers to; undefined where it can't be read. */
export function referenceOf(expr: Expr): SourceReference | undefined {
  const at = bare(expr);
  if (at.kind === 'text') return referenceOfText(at.value);
  if (at.kind !== 'call') return undefined;
  const text = pathArgument(at);
  if (text === undefined || text.value === '') return undefined;
  const name = at.callee.parts[0]?.text;
  if (name === 'local') return { kind: 'path', path: text.value };
  const reference: SourceReference | undefined =
    name === 'hub' ? { kind: 'hub', id: text.value } : referenceOfText(text.value);
  const revision = namedArgument(at, 'revision');
  return reference?.kind === 'hub' && revision?.kind === 'text'
    ? { ...reference, revision: revision.value }
    : reference;
}

const weightsFile = /\.(safetensors|safetensors\.index\.json|bin|pt|pth|ckpt|gguf)$/i;
const hubId = /^[\w][\w.-]*(\/[\w][\w.-]*)?$/;

/** A path by its beginning, or by the ending of a weights file; else a hub id. */
export function referenceOfText(text: string): SourceReference | undefined {
  const isPath = /^([./~\\]|[A-Za-z]:[\\/])/.test(text) || weightsFile.test(text);
  if (isPath) return { kind: 'path', path: text };
  return hubId.test(text) ? { kind: 'hub', id: text } : undefined;
}

function pathArgument(call: Call): TextLiteral | undefined {
  const [first] = call.args;
  if (first?.kind !== 'argument' || first.name !== undefined) return undefined;
  const at = bare(first.value);
  return at.kind === 'text' ? at : undefined;
}

function namedArgument(call: Call, name: string): Expr | undefined {
  for (const arg of call.args) {
    if (arg.kind === 'argument' && arg.name?.text === name) return bare(arg.value);
  }
  return undefined;
}

export interface ReadSource {
  readonly reference: SourceReference;
  readonly on?: string;
  /** Of the model that it lies on or is of, once headers are reached. */
  readonly base?: Signature;
  readonly isMask: boolean;
}

/** Reads a source statement's expression and reports what is wrong with it. */
export function readSource(checking: Checking, statement: SourceStatement): ReadSource | undefined {
  const at = bare(statement.value);
  if (at.kind === 'missing') return undefined;
  if (at.kind === 'text' && statement.kind === 'model') {
    const reference = referenceOfText(at.value);
    if (reference !== undefined) return { reference, isMask: false };
    reportUnreadable(checking, at);
    return undefined;
  }
  if (at.kind !== 'call') {
    reportNoSource(checking, statement, at);
    return undefined;
  }
  return readForm(checking, statement, at);
}

function reportUnreadable(checking: Checking, text: TextLiteral): void {
  const fixed = `"./${text.value}"`;
  report(
    checking,
    unreadableSource,
    text,
    `${quoted(checking, text)} is neither a hub id, \`owner/name\`, nor a path, which begins with \`./\`, \`/\`, \`~\` or a drive.`,
    { fixes: text.value === '' || /["\\]/.test(text.value) ? [] : [replacing(text, fixed)] },
  );
}

function reportNoSource(checking: Checking, statement: SourceStatement, at: Expr): void {
  const form = exampleOf(statement.kind);
  const quantity = quantityOf(checking, at);
  if (quantity.kind === 'tensor' && statement.kind === 'model') {
    report(
      checking,
      wrongType,
      at,
      `${quoted(checking, at)} is made, not read: \`merge ${statement.name?.text ?? 'name'} = …\`.`,
      { fixes: [replacing(statement.word, 'merge', 'Make it a `merge`')] },
    );
    return;
  }
  reportWrongType(checking, at, form, quantity);
}

function exampleOf(kind: SourceStatement['kind']): string {
  switch (kind) {
    case 'model':
      return 'a source such as `"./model"` or `hub("owner/name")`';
    case 'adapter':
      return 'an adapter such as `lora("./adapter", on: base)`';
    case 'stats':
      return 'statistics such as `fisher("./fisher.safetensors", of: math)`';
  }
}

function readForm(
  checking: Checking,
  statement: SourceStatement,
  call: Call,
): ReadSource | undefined {
  const callee = call.callee.parts[0];
  if (callee === undefined) return undefined;
  const known = sourceFunctions[statement.kind];
  const form = known.find(({ name }) => name === callee.text);
  if (form === undefined) {
    if (statement.kind === 'model' && checking.catalogue.has(callee.text)) {
      reportNoSource(checking, statement, call);
      return undefined;
    }
    const problem = `\`${callee.text}\` reads no ${statement.kind}`;
    reportUnknown(
      checking,
      unknownMethod,
      callee,
      problem,
      known.map(({ name }) => name),
    );
    return undefined;
  }
  let on: ModelNamed | undefined;
  for (const arg of call.args) {
    if (arg.kind !== 'argument' || arg.name === undefined) continue;
    const { name } = arg;
    const argument = form.named.find((of) => of.name === name.text);
    if (argument === undefined) {
      const problem = `\`${form.name}\` has no argument \`${name.text}\``;
      reportUnknown(
        checking,
        unknownParameter,
        name,
        problem,
        form.named.map((of) => of.name),
      );
      continue;
    }
    if (argument.type === 'model') on = modelNamed(checking, arg.value);
    else if (argument.type === 'choice') {
      const { words = [], meaning } = argument;
      singleValue(checking, arg.value, {
        name: argument.name,
        type: { kind: 'choice', words },
        meaning,
      });
    } else checkRevision(checking, call, arg.value);
  }
  for (const { name, isRequired } of form.named) {
    if (isRequired === true && namedArgument(call, name) === undefined) {
      const message = `\`${form.name}\` needs the model it belongs to: \`${name}: base\`.`;
      report(checking, inputs, call.callee, message);
    }
  }
  const text = pathArgument(call);
  if (text === undefined) {
    const first = call.args[0] ?? call.callee;
    report(checking, inputs, first, `\`${form.name}\` takes a path, a text, first.`);
    return undefined;
  }
  const reference = referenceOf(call);
  if (reference === undefined) {
    reportUnreadable(checking, text);
    return undefined;
  }
  return { reference, isMask: form.name === 'mask', ...on };
}

/** A commit, tag or branch of a hub's repository; a folder has none. */
function checkRevision(checking: Checking, call: Call, expr: Expr): void {
  if (bare(expr).kind !== 'text') {
    report(checking, wrongType, expr, 'A `revision` is a text: `revision: "4a83ca6"`.');
    return;
  }
  const text = pathArgument(call);
  if (text === undefined || referenceOf(call)?.kind !== 'path') return;
  const message = `A \`revision\` is one of a hub’s, and ${quoted(checking, text)} is a path.`;
  report(checking, wrongType, expr, message);
}

type ModelNamed = Pick<ReadSource, 'on' | 'base'>;

function modelNamed(checking: Checking, expr: Expr): ModelNamed | undefined {
  const quantity = quantityOf(checking, expr);
  const at = bare(expr);
  if (quantity.kind !== 'tensor') {
    reportWrongType(checking, expr, 'a model', quantity);
    return undefined;
  }
  const { signature: base } = quantity.value;
  const told = base === undefined ? {} : { base };
  if (at.kind !== 'reference') return told;
  const meaning = wholeDeclarationOf(checking, at.path)?.declaration.meaning;
  switch (meaning?.kind) {
    case 'model':
      return { ...told, on: meaning.source.name };
    case 'step':
    case 'search':
      return { ...told, on: meaning.step.name };
    default:
      return told;
  }
}
