import type { Checkpoint } from '../checkpoints/checkpoint.ts';
import { modulesName } from '../checkpoints/encoder-modules.ts';

/** What stands beside a model's weights that a person should know of: what was left there, and what nobody merged. */
export function sideNotes(
  { code = [], carried, modulesLeft }: Pick<Checkpoint, 'code' | 'carried' | 'modulesLeft'>,
  { carriesCode }: { readonly carriesCode: boolean },
): readonly string[] {
  const programs = code.map(({ name }) => name);
  const weights = carried.map(({ name }) => name).filter((name) => name.endsWith('.safetensors'));
  return [
    ...(programs.length === 0 || carriesCode
      ? []
      : [
          `code of the model’s own was left behind (${listed(programs)}); --carry-code takes it along`,
        ]),
    ...(weights.length === 0
      ? []
      : [`weights in folders are copied from one model, not merged (${listed(weights)})`]),
    ...(modulesLeft === undefined
      ? []
      : [
          `${modulesName} and the folders that it names were left behind: ${modulesLeft}; copy them for sentence-transformers`,
        ]),
  ];
}

function listed(names: readonly string[]): string {
  const first = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${first} and ${names.length - 3} more` : first;
}
