// The experiment `interim-survival`: interim responses of every kind, sent through proxies; which of them arrive, and how.
// It starts the proxies that this machine has, and always stops them again; it never touches their own set-up.

import type { Check, ResultTable } from '../../shared/contract.ts';
import { counted } from '../../shared/counted.ts';
import { ProgramError } from '../programs/errors.ts';
import { findProgram, type FoundProxy, PROXY_NAMES, type ProxyName, titleOf } from '../programs/find.ts';
import { startProxy } from '../programs/proxy.ts';
import { DEFAULT_PATIENCE } from '../client/strategy.ts';
import { systemClock } from '../wire/clock.ts';
import { check, faults } from './kit/checks.ts';
import type { Experiment, ExperimentContext, ExperimentResult } from './kit/types.ts';
import { STATUSES, type Survey, survey, TIMES } from './survival/survey.ts';
import { answerIn, arrivals, changes, expectFate, listed, survives } from './survival/verdict.ts';

/** One column of the tables. */
interface Surveyed {
  readonly id: 'direct' | 'target' | ProxyName;
  readonly label: string;
  readonly survey: Survey;
}

export const interimSurvival: Experiment = {
  info: {
    id: 'interim-survival',
    title: 'What survives a proxy',
    group: 'proxies and libraries',
    teaches:
      'The server sends 100, 102, 103, 104 and a made-up 199, once and up to 20 times in a row, before it answers. Every ' +
      'proxy has to pass them on (RFC 9110 §15.2); few pass on all of them as they were sent. Some take the first one for ' +
      'the answer, some give up after a few, some write other names or reasons. Proxies that are installed here are ' +
      'started for it and stopped afterwards; or name your own, in front of `interim server --port 18080`, as the target.',
    sources: [
      'RFC 9110 §15.2 (1xx), §10.1.1 (Expect)',
      'RFC 2518 §10.1 (102)',
      'RFC 8297 (103)',
      'draft-ietf-httpbis-resumable-upload (104)',
    ],
    parameters: [
      {
        name: 'through',
        title: 'Through',
        help: 'The proxy to pass through: one of those that can be started here, all that are found, or none. Without meaning for a target of your own.',
        type: 'string',
        default: 'all-found',
        choices: ['all-found', 'direct', ...PROXY_NAMES],
      },
      {
        name: 'path',
        title: 'Path',
        help: 'Where the target of your own has the resource /interims of the test server, if it has it elsewhere; it is put behind the path of the target.',
        type: 'string',
        default: '/interims',
      },
      {
        name: 'patience',
        title: 'Patience',
        help: 'Milliseconds without a byte after which a request through somebody else is taken for lost.',
        type: 'number',
        default: 1_000,
        minimum: 100,
        maximum: 600_000,
      },
    ],
    cuts: [
      {
        label: 'In the first interim response',
        specs: [{ end: 'client', direction: 'in', at: 40, content: false, cut: 'rst' }],
      },
      {
        label: 'Silence in the second answer',
        specs: [{ end: 'server', direction: 'out', at: 700, content: false, cut: 'stall' }],
      },
    ],
  },
  stores: false,
  // 100 to who did not expect it, and more in a row than usually survive, are what is tried.
  notes: ['continue-not-expected', 'many-interim-responses'],

  async run(context) {
    const through = String(context.parameters['through']);
    const surveyed: Surveyed[] = [];
    const refusals: string[] = [];
    const observed: Check[] = [];
    if (context.target !== null) {
      const url = interimsOf(context.target, String(context.parameters['path']));
      const found = await surveyOf(context, url, true);
      const foreign = notOurs(found, url);
      if (foreign === null) surveyed.push({ id: 'target', label: 'the target', survey: found });
      else refusals.push(foreign);
    } else {
      const url = `${context.server.url}/interims`;
      surveyed.push({ id: 'direct', label: 'direct', survey: await surveyOf(context, url, false) });
      const wanted = PROXY_NAMES.filter((name) => through === name || through === 'all-found');
      const programs = await Promise.all(
        wanted.map(async (name) => ({ name, program: await findProgram(name) })),
      );
      for (const { name, program } of programs)
        if (program === null) observed.push(missing(name));
        else if (!context.signal.aborted)
          try {
            surveyed.push(await surveyThrough(context, { ...program, name }));
          } catch (error) {
            if (!(error instanceof ProgramError)) throw error;
            // Of all that are there, one that does not start takes nothing from the others.
            if (through === name) refusals.push(error.message);
            else observed.push({ id: `failed-${name}`, level: 'warning', message: error.message });
          }
    }
    return {
      result: resultOf(context, surveyed, refusals),
      observed: [...surveyed.flatMap((one) => checksOf(one, context)), ...observed],
      tables: surveyed.length === 0 ? [] : tablesOf(surveyed),
    };
  },

  expect(model, _result, context) {
    const { number } = faults(model);
    return [
      check(
        'exchanges',
        model.exchanges.length > 0,
        `${counted(model.exchanges.length, 'exchange')} on ${counted(model.connections.length, 'connection')}, ${counted(number, 'fault')}.`,
        context.target === null ? 'error' : 'info',
      ),
    ];
  },
};

/** The URL of /interims behind a target: what the user named may be it already, or the proxy's root. */
export function interimsOf(target: string, path: string): string {
  const url = new URL(target);
  const rest = path.startsWith('/') ? path : `/${path}`;
  if (!url.pathname.endsWith(rest)) url.pathname = url.pathname.replace(/\/$/, '') + rest;
  url.search = '';
  url.hash = '';
  return url.href;
}

