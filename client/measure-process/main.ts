/** The measuring process of a window: attached to it by its channel, and gone when that closes. */
import type { ToMeasure } from '../../engine/protocol/measure.ts';
import { desk } from './desk.ts';

const { hear } = desk((message) => process.send?.(message));
process.on('message', (message) => hear(message as ToMeasure));
process.on('disconnect', () => process.exit(0));
