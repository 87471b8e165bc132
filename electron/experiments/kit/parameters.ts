// Parameters that experiments share.

import type { Parameter } from '../../../shared/contract.ts';

export const PATIENCE: Parameter = {
  name: 'patience',
  title: 'Patience',
  help: 'Milliseconds without a byte after which the client takes the server for dead.',
  type: 'number',
  default: 5_000,
  minimum: 100,
  maximum: 600_000,
};

/** How an experiment that cuts by itself does it. */
export const CUT: Parameter = {
  name: 'cut',
  title: 'How it is cut',
  help: 'What ends the connection: a reset (rst), an orderly end (fin), or silence (stall).',
  type: 'string',
  default: 'rst',
  choices: ['rst', 'fin', 'stall'],
};

/** @param bytes the size unless the user names another */
export function sizeOf(bytes: number): Parameter {
  return {
    name: 'size',
    title: 'Size',
    help: 'Bytes of the representation: numbered lines of ten bytes each.',
    type: 'number',
    default: bytes,
    minimum: 1,
    maximum: 4_000_000_000,
  };
}

/** @param bytes the segment unless the user names another */
export function segmentOf(bytes: number): Parameter {
  return {
    name: 'segment',
    title: 'Segment',
    help: 'Bytes of each segment.',
    type: 'number',
    default: bytes,
    minimum: 1,
    maximum: 4_000_000_000,
  };
}

/** Of a job that is waited for. */
export const JOB_STEPS: Parameter = {
  name: 'steps',
  title: 'Steps',
  help: 'Steps of the job.',
  type: 'number',
  default: 6,
  minimum: 1,
  maximum: 1000,
};

export const JOB_STEP: Parameter = {
  name: 'step',
  title: 'Step',
  help: 'Milliseconds that a step takes.',
  type: 'number',
  default: 250,
  minimum: 1,
  maximum: 60_000,
};

export const SLOW_CHECK: Parameter = {
  name: 'slow',
  title: 'Slow check',
  help: 'Milliseconds that a check of the job’s status takes the server.',
  type: 'number',
  default: 0,
  minimum: 0,
  maximum: 60_000,
};
