// The experiment `server-sent-events`: a stream of events that is cut in the middle of one, and goes on behind the last that
// was whole. What the client was told is held against what happened: nothing lost, nothing doubled.

import type { Check, ResultTable } from '../../shared/contract.ts';
import { counted } from '../../shared/counted.ts';
import type { StreamEvent } from '../client/waiting/event-stream.ts';
import { runStrategy } from '../client/run-strategy.ts';
import type { Observer } from '../client/strategy.ts';
import { check, faults, progressCheck } from './kit/checks.ts';
import { CUT, JOB_STEP, JOB_STEPS, PATIENCE } from './kit/parameters.ts';
import { ownCut, patienceOf } from './kit/requests.ts';
import type { Experiment, ExperimentContext } from './kit/types.ts';
import { beginJob, finishedBy, toldBy } from './kit/waiting.ts';

/** A byte of the response stream in the middle of the third event or so. */
const OWN_CUT_AT = 900;
/** A byte of the content that lies within the first event. */
const IN_FIRST_EVENT = 60;
/** Rows of the table, and events that are kept for it and for the checks. */
const MOST_ROWS = 100;
const MOST_EVENTS = 10_000;

/** What the client heard of the stream, on the clock of the run. */
interface Heard {
  readonly events: { readonly event: StreamEvent; readonly stream: number }[];
  streams: number;
  /** Milliseconds from the first request to its head, and to the first event; NaN before. */
  head: number;
  first: number;
}

export const serverSentEvents: Experiment = {
  stores: false,
  info: {
    id: 'server-sent-events',
    title: 'Server-sent events',
    group: 'streaming',
    teaches:
      'One response that never ends by itself: each change is an event of a few lines, with an identifier. The connection is ' +
      'cut in the middle of one; the client comes back after the time that retry named, says by Last-Event-ID which event ' +
      'it has, and is told what came behind it: nothing is lost and nothing doubled. When all is told, 204 says: stay away. ' +
      'A source that is itself polled tells what each look sees, and nothing of what lies between.',
    sources: ['HTML standard §9.2 (server-sent events)', 'RFC 9112 §7.1 (chunked transfer coding)'],
    parameters: [
      { ...JOB_STEPS, default: 8 },
      { ...JOB_STEP, default: 250 },
      CUT,
      {
        name: 'retry',
        title: 'Retry',
        help: 'Milliseconds after which the client comes back, as the server names them.',
        type: 'number',
        default: 300,
        minimum: 0,
        maximum: 30_000,
      },
      {
        name: 'source',
        title: 'Source',
        help: 'How the server learns of a change: it is notified, or looks every so often (poll).',
        type: 'string',
        default: 'notify',
        choices: ['notify', 'poll'],
      },
      {
        name: 'tick',
        title: 'Tick',
        help: 'Milliseconds from one look of the server to the next, where its source is polled.',
        type: 'number',
        default: 400,
        minimum: 1,
        maximum: 60_000,
      },
      {
        name: 'silence',
        title: 'Silence',
        help: 'Milliseconds without an event after which the server sends a comment, so that nobody takes the connection for dead.',
        type: 'number',
        default: 150,
        minimum: 10,
        maximum: 600_000,
      },
      {
        name: 'flush',
        title: 'Flush the head',
        help: 'Send the head at once. A server that forgets to says nothing before the first event, not even that it is there.',
        type: 'boolean',
        default: true,
      },
      PATIENCE,
    ],
    cuts: [
      {
        label: 'Twice, in the middle of an event',
        specs: [
          { end: 'client', direction: 'in', at: 700, content: false, cut: 'rst' },
          { end: 'server', direction: 'out', at: 500, content: false, cut: 'fin' },
        ],
      },
      {
        label: 'Silence',
        specs: [{ end: 'server', direction: 'out', at: 800, content: false, cut: 'stall' }],
      },
    ],
  },

  // How many events a polled source tells is a matter of its looks: only the first is sure to come.
  ownCuts: (context) =>
    context.parameters['source'] === 'poll'
      ? [ownCut(context, 'response', IN_FIRST_EVENT)]
      : [ownCut(context, 'response', OWN_CUT_AT, false)],

  async run(context) {
    const { parameters, target } = context;
    let url = target;
    if (url === null) {
      const { steps, step, retry, source, tick, silence, flush } = parameters;
      const begun = await beginJob(context, { steps: Number(steps), step: Number(step) });
      if (begun.url === null) return finishedBy(begun.result);
      url =
        `${begun.url}/events?retry=${retry}&source=${source}&silence=${silence}&flush=${flush === true ? 'yes' : 'no'}` +
        (source === 'poll' ? `&tick=${tick}` : '');
    }
    const heard: Heard = { events: [], streams: 0, head: NaN, first: NaN };
    const result = await runStrategy(
      'server-sent-events',
      { method: 'GET', url, fields: [], content: null },
      { patience: patienceOf(context) },
      { ...context, observer: listening(context, heard) },
    );
    const disturbed = target !== null || faults(context.model()).number > 0;
    return finishedBy(result, {
      observed:
        target === null && result.outcome === 'completed'
          ? [...eventChecks(context, heard), headCheck(context, heard, disturbed)]
          : [],
      tables: [eventTable(heard)],
    });
  },

  expect(model, { outcome }, context) {
    const streams = model.exchanges.filter(({ method, status }) => method === 'GET' && status === 200).length;
    const over = model.exchanges.filter(({ method, status }) => method === 'GET' && status === 204).length;
    const cut = faults(model).number;
    return [
      check(
        'streams',
        streams >= 1,
        `${counted(streams, 'stream')} began, with ${counted(cut, 'cut')}; ${over === 0 ? 'no answer' : counted(over, 'answer')} said 204.`,
        context.target === null && outcome === 'completed' ? 'error' : 'info',
      ),
      progressCheck(model),
    ];
  },
};

