/** Calls of functions that are no methods: what each takes by position and by name, whichever table it stands in. */
import { type FormArgument, formFunctions } from '../../grammar/check/forms.ts';
import { type Measure, measures } from '../../grammar/check/measures.ts';
import { sourceFunctionNamed } from '../../grammar/check/source-functions.ts';
import { referenceOf } from '../../grammar/check/sources.ts';
import type { Argument, Call } from '../../grammar/syntax/tree.ts';
import type { Cursor } from './cursor.ts';

/** What stands behind an argument's colon, or in its place. */
export type ArgumentWanted =
  | { readonly kind: FormArgument['type'] | 'place' }
  | { readonly kind: 'choice'; readonly words: readonly string[] };

export interface CallArgument {
  readonly name: string;
  readonly wanted: ArgumentWanted;
  readonly isRequired: boolean;
  readonly meaning: string;
}

export interface CallArguments {
  readonly positional: readonly CallArgument[];
  readonly named: readonly CallArgument[];
}

/** Undefined: nothing is known of the function. */
export function argumentsOf({ path }: Cursor, call: Call): CallArguments | undefined {
  const callee = call.callee.parts.length === 1 ? call.callee.parts[0]!.text : '';
  const statement = path[0];
  switch (statement?.kind) {
    case 'model':
    case 'adapter':
    case 'stats': {
      const found = sourceFunctionNamed(statement.kind, callee);
      return found && { positional: [pathArgument], named: found.named.map(sourceArgument) };
    }
    default:
      break;
  }
  const measure = measures.get(callee);
  if (measure !== undefined) return { positional: [], named: optionsOf(measure) };
  if (callee === 'curve') return { positional: [], named: [ease, outside] };
  const form = formFunctions.find(({ name }) => name === callee);
  return (
    form && {
      positional: form.arguments.filter((of) => of.isPositional === true).map(formArgument),
      named: form.arguments.filter((of) => of.isPositional !== true).map(formArgument),
    }
  );
}

/** Those that are not given yet and fit what is. */
export function argumentsLeft(call: Call, named: readonly CallArgument[]): readonly CallArgument[] {
  const given = new Set(
    call.args.flatMap((arg) =>
      arg.kind === 'argument' && arg.name !== undefined ? [arg.name.text] : [],
    ),
  );
  const isInFolder = referenceOf(call)?.kind === 'path';
  return named.filter(({ name }) => {
    if (given.has(name)) return false;
    if (name === 'maximize' || name === 'minimize') {
      return !given.has('maximize') && !given.has('minimize');
    }
    return name !== 'revision' || !isInFolder;
  });
}

/** The argument that is written here: by its name, or by its place among those without one. */
export function argumentAt(
  { positional, named }: CallArguments,
  call: Call,
  { name, value }: Argument,
): CallArgument | undefined {
  if (name !== undefined) return named.find((of) => of.name === name.text);
  const place = call.args
    .filter((arg): arg is Argument => arg.kind === 'argument' && arg.name === undefined)
    .findIndex((arg) => arg.value === value);
  return positional[place];
}

const pathArgument: CallArgument = {
  name: 'path',
  wanted: { kind: 'text' },
  isRequired: true,
  meaning: 'A folder, a file or a hub id.',
};

const ease: CallArgument = {
  name: 'ease',
  wanted: { kind: 'choice', words: ['linear', 'smooth', 'hold'] },
  isRequired: false,
  meaning: 'linear | smooth | hold',
};

const outside: CallArgument = {
  name: 'outside',
  wanted: { kind: 'choice', words: ['ends'] },
  isRequired: false,
  meaning: 'What tensors outside the layers take.',
};

function sourceArgument({
  name,
  type,
  words = [],
  isRequired = false,
  meaning,
}: NonNullable<ReturnType<typeof sourceFunctionNamed>>['named'][number]): CallArgument {
  const wanted: ArgumentWanted =
    type === 'choice' ? { kind: type, words: words.map(({ word }) => word) } : { kind: type };
  return { name, wanted, isRequired, meaning };
}

function formArgument({ name, type, isRequired = false, meaning }: FormArgument): CallArgument {
  return { name, wanted: { kind: type }, isRequired, meaning };
}

function optionsOf({ options = {} }: Measure): readonly CallArgument[] {
  return [
    {
      name: 'at',
      wanted: { kind: 'place' },
      isRequired: false,
      meaning: 'the place it is measured at',
    },
    {
      name: 'base',
      wanted: { kind: 'model' },
      isRequired: false,
      meaning: 'what changes are taken from',
    },
    ...Object.entries(options).map(([name, words]): CallArgument => ({
      name,
      wanted: { kind: 'choice', words },
      isRequired: false,
      meaning: words.join(' | '),
    })),
  ];
}
