/** A declared name in words: what declares it, its documentation, and what its headers say. */
import type { Step } from '../../grammar/check/checked.ts';
import { lineMap } from '../../grammar/syntax/lines.ts';
import type { Analysis, ModelAnswer } from '../analysis/analysis.ts';
import { type Entity, entitiesOf } from '../analysis/entities.ts';
import type { ImportedDeclaration } from '../analysis/imported-names.ts';
import { code, escaped, paragraphs, recipeBlock } from './markdown.ts';
import { signatureLine } from './signature-text.ts';
import { bytesText, plural } from './values.ts';

export function namePage(analysis: Analysis, name: string): string | undefined {
  const entity = entitiesOf(analysis).get(name);
  if (entity === undefined) return undefined;
  const { statement, step, source, imported } = entity;
  return paragraphs(
    recipeBlock(headOf(analysis, entity)),
    statement.doc === undefined ? undefined : escaped(statement.doc),
    statement.kind === 'model' ? modelText(analysis.models.get(source?.name ?? name)) : undefined,
    step === undefined ? undefined : stepText(step),
    imported === undefined ? undefined : homeText(imported),
  );
}

const longestHead = 160;

/** The declaration, on one line and without its rules. */
function headOf(analysis: Analysis, { statement, imported }: Entity): string {
  const { text } = imported?.file ?? analysis;
  const end = statement.kind === 'merge' ? statement.value.end : statement.end;
  const written = text.slice(statement.start, end).replace(/\s+/g, ' ');
  return written.length > longestHead ? `${written.slice(0, longestHead - 1)}…` : written;
}

/** Where another recipe declares it. */
function homeText({ file, span, use }: ImportedDeclaration): string {
  const { line } = lineMap(file.text).positionAt(span.start);
  return `declared in ${code(use.path?.value ?? '')}, line ${line}`;
}

/** What is known of a model's files. */
export function modelText(answer: ModelAnswer | undefined): string {
  switch (answer?.kind) {
    case undefined:
      return 'Its header has not been read yet.';
    case 'withheld':
      return 'Its header is read once the workspace is trusted.';
    case 'nowhere':
      return 'Its path starts at a folder, and this text lies in none: its header is read once it is saved, or a folder is opened.';
    case 'fault':
      return `${answer.fault.code}: ${escaped(answer.fault.message)} ${escaped(answer.fault.help)}`;
    case 'read': {
      const { checkpoint } = answer;
      const { files, signature, revision, folder } = checkpoint;
      const size = files.reduce((sum, file) => sum + file.size, 0);
      const within = files.find((file) => file.within !== undefined)?.within;
      const { modelType } = signature.config ?? {};
      return paragraphs(
        [...(modelType === undefined ? [] : [escaped(modelType)]), signatureLine(signature)].join(
          ' · ',
        ),
        [
          `${plural(files.length, 'file')}, ${bytesText(size)}`,
          ...(within === undefined ? [] : [`tensors under ${code(within)}`]),
          code(folder),
          ...(revision === undefined ? [] : [`revision ${revision.slice(0, 7)}`]),
        ].join(' · '),
      );
    }
    default:
      return answer satisfies never;
  }
}

function stepText({ value, rules }: Step): string {
  const kind = value.share === 0 ? 'a Delta' : 'a Model';
  const parts = [
    value.kind === 'broken' ? undefined : kind,
    value.signature === undefined ? undefined : signatureLine(value.signature),
    rules.length === 0 ? undefined : plural(rules.length, 'rule'),
    value.later === undefined ? undefined : `not run by this version: ${value.later}`,
  ];
  return parts.filter((part) => part !== undefined).join(' · ');
}
