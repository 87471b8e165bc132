// The experiment `idle-timeout`: a job that takes longer than the router of a platform allows, and four things that a server
// can do meanwhile, each behind two kinds of platform. It breaks connections by the idle time-out alone.

import type { Check, ResultTable } from '../../shared/contract.ts';
import type { Exchange, Model } from '../../shared/model/model.ts';
import { runStrategy } from '../client/run-strategy.ts';
import type { Clock, IdleRule } from '../wire/types.ts';
import { check } from './kit/checks.ts';
import { exchangesTo } from './kit/exchanges.ts';
import type { Experiment, ExperimentContext } from './kit/types.ts';

const WAYS = [
  { way: 'silence', title: 'nothing' },
  { way: 'spaces', title: 'a space now and then, after the head' },
  { way: 'comments', title: 'comments of an event stream' },
  { way: 'interim', title: '102 Processing' },
] as const;
type Way = (typeof WAYS)[number]['way'];

const PLATFORMS = [
  { first: 'any-byte', title: 'any byte is the first byte', column: 'Where any byte counts' },
  {
    first: 'final-response',
    title: 'only the final response has a first byte',
    column: 'Where only the final response counts',
  },
] as const satisfies readonly { first: IdleRule['first']; title: string; column: string }[];

/** Interim responses to one request: the server sends no more by default. */
const MOST_INTERIM = 10;
/** How much nearer than its limit a silence must be so that a busy machine cannot decide it. */
const SURE = 0.8;
/** A timer that rings later than this part of the shortest limit tells that the machine was held up. */
const MOST_LATE = 0.3;
/** Milliseconds. */
const LOOK_EVERY = 50;

export const idleTimeout: Experiment = {
  info: {
    id: 'idle-timeout',
    title: 'Platform idle time-outs',
    group: 'failures',
    teaches:
      'Some platforms end a request that has no first byte after 30 s, or no further one for 55 s; whoever works longer must ' +
      'say something meanwhile. Spaces and comments need the head of a 200 first, whose status cannot be taken back; 102s ' +
      'do not, and survive only where the platform takes an interim response for a byte. A second here stands for a minute.',
    sources: [
      'the documentation of hosting platforms (30 s to the first byte, 55 s between two)',
      'RFC 9110 §15.2 (interim responses)',
      'RFC 8259 §2 (blanks before JSON)',
      'HTML standard, server-sent events (comments)',
    ],
    parameters: [
      milliseconds(
        'first',
        'First byte',
        'Milliseconds that the platform waits for the first byte of an answer.',
        500,
      ),
      milliseconds('between', 'Between bytes', 'Milliseconds that it waits for each further byte.', 917),
      milliseconds('work', 'Work', 'Milliseconds that the work takes.', 2400),
      milliseconds('every', 'Signs of life', 'Milliseconds from one space, comment or 102 to the next.', 250),
    ],
    cuts: [],
  },
  fragile: 'The time-out cuts by itself: another cut would decide before it.',
  stores: false,

  async run(context) {
    const { board, clock, parameters, target } = context;
    const digest = { sent: null, stored: null };
    if (target !== null) {
      const reason =
        'The time-out is applied at the server’s end: this experiment needs the test server, not --target.';
      return { result: { outcome: 'refused', reason, digest }, observed: [] };
    }
    const before = board.idle;
    const late = latenessOf(clock);
    try {
      // What an answer costs that nobody had to wait for.
      await wait(context, atOnceUrl(context));
      for (const { first } of PLATFORMS) {
        board.idle = {
          firstByte: Number(parameters['first']),
          between: Number(parameters['between']),
          first,
        };
        await Promise.all(WAYS.map(({ way }) => wait(context, urlOf(context, way, first))));
      }
    } finally {
      board.idle = before;
      late.stop();
    }
    if (context.signal.aborted)
      return { result: { outcome: 'failed', reason: 'It was stopped.', digest }, observed: [] };
    const reason = 'Four ways to wait were tried behind two kinds of platform.';
    const sure =
      late.most() < MOST_LATE * Math.min(Number(parameters['first']), Number(parameters['between']));
    const observed = PLATFORMS.flatMap(({ first, title }) =>
      WAYS.map(({ way }) => waitCheck(context, { way, first, title }, sure)),
    );
    return { result: { outcome: 'completed', reason, digest }, observed };
  },

  expect: () => [],

  tables(model, _result, context) {
    if (context.target !== null) return [];
    const atOnce = exchangesTo(model, atOnceUrl(context)).at(-1);
    const rows = WAYS.map(({ way, title }) => {
      const exchanges = PLATFORMS.map(({ first }) => exchangesTo(model, urlOf(context, way, first)).at(-1));
      const whole = exchanges.find((exchange) => exchange?.complete === true);
      const more =
        whole === undefined || atOnce === undefined ? null : whole.responseEnd - atOnce.responseEnd;
      return [
        title,
        ...exchanges.map((exchange) => outcomeOf(model, exchange)),
        more === null ? '–' : String(more),
      ];
    });
    return [
      {
        title: 'Who survives the idle time-out',
        columns: ['Meanwhile the server sends', ...PLATFORMS.map(({ column }) => column), 'Bytes more'],
        rows,
        note: 'Bytes more than an answer that nobody has to wait for, heads and framing included.',
      } satisfies ResultTable,
    ];
  },
};

