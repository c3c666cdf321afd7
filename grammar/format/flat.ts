/** What a node looks like on one line, and which nodes cannot stand on one. */
import type { Span } from '../syntax/span.ts';
import type { EntryKey, Expr, Path, Setting, Take } from '../syntax/tree.ts';
import { elementsOf, insideOf, type Bracketed, type Element } from './brackets.ts';
import type { Comments } from './comments.ts';

export type Written = Expr | Element | Take | Setting;

/** A node on one line, or only the beginning that stays on the line, if it has to be broken. */
export interface Flat {
  readonly text: string;
  readonly isWhole: boolean;
}

export const whole = (text: string): Flat => ({ text, isWhole: true });

/** One behind the other; what stands behind a break is not on the line. */
export function row(...parts: readonly (Flat | string)[]): Flat {
  let text = '';
  for (const part of parts) {
    if (typeof part === 'string') text += part;
    else {
      text += part.text;
      if (!part.isWhole) return { text, isWhole: false };
    }
  }
  return whole(text);
}

export function listed(flats: readonly Flat[]): Flat {
  return row(...flats.flatMap((flat, index) => (index === 0 ? [flat] : [', ', flat])));
}

export class Flattener {
  private readonly text: string;
  private readonly comments: Comments;
  private readonly flats = new Map<Written, Flat>();

  constructor(text: string, comments: Comments) {
    this.text = text;
    this.comments = comments;
  }

  slice({ start, end }: Span): string {
    return this.text.slice(start, end);
  }

  /** Source text as it stands, on a line of its own or at a line's end. */
  verbatim(span: Span): string {
    return this.slice(span).replaceAll(/\r\n?/g, '\n');
  }

  /** Whether a line ends between two offsets. */
  isBroken(start: number, end: number): boolean {
    return /[\r\n]/.test(this.text.slice(start, end));
  }

  pathText(path: Pick<Path, 'parts'> | undefined): string {
    return path?.parts.map((part) => part.text).join('.') ?? '';
  }

  keyText(key: EntryKey): string {
    switch (key.kind) {
      case 'path':
        return this.pathText(key);
      case 'text':
        return this.slice(key);
      case 'number':
        return this.slice(key).replaceAll(/\s/g, '');
      default:
        return key satisfies never;
    }
  }

  flat(node: Written): Flat {
    const known = this.flats.get(node);
    if (known !== undefined) return known;
    const flat = this.comments.isVerbatim(node)
      ? { text: this.verbatim(node).split('\n')[0] ?? '', isWhole: false }
      : this.flattened(node);
    this.flats.set(node, flat);
    return flat;
  }

  private flattened(node: Written): Flat {
    switch (node.kind) {
      case 'number':
      case 'bytes':
      case 'duration':
      case 'text':
      case 'boolean':
        return whole(this.slice(node));
      case 'missing':
        return whole('');
      case 'reference':
        return whole(this.pathText(node.path));
      case 'call':
      case 'list':
      case 'map':
        return this.flatBracketed(node);
      case 'binary':
        return row(this.flat(node.left), ` ${node.operator} `, this.flat(node.right));
      case 'negation':
        return row('-', this.flat(node.operand));
      case 'range': {
        const ends = row(this.flat(node.from), '..', this.flat(node.to));
        return node.step === undefined ? ends : row(ends, ' step ', this.flat(node.step));
      }
      case 'layersOf':
        return row('layers ', this.flat(node.range));
      case 'index':
        return row(this.flat(node.value), '[', this.flat(node.layers), ']');
      case 'parenthesised':
        return row('(', this.flat(node.inner), ')');
      case 'argument':
        if (node.name === undefined) return this.flat(node.value);
        return row(`${node.name.text}: `, this.flat(node.value));
      case 'item':
        if (node.own === undefined) return this.flat(node.value);
        return row(this.flat(node.value), ' ', this.flat(node.own));
      case 'entry':
        return row(`${this.keyText(node.key)}: `, this.flat(node.value));
      case 'spread':
        return row('...', this.flat(node.value));
      case 'take':
        return row('take ', this.flat(node.value));
      case 'setting':
        return row(`${this.pathText(node.path)} = `, this.flat(node.value));
      default:
        return node satisfies never;
    }
  }

  opening(node: Bracketed): string {
    switch (node.kind) {
      case 'call':
        return `${this.pathText(node.callee)}(`;
      case 'list':
        return '[';
      case 'map':
        return '{';
      default:
        return node satisfies never;
    }
  }

  closing(node: Bracketed): string {
    switch (node.kind) {
      case 'call':
        return ')';
      case 'list':
        return ']';
      case 'map':
        return '}';
      default:
        return node satisfies never;
    }
  }

  private flatBracketed(node: Bracketed): Flat {
    const elements = elementsOf(node);
    const opening = this.opening(node);
    const inside = insideOf(this.text, node);
    const [first] = elements;
    const isBroken =
      this.gapsHoldComments(inside, elements) ||
      (first !== undefined && this.isBroken(inside.start, first.start));
    if (isBroken) return { text: opening, isWhole: false };
    if (first === undefined) return whole(opening + this.closing(node));
    const flat = listed(elements.map((element) => this.flat(element)));
    if (!flat.isWhole) return { text: opening, isWhole: false };
    const blank = node.kind === 'map' ? ' ' : '';
    return whole(`${opening}${blank}${flat.text}${blank}${this.closing(node)}`);
  }

  gapsHoldComments(inside: Span, elements: readonly Element[]): boolean {
    const found = this.comments.within(inside);
    return found.some(
      (comment) =>
        !elements.some((element) => element.start < comment.start && comment.end <= element.end),
    );
  }
}
