import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventTable, Kind, Layer, NONE } from '../../../shared/model/events.ts';
import { BarKind, Model } from '../../../shared/model/model.ts';
import { layoutRows, metricsFor, rowAt } from '../../../renderer/timeline/layout.ts';
import { type RowIndex, RowsIndex } from '../../../renderer/timeline/rows.ts';
import { bigModel, storyModel, storyTable } from '../story-fixture.ts';

function columnOf({ base, length }: RowIndex, column: ArrayLike<number>): number[] {
  return Array.from({ length }, (_, place) => column[base + place]!);
}

/** What an index knows, for comparison. */
function told(index: RowsIndex): unknown {
  return index.rows.map((row) => ({
    operation: row.operation,
    connection: row.connection,
    bars: columnOf(row, row.columns.bar),
    kind: columnOf(row, row.columns.kind),
    from: columnOf(row, row.columns.from),
    to: columnOf(row, row.columns.to),
    marks: [...row.marks.values.subarray(0, row.marks.length)],
  }));
}

/** All bars of a row that touch a stretch of time, looked up the slow way. */
function slowly(model: Model, bars: readonly number[], first: number, last: number): number[] {
  return bars.filter((bar) => model.bars.start[bar]! <= last && model.bars.end[bar]! >= first);
}

describe('the index of rows', () => {
  it('is the same whether the session came at once or event by event', () => {
    const whole = new RowsIndex();
    whole.update(storyModel());

    const from = storyTable();
    const table = new EventTable();
    const model = new Model(table);
    const index = new RowsIndex();
    for (let event = 0; event < from.length; event++) {
      const row = from.row(event);
      table.append(row.time, row.kind, row.code, row.connection, row.exchange, row.a, row.b, row.text);
      model.fold();
      index.update(model);
    }
    expect(told(index)).toEqual(told(whole));
  });

  it('draws a response from its head on, also when the head is told before the bytes that it lies in', () => {
    const table = new EventTable();
    table.append(0, Kind.connectionOpened, 3, 1, NONE, 0, 0, 'a → b');
    table.append(1, Kind.operation, 0, 1, 0, 0, 0, 'GET /');
    table.append(1, Kind.exchange, 0, 1, 0, 0, 0, 'GET /');
    table.append(1, Kind.requestHead, Layer.sent, 1, 0, 0, 30, '');
    table.append(1, Kind.requestBytes, Layer.sent, 1, 0, 0, 30, '');
    table.append(50, Kind.finalReceived, 200, 1, 0, 0, 40, 'OK');
    table.append(50, Kind.responseBytes, Layer.received, 1, 0, 0, 100, '');
    table.append(90, Kind.responseBytes, Layer.received, 1, 0, 100, 200, '');
    const model = new Model(table);
    model.fold();
    const index = new RowsIndex();
    index.update(model);
    const seen: number[] = [];
    index.bars(model, index.rows[0]!, 60, 95, (bar) => seen.push(model.bars.kind[bar]!));
    expect(seen).toEqual([BarKind.responseReceived]);
    const response = model.exchanges[0]!.bars[BarKind.responseReceived]!;
    expect([index.headAt(model, response), index.contentAt(model, response)]).toEqual([50, 50]);
  });

  it('groups each connection under the operation that used it', () => {
    const index = new RowsIndex();
    index.update(storyModel());
    expect(index.rows.map((row) => [row.operation, row.connection])).toEqual([
      [0, 1],
      [0, 2],
      [1, 4],
      [0, 3],
    ]);
  });

  it('finds the bars in view, whatever the view', () => {
    const model = bigModel(4000, 3);
    const index = new RowsIndex();
    index.update(model);
    for (const row of index.rows)
      for (const [first, last] of [
        [0, model.endTime],
        [model.endTime * 0.4, model.endTime * 0.41],
        [model.endTime * 0.9, model.endTime * 2],
        [-100, -1],
      ] as const) {
        const found: number[] = [];
        index.bars(model, row, first, last, (bar) => found.push(bar));
        expect(found).toEqual(slowly(model, columnOf(row, row.columns.bar), first, last));
        expect(index.barsWithin(model, row, first, last)).toBeGreaterThanOrEqual(found.length);
      }
  });

  it('knows when a head ended, when its content began and where it paused', () => {
    const table = new EventTable();
    table.append(0, Kind.connectionOpened, 1, 1, NONE, 0, 0, 'a → b');
    table.append(0, Kind.operation, 0, 1, 0, 0, 0, 'Upload');
    table.append(10, Kind.exchange, 0, 1, 0, 0, 0, 'POST /');
    table.append(10, Kind.requestBytes, Layer.sent, 1, 0, 0, 100, '');
    table.append(10, Kind.requestHead, Layer.sent, 1, 0, 0, 100, '');
    table.append(50e6, Kind.requestBytes, Layer.sent, 1, 0, 100, 200, '');
    table.append(900e6, Kind.requestBytes, Layer.sent, 1, 0, 200, 300, '');
    const model = new Model(table);
    model.fold();
    const index = new RowsIndex();
    index.update(model);
    const bar = model.exchanges[0]!.bars[BarKind.requestSent]!;
    expect(index.headAt(model, bar)).toBe(10);
    expect(index.contentAt(model, bar)).toBeCloseTo(50e6, -1);
    expect(index.pauses(bar)).toEqual([50e6, 900e6]);
  });

  it('sees content that came in the same read as its head', () => {
    const table = new EventTable();
    table.append(0, Kind.connectionOpened, 1, 1, NONE, 0, 0, 'a → b');
    table.append(0, Kind.operation, 0, 1, 0, 0, 0, 'Upload');
    table.append(10, Kind.exchange, 0, 1, 0, 0, 0, 'POST /');
    table.append(10, Kind.requestBytes, Layer.sent, 1, 0, 0, 150, '');
    table.append(10, Kind.requestHead, Layer.sent, 1, 0, 0, 100, '');
    const model = new Model(table);
    model.fold();
    const index = new RowsIndex();
    index.update(model);
    expect(index.contentAt(model, 0)).toBe(10);
  });

  it('gives a connection without a request a row, which becomes that of its first operation', () => {
    const table = new EventTable();
    table.append(0, Kind.connectionOpened, 1, 1, NONE, 0, 0, 'a → b');
    const model = new Model(table);
    model.fold();
    const index = new RowsIndex();
    index.update(model);
    expect(index.rows.map((row) => row.operation)).toEqual([-1]);
    table.append(5, Kind.operation, 0, 1, 0, 0, 0, 'Get');
    table.append(5, Kind.exchange, 0, 1, 0, 0, 0, 'GET /');
    model.fold();
    const before = index.version;
    index.update(model);
    expect(index.rows.map((row) => row.operation)).toEqual([0]);
    expect(index.version).toBeGreaterThan(before);
  });
});

