/** The process of one merge: detached, alone, ended with its run. Its job comes on standard input. */
import { text } from 'node:stream/consumers';
import { hasAbandonedDevice } from '../../engine/backends/gpu/device.ts';
import type { MergeJob } from '../../engine/protocol/run.ts';
import { tickMs } from '../../engine/protocol/supervision.ts';
import { runPlan } from '../../engine/run/run-plan.ts';
import { openDoor } from './door.ts';
import { openRecord } from './record.ts';
import { runJob } from './run-job.ts';
import { socketPlace } from './socket-place.ts';

/** How long a run that ended stays, so that its watchers can say that they saw it. */
const farewellMs = 2000;

const job = JSON.parse(await text(process.stdin)) as MergeJob;
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
const socket = await socketPlace(job.runId);
const record = await openRecord(job, socket.path);
const door = await openDoor(record, { cancel: () => stop.abort() });
const ticking = setInterval(() => door.tick(), tickMs);
await record.announce();
const end = await runJob(job, {
  runPlan,
  signal: stop.signal,
  onPlan: (planHash) => record.plan(planHash),
  onStart: (computing) => door.start(computing),
  onProgress: (progress) => door.progress(progress),
});
clearInterval(ticking);
await record.end(end);
await door.end(end, farewellMs);
await socket.remove();
// Leaving in good order would wait for a device that does not answer.
if (hasAbandonedDevice()) process.kill(process.pid, 'SIGKILL');
process.exit(0);
