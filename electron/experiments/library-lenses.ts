// The experiment `library-lenses`: the same requests through several libraries, and what each of them lets its user see.
// What was on the wire is in the timeline; what was told is in the tables.

import type { Check, ResultTable } from '../../shared/contract.ts';
import { counted } from '../../shared/counted.ts';
import { bytesContent } from '../client/content.ts';
import { type AvailableLens, availableLenses, lens } from '../client/lenses/index.ts';
import type { LensName, LensReport, LensRequest } from '../client/lenses/types.ts';
import { dispatchEvents } from '../client/lenses/undici-dispatch.ts';
import { ODD_TRAILERS } from '../server/resources/odd.ts';
import { check, faults } from './kit/checks.ts';
import { PATIENCE } from './kit/parameters.ts';
import { patienceOf } from './kit/requests.ts';
import type { Experiment, ExperimentContext, ExperimentResult } from './kit/types.ts';
import {
  contentBytes,
  duplicates,
  ending,
  finalStatus,
  interimsOf,
  interimStatuses,
  lineOrder,
  nameCase,
  toldAt,
  trailerNames,
  trailersOf,
} from './lenses/facts.ts';

const INTERIMS = [102, 103, 104, 199] as const;

/** A request that each library is given. A server of the user's own is asked `answer` alone. */
type Round = 'answer' | 'unasked-100' | 'expect' | 'fin' | 'rst';

const ROUNDS: readonly Round[] = ['answer', 'unasked-100', 'expect', 'fin', 'rst'];

interface Looked extends AvailableLens {
  readonly reports: ReadonlyMap<Round, LensReport>;
}

const NAMES: readonly LensName[] = ['raw', 'node:http', 'undici', 'fetch', 'curl'];

export const libraryLenses: Experiment = {
  info: {
    id: 'library-lenses',
    title: 'Seen through libraries',
    group: 'proxies and libraries',
    teaches:
      'The same answer, seen through five clients: our own, node:http, undici, fetch and curl. Interim responses, the case ' +
      'and order of field names, names that come twice, trailers: each library shows its user something else of what was on ' +
      'the wire. A 100 that nobody asked for, Expect, and a cut are answered differently, too: some tell an error where ' +
      'others go on.',
    sources: [
      'RFC 9110 §5.2, §5.3 (field lines), §6.5 (trailers), §10.1.1 (Expect), §15.2 (1xx)',
      'RFC 9112 §8 (incomplete messages)',
      'Fetch Standard',
    ],
    parameters: [
      {
        name: 'library',
        title: 'Library',
        help: 'The one to look through, beside our own client; all: each that is on this machine.',
        type: 'string',
        default: 'all',
        choices: ['all', ...NAMES.filter((name) => name !== 'raw')],
      },
      {
        name: 'pause',
        title: 'Pause',
        help: 'Milliseconds between two pieces of the answer, so that it shows what is told at once.',
        type: 'number',
        default: 40,
        minimum: 0,
        maximum: 10_000,
      },
      PATIENCE,
    ],
    cuts: [
      {
        label: 'In the first answer that our own client reads',
        specs: [{ end: 'client', direction: 'in', at: 250, content: false, cut: 'rst' }],
      },
      {
        label: 'Silence in the first answer, at the server',
        specs: [{ end: 'server', direction: 'out', at: 120, content: false, cut: 'stall' }],
      },
    ],
  },
  notes: ['continue-not-expected'],
  stores: false,

  async run(context) {
    const available = await availableLenses();
    const library = context.parameters['library'];
    const looked: Looked[] = [];
    for (const found of available)
      if (found.name === 'raw' || library === 'all' || library === found.name)
        looked.push({ ...found, reports: await lookThrough(found.name, context) });
    const missing = NAMES.filter(
      (name) => (library === 'all' || library === name) && !available.some((found) => found.name === name),
    );
    return {
      result: resultOf(context, looked),
      observed: [
        ...checksOf(context, looked),
        ...missing.map((name): Check => ({
          id: `missing-${name}`,
          level: 'info',
          message: `${name} is not on this machine (not found on the PATH), and is left out.`,
        })),
      ],
      tables: [...tablesOf(looked), ...(await dispatchTables(context, looked))],
    };
  },

  expect(model) {
    const { number } = faults(model);
    return [
      {
        id: 'wire',
        level: 'info',
        message:
          `${counted(model.exchanges.length, 'exchange')} on ${counted(model.connections.length, 'connection')} of the timeline ` +
          `show what was on the wire; ${counted(number, 'fault')}.`,
      },
    ];
  },
};

