/** Messages over a stream: one JSON text a line. */
import type { Duplex } from 'node:stream';

/** A line longer than this is no message of ours. */
const longestLine = 64_000_000;

export function writeMessage(stream: Duplex, message: object): void {
  if (stream.writable) stream.write(`${JSON.stringify(message)}\n`);
}

/** Calls back with each message; a stream that holds anything else is closed. */
export function messageLines<T>(stream: Duplex, hear: (message: T) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    if (rest.length > longestLine) return void stream.destroy();
    for (const line of lines) {
      const message = parsed<T>(line);
      if (message === undefined) return void stream.destroy();
      hear(message);
    }
  });
}

function parsed<T>(line: string): T | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as T) : undefined;
  } catch {
    return undefined;
  }
}
