// The idle time-out of a platform: what counts as movement, and when nothing has moved for too long.

import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../../electron/wire/clock.ts';
import { IdleCut } from '../../../electron/wire/idle-cut.ts';
import type { Clock, IdleRule } from '../../../electron/wire/types.ts';
import { createRig, hear } from './rig.ts';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

const GET = 'GET / HTTP/1.1\r\nHost: test\r\n\r\n';
const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
const SPACE = '1\r\n \r\n';
const PROCESSING = 'HTTP/1.1 102 Processing\r\n\r\n';
const UPGRADED = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n';

/** `>` bytes of the client, `<` bytes of the server, a number: so many milliseconds go by. */
type Act = `>${string}` | `<${string}` | number;

interface Case {
  readonly name: string;
  readonly acts: readonly Act[];
  /** Milliseconds at which it is cut; null: it is not. */
  readonly cutAt: number | null;
  readonly first?: IdleRule['first'];
}

/** When the rule `{ firstByte: 30, between: 55 }` cuts, within 1000 ms of the last act. */
function play({ acts, first = 'any-byte' }: Case): number | null {
  const clock = createManualClock();
  let cutAt: number | null = null;
  const idle = new IdleCut({ firstByte: 30, between: 55, first }, clock, () => {
    expect(cutAt).toBeNull();
    cutAt = clock.now();
  });
  for (const act of acts) {
    if (typeof act === 'number') clock.advance(act);
    else if (act.startsWith('>')) idle.received(ascii(act.slice(1)));
    else idle.sent(ascii(act.slice(1)));
  }
  clock.advance(1000);
  expect(clock.pending).toBe(0);
  return cutAt;
}

const cases: readonly Case[] = [
  { name: 'leaves a connection alone on which nothing was asked', acts: [100], cutAt: null },
  { name: 'cuts a request that nobody answers', acts: [10, `>${GET}`], cutAt: 40 },
  {
    name: 'counts from the end of a request, however slowly it comes',
    acts: [`>${GET.slice(0, 9)}`, 100, `>${GET.slice(9)}`],
    cutAt: 130,
  },
  {
    name: 'counts from the end of its content, too',
    acts: ['>POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 2\r\n\r\n1', 80, '>2'],
    cutAt: 110,
  },
  {
    name: 'allows more time between the bytes of an answer',
    acts: [`>${GET}`, 29, `<${CHUNKED}`, 54, `<${SPACE}`],
    cutAt: 138,
  },
  {
    name: 'lets bytes of the client count as movement, too',
    acts: [`>${GET}`, `<${CHUNKED}`, 50, `>${GET}`],
    cutAt: 105,
  },
  {
    name: 'is content with a whole answer',
    acts: [`>${GET}`, 29, `<${CHUNKED}${SPACE}0\r\n\r\n`],
    cutAt: null,
  },
  {
    name: 'gives the next request of a connection its own time',
    acts: [`>${GET}${GET}`, 20, '<HTTP/1.1 204 No Content\r\n\r\n'],
    cutAt: 50,
  },
  {
    name: 'takes an interim response for the first byte where any byte is',
    acts: [`>${GET}`, 20, `<${PROCESSING}`],
    cutAt: 75,
  },
  {
    name: 'does not where only the final response counts',
    acts: [`>${GET}`, 20, `<${PROCESSING}`],
    cutAt: 30,
    first: 'final-response',
  },
  {
    name: 'counts every byte once the final response has begun',
    acts: [`>${GET}`, 20, `<${CHUNKED}`, 50, `<${SPACE}`],
    cutAt: 125,
    first: 'final-response',
  },
  {
    name: 'watches an upgraded connection for bytes of either side',
    acts: [`>${GET}`, `<${UPGRADED}`, 50, '>\x01', 50, '<\x02'],
    cutAt: 155,
  },
  {
    name: 'goes on watching when an answer is no HTTP any more',
    acts: [`>${GET}`, `<${CHUNKED}`, 10, '<zz\r\n'],
    cutAt: 65,
  },
];

describe('the idle time-out', () => {
  it.each(cases)('$name', (one) => {
    expect(play(one)).toBe(one.cutAt);
  });

  it('says nothing after it was stopped', () => {
    const clock = createManualClock();
    const idle = new IdleCut({ firstByte: 30, between: 55, first: 'any-byte' }, clock, () => {
      throw new Error('cut');
    });
    idle.received(ascii(GET));
    idle.stop();
    idle.sent(ascii(CHUNKED));
    expect(clock.pending).toBe(0);
    clock.advance(1000);
  });
});

describe('a machine that was held up', () => {
  /** A clock whose timers ring late by as much as they are told to. */
  function sleepy(): {
    clock: Clock;
    sleep: (milliseconds: number) => void;
    ring: (milliseconds: number) => void;
  } {
    const manual = createManualClock();
    let asleep = 0;
    return {
      clock: {
        now: () => manual.now() + asleep,
        after: (milliseconds, call) => manual.after(milliseconds, call),
      },
      sleep: (milliseconds) => (asleep += milliseconds),
      ring: (milliseconds) => manual.advance(milliseconds),
    };
  }

  it('is forgiven once: the server’s own timers could not ring either', () => {
    const { clock, sleep, ring } = sleepy();
    let cuts = 0;
    const idle = new IdleCut({ firstByte: 30, between: 55, first: 'any-byte' }, clock, () => cuts++);
    idle.received(ascii(GET));
    sleep(40);
    ring(30);
    expect(cuts).toBe(0);
    ring(29);
    expect(cuts).toBe(0);
    ring(1);
    expect(cuts).toBe(1);
  });

  it('does not forgive what is hardly late', () => {
    const { clock, sleep, ring } = sleepy();
    let cuts = 0;
    const idle = new IdleCut({ firstByte: 30, between: 55, first: 'any-byte' }, clock, () => cuts++);
    idle.received(ascii(GET));
    sleep(5);
    ring(30);
    expect(cuts).toBe(1);
  });
});

describe('a wire under an idle time-out', () => {
  it('resets the connection of a silent server, as a fault of the plan', async () => {
    const rig = await createRig();
    try {
      rig.board.idle = { firstByte: 30, between: 55, first: 'any-byte' };
      const { client, server } = await rig.pair();
      rig.board.idle = null;
      const atClient = hear(client);
      const asked = hear(server, ({ length }) => {
        if (length === GET.length) rig.clock.advance(30);
      });
      void client.write(ascii(GET));
      expect(await asked.closed).toMatchObject({ how: 'rst', by: 'fault' });
      expect(await atClient.closed).toMatchObject({ how: 'rst', received: 0 });
      expect(rig.recorder.faults()).toEqual([
        { end: 'server', direction: 'out', action: 'cut', cut: 'rst', origin: 'plan', at: 0 },
      ]);
    } finally {
      await rig.close();
    }
  });

  it('is the server’s alone, and stops with the connection', async () => {
    const rig = await createRig();
    try {
      rig.board.idle = { firstByte: 30, between: 55, first: 'any-byte' };
      const { client, server } = await rig.pair();
      const atClient = hear(client);
      hear(server, () => server.close('fin'));
      void client.write(ascii(GET));
      expect(await atClient.closed).toMatchObject({ how: 'fin', by: 'server' });
      await server.over;
      expect(rig.clock.pending).toBe(0);
      expect(rig.recorder.faults()).toEqual([]);
    } finally {
      await rig.close();
    }
  });
});
