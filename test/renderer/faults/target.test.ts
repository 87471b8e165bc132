import { describe, expect, it } from 'vitest';
import { connectionOf, liveConnection } from '../../../renderer/faults/target.ts';
import type { Selection } from '../../../renderer/timeline/types.ts';
import { storyModel } from '../story-fixture.ts';

describe('the connection of what is selected', () => {
  const model = storyModel();
  const rowOf = (connection: number): number => model.connections[connection - 1]!.marks.at(0)!;
  it.each<[Selection | null, number | null]>([
    [null, null],
    [{ kind: 'connection', id: 3 }, 3],
    [{ kind: 'exchange', id: 4 }, 3],
    [{ kind: 'exchange', id: 999 }, null],
    [{ kind: 'event', id: rowOf(2) }, 2],
    [{ kind: 'event', id: 1e9 }, null],
    [{ kind: 'operation', id: 0 }, null],
  ])('of %o is %o', (selected, connection) => {
    expect(connectionOf(model, selected)).toBe(connection);
  });
});

describe('the connection that a fault from the toolbar acts on', () => {
  it.each<[string, number, Selection | null, number | null]>([
    ['the one that is open', 1000, null, 1],
    ['the youngest that is busy', 3150, null, 4],
    ['the selected one, if it is open', 3150, { kind: 'connection', id: 3 }, 3],
    ['never one that is closed, selected or not', 3150, { kind: 'connection', id: 1 }, 4],
    ['an idle one for want of a busy one', 5000, { kind: 'connection', id: 1 }, 3],
    ['none before any is open', 0, null, null],
  ])('is %s', (_name, ms, selected, connection) => {
    expect(liveConnection(storyModel(ms), selected)).toBe(connection);
  });
});
