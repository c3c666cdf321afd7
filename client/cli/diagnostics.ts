import { relative } from 'node:path';
import type { Diagnostic } from '../../grammar/diagnostics/diagnostic.ts';
import { lineMap } from '../../grammar/syntax/lines.ts';
import type { Fault } from '../../engine/faults/fault.ts';
import type { Terminal } from './terminal.ts';

export interface Source {
  readonly path: string;
  readonly text: string;
}

/** The shortest way to write a path from here. */
export function shownPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short === '' || short.startsWith('..') ? path : short;
}

/** `file:line:column: error MW1234: message`, and on a terminal the text with a caret under it. */
export function printDiagnostic(
  terminal: Terminal,
  { path, text }: Source,
  diagnostic: Diagnostic,
): void {
  const lines = lineMap(text);
  const start = lines.positionAt(diagnostic.start);
  const place = `${shownPath(path)}:${start.line}:${start.column}`;
  terminal.err(`${place}: ${diagnostic.severity} ${diagnostic.code}: ${diagnostic.message}\n`);
  if (!terminal.isInteractive) return;
  const end = lines.positionAt(diagnostic.end);
  const line = lines.lineText(start.line);
  const width =
    end.line === start.line
      ? Math.max(1, diagnostic.end - diagnostic.start)
      : Math.max(1, line.length - start.column + 1);
  const indent = line.slice(0, start.column - 1).replace(/[^\t]/g, ' ');
  terminal.err(`  ${line}\n  ${indent}${'^'.repeat(width)}\n`);
  for (const { title } of diagnostic.fixes ?? []) terminal.err(`  fix: ${title}\n`);
}

/** Findings as JSON, with lines and columns from 1. */
export function diagnosticJson({ text }: Source, diagnostic: Diagnostic): unknown {
  const lines = lineMap(text);
  const start = lines.positionAt(diagnostic.start);
  const end = lines.positionAt(diagnostic.end);
  return {
    code: diagnostic.code,
    severity: diagnostic.severity,
    message: diagnostic.message,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
    fixes: (diagnostic.fixes ?? []).map(({ title, edits }) => ({ title, edits })),
  };
}

export function printFault(terminal: Terminal, fault: Fault): void {
  terminal.err(`${fault.severity} ${fault.code}: ${fault.message}\n  ${fault.help}\n`);
}
