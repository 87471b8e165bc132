// The experiment `pipelining`: one slow request and several fast ones on one connection. The server works on all of them at
// once; who waits for whom is decided by the order in which the answers have to come.

import type { Check, ResultTable } from '../../shared/contract.ts';
import { valueOf } from '../../shared/fields/value-of.ts';
import { counted } from '../../shared/counted.ts';
import { check, faults } from './kit/checks.ts';
import { PATIENCE } from './kit/parameters.ts';
import { patienceOf } from './kit/requests.ts';
import type { Experiment, ExperimentContext, ExperimentResult } from './kit/types.ts';
import { peers } from './pipelining/peers.ts';
import { idOf, inRounds, type Outcome, type Rounds, type Task } from './pipelining/rounds.ts';

/** How the answers of the embedded server come. */
type Order = 'request' | 'done';

export const pipelining: Experiment = {
  info: {
    id: 'pipelining',
    title: 'Pipelining: who waits',
    group: 'proxies and libraries',
    teaches:
      'A client may send request after request without waiting for answers. The server may work on all of them at once, ' +
      'but its answers have to come in the order of the requests: the fast ones wait behind a slow one (head-of-line ' +
      'blocking). With the order "done" the server answers as it gets done. That breaks HTTP/1.1, and only an id of the ' +
      'application’s own tells which answer is whose. After a cut, what has no answer is sent again, unless it is a POST.',
    sources: ['RFC 9112 §9.3.2 (Pipelining)', 'RFC 9110 §9.2.2 (idempotent methods)', 'W3C Server Timing'],
    parameters: [
      {
        name: 'slow',
        title: 'Slow',
        help: 'Milliseconds that the first request takes.',
        type: 'number',
        default: 600,
        minimum: 0,
        maximum: 60_000,
      },
      {
        name: 'fast',
        title: 'Fast',
        help: 'Milliseconds that each of the others takes.',
        type: 'number',
        default: 100,
        minimum: 0,
        maximum: 60_000,
      },
      {
        name: 'requests',
        title: 'Requests',
        help: 'How many fast requests follow the slow one.',
        type: 'number',
        default: 4,
        minimum: 1,
        maximum: 31,
      },
      {
        name: 'order',
        title: 'Order of answers',
        help: 'In the order of the requests, as HTTP/1.1 has it (request), or as each gets done (done).',
        type: 'string',
        default: 'request',
        choices: ['request', 'done'],
      },
      {
        name: 'interim',
        title: 'With 102s',
        help: 'Each request is told by a 102 when half of its work is done; an interim response answers nothing.',
        type: 'boolean',
        default: false,
      },
      {
        name: 'post',
        title: 'A POST at the end',
        help: 'Ends with a POST, which no server begins before its turn, and which must not be sent twice.',
        type: 'boolean',
        default: false,
      },
      PATIENCE,
    ],
    cuts: [
      {
        label: 'In the second answer',
        specs: [{ end: 'server', direction: 'out', at: 300, content: false, cut: 'rst' }],
      },
      {
        label: 'In the third request',
        specs: [{ end: 'client', direction: 'out', at: 260, content: false, cut: 'fin' }],
      },
      {
        label: 'Silence in the third answer',
        specs: [{ end: 'server', direction: 'out', at: 500, content: false, cut: 'stall' }],
      },
    ],
  },
  notes: ['answer-out-of-order'],
  stores: false,

  async run(context) {
    const tasks = tasksOf(context);
    const rounds = await inRounds(context, context.target ?? context.server.url, tasks, {
      matching: orderOf(context) === 'done' ? 'id' : 'order',
      patience: patienceOf(context),
    });
    const result = resultOf(context, rounds);
    const tables = [requestsTable(rounds)];
    if (result.outcome === 'completed')
      tables.push({
        title: 'What others do with the second request of a connection',
        columns: ['Who', 'The second request'],
        rows: (await peers(context, patienceOf(context))).map(({ who, does }) => [who, does]),
      });
    return { result, observed: observed(context, rounds), tables };
  },

  expect(model) {
    const { number } = faults(model);
    const first = model.connections[0];
    const together = model.exchanges.filter(({ connection }) => connection === first?.id).length;
    return [
      {
        id: 'connection',
        level: 'info',
        message: `${counted(together, 'request')} went over the first connection; ${counted(number, 'fault')}.`,
      },
    ];
  },
};

function orderOf({ parameters, target }: ExperimentContext): Order {
  return parameters['order'] === 'done' && target === null ? 'done' : 'request';
}

function tasksOf(context: ExperimentContext): Task[] {
  const { parameters, target } = context;
  const task = (id: string, work: number, method: Task['method'] = 'GET'): Task => {
    if (target !== null) {
      const { pathname, search } = new URL(target);
      return { id, method, path: pathname + search, work: null };
    }
    const query = [`work=${work}`, `id=${id}`];
    if (orderOf(context) === 'done') query.push('order=done');
    if (parameters['interim'] === true) query.push('interim=yes');
    return { id, method, path: `/parallel?${query.join('&')}`, work };
  };
  const fast = Number(parameters['fast']);
  return [
    task('slow', Number(parameters['slow'])),
    ...Array.from({ length: Number(parameters['requests']) }, (_, index) => task(`fast-${index + 1}`, fast)),
    ...(parameters['post'] === true ? [task('post', fast, 'POST')] : []),
  ];
}

