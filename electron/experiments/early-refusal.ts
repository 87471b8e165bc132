// The experiment `early-refusal`: an upload that is refused while it is still being sent. Each row is one way to refuse it
// and to take that; what is compared is the content that was sent for nothing, and what is left of the answer.

import type { Check, ResultTable } from '../../shared/contract.ts';
import type { Exchange, Model } from '../../shared/model/model.ts';
import { grouped } from '../../shared/model/story-words.ts';
import { bytesContent, linesContent, PIECE } from '../client/content.ts';
import { type EarlyManner, openPiecemeal, type PiecemealRequest } from '../client/piecemeal.ts';
import { runStrategy } from '../client/run-strategy.ts';
import { check } from './kit/checks.ts';
import { contentRead, contentSent, exchangesTo } from './kit/exchanges.ts';
import { PATIENCE, sizeOf } from './kit/parameters.ts';
import { patienceOf } from './kit/requests.ts';
import type { Experiment, ExperimentContext } from './kit/types.ts';

/** Pieces of the content, and milliseconds between two: a refusal comes after the first of them. */
const PIECES = 10;
const PAUSE = 25;
/** Part of the client's patience for which it waits for the answer to an expectation. */
const HOLD = 0.5;

interface Way {
  readonly id: string;
  readonly title: string;
  /** Path and query at the test server. */
  readonly at: string;
  readonly manner: EarlyManner;
  readonly framing: PiecemealRequest['framing'];
  readonly expect?: true;
  /** Where the user's own server is tried, too. */
  readonly foreign?: true;
}

/** A key that is not the right one. */
const WRONG = '/guarded?key=wrong';
const LENGTH = 'content-length';

const WAYS: readonly Way[] = [
  {
    id: 'in-content',
    title: 'The key is in the content: it must all be read',
    at: '/guarded?key-in=content',
    manner: 'stop',
    framing: LENGTH,
  },
  {
    id: 'unread',
    title: 'The key is in the URL; the client reads when it has sent all',
    at: `${WRONG}&end=drain`,
    manner: 'look-later',
    framing: LENGTH,
  },
  {
    id: 'stop',
    title: 'The client stops at the refusal, and closes',
    at: `${WRONG}&end=drain`,
    manner: 'stop',
    framing: LENGTH,
    foreign: true,
  },
  {
    id: 'chunks',
    title: 'The client ends its chunks at the refusal, and goes on',
    at: `${WRONG}&end=keep`,
    manner: 'end-chunks',
    framing: 'chunked',
    foreign: true,
  },
  {
    id: 'expect',
    title: 'Expect: 100-continue, and the client waits for the answer',
    at: `${WRONG}&end=drain`,
    manner: 'stop',
    framing: LENGTH,
    expect: true,
    foreign: true,
  },
  {
    id: 'reset-read',
    title: 'The server resets; the client was reading',
    at: `${WRONG}&end=reset`,
    manner: 'stop',
    framing: LENGTH,
  },
  {
    id: 'reset-unread',
    title: 'The server resets; the client was not reading',
    at: `${WRONG}&end=reset`,
    manner: 'look-later',
    framing: LENGTH,
  },
  {
    id: 'announced',
    title: 'Too large by its Content-Length (413)',
    at: '/guarded?key=sesame&limit=',
    manner: 'stop',
    framing: LENGTH,
  },
  {
    id: 'found',
    title: 'Too large by its chunks (413)',
    at: '/guarded?key=sesame&limit=',
    manner: 'stop',
    framing: 'chunked',
  },
];

const TICKET = { id: 'ticket', title: 'A small request first hands out the URL, or does not' } as const;

