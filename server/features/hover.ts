/** Hover: what a word means wherever it stands, and what it comes to at this place. */
import { type Hover, HoverRequest, MarkupKind } from 'vscode-languageserver';
import type { Parameter } from '../../grammar/catalogue.ts';
import type { Step } from '../../grammar/check/checked.ts';
import { figure } from '../../grammar/check/checking.ts';
import { takenBy } from '../../grammar/check/settle.ts';
import { compilePattern } from '../../grammar/places/pattern.ts';
import { placeOfWord } from '../../grammar/places/place.ts';
import { tensorsIn } from '../../grammar/places/evaluate.ts';
import type { Signature } from '../../grammar/places/signature.ts';
import type { Span } from '../../grammar/syntax/span.ts';
import { touches } from '../../grammar/syntax/span.ts';
import { type Node } from '../../grammar/syntax/walk.ts';
import type { Analysis } from '../analysis/analysis.ts';
import { entitiesOf } from '../analysis/entities.ts';
import type { Measured } from '../analysis/figures-store.ts';
import { type Mention, mentionAt } from '../analysis/mentions.ts';
import { nodesAt } from '../analysis/nodes-at.ts';
import { offsetAt, rangeOf } from '../analysis/positions.ts';
import { type SettingGroup, settingsHere } from '../analysis/settings-here.ts';
import { signatureOfPlace } from '../analysis/signature-of-place.ts';
import { valueAround } from '../analysis/values-in.ts';
import { curveText, writtenCurve } from '../describe/curve-text.ts';
import { figuresHere } from '../describe/figures-text.ts';
import { code, escaped, paragraphs, recipeBlock, table } from '../describe/markdown.ts';
import { measurePage } from '../describe/measure-text.ts';
import { methodPage, parameterPage } from '../describe/method-text.ts';
import { namePage } from '../describe/name-page.ts';
import { layersText, partMeaning, tensorsText } from '../describe/place-text.ts';
import { type SettingSource, sourceOf, tracedSettings } from '../describe/setting-source.ts';
import { plural, valueText } from '../describe/values.ts';
import { functionPages, settingPages, statementPages, wordPage } from '../describe/words.ts';
import { documentFeature } from './feature.ts';

export interface HoverText {
  readonly span: Span;
  readonly markdown: string;
}

/** What the preview found, by step. */
type AllMeasured = ReadonlyMap<string, Measured>;

export function hoverAt(
  analysis: Analysis,
  offset: number,
  measured: AllMeasured = new Map(),
): HoverText | undefined {
  const path = nodesAt(analysis.recipe, offset);
  const mention = mentionAt(analysis, offset);
  if (mention !== undefined) {
    const markdown = paragraphs(
      mentionText(analysis, mention, path),
      previewHere(analysis, mention, path, measured),
    );
    return markdown === ''
      ? undefined
      : { span: { start: mention.start, end: mention.end }, markdown };
  }
  const statement = path[0];
  if (statement !== undefined && 'word' in statement && touches(statement.word, offset)) {
    const page = statementPages[statement.kind];
    return { span: statement.word, markdown: wordPage(page) };
  }
  return literalText(analysis, path, measured);
}

function mentionText(
  analysis: Analysis,
  mention: Mention,
  path: readonly Node[],
): string | undefined {
  switch (mention.kind) {
    case 'name':
      return paragraphs(
        namePage(analysis, mention.name),
        placeNameText(analysis, mention.name, path),
      );
    case 'method':
      return methodPage(mention.method);
    case 'measure':
      return measurePage(mention.measure);
    case 'parameter':
      return paragraphs(
        parameterPage(mention.parameter),
        parameterHere(analysis, mention.parameter, path),
      );
    case 'function': {
      const page = functionPages.get(mention.name);
      if (page === undefined) return undefined;
      return paragraphs(wordPage(page), mention.name === 'curve' ? curveHere(analysis, path) : '');
    }
    case 'setting': {
      const page = settingPages.get(mention.name);
      return page && wordPage(page);
    }
    case 'word': {
      const { type } = mention.parameter ?? {};
      if (type?.kind !== 'choice') return undefined;
      const word = type.words.find((of) => of.word === mention.word);
      return (
        word && paragraphs(recipeBlock(`${mention.parameter!.name}: ${word.word}`), word.meaning)
      );
    }
    case 'part':
      return paragraphs(partMeaning(mention.word), partHere(analysis, mention, path));
    case 'pattern':
      return patternHere(analysis, mention.text, path);
    case 'option':
    case 'type':
    case 'metric':
    case 'unknown':
      return undefined;
    default:
      return mention satisfies never;
  }
}

