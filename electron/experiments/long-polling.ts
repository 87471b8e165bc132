// The experiment `long-polling`: a request that the server holds until there is something to say, by the two programs that
// are usual for it, or woken by the change itself. How long each holds is known by a formula.

import type { Check, ResultTable } from '../../shared/contract.ts';
import type { Exchange, Model } from '../../shared/model/model.ts';
import { counted } from '../../shared/counted.ts';
import { runStrategy } from '../client/run-strategy.ts';
import type { Observer } from '../client/strategy.ts';
import { check, faults, progressCheck } from './kit/checks.ts';
import { JOB_STEP, JOB_STEPS, PATIENCE, SLOW_CHECK } from './kit/parameters.ts';
import { patienceOf } from './kit/requests.ts';
import type { Experiment, ExperimentContext } from './kit/types.ts';
import {
  type Formula,
  type Told,
  countCheck,
  finishedBy,
  jobToAsk,
  question,
  toldByAnswer,
} from './kit/waiting.ts';

/** One request as its client saw it, on the clock of the run. */
interface Request {
  readonly status: number;
  readonly milliseconds: number;
}

/** Rows of the table. */
const MOST_ROWS = 50;

export const longPolling: Experiment = {
  stores: false,
  info: {
    id: 'long-polling',
    title: 'Long polling: ask and wait',
    group: 'progress',
    teaches:
      'The server holds a request until there is something to say, or its time is over: then it says "ask again" (204, or ' +
      '304 to who has an entity tag, with Retry-After: 0). A program that counts seconds holds longer than it was to when ' +
      'each look at the status is slow; one that has a deadline does not, by more than one round. What is woken by the ' +
      'change itself looks only when there is something to see.',
    sources: [
      'RFC 6202 §2.2 (HTTP long polling), §5.5 (timeouts)',
      'RFC 9110 §15.3.5 (204), §15.4.5 (304), §10.2.3 (Retry-After)',
    ],
    parameters: [
      { ...JOB_STEPS, default: 6 },
      { ...JOB_STEP, default: 400 },
      {
        name: 'program',
        title: 'Program',
        help: 'How the server waits: it looks and sleeps up to a deadline, counts its sleeps, or is woken (notify).',
        type: 'string',
        default: 'deadline',
        choices: ['deadline', 'count', 'notify'],
      },
      {
        name: 'wait',
        title: 'Wait',
        help: 'Seconds for which a request is held.',
        type: 'number',
        default: 1,
        minimum: 1,
        maximum: 600,
      },
      {
        name: 'tick',
        title: 'Tick',
        help: 'Milliseconds that the server sleeps between two looks at the status.',
        type: 'number',
        default: 100,
        minimum: 1,
        maximum: 60_000,
      },
      SLOW_CHECK,
      {
        name: 'until',
        title: 'Until',
        help: 'What a request is held for: the end of the job, or any change of what the client knows.',
        type: 'string',
        default: 'end',
        choices: ['end', 'change'],
      },
      {
        name: 'trouble',
        title: 'Trouble',
        help: 'What goes wrong while a request is held: nothing, the job itself, or one look at its status.',
        type: 'string',
        default: 'none',
        choices: ['none', 'job', 'check'],
      },
      {
        name: 'keepAlive',
        title: 'Keep-alive',
        help: 'Ask on one connection. Without it each question says Connection: close, and opens one of its own.',
        type: 'boolean',
        default: true,
      },
      PATIENCE,
    ],
    cuts: [
      {
        label: 'While the second request is held',
        specs: [{ end: 'client', direction: 'in', at: 110, content: false, cut: 'rst' }],
      },
      {
        label: 'Silence while the first is held',
        specs: [{ end: 'server', direction: 'out', at: 10, content: false, cut: 'stall' }],
      },
    ],
  },

  async run(context) {
    const { parameters, target } = context;
    const { wait, program, tick, until, trouble } = parameters;
    const job = await jobToAsk(context, {
      fail: trouble === 'job' ? failing(context) : null,
      broken: trouble === 'check' ? 2 : null,
    });
    if ('result' in job) return job;
    const query = job.isOurs ? `?wait=${wait}&program=${program}&tick=${tick}&until=${until}` : '';
    const requests: Request[] = [];
    const result = await runStrategy(
      'poll',
      question(`${job.url}${query}`, context),
      // It is to be silent for as long as the request is held.
      { patience: patienceOf(context) + (target === null ? holdOf(context) : 0) },
      { ...context, observer: listening(context, requests) },
    );
    if (result.outcome !== 'completed') return finishedBy(result);
    const told = toldByAnswer(result.final);
    return finishedBy(
      { outcome: 'completed', reason: `The end was heard of. ${result.reason}` },
      {
        observed: [endCheck(context, told), ...(target === null ? [heldCheck(context, requests)] : [])],
        tables: [requestTable(context.model(), context, told)],
      },
    );
  },

  expect(model, _result, context) {
    if (context.target !== null) return [progressCheck(model)];
    return [
      countCheck(questionsIn(model).length, 'request', formulaOf(context), isDisturbed(model, context)),
      progressCheck(model),
    ];
  },
};

