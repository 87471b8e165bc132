import { describe, expect, it } from 'vitest';
import { layoutRows } from '../../../renderer/timeline/layout.ts';
import { RowsIndex } from '../../../renderer/timeline/rows.ts';
import { type Places, eventBeside, rowBeside } from '../../../renderer/timeline/selecting.ts';
import type { Selection } from '../../../renderer/timeline/types.ts';
import { Kind } from '../../../shared/model/events.ts';
import { storyModel } from '../story-fixture.ts';

function places(): Places {
  const model = storyModel();
  const index = new RowsIndex();
  index.update(model);
  return { model, index, layout: layoutRows(model, index, new Set()), filter: null };
}

/** Selections reached by pressing a key again and again. */
function walk(
  from: Selection | null,
  next: (at: Selection | null) => Selection | null | 'no row',
): Selection[] {
  const found: Selection[] = [];
  let at = from;
  for (let press = 0; press < 20; press++) {
    const reached = next(at);
    if (reached === null || reached === 'no row') break;
    found.push(reached);
    at = reached;
  }
  return found;
}

describe('the arrow keys', () => {
  it('walk down the rows and stop at the last', () => {
    const all = places();
    const rows = walk(null, (at) => rowBeside(all, at, 1)).slice(0, 8);
    expect(rows.map((row) => `${row.kind} ${row.id}`)).toEqual([
      'operation 0',
      'connection 1',
      'connection 2',
      'connection 3',
      'operation 1',
      'connection 4',
      'connection 4',
      'connection 4',
    ]);
  });

  it('walk up from the bottom', () => {
    const all = places();
    expect(rowBeside(all, null, -1)).toEqual({ kind: 'connection', id: 4 });
    expect(rowBeside(all, { kind: 'connection', id: 1 }, -1)).toEqual({ kind: 'operation', id: 0 });
  });

  it('walk through the events of a row, each response once', () => {
    const all = places();
    const kinds = walk({ kind: 'connection', id: 2 }, (at) => eventBeside(all, at, 1, Infinity)).map(
      (event) => all.model.events.row(event.id).kind,
    );
    expect(kinds.slice(0, 3)).toEqual([Kind.finalReceived, Kind.fault, Kind.connectionClosed]);
  });

  it('walk back from the last event', () => {
    const all = places();
    const last = eventBeside(all, { kind: 'connection', id: 1 }, -1, Infinity);
    if (last === null || last === 'no row') throw new Error('an event was expected');
    expect(all.model.events.row(last.id).kind).toBe(Kind.connectionClosed);
    const before = eventBeside(all, last, -1, Infinity);
    expect(before).not.toEqual(last);
  });

  it('start at the exchange that is selected', () => {
    const all = places();
    const next = eventBeside(all, { kind: 'exchange', id: 4 }, 1, Infinity);
    if (next === null || next === 'no row') throw new Error('an event was expected');
    expect(all.model.events.row(next.id)).toMatchObject({ kind: Kind.interimReceived, exchange: 4 });
  });

  it('do not go beyond the playhead', () => {
    const all = places();
    const walked = walk({ kind: 'connection', id: 2 }, (at) => eventBeside(all, at, 1, 2.2e9));
    for (const event of walked) expect(all.model.events.row(event.id).time).toBeLessThanOrEqual(2.2e9);
    expect(eventBeside(all, { kind: 'connection', id: 3 }, 1, 1e9)).toBeNull();
  });

  it('need a row before they can walk through its events', () => {
    expect(eventBeside(places(), null, 1, Infinity)).toBe('no row');
    expect(eventBeside(places(), { kind: 'event', id: 1e9 }, 1, Infinity)).toBe('no row');
  });
});
