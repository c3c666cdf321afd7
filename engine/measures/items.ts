/** From the questions of a study to the work of each tensor. */
import type { Step, TensorValue } from '../../grammar/check/checked.ts';
import { termFor } from '../../grammar/check/settle.ts';
import type { TensorTerm } from '../../grammar/check/term.ts';
import type { TensorHeader } from '../../grammar/places/signature.ts';
import { planGroups, wholeElementsOf } from '../plan/groups.ts';
import { operandInFile, type PlannedOperand } from '../plan/operand.ts';
import type { PlannedGroup } from '../plan/plan.ts';
import { WorkItems } from '../plan/work-items.ts';
import type { OperandRef, Program } from '../program/composer.ts';
import { mostHistograms } from '../program/histograms.ts';
import { Unnaming } from '../program/unnaming.ts';
import { ItemPrograms } from '../run/item-programs.ts';
import { elementCount } from '../safetensors/dtype-size.ts';
import type { Measured, MeasureItem } from './measured.ts';
import type { Study } from './study.ts';
import { storedType, type Subject } from './subject.ts';

/** Where the tensor of a source lies, among the files that workers know. */
export type PlaceOperand = (operand: OperandRef) => PlannedOperand;

export interface StudyItem {
  readonly header: TensorHeader;
  readonly item: MeasureItem;
}

export interface StudyWork {
  readonly items: readonly StudyItem[];
  /** The most that any item has open at once. */
  readonly histograms: number;
  /** Statistics over the whole model that the items wait for. */
  readonly groups: readonly PlannedGroup[];
}

/** Stands for the output itself where its values are read back: no source of a recipe has a name like this. */
const storedSource = 'stored output';

export function workOf(study: Study, place: PlaceOperand): StudyWork {
  const steps = stepsOf(study);
  const wholeElements = wholeElementsOf(steps);
  const { subject } = study;
  const placed = placing(subject, place);
  const programs = new ItemPrograms();
  let waits = false;
  let histograms = 0;
  const items = study.tensors().flatMap((header): readonly StudyItem[] => {
    const measured = study.measuredAt(header);
    if (measured === undefined) return [];
    const { item, program } = placedItem(
      {
        term: mergedTerm(subject, header),
        elements: elementCount(header.shape)!,
        wholeElements: Object.fromEntries(wholeElements),
        measured,
      },
      { place: placed, programs },
    );
    histograms = Math.max(histograms, item.histograms);
    waits ||= program.statistics.some(({ group }) => group !== undefined);
    return [{ header, item }];
  });
  const groups = waits ? planGroups(steps, new WorkItems({ wholeElements, place })) : [];
  return { items, histograms, groups };
}

/**
 * What is measured of a tensor as work: its operands in their places, and what its passes need. Its terms have no names from here
 * on, so that alike tensors share a program.
 */
export function placedItem(
  unplaced: Omit<MeasureItem, 'operands' | 'passes' | 'histograms' | 'draws'>,
  { place, programs }: { readonly place: PlaceOperand; readonly programs: ItemPrograms },
): { readonly item: MeasureItem; readonly program: Program } {
  const unnaming = new Unnaming();
  const bare: MeasureItem = {
    ...unplaced,
    term: unnaming.term(unplaced.term),
    measured: withoutNames(unplaced.measured, unnaming),
    operands: [],
    passes: 0,
    histograms: 0,
    draws: 0,
  };
  const { program, statistics } = programs.of(bare);
  const operands = program.operands.map((operand) => place(unnaming.named(operand)));
  const histograms = mostHistograms(statistics);
  return { item: { ...bare, operands, passes: statistics.length, histograms }, program };
}

function withoutNames(measured: Measured, unnaming: Unnaming): Measured {
  return {
    ...measured,
    changes: measured.changes.map(
      (change) =>
        change && {
          ...change,
          value: unnaming.term(change.value),
          ...(change.base === undefined ? {} : { base: unnaming.term(change.base) }),
          ...(change.masked === undefined
            ? {}
            : { masked: { ...change.masked, call: unnaming.call(change.masked.call) } }),
        },
    ),
  };
}

function mergedTerm(subject: Subject, header: TensorHeader): TensorTerm {
  if (subject.values.kind === 'computed') return termFor(subject.step, header.name);
  const dtype = storedType(subject, header)!;
  return { kind: 'tensor', source: storedSource, name: header.name, dtype };
}

function placing({ values }: Subject, place: PlaceOperand): PlaceOperand {
  if (values.kind === 'computed') return place;
  const { output, firstFile } = values.stored;
  const tensors = new Map(output.tensors.map((tensor) => [tensor.name, tensor]));
  return (operand) => {
    if (operand.source !== storedSource) return place(operand);
    const { place: at, dtype } = tensors.get(operand.name)!;
    return operandInFile({ file: firstFile + at.file, offset: at.offset, dtype });
  };
}

/** Every step whose terms may be computed: that asked about, and whatever models and bases read. */
function stepsOf({ subject, who }: Study): readonly Step[] {
  const values = who.flatMap(({ value, base }) => (base === undefined ? [value] : [value, base]));
  return [subject.step, ...values.map((value) => unnamed(value, subject.step))];
}

function unnamed(value: TensorValue, { statement }: Step): Step {
  const { start, end } = value.span;
  return { name: '', statement, value, rules: [], start, end };
}
