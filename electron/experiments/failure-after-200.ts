// The experiment `failure-after-200`: a server that fails when its 200 has gone out, in every way to say so, and clients of
// several libraries: who notices what. Each answer is asked for once by each, and once more by a client that repeats.

import { createHash } from 'node:crypto';
import type { Check, ResultTable } from '../../shared/contract.ts';
import type { Model } from '../../shared/model/model.ts';
import { valueOf } from '../../shared/fields/value-of.ts';
import { availableLenses, lens } from '../client/lenses/index.ts';
import type { LensName, LensReport } from '../client/lenses/types.ts';
import { runStrategy } from '../client/run-strategy.ts';
import { FAILURE_FIELD, type FailingFraming, type FailingWay } from '../server/resources/failing.ts';
import { check, faults } from './kit/checks.ts';
import { exchangesTo } from './kit/exchanges.ts';
import { PATIENCE } from './kit/parameters.ts';
import { patienceOf } from './kit/requests.ts';
import type { Experiment, ExperimentContext } from './kit/types.ts';

interface Way {
  readonly way: FailingWay;
  readonly framing: FailingFraming;
  readonly title: string;
  /** What the raw client must make of it. */
  readonly raw: string;
}

const WHOLE = 'takes it for whole';
const TRAILER = 'sees the trailer';

const WAYS: readonly Way[] = [
  { way: 'honest', framing: 'chunked', title: 'Nothing: it does not fail', raw: WHOLE },
  { way: 'fin', framing: 'chunked', title: 'FIN between two chunks', raw: 'notices (fin)' },
  {
    way: 'fin',
    framing: 'close',
    title: 'FIN, where the end of the connection is the end of the content',
    raw: WHOLE,
  },
  { way: 'rst', framing: 'chunked', title: 'RST between two chunks', raw: 'notices (rst)' },
  {
    way: 'rst',
    framing: 'close',
    title: 'RST, where the end of the connection is the end of the content',
    raw: 'notices (rst)',
  },
  { way: 'malformed-chunk', framing: 'chunked', title: 'A chunk that is none', raw: 'notices (nonsense)' },
  { way: 'trailer', framing: 'chunked', title: 'A trailer field that says so', raw: TRAILER },
  { way: 'short-length', framing: 'length', title: 'FIN before Content-Length is met', raw: 'notices (fin)' },
  { way: 'rst', framing: 'length', title: 'RST before Content-Length is met', raw: 'notices (rst)' },
  { way: 'digest', framing: 'chunked', title: 'Repr-Digest of what should have come', raw: WHOLE },
  { way: 'in-content', framing: 'chunked', title: 'A last line that says so', raw: WHOLE },
];

/** Bytes of the content. */
const SIZE = 20_000;
/** Requests that are repeated at a time. */
const AT_ONCE = 6;

export const failureAfter200: Experiment = {
  info: {
    id: 'failure-after-200',
    title: 'A failure after the 200',
    group: 'failures',
    teaches:
      'The status line is gone when a server notices that it cannot go on. It can still break the framing, by a FIN, a reset ' +
      'or a chunk that is none, and every careful client notices; it can say so in a trailer, a digest or the content ' +
      'itself, and only those notice who look. Where the end of the connection is the end of the content, a FIN says nothing.',
    sources: ['RFC 9112 §8 (incomplete messages)', 'RFC 9110 §6.5 (trailers)', 'RFC 9530 (Repr-Digest)'],
    parameters: [PATIENCE],
    cuts: [],
  },
  notes: ['digest-not-met', 'invalid-chunk-size'],
  fragile: 'Whatever breaks is what it compares, and another break would be one more row.',
  stores: false,

  async run(context) {
    const digest = { sent: null, stored: null };
    if (context.target !== null) {
      const reason = 'Only the test server fails on purpose: leave out --target.';
      return { result: { outcome: 'refused', reason, digest }, observed: [] };
    }
    const lenses = await availableLenses();
    const rows: string[][] = [];
    const observed: Check[] = lenses.some(({ name }) => name === 'curl') ? [] : [NO_CURL];
    for (const way of WAYS) {
      const cells: string[] = [];
      let looked = '–';
      for (const { name } of lenses) {
        const report = await ask(context, name, way);
        cells.push(verdictOf(report));
        if (name === 'raw') {
          looked = appliedTo(way, report);
          observed.push(rawCheck(way, report, faults(context.model()).number > 0));
        }
        if (context.signal.aborted)
          return { result: { outcome: 'failed', reason: 'It was stopped.', digest }, observed };
      }
      rows.push([way.title, ...cells, looked]);
    }
    // Most of it is waiting before the second request.
    for (let from = 0; from < WAYS.length; from += AT_ONCE)
      await Promise.all(WAYS.slice(from, from + AT_ONCE).map((way) => repeat(context, way)));
    const title = 'Who notices what';
    const named = lenses.map(({ name, version }) => (version === '' ? name : `${name} (${version})`));
    const columns = ['The server fails by', ...named, 'Who checks the content'];
    const note =
      'Each client asked once; in brackets, the error that it tells. The last column: what a user finds who compares the digest or the last line.';
    return {
      result: { outcome: 'completed', reason: 'Each client has met each failure.', digest },
      observed,
      tables: [{ title, columns, rows, note }],
    };
  },

  expect(model, _result, context) {
    if (context.target !== null) return [];
    const noticed = WAYS.filter(({ raw }) => raw === 'notices (fin)' || raw === 'notices (rst)');
    const mended = noticed.filter((way) => requestsFor(model, context, way).at(-1)?.complete === true);
    return [
      check(
        'repeat',
        mended.length === noticed.length,
        `A client that repeats got the whole content in ${mended.length} of the ${noticed.length} cases in which the ` +
          'connection told of the failure.',
      ),
    ];
  },

  tables(model, _result, context) {
    if (context.target !== null) return [];
    const rows = WAYS.map((way) => {
      const exchanges = requestsFor(model, context, way);
      const whole = exchanges.at(-1)?.complete === true;
      const got =
        exchanges.length > 1 ? 'got it whole' : way.way === 'honest' ? 'got it whole' : 'kept what is broken';
      return [way.title, String(exchanges.length), whole ? got : 'gave up'];
    });
    return [
      {
        title: 'A client that repeats what broke',
        columns: ['The server fails once by', 'Requests', 'The client'],
        rows,
        note: 'Only a break that the framing tells is repeated; nonsense is not, since it would come again.',
      } satisfies ResultTable,
    ];
  },
};

