// The experiment `early-success`: the same upload to three servers that answer 200: when the work is done, when it is left to
// somebody else, and before the content has come. The client can only believe; what is stored tells who was right.

import type { Check, ResultTable } from '../../shared/contract.ts';
import type { Exchange, Model } from '../../shared/model/model.ts';
import { valueOf } from '../../shared/fields/value-of.ts';
import { linesContent, PIECE } from '../client/content.ts';
import { openPiecemeal, type PiecemealResult } from '../client/piecemeal.ts';
import { check, faults, times } from './kit/checks.ts';
import { exchangesTo, inMilliseconds, serverMoments } from './kit/exchanges.ts';
import { PATIENCE, sizeOf } from './kit/parameters.ts';
import { ask, patienceOf } from './kit/requests.ts';
import type { Experiment, ExperimentContext, Finished } from './kit/types.ts';

const SERVERS = [
  { when: 'before-content', title: 'before it has read the content' },
  { when: 'before-work', title: 'before the work, which goes on behind it' },
  { when: 'after-work', title: 'when all of it is stored' },
] as const;
type When = (typeof SERVERS)[number]['when'];

/** Pieces of the content, and milliseconds between two: slow enough that an early answer is early. */
const PIECES = 10;
const PAUSE = 40;
/** How long the servers take to store it, in milliseconds. */
const WORK = 100;

export const earlySuccess: Experiment = {
  info: {
    id: 'early-success',
    title: 'A 200 that came too early',
    group: 'failures',
    teaches:
      'A 200 says that the request has succeeded, so it may only be sent when the content was read and the work is done. ' +
      'One server here says it before it has read anything, one before the work that it leaves to somebody else, and their ' +
      'stores are too small. The client is told 200 and believes it; the data is missing. Both ends on one clock show the ' +
      'first case on the wire; the second one looks right there, and only asking again tells.',
    sources: ['RFC 9110 §15.3.1 (200)', 'RFC 9110 §15.3.3 (202)', 'RFC 4918 §11.5 (507)'],
    parameters: [
      // One byte comes in one piece: nothing could be said before it.
      { ...sizeOf(60_000), minimum: 2 },
      {
        name: 'fails',
        title: 'The store is too small',
        help: 'Whether only half of the content can be stored; without it an early 200 is wrong and nobody is hurt.',
        type: 'boolean',
        default: true,
      },
      PATIENCE,
    ],
    cuts: [
      {
        label: 'Behind an early 200',
        specs: [{ end: 'client', direction: 'out', at: 20_000, content: true, cut: 'rst' }],
      },
    ],
  },
  notes: ['early-success'],
  fragile:
    'A POST that breaks is not sent again here: that its client does not know is what the experiment is about.',
  stores: false,

  async run(context) {
    const { server, target, signal } = context;
    const digest = { sent: null, stored: null };
    const over = (
      outcome: 'completed' | 'failed' | 'refused',
      reason: string,
      observed: Check[] = [],
    ): Finished => ({
      result: { outcome, reason, digest },
      observed,
    });
    const urls = target === null ? SERVERS.map(({ when }) => urlOf(context, when)) : [target];
    for (const url of urls) {
      const result = await upload(context, url);
      if (typeof result === 'string') return over('refused', result);
      if (signal.aborted) return over('failed', 'It was stopped.');
      const { final } = result;
      if (final === null)
        return over(
          'failed',
          'The connection broke before there was any answer: there is nothing to believe.',
        );
      if (target !== null)
        return over('completed', 'The server answered the upload; what it stored cannot be seen from here.', [
          foreignCheck(final.status, result.early),
        ]);
      const thing = valueOf(final.fields, 'content-location');
      // What the client cannot know without asking.
      if (thing !== null) await ask(context, 'GET', new URL(thing, server.url).href);
    }
    return over(
      'completed',
      'Three servers answered the same upload; what they stored was asked for afterwards.',
    );
  },

  expect(model, _result, context) {
    const { target, parameters } = context;
    if (target !== null) return [];
    const fails = parameters['fails'] === true;
    const cases = casesOf(model, context);
    const believed = cases.filter(({ post, stored }) => post.status === 200 && !stored);
    const early = cases.find(({ when }) => when === 'before-content');
    const left = cases.find(({ when }) => when === 'before-work');
    const honest = cases.find(({ when }) => when === 'after-work');
    // A cut decides before the servers do what they were to show.
    const otherwise = faults(model).number > 0 ? 'info' : 'error';
    return [
      ...(early === undefined ? [] : [earlyCheck(model, early, otherwise)]),
      ...(left === undefined ? [] : [leftCheck(model, left, otherwise)]),
      ...(honest === undefined ? [] : [honestCheck(honest, fails, otherwise)]),
      check(
        'belief',
        !fails || believed.length === 2,
        `The client was told 200, and the server has nothing: ${times(believed.length)}.`,
        otherwise,
      ),
    ];
  },

  tables(model, _result, context) {
    const { target } = context;
    const columns = [
      'The server says 200',
      'The client was told',
      'Final response sent',
      'Last byte of content read',
      'Stored',
    ];
    const title = 'When the answer went out, and what was true by then';
    const note = 'Times since the request began, both by the same clock, at the server’s end.';
    if (target !== null) return [];
    const rows = casesOf(model, context).map(({ when, post, stored }) => {
      const { final, lastContent } = serverMoments(model, post);
      return [
        SERVERS.find((server) => server.when === when)!.title,
        statusOf(post),
        inMilliseconds(final),
        inMilliseconds(lastContent),
        stored ? 'all of it' : 'nothing',
      ];
    });
    return [{ title, columns, rows, note } satisfies ResultTable];
  },
};

