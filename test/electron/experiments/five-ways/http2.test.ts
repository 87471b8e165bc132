// Five ways to wait over HTTP/2, both ends by Node's own http2 on loopback.

import { expect, test } from 'vitest';
import { createJobServer } from '../../../../electron/experiments/five-ways/http2-server.ts';
import {
  byEvents,
  byInterim,
  byLongPolling,
  byShortPolling,
  byWebSocket,
} from '../../../../electron/experiments/five-ways/http2-clients.ts';
import { leaping } from '../../leaping.ts';

const clock = leaping();

async function withJob<T>(
  use: (context: { port: number; clock: typeof clock; signal: AbortSignal }) => Promise<T>,
  signal = new AbortController().signal,
): Promise<T> {
  const server = await createJobServer({ steps: 4, stepMilliseconds: 400, clock });
  try {
    const waiting = use({ port: server.port, clock, signal });
    server.start();
    return await waiting;
  } finally {
    await server.close();
  }
}

test.each([
  ['long polling', byLongPolling, 4],
  ['server-sent events', byEvents, 1],
  ['102s', byInterim, 1],
  ['WebSocket', byWebSocket, 1],
] as const)('%s hears of every step, in %i requests', async (_, way, requests) => {
  const waited = await withJob((context) => way(context));
  expect(waited.told.at(-1)?.done).toBe(4);
  // One that comes back late may hear of two steps at once.
  expect(waited.told.length).toBeLessThanOrEqual(4);
  expect(waited.requests).toBeLessThanOrEqual(requests);
  expect(waited.bytes).toBeGreaterThan(0);
});

test('short polling hears of the end, and asks no more', async () => {
  const waited = await withJob((context) => byShortPolling(context, 100));
  expect(waited.told.at(-1)?.done).toBe(4);
  expect(waited.requests).toBeGreaterThanOrEqual(waited.told.length);
});

test('a stop ends the waiting with an error', async () => {
  const abort = new AbortController();
  const waiting = withJob(async (context) => {
    const waited = byEvents(context);
    abort.abort();
    return waited;
  }, abort.signal);
  await expect(waiting).rejects.toThrow('It was stopped.');
});
