import { expect, test } from 'vitest';
import { tilesAhead, type MeasureNews } from '../../engine/protocol/measure.ts';
import type { PreviewRow } from '../../engine/measures/preview.ts';
import { TileSender } from './tile-sender.ts';

const row: PreviewRow = { kind: 'total', tensors: 1, elements: 1, models: [], pairs: [] };
const tiles = Array.from({ length: tilesAhead + 3 }, () => [row]);

function begin() {
  const said: number[] = [];
  const sender = new TileSender((news: MeasureNews) => {
    if (news.kind === 'tile') said.push(news.tile);
  });
  const stop = new AbortController();
  return { said, sender, stop, sent: sender.send(tiles, stop.signal) };
}

const turn = (): Promise<void> => new Promise((done) => setImmediate(done));

test('so many tiles are ahead of their acknowledgement, and each makes room for one more', async () => {
  const { said, sender, sent } = begin();
  await turn();
  expect(said).toHaveLength(tilesAhead);
  sender.acknowledge();
  await turn();
  expect(said).toHaveLength(tilesAhead + 1);
  tiles.forEach(() => sender.acknowledge());
  await sent;
  expect(said).toEqual(tiles.map((_, tile) => tile));
});

test('a measuring that is stopped, or whose window is gone, waits for no acknowledgement', async () => {
  const stopped = begin();
  await turn();
  stopped.stop.abort();
  await stopped.sent;
  const closed = begin();
  await turn();
  closed.sender.close();
  await closed.sent;
  expect([stopped.said.length, closed.said.length]).toEqual([tilesAhead, tilesAhead]);
});