describe('the layout', () => {
  it('puts a header above each operation, and none above a single one', () => {
    const model = storyModel();
    const index = new RowsIndex();
    index.update(model);
    const { rows } = layoutRows(model, index, new Set());
    expect(
      rows.map((row) => (row.kind === 'operation' ? `operation ${row.operation}` : row.connection)),
    ).toEqual(['operation 0', 1, 2, 3, 'operation 1', 4]);
    const single = storyModel(2000);
    const ofSingle = new RowsIndex();
    ofSingle.update(single);
    expect(layoutRows(single, ofSingle, new Set()).rows.map((row) => row.kind)).toEqual([
      'connection',
      'connection',
    ]);
  });

  it('hides the connections of a collapsed operation', () => {
    const model = storyModel();
    const index = new RowsIndex();
    index.update(model);
    const { rows } = layoutRows(model, index, new Set([0]));
    expect(rows.map((row) => row.kind)).toEqual(['operation', 'operation', 'connection']);
  });

  it('stacks rows without gaps that a pointer could fall into unnoticed', () => {
    const model = storyModel();
    const index = new RowsIndex();
    index.update(model);
    const layout = layoutRows(model, index, new Set());
    layout.rows.forEach((row, at) => {
      expect(rowAt(layout, row.top)).toBe(at);
      expect(rowAt(layout, row.top + row.height - 1)).toBe(at);
    });
    expect(rowAt(layout, layout.height)).toBe(layout.rows.length);
  });

  it('makes rows lower as they become many, and tracks never overlap', () => {
    const heights = [1, 20, 400].map((connections) => metricsFor(connections).height);
    expect([...heights].sort((one, other) => other - one)).toEqual(heights);
    for (const connections of [1, 20, 400]) {
      const metrics = metricsFor(connections);
      expect(metrics.clientTrack + metrics.trackHeight).toBeLessThan(metrics.serverTrack);
      expect(metrics.serverTrack + metrics.trackHeight).toBeLessThanOrEqual(metrics.height);
    }
  });

  it('grows into what it would be if it were made anew', () => {
    const step = fc.record({ connection: fc.integer({ min: 1, max: 60 }), again: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 80 }), (steps) => {
        const table = new EventTable();
        const model = new Model(table);
        const index = new RowsIndex();
        let layout = layoutRows(model, index, new Set([2]));
        let operations = 0;
        steps.forEach(({ connection, again }, exchange) => {
          if (model.connections[connection - 1] === undefined)
            table.append(exchange, Kind.connectionOpened, 1, connection, NONE, 0, 0, 'a → b');
          else {
            const operation = again && operations > 0 ? operations >> 1 : operations++;
            table.append(exchange, Kind.operation, 0, connection, exchange, operation, 0, 'Get');
            table.append(exchange, Kind.exchange, 0, connection, exchange, operation, 0, 'GET /');
          }
          model.fold();
          index.update(model);
          const anew = layoutRows(model, index, new Set([2]));
          if (!layout.extend(model, index)) layout = anew;
          expect(layout.rows).toEqual(anew.rows);
          expect(layout.height).toBe(anew.height);
          for (const row of index.rows) expect(layout.rowOf(row)).toEqual(anew.rowOf(row));
        });
      }),
    );
  });

  it('leaves what comes behind its last row where it is', () => {
    const { table, model, index } = manyOperations(50);
    const layout = layoutRows(model, index, new Set());
    const before = [...layout.rows];
    table.append(50, Kind.operation, 0, 1, 50, 50, 0, 'Get');
    table.append(50, Kind.exchange, 0, 1, 50, 50, 0, 'GET /');
    model.fold();
    index.update(model);
    expect(layout.extend(model, index)).toBe(true);
    expect(layout.rows.length).toBe(before.length + 2);
    before.forEach((row, at) => expect(layout.rows[at]).toBe(row));
  });
});

/** One operation after the other, all on one connection. */
function manyOperations(count: number): { table: EventTable; model: Model; index: RowsIndex } {
  const table = new EventTable();
  table.append(0, Kind.connectionOpened, 1, 1, NONE, 0, 0, 'a → b');
  for (let id = 0; id < count; id++) {
    table.append(id, Kind.operation, 0, 1, id, id, 0, 'Get');
    table.append(id, Kind.exchange, 0, 1, id, id, 0, 'GET /');
  }
  const model = new Model(table);
  model.fold();
  const index = new RowsIndex();
  index.update(model);
  return { table, model, index };
}
