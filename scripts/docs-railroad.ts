/** Railroad diagrams as SVG: follow the line from left to right, and what you pass is a right text. */

export type Diagram =
  | { readonly kind: 'text'; readonly text: string }
  /** Another diagram's name. */
  | { readonly kind: 'rule'; readonly name: string }
  | { readonly kind: 'sequence'; readonly items: readonly Diagram[] }
  | { readonly kind: 'choice'; readonly options: readonly Diagram[] }
  | { readonly kind: 'optional'; readonly item: Diagram }
  /** Any number of times, none among them. */
  | { readonly kind: 'many'; readonly item: Diagram };

/** A part of a diagram: its line enters at the left and leaves at the right, at one height. */
interface Part {
  readonly width: number;
  /** How far it reaches above its line and below. */
  readonly above: number;
  readonly below: number;
  readonly draw: (x: number, y: number) => string;
}

const letter = 7.7;
const boxHeight = 24;
const gap = 12;
const curve = 10;

function partOf(diagram: Diagram): Part {
  switch (diagram.kind) {
    case 'text':
      return box(diagram.text, 'text');
    case 'rule':
      return box(diagram.name, 'rule');
    case 'sequence':
      return row(diagram.items.map(partOf));
    case 'choice':
      return fork(diagram.options.map(partOf));
    case 'optional':
      return bypass(partOf(diagram.item));
    case 'many':
      return bypass(loop(partOf(diagram.item)));
  }
}

function box(label: string, kind: 'text' | 'rule'): Part {
  const width = label.length * letter + 20;
  return {
    width,
    above: boxHeight / 2,
    below: boxHeight / 2,
    draw: (x, y) => {
      const round = kind === 'text' ? ` rx="${boxHeight / 2}"` : ' rx="3"';
      const frame = `<rect class="${kind}" x="${x}" y="${y - boxHeight / 2}" width="${width}" height="${boxHeight}"${round}/>`;
      return `${frame}<text class="${kind}" x="${x + width / 2}" y="${y + 4.5}">${escaped(label)}</text>`;
    },
  };
}

function row(parts: readonly Part[]): Part {
  if (parts.length === 0) return { width: 0, above: 0, below: 0, draw: () => '' };
  const width = parts.reduce((sum, part) => sum + part.width, 0) + gap * (parts.length - 1);
  return {
    width,
    above: Math.max(...parts.map(({ above }) => above)),
    below: Math.max(...parts.map(({ below }) => below)),
    draw: (x, y) => {
      let at = x;
      return parts
        .map((part, index) => {
          const line = index === 0 ? '' : path(`M${at} ${y}h${gap}`);
          if (index > 0) at += gap;
          const drawn = line + part.draw(at, y);
          at += part.width;
          return drawn;
        })
        .join('');
    },
  };
}

/** The first option on the line, the others below it. */
function fork(parts: readonly Part[]): Part {
  const inner = Math.max(...parts.map(({ width }) => width));
  const side = 2 * curve;
  const width = inner + 2 * side;
  const depths: number[] = [0];
  for (let index = 1; index < parts.length; index++) {
    depths.push(depths[index - 1]! + parts[index - 1]!.below + 8 + parts[index]!.above);
  }
  return {
    width,
    above: parts[0]!.above,
    below: depths.at(-1)! + parts.at(-1)!.below,
    draw: (x, y) =>
      parts
        .map((part, index) => {
          const at = y + depths[index]!;
          const end = x + side + part.width;
          const drawn = part.draw(x + side, at);
          const right = x + width;
          if (index === 0) return path(`M${x} ${y}h${side}M${end} ${y}H${right}`) + drawn;
          const down = at - y - 2 * curve;
          const into = `M${x} ${y}q${curve} 0 ${curve} ${curve}v${down}q0 ${curve} ${curve} ${curve}`;
          const out = `M${end} ${at}H${right - 2 * curve}q${curve} 0 ${curve} ${-curve}v${-down}q0 ${-curve} ${curve} ${-curve}`;
          return path(into + out) + drawn;
        })
        .join(''),
  };
}

/** A way past it, above. */
function bypass(part: Part): Part {
  const side = 2 * curve;
  const height = Math.max(part.above + 8, 2 * curve);
  const width = part.width + 2 * side;
  return {
    width,
    above: height,
    below: part.below,
    draw: (x, y) => {
      const up = height - 2 * curve;
      const over = `M${x} ${y}q${curve} 0 ${curve} ${-curve}v${-up}q0 ${-curve} ${curve} ${-curve}H${x + width - 2 * curve}q${curve} 0 ${curve} ${curve}v${up}q0 ${curve} ${curve} ${curve}`;
      const line = `M${x} ${y}h${side}M${x + side + part.width} ${y}h${side}`;
      return path(over + line) + part.draw(x + side, y);
    },
  };
}

/** A way back, below. */
function loop(part: Part): Part {
  const side = curve;
  const depth = Math.max(part.below + 8, 2 * curve);
  const width = part.width + 2 * side;
  return {
    width,
    above: part.above,
    below: depth,
    draw: (x, y) => {
      const [left, right] = [x + side, x + side + part.width];
      const down = depth - 2 * curve;
      const back = `M${right} ${y}q${curve} 0 ${curve} ${curve}v${down}q0 ${curve} ${-curve} ${curve}H${left}q${-curve} 0 ${-curve} ${-curve}v${-down}q0 ${-curve} ${curve} ${-curve}`;
      return path(`${back}M${x} ${y}h${side}M${right} ${y}h${side}`) + part.draw(left, y);
    },
  };
}

function path(d: string): string {
  return `<path d="${d}"/>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const style = `
path{fill:none;stroke:#57606a;stroke-width:1.5}
rect{stroke-width:1.5}
rect.text{fill:#ddf4ff;stroke:#0969da}
rect.rule{fill:#fff8c5;stroke:#9a6700}
text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;text-anchor:middle;fill:#1f2328}
@media (prefers-color-scheme:dark){
path{stroke:#9198a1}
rect.text{fill:#121d2f;stroke:#4493f8}
rect.rule{fill:#272115;stroke:#d29922}
text{fill:#f0f6fc}
}`;

/** A whole picture; `title` is what it is called aloud. */
export function railroadSvg(title: string, diagram: Diagram): string {
  const part = partOf(diagram);
  const [margin, lead] = [10, 18];
  const width = Math.ceil(part.width + 2 * lead + 2 * margin);
  const height = Math.ceil(part.above + part.below + 2 * margin);
  const y = margin + part.above;
  const [from, to] = [margin + lead, margin + lead + part.width];
  const ends =
    path(`M${margin} ${y - 8}v16M${margin} ${y}h${lead}`) +
    path(`M${to} ${y}h${lead}M${to + lead} ${y - 8}v16`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img"><title>${escaped(title)}</title><style>${style}</style>${ends}${part.draw(from, y)}</svg>\n`;
}
