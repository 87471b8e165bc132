// The experiment `five-ways-to-wait`: five clients wait for the same job, each by its own way, side by side; over HTTP/1.1 on
// the captured wire, or over HTTP/2 by Node's own library at both ends.

import { Kind } from '../../shared/model/events.ts';
import type { Exchange } from '../../shared/model/model.ts';
import { valueOf } from '../../shared/fields/value-of.ts';
import { runStrategy } from '../client/run-strategy.ts';
import type { OperationResult } from '../client/strategy.ts';
import { waitFiveWays } from './five-ways/http1.ts';
import * as http2 from './five-ways/http2-clients.ts';
import { createJobServer } from './five-ways/http2-server.ts';
import { type JobShape, type WayName, waysChecks, waysTable } from './five-ways/ways.ts';
import { faults } from './kit/checks.ts';
import { costOf } from './kit/cost.ts';
import { PATIENCE } from './kit/parameters.ts';
import { patienceOf } from './kit/requests.ts';
import type { Experiment, ExperimentContext, ExperimentResult, Finished } from './kit/types.ts';

const NOTHING_STORED = { sent: null, stored: null };

/** A job of a server that is not ours may take so many times as long as it is to, and so many milliseconds more. */
const LONGEST = 5;
const GRACE = 30_000;

/** What of a target tells which way asked it. */
const TARGETS: Readonly<Record<WayName, RegExp>> = {
  'short polling': /\?tick=/,
  'long polling': /\?wait=/,
  'server-sent events': /\/events$/,
  '102 Processing': /\/\d+$/,
  WebSocket: /\/socket$/,
};

export const fiveWaysToWait: Experiment = {
  stores: false,
  info: {
    id: 'five-ways-to-wait',
    title: 'Five ways to wait',
    group: 'progress',
    teaches:
      'One job, and five clients that want to know how far it is: one asks again and again, one is held until there is ' +
      'news, and three are told, by server-sent events, by 102 Processing, or over a WebSocket. The table holds what each ' +
      'costs and how late it tells against a formula. With version=2 the same goes over HTTP/2, where a request costs less, ' +
      'and a WebSocket is a stream among others (RFC 8441).',
    sources: [
      'RFC 6202 (long polling)',
      'HTML standard §9.2 (server-sent events)',
      'draft-wright-http-progress',
      'RFC 6455, RFC 8441 (WebSocket)',
      'RFC 9113 (HTTP/2)',
    ],
    parameters: [
      {
        name: 'version',
        title: 'Version of HTTP',
        help: '1: HTTP/1.1 on the captured wire. 2: HTTP/2, both ends by Node’s own library, shown as that library tells it.',
        type: 'string',
        default: '1',
        choices: ['1', '2'],
      },
      {
        name: 'steps',
        title: 'Steps',
        help: 'Steps of the job. A server sends at most 10 interim responses unless it is set otherwise.',
        type: 'number',
        default: 8,
        minimum: 1,
        maximum: 100,
      },
      {
        name: 'step',
        title: 'Step',
        help: 'Milliseconds that a step takes.',
        type: 'number',
        default: 250,
        minimum: 10,
        maximum: 60_000,
      },
      {
        name: 'interval',
        title: 'Interval',
        help: 'Milliseconds between two polls of short polling.',
        type: 'number',
        default: 600,
        minimum: 10,
        maximum: 60_000,
      },
      PATIENCE,
    ],
    cuts: [
      {
        label: 'Each of the first two connections',
        specs: [
          { end: 'client', direction: 'in', at: 600, content: false, cut: 'rst' },
          { end: 'client', direction: 'in', at: 500, content: false, cut: 'fin' },
        ],
      },
    ],
  },

  run: (context) => (context.parameters['version'] === '2' ? overHttp2(context) : overHttp1(context)),

  expect: () => [],
};

function shapeOf({ parameters }: ExperimentContext): JobShape {
  return {
    steps: Number(parameters['steps']),
    stepMilliseconds: Number(parameters['step']),
    interval: Number(parameters['interval']),
  };
}