async function lookThrough(
  name: LensName,
  context: ExperimentContext,
): Promise<ReadonlyMap<Round, LensReport>> {
  const reports = new Map<Round, LensReport>();
  for (const round of context.target === null ? ROUNDS : (['answer'] as const)) {
    if (context.signal.aborted) break;
    reports.set(round, await lens(name, requestOf(round, context), context));
  }
  return reports;
}

function requestOf(round: Round, context: ExperimentContext): LensRequest {
  const { server, target, parameters } = context;
  const odd = (query: string): string => `${server.url}/odd?${query}`;
  const get = { method: 'GET', fields: [], content: null, patience: patienceOf(context) } as const;
  switch (round) {
    case 'answer':
      return {
        ...get,
        url: target ?? odd(`interims=${INTERIMS.join(',')}&pause=${Number(parameters['pause'])}`),
      };
    case 'unasked-100':
      return { ...get, url: odd('interims=100') };
    case 'expect':
      return {
        ...get,
        method: 'POST',
        url: odd(''),
        fields: [
          ['Content-Type', 'text/plain'],
          ['Expect', '100-continue'],
        ],
        content: bytesContent(new TextEncoder().encode('May I?')),
      };
    case 'fin':
    case 'rst':
      return { ...get, url: odd(`cut=${round}`) };
  }
}

function resultOf({ signal, target }: ExperimentContext, looked: readonly Looked[]): ExperimentResult {
  const digest = { sent: null, stored: null };
  if (signal.aborted) return { outcome: 'failed', reason: 'It was stopped.', digest };
  const raw = looked[0]?.reports.get('answer');
  if (raw?.error?.name === 'WireError') return { outcome: 'refused', reason: raw.error.message, digest };
  const others = looked.length - 1;
  return {
    outcome: 'completed',
    reason: `${target === null ? counted(ROUNDS.length, 'request') : 'One request'} through our own client and ${counted(others, 'other')}.`,
    digest,
  };
}

function checksOf(context: ExperimentContext, looked: readonly Looked[]): Check[] {
  const raw = looked[0]?.reports.get('answer');
  if (raw === undefined) return [];
  const sent = interimsOf(raw).length;
  // A cut by the user changes what each of them gets.
  const strict = context.target === null && (context.cuts ?? []).length === 0 && untouched(looked);
  const all =
    raw.completed &&
    interimStatuses(raw) === INTERIMS.join(' ') &&
    trailersOf(raw).length === ODD_TRAILERS.length;
  return [
    context.target === null
      ? check(
          'raw',
          all,
          all
            ? `Our own client was told all of it: ${interimStatuses(raw)}, then ${finalStatus(raw)}, and the trailer.`
            : `Our own client was told ${interimStatuses(raw)}, then ${finalStatus(raw)} (${ending(raw)}).`,
          strict ? 'error' : 'info',
        )
      : {
          id: 'raw',
          level: 'info',
          message: `Our own client was told ${finalStatus(raw)} (${ending(raw)}).`,
        },
    ...looked.slice(1).flatMap(({ name, reports }): Check[] => {
      const report = reports.get('answer');
      if (report === undefined) return [];
      const told = interimsOf(report).length;
      return [
        check(
          `interim-${name}`,
          told === sent,
          `${name} told its user of ${told} of ${counted(sent, 'interim response')}.`,
          'info',
        ),
      ];
    }),
    ...(['fin', 'rst'] as const).flatMap((round): Check[] => honesty(round, looked)),
  ];
}

