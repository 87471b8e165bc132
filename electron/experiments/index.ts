// Every experiment, in the order in which they are listed. Nothing else.

import { fiveSteps } from './five-steps.ts';
import { progress102 } from './progress-102.ts';
import { resumableRequest } from './resumable-request.ts';
import type { Experiment } from './types.ts';

export const experiments: readonly Experiment[] = [fiveSteps, resumableRequest, progress102];

/** The experiment of that id, or null. */
export function findExperiment(id: string): Experiment | null {
  return experiments.find((experiment) => experiment.info.id === id) ?? null;
}