/** What the preview found where a word stands: of a whole step at its name, of a place at what names the place. */
function previewHere(
  analysis: Analysis,
  mention: Mention,
  path: readonly Node[],
  measured: AllMeasured,
): string | undefined {
  if (measured.size === 0) return undefined;
  switch (mention.kind) {
    case 'name': {
      const entity = entitiesOf(analysis).get(mention.name);
      if (entity?.step !== undefined) {
        return figuresHere(measured.get(mention.name), entity.signature);
      }
      return entity?.kind === 'place' ? figuresOfRule(analysis, path, measured) : undefined;
    }
    case 'method': {
      const step = stepAt(analysis, path);
      return step && figuresHere(measured.get(step.name), step.value.signature);
    }
    case 'parameter':
    case 'part':
    case 'pattern':
      return figuresOfRule(analysis, path, measured);
    default:
      return undefined;
  }
}

/** Of the place of the rule around; in the call itself, of the whole step. */
function figuresOfRule(
  analysis: Analysis,
  path: readonly Node[],
  measured: AllMeasured,
): string | undefined {
  const step = stepAt(analysis, path);
  const [statement] = path;
  if (step === undefined || statement?.kind !== 'merge') return undefined;
  const rule = path.find((node) => node.kind === 'rule');
  const tensors = rule && step.rules[statement.rules.indexOf(rule)]?.tensors;
  if (rule !== undefined && tensors === undefined) return undefined;
  return figuresHere(measured.get(step.name), step.value.signature, tensors);
}

function stepAt(analysis: Analysis, path: readonly Node[]): Step | undefined {
  const statement = path[0];
  if (statement?.kind !== 'merge') return undefined;
  return entitiesOf(analysis).get(statement.name?.text ?? '')?.step;
}

function signatureAt(analysis: Analysis, path: readonly Node[]): Signature | undefined {
  return path[0] === undefined ? undefined : signatureOfPlace(analysis, path[0]);
}

/** The tensors a declared place holds in the step around it. */
function placeNameText(
  analysis: Analysis,
  name: string,
  path: readonly Node[],
): string | undefined {
  const entity = entitiesOf(analysis).get(name);
  const signature = signatureAt(analysis, path);
  if (entity?.kind !== 'place' || signature === undefined) return undefined;
  for (const { rules } of analysis.checked.steps) {
    for (const { place } of rules) {
      const declared = placesWithin(place).find((of) => of.kind === 'declared' && of.name === name);
      if (declared !== undefined)
        return tensorsText(tensorsIn(declared, signature).tensors, signature);
    }
  }
  return undefined;
}

type Place = Parameters<typeof tensorsIn>[0];

function placesWithin(place: Place): readonly Place[] {
  switch (place.kind) {
    case 'and':
    case 'or':
    case 'except':
      return [place, ...placesWithin(place.left), ...placesWithin(place.right)];
    case 'declared':
      return [place, ...placesWithin(place.place)];
    default:
      return [place];
  }
}

function partHere(
  analysis: Analysis,
  mention: Extract<Mention, { readonly kind: 'part' }>,
  path: readonly Node[],
): string | undefined {
  const signature = signatureAt(analysis, path);
  const place = placeOfWord(mention.word, mention);
  if (signature === undefined || place === undefined) return undefined;
  return tensorsText(tensorsIn(place, signature).tensors, signature);
}

function patternHere(analysis: Analysis, text: string, path: readonly Node[]): string | undefined {
  const signature = signatureAt(analysis, path);
  const pattern = compilePattern(text);
  if (signature === undefined || !pattern.ok) return undefined;
  const names = signature.tensors.map(({ name }) => name).filter(pattern.matches);
  const [first, ...others] = names;
  const step = stepAt(analysis, path);
  return paragraphs(
    tensorsText(new Set(names), signature),
    first === undefined || others.length > 0 || step === undefined
      ? undefined
      : tensorHere(analysis, step, first),
  );
}

/** Where a pattern names one tensor: every value it has, and the line that sets it. */
function tensorHere(analysis: Analysis, step: Step, tensor: string): string | undefined {
  const taken = takenBy(step, tensor);
  if (taken !== undefined) {
    return `taken from ${code(analysis.text.slice(taken.value.span.start, taken.value.span.end))}, ${sourceMarkdown(sourceOf({ by: 'take', span: taken }, analysis))}`;
  }
  const rows = tracedSettings(step, tensor, analysis).map(({ name, values }) => {
    const [winner, ...before] = values.map(
      ({ value, setBy }) => `${code(value)} ${sourceMarkdown(setBy)}`,
    );
    return [code(name), winner!, before.join(' · ')];
  });
  return rows.length === 0 ? undefined : table(['', 'value, set by', 'before that'], rows);
}

