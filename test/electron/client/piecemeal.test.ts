// A request sent piece by piece, and an answer that comes in the middle of it: each manner to meet that.

import { afterEach, describe, expect, it } from 'vitest';
import { bytesContent } from '../../../electron/client/content.ts';
import { PiecemealConnection, type PiecemealRequest } from '../../../electron/client/piecemeal.ts';
import { memorySink } from '../../../electron/session/memory-sink.ts';
import { createRecorder } from '../../../electron/session/recorder.ts';
import { type ManualClock, createManualClock } from '../../../electron/wire/clock.ts';
import { createFaultBoard } from '../../../electron/wire/faults.ts';
import type { Clock } from '../../../electron/wire/types.ts';
import { type ScriptedServer, type Turn, response, scriptedServer } from './scripted-server.ts';

let server: ScriptedServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

const PAUSE = 100;
const NINE = new TextEncoder().encode('123456789');

/** A clock on which no pause between pieces takes longer than a turn of the loop. */
function hasty(): Clock {
  const manual = createManualClock();
  return {
    now: () => manual.now(),
    after(milliseconds, call) {
      if (milliseconds === PAUSE) setImmediate(() => manual.advance(PAUSE));
      return manual.after(milliseconds, call);
    },
  };
}

async function opened(script: readonly Turn[], clock: Clock = hasty()) {
  server = await scriptedServer([script]);
  let hear = (): void => {};
  const answered = new Promise<void>((resolve) => (hear = resolve));
  const recorder = createRecorder({
    sink: memorySink(),
    onRecord: ({ kind }) => {
      if (kind === 'received') hear();
    },
  });
  const context = {
    recorder,
    board: createFaultBoard(),
    clock,
    random: () => 0.5,
    signal: new AbortController().signal,
  };
  const connection = await PiecemealConnection.open(server.url, context);
  const send = (more: Partial<PiecemealRequest> = {}) =>
    connection.send({
      method: 'POST',
      url: `${server!.url}/x`,
      fields: [],
      content: bytesContent(NINE),
      framing: 'content-length',
      piece: 3,
      pause: PAUSE,
      hold: null,
      manner: 'stop',
      patience: 100_000,
      ...more,
    });
  return {
    connection,
    send,
    /** The client has read something. */
    answered,
    received: () => server!.received[0]!.split('\r\n\r\n').slice(1).join('\r\n\r\n'),
  };
}

/** Moves time on, turn by turn of the loop, until that has come. */
async function advanceUntil(clock: ManualClock, event: Promise<unknown>): Promise<void> {
  const seen = { come: false };
  void event.then(() => (seen.come = true));
  while (!seen.come) {
    clock.advance(PAUSE);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const REFUSED = response('403 Forbidden', ['Content-Length: 2'], 'no');
const STORED = response('200 OK', ['Content-Length: 0']);

describe('a request that is sent piece by piece', () => {
  it('arrives whole, and leaves a connection that can be used again', async () => {
    const { connection, send, received } = await opened([
      { on: /789$/, send: STORED },
      { on: /\r\n0\r\n\r\n$/, send: STORED },
    ]);
    expect(await send()).toMatchObject({
      sent: 9,
      early: false,
      whole: true,
      broke: null,
      final: { status: 200 },
    });
    expect(connection.reusable).toBe(true);
    expect(await send({ framing: 'chunked' })).toMatchObject({ sent: 9, early: false, whole: true });
    expect(received()).toContain('3\r\n123\r\n3\r\n456\r\n3\r\n789\r\n0\r\n\r\n');
    expect(connection.reusable).toBe(true);
    await connection.leave();
  });

  it.each(['content-length', 'chunked'] as const)('goes out without any content, by %s', async (framing) => {
    const { connection, send } = await opened([{ on: /\r\n\r\n$/, send: STORED }]);
    const result = await send({ framing, content: bytesContent(new Uint8Array(0)) });
    expect(result).toMatchObject({ sent: 0, early: false, whole: true, final: { status: 200 } });
    await connection.leave();
  });

  it('ends with the answer where an answer stops it', async () => {
    const { connection, send, received } = await opened([{ on: /123$/, send: REFUSED }], createManualClock());
    expect(await send()).toMatchObject({ sent: 3, early: true, whole: true, final: { status: 403 } });
    expect(received()).toBe('123');
    expect(connection.reusable).toBe(false);
    await connection.leave();
  });

  it('ends its chunks early, and can go on with the next request', async () => {
    const script = [
      { on: /123\r\n$/, send: REFUSED },
      { on: /0\r\n\r\nPOST [^]*789\r\n0\r\n\r\n$/, send: STORED },
    ];
    const { connection, send } = await opened(script, createManualClock());
    const first = await send({ framing: 'chunked', manner: 'end-chunks' });
    expect(first).toMatchObject({ sent: 3, early: true, final: { status: 403 } });
    expect(connection.reusable).toBe(true);
    expect(await send({ framing: 'chunked', piece: 9 })).toMatchObject({ sent: 9, final: { status: 200 } });
    await connection.leave();
  });

  it('is sent to its end although it is answered, where it is to go on', async () => {
    const manual = createManualClock();
    const { connection, send, answered } = await opened(
      [{ on: /123$/, send: STORED }, { on: /789$/ }],
      manual,
    );
    const sending = send({ manner: 'go-on' });
    await answered;
    await advanceUntil(manual, server!.turned(0, 2));
    expect(await sending).toMatchObject({ sent: 9, early: true, whole: true, final: { status: 200 } });
    await connection.leave();
  });

  it('reads nothing before all is sent, where it looks later: a reset takes the answer with it', async () => {
    const manual = createManualClock();
    const { connection, send } = await opened([{ on: /123$/, send: REFUSED, close: 'rst' }], manual);
    const sending = send({ manner: 'look-later' });
    await server!.turned(0, 1);
    await advanceUntil(manual, sending);
    const { final, broke, early } = await sending;
    expect({ final, broke, early }).toEqual({ final: null, broke: 'rst', early: false });
    await connection.leave();
  });

  it.each([
    ['a 100', 'HTTP/1.1 100 Continue\r\n\r\n', '123', 3],
    ['a refusal', REFUSED, '', 0],
  ])('is held back until %s', async (_what, answer, content, sent) => {
    const { connection, send, received } = await opened(
      [{ send: answer }, { on: /123$/, send: STORED }],
      createManualClock(),
    );
    const result = await send({
      hold: 1000,
      fields: [['Expect', '100-continue']],
      content: bytesContent(NINE.subarray(0, 3)),
    });
    expect(result).toMatchObject({ sent, whole: true });
    expect(received()).toBe(content);
    await connection.leave();
  });

  it('is given up when the server is silent for too long', async () => {
    const manual = createManualClock();
    const { connection, send } = await opened([{ on: /123456789$/ }], manual);
    const sending = send({ piece: 9, patience: 1000 });
    await server!.turned(0, 1);
    manual.advance(1000);
    expect(await sending).toMatchObject({ final: null, broke: 'silence', sent: 9 });
    await connection.leave();
  });

  it('is not given up for a pause of its own', async () => {
    const manual = createManualClock();
    const { connection, send } = await opened([{ on: /123$/ }, { on: /789$/, send: STORED }], manual);
    const sending = send({ piece: 3, pause: 5000, patience: 1000 });
    await server!.turned(0, 1);
    await advanceUntil(manual, sending);
    expect(await sending).toMatchObject({ sent: 9, final: { status: 200 } });
    await connection.leave();
  });
});
