import { createHash } from 'node:crypto';
import type { Checked, Condition, Figure } from '../../grammar/check/checked.ts';
import type { CardFacts } from '../card/card-facts.ts';
import type { Files } from './files.ts';
import type { PlannedOutput } from './plan.ts';

/**
 * All that decides an output's files: its tensors with their terms and operands, the layout, what is carried along and told
 * in a card, the identity of the weights files, the engine, and the expectations that it must meet. Not where it goes, nor what
 * it is called where no card tells that.
 */
export function outputHash(
  output: Omit<PlannedOutput, 'hash'>,
  {
    files,
    engineVersion,
    checked,
  }: { readonly files: Files; readonly engineVersion: string; readonly checked: Checked },
): string {
  const content = {
    engineVersion,
    files: files.identities(),
    headers: output.files.map(({ name, header }) => [
      name,
      createHash('sha256').update(header).digest('hex'),
    ]),
    tensors: output.tensors.map(({ name, work }) => [name, work]),
    ...(output.adapter === undefined ? {} : { adapter: output.adapter }),
    config: output.config?.text,
    carried: output.carried.map(({ name, path, size }) => [name, path, size]),
    ...(output.written.length === 0 ? {} : { written: output.written }),
    card: output.card === undefined ? undefined : cardContent(output.card),
    expectations: checked.expectations.map(({ text, condition }) => [text, boundsOf(condition)]),
  };
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

/** The files of the inputs are told apart above, where what is known of them decides nothing. */
function cardContent(card: CardFacts): unknown {
  return { ...card, inputs: card.inputs.map((input) => ({ ...input, files: [] })) };
}

/** The numbers that a condition's names stand for, and the tensors that its places mean. */
function boundsOf(condition: Condition): unknown {
  switch (condition.kind) {
    case 'finite':
      return null;
    case 'compare':
      return [numbersOf(condition.left), numbersOf(condition.right)];
    case 'and':
    case 'or':
      return [boundsOf(condition.left), boundsOf(condition.right)];
  }
}

function numbersOf(figure: Figure): unknown {
  switch (figure.kind) {
    case 'number':
      return figure.value;
    case 'measure': {
      const { tensors, options } = figure.measure;
      return [tensors === undefined ? null : [...tensors].sort(), options];
    }
    case 'arithmetic':
      return [numbersOf(figure.left), numbersOf(figure.right)];
    case 'negated':
      return numbersOf(figure.operand);
  }
}