export const earlyRefusal: Experiment = {
  info: {
    id: 'early-refusal',
    title: 'Refused while uploading',
    group: 'failures',
    teaches:
      'A server that knows from the head that it will refuse need not take in the content, and a client that reads while it ' +
      'sends need not send it. Expect: 100-continue costs a round trip and saves everything; chunks can be ended early so ' +
      'that the connection lives on; with a Content-Length it must be closed. A server that resets instead of reading on ' +
      'may destroy its own answer.',
    sources: [
      'RFC 9110 §10.1.1 (Expect)',
      'RFC 9112 §9.3, §9.6 (closing, lingering)',
      'RFC 9110 §15.5.4 (403), §15.5.14 (413)',
    ],
    parameters: [sizeOf(500_000), PATIENCE],
    cuts: [],
  },
  fragile: 'Each way is tried once, and a cut would be one more way to be refused.',
  stores: false,

  async run(context) {
    const digest = { sent: null, stored: null };
    const ways = WAYS.filter(({ foreign }) => context.target === null || foreign === true);
    for (const way of ways) {
      const sentence = await tryOut(context, way);
      if (sentence !== null)
        return { result: { outcome: 'refused', reason: sentence, digest }, observed: [] };
      if (context.signal.aborted)
        return { result: { outcome: 'failed', reason: 'It was stopped.', digest }, observed: [] };
    }
    if (context.target === null) await askForUrl(context);
    const reason = 'Each way to refuse an upload was tried once.';
    return { result: { outcome: 'completed', reason, digest }, observed: [] };
  },

  expect(model, _result, context) {
    const { target, parameters } = context;
    const size = Number(parameters['size']);
    const of = (id: string): Exchange | undefined => exchangeOf(model, context, id);
    const sent = (id: string): number => contentSentOf(model, of(id));
    const otherwise = target === null ? 'error' : 'info';
    const small = size < 2;
    const told: Check[] = [
      check(
        'expect',
        sent('expect') === 0,
        `With Expect, ${sent('expect')} bytes of content were sent before the refusal.`,
        otherwise,
      ),
      check(
        'stop',
        small || sent('stop') < size,
        `A client that reads while it sends had sent ${grouped(sent('stop'))} of ${grouped(size)} bytes.`,
        otherwise,
      ),
      check(
        'chunks',
        connectionUses(model, of('chunks')) > 1,
        'Chunks that end early leave a connection for the next request.',
        otherwise,
      ),
    ];
    if (target !== null) return told;
    return [
      ...told,
      check(
        'unread',
        sent('unread') === size && of('unread')?.status === 403,
        `A client that reads later had sent ${grouped(sent('unread'))} bytes, and was answered ${statusOf(of('unread'))}.`,
      ),
      check(
        'reset',
        small || of('reset-unread')?.status !== 403,
        `Behind a reset, a client that was not reading saw ${statusOf(of('reset-unread'))}.`,
        'info',
      ),
      check(
        'ticket',
        of(TICKET.id)?.status === 403,
        `The small request was answered ${statusOf(of(TICKET.id))}; no upload was begun.`,
      ),
    ];
  },

  tables(model, _result, context) {
    const size = Number(context.parameters['size']);
    const rows = [...WAYS, TICKET].flatMap((way) => {
      const exchange = exchangeOf(model, context, way.id);
      if (exchange === undefined) return [];
      return [
        [
          way.title,
          statusOf(exchange),
          grouped(contentSent(model, exchange)),
          context.target === null ? grouped(contentRead(model, exchange)) : '–',
          connectionOf(model, exchange),
        ],
      ];
    });
    return [
      {
        title: 'What a refusal costs',
        columns: ['Way', 'Answer', 'Bytes of content sent', 'Read by the server’s program', 'Connection'],
        rows,
        note: `The upload has ${grouped(size)} bytes, in pieces with ${PAUSE} ms between them. What is sent and not read is thrown away.`,
      } satisfies ResultTable,
    ];
  },
};

function urlOf(
  { server, target, parameters }: ExperimentContext,
  way: Pick<Way, 'id'> & { readonly at?: string },
): string {
  if (target !== null) {
    const url = new URL(target);
    url.searchParams.set('way', way.id);
    return url.href;
  }
  if (way.at === undefined) return `${server.url}/guarded/uploads?key=wrong`;
  const limit = way.at.endsWith('limit=') ? Math.floor(Number(parameters['size']) / 4) : '';
  return `${server.url}${way.at}${limit}&way=${way.id}`;
}

function askForUrl(context: ExperimentContext): Promise<unknown> {
  const content = bytesContent(new Uint8Array(0));
  const request = { method: 'POST', url: urlOf(context, TICKET), fields: [], content };
  return runStrategy('plain', request, { patience: patienceOf(context) }, context);
}

/** A sentence: the server cannot be reached; null: it was tried. */
async function tryOut(context: ExperimentContext, way: Way): Promise<string | null> {
  const url = urlOf(context, way);
  const size = Number(context.parameters['size']);
  const connection = await openPiecemeal(url, context);
  if (typeof connection === 'string') return connection;
  const request: PiecemealRequest = {
    method: 'POST',
    url,
    fields: [
      ['Content-Type', 'text/plain'],
      ...(way.expect === true ? [['Expect', '100-continue'] as const] : []),
    ],
    content: linesContent(size),
    framing: way.framing,
    piece: Math.min(Math.ceil(size / PIECES), PIECE),
    pause: PAUSE,
    hold: way.expect === true ? HOLD * patienceOf(context) : null,
    manner: way.manner,
    patience: patienceOf(context),
  };
  try {
    await connection.send(request);
    // What the connection is still good for.
    if (way.framing === 'chunked' && connection.reusable)
      await connection.send({ ...request, content: bytesContent(new Uint8Array(0)) });
  } finally {
    await connection.leave();
  }
  return null;
}

/** The first exchange of a way: the next one on its connection only shows that there can be one. */
function exchangeOf(model: Model, context: ExperimentContext, id: string): Exchange | undefined {
  const way = id === TICKET.id ? TICKET : WAYS.find((known) => known.id === id);
  return way === undefined ? undefined : exchangesTo(model, urlOf(context, way))[0];
}

function contentSentOf(model: Model, exchange: Exchange | undefined): number {
  return exchange === undefined ? 0 : contentSent(model, exchange);
}

function statusOf(exchange: Exchange | undefined): string {
  return exchange?.status === null || exchange === undefined
    ? 'nothing'
    : `${exchange.status} ${exchange.reason}`;
}

function connectionUses(model: Model, exchange: Exchange | undefined): number {
  return exchange === undefined ? 0 : (model.connections[exchange.connection - 1]?.exchanges.length ?? 0);
}

function connectionOf(model: Model, exchange: Exchange): string {
  if (connectionUses(model, exchange) > 1) return 'used again';
  const closed = model.connections[exchange.connection - 1]?.closed;
  if (closed === null || closed === undefined) return 'open';
  return closed.how === 'rst' ? 'reset' : 'closed';
}
