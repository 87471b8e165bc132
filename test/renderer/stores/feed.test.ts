import { describe, expect, it } from 'vitest';
import { encodeBatch, readBatchHeader } from '../../../shared/model/batch.ts';
import { EventTable, Kind, NONE } from '../../../shared/model/events.ts';
import { createFeed } from '../../../renderer/stores/feed.ts';
import { storyTable } from '../story-fixture.ts';

function harness() {
  const frames: ((now: number) => void)[] = [];
  const taken: [number, number][] = [];
  let outOfStep = 0;
  const feed = createFeed({
    nextFrame: (callback) => frames.push(callback),
    taken: (epoch, batch) => taken.push([epoch, batch]),
    outOfStep: () => outOfStep++,
  });
  return {
    feed,
    taken,
    frames,
    lost: () => outOfStep,
    /** Runs the frames that were asked for, at that time in milliseconds; returns how many. */
    frame: (now = 0) => frames.splice(0).map((callback) => callback(now)).length,
  };
}

/** A table cut into batches of a few rows, as an engine would send while they come. */
function batches(table: EventTable, epoch: number, rowsEach: number): Uint8Array[] {
  const growing = new EventTable();
  const found: Uint8Array[] = [];
  let cursor = { row: 0, string: 1 };
  for (let row = 0; row < table.length; row++) {
    const { time, kind, code, connection, exchange, a, b, text } = table.row(row);
    growing.append(time, kind, code, connection, exchange, a, b, text);
    if ((row + 1) % rowsEach !== 0 && row !== table.length - 1) continue;
    const made = encodeBatch(growing, cursor, epoch, found.length + 1)!;
    found.push(made.bytes);
    cursor = made.cursor;
  }
  return found;
}

describe('the feed', () => {
  it('folds all batches of a frame at once and tells of it once', () => {
    const { feed, frame, taken } = harness();
    const table = storyTable();
    let told = 0;
    feed.begin(7);
    feed.subscribe(() => told++);
    const sent = batches(table, 7, 50);
    for (const bytes of sent) feed.batch(bytes);
    expect(frame()).toBe(1);
    const { model, revision } = feed.store.getState();
    expect(model.events.length).toBe(table.length);
    expect(model.operations.map(({ title }) => title)).toEqual([
      'Upload 1,000,000 bytes to /capture',
      'Follow the job /job/7f3a.job',
    ]);
    expect(told).toBe(1);
    expect(revision).toBe(2);
    expect(taken).toEqual([[7, sent.length]]);
  });

  it('takes in at once what has more behind it, and tells of it only now and then, and at the end', () => {
    const { feed, frame, taken } = harness();
    const table = new EventTable();
    for (let row = 0; row < 25_000; row++)
      table.append(row, Kind.responseBytes, 1, 1, NONE, row, row + 1, '');
    const sent: Uint8Array[] = [];
    for (let cursor = { row: 0, string: 1 }; ;) {
      const made = encodeBatch(table, cursor, 7, sent.length + 1);
      if (made === null) break;
      sent.push(made.bytes);
      cursor = made.cursor;
    }
    expect(sent.length).toBe(4);
    const told: number[] = [];
    feed.begin(7);
    feed.subscribe(() => told.push(feed.store.getState().model.folded));
    const rows = sent.map((bytes) => readBatchHeader(bytes)).map(({ firstRow, rows }) => firstRow + rows);
    feed.batch(sent[0]!);
    expect(taken).toEqual([[7, 1]]);
    frame(1000);
    feed.batch(sent[1]!);
    frame(1016);
    expect(told).toEqual([rows[0]]);
    feed.batch(sent[2]!);
    frame(1300);
    expect(told).toEqual([rows[0], rows[2]]);
    feed.batch(sent[3]!);
    frame(1316);
    expect(told).toEqual([rows[0], rows[2], 25_000]);
    expect(frame(1332)).toBe(0);
  });

  it('tells the less often the longer more is behind, and as often as ever once it has caught up', () => {
    const { feed, frame } = harness();
    const table = new EventTable();
    for (let row = 0; row < 80_000; row++)
      table.append(row, Kind.responseBytes, 1, 1, NONE, row, row + 1, '');
    let told = 0;
    let cursor = { row: 0, string: 1 };
    feed.begin(7);
    feed.subscribe(() => told++);
    const wordsAt = (times: readonly number[]): number[] =>
      times.map((now, at) => {
        const made = encodeBatch(table, cursor, 7, at + 1)!;
        cursor = made.cursor;
        feed.batch(made.bytes);
        frame(now);
        return told;
      });
    expect(wordsAt([0, 240, 250, 740, 750, 1740, 1750, 2740])).toEqual([1, 1, 2, 2, 3, 3, 4, 4]);
    while (cursor.row < table.length) {
      const made = encodeBatch(table, cursor, 7, 9)!;
      cursor = made.cursor;
      feed.batch(made.bytes);
    }
    frame(2750);
    expect(told).toBe(5);
  });

  it('ignores what belongs to an older session, and begins a newer one by itself', () => {
    const { feed, frame, taken } = harness();
    feed.begin(2);
    const [old] = batches(storyTable(), 1, 1000);
    feed.batch(old!);
    expect(frame()).toBe(0);
    const [newer] = batches(storyTable(), 3, 1000);
    feed.batch(newer!);
    frame();
    expect(feed.store.getState().epoch).toBe(3);
    expect(taken.at(-1)![0]).toBe(3);
  });

  it('drops batches of a session that ended before their frame', () => {
    const { feed, frame } = harness();
    feed.begin(1);
    for (const bytes of batches(storyTable(), 1, 100)) feed.batch(bytes);
    feed.begin(2);
    frame();
    expect(feed.store.getState().model.events.length).toBe(0);
  });

  it('says when a batch is missing, and takes in no more of that frame', () => {
    const { feed, frame, lost, taken } = harness();
    feed.begin(1);
    const sent = batches(storyTable(), 1, 50);
    feed.batch(sent[0]!);
    feed.batch(sent[2]!);
    frame();
    expect(lost()).toBe(1);
    expect(taken).toEqual([]);
  });

  it('says when bytes are no batch at all', () => {
    const { feed, lost } = harness();
    feed.batch(new Uint8Array(3));
    expect(lost()).toBe(1);
  });

  it('begins the same session only once', () => {
    const { feed, frame } = harness();
    const table = new EventTable();
    table.append(1, Kind.connectionOpened, 3, 1, NONE, 0, 0, 'a → b');
    feed.begin(4);
    feed.batch(encodeBatch(table, { row: 0, string: 1 }, 4, 1)!.bytes);
    frame();
    feed.begin(4);
    expect(feed.store.getState().model.events.length).toBe(1);
  });

  it('stops telling whoever has gone', () => {
    const { feed } = harness();
    let told = 0;
    const stop = feed.subscribe(() => told++);
    feed.begin(1);
    stop();
    feed.begin(2);
    expect(told).toBe(1);
  });
});
