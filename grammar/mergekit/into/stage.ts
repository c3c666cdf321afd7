/** One document of mergekit-yaml: its declarations, its steps and its output. */
import { nearest } from '../../check/did-you-mean.ts';
import { replacing } from '../../diagnostics/finding.ts';
import { unknownMergeMethod } from '../../diagnostics/mw7006-unknown-merge-method.ts';
import { keyIgnored } from '../../diagnostics/mw7101-key-ignored.ts';
import { twoSpellings } from '../../diagnostics/mw7105-two-spellings.ts';
import { keyOf, type MergeDocument, type ModelReference } from '../config/config.ts';
import { type ForeignMethod, foreignMethods } from '../methods.ts';
import { type Piece, textOfPiece } from '../pieces.ts';
import { type Importing, remark, say, writeDeclarations } from './importing.ts';
import { layoutSteps, type StageOptions } from './layout-steps.ts';
import { moduleSteps } from './module-steps.ts';
import { outputOf } from './output.ts';
import { commentText, lined } from './rows.ts';

/** The text of one document's part of the recipe; undefined: refused, and said why. */
export function stageOf(
  importing: Importing,
  document: MergeDocument,
  options: StageOptions,
): Piece | undefined {
  const { method: written, name } = document;
  const method = foreignMethods.get(written.value);
  if (method === undefined) {
    const meant = nearest(written.value, foreignMethods.keys());
    const message = `mergekit has no method \`${written.value}\`${meant === undefined ? '.' : `: did you mean \`${meant}\`?`}`;
    return say(importing, unknownMergeMethod, written, message, {
      fixes: meant === undefined ? [] : [replacing(written, meant)],
    });
  }
  if (options.isAlone && name !== undefined) {
    const why = 'only a file of several documents has names';
    say(importing, keyIgnored, name, `mergekit ignores \`name\` here: ${why}.`);
    remark(importing, name.start, `mergekit ignores name: ${why}`);
  }
  noteSpellings(importing, document);
  // What stands above the first key stands at the head.
  const head = importing.comments.take({ start: document.start, end: document.start + 1 });
  const steps = stepsOf(importing, document, method, options);
  if (steps === undefined) return undefined;
  const output = outputOf(importing, document, { ...options, method });
  if (output === undefined) return undefined;
  const declarations = writeDeclarations(importing);
  // Beside a call of several lines a comment would stand at its end.
  const isLong = textOfPiece(steps).length > 90 || textOfPiece(steps).includes('\n');
  const rest = importing.comments
    .take(document)
    .map((comment) => (isLong ? { ...comment, isOwnLine: true } : comment));
  return [
    head.map((comment) => [commentText(comment), '\n']),
    head.length > 0 ? '\n' : '',
    declarations,
    '\n',
    lined({ piece: steps, comments: rest }),
    '\n',
    output,
    '\n',
  ];
}

function stepsOf(
  importing: Importing,
  document: MergeDocument,
  method: ForeignMethod,
  options: StageOptions,
): Piece | undefined {
  const [only, ...more] = document.modules;
  if (more.length === 0 && only!.name.value === 'default') {
    return layoutSteps(importing, { document, method, module: only!, options });
  }
  return moduleSteps(importing, document, method, options);
}

/** Models whose texts differ in signs that no file system minds. */
function noteSpellings(importing: Importing, document: MergeDocument): void {
  const seen = new Map<string, ModelReference>();
  const references = document.modules.flatMap(({ layout }) =>
    (layout.kind === 'models'
      ? layout.models
      : layout.slices.flatMap(({ sources }) => sources)
    ).map(({ model }) => model),
  );
  for (const reference of [
    ...(document.base === undefined ? [] : [document.base]),
    ...references,
  ]) {
    const plain = keyOf(reference)
      .replaceAll('\\', '/')
      .replaceAll(/\/+/g, '/')
      .replace(/\/$/, '')
      .toLowerCase();
    const first = seen.get(plain);
    if (first === undefined) seen.set(plain, reference);
    else if (keyOf(first) !== keyOf(reference)) {
      const message = `\`${keyOf(reference)}\` and \`${keyOf(first)}\` are two models to mergekit.`;
      say(importing, twoSpellings, reference, message, {
        related: [{ start: first.start, end: first.end, message: 'the other spelling' }],
      });
    }
  }
}
