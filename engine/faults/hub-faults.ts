import { downloadDiffers } from './download-differs.ts';
import type { FaultKind } from './fault.ts';
import { fetchBusy } from './fetch-busy.ts';
import { gatedModel } from './gated-model.ts';
import { hubAnswerMalformed } from './hub-answer-malformed.ts';
import { hubOffline } from './hub-offline.ts';
import { hubRefuses } from './hub-refuses.ts';
import { hubSlowsDown } from './hub-slows-down.ts';
import { hubUnreachable } from './hub-unreachable.ts';
import { malformedHubId } from './malformed-hub-id.ts';
import { notInCache } from './not-in-cache.ts';
import { partInCache } from './part-in-cache.ts';
import { unknownToHub } from './unknown-to-hub.ts';

/** All faults of models from the hub, by code: documentation and tests loop over them. */
export const hubFaults: readonly FaultKind[] = [
  malformedHubId,
  notInCache,
  partInCache,
  hubOffline,
  unknownToHub,
  gatedModel,
  hubRefuses,
  hubUnreachable,
  hubSlowsDown,
  hubAnswerMalformed,
  downloadDiffers,
  fetchBusy,
];

/** What `mergewright fetch` and the editor's button mend. */
export const fetchableCodes: readonly string[] = [notInCache.code, partInCache.code];
