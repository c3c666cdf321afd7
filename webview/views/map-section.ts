import { h, type Child, type ElementNode, type ViewNode } from '../dom/node.ts';
import { gridKeys } from '../map/cursor.ts';
import type { Grid } from '../map/grid.ts';
import { measures, type Measure, type MeasureId } from '../map/measures.ts';
import type { Readout } from '../map/readout.ts';
import type { ViewState } from '../state/view-state.ts';
import { cellText } from '../words/figures.ts';
import type { Actions } from './actions.ts';
import { button, section } from './parts.ts';

export interface MapSection {
  readonly grid: Grid;
  /** Measures that this step has figures of. */
  readonly available: readonly Measure[];
  readonly view: ViewState;
  readonly readout: Readout | undefined;
  /** Whether the readout is the chosen cell's, whose line can be gone to. */
  readonly canGo: boolean;
  /** The element that draws the grid. */
  readonly pane: ViewNode;
  readonly goToLine: () => void;
}

/** Where: the map or the table, its tools, and the line that reads a cell. */
export function mapSection(shown: MapSection, act: Actions): ElementNode {
  const { grid, view, pane } = shown;
  return section(
    'map-section',
    ['Map'],
    h(
      'div',
      { class: 'tools' },
      measurePicker(shown, act),
      legend(grid),
      h(
        'span',
        { class: 'push buttons' },
        button('Table', () => act.chooseShape(view.shape === 'map' ? 'table' : 'map'), {
          'aria-pressed': String(view.shape === 'table'),
          title: 'The same figures as a table (t)',
        }),
        button('?', () => act.listKeys(!view.isListingKeys), {
          'aria-expanded': String(view.isListingKeys),
          'aria-label': 'Keys',
          title: 'Keys of the map (?)',
        }),
      ),
    ),
    view.isListingKeys ? keyList() : undefined,
    grid.lines.length === 0
      ? h('p', { class: 'hint' }, emptyText(grid))
      : [pane, readoutLine(shown)],
  );
}

function emptyText({ measure, isReading }: Grid): string {
  return isReading
    ? 'The first figures are being read.'
    : `This step has no figures of “${measure.title}”.`;
}

function measurePicker({ grid, available }: MapSection, act: Actions): ElementNode {
  const groups = [...new Set(measures.map(({ group }) => group))];
  return h(
    'select',
    {
      'aria-label': 'Measure',
      value: grid.measure.id,
      onchange: (event) =>
        act.chooseMeasure((event.target as HTMLSelectElement).value as MeasureId),
    },
    groups.map((group) =>
      h(
        'optgroup',
        { label: group },
        measures
          .filter((measure) => measure.group === group)
          .map((measure) =>
            h(
              'option',
              { value: measure.id, disabled: !available.includes(measure) },
              measure.title,
            ),
          ),
      ),
    ),
  );
}

/** What colours mean: the ramp between its ends, and the reference on it. */
function legend({ measure, scale, lines }: Grid): Child {
  if (lines.length === 0 || scale.span === 0) return undefined;
  const { low, name } = measure.reference(lines.at(-1)!.subject);
  const [from, to] = scale.sides === 'one' ? [0, scale.span] : [low - scale.span, low + scale.span];
  return h(
    'span',
    { class: 'legend' },
    h('span', {}, measure.scaleTitle),
    h('span', {}, cellText(from, measure.unit)),
    h('span', { class: `ramp ${scale.sides}`, 'aria-hidden': 'true' }),
    h('span', {}, cellText(to, measure.unit)),
    h('span', { class: 'reference' }, name),
  );
}

function readoutLine({ readout, canGo, goToLine }: MapSection): ElementNode {
  return h(
    'p',
    { class: 'readout', 'aria-live': canGo ? 'polite' : 'off' },
    readout === undefined
      ? 'Point at a cell, or press Tab and move with the arrows.'
      : [
          h('b', {}, readout.place),
          `: ${readout.sentence}`,
          readout.details.length === 0
            ? undefined
            : h('small', {}, ` ${readout.details.join(' · ')}`),
          canGo
            ? [
                ' ',
                button('Show in text', goToLine, {
                  class: 'link',
                  title: 'The line that sets it (g)',
                }),
              ]
            : undefined,
        ],
  );
}

function keyList(): ElementNode {
  return h(
    'dl',
    { class: 'keys' },
    gridKeys.map(({ shown, says }) =>
      h('div', {}, h('dt', {}, h('kbd', {}, shown)), h('dd', {}, says)),
    ),
  );
}
