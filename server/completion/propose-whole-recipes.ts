/** Whole recipes for a text that has none yet: a first author starts from one that works. */
import { CompletionItemKind } from 'vscode-languageserver';
import type { Proposal } from './proposal.ts';

interface WholeRecipe {
  readonly label: string;
  readonly detail: string;
  readonly lines: readonly string[];
}

const recipes: readonly WholeRecipe[] = [
  {
    label: 'recipe-slerp',
    detail: 'two models, met on the arc between them',
    lines: [
      'model a = "${1:./models/a}"',
      'model b = "${2:./models/b}"',
      '',
      'merge ${3:blend} = slerp(a, b, t: ${4:curve(0, 0.5, 0.3)})',
      '',
      'output ${3:blend} to "${5:./out/blend}" { dtype = ${6:bf16} }',
    ],
  },
  {
    label: 'recipe-ties',
    detail: 'experts trimmed, met by sign, and held to an expectation',
    lines: [
      'model base = "${1:./models/base}"',
      'model first = "${2:./models/first}"',
      'model second = "${3:./models/second}"',
      '',
      'merge expert = ties(base, [first, second], density: ${4:20%})',
      '',
      'expect finite(expert)',
      '',
      'output expert to "${5:./out/expert}" { dtype = ${6:bf16} }',
    ],
  },
  {
    label: 'recipe-arithmetic',
    detail: 'what experts learnt, added to their base',
    lines: [
      'model base = "${1:./models/base}"',
      'model first = "${2:./models/first}"',
      'model second = "${3:./models/second}"',
      '',
      'merge taught = base + ${4:0.5} * (first - base) + ${5:0.3} * (second - base)',
      '',
      'output taught to "${6:./out/taught}" { dtype = ${7:bf16} }',
    ],
  },
  {
    label: 'recipe-stack',
    detail: 'layers of two models in one tower',
    lines: [
      'model a = "${1:./models/a}"',
      'model b = "${2:./models/b}"',
      '',
      'merge tower = stack([a[${3:0..15}], b[${4:12..27}]])',
      '',
      'output tower to "${5:./out/tower}" { dtype = ${6:bf16} }',
    ],
  },
];

/** After the words that open a statement, since those who know what they write come more often. */
const rank = 30;

export function proposeWholeRecipes(): readonly Proposal[] {
  return recipes.map(({ label, detail, lines }) => ({
    label,
    snippet: `${lines.join('\n')}\n`,
    icon: CompletionItemKind.Snippet,
    detail,
    rank,
  }));
}