function surveyOf(context: ExperimentContext, url: string, between: boolean): Promise<Survey> {
  const { signal, parameters } = context;
  // Short of finding out about somebody in between, there is no need for haste.
  const patience = Math.max(Number(parameters['patience']), between ? 0 : DEFAULT_PATIENCE);
  return survey({ url, between, patience, signal }, context);
}

/** Other people's programs live in real time, whatever the clock of the run is. */
async function surveyThrough(context: ExperimentContext, program: FoundProxy): Promise<Surveyed> {
  const { recorder, server, signal } = context;
  const proxy = await startProxy(program, server.url, { clock: systemClock, signal });
  try {
    const label = `${program.title} ${program.version}`;
    recorder.step(0, 'begin', `${label} is started, and passes on from ${proxy.url} to ${server.url}.`);
    return { id: program.name, label, survey: await surveyOf(context, `${proxy.url}/interims`, true) };
  } finally {
    await proxy.stop();
  }
}

/** Why what answered is not our server behind a proxy; null: it is, or nothing that could tell came. */
function notOurs({ statuses }: Survey, url: string): string | null {
  const heard = statuses.flatMap((one) => one.heard.map((each) => each.heard));
  if (heard.some((one) => answerIn(one) !== null)) return null;
  const answer = heard.find((one) => one.final !== null)?.final ?? null;
  if (answer === null && heard.every(({ broke }) => broke !== 'unreachable')) return null;
  return (
    (answer === null
      ? `There is nothing at ${url} that takes a connection.`
      : `What answers at ${url} (${answer.status}) is not the test server’s /interims.`) +
    ' Start `interim server --port 18080`, let your proxy pass on to it, and name the proxy as the target.'
  );
}

function resultOf(
  { signal }: ExperimentContext,
  surveyed: readonly Surveyed[],
  refusals: readonly string[],
): ExperimentResult {
  const digest = { sent: null, stored: null };
  if (signal.aborted) return { outcome: 'failed', reason: 'It was stopped.', digest };
  if (refusals.length > 0) return { outcome: 'refused', reason: refusals.join(' '), digest };
  const statuses = surveyed[0]!.survey.statuses.length;
  return {
    outcome: 'completed',
    reason: `${statuses} statuses were sent ${listed(TIMES)} times in a row: ${surveyed.map(({ label }) => label).join(', ')}.`,
    digest,
  };
}

function missing(name: ProxyName): Check {
  return {
    id: `missing-${name}`,
    level: 'info',
    message: `${titleOf(name)} was not found on the PATH: install it to see what it does.`,
  };
}

/** What each way did, as a sentence; without a proxy, and without a cut, everything has to arrive as it was sent. */
function checksOf(
  { id, label, survey: { statuses, expect } }: Surveyed,
  context: ExperimentContext,
): Check[] {
  const isDirect = id === 'direct';
  const met = statuses.every(survives) && (!isDirect || statuses.every((one) => changes(one) === 'nothing'));
  const untouched =
    (context.cuts ?? []).length === 0 && faults(context.model()).number === 0 && !context.signal.aborted;
  const told = check(
    `survival-${id}`,
    met,
    `${isDirect ? 'Without a proxy' : `Through ${label}`}, ${byArrival(statuses)}.`,
    isDirect && untouched ? 'error' : 'info',
  );
  const heard = [expect, ...statuses.flatMap((one) => one.heard.map((each) => each.heard))];
  if (!heard.some((one) => answerIn(one)?.version === '1.0')) return [told];
  return [
    told,
    {
      id: 'http-1.0',
      level: 'info',
      message:
        'The proxy asks the server in HTTP/1.0, to which no interim response may be sent (RFC 9110 §15.2). In nginx, ' +
        '`proxy_http_version 1.1;` changes that.',
    },
  ];
}

/** `of 100, 102 and 103: all arrive`; statuses that fared alike in one breath. */
function byArrival(statuses: Survey['statuses']): string {
  const groups = new Map<string, number[]>();
  for (const one of statuses) {
    const cell = arrivals(one);
    const fate = cell === 'all' ? 'all arrive' : cell === 'none' ? 'none arrives' : cell;
    groups.set(fate, [...(groups.get(fate) ?? []), one.status]);
  }
  return Array.from(groups, ([fate, group]) => `of ${listed(group)}: ${fate}`).join('; ');
}

function tablesOf(surveyed: readonly Surveyed[]): ResultTable[] {
  const labels = surveyed.map(({ label }) => label);
  const byStatus = (cell: (one: Survey['statuses'][number]) => string): string[][] =>
    STATUSES.map((status, index) => [
      status === 199 ? '199 (made up)' : String(status),
      ...surveyed.map(({ survey: { statuses } }) => cell(statuses[index]!)),
    ]);
  const fates = surveyed.map(({ survey: { expect } }) => expectFate(expect));
  return [
    {
      title: `How many arrive of ${listed(TIMES)} in a row`,
      columns: ['Status', ...labels],
      rows: byStatus(arrivals),
      note: 'all: every one arrives, and the answer after them. 10 of 11, then 502: of eleven sent in a row ten arrive, and 502 in place of the answer.',
    },
    {
      title: 'What is changed on those that arrive',
      columns: ['Status', ...labels],
      rows: byStatus(changes),
      note: 'Names of fields are case-insensitive, and reasons mean nothing: a client that relies on either is wrong.',
    },
    {
      title: 'Expect: 100-continue',
      columns: ['', ...labels],
      rows: [
        ['Expect reaches the server', ...fates.map(({ reaches }) => reaches)],
        ['100 is sent', ...fates.map(({ answered }) => answered)],
        ['The answer', ...fates.map(({ final }) => final)],
      ],
    },
  ];
}
