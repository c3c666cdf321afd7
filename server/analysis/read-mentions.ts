/**
 * Reads what every word of a recipe means, whether or not the recipe is whole.
 * What a map's keys and a bare word mean follows from where they stand, so each expression is read in a role;
 * a `let` takes the role of its uses, which all stand below it: statements are read upwards.
 * A little over the usual length, since statements, expressions and maps read each other.
 */
import type { Catalogue, MethodSignature } from '../../grammar/catalogue.ts';
import { looseWords } from '../../grammar/check/loose-words.ts';
import { measures } from '../../grammar/check/measures.ts';
import { parameterNamed } from '../../grammar/check/parameters.ts';
import { placeWords } from '../../grammar/places/place.ts';
import type { Span } from '../../grammar/syntax/span.ts';
import type {
  Call,
  Expr,
  MapLiteral,
  MergeStatement,
  Name,
  OutputStatement,
  Recipe,
  Reference,
  Setting,
  Spread,
  Statement,
} from '../../grammar/syntax/tree.ts';
import { methodOf, outermostMethod } from './calls.ts';
import type { ImportedDeclarations } from './imported-names.ts';
import type { DeclaredName, Mention, MentionShape, Mentions } from './mentions.ts';
import { nameOfStatement } from './nodes-at.ts';
import { blockName, layers, place, type Role, roleOfOption, value, wordsOf } from './roles.ts';

interface Reading {
  readonly catalogue: Catalogue;
  readonly declared: ReadonlyMap<string, DeclaredName>;
  /** What other recipes declare, by the name it has here. */
  readonly imported: ImportedDeclarations;
  readonly found: Mention[];
  /** What a `let` is used as. */
  readonly roles: Map<string, Role>;
}

export function readMentions(
  recipe: Recipe,
  catalogue: Catalogue,
  imported: ImportedDeclarations,
): Mentions {
  const declared = new Map<string, DeclaredName>();
  for (const statement of recipe.statements) {
    const name = nameOfStatement(statement);
    if (name !== undefined && !declared.has(name.text)) {
      declared.set(name.text, { name, statement });
    }
  }
  const reading: Reading = { catalogue, declared, imported, found: [], roles: new Map() };
  for (const statement of recipe.statements.toReversed()) readStatement(reading, statement);
  return { all: reading.found.sort((one, other) => one.start - other.start), declared };
}

function say({ found }: Reading, { start, end }: Span, mention: MentionShape): void {
  if (end > start) found.push({ ...mention, start, end });
}

function readStatement(reading: Reading, statement: Statement): void {
  const name = nameOfStatement(statement);
  if (name !== undefined) {
    say(reading, name, { kind: 'name', name: name.text, role: 'declaration' });
  }
  switch (statement.kind) {
    case 'use':
      return;
    case 'model':
    case 'adapter':
    case 'stats':
    case 'evaluate':
    case 'sweep':
    case 'search':
      return read(reading, statement.value, value);
    case 'param':
      readType(reading, statement.type);
      read(reading, statement.value, value);
      if (statement.range !== undefined) read(reading, statement.range, value);
      return;
    case 'let':
      readType(reading, statement.type);
      return read(reading, statement.value, roleOfLet(reading, statement.type, name));
    case 'layers':
      return read(reading, statement.value, layers);
    case 'tensors':
      return read(reading, statement.value, place);
    case 'merge':
      return readMerge(reading, statement);
    case 'expect':
      return read(reading, statement.condition, value);
    case 'output':
      return readOutput(reading, statement);
    default:
      statement satisfies never;
  }
}

function readType(reading: Reading, type: Name | undefined): void {
  if (type === undefined) return;
  const method = reading.catalogue.get(type.text);
  say(
    reading,
    type,
    method === undefined ? { kind: 'type', name: type.text } : { kind: 'method', method },
  );
}

function roleOfLet(reading: Reading, type: Name | undefined, name: Name | undefined): Role {
  const method = reading.catalogue.get(type?.text ?? '');
  if (method !== undefined) return { kind: 'arguments', method };
  if (type?.text === 'output') return { kind: 'settings' };
  return reading.roles.get(name?.text ?? '') ?? value;
}

function readMerge(reading: Reading, { value: head, rules }: MergeStatement): void {
  read(reading, head, value);
  const method = outermostMethod(head, reading.catalogue);
  for (const rule of rules) {
    read(reading, rule.place, place);
    for (const action of rule.actions) {
      if (action.kind === 'take') read(reading, action.value, value);
      else readRuleSetting(reading, action, method);
    }
  }
}

