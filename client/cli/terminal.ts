/** Where the command line writes, and what it may use there. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Whether standard error is a terminal: progress and carets are for eyes. */
  readonly isInteractive: boolean;
  readonly columns: number;
  /** Of the screen; 24 unless said. */
  readonly rows?: number;
  /** Whether it is this process's own output: then a child that inherits it writes to the same place. */
  readonly isInherited?: boolean;
}

export function processTerminal(): Terminal {
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    isInteractive: process.stderr.isTTY === true,
    columns: process.stderr.columns ?? 100,
    ...(process.stderr.rows === undefined ? {} : { rows: process.stderr.rows }),
    isInherited: true,
  };
}

export function printJson(terminal: Terminal, value: unknown): void {
  terminal.out(`${JSON.stringify(value, null, 2)}\n`);
}

/** A line, or a few, on a terminal that are written over and over, as far as they fit; nothing where there is none. */
export function lineOver(terminal: Terminal): {
  readonly show: (text: string) => void;
  readonly clear: () => void;
} {
  const { isInteractive, columns, rows = 24 } = terminal;
  let shown = 0;
  const erase = (): string => {
    if (shown <= 1) return '\r\u001b[2K';
    return `\r\u001b[${shown - 1}A\u001b[J`;
  };
  return {
    show(text) {
      if (!isInteractive) return;
      const lines = text.split('\n').slice(0, Math.max(1, rows - 1));
      const fitting = lines.map((line) => line.slice(0, columns - 1));
      terminal.err(`${erase()}${fitting.join('\n')}`);
      shown = lines.length;
    },
    clear() {
      if (shown > 0) terminal.err(erase());
      shown = 0;
    },
  };
}

/** Columns padded to their widest cell, numbers to the right. */
export function table(rows: readonly (readonly string[])[], rightFrom = 1): string {
  const widths = rows[0]!.map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        column >= rightFrom ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join('  ')
      .trimEnd();
  return `${rows.map(line).join('\n')}\n`;
}
