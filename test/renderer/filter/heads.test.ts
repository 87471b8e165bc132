import { describe, expect, it } from 'vitest';
import { type HeadPlace, headAt, readHeads, stretchesOf } from '../../../renderer/filter/heads.ts';
import { storyModel } from '../story-fixture.ts';

function place(connection: number, from: number, to: number): HeadPlace {
  return { connection, stream: 'response', from, to, exchange: 0, at: 0, row: 0 };
}

describe('heads', () => {
  it('are read in one stretch while they lie near each other', () => {
    const stretches = stretchesOf([
      place(1, 0, 100),
      place(2, 0, 50),
      place(1, 100, 180),
      place(1, 200, 260),
      place(1, 9000, 9100),
      place(2, 60, 90),
    ]);
    expect(stretches.map(({ connection, from, to, heads }) => [connection, from, to, heads.length])).toEqual([
      [1, 0, 260, 3],
      [2, 0, 90, 2],
      [1, 9000, 9100, 1],
    ]);
  });

  it('are never asked for in stretches longer than the engine gives', () => {
    const many = Array.from({ length: 10_000 }, (_, at) => place(1, at * 100, at * 100 + 100));
    const stretches = stretchesOf(many);
    expect(Math.max(...stretches.map(({ from, to }) => to - from))).toBeLessThanOrEqual(256 * 1024);
    expect(stretches.reduce((sum, { heads }) => sum + heads.length, 0)).toBe(10_000);
    expect(stretchesOf([place(1, 0, 1_000_000)])).toEqual([]);
  });

  it('are each read once: requests as they were sent, responses as they were received', async () => {
    const model = storyModel();
    const taken: string[] = [];
    const shares: number[] = [];
    await readHeads(
      model,
      { from: 0, to: model.folded },
      (connection, stream, start, end) =>
        Promise.resolve({
          bytes: new TextEncoder().encode(`${connection} ${stream}`.padEnd(end - start)),
          kept: true,
        }),
      ({ exchange, row }) =>
        taken.push(`${exchange} ${row === null ? 'request' : model.events.row(row).code}`),
      (share) => shares.push(share),
      new AbortController().signal,
    );
    const expected = model.exchanges.flatMap(({ id, interim, status }) => [
      `${id} request`,
      ...Array.from(
        interim.values.subarray(0, interim.length),
        (row) => `${id} ${model.events.row(row).code}`,
      ),
      ...(status === null ? [] : [`${id} ${status}`]),
    ]);
    expect(taken.toSorted()).toEqual(expected.toSorted());
    expect(shares).toEqual([1]);
  });

  it('that were not kept are passed over', async () => {
    const model = storyModel();
    const taken: HeadPlace[] = [];
    await readHeads(
      model,
      { from: 0, to: model.folded },
      () => Promise.resolve({ bytes: new Uint8Array(0), kept: false }),
      (head) => taken.push(head),
      () => undefined,
      new AbortController().signal,
    );
    expect(taken).toEqual([]);
  });

  it('are not read on once nobody asks any more', async () => {
    const model = storyModel();
    const asking = new AbortController();
    asking.abort();
    let asked = 0;
    await readHeads(
      model,
      { from: 0, to: model.folded },
      () => {
        asked++;
        return Promise.resolve({ bytes: new Uint8Array(0), kept: true });
      },
      () => undefined,
      () => undefined,
      asking.signal,
    );
    expect(asked).toBe(0);
    expect(headAt(model, 0)).toBeNull();
  });
});