/** Whether each was told of a final response: what a cut by hand spoils is no fault of the experiment's. */
function untouched(looked: readonly Looked[]): boolean {
  return looked.every(({ reports }) => reports.get('answer')?.completed === true);
}

/** Who took an answer that was cut short for whole? */
function honesty(round: 'fin' | 'rst', looked: readonly Looked[]): Check[] {
  const fooled = looked.filter(({ reports }) => reports.get(round)?.completed === true);
  if (!looked.some(({ reports }) => reports.has(round))) return [];
  const what = round === 'fin' ? 'a FIN' : 'a reset';
  return [
    check(
      `cut-${round}`,
      fooled.length === 0,
      fooled.length === 0
        ? `Each told an error of the answer that was cut short by ${what}.`
        : `${fooled.map(({ name }) => name).join(', ')} took the answer that was cut short by ${what} for whole.`,
      'info',
    ),
  ];
}

function tablesOf(looked: readonly Looked[]): ResultTable[] {
  const raw = looked[0]?.reports.get('answer');
  if (raw === undefined) return [];
  const columns = ['What', ...looked.map(({ name }) => (name === 'raw' ? 'our own' : name))];
  const row = (what: string, fact: (report: LensReport) => string, round: Round = 'answer'): string[] => [
    what,
    ...looked.map(({ reports }) => {
      const report = reports.get(round);
      return report === undefined ? '–' : fact(report);
    }),
  ];
  const tables: ResultTable[] = [
    {
      title: 'What each lets its user see of the same answer',
      columns,
      rows: [
        ['Version', ...looked.map(({ version }) => version || '–')],
        row('Interim responses', interimStatuses),
        row('Final response', finalStatus),
        row('Case of names', (report) => nameCase(report, raw)),
        row('Order of lines', (report) => lineOrder(report, raw)),
        row('A name that comes twice', (report) => duplicates(report, raw)),
        row('Content', (report) => `${contentBytes(report)} bytes`),
        row('Trailers', trailerNames),
        row('Ended', ending),
        row('First interim told at', (report) => toldAt(report, 'interim')),
        row('Final told at', (report) => toldAt(report, 'final')),
        row('End told at', (report) => toldAt(report, 'end')),
      ],
      note: 'Times since the request began. curl is a program of its own: its start is among them.',
    },
  ];
  if (looked[0]?.reports.has('expect') === true)
    tables.push({
      title: 'What each does when something is unusual',
      columns,
      rows: [
        row('A 100 that nobody asked for', told, 'unasked-100'),
        row('Expect: 100-continue', told, 'expect'),
        row('A FIN within the content', told, 'fin'),
        row('A reset within the content', told, 'rst'),
      ],
      note:
        'node:http, undici and fetch run over captured connections, which tell a FIN and a reset apart; a socket of Node 20’s ' +
        'own takes most resets for a FIN.',
    });
  return tables;
}

/** Below the lens `undici`: what those are told who build on it. */
async function dispatchTables(context: ExperimentContext, looked: readonly Looked[]): Promise<ResultTable[]> {
  if (context.signal.aborted || !looked.some(({ name }) => name === 'undici')) return [];
  const { url, patience } = requestOf('answer', context);
  const events = await dispatchEvents(url, patience, context);
  return [
    {
      title: 'What undici tells below request() and fetch: the events of dispatch()',
      columns: ['At', 'Event', 'What it carries'],
      rows: events.map(({ at, event, carries }) => [`${Math.round(at)} ms`, event, carries]),
      note: 'Names of fields as the handler can still read them (rawHeaders): request() and fetch fold them into an object.',
    },
  ];
}

/** `100, 200 Odd But Fine, 33 bytes, whole` */
function told(report: LensReport): string {
  const interims = interimStatuses(report);
  const final = finalStatus(report);
  const seen = [
    ...(interims === 'none' ? [] : [interims]),
    ...(final === 'none' ? [] : [final, `${contentBytes(report)} bytes`]),
    ending(report),
  ];
  return seen.join(', ');
}
