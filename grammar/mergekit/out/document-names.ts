/** How the documents of an export are called. */
import type { Checked, Step } from '../../check/checked.ts';
import { foreignMethods } from '../methods.ts';

/** Every text that is a document's name stands for that document, so none is a model's, a method's, or another's. */
export function documentNames(sources: Checked['sources']): (step: Step) => string {
  const taken = new Set<string>([
    ...foreignMethods.keys(),
    ...sources.map(({ reference }) => (reference.kind === 'path' ? reference.path : reference.id)),
  ]);
  const names = new Map<Step, string>();
  return (step) => {
    const known = names.get(step);
    if (known !== undefined) return known;
    const wish = step.name.replaceAll('.', '_');
    let name = wish;
    for (let count = 2; taken.has(name); count++) name = `${wish}_${count}`;
    taken.add(name);
    names.set(step, name);
    return name;
  };
}
