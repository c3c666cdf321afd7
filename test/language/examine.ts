/**
 * What must hold of any text: it is read whole and without a throw, its findings lie in it, its fixes can be made, checking it
 * gives an answer, and formatting it, where it has no slip, keeps its meaning. Throws an error that says what does not hold.
 */
import { allowing } from '../../grammar/check/suppress.ts';
import { check } from '../../grammar/check/check.ts';
import type { HeaderAnswer } from '../../grammar/check/checked.ts';
import { sourcesOf } from '../../grammar/check/sources.ts';
import { llama } from '../../grammar/check/test-models.ts';
import type { Diagnostic } from '../../grammar/diagnostics/diagnostic.ts';
import { format } from '../../grammar/format/format.ts';
import { endOf, lex } from '../../grammar/syntax/lexer.ts';
import { parse, type Parsed } from '../../grammar/syntax/parse.ts';
import { parserSteps } from '../../grammar/syntax/parser.ts';
import { withoutSpans } from '../../grammar/syntax/test-kit.ts';
import { childrenOf, type Node } from '../../grammar/syntax/walk.ts';
import { catalogue } from '../../engine/methods/catalogue.ts';

/** Tokens looked at, for each token there is: the parser goes forward, and mends a bounded number of times. */
const mostStepsPerToken = 200;

const shallow = llama({ layers: 2 });

export function examine(text: string): void {
  const before = parserSteps();
  const parsed = parse(text);
  const { tokens } = lex(text);
  const steps = parserSteps() - before;
  hold(
    steps <= mostStepsPerToken * (tokens.length + 10),
    `${steps} steps for ${tokens.length} tokens`,
  );
  holdTree(text, parsed);
  holdText(text, parsed);
  holdFindings(text, parsed.diagnostics);
  holdFormat(text, parsed);
  holdCheck(text, parsed);
}

function hold(isHeld: boolean, what: string): asserts isHeld {
  if (!isHeld) throw new Error(what);
}

/** Every node lies within the node above it, and statements follow each other. */
function holdTree(text: string, { recipe }: Parsed): void {
  let end = 0;
  for (const statement of recipe.statements) {
    hold(statement.start >= end, `statement at ${statement.start} begins before ${end}`);
    hold(statement.end <= text.length, `statement ends at ${statement.end} behind the text`);
    end = statement.end;
  }
  const waiting: Node[] = [...recipe.statements];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    hold(node.start <= node.end, `${node.kind} at ${node.start} ends before it begins`);
    waiting.push(...childrenOf(node));
  }
}

/** Every token lies in a statement, in front of the first, or where a finding says that it is not read. */
function holdText(text: string, { recipe, diagnostics }: Parsed): void {
  const { statements } = recipe;
  const first = statements[0]?.start ?? text.length;
  for (const token of lex(text).tokens) {
    const [start, end] = [token.startOffset, endOf(token)];
    if (start < first) continue;
    const next = statements.findIndex((statement) => statement.start > start);
    const own = statements[next < 0 ? statements.length - 1 : next - 1]!;
    if (own.start <= start && end <= own.end) continue;
    // Text behind a broken statement belongs to it, and the finding lies in it or before; a brace may close what a
    // statement above left open.
    const from = token.image === '}' ? 0 : own.start;
    const isSaid = diagnostics.some((one) => one.start >= from && one.start <= start);
    hold(isSaid, `the text at ${start} is in no statement, and nothing is said of it`);
  }
}

function holdFindings(text: string, diagnostics: readonly Diagnostic[]): void {
  let last = 0;
  for (const { start, end, message, fixes = [], related = [] } of diagnostics) {
    hold(start >= last && start <= end && end <= text.length, `a finding at ${start} to ${end}`);
    last = start;
    hold(message.length > 0 && !message.includes('undefined'), `a message: ${message}`);
    for (const other of related) hold(other.start <= other.end, `related at ${other.start}`);
    for (const { edits } of fixes) {
      for (const edit of edits) {
        const isIn = edit.start >= 0 && edit.start <= edit.end && edit.end <= text.length;
        hold(isIn, `an edit at ${edit.start} to ${edit.end}`);
      }
    }
  }
}

function holdFormat(text: string, { recipe, diagnostics }: Parsed): void {
  const formatted = format(text);
  if (diagnostics.length > 0) {
    hold(formatted === text, 'a text with slips was formatted');
    return;
  }
  const after = parse(formatted);
  hold(after.diagnostics.length === 0, `formatted: ${after.diagnostics[0]?.message ?? ''}`);
  const [one, other] = [recipe, after.recipe].map((tree) => JSON.stringify(withoutSpans(tree)));
  hold(one === other, 'formatting changed the tree');
  hold(format(formatted) === formatted, 'formatting twice is not formatting once');
}

/** As text, and with headers of a small model for every source. */
function holdCheck(text: string, parsed: Parsed): void {
  const headers = new Map(
    sourcesOf(parsed.recipe).map(({ name }): [string, HeaderAnswer] => [
      name,
      { kind: 'signature', signature: shallow },
    ]),
  );
  for (const known of [undefined, headers]) {
    const checked = check({
      text,
      ...parsed,
      catalogue,
      ...(known === undefined ? {} : { headers: known }),
    });
    holdFindings(text, checked.diagnostics);
    for (const diagnostic of checked.diagnostics) {
      const fix = allowing(text, diagnostic);
      hold((fix === undefined) === (diagnostic.severity === 'error'), 'an allowance of an error');
    }
  }
}
