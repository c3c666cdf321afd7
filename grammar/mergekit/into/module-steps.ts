/** The steps of a network with several modules. */
import { numberOfModels } from '../../diagnostics/mw7009-number-of-models.ts';
import { module as moduleKind } from '../../diagnostics/mw7017-module.ts';
import type { MergeDocument, Module } from '../config/config.ts';
import type { ForeignMethod } from '../methods.ts';
import { moduleNames, wordOfModuleName } from '../module-words.ts';
import { from, joined, type Piece } from '../pieces.ts';
import { freshName, type Importing, say } from './importing.ts';
import { layoutSteps, type StageOptions } from './layout-steps.ts';

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
    const word = wordOfModuleName(module.name.value);
    if (word === undefined) {
      const message = `The module \`${module.name.value}\` has no word in the language; ${joinedWords()} have.`;
      return say(importing, moduleKind, module.name, message);
    }
    const problem = sliceProblem(module, word);
    if (problem !== undefined) return say(importing, moduleKind, module.layout, problem);
    const name = freshName(importing, `${options.name}_${word}`);
    const steps = layoutSteps(importing, {
      document,
      method,
      module,
      tower: word,
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
  return moduleNames.map((word) => `\`${word}\``).join(', ');
}

/** Why slices of a module cannot be set in a row; undefined where they can. */
function sliceProblem({ name, layout }: Module, word: string): string | undefined {
  if (layout.kind !== 'slices' || word === 'text') return undefined;
  if (word === 'projector' || word === 'embeddings') {
    return `\`${name.value}\` has no layers to cut: write its models as \`models\`.`;
  }
  if (layout.slices.length === 1) return undefined;
  return `\`stack\` sets the layers of the main tower in a row, and these are those of \`${name.value}\`: one slice of it is carried over, several are not.`;
}