const NO_CURL: Check = {
  id: 'curl',
  level: 'info',
  message: 'There is no curl on the PATH: its column is missing.',
};

function ask(context: ExperimentContext, name: LensName, { way, framing }: Way): Promise<LensReport> {
  const url = `${context.server.url}/failing?way=${way}&framing=${framing}&size=${SIZE}`;
  return lens(
    name,
    { method: 'GET', url, fields: [], content: null, patience: patienceOf(context) },
    context,
  );
}

/** What the client's user was told. */
function verdictOf({ completed, error, told }: LensReport): string {
  if (error !== null) return `notices (${nameOf(error)})`;
  if (!completed) return 'is told nothing';
  const trailers = told.flatMap((one) => (one.what === 'trailers' ? one.fields : []));
  return trailers.some(([name]) => name.toLowerCase() === FAILURE_FIELD.toLowerCase()) ? TRAILER : WHOLE;
}

/** A code as it is known; a bare number is told nothing by, without whose it is. */
function nameOf({ name, code }: { readonly name: string; readonly code: string }): string {
  if (code === '') return name;
  return /^\d+$/.test(code) ? `${name} ${code}` : code;
}

/** What the content says of itself to a user who looks. */
function appliedTo({ way }: Way, { content, told }: LensReport): string {
  if (way === 'digest') {
    const final = told.find((one) => one.what === 'final');
    const announced = valueOf(final?.fields, 'repr-digest') ?? '';
    const found = createHash('sha256').update(content).digest('base64');
    return announced === `sha-256=:${found}:` ? 'finds nothing' : 'the digest differs';
  }
  if (way !== 'in-content') return '–';
  return new TextDecoder().decode(content).split('\r\n').at(-2)?.startsWith('failed: ') === true
    ? 'reads that it failed'
    : 'finds nothing';
}

/** @param cut somebody else has broken a connection, too: then it need not be the server's failure that is noticed */
function rawCheck(way: Way, report: LensReport, cut: boolean): Check {
  const verdict = verdictOf(report);
  return check(
    `raw-${way.way}-${way.framing}`,
    verdict === way.raw,
    `${way.title}: the raw client ${verdict}${verdict === way.raw ? '' : `; “${way.raw}” was due`}.`,
    cut ? 'info' : 'error',
  );
}

/** One failure, and no more after it. */
function repeatUrl({ server }: ExperimentContext, { way, framing }: Way): string {
  return `${server.url}/failing?way=${way}&framing=${framing}&size=${SIZE}&times=1&key=${way}-${framing}`;
}

function repeat(context: ExperimentContext, way: Way): Promise<unknown> {
  const request = { method: 'GET', url: repeatUrl(context, way), fields: [], content: null };
  return runStrategy('repeat', request, { patience: patienceOf(context) }, context);
}

function requestsFor(model: Model, context: ExperimentContext, way: Way) {
  return exchangesTo(model, repeatUrl(context, way));
}
