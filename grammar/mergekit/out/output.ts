/** Settings of an output as keys of a document. */
import type { Step } from '../../check/checked.ts';
import { bare, wordOf } from '../../check/checking.ts';
import { notSaidInYaml } from '../../diagnostics/mw7201-not-said-in-yaml.ts';
import { leftOut } from '../../diagnostics/mw7302-left-out.ts';
import type { Entry, Expr, MapLiteral, OutputStatement, Setting } from '../../syntax/tree.ts';
import { type Exporting, referenceText, say } from './exporting.ts';
import { map, type OutEntry, type OutNotes, plain, type YamlOut } from './yaml-text.ts';

/** Undefined: something cannot be said, and why is. */
export function settingEntries(
  exporting: Exporting,
  statement: OutputStatement,
  { models, steps }: { readonly models: readonly string[]; readonly steps: readonly Step[] },
): { readonly entries: readonly OutEntry[]; readonly dtypeNotes: OutNotes } | undefined {
  const settings = settingsOf(exporting, statement);
  if (settings === undefined) return undefined;
  const entries: OutEntry[] = [];
  const tokenizer: OutEntry[] = [];
  let dtypeNotes: OutNotes = {};
  const names: Naming = { exporting, steps, models };
  for (const { name, value, notes, span } of settings) {
    switch (name) {
      case 'dtype':
        if (unknownTypes.has(wordOf(value) ?? '')) return refuse(exporting, value);
        dtypeNotes = notes();
        break;
      case 'tokenizer': {
        const source = tokenizerSource(names, value);
        if (source === undefined) return undefined;
        tokenizer.unshift({ key: 'source', value: source, ...notes() });
        break;
      }
      case 'tokens': {
        const tokens = tokensOf(names, value);
        if (tokens === undefined) return undefined;
        tokenizer.push({ key: 'tokens', value: tokens, ...notes() });
        break;
      }
      case 'pad_vocabulary_to':
        if (value.kind !== 'number') return refuse(exporting, value);
        tokenizer.push({ key: 'pad_to_multiple_of', value: plain(value.value), ...notes() });
        break;
      case 'chat_template': {
        const template = templateOf(value);
        if (template === undefined) return refuse(exporting, value);
        entries.push({ key: 'chat_template', value: template, ...notes() });
        break;
      }
      default:
        say(exporting, leftOut, span, `\`${name}\` has no key in mergekit’s configuration.`);
    }
  }
  if (tokenizer.length > 0) entries.unshift({ key: 'tokenizer', value: map(tokenizer) });
  return { entries, dtypeNotes };
}

/** Types that mergekit does not store. */
const unknownTypes: ReadonlySet<string> = new Set(['f64', 'f8_e4m3', 'f8_e5m2']);

interface Named {
  readonly name: string;
  readonly value: Expr;
  /** Comments at the setting that nothing inside it has taken. */
  readonly notes: () => OutNotes;
  readonly span: { readonly start: number; readonly end: number };
}

/** What is named outranks what is spread, as the recipe has it. */
function settingsOf(
  exporting: Exporting,
  statement: OutputStatement,
): readonly Named[] | undefined {
  const named = new Map<string, Named>();
  const own = statement.settings.filter((one): one is Setting => one.kind === 'setting');
  for (const one of statement.settings) {
    if (one.kind === 'setting') continue;
    const literal = mapBehind(exporting, one.value);
    if (literal === undefined) return refuse(exporting, one.value);
    for (const entry of literal.entries) {
      if (entry.kind === 'spread') return refuse(exporting, entry.value);
      const name = keyText(entry);
      named.set(name, { name, value: bare(entry.value), notes: () => ({}), span: one });
    }
  }
  for (const setting of own) {
    const name = setting.path.parts.map(({ text }) => text).join('.');
    const notes = (): OutNotes => exporting.comments.take(setting);
    named.set(name, { name, value: bare(setting.value), notes, span: setting });
  }
  return [...named.values()];
}

function mapBehind({ recipe }: Exporting, expr: Expr): MapLiteral | undefined {
  const at = bare(expr);
  if (at.kind === 'map') return at;
  const name = wordOf(at);
  const found = recipe.statements.find(
    (statement) => statement.kind === 'let' && statement.name?.text === name,
  );
  return found?.kind === 'let' && found.value.kind === 'map' ? found.value : undefined;
}

