// Pipelined requests that are worked on at once: how many, in which order they are answered, and what ends them.

import { describe, expect, test } from 'vitest';
import { createManualClock } from '../../../electron/wire/clock.ts';
import { createFaultBoard } from '../../../electron/wire/faults.ts';
import { message, Notes, running } from './harness.ts';

const get = (query: string, fields: readonly string[] = []): string =>
  message(`GET /parallel?${query}`, fields);

/** Longest delay that is work here; the connection's own are longer. */
const WORK = 1000;

/** A clock that is moved by hand, and says how many pieces of work wait on it. */
function workClock() {
  const clock = createManualClock();
  let waiting = 0;
  let changed = (): void => {};
  const count = (change: number): void => {
    waiting += change;
    changed();
  };
  return {
    now: () => clock.now(),
    after(milliseconds: number, call: () => void): () => void {
      if (milliseconds > WORK) return clock.after(milliseconds, call);
      count(1);
      let over = false;
      const leave = (): void => {
        if (!over) count(-1);
        over = true;
      };
      const cancel = clock.after(milliseconds, () => {
        leave();
        call();
      });
      return () => {
        cancel();
        leave();
      };
    },
    advance: (milliseconds: number) => clock.advance(milliseconds),
    /** Resolves when so many pieces of work wait; there are never more than `most`. */
    working: (number: number, most = number): Promise<void> =>
      new Promise((resolve, reject) => {
        changed = () => {
          if (waiting > most) reject(new Error(`${waiting} are worked on, not ${most}.`));
          else if (waiting === number) resolve();
        };
        changed();
      }),
  };
}

async function asked(requests: string) {
  const clock = workClock();
  const { client } = await running({
    context: { clock, board: createFaultBoard(), recorder: new Notes() },
  });
  const raw = await client();
  raw.send(requests);
  return { raw, clock };
}

const took = (body: string): string => body.trim();

describe('/parallel', () => {
  test('works on all at once, and answers in the order of the requests', async () => {
    const { raw, clock } = await asked(get('work=300&id=a') + get('work=100&id=b') + get('work=200&id=c'));
    await clock.working(3);
    clock.advance(300);
    const answers = [await raw.final(), await raw.final(), await raw.final()];
    expect(answers.map(({ body }) => took(body))).toEqual([
      'a took 300 ms of work.',
      'b took 100 ms of work.',
      'c took 200 ms of work.',
    ]);
    expect(answers.map(({ fields }) => fields.get('server-timing'))).toEqual([
      'work;dur=300',
      'work;dur=100',
      'work;dur=200',
    ]);
  });

  test('holds an answer, and a 102, back until those before it are told', async () => {
    const { raw, clock } = await asked(get('work=300&id=a') + get('work=100&id=b&interim=yes'));
    await clock.working(2);
    clock.advance(299);
    expect(raw.unread).toBe('');
    clock.advance(1);
    expect((await raw.next()).fields.get('request-id')).toBe('a');
    const second = await raw.final();
    expect(second.interim.map(({ status, fields }) => [status, fields.get('request-id')])).toEqual([
      [102, 'b'],
    ]);
    expect(second.fields.get('request-id')).toBe('b');
  });

  test('answers out of turn where that is asked for, and goes on with the connection', async () => {
    const { raw, clock } = await asked(
      get('work=300&order=done', ['Request-Id: a']) + get('work=100&order=done', ['Request-Id: b']),
    );
    await clock.working(2);
    clock.advance(100);
    expect((await raw.next()).fields.get('request-id')).toBe('b');
    clock.advance(200);
    expect((await raw.next()).fields.get('request-id')).toBe('a');
    raw.send(message('GET /test/'));
    expect((await raw.next()).status).toBe(200);
  });

  test('works on 32 at a time, and takes the next up as one is answered', async () => {
    const { raw, clock } = await asked(
      Array.from({ length: 40 }, (_, i) => get(`work=100&id=r${i}`)).join(''),
    );
    await clock.working(32);
    clock.advance(100);
    for (let i = 0; i < 32; i++) expect(took((await raw.next()).body)).toMatch(new RegExp(`^r${i} `));
    await clock.working(8);
    clock.advance(100);
    for (let i = 32; i < 40; i++) expect(took((await raw.next()).body)).toMatch(new RegExp(`^r${i} `));
  });

  test.each([
    ['a request with content', message('POST /parallel?work=100', ['Content-Length: 0'])],
    ['another resource', message('GET /test/')],
  ])('lets nothing past %s', async (_what, between) => {
    const { raw, clock } = await asked(get('work=300&id=a') + between + get('work=100&id=b'));
    await clock.working(1);
    clock.advance(300);
    expect(took((await raw.next()).body)).toBe('a took 300 ms of work.');
    if (between.startsWith('POST')) {
      await clock.working(1);
      clock.advance(100);
    }
    expect((await raw.next()).status).toBe(200);
    await clock.working(1);
    clock.advance(100);
    expect(took((await raw.next()).body)).toBe('b took 100 ms of work.');
  });

  test('ends the connection behind the request that asks for it, whatever came after', async () => {
    const { raw, clock } = await asked(
      get('work=200&id=a', ['Connection: close']) + get('work=100&id=b') + get('work=100&id=c'),
    );
    await clock.working(3);
    clock.advance(200);
    const first = await raw.next();
    expect(first.fields.get('connection')).toBe('close');
    expect(await raw.ended).toBe('fin');
    expect(raw.unread).toBe('');
  });

  test('stops working when the client is gone', async () => {
    const { raw, clock } = await asked(get('work=300') + get('work=300'));
    await clock.working(2);
    raw.reset();
    await clock.working(0, 2);
  });

  test.each([
    ['work=-1', /^work must be a whole number from 0 to 60000\./],
    ['order=never', /^order must be one of request, done\./],
    ['id=%20', /^The id is 1 to 100 letters/],
  ])('says what is wrong with %s', async (query, sentence) => {
    const { ask } = await running();
    const { status, body } = await ask(get(query));
    expect(status).toBe(400);
    expect(body).toMatch(sentence);
  });
});
