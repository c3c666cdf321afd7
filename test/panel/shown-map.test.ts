import { expect, test } from 'vitest';
import type { PreviewRow } from '../../engine/measures/preview.ts';
import type { ToPanel } from '../../engine/protocol/panel.ts';
import { nothingReceived, receiveAll } from '../../webview/state/received.ts';
import { ShownMap } from '../../client/extension/panel/shown-map.ts';

const layer = (index: number, elements: number): PreviewRow => ({
  kind: 'layer',
  tower: 'text',
  layer: index,
  tensors: 1,
  elements,
  models: [],
  pairs: [],
});

const picture = (partial: boolean) =>
  ({
    kind: 'picture',
    step: 'm',
    models: [],
    expectations: [],
    reading: 'sampled',
    read: { blocks: 1, ofBlocks: 2 },
    partial,
    tiles: 1,
  }) as const;

/** The map that is kept, and the one that a panel made of what it was told. */
function stage() {
  const messages: ToPanel[] = [];
  const shown = new ShownMap((message) => messages.push(message));
  return {
    shown,
    seen: () => {
      const { panel } = receiveAll(nothingReceived, messages);
      expect(panel.map).toEqual(shown.state);
      return panel.map!.rows.map(
        ({ elements, isOlder }) => `${elements}${isOlder ? ' older' : ''}`,
      );
    },
  };
}

test('an edit marks its own rows, and they stay until new ones came', () => {
  const { shown, seen } = stage();
  shown.show(picture(false), [layer(0, 10), layer(1, 11)], 1);
  expect(seen()).toEqual(['10', '11']);
  shown.hold([{ tower: 'text', layer: 1 }], 2);
  expect(seen()).toEqual(['10', '11 older']);
  expect(shown.isOf(2)).toBe(false);
  shown.show(picture(false), [layer(0, 20), layer(1, 21)], 2);
  expect(seen()).toEqual(['20', '21']);
  expect(shown.isOf(2)).toBe(true);
});

test('the first layer of a new text is not older; once the text moves on it is', () => {
  const { shown, seen } = stage();
  shown.show(picture(false), [layer(0, 10), layer(1, 11)], 1);
  shown.hold([{}], 2);
  shown.show(picture(true), [layer(0, 20)], 2);
  expect(seen()).toEqual(['20', '11 older']);
  // Held against the whole picture the third text changes nothing: the second's row is what is old now.
  shown.hold([], 3);
  expect(seen()).toEqual(['20 older', '11']);
});

test('a first layer that came before it was said what changed stays unmarked', () => {
  const { shown, seen } = stage();
  shown.show(picture(false), [layer(0, 10), layer(1, 11)], 1);
  shown.show(picture(true), [layer(0, 20)], 2);
  shown.hold([{}], 2);
  expect(seen()).toEqual(['20', '11 older']);
});
