// The experiment `short-polling`: a job that is asked about again and again, on a beat of the client's own. Its cost is known
// before it begins, by a formula.

import type { ResultTable } from '../../shared/contract.ts';
import type { Exchange, Model } from '../../shared/model/model.ts';
import { counted } from '../../shared/counted.ts';
import { runStrategy } from '../client/run-strategy.ts';
import { check, faults, progressCheck } from './kit/checks.ts';
import { costOf } from './kit/cost.ts';
import { JOB_STEP, JOB_STEPS, PATIENCE, SLOW_CHECK } from './kit/parameters.ts';
import { pause } from '../wire/pause.ts';
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

export const shortPolling: Experiment = {
  stores: false,
  info: {
    id: 'short-polling',
    title: 'Short polling: ask again',
    group: 'progress',
    teaches:
      'The oldest way to wait: the client asks how far the job is, every so often, until it has ended. That takes ⌈T / ' +
      'interval⌉ requests whatever happens meanwhile, and the end is heard of up to one interval late: who wants to know ' +
      'sooner pays with more questions. An entity tag makes the answers small that tell nothing new (304), and without ' +
      'keep-alive each question costs a connection, too.',
    sources: [
      'RFC 6202 §2.1 (polling)',
      'RFC 9110 §10.2.3 (Retry-After), §13.1.2 (If-None-Match)',
      'RFC 9112 §9 (connections)',
    ],
    parameters: [
      { ...JOB_STEPS, default: 6 },
      { ...JOB_STEP, default: 250 },
      {
        name: 'interval',
        title: 'Interval',
        help: 'Milliseconds from one question to the next; the first comes one interval after the job began.',
        type: 'number',
        default: 400,
        minimum: 10,
        maximum: 60_000,
      },
      {
        name: 'keepAlive',
        title: 'Keep-alive',
        help: 'Ask on one connection. Without it each question says Connection: close, and opens one of its own.',
        type: 'boolean',
        default: true,
      },
      SLOW_CHECK,
      PATIENCE,
    ],
    cuts: [
      {
        label: 'In the second answer',
        specs: [{ end: 'client', direction: 'in', at: 420, content: false, cut: 'rst' }],
      },
      {
        label: 'In the answer that says where the job is',
        specs: [{ end: 'server', direction: 'out', at: 100, content: false, cut: 'fin' }],
      },
    ],
  },

  async run(context) {
    const { parameters, target } = context;
    const interval = Number(parameters['interval']);
    const job = await jobToAsk(context);
    if ('result' in job) return job;
    // The answer to the POST told how far it was: not far.
    if (job.isOurs) await pause(context, interval);
    const result = await runStrategy(
      'poll',
      question(job.url, context),
      { interval, patience: patienceOf(context) },
      context,
    );
    const told = toldByAnswer(result.final);
    if (result.outcome !== 'completed') return finishedBy(result);
    return finishedBy(
      { outcome: 'completed', reason: `The end was heard of. ${result.reason}` },
      {
        observed: [
          check(
            'end',
            told?.state === 'done',
            `The last answer says ${told === null ? 'nothing of a job' : `${told.state}, ${told.done}/${told.total}`}.`,
            target === null ? 'error' : 'info',
          ),
        ],
        tables: [costTable(context.model(), context, told)],
      },
    );
  },

  expect(model, _result, context) {
    const questions = questionsIn(model);
    // A question without a whole answer is asked again, whoever broke it off: by a cut, or by losing patience.
    const disturbed =
      context.target !== null || faults(model).number > 0 || questions.some(({ complete }) => !complete);
    const connections = new Set(questions.map(({ connection }) => connection)).size;
    const keepAlive = context.parameters['keepAlive'] === true;
    const expected = keepAlive ? Math.min(1, questions.length) : questions.length;
    return [
      ...(context.target === null
        ? [countCheck(questions.length, 'question', formulaOf(context), disturbed)]
        : []),
      check(
        'connections',
        connections === expected,
        `${counted(connections, 'connection')} for ${counted(questions.length, 'question')}, ${keepAlive ? 'with' : 'without'} keep-alive.`,
        disturbed ? 'info' : 'error',
      ),
      progressCheck(model),
    ];
  },
};

function questionsIn(model: Model): Exchange[] {
  return model.exchanges.filter(({ method }) => method === 'GET');
}

/** A question whose answer takes longer than the interval is followed at once by the next. */
function formulaOf({ parameters }: ExperimentContext): Formula {
  const time = Number(parameters['steps']) * Number(parameters['step']);
  const interval = Number(parameters['interval']);
  const slow = Number(parameters['slow']);
  const every = Math.max(interval, slow);
  // What a slow check tells is how things are at its end.
  const counted = Math.max(1, Math.ceil((time - slow - interval) / every) + 1);
  if (slow > 0)
    return {
      count: counted,
      written: `1 + ⌈(T − check − interval) / max(interval, check)⌉ = 1 + ⌈(${time} − ${slow} − ${interval}) / ${every}⌉ = ${counted}`,
    };
  return { count: counted, written: `⌈T / interval⌉ = ⌈${time} / ${interval}⌉ = ${counted}` };
}

function costTable(model: Model, context: ExperimentContext, told: Told | null): ResultTable {
  const { requests, bytes } = costOf(model, ({ method }) => method === 'GET');
  const questions = questionsIn(model);
  const unchanged = questions.filter(({ status }) => status === 304).length;
  const interval = Number(context.parameters['interval']);
  return {
    title: 'What it cost to ask',
    columns: ['What', 'Seen', 'By formula'],
    rows: [
      ['Questions', String(requests), context.target === null ? formulaOf(context).written : '–'],
      ['Answers that told nothing new', String(unchanged), '–'],
      ['Connections', String(new Set(questions.map(({ connection }) => connection)).size), '–'],
      ['Bytes, heads included', bytes.toLocaleString('en-US'), '–'],
      [
        'The end was told',
        told === null || told.late === null ? '–' : `${told.late} ms late`,
        `less than interval and check together: ${interval + Number(context.parameters['slow'])} ms`,
      ],
    ],
  };
}
