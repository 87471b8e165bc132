// Requests written without waiting: what is matched by whoever asked, what a broken connection leaves, and how long it waits.

import { afterEach, describe, expect, it } from 'vitest';
import { pipeline, type Pipelined, type PipelineOptions } from '../../../electron/client/pipelined.ts';
import { parseTarget } from '../../../electron/client/target.ts';
import { memorySink } from '../../../electron/session/memory-sink.ts';
import { createRecorder } from '../../../electron/session/recorder.ts';
import { createManualClock, type ManualClock } from '../../../electron/wire/clock.ts';
import { createFaultBoard } from '../../../electron/wire/faults.ts';
import { response, type ScriptedServer, scriptedServer, type Turn } from './scripted-server.ts';

let server: ScriptedServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

interface Going {
  readonly result: Promise<Pipelined>;
  readonly clock: ManualClock;
  readonly stop: AbortController;
}

/** Three requests: GET /1, HEAD /2, GET /3. */
async function three(turns: readonly Turn[], options: Partial<PipelineOptions> = {}): Promise<Going> {
  server = await scriptedServer([turns]);
  const clock = createManualClock();
  const stop = new AbortController();
  const result = pipeline(
    parseTarget(server.url),
    [
      { method: 'GET', path: '/1', fields: [['X-Id', 'a']] },
      { method: 'HEAD', path: '/2', fields: [] },
      { method: 'GET', path: '/3', fields: [] },
    ],
    { patience: 1_000, firstAlone: false, ...options },
    {
      recorder: createRecorder({ sink: memorySink() }),
      board: createFaultBoard(),
      clock,
      random: () => 0.5,
      signal: stop.signal,
    },
  );
  return { result, clock, stop };
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const seen = ({ answers }: Pipelined): unknown[] =>
  answers.map(({ status, content, interims, whole }) => [
    status,
    text(content),
    interims.map((each) => each.status),
    whole,
  ]);

const ONE = response('200 OK', ['Content-Length: 3'], 'one');
const TWO = response('204 No Content', ['X-Head: yes']);
const THREE = response('404 Not Found', ['Content-Length: 5'], 'three');
const ALL = /\/1 .*\/2 .*\/3 .*\r\n\r\n$/s;

describe('requests on one connection', () => {
  it('are written at once, and answered one after the other', async () => {
    const { result } = await three([{ on: ALL, send: ONE + TWO + THREE }]);
    const done = await result;
    expect(seen(done)).toEqual([
      [200, 'one', [], true],
      [204, '', [], true],
      [404, 'three', [], true],
    ]);
    expect(done).toMatchObject({ broke: null, announced: false });
    expect(done.asked).not.toContain(null);
    expect(server!.received[0]).toMatch(
      /^GET \/1 HTTP\/1\.1\r\nHost: 127\.0\.0\.1:\d+\r\nX-Id: a\r\n\r\nHEAD/,
    );
  });

  it('are not answered by interim responses', async () => {
    const interim = response('102 Processing');
    const { result } = await three([{ on: ALL, send: interim + interim + ONE + interim + TWO + THREE }]);
    expect(seen(await result)).toEqual([
      [200, 'one', [102, 102], true],
      [204, '', [102], true],
      [404, 'three', [], true],
    ]);
  });

  it('wait for the answer to the first where it may be what breaks the connection', async () => {
    const { result } = await three(
      [
        { on: /\/1 .*\r\n\r\n$/s, send: ONE },
        { on: /\/2 .*\/3 .*\r\n\r\n$/s, send: TWO + THREE },
      ],
      { firstAlone: true },
    );
    expect((await result).broke).toBeNull();
    expect(server!.reads[0]![0]).toMatch(/^GET \/1 [^/]*\/1\.1\r\n/);
    expect(server!.reads[0]![0]).not.toContain('/2');
  });

  it.each([
    ['fin', 'fin'],
    ['rst', 'rst'],
  ] as const)('stay without an answer when the connection ends by %s', async (close, broke) => {
    const { result } = await three([{ on: ALL, send: `${ONE}${TWO}HTTP/1.1 2`, close }]);
    const done = await result;
    expect(seen(done).slice(0, 2)).toEqual([
      [200, 'one', [], true],
      [204, '', [], true],
    ]);
    expect(done).toMatchObject({ broke, announced: false });
    expect(done.answers).toHaveLength(2);
  });

  it('are told when the server had said that it would end the connection', async () => {
    const last = response('200 OK', ['Connection: x, Close', 'Content-Length: 0']);
    const { result } = await three([{ on: ALL, send: last, close: 'fin' }]);
    expect(await result).toMatchObject({ broke: 'fin', announced: true });
  });

  it('may be answered by content that the end of the connection delimits', async () => {
    const { result } = await three([
      { on: ALL, send: ONE + TWO + response('200 OK', [], 'to the end'), close: 'fin' },
    ]);
    const done = await result;
    expect(done.broke).toBeNull();
    expect(seen(done)[2]).toEqual([200, 'to the end', [], true]);
  });

  it('keep what came of an answer that broke off, as such', async () => {
    const { result } = await three([
      { on: ALL, send: response('200 OK', ['Content-Length: 9'], 'on'), close: 'rst' },
    ]);
    const done = await result;
    expect(seen(done)).toEqual([[200, 'on', [], false]]);
    expect(done.broke).toBe('rst');
  });

  it('are given up when the server says nothing for the whole patience, not before', async () => {
    const { result, clock } = await three([{ on: ALL, send: ONE }]);
    await server!.turned(0, 1);
    let over = false;
    void result.then(() => (over = true));
    clock.advance(999);
    await new Promise((resolve) => setImmediate(resolve));
    expect(over).toBe(false);
    // What has come since then counts; the next silence does not end.
    clock.advance(2_000);
    expect(await result).toMatchObject({ broke: 'silence' });
  });

  it('are given up when the answer is no HTTP', async () => {
    const { result } = await three([{ on: ALL, send: `${ONE}hello\r\n\r\n` }]);
    expect(await result).toMatchObject({ broke: 'nonsense' });
  });

  it('are given up under a flood of interim responses', async () => {
    const flood = response('102 Processing').repeat(10_001);
    const { result } = await three([{ on: ALL, send: flood }]);
    const done = await result;
    expect(done).toMatchObject({ broke: 'flood', answers: [] });
  });

  it('are reset when the run is stopped', async () => {
    const { result, stop } = await three([{ on: ALL }]);
    await server!.turned(0, 1);
    stop.abort();
    expect(await result).toMatchObject({ broke: 'rst', answers: [] });
  });

  it('keep the first 64 KiB of an answer', async () => {
    const long = response('200 OK', ['Content-Length: 100000'], 'x'.repeat(100_000));
    const { result } = await three([{ on: ALL, send: long + TWO + THREE }]);
    const done = await result;
    expect(done.answers[0]).toMatchObject({ whole: true });
    expect(done.answers[0]!.content).toHaveLength(64 * 1024);
  });
});
