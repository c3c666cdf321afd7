/** Terms under which the models of an output were given, as their cards tell them. */
import { licencesDiffer } from '../diagnostics/mw4117-licences-differ.ts';
import { spanOf } from '../syntax/span.ts';
import type { Recipe } from '../syntax/tree.ts';
import type { Output, Source } from './checked.ts';
import { type Checking, report } from './checking.ts';
import { reachedBy } from './reached.ts';

export function lintLicences(
  checking: Checking,
  { statements }: Pick<Recipe, 'statements'>,
  outputs: readonly Output[],
): void {
  for (const output of outputs) {
    const sources = [...reachedBy(output.step).sources];
    const known = new Map<string, string[]>();
    const silent: string[] = [];
    for (const source of sources) {
      const licence = licenceOf(checking, source);
      if (licence === undefined) silent.push(`\`${source.name}\``);
      else known.set(licence, [...(known.get(licence) ?? []), `\`${source.name}\``]);
    }
    if (known.size < 2) continue;
    const groups = [...known].map(([licence, names]) => `${inWords(names)} ${licence}`);
    const rest = silent.length === 0 ? '' : `; ${inWords(silent)} tells none`;
    const message = `The models of this output have different licences: ${groups.join(', ')}${rest}.`;
    const written = statements.find(({ start }) => start === output.start);
    const target = written?.kind === 'output' ? written.target : undefined;
    report(checking, licencesDiffer, spanOf(target ?? output), message);
  }
}

function licenceOf({ headers }: Checking, { name }: Source): string | undefined {
  const answer = headers?.get(name);
  return answer?.kind === 'signature' ? answer.licence : undefined;
}

function inWords(names: readonly string[]): string {
  const last = names.at(-1)!;
  return names.length === 1 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}
