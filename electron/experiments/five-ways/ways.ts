// What ways to wait for the same job cost, and how late they tell: counts and delays from what was seen, beside what they
// should be by their formulas. Pure.

import type { Check, ResultTable } from '../../../shared/contract.ts';

/** A moment at which somebody knew, or could have known, that so many steps are done. Milliseconds of one clock. */
export interface StepTime {
  readonly done: number;
  readonly at: number;
}

/** The job that is waited for. */
export interface JobShape {
  readonly steps: number;
  readonly stepMilliseconds: number;
  /** Milliseconds between two polls. */
  readonly interval: number;
}

export type WayName =
  | 'short polling'
  | 'long polling'
  | 'server-sent events'
  | '102 Processing'
  | 'WebSocket';

/** How one way went. */
export interface WaySeen {
  readonly name: WayName;
  readonly requests: number;
  /** Of its connections, both directions, heads and framing included. */
  readonly bytes: number;
  readonly told: readonly StepTime[];
}

/** How many requests a way takes, and why. T: the time of the whole job. */
export function expectedRequests(name: WayName, { steps, stepMilliseconds, interval }: JobShape) {
  switch (name) {
    case 'short polling':
      return { count: Math.ceil((steps * stepMilliseconds) / interval), formula: '⌈T / interval⌉' };
    case 'long polling':
      return { count: steps, formula: 'steps' };
    default:
      return { count: 1, formula: '1' };
  }
}

/** How long after each step was done a way told of it: a step that it never told was told by the next one. */
export function delaysOf(steps: readonly StepTime[], told: readonly StepTime[]): number[] {
  return steps.flatMap((step) => {
    const learned = told.find(({ done }) => done >= step.done);
    return learned === undefined ? [] : [Math.max(0, learned.at - step.at)];
  });
}

/** The ways side by side. */
export function waysTable(
  title: string,
  ways: readonly WaySeen[],
  steps: readonly StepTime[],
  shape: JobShape,
  note: string,
): ResultTable {
  return {
    title,
    columns: [
      'Way',
      'Requests',
      'By formula',
      'Formula',
      'Steps told',
      'Bytes',
      'Delay, mean',
      'Delay, longest',
    ],
    rows: ways.map(({ name, requests, bytes, told }) => {
      const { count, formula } = expectedRequests(name, shape);
      const delays = delaysOf(steps, told);
      const mean = delays.reduce((sum, delay) => sum + delay, 0) / Math.max(1, delays.length);
      return [
        name,
        String(requests),
        String(count),
        formula,
        `${told.length} of ${steps.length}`,
        bytes.toLocaleString('en-US'),
        milliseconds(mean),
        milliseconds(Math.max(0, ...delays)),
      ];
    }),
    note,
  };
}

/** That each way told of the end, and took as many requests as its formula says. */
export function waysChecks(ways: readonly WaySeen[], shape: JobShape, disturbed: boolean): Check[] {
  return ways.flatMap(({ name, requests, told }): Check[] => {
    const { count, formula } = expectedRequests(name, shape);
    const heard = told.at(-1)?.done === shape.steps;
    return [
      {
        id: 'heard',
        level: heard ? 'pass' : 'error',
        message: heard ? `By ${name} the end was heard of.` : `By ${name} the end was never heard of.`,
      },
      {
        id: 'requests',
        // A cut costs a request more, and a busy machine may make a poll late: neither is a mistake of the way.
        level: requests === count ? 'pass' : 'info',
        message:
          `By ${name} it took ${requests} ${requests === 1 ? 'request' : 'requests'}; by the formula, ${formula === String(count) ? '' : `${formula} = `}${count}.` +
          (requests === count ? '' : disturbed ? ' A cut costs more of them.' : ' Timers were late.'),
      },
    ];
  });
}

function milliseconds(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}
