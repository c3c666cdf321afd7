/** Tensors taken from other models by place: `linear`, in which every tensor has one model of weight 1 and all others of weight 0. */
import type { BoundAction, BoundRule, TensorValue } from '../../check/checked.ts';
import { notSaidInYaml } from '../../diagnostics/mw7201-not-said-in-yaml.ts';
import { foreignMethods } from '../methods.ts';
import type { Body } from './body-shape.ts';
import { conditionals } from './conditionals.ts';
import { type Exporting, modelText, say } from './exporting.ts';
import { filtersOf, type OutFilter } from './filters.ts';
import { notesFor } from './notes.ts';
import { passed } from './passed.ts';
import { map, type OutItem, type OutNotes, plain, type YamlOut } from './yaml-text.ts';

export type TakeAction = Extract<BoundAction, { readonly kind: 'take' }>;

export interface Take {
  readonly rule: BoundRule;
  readonly action: TakeAction;
}

/** What decides first stands first: the last line of the recipe. Of two in one rule the first is never reached. */
export function takesOf(rules: readonly BoundRule[]): readonly Take[] {
  return rules.toReversed().flatMap((rule): readonly Take[] => {
    const action = rule.actions.findLast((one): one is TakeAction => one.kind === 'take');
    return action === undefined ? [] : [{ rule, action }];
  });
}

/** Undefined: it cannot be said, and why is. */
export function takenBody(
  exporting: Exporting,
  base: TensorValue,
  takes: readonly Take[],
): Body | undefined {
  const baseText = modelText(exporting, base);
  const texts = takes.map(({ action }) => modelText(exporting, action.value));
  if (baseText === undefined || texts.some((text) => text === undefined)) return undefined;
  const chosen: Chosen[] = [];
  for (const [index, { rule, action }] of takes.entries()) {
    if (!isWhole(exporting, base, action)) return undefined;
    const signature = base.signature === undefined ? {} : { signature: base.signature };
    const filters = filtersOf(exporting, rule, { ...signature, shift: 0 });
    if (filters === undefined) return undefined;
    chosen.push({ filters, model: texts[index]!, notes: exporting.comments.take(rule) });
  }
  const models = [...new Set([baseText, ...texts.map((text) => text!)])];
  if (models.length === 1) return passed(exporting, base);
  const items = models.map((model): OutItem => {
    const value = takes.find((_, index) => texts[index] === model)?.action.value ?? base;
    const weight = weightOf(model, baseText, chosen);
    return {
      value: map([
        { key: 'model', value: plain(model) },
        { key: 'parameters', value: map([{ key: 'weight', value: weight }]) },
      ]),
      ...notesFor(exporting, model === baseText ? base : value),
    };
  });
  return {
    method: foreignMethods.get('linear')!,
    base: baseText,
    layout: { key: 'models', value: { kind: 'list', items } },
    parameters: [],
    isComputed: true,
    models,
  };
}

interface Chosen {
  readonly filters: readonly OutFilter[];
  readonly model: string;
  readonly notes: OutNotes;
}

function weightOf(model: string, base: string, chosen: readonly Chosen[]): YamlOut {
  const entries = [
    ...chosen.flatMap(({ filters, model: taken, notes }) =>
      filters.map(({ text }, index) => ({
        filter: text,
        value: taken === model ? 1 : 0,
        // Where a comment is about a rule, the model that is taken bears it.
        notes: taken === model && index === 0 ? notes : {},
      })),
    ),
    { filter: undefined, value: model === base ? 1 : 0, notes: {} },
  ];
  // Entries that say what the one behind them all says change nothing.
  const rest = entries.findIndex(({ filter }) => filter === undefined);
  const differing = entries
    .slice(0, rest)
    .findLastIndex(({ value }) => value !== entries[rest]!.value);
  return conditionals(
    [...entries.slice(0, differing + 1), entries[rest]!].map((entry) => ({
      ...entry,
      value: plain(entry.value),
    })),
  );
}

/** There every model has every tensor, also those of which nothing is taken. */
function isWhole(
  exporting: Exporting,
  base: TensorValue,
  { value, start, end }: TakeAction,
): boolean {
  if (base.signature === undefined || value.signature === undefined) return true;
  const names = new Set(value.signature.tensors.map(({ name }) => name));
  const missing = base.signature.tensors.find(({ name }) => !names.has(name));
  if (missing === undefined) return true;
  const message = `mergekit needs every tensor of every model, and \`${missing.name}\` is not in this one.`;
  say(exporting, notSaidInYaml, { start, end }, message);
  return false;
}
