/** Arguments: parameters not yet given, experts without a value, what a rule may set. */
import { CompletionItemKind } from 'vscode-languageserver';
import { isRequired, parametersOf } from '../../grammar/check/parameters.ts';
import type { Call } from '../../grammar/syntax/tree.ts';
import { entitiesOf } from '../analysis/entities.ts';
import { outermostMethod } from '../analysis/calls.ts';
import type { Cursor } from './cursor.ts';
import { parameterProposal, type Proposal, sampleValue, wordProposal } from './proposal.ts';
import type { Slot } from './slot.ts';
import { keysOf } from './slot-context.ts';
import { expertsOf, nameOf } from './tensor-names.ts';

/** `compat` and `compute` stand last: they are rarely meant. */
const rankOf = (parameter: Parameters<typeof isRequired>[0]): number =>
  isRequired(parameter) ? 1 : parameter.name === 'compat' || parameter.name === 'compute' ? 3 : 2;

function namedIn(call: Call): ReadonlySet<string> {
  return new Set(
    call.args.flatMap((arg) =>
      arg.kind === 'argument' && arg.name !== undefined ? [arg.name.text] : [],
    ),
  );
}

export function proposeArgument({
  call,
  method,
}: Extract<Slot, { kind: 'argument' }>): readonly Proposal[] {
  const given = namedIn(call);
  return parametersOf(method)
    .filter(({ name }) => !given.has(name))
    .map((parameter) =>
      parameterProposal(parameter, method, { rank: rankOf(parameter), sign: ': ' }),
    );
}

/** Parameters by model to which the call gives no value for this expert yet. */
export function proposeOwnParameter({
  call,
  method,
  item,
}: Extract<Slot, { kind: 'own parameter' }>): readonly Proposal[] {
  const own = new Set(item.own === undefined ? [] : keysOf(item.own));
  const name = nameOf(item.value);
  const given = call.args.flatMap((arg) => {
    if (arg.kind !== 'argument' || arg.name === undefined) return [];
    const { value } = arg;
    return value.kind === 'map' && !keysOf(value).includes(name ?? '') ? [] : [arg.name.text];
  });
  return parametersOf(method)
    .filter((of) => of.byModel === true && !own.has(of.name) && !given.includes(of.name))
    .map((parameter) => parameterProposal(parameter, method, { rank: 1, sign: ': ' }));
}

export function proposePresetKey({
  method,
  map,
}: Extract<Slot, { kind: 'preset key' }>): readonly Proposal[] {
  const given = new Set(keysOf(map));
  return parametersOf(method)
    .filter(({ name }) => !given.has(name))
    .map((parameter) => parameterProposal(parameter, method, { rank: 1, sign: ': ' }));
}

/** Experts of this call that have no value of the parameter yet; its inputs came first, so they are known. */
export function proposeExpertName(
  cursor: Cursor,
  { call, parameter, map }: Extract<Slot, { kind: 'expert name' }>,
): readonly Proposal[] {
  const given = new Set(map === undefined ? [] : keysOf(map));
  return expertsOf(cursor, call).flatMap(({ name, own }): Proposal[] => {
    if (name === undefined || given.has(name)) return [];
    if (map !== undefined && own !== undefined && keysOf(own).includes(parameter.name)) return [];
    return [
      {
        label: name,
        ...(map === undefined ? {} : { snippet: `${name}: \${1:${sampleValue(parameter)}}` }),
        icon: CompletionItemKind.Variable,
        detail: `${parameter.name} of this expert`,
        rank: 1,
        about: { kind: 'name', name },
      },
    ];
  });
}

/** What stands in a rule's braces: settings by place, and `take`. */
export function proposeAction(
  cursor: Cursor,
  { statement, set }: Extract<Slot, { kind: 'action' }>,
): readonly Proposal[] {
  const method = outermostMethod(statement.value, cursor.analysis.catalogue);
  const rule = statement.rules.find(({ actions }) => actions.some((action) => action === set));
  const given = new Set(
    rule?.actions.flatMap((action) =>
      action.kind === 'setting' && action.path.parts.length === 1
        ? [action.path.parts[0]!.text]
        : [],
    ),
  );
  const settings =
    method === undefined
      ? []
      : parametersOf(method)
          .filter(({ byPlace, name }) => byPlace === true && !given.has(name))
          .map((parameter) => parameterProposal(parameter, method, { rank: 1, sign: ' = ' }));
  return [
    ...settings,
    {
      ...wordProposal('take', 2, 'takes a model’s tensors, untouched'),
      icon: CompletionItemKind.Keyword,
      snippet: 'take $0',
      goesOn: true,
    },
  ];
}

/** The names of a call's experts, where they have any. */
export function expertNames(cursor: Cursor, call: Call): readonly string[] {
  const known = entitiesOf(cursor.analysis);
  return expertsOf(cursor, call).flatMap(({ name }) =>
    name !== undefined && known.has(name) ? [name] : [],
  );
}
