// The strategy `poll` against servers that say exactly what a test tells them to.

import { describe, expect, it } from 'vitest';
import type { StrategyOptions } from '../../../../electron/client/strategy.ts';
import type { Clock } from '../../../../electron/wire/types.ts';
import { contentOf, heads, run as runStrategy } from '../scripted-run.ts';
import { type Turn, response } from '../scripted-server.ts';

/**
 * A clock on which every wait between two questions is over at once, and all other things take no time: so the waits are
 * exact. Longer ones, patience among them, never end.
 */
function jumping(): { clock: Clock; waits: number[] } {
  const waits: number[] = [];
  let now = 0;
  return {
    waits,
    clock: {
      now: () => now,
      after: (milliseconds, call) => {
        if (milliseconds > 60_000 || milliseconds === CONNECT_PATIENCE) return () => {};
        const timer = setImmediate(() => {
          now += milliseconds;
          waits.push(milliseconds);
          call();
        });
        return () => clearImmediate(timer);
      },
    },
  };
}

const CONNECT_PATIENCE = 30_000;

async function run(
  script: readonly (readonly Turn[])[],
  options: StrategyOptions = {},
  fields: readonly (readonly [string, string])[] = [],
) {
  const { clock, waits } = jumping();
  let questions = 0;
  const came = await runStrategy('poll', script, {
    request: { method: 'GET', content: null, fields },
    options,
    clock,
    // Behind it, the connection is only waited for to end.
    onStep: (step) => {
      if (step === 'complete') questions = waits.length;
    },
  });
  return { ...came, waits: waits.slice(0, questions) };
}

const empty = (status: string, fields: readonly string[] = []): string =>
  response(status, [
    ...fields,
    ...(status.startsWith('204') || status.startsWith('304') ? [] : ['Content-Length: 0']),
  ]);
const text = (status: string, content: string, fields: readonly string[] = []): string =>
  response(status, [...fields, `Content-Length: ${content.length}`], content);

describe('polling', () => {
  it('asks on one connection until the answer says no more that it is to ask again', async () => {
    const { result, said, waits, steps } = await run([
      [
        { send: text('200 OK', 'one', ['Retry-After: 2']) },
        { send: empty('202 Accepted') },
        { send: empty('204 No Content', ['Retry-After: 1']) },
        { send: text('200 OK', 'done') },
      ],
    ]);
    expect(result).toMatchObject({
      outcome: 'completed',
      reason: 'The answer to question 4 asks for no other (200 OK).',
    });
    expect(contentOf(result)).toBe('done');
    expect(heads(said[0]!)).toHaveLength(4);
    expect(waits).toEqual([2000, 1000, 1000]);
    expect(steps.filter((step) => step === 'connect')).toHaveLength(1);
  });

  it('asks no faster than four times a second where a server holds nothing and wants the next question at once', async () => {
    const { waits } = await run([
      [
        { send: empty('204 No Content', ['Retry-After: 0']) },
        { send: empty('204 No Content', ['Retry-After: 0']) },
        { send: text('200 OK', 'done') },
      ],
    ]);
    expect(waits).toEqual([250, 250]);
  });

  it('asks at once after a request that was held', async () => {
    const { clock, waits } = jumping();
    let looks = 0;
    const { result, said } = await runStrategy(
      'poll',
      [
        [
          { send: empty('204 No Content', ['Retry-After: 0']) },
          { send: empty('304 Not Modified', ['Retry-After: 0']) },
          { send: text('200 OK', 'done') },
        ],
      ],
      {
        request: { method: 'GET', content: null },
        // Whatever happens takes a fifth of a second.
        clock: { ...clock, now: () => clock.now() + looks++ * 200 },
      },
    );
    expect(result.outcome).toBe('completed');
    expect(heads(said[0]!)).toHaveLength(3);
    expect(waits).not.toContain(250);
  });

  it('asks on a beat of the user’s own, whatever the server names', async () => {
    const { waits } = await run(
      [
        [
          { send: text('200 OK', 'one', ['Retry-After: 60']) },
          { send: text('200 OK', 'two', ['Retry-After: 60']) },
          { send: text('200 OK', 'done') },
        ],
      ],
      { interval: 10_000 },
    );
    expect(waits).toEqual([10_000, 10_000]);
  });

  it('asks only for what is new once it has an entity tag, and gives what it had when that is still so', async () => {
    const { result, said } = await run([
      [
        { send: text('200 OK', 'one', ['ETag: W/"1"', 'Retry-After: 1']) },
        { send: empty('304 Not Modified', ['Retry-After: 1']) },
        { send: text('200 OK', 'two', ['ETag: "2"', 'Retry-After: 1']) },
        { send: text('200 OK', 'done') },
      ],
    ]);
    expect(said[0]!.match(/If-None-Match: .*/g)).toEqual([
      'If-None-Match: W/"1"',
      'If-None-Match: W/"1"',
      'If-None-Match: "2"',
    ]);
    expect(contentOf(result)).toBe('done');
  });

  it('leaves a condition of the user’s own alone', async () => {
    const { said } = await run(
      [[{ send: text('200 OK', 'one', ['ETag: "1"', 'Retry-After: 1']) }, { send: text('200 OK', 'done') }]],
      {},
      [['If-None-Match', '"0"']],
    );
    expect(said[0]!.match(/If-None-Match: .*/g)).toEqual(['If-None-Match: "0"', 'If-None-Match: "0"']);
  });

  it('opens a connection for each question where the server ends each', async () => {
    const { result, said } = await run([
      [{ send: empty('202 Accepted', ['Connection: close']), close: 'fin' }],
      [{ send: text('200 OK', 'done', ['Connection: close']), close: 'fin' }],
    ]);
    expect(result.outcome).toBe('completed');
    expect(said).toHaveLength(2);
  });

  it('asks again after a break, and after not now', async () => {
    const { result, said } = await run([
      [{ send: empty('202 Accepted') }, { close: 'rst' }],
      [{ send: empty('503 Service Unavailable', ['Retry-After: 1']) }, { send: text('200 OK', 'done') }],
    ]);
    expect(result).toMatchObject({ outcome: 'completed', reason: expect.stringMatching(/question 2/) });
    expect(said.map((connection) => heads(connection).length)).toEqual([2, 2]);
  });

  it.each(['404 Not Found', '500 Internal Server Error', '303 See Other', '410 Gone'])(
    'ends with %s',
    async (status) => {
      const { result, said } = await run([[{ send: empty('202 Accepted') }, { send: empty(status) }]]);
      expect(result).toMatchObject({ outcome: 'refused', reason: `The server answered ${status}.` });
      expect(heads(said[0]!)).toHaveLength(2);
    },
  );

  it('reads a date by the server’s own clock, and no time longer than a minute', async () => {
    const { waits } = await run([
      [
        {
          send: empty('202 Accepted', [
            'Date: Sun, 06 Nov 1994 08:49:37 GMT',
            'Retry-After: Sun, 06 Nov 1994 08:49:42 GMT',
          ]),
        },
        { send: empty('202 Accepted', ['Retry-After: 86400']) },
        { send: empty('202 Accepted', ['Retry-After: whenever']) },
        { send: text('200 OK', 'done') },
      ],
    ]);
    expect(waits).toEqual([5000, 60_000, 1000]);
  });
});
