/** The steps of a network with several modules. */
import { numberOfModels } from '../../diagnostics/mw7009-number-of-models.ts';
import { module as moduleKind } from '../../diagnostics/mw7017-module.ts';
import type { MergeDocument, Module } from '../config/config.ts';
import type { ForeignMethod } from '../methods.ts';
import { from, joined, type Piece } from '../pieces.ts';
import { freshName, type Importing, say } from './importing.ts';
import { layoutSteps, type StageOptions } from './layout-steps.ts';

/** Words of the language for mergekit's names of modules. */
const moduleWords: ReadonlyMap<string, string> = new Map([
  ['text_decoder', 'text'],
  ['vision_tower', 'vision'],
  ['vision_model', 'vision'],
  ['multi_modal_projector', 'projector'],
  ['encoder', 'encoder'],
  ['decoder', 'decoder'],
  ['shared', 'embeddings'],
]);

/** One step for each module; the first is the network, and takes the others' parts. */
export function moduleSteps(
  importing: Importing,
  document: MergeDocument,
  method: ForeignMethod,
  options: StageOptions,
): Piece | undefined {
  const parts: {
    readonly module: Module;
    readonly word: string;
    readonly name: string;
    readonly steps: Piece;
  }[] = [];
  for (const module of document.modules) {
    const word = moduleWords.get(module.name.value);
    if (word === undefined) {
      const message = `The module \`${module.name.value}\` has no word in the language; ${joinedWords()} have.`;
      return say(importing, moduleKind, module.name, message);
    }
    if (module.layout.kind === 'slices') {
      const message = 'Slices of one module among several are not carried over; models are.';
      return say(importing, moduleKind, module.layout, message);
    }
    const name = freshName(importing, `${options.name}_${word}`);
    const steps = layoutSteps(importing, {
      document,
      method,
      module,
      options: { ...options, name, isIntermediate: false },
    });
    if (steps === undefined) return undefined;
    parts.push({ module, word, name, steps });
  }
  const [first, ...others] = parts;
  if (first === undefined) {
    return say(importing, numberOfModels, document.method, 'There are no modules to merge.');
  }
  const rules = others.map(({ module, word, name }) =>
    from(module.name, `at ${word} { take ${name} }\n`),
  );
  const last: Piece = [
    'merge ',
    options.name,
    ' = ',
    first.name,
    rules.length === 0 ? '' : [' {\n', rules, '}'],
  ];
  return [
    joined(
      parts.map(({ steps }) => steps),
      '\n',
    ),
    '\n',
    from(document.method, last),
  ];
}

function joinedWords(): string {
  return [...moduleWords.keys()].map((word) => `\`${word}\``).join(', ');
}