function questionsIn(model: Model): Exchange[] {
  return model.exchanges.filter(({ method }) => method === 'GET');
}

function isDisturbed(model: Model, { parameters }: ExperimentContext): boolean {
  const broken = questionsIn(model).some(({ complete }) => !complete);
  return broken || faults(model).number > 0 || parameters['trouble'] === 'check';
}

/** Keeps when each question was asked and answered. */
function listening({ clock }: ExperimentContext, requests: Request[]): Observer {
  let asked = clock.now();
  return {
    step: (name) => {
      if (name === 'begin' || name === 'retry') asked = clock.now();
    },
    final: ({ status }) => void requests.push({ status, milliseconds: clock.now() - asked }),
  };
}

/** The step in which the job is to fail. */
function failing({ parameters }: ExperimentContext): number {
  return Math.ceil(Number(parameters['steps']) / 2);
}

/** Milliseconds for which a request is held when nothing happens. */
function holdOf({ parameters }: ExperimentContext): number {
  const wait = Number(parameters['wait']) * 1000;
  const tick = Number(parameters['tick']);
  const round = tick + Number(parameters['slow']);
  switch (parameters['program']) {
    case 'count':
      return Math.ceil(wait / tick) * round;
    case 'deadline':
      return Math.ceil(wait / round) * round;
    default:
      return wait;
  }
}

function holdFormula({ parameters }: ExperimentContext): string {
  switch (parameters['program']) {
    case 'count':
      return '⌈wait / tick⌉ × (tick + check)';
    case 'deadline':
      return '⌈wait / (tick + check)⌉ × (tick + check)';
    default:
      return 'wait';
  }
}

function formulaOf(context: ExperimentContext): Formula {
  const { parameters } = context;
  const step = Number(parameters['step']);
  const steps = parameters['trouble'] === 'job' ? failing(context) : Number(parameters['steps']);
  const hold = holdOf(context);
  const shortest = Number(parameters['wait']) * 1000;
  // A change after the last look of a hold is seen by the first of the next.
  const blind = parameters['program'] === 'notify' ? Number(parameters['slow']) : Number(parameters['tick']);
  if (parameters['until'] === 'change') {
    const each = Math.max(1, Math.ceil((step + blind) / hold));
    const counted = 1 + steps * each;
    const most = 2 + steps * Math.ceil((step + blind) / shortest);
    return {
      count: counted,
      most,
      written: `1 + steps × ⌈step / hold⌉ = 1 + ${steps} × ${each} = ${counted}`,
    };
  }
  const time = steps * step;
  const counted = Math.max(1, Math.ceil((time + blind) / hold));
  return {
    count: counted,
    most: 1 + Math.ceil((time + blind) / shortest),
    written: `⌈(T + ${parameters['program'] === 'notify' ? 'check' : 'tick'}) / hold⌉ = ⌈${time + blind} / ${hold}⌉ = ${counted}`,
  };
}

function endCheck(context: ExperimentContext, told: Told | null): Check {
  const due = context.parameters['trouble'] === 'job' ? 'failed' : 'done';
  return check(
    'end',
    told?.state === due,
    told === null
      ? 'The last answer says nothing of a job.'
      : `The last answer says ${told.state}, ${told.done}/${told.total}; ${due} was due.`,
    context.target === null ? 'error' : 'info',
  );
}

/** A request for which nothing happened is held for its whole time: never shorter. */
function heldCheck(context: ExperimentContext, requests: readonly Request[]): Check {
  const empty = requests.filter(({ status }) => status === 204 || status === 304);
  const shortest = Math.min(...empty.map(({ milliseconds }) => milliseconds));
  const hold = holdOf(context);
  // Of a deadline only that is certain: rounds that are late are fewer, and come sooner past it.
  const least =
    context.parameters['program'] === 'deadline' ? Number(context.parameters['wait']) * 1000 : hold;
  if (empty.length === 0)
    return check(
      'held',
      true,
      `No request was held to its end, which is after ${hold} ms: there was always news before.`,
    );
  return check(
    'held',
    shortest >= least,
    `${counted(empty.length, 'request')} ended without news, the shortest after ${Math.round(shortest)} ms; ` +
      `${holdFormula(context)} is ${hold} ms.`,
  );
}

function requestTable(model: Model, context: ExperimentContext, told: Told | null): ResultTable {
  const foreign = context.target !== null;
  const asked = questionsIn(model);
  const left = asked.length - MOST_ROWS;
  return {
    title: 'The requests',
    columns: ['Request', 'Answer', 'Took', 'Without news it takes'],
    rows: asked
      .slice(0, MOST_ROWS)
      .map(({ status, startedAt, statusAt }, index) => [
        String(index + 1),
        status === null ? 'none' : String(status),
        status === null ? '–' : `${Math.round((statusAt - startedAt) / 1e6)} ms`,
        foreign ? '–' : `${holdOf(context)} ms`,
      ]),
    note: [
      ...(foreign ? [] : [`A request is held for ${holdFormula(context)}.`]),
      ...(told === null || told.late === null ? [] : [`The end was told ${told.late} ms late.`]),
      ...(left > 0 ? [`${left} more are left out.`] : []),
    ].join(' '),
  };
}
