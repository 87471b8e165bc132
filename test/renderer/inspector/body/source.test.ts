// The content of a message as it is fetched: in steps, as it grows, and never the same bytes twice.

import { describe, expect, test } from 'vitest';
import { type BodyState, createBodySource, MOST, STEP } from '../../../../renderer/inspector/body/source.ts';
import { saveBody } from '../../../../renderer/inspector/body/save.ts';

const PLACE = { connection: 1, stream: 'response', start: 0, method: 'GET' } as const;

/** A stream whose bytes are these; tells how far each state had come, and what was asked for. */
function sourceOf(bytes: Uint8Array, fails = false) {
  const asked: [number, number][] = [];
  const read = (_connection: number, _stream: string, start: number, end: number) => {
    asked.push([start, end]);
    return fails
      ? Promise.reject(new Error('The engine is gone.'))
      : Promise.resolve({ bytes: bytes.slice(start, end), kept: true });
  };
  let told: (() => void) | null = null;
  const source = createBodySource(read, PLACE, () => told?.());
  /** The state after what was begun. */
  const after = (act: () => void): Promise<BodyState> =>
    new Promise((resolve) => {
      told = () => resolve(source.state!);
      act();
    });
  return { source, asked, after, read };
}

function response(length: number, announced = length): Uint8Array {
  const head = new TextEncoder().encode(
    `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${announced}\r\n\r\n`,
  );
  const bytes = new Uint8Array(head.length + length).fill(0x61);
  bytes.set(head);
  return bytes;
}

describe('the source of a body', () => {
  test('reads a short one whole', async () => {
    const bytes = response(5);
    const { source, after } = sourceOf(bytes);
    expect(source.state).toBeNull();
    const state = await after(() => source.reaches(bytes.length, true));
    expect(state).toMatchObject({
      contentType: 'text/plain',
      announced: 5,
      complete: true,
      more: false,
      problem: null,
    });
    expect(new TextDecoder().decode(state.content)).toBe('aaaaa');
  });

  test('reads a long one in steps, and ends at its bound', async () => {
    const bytes = response(MOST + STEP);
    const { source, after } = sourceOf(bytes);
    let state = await after(() => source.reaches(bytes.length, true));
    expect(state.more).toBe(true);
    let loads = 0;
    for (; state.canLoad; loads++) {
      const had = state.content.length;
      state = await after(() => source.load());
      expect(state.content.length).toBeGreaterThan(had);
    }
    expect(loads).toBe(MOST / STEP - 1);
    expect(state.content.length).toBeGreaterThanOrEqual(MOST);
    expect(state.content.length).toBeLessThan(MOST + 4096);
    expect(state.more).toBe(true);
  });

  test('goes on where it stopped when more has come', async () => {
    const bytes = response(1000);
    const { source, after, asked } = sourceOf(bytes);
    const first = await after(() => source.reaches(500, false));
    expect(first.complete).toBe(false);
    const second = await after(() => source.reaches(bytes.length, true));
    expect(second).toMatchObject({ complete: true });
    expect(second.content).toHaveLength(1000);
    expect(asked).toEqual([
      [0, 500],
      [500, bytes.length],
    ]);
  });

  test('shows less when it is asked for an earlier time', async () => {
    const bytes = response(1000);
    const { source, after } = sourceOf(bytes);
    await after(() => source.reaches(bytes.length, true));
    const earlier = await after(() => source.reaches(bytes.length - 400, false));
    expect(earlier.content).toHaveLength(600);
    expect(earlier.complete).toBe(false);
    const later = await after(() => source.reaches(bytes.length, true));
    expect(later.content).toHaveLength(1000);
    expect(later.complete).toBe(true);
  });

  test('answers what was asked while it was reading', async () => {
    const bytes = response(1000);
    const { source, after } = sourceOf(bytes);
    const state = await after(() => {
      source.reaches(bytes.length, true);
      source.reaches(bytes.length - 900, false);
      source.reaches(bytes.length - 100, false);
    });
    expect(state.content).toHaveLength(900);
    expect(state.complete).toBe(false);
  });

  test('says why it could not be read', async () => {
    const { source, after } = sourceOf(response(5), true);
    expect(await after(() => source.reaches(50, true))).toMatchObject({ problem: 'The engine is gone.' });
  });
});

describe('a body that is saved', () => {
  const save = (bytes: Uint8Array, fields: { contentEncoding?: string; signal?: AbortSignal } = {}) => {
    const told: number[] = [];
    return {
      told,
      saved: saveBody(sourceOf(bytes).read, {
        place: PLACE,
        end: bytes.length,
        closed: true,
        contentEncoding: fields.contentEncoding ?? '',
        progress: (read) => told.push(read),
        signal: fields.signal ?? new AbortController().signal,
      }),
    };
  };

  test('is all of it, also beyond what is shown', async () => {
    const length = MOST + 3 * STEP;
    const { saved, told } = save(response(length));
    expect(await saved).toMatchObject({ remark: null });
    expect((await saved)!.blob.size).toBe(length);
    expect(told.length).toBeGreaterThan(3);
  });

  test('says where it was cut short', async () => {
    const { saved } = save(response(5, 9));
    expect((await saved)!.remark).toMatch(/cut short/);
    expect((await saved)!.blob.size).toBe(5);
  });

  test('keeps a coding that it cannot take off, and says so', async () => {
    const { saved } = save(response(5), { contentEncoding: 'rot13' });
    expect((await saved)!.remark).toMatch(/rot13/);
    expect((await saved)!.blob.size).toBe(5);
  });

  test('can be stopped', async () => {
    const stop = new AbortController();
    stop.abort();
    expect(await save(response(5), { signal: stop.signal }).saved).toBeNull();
  });
});