function keyText({ key }: Entry): string {
  return key.kind === 'path' ? key.parts.map(({ text }) => text).join('.') : String(key.value);
}

function refuse(exporting: Exporting, { start, end }: Expr): undefined {
  const message = 'mergekit’s configuration has no form for this setting.';
  return say(exporting, notSaidInYaml, { start, end }, message);
}

interface Naming {
  readonly exporting: Exporting;
  /** Every step that may give a tokenizer. */
  readonly steps: readonly Step[];
  readonly models: readonly string[];
}

/** A model by the name it has in the recipe. */
function donor({ exporting, steps }: Naming, expr: Expr): string | undefined {
  const name =
    expr.kind === 'reference' ? expr.path.parts.map(({ text }) => text).join('.') : undefined;
  const reference = name === undefined ? undefined : exporting.models.get(name);
  if (reference !== undefined) return referenceText(exporting, reference, expr);
  const step = steps.find((one) => one.name === name);
  if (step === undefined) return refuse(exporting, expr);
  return exporting.modelOfStep(step, expr);
}

function tokenizerSource(names: Naming, value: Expr): YamlOut | undefined {
  if (value.kind === 'call' && value.callee.parts[0]?.text === 'union') {
    const [list] = value.args;
    const items = list?.kind === 'argument' ? bare(list.value) : undefined;
    if (items?.kind !== 'list') return refuse(names.exporting, value);
    const donors = items.items.map((item) => donor(names, item.value));
    if (donors.some((one) => one === undefined)) return undefined;
    const isAll =
      names.models.every((model) => donors.includes(model)) &&
      donors.every((one) => names.models.includes(one!));
    if (isAll) return plain('union');
    const message = `mergekit’s union is of all models of the merge: ${names.models.length} here, and ${donors.length} are named.`;
    return say(names.exporting, notSaidInYaml, value, message);
  }
  const model = donor(names, value);
  return model === undefined ? undefined : plain(model);
}

function tokensOf(names: Naming, value: Expr): YamlOut | undefined {
  if (value.kind !== 'map') return refuse(names.exporting, value);
  const entries: OutEntry[] = [];
  for (const entry of value.entries) {
    if (entry.kind === 'spread') return refuse(names.exporting, entry.value);
    const written = bare(entry.value);
    const isForced = written.kind === 'call' && written.callee.parts[0]?.text === 'force';
    const inner = isForced ? innerOf(written) : written;
    const source = inner && tokenSource(names, inner);
    if (source === undefined) return undefined;
    entries.push({
      key: keyText(entry),
      value: map([
        { key: 'source', value: source },
        isForced ? { key: 'force', value: plain(true) } : undefined,
      ]),
      ...names.exporting.comments.take(entry),
    });
  }
  return map(entries);
}

function innerOf(call: Extract<Expr, { readonly kind: 'call' }>): Expr | undefined {
  const [arg] = call.args;
  return arg?.kind === 'argument' ? bare(arg.value) : undefined;
}

function tokenSource(names: Naming, value: Expr): YamlOut | undefined {
  if (wordOf(value) === 'zero') return map([{ key: 'kind', value: plain('zero') }]);
  if (value.kind === 'call' && value.callee.parts[0]?.text === 'row') {
    const [from, token] = value.args.map((arg) => bare(arg.value));
    const model = from && donor(names, from);
    const isNumber = token?.kind === 'number';
    if (model === undefined) return undefined;
    if (!isNumber && token?.kind !== 'text') return refuse(names.exporting, value);
    return map([
      { key: 'kind', value: plain('model_token') },
      { key: 'model', value: plain(model) },
      isNumber
        ? { key: 'token_id', value: plain(token.value) }
        : { key: 'token', value: plain(token.value) },
    ]);
  }
  const model = donor(names, value);
  return model === undefined ? undefined : plain(model);
}

const templates: ReadonlySet<string> = new Set(['alpaca', 'chatml', 'exaone', 'llama3', 'mistral']);

/** A template in a file is read by whoever asks for the export; here its text is not at hand. */
function templateOf(value: Expr): YamlOut | undefined {
  const name = wordOf(value);
  if (name === 'majority') return plain('auto');
  return name !== undefined && templates.has(name) ? plain(name) : undefined;
}
