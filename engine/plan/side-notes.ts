import type { Checkpoint } from '../checkpoints/checkpoint.ts';
import { modulesName } from '../checkpoints/side-files.ts';

/** What stands beside a model's weights and is left there, so that a person may copy it. */
export function sideNotes(
  { code = [], hasModules = false }: Pick<Checkpoint, 'code' | 'hasModules'>,
  { carriesCode }: { readonly carriesCode: boolean },
): readonly string[] {
  const names = code.map(({ name }) => name);
  return [
    ...(names.length === 0 || carriesCode
      ? []
      : [
          `code of the model’s own was left behind (${listed(names)}); --carry-code takes it along`,
        ]),
    ...(hasModules
      ? [
          `${modulesName} and the folders that it names were left behind, for an output has no folders; copy them for sentence-transformers`,
        ]
      : []),
  ];
}

function listed(names: readonly string[]): string {
  const first = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${first} and ${names.length - 3} more` : first;
}
