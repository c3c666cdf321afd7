import { expect, test } from 'vitest';
import type { PreviewRow } from '../../../engine/measures/preview.ts';
import type { MapState, PanelState, ToPanel } from '../../../engine/protocol/panel.ts';
import { laidOver, sendPicture, sendState } from './send-map.ts';

const row = (layer: number, elements = 1): PreviewRow => ({
  kind: 'layer',
  layer,
  tensors: 1,
  elements,
  models: [],
  pairs: [],
});

const map = (rows: readonly PreviewRow[], step = 'm'): MapState => ({
  step,
  textVersion: 1,
  models: [{ name: 'a' }],
  rows,
  expectations: [],
  reading: 'sampled',
  read: { blocks: 1, ofBlocks: 2 },
});

const large = Array.from({ length: 3000 }, (_, layer) => row(layer));

function sent(send: (to: (message: ToPanel) => void) => void): readonly ToPanel[] {
  const messages: ToPanel[] = [];
  send((message) => messages.push(message));
  return messages;
}

/** The rows that a panel holds once it heard all. */
function heard(messages: readonly ToPanel[]): readonly PreviewRow[] {
  return messages.flatMap((message) => {
    switch (message.kind) {
      case 'state':
        return message.state.map?.rows ?? [];
      case 'patch':
        return message.patch.map?.rows ?? [];
      case 'rows':
        return message.rows;
      default:
        return [];
    }
  });
}

test('a small map is one message', () => {
  const messages = sent((to) => sendPicture(undefined, map([row(0)]), to));
  expect(messages).toEqual([{ kind: 'patch', patch: { map: map([row(0)]) } }]);
});

test('a large map comes in tiles of 64 KB, all rows in their order', () => {
  const messages = sent((to) => sendPicture(undefined, map(large), to));
  expect(messages.length).toBeGreaterThan(2);
  expect(heard(messages)).toEqual(large);
  for (const message of messages) expect(JSON.stringify(message).length).toBeLessThan(70_000);
});

test('a large map of the same step goes over the old one: nothing is blanked', () => {
  const messages = sent((to) => sendPicture(map(large), map(large), to));
  expect(new Set(messages.map(({ kind }) => kind))).toEqual(new Set(['rows']));
});

test('a picture of some places sends these alone, held against the text of the others', () => {
  const before = map(large);
  const part = laidOver(before, { ...map([row(7, 2)]), textVersion: 2, reading: 'sampling' });
  const messages = sent((to) => sendPicture(before, part, to));
  expect(messages).toEqual([
    {
      kind: 'rows',
      step: 'm',
      textVersion: 1,
      reading: 'sampling',
      read: before.read,
      rows: [row(7, 2)],
    },
  ]);
});

test('a picture without some of the old rows replaces the old one', () => {
  const messages = sent((to) => sendPicture(map(large), map(large.slice(1)), to));
  expect(messages[0]).toMatchObject({ kind: 'patch', patch: { map: { rows: [] } } });
  expect(heard(messages)).toEqual(large.slice(1));
});

test('a panel that comes back gets everything', () => {
  const state: PanelState = { run: { kind: 'idle' }, notices: [], map: map(large) };
  const messages = sent((to) => sendState(state, to));
  expect(messages[0]).toMatchObject({ kind: 'state', state: { run: { kind: 'idle' } } });
  expect(heard(messages)).toEqual(large);
});

test('a part of a picture changes its own places alone', () => {
  const before = map([row(0), row(1)]);
  expect(laidOver(before, map([row(1, 7)])).rows).toEqual([row(0), row(1, 7)]);
  expect(laidOver(undefined, map([row(1)])).rows).toEqual([row(1)]);
  expect(laidOver(before, map([row(1, 7)], 'other')).rows).toEqual([row(1, 7)]);
});
