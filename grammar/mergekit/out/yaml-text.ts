/** YAML as it is written: keys in order, lists with dashes, and the comments that belong to each line. */

export type YamlOut =
  | { readonly kind: 'plain'; readonly text: string }
  | { readonly kind: 'flow'; readonly items: readonly string[] }
  | { readonly kind: 'map'; readonly entries: readonly OutEntry[] }
  | { readonly kind: 'list'; readonly items: readonly OutItem[] };

export interface OutNotes {
  readonly above?: readonly string[];
  readonly beside?: string;
}

export interface OutEntry extends OutNotes {
  readonly key: string;
  readonly value: YamlOut;
}

export interface OutItem extends OutNotes {
  readonly value: YamlOut;
}

export function plain(value: string | number | boolean): YamlOut {
  return { kind: 'plain', text: typeof value === 'string' ? scalar(value) : number(value) };
}

export function flow(values: readonly (string | number)[]): YamlOut {
  return {
    kind: 'flow',
    items: values.map((value) => (typeof value === 'string' ? scalar(value) : number(value))),
  };
}

export function map(entries: readonly (OutEntry | undefined)[]): YamlOut {
  return { kind: 'map', entries: entries.flatMap((entry) => entry ?? []) };
}

/** A number with a point where YAML's older readers would take it for a text: `1e-8` is one to them. */
function number(value: number | boolean): string {
  const text = String(value).replace('e+', 'e');
  const isBare = /^-?\d+e/.test(text);
  return isBare ? text.replace('e', '.0e') : text;
}

/** Texts that YAML reads as themselves stand without quotes. */
export function scalar(text: string): string {
  const isSafe = /^[A-Za-z0-9_./~][A-Za-z0-9_./@+~:-]*$/.test(text) && !/:$/.test(text);
  const isOther =
    /^(true|false|yes|no|on|off|null|y|n|~)$/i.test(text) ||
    /^[-+.]?\d[\d_.:eE+-]*$/.test(text) ||
    /^0x/i.test(text);
  return isSafe && !isOther ? text : JSON.stringify(text);
}

export function writeYaml(entries: readonly OutEntry[]): string {
  return entriesText(entries, 0).join('\n');
}

function entriesText(entries: readonly OutEntry[], indent: number): string[] {
  const pad = ' '.repeat(indent);
  return entries.flatMap(({ key, value, above = [], beside }) => {
    const lines = above.map((comment) => `${pad}${commentLine(comment)}`);
    const note = beside === undefined ? '' : `  ${commentLine(beside)}`;
    const head = `${pad}${scalar(key)}:`;
    switch (value.kind) {
      case 'plain':
      case 'flow':
        return [...lines, `${head} ${inline(value)}${note}`];
      case 'map':
        return value.entries.length === 0
          ? [...lines, `${head} {}${note}`]
          : [...lines, `${head}${note}`, ...entriesText(value.entries, indent + 2)];
      case 'list':
        return value.items.length === 0
          ? [...lines, `${head} []${note}`]
          : [...lines, `${head}${note}`, ...itemsText(value.items, indent + 2)];
    }
  });
}

function itemsText(items: readonly OutItem[], indent: number): string[] {
  const pad = ' '.repeat(indent);
  return items.flatMap(({ value, above = [], beside }) => {
    const lines = above.map((comment) => `${pad}${commentLine(comment)}`);
    const note = beside === undefined ? '' : `  ${commentLine(beside)}`;
    if (value.kind === 'map') {
      const [first, ...rest] = entriesText(value.entries, indent + 2);
      return [...lines, `${pad}- ${first!.trimStart()}${note}`, ...rest];
    }
    if (value.kind === 'list')
      return [...lines, `${pad}-${note}`, ...itemsText(value.items, indent + 2)];
    return [...lines, `${pad}- ${inline(value)}${note}`];
  });
}

function inline(value: Extract<YamlOut, { readonly kind: 'plain' | 'flow' }>): string {
  return value.kind === 'plain' ? value.text : `[${value.items.join(', ')}]`;
}

/** A comment of the recipe as one of YAML. */
function commentLine(text: string): string {
  const isTight = text === '' || text.startsWith(' ');
  return isTight ? `#${text}` : `# ${text}`;
}
