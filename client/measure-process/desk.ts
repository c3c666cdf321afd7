/** Takes requests, keeps at most one measuring of each recipe under way, and numbers what is said. */
import type {
  FromMeasure,
  MeasureNews,
  MeasureRequest,
  ToMeasure,
} from '../../engine/protocol/measure.ts';
import { RunCancelled } from '../../engine/run/cancelled.ts';
import { answerLine, answerPlaces } from './locate.ts';
import { measure } from './measure.ts';
import { answerPlan } from './plan.ts';
import { RecipeShelf } from './recipe-shelf.ts';
import { TileSender } from './tile-sender.ts';

interface Under {
  readonly request: MeasureRequest;
  readonly stop: AbortController;
  readonly tiles: TileSender;
}

export function desk(send: (message: FromMeasure) => void): { hear(message: ToMeasure): void } {
  const shelf = new RecipeShelf();
  const under = new Map<number, Under>();
  let number = 0;

  const serve = async (id: number, request: MeasureRequest): Promise<void> => {
    const say = (news: MeasureNews): void =>
      send({ ...news, id, number: ++number, textVersion: request.recipe.textVersion });
    const stop = new AbortController();
    const tiles = new TileSender(say);
    if (request.kind === 'measure') {
      for (const older of under.values()) {
        if (isSameMeasuring(older.request, request)) older.stop.abort();
      }
    }
    under.set(id, { request, stop, tiles });
    try {
      switch (request.kind) {
        case 'plan':
          return say(await answerPlan(request, shelf));
        case 'measure':
          return say(await measure(request, { shelf, say, tiles, signal: stop.signal }));
        case 'line-of':
          return say(await answerLine(request, shelf));
        case 'places-at':
          return say(await answerPlaces(request, shelf));
        default:
          request satisfies never;
      }
    } catch (error) {
      if (!(error instanceof RunCancelled)) throw error;
      say({ kind: 'measured', outcome: 'stopped' });
    } finally {
      under.delete(id);
      tiles.close();
    }
  };
  return {
    hear(message) {
      switch (message.kind) {
        case 'request':
          // A bug ends the process: the window says so and starts another.
          void serve(message.id, message.request);
          return;
        case 'stop':
          under.get(message.id)?.stop.abort();
          return;
        case 'acknowledge':
          under.get(message.id)?.tiles.acknowledge();
          return;
        default:
          message satisfies never;
      }
    },
  };
}

function isSameMeasuring(a: MeasureRequest, b: MeasureRequest): boolean {
  return a.kind === 'measure' && b.kind === 'measure' && a.recipe.path === b.recipe.path;
}
