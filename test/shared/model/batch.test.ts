import { describe, expect, it } from 'vitest';
import {
  applyBatch,
  BATCH_BYTES,
  type Cursor,
  encodeBatch,
  readBatchHeader,
} from '../../../shared/model/batch.ts';
import { EventTable, Kind, NONE } from '../../../shared/model/events.ts';

function filled(rows: number): EventTable {
  const table = new EventTable();
  for (let i = 0; i < rows; i++)
    table.append(
      i * 1000.5,
      Kind.interimReceived,
      102,
      1 + (i % 7),
      i % 3 === 0 ? NONE : i,
      i * 2 ** 33,
      NaN,
      `gist ${i % 50}`,
    );
  return table;
}

describe('a batch', () => {
  it('carries every row and every string, whatever the cut into batches', () => {
    const source = filled(20_000);
    const copy = new EventTable();
    let cursor: Cursor = { row: 0, string: 1 };
    let number = 0;
    for (;;) {
      const batch = encodeBatch(source, cursor, 3, number + 1);
      if (batch === null) break;
      number++;
      expect(batch.bytes.length).toBeLessThanOrEqual(BATCH_BYTES);
      expect(readBatchHeader(batch.bytes)).toMatchObject({ epoch: 3, number, firstRow: cursor.row });
      // A carrier may hand over an unaligned part of its own buffer.
      const carried = new Uint8Array(batch.bytes.length + 3);
      carried.set(batch.bytes, 3);
      applyBatch(copy, carried.subarray(3));
      cursor = batch.cursor;
    }
    expect(number).toBeGreaterThan(2);
    expect(copy.length).toBe(source.length);
    expect(copy.strings).toEqual(source.strings);
    for (const row of [0, 1, 4999, 9999]) expect(copy.row(row)).toEqual(source.row(row));
  });

  it('is as long as is aimed at, whether its rows have long strings, short ones or none', () => {
    for (const length of [0, 1, 200, 20_000]) {
      const source = new EventTable();
      const rows = length > 1000 ? 100 : 20_000;
      for (let i = 0; i < rows; i++)
        source.append(i, Kind.note, 0, 1, NONE, 0, 0, length === 0 ? '' : String(i).padStart(length));
      const copy = new EventTable();
      const sizes: number[] = [];
      for (let cursor: Cursor = { row: 0, string: 1 }; ;) {
        const batch = encodeBatch(source, cursor, 1, sizes.length + 1);
        if (batch === null) break;
        applyBatch(copy, batch.bytes);
        sizes.push(batch.bytes.length);
        cursor = batch.cursor;
      }
      expect(copy.strings).toEqual(source.strings);
      expect(copy.length).toBe(rows);
      for (const size of sizes) expect(size).toBeLessThanOrEqual(BATCH_BYTES);
      for (const size of sizes.slice(0, -1)) expect(size).toBeGreaterThan(BATCH_BYTES - 25_000);
    }
  });

  it('keeps the last row back while more is foreseen', () => {
    const source = filled(3);
    source.foreseen = 3;
    const first = encodeBatch(source, { row: 0, string: 1 }, 1, 1)!;
    expect(readBatchHeader(first.bytes)).toMatchObject({ rows: 2, of: 4 });
    expect(encodeBatch(source, first.cursor, 1, 2)).toBeNull();
    source.foreseen = 0;
    expect(readBatchHeader(encodeBatch(source, first.cursor, 1, 2)!.bytes)).toMatchObject({ rows: 1, of: 3 });
  });

  it('is refused where rows before it are missing', () => {
    const source = filled(10);
    const batch = encodeBatch(source, { row: 5, string: 1 }, 1, 1)!;
    expect(() => applyBatch(new EventTable(), batch.bytes)).toThrow(RangeError);
  });

  it('is refused when it is none', () => {
    expect(() => applyBatch(new EventTable(), new Uint8Array(12))).toThrow(RangeError);
    expect(() => applyBatch(new EventTable(), new Uint8Array(64))).toThrow(/version/);
  });
});

describe('the event table', () => {
  it('finds the prefix of a time', () => {
    const table = filled(100);
    expect(table.prefix(-1)).toBe(0);
    expect(table.prefix(0)).toBe(1);
    expect(table.prefix(1000.5 * 41)).toBe(42);
    expect(table.prefix(Infinity)).toBe(100);
  });

  it('makes room for what is foreseen, but not out of proportion to what has come', () => {
    const table = new EventTable(1);
    table.reserve(2, 100);
    expect(table.columns.time.length).toBe(103);
    table.reserve(104, 0xffffffff);
    expect(table.columns.time.length).toBeLessThan(10_000);
  });
});
