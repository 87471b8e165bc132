// Checks that several experiments make, read from the model alone.
// Each says in its message what was seen, so that a failed one explains itself.

import type { Check } from '../../../shared/contract.ts';
import { Kind, Layer, unpackFault } from '../../../shared/model/events.ts';
import type { Exchange, Model } from '../../../shared/model/model.ts';
import { resumesOf } from '../../../shared/model/report.ts';
import { counted } from '../../../shared/counted.ts';
import type { ExperimentResult } from './types.ts';

/** A check that must hold (`error` when it does not) or is only told (`info`). */
export function check(
  id: string,
  met: boolean,
  message: string,
  otherwise: 'error' | 'info' = 'error',
): Check {
  return { id, level: met ? 'pass' : otherwise, message };
}

/** `once`, `twice`, `3 times`; `never` */
export function times(number: number): string {
  return ['never', 'once', 'twice'][number] ?? `${number} times`;
}

/** How many faults took effect, and whether the user caused one of them by hand. */
export function faults(model: Model): { readonly number: number; readonly byHand: boolean } {
  const { columns, length } = model.events;
  let number = 0;
  let byHand = false;
  for (let row = 0; row < length; row++) {
    if (columns.kind[row] !== Kind.fault) continue;
    number++;
    byHand ||= unpackFault(columns.code[row]!).origin === 'user';
  }
  return { number, byHand };
}

/** The status codes of an exchange's interim responses, in order. */
export function interimOf(model: Model, exchange: Exchange): number[] {
  return Array.from(
    exchange.interim.values.subarray(0, exchange.interim.length),
    (row) => model.events.columns.code[row]!,
  );
}

/** How often the run found out where it stood and went on. */
export function resumes(model: Model): number {
  return model.operations.reduce((sum, operation) => sum + resumesOf(operation), 0);
}

/** Nothing was stored twice. */
export function overwrittenCheck(model: Model): Check {
  const twice = cameTwice(model);
  return check(
    'overwritten',
    twice === 0,
    twice === 0
      ? 'No byte was stored twice.'
      : `${counted(twice, 'byte')} stored twice: a resume began too early.`,
  );
}

/** The same of requests that are kept whole or not at all, by a digest: what was thrown away comes once more. */
export function thrownAwayCheck(model: Model): Check {
  const twice = cameTwice(model);
  return {
    id: 'overwritten',
    level: 'info',
    message:
      twice === 0
        ? 'No byte came twice.'
        : `${counted(twice, 'byte')} came twice: a request that is cut short matches no digest, and nothing of it is kept.`,
  };
}

/** Bytes that the server took in more than once. */
function cameTwice(model: Model): number {
  return model.operations.reduce((sum, { upload }) => {
    const passed = upload.stretches(Layer.received).reduce((total, [first, end]) => total + end - first, 0);
    return sum + passed - upload.total(Layer.received);
  }, 0);
}

/** Both ends have the same bytes; told only where the server's cannot be known. */
export function digestCheck({ digest: { sent, stored } }: ExperimentResult): Check {
  if (stored === null)
    return { id: 'digest', level: 'info', message: 'What the server stored cannot be read from here.' };
  // A run that was stopped reads no more.
  if (sent === null)
    return {
      id: 'digest',
      level: 'info',
      message: 'What the client had was not read to its end: nothing is compared.',
    };
  return check(
    'digest',
    sent === stored,
    sent === stored
      ? `The server has exactly what the client had (SHA-256 ${stored.slice(0, 12)}…).`
      : `The server has other bytes than the client had: ${stored} instead of ${sent}.`,
  );
}

/** Within an operation the first fraction's numerator never decreases (draft-wright-http-progress). */
export function progressCheck(model: Model): Check {
  const { columns } = model.events;
  let told = 0;
  for (const { progress } of model.operations) {
    let before = -Infinity;
    for (let i = 0; i < progress.length; i++) {
      const now = columns.a[progress.values[i]!]!;
      if (now < before)
        return check(
          'progress',
          false,
          `Progress went back from ${before} to ${now}: it must never decrease.`,
        );
      before = now;
      told++;
    }
  }
  return check('progress', true, `${counted(told, 'Progress value')} came; none went back.`);
}

/** The last Progress of the run, as a fraction; null without any. */
export function lastProgress(model: Model): { readonly done: number; readonly total: number } | null {
  const { columns, length } = model.events;
  for (let row = length - 1; row >= 0; row--)
    if (columns.kind[row] === Kind.progress) return { done: columns.a[row]!, total: columns.b[row]! };
  return null;
}