/** The values a parameter has where it stands, with the line that sets each. */
function parameterHere(
  analysis: Analysis,
  parameter: Parameter,
  path: readonly Node[],
): string | undefined {
  const step = stepAt(analysis, path);
  if (step === undefined || step.value.kind !== 'call') return undefined;
  const statement = path[0];
  const rule = path.find((node) => node.kind === 'rule');
  const call = path.find((node) => node.kind === 'call');
  const isOutermost = call !== undefined && call.start === step.value.span.start;
  if (rule === undefined && !isOutermost) return undefined;
  const at = rule === undefined || statement?.kind !== 'merge' ? -1 : statement.rules.indexOf(rule);
  const within = at < 0 ? undefined : step.rules[at]?.tensors;
  const groups = settingsHere(step, parameter.name, within);
  if (groups.length === 0) return undefined;
  const where =
    within === undefined
      ? `in ${code(step.name)}`
      : `in the ${plural(within.size, 'tensor')} of this rule`;
  const hasExperts = groups.some(({ expert }) => expert !== undefined);
  const rows = groups.map((group) => [
    ...(hasExperts ? [group.expert === undefined ? '' : code(group.expert)] : []),
    groupValue(group, parameter),
    sourceMarkdown(sourceOf(group, analysis)),
    groupPlace(group, step),
  ]);
  return paragraphs(
    `**Here**, ${where}:`,
    table([...(hasExperts ? ['expert'] : []), 'value', 'set by', 'where'], rows),
  );
}

function groupValue({ by, values }: SettingGroup, { type }: Parameter): string {
  if (by === 'take') return 'taken';
  const [first, ...others] = values;
  if (first === undefined) return '';
  if (others.length === 0) return code(valueText(first, type));
  const numbers = values.filter((value) => typeof value === 'number');
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  return `${code(valueText(least, type))} to ${code(valueText(most, type))}`;
}

/** ``line 12, `at early` ``. */
function sourceMarkdown({ line, rule }: SettingSource): string {
  return rule === undefined ? escaped(line) : `${escaped(line)}, ${code(rule)}`;
}

function groupPlace({ tensors }: SettingGroup, { value }: Step): string {
  const count = plural(tensors.size, 'tensor');
  const layers = value.signature && layersText(tensors, value.signature);
  return layers === undefined ? count : `${count}, ${layers}`;
}

function curveHere(analysis: Analysis, path: readonly Node[]): string | undefined {
  const call = path.findLast((node) => node.kind === 'call');
  const signature = signatureAt(analysis, path);
  if (call === undefined || signature === undefined) return undefined;
  const step = stepAt(analysis, path);
  const written = step && valueAround(step, call);
  const curve = written?.value.kind === 'curve' ? written.value.curve : writtenCurve(call);
  if (curve === undefined) return undefined;
  const tensors = written?.rule?.tensors;
  const compat = step?.value.kind === 'call' ? step.value.call.compat : 'paper';
  return curveText(curve, { signature, compat, ...(tensors === undefined ? {} : { tensors }) });
}

/** Literals by their value, ranges of layers by the tensors they hold. */
function literalText(
  analysis: Analysis,
  path: readonly Node[],
  measured: AllMeasured,
): HoverText | undefined {
  const leaf = path.at(-1);
  const layers = path.findLast((node) => node.kind === 'layersOf');
  if (layers !== undefined) {
    const markdown = layersHere(analysis, layers, path);
    const found = figuresOfRule(analysis, path, measured);
    if (markdown !== undefined) return { span: layers, markdown: paragraphs(markdown, found) };
  }
  switch (leaf?.kind) {
    case 'number':
      return leaf.percent
        ? { span: leaf, markdown: `${code(leaf.text)} is ${figure(leaf.value)}` }
        : undefined;
    case 'bytes':
      return {
        span: leaf,
        markdown: `${code(leaf.text)} is ${plural(leaf.value, 'byte')}`,
      };
    case 'duration':
      return { span: leaf, markdown: `${code(leaf.text)} is ${figure(leaf.seconds)} seconds` };
    default:
      return undefined;
  }
}

function layersHere(analysis: Analysis, span: Span, path: readonly Node[]): string | undefined {
  const step = stepAt(analysis, path);
  const signature = signatureAt(analysis, path);
  if (step === undefined || signature === undefined) return undefined;
  for (const { place } of step.rules) {
    const layers = placesWithin(place).find(
      ({ kind, start, end }) => kind === 'layers' && span.start <= start && end <= span.end,
    );
    if (layers !== undefined) return tensorsText(tensorsIn(layers, signature).tensors, signature);
  }
  return undefined;
}

export const hover = documentFeature({
  name: 'hover',
  about:
    'What a word means wherever it stands, in whichever recipe it is declared; which line sets a value for which tensors, and what the preview found here.',
  capabilities: { hoverProvider: true },
  request: HoverRequest.type,
  reads: 'headers',
  empty: null as Hover | null,
  answer: (analysis, { position }, desk) => {
    const offset = offsetAt(analysis, position);
    const found = hoverAt(analysis, offset, desk.measuredOf(analysis.uri));
    if (found === undefined) return null;
    return {
      range: rangeOf(analysis, found.span),
      contents: { kind: MarkupKind.Markdown, value: found.markdown },
    };
  },
});
