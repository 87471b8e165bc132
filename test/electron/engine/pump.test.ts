import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Pump } from '../../../electron/engine/pump.ts';
import { applyBatch, readBatchHeader } from '../../../shared/model/batch.ts';
import { EventTable, Kind, NONE } from '../../../shared/model/events.ts';

function fill(table: EventTable, rows: number): void {
  for (let i = 0; i < rows; i++) table.append(i, Kind.responseBytes, 1, 1, NONE, i, i + 1, '');
}

describe('the pump', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('sends everything once, a frame at a time, as fast as the interface takes it', () => {
    const table = new EventTable();
    const copy = new EventTable();
    fill(table, 50_000);
    const pump = new Pump((bytes) => {
      const { epoch, number } = applyBatch(copy, bytes);
      pump.taken(epoch, number);
    });
    pump.restart(table);
    vi.runAllTimers();
    expect(copy.length).toBe(50_000);
    fill(table, 3);
    pump.wake();
    vi.runAllTimers();
    expect(copy.length).toBe(50_003);
  });

  it('never has more than four batches on the way', () => {
    const table = new EventTable();
    fill(table, 100_000);
    const sent: Uint8Array[] = [];
    const pump = new Pump((bytes) => sent.push(bytes));
    pump.restart(table);
    vi.runAllTimers();
    expect(sent).toHaveLength(4);
    pump.taken(pump.epoch, 1);
    vi.runAllTimers();
    expect(sent).toHaveLength(5);
    pump.taken(pump.epoch + 1, 5);
    vi.runAllTimers();
    expect(sent).toHaveLength(5);
  });

  it('keeps the last rows of a file back until all of it was read, and says of the others that more is to come', () => {
    const table = new EventTable();
    const copy = new EventTable();
    const behind: boolean[] = [];
    const pump = new Pump((bytes) => {
      const { epoch, number, firstRow, rows, of } = applyBatch(copy, bytes);
      behind.push(firstRow + rows < of);
      pump.taken(epoch, number);
    });
    // What is foreseen may turn out to be too little.
    table.foreseen = 10;
    fill(table, 100);
    pump.restart(table);
    vi.runAllTimers();
    expect(copy.length).toBe(0);
    fill(table, 10_000);
    pump.wake();
    vi.runAllTimers();
    expect(copy.length).toBeGreaterThan(6000);
    expect(copy.length).toBeLessThan(table.length);
    table.foreseen = 0;
    pump.wake();
    vi.runAllTimers();
    expect(copy.length).toBe(10_100);
    expect(behind).toEqual([...behind.slice(1).map(() => true), false]);
  });

  it('begins again at row 0 with a new epoch', () => {
    const table = new EventTable();
    fill(table, 5);
    const headers: ReturnType<typeof readBatchHeader>[] = [];
    const pump = new Pump((bytes) => headers.push(readBatchHeader(bytes)));
    pump.restart(table);
    vi.runAllTimers();
    pump.restart(table);
    vi.runAllTimers();
    expect(headers.map(({ epoch, number, firstRow, rows }) => [epoch, number, firstRow, rows])).toEqual([
      [1, 1, 0, 5],
      [2, 1, 0, 5],
    ]);
  });
});
