/** Prints how many configurations are accepted, refused, and come back the same: `node test/interchange/count.ts`. */
import { lineMap } from '../../grammar/syntax/lines.ts';
import { boundTree } from './bound-tree.ts';
import {
  checkedOver,
  type Configuration,
  configurations,
  errorsIn,
  exported,
  imported,
} from './configurations.ts';

type Fate =
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'accepted'; readonly why: string }
  | { readonly kind: 'round-tripped' };

/** What becomes of a configuration: import, export, import. */
export function fateOf(configuration: Configuration): Fate {
  const first = imported(configuration);
  if (first.recipe === undefined) {
    const error = first.findings.find(({ severity }) => severity === 'error')!;
    const { line, column } = lineMap(configuration.text).positionAt(error.start);
    return { kind: 'refused', why: `${line}:${column} ${error.code} ${error.message}` };
  }
  const { text } = first.recipe;
  const { yaml, findings } = exported(text);
  if (yaml === undefined) return { kind: 'accepted', why: errorsIn(findings).join(' ') };
  const second = imported({ name: configuration.name, text: yaml });
  if (second.recipe === undefined) {
    return { kind: 'accepted', why: errorsIn(second.findings).join(' ') };
  }
  const [before, after] = [text, second.recipe.text].map((recipe) =>
    JSON.stringify(boundTree(checkedOver(recipe), recipe)),
  );
  return before === after
    ? { kind: 'round-tripped' }
    : { kind: 'accepted', why: 'it comes back as another recipe' };
}

if (import.meta.main) {
  const all = configurations();
  const fates = all.map((configuration) => ({ configuration, fate: fateOf(configuration) }));
  const count = (kind: Fate['kind']): number =>
    fates.filter(({ fate }) => fate.kind === kind).length;
  for (const { configuration, fate } of fates) {
    if (fate.kind !== 'round-tripped')
      console.log(`${fate.kind.padEnd(8)} ${configuration.name}: ${fate.why}`);
  }
  const accepted = count('accepted') + count('round-tripped');
  console.log(
    `${all.length} configurations: ${accepted} accepted, ${count('refused')} refused, ${count('round-tripped')} round-tripped`,
  );
}
