// /waiting/jobs: one job, and every way to wait for it, so that they can be compared: asked again and again, held, told by
// events, by 102s, or over a WebSocket. Reads what is asked for and chooses who answers.

import { decideConditions } from '../../../shared/fields/conditions.ts';
import type { Exchange } from '../http/exchange.ts';
import { answerJson } from '../http/json.ts';
import { Query } from '../http/query.ts';
import { readPreferences } from '../operations/preferences.ts';
import { readThrough } from '../http/read-through.ts';
import { PLAIN_TEXT, refuse, text } from '../http/refuse.ts';
import type { Route, ServerCore } from '../router.ts';
import { tellEvents } from './events.ts';
import { type Held, type HoldPlan, hold } from './hold.ts';
import { tellByInterims } from './interims.ts';
import type { Status, WaitingJob } from './job.ts';
import { WaitingJobs } from './jobs.ts';
import { tellBySocket } from './socket.ts';
import { answerStatus, statusOf, statusTag } from './status.ts';

const MOST_STEPS = 1000;
const MOST_MILLISECONDS = 60_000;
/** How long a request may be held. */
const MOST_WAIT_SECONDS = 600;
/** The pause of the loops that look again and again. */
const TICK_MILLISECONDS = 1000;
/** Seconds after which to ask again, where the request is not held. */
const ASK_AGAIN_SECONDS = 1;

/** Routes, and what stops the timers of the jobs. */
export function createWaiting(core: ServerCore): {
  readonly routes: readonly Route[];
  readonly resources: WaitingJobs['resources'];
  close(): void;
} {
  const jobs = new WaitingJobs('/waiting/jobs', core.clock, core.changed);
  return {
    routes: [
      {
        path: /^\/waiting\/jobs$/,
        allow: 'GET, HEAD, POST',
        index: [
          "  curl -v -X POST 'http://HOST/waiting/jobs?steps=5&step=1000'   a job to wait for, then any of:",
          "  curl 'http://HOST/waiting/jobs/1?wait=2'                        held for two seconds",
          '  curl -N http://HOST/waiting/jobs/1/events                       server-sent events',
          "  curl -v -H 'Prefer: processing' http://HOST/waiting/jobs/1      102s",
        ],
        answer: (exchange) => {
          if (exchange.method === 'POST') begin(exchange, jobs);
          else void exchange.final({ status: 200, fields: [PLAIN_TEXT], content: HELP });
        },
      },
      {
        path: /^\/waiting\/jobs\/(\d{1,15})$/,
        allow: 'GET, HEAD, DELETE',
        answer: (exchange, [id = '']) =>
          found(exchange, jobs, id, (job) => {
            if (exchange.method === 'DELETE') forget(exchange, jobs, id);
            else status(exchange, core, job);
          }),
      },
      {
        path: /^\/waiting\/jobs\/(\d{1,15})\/events$/,
        allow: 'GET',
        answer: (exchange, [id = '']) => found(exchange, jobs, id, (job) => events(exchange, core, job)),
      },
      {
        path: /^\/waiting\/jobs\/(\d{1,15})\/socket$/,
        allow: 'GET',
        answer: (exchange, [id = '']) => found(exchange, jobs, id, (job) => socket(exchange, core, job)),
      },
    ],
    resources: () => jobs.resources(),
    close: () => jobs.close(),
  };
}

const HELP = text(
  'POST here begins a job: steps, step (ms of each), slow (ms that a check of its status takes), fail (the step that',
  'fails), broken (the check that fails, counted over all). Its address is in Location. There:',
  '  GET                      its status at once, with an entity tag; Prefer: processing tells it by 102s',
  '  GET ?wait=SECONDS        held until it has ended; with after=STEPS, or If-None-Match, until it has changed;',
  '                           with until=change, at once to who has no entity tag yet;',
  '                           program=notify, count or deadline; tick=MS between two looks of the latter two',
  '  GET /events              server-sent events: retry=MS, silence=MS, flush=yes or no, source=notify or poll, tick=MS',
  '  GET /socket              a WebSocket, with a ping every ping=MS',
  '  DELETE                   forgets it, when it has ended',
);

function found(exchange: Exchange, jobs: WaitingJobs, id: string, answer: (job: WaitingJob) => void): void {
  const job = jobs.get(id);
  if (job === null) refuse(exchange, 404, 'There is no such job: POST to /waiting/jobs begins one.');
  else answer(job);
}

function forget(exchange: Exchange, jobs: WaitingJobs, id: string): void {
  if (jobs.forget(id)) void exchange.final({ status: 204, fields: [], content: new Uint8Array(0) });
  else refuse(exchange, 409, 'The job is not done: it can be deleted when it is.', [['Retry-After', '1']]);
}

function begin(exchange: Exchange, jobs: WaitingJobs): void {
  const query = new Query(exchange);
  const steps = query.whole('steps', 5, 1, MOST_STEPS);
  const plan = {
    steps,
    stepMilliseconds: query.whole('step', 1000, 1, MOST_MILLISECONDS),
    slowMilliseconds: query.whole('slow', 0, 0, MOST_MILLISECONDS),
    fail: query.whole('fail', null, 1, steps),
    broken: query.whole('broken', null, 1, Number.MAX_SAFE_INTEGER),
  };
  if (query.fault !== null) {
    refuse(exchange, 400, query.fault);
    return;
  }
  readThrough(exchange, () => created(exchange, jobs.begin(plan)));
}

function created(exchange: Exchange, job: WaitingJob | null): void {
  if (job === null) {
    refuse(exchange, 503, 'There are as many jobs as there may be: try again when one has ended.', [
      ['Retry-After', '1'],
    ]);
    return;
  }
  answerJson(exchange, 201, statusOf(job), [['Location', job.path]]);
}

