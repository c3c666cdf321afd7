/** What is written and never read, and what is needed and not written. */
import { nearest } from '../../check/did-you-mean.ts';
import { parameterWithoutValue } from '../../diagnostics/mw7007-parameter-without-value.ts';
import { parameterIgnored } from '../../diagnostics/mw7102-parameter-ignored.ts';
import type { Span } from '../../syntax/span.ts';
import { keyOf, type Located, type ModelEntry, type Parameters } from '../config/config.ts';
import type { ForeignMethod, ForeignParameter } from '../methods.ts';
import type { CallInput, Inputs } from './call.ts';
import { type Importing, remark, say } from './importing.ts';
import type { Chain } from './values.ts';

/** Parameters that nothing reads where they stand. */
export function noteIgnored(
  importing: Importing,
  { method, entries, scopes }: CallInput,
  baseEntry: ModelEntry | undefined,
): void {
  const known = new Map(method.parameters.map((parameter) => [parameter.name, parameter]));
  const note = (name: Located<string>, why: string): void => {
    const message = `mergekit ignores \`${name.value}\` here: ${why}.`;
    say(importing, parameterIgnored, name, message);
    remark(importing, name.start, `mergekit ignores ${name.value}: ${why}`);
  };
  const noteUnknown = (parameters: Parameters): void => {
    for (const { name } of parameters) {
      const parameter = known.get(name.value);
      if (parameter === undefined) note(name, unknownWhy(method, name.value));
      else if (parameter.ours === undefined) note(name, 'it changes no value');
    }
  };
  scopes.forEach(noteUnknown);
  for (const entry of entries) {
    noteUnknown(entry.parameters);
    for (const { name } of entry.parameters) {
      const parameter = known.get(name.value);
      if (parameter?.ours === undefined) continue;
      if (!parameter.byModel) note(name, 'it is read for the whole method, not for a model');
      else if (entry === baseEntry) note(name, 'the base has no value of its own');
    }
  }
}

function unknownWhy({ name, parameters }: ForeignMethod, written: string): string {
  const names = parameters.map((parameter) => parameter.name);
  const meant =
    nearest(written, names) ??
    (written.length < 4 ? undefined : names.find((one) => one.startsWith(written)));
  const known = `${name} has no such parameter`;
  return meant === undefined ? known : `${known}; did you mean \`${meant}\``;
}

/** Whether everything that is required has a value for every tensor. */
export function checkValues(
  importing: Importing,
  { method, name }: CallInput,
  { experts }: Inputs,
  global: ReadonlyMap<ForeignParameter, Chain>,
): boolean {
  let isWhole = true;
  const check = (parameter: ForeignParameter, chain: Chain, at: Span, whom: string): void => {
    if (!parameter.isRequired || chain.fallback !== undefined) return;
    isWhole = false;
    const setting = chain.settings[0];
    const message =
      setting === undefined
        ? `\`${method.name}\` needs \`${parameter.name}\`${whom}.`
        : `\`${parameter.name}\`${whom} has no value for tensors that fit none of these filters: end the list with \`- value: …\`.`;
    say(importing, parameterWithoutValue, setting?.name ?? at, message);
  };
  for (const [parameter, chain] of global) check(parameter, chain, name, '');
  for (const { reference, entry, chains } of experts) {
    for (const [parameter, chain] of chains) {
      check(parameter, chain, entry?.model ?? reference, ` for \`${keyOf(reference)}\``);
    }
  }
  return isWhole;
}
