import type { Program } from '../program/composer.ts';
import { Scalars } from '../program/settle.ts';
import type { GroupTable, KnownFigure } from './job.ts';

/** A program's scalars with what is known of them: figures of whole groups, and of the tensor itself. */
export function scalarsOf(
  program: Program,
  groups: GroupTable,
  known: readonly KnownFigure[] = [],
): Scalars {
  const table = new Map(
    Object.entries(groups).map(([group, figures]) => [group, new Map(figures)] as const),
  );
  const scalars = new Scalars(program, table);
  for (const [statistic, part, value] of known) scalars.set(statistic, part, value);
  return scalars;
}
