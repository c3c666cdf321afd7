/** `moe` as a configuration of mergekit’s for mixtures. */
import type { MethodCall, TensorValue } from '../../check/checked.ts';
import type { Value } from '../../check/value.ts';
import { notSaidInYaml } from '../../diagnostics/mw7201-not-said-in-yaml.ts';
import { notesFor } from './notes.ts';
import { type Exporting, modelText, say } from './exporting.ts';
import { map, type OutEntry, type OutItem, plain, type YamlOut } from './yaml-text.ts';

/** Undefined: it cannot be said, and why is. */
export function mixtureEntries(
  exporting: Exporting,
  call: MethodCall,
): readonly OutEntry[] | undefined {
  const base = call.base && modelText(exporting, call.base);
  const models = call.inputs.map(({ value }) => modelText(exporting, value));
  if (base === undefined || models.some((model) => model === undefined)) return undefined;
  const copies = numberIn(call.args.get('copies')) ?? 1;
  const items = call.inputs.flatMap((expert, index): readonly OutItem[] => {
    const item: OutItem = {
      value: map([
        { key: 'source_model', value: plain(models[index]!) },
        ...texts(expert.own?.get('prompts'), 'positive_prompts'),
        ...texts(expert.own?.get('avoid'), 'negative_prompts'),
        ...number(
          expert.own?.get('noise') ?? byName(call, 'noise', expert.name, index),
          'noise_scale',
        ),
        ...number(
          expert.own?.get('residual_scale') ?? byName(call, 'residual_scale', expert.name, index),
          'residual_scale',
        ),
      ]),
      ...notesFor(exporting, expert.value),
    };
    const again: OutItem = { value: item.value };
    return Array.from({ length: copies }, (_, copy) => (copy === 0 ? item : again));
  });
  const shared = sharedItem(exporting, call);
  if (shared === undefined) return undefined;
  return [
    { key: 'base_model', value: plain(base) },
    ...word(call.args.get('gate'), 'gate_mode'),
    ...number(call.args.get('experts_per_token'), 'experts_per_token'),
    ...word(call.args.get('architecture'), 'architecture'),
    ...shared,
    { key: 'experts', value: { kind: 'list', items } },
  ];
}

function byName(
  { args }: MethodCall,
  name: string,
  expert: string | undefined,
  index: number,
): Value | undefined {
  const value = args.get(name);
  if (value?.kind === 'map') return expert === undefined ? undefined : value.entries.get(expert);
  return value?.kind === 'list' ? value.items[index] : value;
}

function sharedItem(
  exporting: Exporting,
  { args, inputs, base }: MethodCall,
): readonly OutEntry[] | undefined {
  const shared = args.get('shared');
  if (shared?.kind !== 'word') return [];
  const value = valueNamed(shared.word, [
    ...inputs.map((expert) => expert.value),
    ...(base === undefined ? [] : [base]),
  ]);
  if (value === undefined) {
    const message =
      'The shared expert is the base or one of the experts, for mergekit opens no other model.';
    return say(exporting, notSaidInYaml, shared.span, message);
  }
  const model = modelText(exporting, value);
  if (model === undefined) return undefined;
  const item = map([
    { key: 'source_model', value: plain(model) },
    ...texts(args.get('shared_prompts'), 'positive_prompts'),
    ...texts(args.get('shared_avoid'), 'negative_prompts'),
    ...number(args.get('shared_noise'), 'noise_scale'),
    ...number(args.get('shared_scale'), 'residual_scale'),
  ]);
  return [{ key: 'shared_experts', value: { kind: 'list', items: [{ value: item }] } }];
}

function valueNamed(name: string, values: readonly TensorValue[]): TensorValue | undefined {
  return values.find(
    (value) =>
      (value.kind === 'source' && value.source.name === name) ||
      (value.kind === 'step' && value.step.name === name),
  );
}

function texts(value: Value | undefined, key: string): readonly OutEntry[] {
  if (value?.kind !== 'list' || value.items.length === 0) return [];
  const items = value.items.flatMap((item) =>
    item.kind === 'text' ? [{ value: quotedText(item.value) }] : [],
  );
  return [{ key, value: { kind: 'list', items } }];
}

/** Prompts are quoted, whatever they hold. */
function quotedText(text: string): YamlOut {
  return { kind: 'plain', text: JSON.stringify(text) };
}

function numberIn(value: Value | undefined): number | undefined {
  return value?.kind === 'number' ? value.value : undefined;
}

function number(value: Value | undefined, key: string): readonly OutEntry[] {
  return value?.kind === 'number' ? [{ key, value: plain(value.value) }] : [];
}

function word(value: Value | undefined, key: string): readonly OutEntry[] {
  return value?.kind === 'word' && value.word !== 'auto' ? [{ key, value: plain(value.word) }] : [];
}
