/** Settings straight in a merge's braces: read as arguments of its call, and given a fix that moves them there. */
import type { Diagnostic, TextEdit } from '../diagnostics/diagnostic.ts';
import { settingBesideRules } from '../diagnostics/mw1010-setting-beside-rules.ts';
import { diagnosticOf } from './finding.ts';
import type { Argument, Call, MergeStatement, Missing, Rule, Setting, Take } from './tree.ts';

type Stray = Take | Setting;

export interface Gathered {
  readonly statement: MergeStatement;
  readonly findings: readonly Diagnostic[];
}

/** `t = 0.5` as `t: 0.5`; a part of a setting, or a `take`, is no argument. */
function argumentOf(stray: Stray): Argument | undefined {
  if (stray.kind === 'take') return undefined;
  const [name, part] = stray.path.parts;
  if (name === undefined || part !== undefined) return undefined;
  return { kind: 'argument', start: stray.start, end: stray.end, name, value: stray.value };
}

function moveEdits(text: string, call: Call, argument: Argument): readonly TextEdit[] {
  const inside = text.slice(call.callee.end, call.end - 1).trimEnd();
  const end = call.callee.end + inside.length;
  const { name, value } = argument;
  const written = `${name?.text ?? ''}: ${text.slice(value.start, value.end)}`;
  const separator = inside.endsWith('(') ? '' : inside.endsWith(',') ? ' ' : ', ';
  return [
    { start: end, end, text: `${separator}${written}` },
    { start: argument.start, end: argument.end, text: '' },
  ];
}

/** A rule that says nowhere where it holds. */
function placelessRule(stray: Stray): Rule {
  const place: Missing = { kind: 'missing', start: stray.start, end: stray.start };
  return { kind: 'rule', start: stray.start, end: stray.end, place, actions: [stray] };
}

export function gatherStrays(
  text: string,
  statement: MergeStatement,
  strays: readonly Stray[],
): Gathered {
  const findings: Diagnostic[] = [];
  const args: Argument[] = [];
  const rules: Rule[] = [];
  const { value } = statement;
  for (const stray of strays) {
    const argument = value.kind === 'call' ? argumentOf(stray) : undefined;
    if (argument === undefined) rules.push(placelessRule(stray));
    else args.push(argument);
    const written = text.slice(stray.start, stray.end);
    const isWhole = value.kind === 'call' && text.charAt(value.end - 1) === ')';
    const moves =
      argument !== undefined && isWhole && value.kind === 'call'
        ? [{ title: 'Move into the call', edits: moveEdits(text, value, argument) }]
        : [];
    const wrapped = {
      title: 'Write at all { … }',
      edits: [{ start: stray.start, end: stray.end, text: `at all { ${written} }` }],
    };
    findings.push(
      diagnosticOf({
        kind: settingBesideRules,
        span: stray,
        message: 'A setting stands in the call or in a rule, not beside the rules.',
        fixes: [...moves, wrapped],
      }),
    );
  }
  const call = value.kind === 'call' ? { ...value, args: [...value.args, ...args] } : value;
  return {
    statement: { ...statement, value: call, rules: [...rules, ...statement.rules] },
    findings,
  };
}