async function overHttp1(context: ExperimentContext): Promise<Finished> {
  const shape = shapeOf(context);
  const { steps, stepMilliseconds, interval } = shape;
  const at = context.target ?? `${context.server.url}/waiting/jobs`;
  const url = `${at}?steps=${steps}&step=${stepMilliseconds}`;
  const begin = (): Promise<OperationResult> =>
    runStrategy(
      'plain',
      { method: 'POST', url, fields: [], content: null },
      { patience: patienceOf(context) },
      context,
    );
  let begun = await begin();
  // Each POST begins a job, and one more does no harm to a server of ours: after a break it may be sent again there.
  for (let again = 0; again < MOST_BEGINNINGS && broke(begun, context); again++) begun = await begin();
  const location = locationOf(begun);
  if (location === null)
    return finished({
      outcome: begun.outcome === 'completed' ? 'refused' : begun.outcome,
      reason:
        begun.outcome === 'completed' && begun.final?.status === 201
          ? 'The server began a job and did not say where: its 201 has no Location.'
          : begun.reason,
    });
  const job = placeOf(location, url);
  if (job === null)
    return finished({
      outcome: 'refused',
      reason: `The server began a job, and its Location “${location.slice(0, 100)}” names no place that can be asked.`,
    });
  const began = sentAt(context);
  const tooLate = new AbortController();
  const cancel =
    context.target === null
      ? () => {}
      : context.clock.after(steps * stepMilliseconds * LONGEST + GRACE, () => tooLate.abort());
  const signal = AbortSignal.any([context.signal, tooLate.signal]);
  const waited = await waitFiveWays({ ...context, signal }, job, interval);
  cancel();
  const model = context.model();
  const ways = waited.map(({ name, told }) => ({ name, told, ...costOf(model, isOf(name)) }));
  const dues = Array.from({ length: steps }, (_, step) => ({
    done: step + 1,
    at: began + (step + 1) * stepMilliseconds,
  }));
  const failed = waited.find((way) => way.failed !== null);
  return {
    result: {
      outcome: failed === undefined ? 'completed' : 'failed',
      reason:
        failed === undefined
          ? `All five ways told of the end of the job: ${steps} steps of ${stepMilliseconds} ms.`
          : `By ${failed.name} the end was not heard of. ${tooLate.signal.aborted ? 'The job was not done long after it was due.' : failed.failed}`,
      digest: NOTHING_STORED,
    },
    observed: waysChecks(ways, shape, faults(model).number > 0),
    tables: [waysTable('Five ways to wait, HTTP/1.1', ways, dues, shape, CAPTURED)],
  };
}

const CAPTURED =
  'Bytes are those of the connections, both directions. A delay counts from the moment at which a step was due to end.';
const BY_LIBRARY =
  'As Node’s http2 tells it: no byte of it is captured, so that the timeline stays empty. Bytes include the connection’s beginning.';

/** When the job was said to have begun, as the server sent it where that end is ours, in milliseconds on the clock. */
function sentAt({ clock, recorder, model }: ExperimentContext): number {
  const { exchanges, events } = model();
  const beginning = exchanges.findLast(({ method }) => method === 'POST');
  const { columns, length } = events;
  let sent = recorder.now();
  for (let row = 0; row < length; row++) {
    const kind = columns.kind[row];
    if (columns.exchange[row] !== beginning?.id) continue;
    if (kind === Kind.finalSent || kind === Kind.finalReceived) sent = Math.min(sent, columns.time[row]!);
  }
  return clock.now() - (recorder.now() - sent) / 1e6;
}

/** How often a job is begun again, where its beginning was cut. */
const MOST_BEGINNINGS = 10;

function broke(begun: OperationResult, { signal, target }: ExperimentContext): boolean {
  return begun.outcome === 'failed' && locationOf(begun) === null && target === null && !signal.aborted;
}

/** Where the job is, as the head of a 201 says, whether what it heads came whole or not; null: there is none. */
function locationOf({ final }: OperationResult): string | null {
  if (final?.status !== 201) return null;
  return valueOf(final.fields, 'location');
}

/** Absolute; null: it is no http URL. */
function placeOf(location: string, base: string): string | null {
  if (!URL.canParse(location, base)) return null;
  const { href, protocol } = new URL(location, base);
  return protocol === 'http:' ? href : null;
}

/** Whether an exchange is one of a way. */
const isOf =
  (name: WayName) =>
  ({ method, target }: Exchange): boolean =>
    method === 'GET' && TARGETS[name].test(target);

async function overHttp2(context: ExperimentContext): Promise<Finished> {
  if (context.target !== null)
    return finished({
      outcome: 'refused',
      reason: 'Over HTTP/2 both ends are this program’s own: leave out --target, or take version=1.',
    });
  const shape = shapeOf(context);
  const { clock, signal, recorder } = context;
  const server = await createJobServer({ ...shape, clock });
  const step = (why: string): void => recorder.step(0, 'begin', why);
  try {
    step('Five clients wait for one job over HTTP/2, each on a connection of its own.');
    const wait = { port: server.port, clock, signal };
    const waiting = Promise.all([
      http2.byShortPolling(wait, shape.interval),
      http2.byLongPolling(wait),
      http2.byEvents(wait),
      http2.byInterim(wait),
      http2.byWebSocket(wait),
    ]);
    server.start();
    const names = Object.keys(TARGETS) as WayName[];
    const ways = (await waiting).map((waited, at) => ({ name: names[at]!, ...waited }));
    return {
      ...finished({
        outcome: 'completed',
        reason: `All five ways told of the end of the job over HTTP/2: ${shape.steps} steps of ${shape.stepMilliseconds} ms.`,
      }),
      observed: waysChecks(ways, shape, false),
      tables: [waysTable('Five ways to wait, HTTP/2', ways, server.moved, shape, BY_LIBRARY)],
    };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return finished({ outcome: 'failed', reason: signal.aborted ? 'It was stopped.' : said });
  } finally {
    await server.close();
  }
}

function finished(result: Omit<ExperimentResult, 'digest'>): Finished {
  return { result: { ...result, digest: NOTHING_STORED }, observed: [] };
}
