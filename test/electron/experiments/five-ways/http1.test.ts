// The five ways against servers that are not ours, and say anything at all: each run ends, with a sentence.

import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { fiveWaysToWait } from '../../../../electron/experiments/five-ways-to-wait.ts';
import { leaping, laboratory } from '../../laboratory.ts';

let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
});

interface Said {
  readonly location?: string;
  readonly get?: (response: ServerResponse) => void;
  readonly message?: string;
}

/** Begins a job wherever it is told to, and answers whoever asks for it as it is told to. */
async function run({ location = '/jobs/1', get, message }: Said) {
  let posts = 0;
  const http = createServer((request, response) => {
    if (request.method === 'POST') {
      posts++;
      response.writeHead(201, { Location: location }).end();
    } else if (get === undefined) response.writeHead(404).end();
    else get(response);
  });
  server = http;
  const sockets = new WebSocketServer({ noServer: true });
  http.on('upgrade', (request, socket, head) =>
    sockets.handleUpgrade(request, socket, head, (web) => {
      if (message !== undefined) web.send(message);
      web.close(1000);
    }),
  );
  await new Promise<void>((resolve) => void http.listen(0, '127.0.0.1', resolve));
  const target = `http://127.0.0.1:${(http.address() as AddressInfo).port}/jobs`;
  const lab = await laboratory(leaping());
  try {
    // What is refused or nonsense is so at once: a machine that is busy must not make it a silence.
    const { result } = await lab.run(fiveWaysToWait, { target, parameters: { patience: 60_000 } });
    return { ...result, posts };
  } finally {
    await lab.close();
  }
}

const json =
  (value: unknown): NonNullable<Said['get']> =>
  (response) =>
    void response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));

describe('five ways to wait at a foreign server', () => {
  it.each([
    ['http://[', /names no place that can be asked/],
    ['https://127.0.0.1/job', /names no place that can be asked/],
  ])('does not follow the Location %s', async (location, reason) => {
    const result = await run({ location });
    expect(result).toMatchObject({ outcome: 'refused', posts: 1 });
    expect(result.reason).toMatch(reason);
  });

  it.each<[string, Said]>([
    ['HTML', { get: (response) => void response.end('<h1>It works</h1>'), message: '<h1>' }],
    ['null', { get: json(null), message: 'null' }],
    ['another JSON', { get: json({ state: {}, progress: 7 }), message: '{"progress":{"done":"x"}}' }],
    [
      'events that are none of ours',
      {
        get: (response) =>
          void response.writeHead(200, { 'Content-Type': 'text/event-stream' }).end('data: {\n\n'),
      },
    ],
  ])('fails with a sentence where it is told %s', async (_name, said) => {
    const { outcome, reason } = await run(said);
    expect(outcome).toBe('failed');
    expect(reason).toBe('By short polling the end was not heard of. The answer tells nothing of a job.');
  });

  it.each<[string, Said]>([
    ['204', { get: (response) => void response.writeHead(204).end() }],
    ['that it still runs', { get: json({ state: 'running', progress: { done: 0, total: 8 } }) }],
  ])('ends where every answer is %s', async (_name, said) => {
    const { outcome, reason } = await run(said);
    expect(outcome).toBe('failed');
    expect(reason).toMatch(/The job was not done long after it was due\.$/);
  });
});
