/** What an export in progress holds, and how values name their models. */
import type { DiagnosticKind } from '../../diagnostics/diagnostic.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { finding } from '../../diagnostics/finding.ts';
import { notSaidInYaml } from '../../diagnostics/mw7201-not-said-in-yaml.ts';
import type { BoundRule, SourceReference, Step, TensorValue } from '../../check/checked.ts';
import { type Imports, locate } from '../../check/imports.ts';
import type { Span } from '../../syntax/span.ts';
import type { Recipe } from '../../syntax/tree.ts';
import type { RecipeComments } from './comments.ts';
import type { OutEntry } from './yaml-text.ts';

export interface Exporting {
  /** What is written from one offset to another, or to the end; offsets may lie in a recipe that is used. */
  readonly written: (start: number, end?: number) => string;
  readonly recipe: Recipe;
  readonly comments: RecipeComments;
  readonly findings: Diagnostic[];
  readonly said: Set<string>;
  /** What models refer to, by name. */
  readonly models: ReadonlyMap<string, SourceReference>;
  /** How mergekit names what a step makes. */
  readonly modelOfStep: (step: Step, at: Span) => string | undefined;
  /** Documents written so far, by the step they make, in order. */
  readonly documents: Map<Step, readonly OutEntry[]>;
  /** Writes the document of a step that another one uses; its name there. */
  readonly stage: (step: Step) => string | undefined;
  /** A part of a step as a step of its own. */
  readonly part: (of: Step, part: StepPart) => Step;
  /** Takes back, when called, all that was said, written and taken since. */
  readonly attempt: () => () => void;
}

export interface StepPart {
  readonly value: TensorValue;
  readonly rules: readonly BoundRule[];
  /** What its name ends in. */
  readonly ending: string;
}

export function say(
  { findings, said }: Exporting,
  kind: DiagnosticKind,
  span: Span,
  message: string,
): undefined {
  const key = `${kind.code} ${span.start} ${span.end}`;
  if (said.has(key)) return undefined;
  said.add(key);
  findings.push(finding(kind, span, message));
  return undefined;
}

/** How mergekit names a model. Undefined: it cannot, and that is said. */
export function modelText(exporting: Exporting, value: TensorValue): string | undefined {
  switch (value.kind) {
    case 'source':
      if (value.source.kind === 'model')
        return referenceText(exporting, value.source.reference, value.span);
      break;
    case 'step': {
      const { step } = value;
      const tuned = withAdapter(step.rules.length === 0 ? stored(step.value) : step.value);
      if (tuned !== undefined) return adapterText(exporting, tuned);
      return exporting.stage(step);
    }
    case 'sum': {
      const tuned = withAdapter(value);
      if (tuned !== undefined) return adapterText(exporting, tuned);
      break;
    }
    case 'call':
    case 'scaled':
    case 'negated':
    case 'layers':
    case 'stack':
    case 'broken':
  }
  const message = 'mergekit’s inputs are models by name; give this a step of its own.';
  return say(exporting, notSaidInYaml, value.span, message);
}

/** Remembers what was said, written and taken, and forgets all that came after when called. */
export function attempt({ findings, said, documents, comments }: Exporting): () => void {
  const before = { findings: findings.length, said: [...said], documents: [...documents] };
  const untake = comments.mark();
  return () => {
    untake();
    findings.length = before.findings;
    said.clear();
    for (const key of before.said) said.add(key);
    documents.clear();
    for (const [step, document] of before.documents) documents.set(step, document);
  };
}

interface Tuned {
  readonly model: TensorValue;
  readonly adapter: Extract<TensorValue, { readonly kind: 'source' }>;
}

/** A model with an adapter on it, at full strength. */
function withAdapter(value: TensorValue): Tuned | undefined {
  if (value.kind !== 'sum' || value.terms.length !== 2) return undefined;
  const [first, second] = value.terms;
  if (first!.negative || second!.negative) return undefined;
  const adapter = second!.value;
  if (adapter.kind !== 'source' || adapter.source.kind !== 'adapter') return undefined;
  return { model: first!.value, adapter };
}

/** What `cast` rounds. */
export function stored(value: TensorValue): TensorValue {
  return value.kind === 'call' && value.call.method.name === 'cast'
    ? value.call.inputs[0]!.value
    : value;
}

function adapterText(exporting: Exporting, { model, adapter }: Tuned): string | undefined {
  const on = modelText(exporting, model);
  const lora = referenceText(exporting, adapter.source.reference, adapter.span);
  return on === undefined || lora === undefined ? undefined : `${on}+${lora}`;
}

export function referenceText(
  exporting: Exporting,
  reference: SourceReference,
  span: Span,
): string | undefined {
  const path = reference.kind === 'path' ? reference.path : reference.id;
  if (/[@+]/.test(path)) {
    const message = `mergekit reads \`@\` and \`+\` in a name as signs of its own, so \`${path}\` cannot be named there.`;
    return say(exporting, notSaidInYaml, span, message);
  }
  const revision = reference.kind === 'hub' ? reference.revision : undefined;
  return revision === undefined ? path : `${path}@${revision}`;
}

/** What stands in the text of a span, which may lie in a recipe that is used. */
export function writtenIn(
  text: string,
  imports: Imports | undefined,
  start: number,
  end: number | undefined,
): string {
  const from = locate(imports, { start, end: start });
  const used = from.file === undefined ? undefined : imports?.files.get(from.file);
  const length = end === undefined ? undefined : end - start;
  return (used?.text ?? text).slice(
    from.start,
    length === undefined ? undefined : from.start + length,
  );
}
