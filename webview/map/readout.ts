/** The line under the map: what the pointed cell, or the chosen one, says in words. */
import { countText, counted } from '../words/amounts.ts';
import { figureText } from '../words/figures.ts';
import type { Column } from './columns.ts';
import type { Grid, GridLine } from './grid.ts';
import { subjectName } from './measures.ts';

export interface Readout {
  readonly place: string;
  readonly sentence: string;
  /** Its weights, its reference and the whole line's figure. */
  readonly details: readonly string[];
}

export function readoutOf(
  grid: Grid,
  at: { readonly line: number; readonly column: number },
): Readout {
  const line = grid.lines[at.line]!;
  const column = grid.columns[at.column]!;
  const cell = line.cells()[at.column]!;
  const place = placeText(line, column);
  switch (cell.state) {
    case 'absent':
      return { place, sentence: 'no such weights', details: [] };
    case 'unread':
      return { place, sentence: 'not read yet', details: [] };
    case 'none':
      return {
        place,
        sentence: 'no such figure here',
        details: [weightsText(cell.row.tensors, cell.row.elements)],
      };
    case 'figure': {
      const { measure } = grid;
      const { figure, row } = cell;
      const gap = line.subject.kind === 'model' ? row.models[line.subject.index]?.gap : undefined;
      return {
        place,
        sentence: measure.say(figureText(figure, measure.unit), line.subject),
        details: [
          ...(row.isOlder === true ? ['of the text before'] : []),
          ...(gap === undefined ? [] : [`gap ${figureText(gap, 'percent')}`]),
          ...(line.whole.state === 'figure'
            ? [`over all ${figureText(line.whole.figure, measure.unit)}`]
            : []),
          ...(measure.sides === 'two' ? [measure.reference(line.subject).name] : []),
          `${weightsText(row.tensors, row.elements)}, ${figure.exact ? 'all read' : 'sampled'}`,
        ],
      };
    }
  }
}

function placeText(line: GridLine, column: Column): string {
  const part = line.part === undefined ? '' : `, ${line.part.title}`;
  return `${subjectName(line.subject)} · ${column.title}${part}`;
}

function weightsText(tensors: number, elements: number): string {
  return `${countText(elements)} weights in ${counted(tensors, 'tensor')}`;
}
