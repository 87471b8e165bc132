// Every experiment, in the order in which they are listed. Nothing else.

import { acknowledgedUpload } from './acknowledged-upload.ts';
import { appendAndFollow } from './append-and-follow.ts';
import { atomicOrPersist } from './atomic-or-persist.ts';
import { byteRangePatch } from './byte-range-patch.ts';
import { delayedResponse } from './delayed-response.ts';
import { earlyRefusal } from './early-refusal.ts';
import { earlySuccess } from './early-success.ts';
import { failureAfter200 } from './failure-after-200.ts';
import { fiveSteps } from './five-steps.ts';
import { idempotencyKey } from './idempotency-key.ts';
import { fiveWaysToWait } from './five-ways-to-wait.ts';
import { idleTimeout } from './idle-timeout.ts';
import { ietfResumableUpload } from './ietf-resumable-upload.ts';
import { interimSurvival } from './interim-survival.ts';
import { libraryLenses } from './library-lenses.ts';
import { longPolling } from './long-polling.ts';
import { longRunningPresets } from './long-running-presets.ts';
import { lostDownload } from './lost-download.ts';
import { lostResponseTracking } from './lost-response-tracking.ts';
import { lostResponse } from './lost-response.ts';
import { pipelining } from './pipelining.ts';
import { progress102 } from './progress-102.ts';
import { putThenPatch } from './put-then-patch.ts';
import { respondAsync } from './respond-async.ts';
import { resumableRequest } from './resumable-request.ts';
import { segmentedUpload } from './segmented-upload.ts';
import { serverSentEvents } from './server-sent-events.ts';
import { shortPolling } from './short-polling.ts';
import { sparseUpload } from './sparse-upload.ts';
import { statusDocument } from './status-document.ts';
import { truncateAndAppend } from './truncate-and-append.ts';
import { tusUpload } from './tus-upload.ts';
import type { Experiment } from './kit/types.ts';

export const experiments: readonly Experiment[] = [
  fiveSteps,
  resumableRequest,
  acknowledgedUpload,
  lostResponse,
  lostDownload,
  progress102,
  respondAsync,
  statusDocument,
  byteRangePatch,
  segmentedUpload,
  sparseUpload,
  putThenPatch,
  atomicOrPersist,
  truncateAndAppend,
  shortPolling,
  longPolling,
  serverSentEvents,
  delayedResponse,
  appendAndFollow,
  failureAfter200,
  earlyRefusal,
  lostResponseTracking,
  idempotencyKey,
  pipelining,
  ietfResumableUpload,
  tusUpload,
  longRunningPresets,
  interimSurvival,
  libraryLenses,
  earlySuccess,
  idleTimeout,
  fiveWaysToWait,
];

/** The experiment of that id, or null. */
export function findExperiment(id: string): Experiment | null {
  return experiments.find((experiment) => experiment.info.id === id) ?? null;
}
