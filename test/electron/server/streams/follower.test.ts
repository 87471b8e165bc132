// What a follower is told, however appends, its own pace and the end of the appender fall together; and what is on disk when
// that fails.

import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ServerError } from '../../../../electron/server/errors.ts';
import { type Disk, realDisk } from '../../../../electron/server/files/disk.ts';
import { Follower } from '../../../../electron/server/streams/follower.ts';
import type { Stream } from '../../../../electron/server/streams/stream.ts';
import { Streams } from '../../../../electron/server/streams/streams.ts';
import { ContentStores } from '../../../../electron/server/uploads/content-store.ts';
import { newRoot } from '../files/fixture.ts';

function streamsAt(root: string, over: { disk?: Disk; limit?: number } = {}): Promise<Streams> {
  return Streams.open({ root, stores: new ContentStores(), limit: 1_000_000, changed: () => {}, ...over });
}

/** A follower whose messages are taken when the test says so. */
class Told {
  readonly messages: { readonly bytes: Buffer; readonly binary: boolean }[] = [];
  end: string | null = null;
  readonly follower: Follower;
  #done: (() => void) | null = null;

  constructor(stream: Stream, limit = 1_000_000) {
    this.follower = new Follower(stream, {
      limit,
      send: (bytes, binary, done) => {
        // One at a time.
        expect(this.#done).toBeNull();
        this.messages.push({ bytes: Buffer.from(bytes), binary });
        this.#done = done;
      },
      ended: (how) => void (this.end = how),
      tooSlow: () => void (this.end = 'too slow'),
      failed: () => void (this.end = 'failed'),
    });
    stream.follow(this.follower);
    this.follower.start();
  }

  get all(): string {
    return Buffer.concat(this.messages.map(({ bytes }) => bytes)).toString('latin1');
  }

  /** The kernel takes what was sent last. */
  take(): boolean {
    const done = this.#done;
    this.#done = null;
    done?.();
    return done !== null;
  }

  takeAll(): void {
    while (this.take());
  }
}

type Action =
  | { readonly do: 'append'; readonly bytes: Uint8Array; readonly binary: boolean }
  | { readonly do: 'join' }
  | { readonly do: 'take'; readonly which: number };

const actions: fc.Arbitrary<Action[]> = fc.array(
  fc.oneof(
    fc.record({
      do: fc.constant('append' as const),
      bytes: fc.uint8Array({ maxLength: 20 }),
      binary: fc.boolean(),
    }),
    fc.record({ do: fc.constant('join' as const) }),
    fc.record({ do: fc.constant('take' as const), which: fc.nat(5) }),
  ),
  { maxLength: 60 },
);

describe('followers', () => {
  it('are told every byte once and in order, however they come and take', async () => {
    const root = newRoot();
    const streams = await streamsAt(root);
    let number = 0;
    fc.assert(
      fc.property(actions, (what) => {
        const stream = streams.enter(`s${number++}`);
        stream.begin();
        const followers: Told[] = [];
        const appended: Buffer[] = [];
        for (const action of what) {
          if (action.do === 'join') followers.push(new Told(stream));
          else if (action.do === 'take') followers[action.which]?.take();
          else {
            stream.append(action.bytes, action.binary);
            appended.push(Buffer.from(action.bytes));
          }
        }
        stream.leave('left');
        const all = Buffer.concat(appended).toString('latin1');
        for (const told of followers) {
          told.takeAll();
          expect(told.all).toBe(all);
          expect(told.end).toBe('left');
          expect(told.messages.every(({ bytes }) => bytes.length > 0)).toBe(true);
        }
        streams.leave(stream);
      }),
    );
    streams.close();
  });

  it('get what an appender has left, and nothing of the next one', async () => {
    const streams = await streamsAt(newRoot());
    const stream = streams.enter('log');
    stream.begin();
    const told = new Told(stream);
    stream.append(Buffer.from('one'), false);
    stream.append(Buffer.from('two'), false);
    stream.leave('cut');
    stream.begin();
    stream.append(Buffer.from('three'), false);
    told.takeAll();
    expect([told.all, told.end]).toEqual(['onetwo', 'cut']);
    streams.leave(stream);
    streams.close();
  });

  it.each([
    ['bytes', 1, 101, 'x'.repeat(10)],
    ['messages', 10_000, 1_000_000, 'x'],
  ])(
    'are given up when they are too many %s behind, and hear nothing more',
    async (_what, most, limit, text) => {
      const streams = await streamsAt(newRoot());
      const stream = streams.enter('log');
      stream.begin();
      const told = new Told(stream, limit);
      let appended = 0;
      while (told.end === null) {
        stream.append(Buffer.from(text), false);
        appended++;
      }
      expect(told.end).toBe('too slow');
      expect(appended).toBeGreaterThan(most);
      told.takeAll();
      expect(told.messages).toHaveLength(1);
      stream.leave('left');
      expect(told.end).toBe('too slow');
      streams.leave(stream);
      streams.close();
    },
  );

  it('are not told characters in halves as text, whatever the file is made of', async () => {
    const streams = await streamsAt(newRoot());
    const stream = streams.enter('log');
    stream.begin();
    // Pieces of 64 KiB end within a character.
    stream.append(Buffer.from(`a${'ü'.repeat(50_000)}`), false);
    const told = new Told(stream);
    told.takeAll();
    expect(told.messages.map(({ bytes, binary }) => [bytes.length, binary])).toEqual([
      [65_535, false],
      [34_466, false],
    ]);
    streams.leave(stream);
    streams.close();
  });
});

describe('a disk that fails', () => {
  /** Writes some of what it is given, and then says that it is full. */
  const filling = (room: number): Disk => ({
    write: (descriptor, bytes, from, to, at) => {
      if (at >= room) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
      return realDisk.write(descriptor, bytes, from, Math.min(to, from + room - at), at);
    },
  });

  it('leaves whole appends only, and nobody hears of what was not stored', async () => {
    const root = newRoot();
    const streams = await streamsAt(root, { disk: filling(10) });
    const stream = streams.enter('log');
    stream.begin();
    const told = new Told(stream);
    stream.append(Buffer.from('12345678'), false);
    expect(() => stream.append(Buffer.from('half of it'), false)).toThrow(ServerError);
    // There is room for less.
    stream.append(Buffer.from('9'), false);
    stream.leave('failed');
    told.takeAll();
    expect([told.all, told.end]).toEqual(['123456789', 'failed']);
    expect(readFileSync(join(root, '.interim', 'streams', 'log'), 'latin1')).toBe('123456789');
    streams.leave(stream);
    streams.close();
  });

  it('and a stream that is as long as it may be take nothing more', async () => {
    const streams = await streamsAt(newRoot(), { limit: 5 });
    const stream = streams.enter('log');
    stream.begin();
    stream.append(Buffer.from('12345'), false);
    expect(() => stream.append(Buffer.from('6'), false)).toThrow('A stream may have 5 bytes here.');
    expect(stream.length).toBe(5);
    streams.leave(stream);
    streams.close();
  });

  it('makes no way that it cannot use', async () => {
    const root = newRoot();
    const streams = await streamsAt(root);
    mkdirSync(join(root, '.interim', 'streams', 'folder', 'x'), { recursive: true });
    const stream = streams.enter('folder/x');
    expect(() => stream.begin()).toThrow(/There can be no stream folder\/x/);
    expect(stream.appended).toBe(false);
    streams.leave(stream);
    streams.close();
  });
});
