// What the experiments that wait for a job have in common: its beginning, what its status tells, and a count held against a
// formula. Knows no way to wait.

import { z } from 'zod';
import type { Check } from '../../../shared/contract.ts';
import { valueOf } from '../../../shared/fields/value-of.ts';
import { backoff } from '../../client/backoff.ts';
import { runStrategy } from '../../client/run-strategy.ts';
import type { FinalResponse, OperationRequest, OperationResult } from '../../client/strategy.ts';
import { pause } from '../../wire/pause.ts';
import { patienceOf } from './requests.ts';
import type { ExperimentContext, ExperimentResult, Finished } from './types.ts';

/** Times that the beginning is tried: a job too many does no harm, and ends by itself. */
const MOST_BEGINNINGS = 10;

/** A job that was begun: its absolute URL; null where that could not be, which `result` tells. */
interface Begun {
  readonly url: string | null;
  readonly result: OperationResult;
}

/** Begins a job of the embedded server, again after a break that hid where it is. */
export async function beginJob(
  context: ExperimentContext,
  query: Readonly<Record<string, number | null>>,
): Promise<Begun> {
  const asked = Object.entries(query).filter(([, value]) => value !== null);
  const url = `${context.server.url}/waiting/jobs?${asked.map(([name, value]) => `${name}=${value}`).join('&')}`;
  for (let tries = 1; ; tries++) {
    const result = await runStrategy(
      'plain',
      { method: 'POST', url, fields: [], content: null },
      { patience: patienceOf(context) },
      context,
    );
    const location = valueOf(result.final?.fields, 'location');
    if (result.outcome === 'completed' && location !== null)
      return { url: new URL(location, url).href, result };
    if (result.outcome !== 'failed' || tries === MOST_BEGINNINGS || context.signal.aborted)
      return { url: null, result };
    await pause(context, backoff(tries, context.random()));
  }
}

/**
 * The job to ask about: one of the embedded server, begun with the steps and the slowness of the parameters, or what the
 * user's target tells of.
 * @param more what else is asked of the beginning
 */
export async function jobToAsk(
  context: ExperimentContext,
  more: Readonly<Record<string, number | null>> = {},
): Promise<{ readonly url: string; readonly isOurs: boolean } | Finished> {
  if (context.target !== null) return { url: context.target, isOurs: false };
  const { steps, step, slow } = context.parameters;
  const { url, result } = await beginJob(context, {
    steps: Number(steps),
    step: Number(step),
    slow: Number(slow),
    ...more,
  });
  return url === null ? finishedBy(result) : { url, isOurs: true };
}

/** How it stands, asked on one connection, or, without `keepAlive`, each time on one of its own. */
export function question(url: string, { parameters }: ExperimentContext): OperationRequest {
  const fields: [string, string][] = parameters['keepAlive'] === true ? [] : [['Connection', 'close']];
  return { method: 'GET', url, fields, content: null };
}

/** What an answer's JSON tells of a job; null: it is none of ours. */
export interface Told {
  readonly state: string;
  readonly done: number;
  readonly total: number;
  /** Milliseconds from the change to its telling; null: it does not say. */
  readonly late: number | null;
}

const status = z.object({
  state: z.string(),
  progress: z.object({ done: z.number(), total: z.number() }),
  late: z.number().nullable().default(null),
});

export function toldBy(json: string): Told | null {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return null;
  }
  const { data } = status.safeParse(value);
  return data === undefined ? null : { state: data.state, ...data.progress, late: data.late };
}

export function toldByAnswer(final: FinalResponse | null): Told | null {
  return final === null ? null : toldBy(new TextDecoder().decode(final.content));
}

/** A number of requests by a formula, written out: `⌈T / interval⌉ = ⌈1500 / 400⌉ = 4`. */
export interface Formula {
  readonly count: number;
  readonly written: string;
  /** The most that late timers can make of it; default: one more. */
  readonly most?: number;
}

/**
 * As many as the formula says. Fewer, or one more, is what timers and a busy machine do; a break, and a foreign server, may
 * do anything.
 */
export function countCheck(seen: number, what: string, formula: Formula, disturbed: boolean): Check {
  const { count, written, most = count + 1 } = formula;
  const said = `${seen} ${what}${seen === 1 ? '' : 's'}; by the formula, ${written}.`;
  if (seen === count) return { id: 'count', level: 'pass', message: said };
  if (disturbed)
    return { id: 'count', level: 'info', message: `${said} What was cut, or is not ours, counts otherwise.` };
  return seen <= most
    ? { id: 'count', level: 'info', message: `${said} The timers were late.` }
    : { id: 'count', level: 'error', message: `${said} Nothing explains that there are more.` };
}

/** The result of an experiment that stores nothing. */
export function finishedBy(
  { outcome, reason }: Pick<ExperimentResult, 'outcome' | 'reason'>,
  rest: Omit<Finished, 'result'> = { observed: [] },
): Finished {
  return { result: { outcome, reason, digest: { sent: null, stored: null } }, ...rest };
}