function readRuleSetting(
  reading: Reading,
  { path, value: written }: Setting,
  method: MethodSignature | undefined,
): void {
  const [word, ...expert] = path.parts;
  const parameter = method && parameterNamed(method, word?.text ?? '');
  if (word !== undefined) readParameterName(reading, word, method);
  readName(reading, expert, 'setting');
  read(
    reading,
    written,
    parameter === undefined ? value : { kind: 'parameter', parameter, method: method! },
  );
}

function readParameterName(
  reading: Reading,
  name: Name,
  method: MethodSignature | undefined,
): void {
  const parameter = method && parameterNamed(method, name.text);
  say(
    reading,
    name,
    parameter === undefined
      ? { kind: 'unknown', text: name.text }
      : { kind: 'parameter', parameter, method: method! },
  );
}

interface Named {
  /** As this recipe writes it, with the word of its import. */
  readonly name: string;
  /** The word it stands at. */
  readonly word: Name;
  readonly statement: Statement;
  /** What stands behind it. */
  readonly rest: readonly Name[];
}

/** What the first word of a path names, or the first two behind an import. */
function namedBy({ declared, imported }: Reading, parts: readonly Name[]): Named | undefined {
  const [first, second] = parts;
  if (first === undefined) return undefined;
  const statement = (declared.get(first.text) ?? imported.get(first.text))?.statement;
  if (statement === undefined) return undefined;
  const inner = `${first.text}.${second?.text ?? ''}`;
  const behind = statement.kind === 'use' ? imported.get(inner) : undefined;
  if (second === undefined || behind === undefined) {
    return { name: first.text, word: first, statement, rest: parts.slice(1) };
  }
  return { name: inner, word: second, statement: behind.statement, rest: parts.slice(2) };
}

function sayNamed(
  reading: Reading,
  [first]: readonly Name[],
  { name, word }: Named,
  role: 'use' | 'key' | 'setting',
): void {
  if (first !== undefined && first !== word) {
    say(reading, first, { kind: 'name', name: first.text, role: 'use' });
  }
  say(reading, word, { kind: 'name', name, role });
}

/** A name alone, or one behind an import; what nothing declares is said as such. */
function readName(reading: Reading, parts: readonly Name[], role: 'use' | 'key' | 'setting'): void {
  const named = namedBy(reading, parts);
  const [first] = parts;
  if (named !== undefined) sayNamed(reading, parts, named, role);
  else if (first !== undefined) say(reading, first, { kind: 'unknown', text: first.text });
}

function readOutput(reading: Reading, { target, settings }: OutputStatement): void {
  readName(reading, target?.parts ?? [], 'use');
  for (const setting of settings) {
    if (setting.kind === 'spread') {
      read(reading, setting.value, { kind: 'settings' });
      continue;
    }
    say(reading, setting.path, { kind: 'setting', name: pathText(setting.path.parts) });
    read(reading, setting.value, { kind: 'setting', name: pathText(setting.path.parts) });
  }
}

function pathText(parts: readonly Name[]): string {
  return parts.map(({ text }) => text).join('.');
}

function read(reading: Reading, expr: Expr, role: Role): void {
  switch (expr.kind) {
    case 'reference':
      return readReference(reading, expr, role);
    case 'call':
      return readCall(reading, expr);
    case 'list':
      for (const item of expr.items) {
        read(reading, item.value, role);
        if (item.kind === 'item' && item.own !== undefined) {
          const own: Role =
            role.kind === 'inputs' ? { kind: 'arguments', method: role.method } : value;
          readMap(reading, item.own, own);
        }
      }
      return;
    case 'map':
      return readMap(reading, expr, role);
    case 'text':
      if (role.kind === 'place') say(reading, expr, { kind: 'pattern', text: expr.value });
      return;
    case 'binary': {
      const inner = role.kind === 'place' || role.kind === 'layers' ? role : value;
      read(reading, expr.left, inner);
      return read(reading, expr.right, inner);
    }
    case 'negation':
      return read(reading, expr.operand, role);
    case 'parenthesised':
      return read(reading, expr.inner, role);
    case 'range': {
      const inner = role.kind === 'layers' ? role : value;
      read(reading, expr.from, inner);
      read(reading, expr.to, inner);
      if (expr.step !== undefined) read(reading, expr.step, value);
      return;
    }
    case 'layersOf':
      return read(reading, expr.range, layers);
    case 'index':
      read(reading, expr.value, value);
      return read(reading, expr.layers, layers);
    case 'number':
    case 'bytes':
    case 'duration':
    case 'boolean':
    case 'missing':
      return;
    default:
      expr satisfies never;
  }
}