function listening({ clock }: ExperimentContext, heard: Heard): Observer {
  const began = clock.now();
  return {
    final: () => {
      heard.streams++;
      if (Number.isNaN(heard.head)) heard.head = clock.now() - began;
    },
    event: (event) => {
      if (Number.isNaN(heard.first)) heard.first = clock.now() - began;
      if (heard.events.length < MOST_EVENTS) heard.events.push({ event, stream: heard.streams });
    },
  };
}

function eventChecks({ parameters }: ExperimentContext, { events }: Heard): Check[] {
  const steps = Number(parameters['steps']);
  const ids = events.map(({ event }) => Number(event.id));
  const doubled = ids.filter((id, index) => ids.indexOf(id) !== index);
  const lost = Array.from({ length: steps }, (_, index) => index + 1).filter((id) => !ids.includes(id));
  const ordered = ids.every((id, index) => index === 0 || id > ids[index - 1]!);
  const polled = parameters['source'] === 'poll';
  const last = events.at(-1)?.event;
  return [
    check(
      'lost',
      polled ? ids.at(-1) === steps : lost.length === 0,
      lost.length === 0
        ? `All ${steps} events came.`
        : `${counted(ids.length, 'event')} of ${steps} came; without ${lost.slice(0, 10).join(', ')}${lost.length > 10 ? ' …' : ''}` +
            (polled ? ', which lay between two looks of the server.' : '.'),
    ),
    check(
      'doubled',
      doubled.length === 0 && ordered,
      doubled.length === 0 && ordered
        ? 'Each came once, and in order.'
        : `Events came again, or out of order: ${ids.slice(0, 20).join(', ')}.`,
    ),
    check(
      'end',
      last?.name === 'done' && toldBy(last.data)?.state === 'done',
      `The last event is ${last === undefined ? 'none' : `${last.name}, ${last.id}`}; done, ${steps} was due.`,
    ),
  ];
}

function headCheck({ parameters }: ExperimentContext, { head, first }: Heard, disturbed: boolean): Check {
  const flushed = parameters['flush'] === true;
  const ms = (time: number): string => `${Math.round(time)} ms`;
  return check(
    'head',
    !disturbed && (flushed ? head < first : first - head < 50),
    `The head came ${ms(head)} after the request, the first event after ${ms(first)}` +
      (flushed ? '.' : ': nobody flushed it before.'),
    'info',
  );
}

function eventTable({ events, streams }: Heard): ResultTable {
  const left = events.length - MOST_ROWS;
  return {
    title: 'The events, as their client heard them',
    columns: ['Stream', 'Identifier', 'Event', 'Tells', 'Late'],
    rows: events.slice(0, MOST_ROWS).map(({ event: { id, name, data }, stream }) => {
      const told = toldBy(data);
      return [
        String(stream),
        id === '' ? '–' : id.slice(0, 40),
        name.slice(0, 40),
        told === null ? data.slice(0, 80) : `${told.done}/${told.total}`,
        told === null || told.late === null ? '–' : `${told.late} ms`,
      ];
    }),
    note:
      `${counted(streams, 'stream')}. An event that a cut destroyed is told again on the next, as much later.` +
      (left > 0 ? ` ${left} more events are left out.` : ''),
  };
}
