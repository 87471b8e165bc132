// Pipelined requests until each is answered or must not be sent again: rounds of one connection each (RFC 9112 §9.3.2).
// A request that is not idempotent is sent once, whatever became of it.

import { valueOf } from '../../../shared/fields/value-of.ts';
import { pipeline, type Pipelined, type PipelinedAnswer } from '../../client/pipelined.ts';
import { parseTarget } from '../../client/target.ts';
import { WireError } from '../../wire/types.ts';
import type { ExperimentContext } from '../kit/types.ts';

/** One request of the run. */
export interface Task {
  readonly id: string;
  /** A POST is not idempotent: it is the last one. */
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Milliseconds that it was asked to take; null: nobody knows. */
  readonly work: number | null;
}

/** What became of a task. */
export interface Outcome {
  readonly task: Task;
  /** When it was sent last, in milliseconds of the clock; null: never. */
  asked: number | null;
  /** Times that it was sent. */
  sent: number;
  answer: PipelinedAnswer | null;
  /** Its place among the answers that came, from 1. */
  place: number;
  /** It may have been carried out, and was not answered: it must not be sent again. */
  unknown: boolean;
}

export interface Rounds {
  readonly outcomes: readonly Outcome[];
  /** How each round broke; null: it did not. */
  readonly breaks: readonly (Pipelined['broke'] | 'unreachable')[];
  /** Answers whose id was that of no request without an answer. */
  readonly strangers: number;
}

/** Which answer belongs to which request: the oldest one without, as HTTP has it, or the one with its id. */
export type Matching = 'order' | 'id';

/** The application's own field: what the request carries comes back in its answer. */
const REQUEST_ID = 'Request-Id';

const MOST_ROUNDS = 10;

export async function inRounds(
  context: ExperimentContext,
  url: string,
  tasks: readonly Task[],
  { matching, patience }: { readonly matching: Matching; readonly patience: number },
): Promise<Rounds> {
  const target = parseTarget(url);
  const outcomes = tasks.map((task): Outcome => ({
    task,
    asked: null,
    sent: 0,
    answer: null,
    place: 0,
    unknown: false,
  }));
  const breaks: Rounds['breaks'][number][] = [];
  let places = 0;
  let strangers = 0;
  let firstAlone = false;
  for (let round = 0; round < MOST_ROUNDS && !context.signal.aborted; round++) {
    const open = outcomes.filter(({ answer, unknown }) => answer === null && !unknown);
    if (open.length === 0) break;
    if (round > 0)
      context.recorder.step(
        0,
        'retry',
        `${open.length} requests have no answer and may be sent again: ` +
          (firstAlone
            ? 'the first of them alone, since it may be what broke the connection.'
            : 'on another connection.'),
      );
    const result: Pipelined | null = await pipeline(
      target,
      open.map(({ task }) => requestOf(task)),
      { patience, firstAlone },
      context,
    ).catch((error: unknown) => {
      if (!(error instanceof WireError)) throw error;
      return null;
    });
    if (result === null) {
      breaks.push('unreachable');
      break;
    }
    result.asked.forEach((asked, index) => {
      const outcome = open[index]!;
      if (asked === null) return;
      outcome.asked = asked;
      outcome.sent++;
    });
    for (const answer of result.answers.filter(({ whole }) => whole)) {
      const waiting = open.filter((outcome) => outcome.answer === null);
      const found = matching === 'order' ? waiting[0] : waiting.find(({ task }) => task.id === idOf(answer));
      if (found === undefined) {
        strangers++;
        continue;
      }
      found.answer = answer;
      found.place = ++places;
    }
    for (const outcome of open)
      if (outcome.answer === null && outcome.task.method === 'POST' && outcome.asked !== null)
        outcome.unknown = true;
    breaks.push(result.broke);
    firstAlone = result.broke !== null && !result.announced;
  }
  return { outcomes, breaks, strangers };
}

function requestOf({ id, method, path }: Task) {
  return {
    method,
    path,
    fields: [[REQUEST_ID, id] as const, ...(method === 'POST' ? [['Content-Length', '0'] as const] : [])],
  };
}

/** The id in an answer; '' without. */
export function idOf({ fields }: PipelinedAnswer): string {
  return valueOf(fields, REQUEST_ID) ?? '';
}