function readReference(reading: Reading, { path }: Reference, role: Role): void {
  const [name] = path.parts;
  if (name === undefined) return;
  const isAlone = path.parts.length === 1;
  const { text } = name;
  if (isAlone && [...wordsOf(role, reading.catalogue)].includes(text)) {
    const parameter = role.kind === 'parameter' ? { parameter: role.parameter } : {};
    return say(reading, name, { kind: 'word', word: text, ...parameter });
  }
  const named = namedBy(reading, path.parts);
  const isPlaceName = named?.statement.kind === 'layers' || named?.statement.kind === 'tensors';
  const isInPlace = role.kind === 'place' || role.kind === 'layers';
  const isPartWord =
    isAlone && isInPlace && !isPlaceName && (placeWords.includes(text) || blockName.test(text));
  if (isPartWord) return say(reading, name, { kind: 'part', word: text });
  if (named === undefined) {
    const isLoose = isAlone && looseWords(reading.catalogue).has(text);
    return say(reading, name, isLoose ? { kind: 'word', word: text } : { kind: 'unknown', text });
  }
  sayNamed(reading, path.parts, named, 'use');
  const { statement, rest } = named;
  if (statement.kind === 'let' && role.kind !== 'value') reading.roles.set(named.name, role);
  const [member] = rest;
  if (member === undefined) return;
  const isMissing = statement.kind === 'use';
  say(
    reading,
    member,
    isMissing
      ? { kind: 'unknown', text: member.text }
      : { kind: 'metric', name: member.text, of: named.name },
  );
}

function readCall(reading: Reading, call: Call): void {
  const [callee] = call.callee.parts;
  const method = methodOf(call, reading.catalogue);
  if (method !== undefined) {
    say(reading, call.callee, { kind: 'method', method });
    for (const arg of call.args) readArgument(reading, arg, method);
    return;
  }
  const name = callee?.text ?? '';
  const measure = measures.get(name);
  say(
    reading,
    call.callee,
    measure === undefined ? { kind: 'function', name } : { kind: 'measure', measure },
  );
  for (const arg of call.args) {
    if (arg.kind === 'argument' && arg.name !== undefined) {
      say(reading, arg.name, { kind: 'option', name: arg.name.text, of: name });
      read(reading, arg.value, roleOfOption(arg.name.text, name, measure));
    } else read(reading, arg.value, name === 'profile' ? { kind: 'words', words: [] } : value);
  }
}

function readArgument(reading: Reading, arg: Call['args'][number], method: MethodSignature): void {
  if (arg.kind === 'spread') return read(reading, arg.value, { kind: 'arguments', method });
  if (arg.name === undefined) return read(reading, arg.value, { kind: 'inputs', method });
  readParameterName(reading, arg.name, method);
  const parameter = parameterNamed(method, arg.name.text);
  read(
    reading,
    arg.value,
    parameter === undefined ? value : { kind: 'parameter', parameter, method },
  );
}

function readMap(reading: Reading, map: MapLiteral, role: Role): void {
  for (const entry of map.entries) {
    if (entry.kind === 'spread') readSpread(reading, entry, role);
    else {
      const { key } = entry;
      const parts = key.kind === 'path' ? key.parts : [];
      read(reading, entry.value, readKey(reading, parts, key, role));
    }
  }
}

function readSpread(reading: Reading, spread: Spread, role: Role): void {
  read(reading, spread.value, role);
}

/** Says what a key is, and gives the role of its value. */
function readKey(reading: Reading, parts: readonly Name[], span: Span, role: Role): Role {
  const [first] = parts;
  switch (role.kind) {
    case 'parameter':
      readName(reading, parts, 'key');
      return role;
    case 'arguments': {
      if (first === undefined) return value;
      readParameterName(reading, first, role.method);
      const parameter = parameterNamed(role.method, first.text);
      return parameter === undefined
        ? value
        : { kind: 'parameter', parameter, method: role.method };
    }
    case 'settings':
      say(reading, span, { kind: 'setting', name: pathText(parts) });
      return { kind: 'setting', name: pathText(parts) };
    case 'setting':
    case 'words':
    case 'place':
    case 'layers':
    case 'inputs':
      return value;
    case 'value':
      // A map that nothing uses yet: a key that is a declared name stands for it.
      if (namedBy(reading, parts) !== undefined) readName(reading, parts, 'key');
      return value;
  }
}
