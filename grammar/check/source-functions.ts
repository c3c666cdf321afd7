/** The functions that a source may be read by, for the check and completion. */
import type { SourceStatement } from '../syntax/tree.ts';

export interface SourceArgument {
  readonly name: string;
  readonly type: 'text' | 'model' | 'choice';
  readonly words?: readonly { readonly word: string; readonly meaning: string }[];
  readonly isRequired?: boolean;
  /** Whether it is one of a hub's repository: a folder has none. */
  readonly ofHub?: boolean;
  readonly meaning: string;
}

/** Each takes a path or an id first, a text; these are its named arguments. */
export interface SourceFunction {
  readonly name: string;
  readonly named: readonly SourceArgument[];
}

const revision: SourceArgument = {
  name: 'revision',
  type: 'text',
  ofHub: true,
  meaning: 'A commit, tag or branch of the hub’s repository.',
};
const of: SourceArgument = {
  name: 'of',
  type: 'model',
  isRequired: true,
  meaning: 'The model that the statistics are of.',
};

export const sourceFunctions: Readonly<Record<SourceStatement['kind'], readonly SourceFunction[]>> =
  {
    model: [
      { name: 'local', named: [] },
      { name: 'hub', named: [revision] },
    ],
    adapter: [
      {
        name: 'lora',
        named: [
          {
            name: 'on',
            type: 'model',
            isRequired: true,
            meaning: 'The model that the adapter lies on.',
          },
          revision,
        ],
      },
    ],
    stats: [
      ...['fisher', 'second_moments', 'gram', 'imatrix', 'coefficients'].map((name) => ({
        name,
        named: [of],
      })),
      {
        name: 'mask',
        named: [
          { ...of, meaning: 'The model that the mask is of.' },
          {
            name: 'ones',
            type: 'choice',
            words: [
              { word: 'keep', meaning: 'a 1 is kept' },
              { word: 'drop', meaning: 'a 1 is dropped' },
            ],
            meaning: 'What a 1 in the file stands for.',
          },
        ],
      },
    ],
  };

export function sourceFunctionNamed(
  kind: SourceStatement['kind'],
  name: string,
): SourceFunction | undefined {
  return sourceFunctions[kind].find((one) => one.name === name);
}
