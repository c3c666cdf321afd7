/** Markdown for hovers and completions. Whatever comes from a file or a recipe is escaped. */

/** Text as text, whatever marks it holds. */
export function escaped(text: string): string {
  return text.replace(/[\\`*_[\]<>&~|#!]/g, '\\$&');
}

/** Text in the font of code; backquotes within it close nothing. */
export function code(text: string): string {
  const oneLine = text.replace(/\s+/g, ' ');
  const runs = [...oneLine.matchAll(/`+/g)].map(([run]) => run.length);
  const fence = '`'.repeat(Math.max(0, ...runs) + 1);
  return runs.length === 0 ? `\`${oneLine}\`` : `${fence} ${oneLine} ${fence}`;
}

/** A block of recipe. */
export function recipeBlock(text: string): string {
  return `\`\`\`merge\n${text}\n\`\`\``;
}

/** A table; a cell's `|` is escaped. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replace(/(?<!\\)\|/g, '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export function paragraphs(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join('\n\n');
}