function resultOf({ signal }: ExperimentContext, { outcomes, breaks }: Rounds): ExperimentResult {
  const digest = { sent: null, stored: null };
  const answered = outcomes.filter(({ answer }) => answer !== null).length;
  const unknown = outcomes.filter((each) => each.unknown).length;
  const broken = breaks.filter((broke) => broke !== null).length;
  if (signal.aborted) return { outcome: 'failed', reason: 'It was stopped.', digest };
  if (answered + unknown < outcomes.length)
    return {
      outcome: breaks.includes('unreachable') ? 'refused' : 'failed',
      reason: `${answered} of ${counted(outcomes.length, 'request')} were answered in ${counted(breaks.length, 'connection')}.`,
      digest,
    };
  return {
    outcome: 'completed',
    reason:
      `${counted(answered, 'request')} answered` +
      (broken > 0 ? `, after ${counted(broken, 'broken connection')}` : ' on one connection') +
      (unknown > 0 ? '; of the POST nobody knows whether it was carried out: it is not sent again.' : '.'),
    digest,
  };
}

function requestsTable({ outcomes }: Rounds): ResultTable {
  const first = Math.min(...outcomes.flatMap(({ asked }) => (asked === null ? [] : [asked])));
  const at = (time: number | null): string => (time === null ? '–' : String(Math.round(time - first)));
  return {
    title: 'Requests in the order in which they were sent',
    columns: ['Request', 'Asked at', 'Worked', 'Answered at', 'Waited', 'Place', 'Times sent'],
    rows: outcomes.map((outcome) => {
      const { task, asked, answer, place, sent, unknown } = outcome;
      const work = workOf(outcome);
      const waited = answer === null || asked === null ? null : answer.at - asked - (work ?? 0);
      return [
        `${task.method} ${task.id}`,
        at(asked),
        work === null ? '?' : String(Math.round(work)),
        answer === null ? (unknown ? 'never: fate unknown' : 'never') : at(answer.at),
        waited === null || work === null ? '?' : String(Math.max(0, Math.round(waited))),
        place === 0 ? '–' : String(place),
        String(sent),
      ];
    }),
    note:
      'Times in milliseconds since the first request was sent. Worked: what the server says in Server-Timing. Waited: ' +
      'what is left until the answer was whole, for the answers before it and for the way. Place: among the answers.',
  };
}

/** Milliseconds of work, by the server's own account (`Server-Timing: work;dur=100`). */
function workOf({ answer }: Outcome): number | null {
  const value = valueOf(answer?.fields, 'server-timing') ?? '';
  const found = /(?:^|,)\s*work\s*;\s*dur=(\d+(?:\.\d+)?)/.exec(value);
  return found === null ? null : Number(found[1]);
}

function observed(context: ExperimentContext, rounds: Rounds): Check[] {
  const { outcomes, breaks, strangers } = rounds;
  const ours = context.target === null;
  const whole = breaks.every((broke) => broke === null);
  const answered = outcomes.filter(({ answer }) => answer !== null);
  const own = answered.filter(({ answer, task }) => answer !== null && idOf(answer) === task.id);
  const inOrder = answered.every(({ place }, index) => place === index + 1);
  const twice = outcomes.filter(({ task, sent }) => task.method === 'POST' && sent > 1);
  return [
    check(
      'matched',
      own.length === answered.length && strangers === 0,
      own.length === answered.length && strangers === 0
        ? `Each of ${counted(answered.length, 'answer')} has the id of its request.`
        : `${own.length} of ${counted(answered.length, 'answer')} have the id of their request; a server of your own need not send Request-Id back.`,
      ours ? 'error' : 'info',
    ),
    ...(whole ? [orderCheck(context, inOrder, answered)] : []),
    ...(whole ? [blockedCheck(context, answered)] : []),
    check(
      'once',
      twice.length === 0,
      twice.length === 0 ? 'No POST was sent twice.' : 'A POST was sent twice: it is not idempotent.',
    ),
  ];
}

function orderCheck(context: ExperimentContext, inOrder: boolean, answered: readonly Outcome[]): Check {
  if (orderOf(context) === 'request')
    return check(
      'order',
      inOrder,
      inOrder
        ? 'The answers came in the order of the requests.'
        : 'The answers came in another order than the requests.',
    );
  const first = answered.find(({ place }) => place === 1)?.task.id ?? 'none';
  return {
    id: 'order',
    level: 'info',
    message: inOrder
      ? 'The answers came in the order of the requests, although the server answers as it gets done.'
      : `The first answer was that of ${first}: without its id it would have been taken for that of slow.`,
  };
}

/** In order, none comes before the longest work of those before it: waiting that no haste of the server can mend. */
function blockedCheck(context: ExperimentContext, answered: readonly Outcome[]): Check {
  const slow = Number(context.parameters['slow']);
  const waiting = answered.filter((outcome) => {
    const work = workOf(outcome);
    const { asked, answer } = outcome;
    return work !== null && asked !== null && answer !== null && answer.at - asked > work + slow / 2;
  });
  return {
    id: 'blocked',
    level: 'info',
    message:
      context.target === null
        ? `${counted(waiting.length, 'request')} waited longer for others than half of the slow one’s work.`
        : 'How long a server of your own worked is not known: only when it answered.',
  };
}
