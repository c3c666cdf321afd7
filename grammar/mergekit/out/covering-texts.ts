/** Texts that some names hold and no others do: a set of tensors as mergekit's filters can say it. */

/** Few and short before many and long. Undefined: some name is a part of one that is not meant, so that no text tells them apart. */
export function coveringTexts(
  wanted: readonly string[],
  others: readonly string[],
): readonly string[] | undefined {
  const texts: string[] = [];
  let open = wanted;
  const longest = Math.max(0, ...wanted.map((name) => name.split('.').length));
  for (let length = 1; length <= longest && open.length > 0; length++) {
    const runs = new Set(open.flatMap((name) => runsOf(name, length)));
    const fitting = [...runs]
      .filter((text) => !others.some((name) => name.includes(text)))
      .map((text) => ({ text, held: open.filter((name) => name.includes(text)).length }))
      .sort((one, other) => other.held - one.held || one.text.length - other.text.length);
    for (const { text } of fitting) {
      if (!open.some((name) => name.includes(text))) continue;
      texts.push(text);
      open = open.filter((name) => !name.includes(text));
    }
  }
  return open.length === 0 ? texts.sort(byNumbers) : undefined;
}

/** Components in a row, bare and with a dot around them; none begins with a number, which alone says little to a reader. */
function runsOf(name: string, length: number): readonly string[] {
  const components = name.split('.');
  const runs: string[] = [];
  for (let at = 0; at + length <= components.length; at++) {
    const run = components.slice(at, at + length);
    if (isNumber(run[0]!)) continue;
    const bare = run.join('.');
    const before = at === 0 ? '' : '.';
    const after = at + length === components.length ? '' : '.';
    // Without its dot `layers.1` fits `layers.12` too.
    if (!isNumber(run.at(-1)!)) runs.push(bare, `${before}${bare}`);
    runs.push(`${bare}${after}`, `${before}${bare}${after}`);
  }
  return runs;
}

function isNumber(component: string): boolean {
  return /^\d+$/.test(component);
}

/** `layers.2.` stands before `layers.10.`. */
function byNumbers(one: string, other: string): number {
  const [first, second] = [one, other].map((text) =>
    text.replaceAll(/\d+/g, (digits) => digits.padStart(8, '0')),
  );
  return first! < second! ? -1 : first === second ? 0 : 1;
}
