import { termFor, traceOf } from '../../grammar/check/settle.ts';
import type { SettingTrace, TensorTerm } from '../../grammar/check/term.ts';
import { lineMap } from '../../grammar/syntax/lines.ts';
import { chooseStep, openSound, usageError } from './opened.ts';
import { exitCode, type ExitCode } from './exit.ts';
import type { ExplainFlags } from './flags.ts';
import { printJson, type Terminal } from './terminal.ts';

/** `explain`: which line sets each value of a tensor, and what is computed from what. */
export async function explainCommand(
  terminal: Terminal,
  recipe: string,
  flags: ExplainFlags,
): Promise<ExitCode> {
  const sound = await openSound(terminal, recipe, flags);
  if ('end' in sound) return sound.end;
  const { checked, text } = sound.opened;
  const step = chooseStep(checked, flags.step);
  if (typeof step === 'string') return usageError(terminal, step);
  const header = step.value.signature?.tensors.find(({ name }) => name === flags.tensor);
  if (header === undefined)
    return usageError(terminal, `${step.name} has no tensor ${flags.tensor}`);
  const term = termFor(step, flags.tensor);
  const traces = traceOf(step, flags.tensor);
  if (flags.json === true) {
    printJson(terminal, { step: step.name, tensor: header, term, settings: traces });
    return exitCode.done;
  }
  terminal.out(`${flags.tensor} of ${step.name}: ${header.dtype} [${header.shape.join(', ')}]\n`);
  terminal.out(`= ${termText(term)}\n`);
  for (const trace of traces) terminal.out(traceText(trace, text));
  return exitCode.done;
}

function traceText({ parameter, expert, steps }: SettingTrace, text: string): string {
  const lines = lineMap(text);
  const name = expert === undefined ? parameter : `${parameter}.${expert}`;
  const last = steps.length - 1;
  const written = steps.map(({ by, span, value }, index) => {
    const place = span === undefined ? by : `line ${lines.positionAt(span.start).line}`;
    return `${String(value)} (${place}${index < last ? ', overridden' : ''})`;
  });
  return `  ${name} = ${written.reverse().join(' · ')}\n`;
}

function termText(term: TensorTerm): string {
  switch (term.kind) {
    case 'tensor':
      return `${term.source}:${term.name}`;
    case 'zero':
      return '0';
    case 'step':
      return `${term.step} { ${termText(term.term)} }`;
    case 'negated':
      return `-(${termText(term.term)})`;
    case 'scaled':
      return term.divide
        ? `(${termText(term.term)}) / ${term.by}`
        : `${term.by} * (${termText(term.term)})`;
    case 'sum':
      return term.terms
        .map(
          ({ negative, term: addend }, index) =>
            `${negative ? '- ' : index > 0 ? '+ ' : ''}${termText(addend)}`,
        )
        .join(' ');
    case 'call': {
      const inputs = [...(term.base === undefined ? [] : [term.base]), ...term.inputs].map(
        termText,
      );
      return `${term.method}(${inputs.join(', ')})`;
    }
  }
}
