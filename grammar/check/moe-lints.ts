/** What a mixture of experts must know of each of them. */
import { promptsMissing } from '../diagnostics/mw3034-prompts-missing.ts';
import { samePrompts } from '../diagnostics/mw3117-same-prompts.ts';
import { reportTooMany, wordFor } from './call-lints.ts';
import type { Expert, MethodCall } from './checked.ts';
import { type Checking, report } from './checking.ts';
import { defaultOf, parameterNamed } from './parameters.ts';
import { valueForInput } from './settle.ts';
import type { Value } from './value.ts';
import { type CallWritten, possibleNumbers } from './written-values.ts';

export function lintPrompts(checking: Checking, written: CallWritten): void {
  const { call } = written;
  if (parameterNamed(call.method, 'prompts') === undefined) return;
  const [copies = 1] = possibleNumbers(written, 'copies');
  const count = call.inputs.length * copies;
  reportTooMany(checking, written, 'experts_per_token', {
    count,
    of: count === 1 ? 'expert' : 'experts',
  });
  if (gateOf(call).endsWith('random')) return;
  const seen = new Map<string, Expert>();
  call.inputs.forEach((expert, input) => {
    const prompts = promptsOf(call, input);
    if (prompts === undefined) return;
    if (prompts.length === 0) {
      const message = `${wordFor(checking, expert)} has no \`prompts\`, and the gate is made of them: \`{ prompts: ["…"] }\` behind it.`;
      report(checking, promptsMissing, expert.span, message);
      return;
    }
    const key = JSON.stringify(prompts);
    const first = seen.get(key);
    if (first === undefined) {
      seen.set(key, expert);
      return;
    }
    const at = expert.own?.get('prompts')?.span ?? expert.span;
    const message = `${wordFor(checking, expert)} has the prompts of ${wordFor(checking, first)}: the router cannot tell them apart.`;
    report(checking, samePrompts, at, message, {
      related: [{ ...first.span, message: 'the other' }],
    });
  });
}

function gateOf(call: MethodCall): string {
  const gate = call.args.get('gate');
  if (gate?.kind === 'word') return gate.word;
  const parameter = parameterNamed(call.method, 'gate');
  return String((parameter && defaultOf(parameter, call.compat)) ?? '');
}

/** Undefined: not known. */
function promptsOf(call: MethodCall, input: number): readonly string[] | undefined {
  const expert = call.inputs[input]!;
  const parameter = parameterNamed(call.method, 'prompts');
  const given = call.args.get('prompts');
  const value: Value | undefined =
    expert.own?.get('prompts') ??
    (given && parameter && valueForInput(given, parameter, input, expert.name));
  if (value === undefined) return [];
  if (value.kind !== 'list') return undefined;
  return value.items.flatMap((item) => (item.kind === 'text' ? [item.value] : []));
}
