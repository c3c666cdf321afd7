/** Where the command line writes, and what it may use there. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Whether standard error is a terminal: progress and carets are for eyes. */
  readonly isInteractive: boolean;
  readonly columns: number;
  /** Whether it is this process's own output: then a child that inherits it writes to the same place. */
  readonly isInherited?: boolean;
}

export function processTerminal(): Terminal {
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    isInteractive: process.stderr.isTTY === true,
    columns: process.stderr.columns ?? 100,
    isInherited: true,
  };
}

export function printJson(terminal: Terminal, value: unknown): void {
  terminal.out(`${JSON.stringify(value, null, 2)}\n`);
}

/** One line on a terminal that is written over and over; nothing where there is none. */
export function lineOver(terminal: Terminal): {
  readonly show: (text: string) => void;
  readonly clear: () => void;
} {
  let isShown = false;
  const erase = '\r\u001b[2K';
  return {
    show(text) {
      if (!terminal.isInteractive) return;
      isShown = true;
      terminal.err(`${erase}${text.slice(0, terminal.columns - 1)}`);
    },
    clear() {
      if (isShown) terminal.err(erase);
      isShown = false;
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