/** @param sure the machine was not held up: only the times decided */
function waitCheck(
  context: ExperimentContext,
  { way, first, title }: { readonly way: Way; readonly first: IdleRule['first']; readonly title: string },
  sure: boolean,
): Check {
  const survived = answered(context.model(), urlOf(context, way, first));
  const expected = expectedFor(context, way, first);
  const what = `Where ${title}, ${NAMES[way]} ${survived ? 'got the answer' : 'was cut off'}`;
  const id = `${way}-${first}`;
  if (expected === survived) return check(id, true, `${what}, as it must be.`);
  if (expected === null || !sure)
    return {
      id,
      level: 'info',
      message: `${what}; ${expected === null ? 'the times are too near to each other' : 'the machine was too busy'} to say what was due.`,
    };
  return check(id, false, `${what}; it should ${expected ? 'have got it' : 'have been cut off'}.`);
}

/** Looks now and then how late a timer rings, in milliseconds of the clock. */
function latenessOf(clock: Clock): { most(): number; stop(): void } {
  let most = 0;
  let cancel = (): void => {};
  const wait = (): void => {
    const due = clock.now() + LOOK_EVERY;
    cancel = clock.after(LOOK_EVERY, () => {
      most = Math.max(most, clock.now() - due);
      wait();
    });
  };
  wait();
  return { most: () => most, stop: () => cancel() };
}

/** Subjects of a sentence. */
const NAMES: Readonly<Record<Way, string>> = {
  silence: 'the silent server’s client',
  spaces: 'the client of spaces',
  comments: 'the client of comments',
  interim: 'the client of 102s',
};

function milliseconds(
  name: string,
  title: string,
  help: string,
  value: number,
): Experiment['info']['parameters'][number] {
  return { name, title, help, type: 'number', default: value, minimum: 1, maximum: 600_000 };
}

function urlOf({ server, parameters }: ExperimentContext, way: Way, platform: IdleRule['first']): string {
  return `${server.url}/working?way=${way}&for=${parameters['work']}&every=${parameters['every']}&platform=${platform}`;
}

function atOnceUrl({ server }: ExperimentContext): string {
  return `${server.url}/working?way=silence&for=0`;
}

function wait(context: ExperimentContext, url: string): Promise<unknown> {
  const request = { method: 'GET', url, fields: [], content: null };
  // The client itself would wait for as long as it takes.
  const patience = Number(context.parameters['work']) + 5_000;
  return runStrategy('plain', request, { patience }, context);
}

function answered(model: Model, url: string): boolean {
  return exchangesTo(model, url).at(-1)?.complete === true;
}

function outcomeOf(model: Model, exchange: Exchange | undefined): string {
  if (exchange === undefined) return 'not tried';
  if (exchange.complete) return 'answered';
  const closed = model.connections[exchange.connection - 1]?.closed;
  const time =
    closed === null || closed === undefined
      ? ''
      : ` after ${Math.round((closed.at - exchange.startedAt) / 1e6)} ms`;
  return `cut off${time}`;
}

/** Whether it must get through, by the times alone; null: they are too near to each other. */
function expectedFor(
  { parameters }: ExperimentContext,
  way: Way,
  platform: IdleRule['first'],
): boolean | null {
  const [first, between, work, every] = ['first', 'between', 'work', 'every'].map((name) =>
    Number(parameters[name]),
  );
  return foresee({ first: first!, between: between!, work: work!, every: every! }, way, platform);
}

/** All in milliseconds. */
export interface IdleTimes {
  readonly first: number;
  readonly between: number;
  readonly work: number;
  readonly every: number;
}

/** Does the answer get through? Null: a silence is so near to its limit that nobody can say. */
export function foresee(times: IdleTimes, way: Way, platform: IdleRule['first']): boolean | null {
  const { first, between, work, every } = times;
  const signs = Math.ceil(work / every) - 1;
  const unheard = way === 'silence' || (way === 'interim' && platform === 'final-response') || signs === 0;
  const rest = work - Math.min(MOST_INTERIM, signs) * every;
  const silences: readonly (readonly [silence: number, limit: number])[] =
    way === 'spaces' || way === 'comments'
      ? [[Math.min(every, work), between]]
      : unheard
        ? [[work, first]]
        : [
            [every, Math.min(first, signs > 1 ? between : Infinity)],
            [rest, between],
          ];
  if (silences.some(([silence, limit]) => silence * SURE >= limit)) return false;
  return silences.every(([silence, limit]) => silence <= limit * SURE) ? true : null;
}