/** GET of a status: at once, held, or followed by 102s. */
function status(exchange: Exchange, core: ServerCore, job: WaitingJob): void {
  const query = new Query(exchange);
  const wait = secondsOf(query.text('wait'));
  const program = query.choice('program', ['notify', 'count', 'deadline']);
  const tick = query.whole('tick', TICK_MILLISECONDS, 1, MOST_MILLISECONDS);
  const after = query.whole('after', null, 0, MOST_STEPS);
  const until = query.choice('until', ['end', 'change']);
  const fault =
    wait === undefined
      ? `wait must be a number of seconds from 0 to ${MOST_WAIT_SECONDS}, with three decimals at most.`
      : query.fault;
  if (wait === undefined || fault !== null) {
    refuse(exchange, 400, fault ?? '');
    return;
  }
  const conditions = decideConditions(exchange, stateOf(job.status()));
  if (conditions.kind === 'invalid') {
    refuse(exchange, 400, `${conditions.field} cannot be read: ${conditions.fault.message}`);
    return;
  }
  if (conditions.kind === 'failed') {
    refuse(exchange, 412, `The status is not as ${conditions.field} wants it: it has changed.`);
    return;
  }
  if (wait === null && readPreferences(exchange).processing) {
    tellByInterims(exchange, job);
    return;
  }
  const plan: HoldPlan = {
    program,
    waitMilliseconds: (wait ?? 0) * 1000,
    tickMilliseconds: tick,
    news: newsFor(exchange, after, wait !== null && until === 'end'),
  };
  const leave = hold(job, core.clock, plan, (held) => answer(exchange, job, held, wait !== null));
  exchange.whenOver(leave);
}

/**
 * What is worth an answer: more steps than the client knows of, another entity tag than it has, or, where it says neither,
 * the end, if that is what it is to be held for; else anything is.
 */
function newsFor(exchange: Exchange, after: number | null, forEnd: boolean): HoldPlan['news'] {
  if (after !== null) return ({ version }) => version > after;
  if (exchange.field('If-None-Match') !== null)
    return (now) => decideConditions(exchange, stateOf(now)).kind !== 'not-modified';
  return forEnd ? ({ state }) => state !== 'running' : () => true;
}

function stateOf(now: Status): { exists: true; etag: string; lastModified: null } {
  return { exists: true, etag: statusTag(now), lastModified: null };
}

function answer(exchange: Exchange, job: WaitingJob, held: Held, isHeld: boolean): void {
  if (held === 'broken') {
    refuse(exchange, 503, 'The status cannot be read now: ask again.', [
      ['Retry-After', String(ASK_AGAIN_SECONDS)],
    ]);
    return;
  }
  const askAgain = isHeld ? 0 : ASK_AGAIN_SECONDS;
  if (held !== 'nothing') {
    answerStatus(exchange, job, held, held.state === 'running' ? askAgain : null);
    return;
  }
  // RFC 9110 §15.4.5: to who asked by a condition, that it is as it was. To others: nothing to say, ask again.
  const conditional = exchange.field('If-None-Match') !== null;
  void exchange.final({
    status: conditional ? 304 : 204,
    fields: [
      ['Cache-Control', 'no-store'],
      ...(conditional ? [['ETag', statusTag(job.status())] as const] : []),
      ['Retry-After', String(askAgain)],
    ],
    content: new Uint8Array(0),
  });
}

function events(exchange: Exchange, core: ServerCore, job: WaitingJob): void {
  const query = new Query(exchange);
  const source = query.choice('source', ['notify', 'poll']);
  const tick = query.whole('tick', TICK_MILLISECONDS, 1, MOST_MILLISECONDS);
  const plan = {
    retry: query.whole('retry', 1000, 0, MOST_MILLISECONDS),
    silence: query.whole('silence', core.silenceMilliseconds, 10, MOST_WAIT_SECONDS * 1000),
    flush: query.choice('flush', ['yes', 'no']) === 'yes',
    poll: source === 'poll' ? tick : null,
  };
  const from = lastEvent(exchange.field('Last-Event-ID'), job);
  if (query.fault !== null || from === null) {
    refuse(
      exchange,
      400,
      query.fault ??
        `Last-Event-ID is a number from 0 to ${job.version} here, as the events have it: leave it out.`,
    );
    return;
  }
  // HTML standard, section 9.2: a 204 tells the client to stay away. All was told.
  if (from === job.last) void exchange.final({ status: 204, fields: [], content: new Uint8Array(0) });
  else tellEvents(exchange, job, core.clock, { ...plan, from });
}

function socket(exchange: Exchange, core: ServerCore, job: WaitingJob): void {
  const query = new Query(exchange);
  const every = query.whole('ping', core.silenceMilliseconds, 10, MOST_WAIT_SECONDS * 1000);
  if (query.fault === null) tellBySocket(exchange, job, core.clock, every);
  else refuse(exchange, 400, query.fault);
}

/** The event that the client had last; 0: it begins; null: what it says is none that was sent. */
function lastEvent(value: string | null, job: WaitingJob): number | null {
  if (value === null || value === '') return 0;
  const id = /^\d{1,9}$/.test(value) ? Number(value) : NaN;
  return id <= job.version ? id : null;
}

/** Null: not named; undefined: out of bounds, or no number. */
function secondsOf(value: string | null): number | null | undefined {
  if (value === null) return null;
  const seconds = /^\d{1,9}(?:\.\d{1,3})?$/.test(value) ? Number(value) : NaN;
  return seconds <= MOST_WAIT_SECONDS ? seconds : undefined;
}
