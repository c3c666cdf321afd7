import { expect, test } from 'vitest';
import type { FromPage, ToPage } from '../../../engine/protocol/compute.ts';
import { PageLine } from './page-line.ts';

function open() {
  const told: ToPage[] = [];
  const heard: string[] = [];
  const line = new PageLine('run-1', 'the program', (message) => told.push(message));
  line.listen({
    hear: ({ kind }) => heard.push(kind),
    cut: (why) => heard.push(`cut: ${why}`),
  });
  const kinds = (): readonly string[] => told.map(({ kind }) => kind);
  return { line, told, heard, kinds };
}

const start = {
  kind: 'start',
  start: { backend: 'wasm', gpu: 'never', benches: 2, sliceElements: 524288, operands: 3 },
} as const;

const says = (run: string): FromPage => ({ kind: 'compute', run, message: { kind: 'started' } });

test('what is said before the page listens waits for it, behind the program', () => {
  const { line, told, kinds } = open();
  line.send(start);
  expect(kinds()).toEqual([]);
  line.pageCame();
  expect(told).toEqual([
    { kind: 'compute-begin', run: 'run-1', program: 'the program' },
    { kind: 'compute', run: 'run-1', message: start },
  ]);
});

test('only its own run is heard', () => {
  const { line, heard } = open();
  line.pageCame();
  line.hear(says('an older run'));
  line.hear(says('run-1'));
  expect(heard).toEqual(['started']);
});

test('a page that is loaded again knows of nothing: the line is cut, once', () => {
  const { line, heard, kinds } = open();
  line.pageCame();
  line.pageCame();
  line.pageWent('the panel was closed');
  line.hear(says('run-1'));
  expect(heard).toEqual(['cut: the panel was loaded again']);
  expect(line.isPageGone).toBe(true);
  expect(kinds()).toEqual(['compute-begin', 'compute-end']);
});

test("a bug of the program cuts the line too, and is not the page's end", () => {
  const { line, heard } = open();
  line.pageCame();
  line.hear({ kind: 'compute-failed', run: 'run-1', reason: 'out of memory' });
  expect(heard).toEqual(['cut: out of memory']);
  expect(line.isPageGone).toBe(false);
});

test('who comes to a line that was cut hears why', () => {
  const line = new PageLine('run-1', '', () => undefined);
  line.pageWent('the panel was closed');
  const heard: string[] = [];
  line.listen({ hear: () => undefined, cut: (why) => heard.push(why) });
  expect(heard).toEqual(['the panel was closed']);
});
