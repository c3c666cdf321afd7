import { describe, expect, it } from 'vitest';
import { unmarked } from '../test-kit.ts';
import { formattingWithin } from './range-formatting.ts';

function formatted(marked: string): string {
  const { text, ranges } = unmarked(marked);
  const found = formattingWithin(text, ranges[0]!);
  return found === undefined
    ? 'nothing'
    : text.slice(0, found.span.start) + found.text + text.slice(found.span.end);
}

describe('formatting of a selection', () => {
  it('changes the statements it touches, and no others', () => {
    expect(formatted('model   a = "./a"\nmod⟦el   b⟧ = "./b"\nmodel   c = "./c"\n')).toBe(
      'model   a = "./a"\nmodel b = "./b"\nmodel   c = "./c"\n',
    );
    expect(formatted('model   a = "./a"\nmod⟦el   b = "./b"\nm⟧odel   c = "./c"\n')).toBe(
      'model   a = "./a"\nmodel b = "./b"\nmodel c = "./c"\n',
    );
  });

  it('keeps comments between them', () => {
    expect(formatted('⟦model   a = "./a"\n// told\nmodel   b = "./b"⟧\n')).toBe(
      'model a = "./a"\n// told\nmodel b = "./b"\n',
    );
  });

  it('does nothing between statements, in normal form and where a slip is', () => {
    expect(formatted('model a = "./a"\n⟦⟧model b = "./b"\n')).toBe('nothing');
    expect(formatted('model   a = \n⟦model   b = "./b"⟧\n')).toBe('nothing');
  });
});
