/** From a cell of the map to the line that decides it, and from a rule in the text to its cells. */
import type { Checked, Step } from '../../grammar/check/checked.ts';
import { traceOf } from '../../grammar/check/settle.ts';
import { placesOver } from './places-over.ts';
import { anatomyOf, type PlaceOfTensor } from '../../grammar/places/anatomy.ts';
import { lineMap } from '../../grammar/syntax/lines.ts';
import type { MapPlace, MeasureNews, MeasureRequest } from '../../engine/protocol/measure.ts';
import type { RecipeShelf } from './recipe-shelf.ts';

export async function answerLine(
  { recipe, step: name, place }: MeasureRequest & { kind: 'line-of' },
  shelf: RecipeShelf,
): Promise<MeasureNews> {
  const { checked, text } = await shelf.open(recipe);
  const step = checked.steps.find((one) => one.name === name);
  if (step === undefined) return { kind: 'line' };
  return { kind: 'line', line: lineMap(text).positionAt(decidingOffset(step, place)).line };
}

/** The last rule that sets or takes a tensor of the place; else the statement itself. */
function decidingOffset(step: Step, place: MapPlace): number {
  const tensors = tensorsAt(step, place);
  const taking = step.rules.findLast(
    ({ tensors: held, actions }) =>
      actions.some(({ kind }) => kind === 'take') && tensors.some((name) => held?.has(name)),
  );
  if (taking !== undefined) return taking.start;
  const rules = tensors.flatMap((tensor) =>
    traceOf(step, tensor).flatMap(({ steps }) => {
      const last = steps.at(-1);
      return last?.by === 'rule' && last.span !== undefined ? [last.span.start] : [];
    }),
  );
  return rules.length === 0 ? step.start : Math.max(...rules);
}

function tensorsAt({ value }: Step, place: MapPlace): readonly string[] {
  if (value.signature === undefined) return [];
  const { places } = anatomyOf(value.signature);
  return [...places].flatMap(([name, at]) => (isWithin(at, place) ? [name] : []));
}

function isWithin(at: PlaceOfTensor, { tower, layer, part, column }: MapPlace): boolean {
  return (
    (tower === undefined || at.tower === tower) &&
    (layer === undefined || at.layer === layer) &&
    (part === undefined || at.part === part) &&
    (column === undefined || at.column === column)
  );
}

export async function answerPlaces(
  { recipe, line }: MeasureRequest & { kind: 'places-at' },
  shelf: RecipeShelf,
): Promise<MeasureNews> {
  const { checked, text } = await shelf.open(recipe);
  const lines = lineMap(text);
  const start = lines.offsetAt({ line, column: 1 });
  const end = start + lines.lineText(line).length;
  const found = ruleOn(checked, start, end);
  if (found?.step.value.signature === undefined) return { kind: 'places', places: [] };
  const { places } = anatomyOf(found.step.value.signature);
  return { kind: 'places', step: found.step.name, places: placesOver(places, found.tensors) };
}

function ruleOn(
  { steps }: Checked,
  start: number,
  end: number,
): { readonly step: Step; readonly tensors: ReadonlySet<string> } | undefined {
  for (const step of steps) {
    const rule = step.rules.find((one) => one.start < end && one.end > start);
    if (rule?.tensors !== undefined) return { step, tensors: rule.tensors };
  }
  return undefined;
}