function urlOf({ server, parameters }: ExperimentContext, when: When): string {
  const size = Number(parameters['size']);
  const room = parameters['fails'] === true ? `&room=${Math.floor(size / 2)}` : '';
  return `${server.url}/early?when=${when}&work=${WORK}${room}`;
}

/** One upload, sent to its end whatever the server says meanwhile. A sentence: the server cannot be reached. */
async function upload(context: ExperimentContext, url: string): Promise<PiecemealResult | string> {
  const size = Number(context.parameters['size']);
  const connection = await openPiecemeal(url, context);
  if (typeof connection === 'string') return connection;
  try {
    return await connection.send({
      method: 'POST',
      url,
      fields: [['Content-Type', 'text/plain']],
      content: linesContent(size),
      framing: 'content-length',
      piece: Math.min(Math.ceil(size / PIECES), PIECE),
      pause: PAUSE,
      hold: null,
      manner: 'go-on',
      patience: patienceOf(context),
    });
  } finally {
    await connection.leave();
  }
}

interface Case {
  readonly when: When;
  readonly post: Exchange;
  /** As the server told when it was asked. */
  readonly stored: boolean;
}

/** Each POST with the questions that followed it. */
function casesOf(model: Model, context: ExperimentContext): Case[] {
  return SERVERS.flatMap(({ when }) => {
    const post = exchangesTo(model, urlOf(context, when)).at(-1);
    if (post === undefined) return [];
    const next = model.exchanges.find(({ id, method }) => id > post.id && method === 'POST')?.id ?? Infinity;
    const asked = model.exchanges.filter(({ id, method }) => method === 'GET' && id > post.id && id < next);
    return [{ when, post, stored: asked.some(({ status }) => status === 200) }];
  });
}

function earlyCheck(model: Model, { post }: Case, otherwise: 'info' | 'error'): Check {
  const { final, lastContent } = serverMoments(model, post);
  return check(
    'early',
    final < lastContent,
    `One 200 was sent at ${inMilliseconds(final)}; the last byte of content was read at ${inMilliseconds(lastContent)}.`,
    otherwise,
  );
}

/** On the wire it looks right: that is what makes it hard to find. */
function leftCheck(model: Model, { post, stored }: Case, otherwise: 'info' | 'error'): Check {
  const { final, lastContent } = serverMoments(model, post);
  return check(
    'left-to-others',
    final >= lastContent,
    `One 200 was sent at ${inMilliseconds(final)}, when the last byte of content had been read ` +
      `(${inMilliseconds(lastContent)}), and before the work: ` +
      `${stored ? 'it went well this time' : 'that failed, and no answer was left to say so'}.`,
    otherwise,
  );
}

function honestCheck({ post, stored }: Case, fails: boolean, otherwise: 'info' | 'error'): Check {
  if (post.status === null)
    return {
      id: 'honest',
      level: 'info',
      message: 'The server that waits for its own work had not answered when the client gave up.',
    };
  const right = fails ? post.status === 507 && !stored : post.status === 200 && stored;
  return check(
    'honest',
    right,
    `The server that waits for its own work said ${statusOf(post)}, which ${right ? 'is true' : 'is not true'}.`,
    otherwise,
  );
}

/** `200 OK` */
function statusOf({ status, reason }: Exchange): string {
  return status === null ? 'nothing' : `${status} ${reason}`.trim();
}

function foreignCheck(status: number, early: boolean): Check {
  return {
    id: 'early',
    level: 'info',
    message: `The server answered ${status}${early ? ' before all of the content was sent' : ', when all of the content had been sent'}.`,
  };
}
