import { describe, expect, it } from 'vitest';
import { exchangeOf, shownOperation, summarise } from '../../../renderer/workspace/operation.ts';
import type { Selection } from '../../../renderer/timeline/types.ts';
import type { Expression } from '../../../shared/filter/filter.ts';
import { Matcher } from '../../../shared/filter/matcher.ts';
import { parseFilter } from '../../../shared/filter/parse.ts';
import { EventTable } from '../../../shared/model/events.ts';
import { Model } from '../../../shared/model/model.ts';
import { storyModel } from '../story-fixture.ts';

const model = storyModel();

describe('the operation that is shown', () => {
  it.each<[Selection | null, number]>([
    [null, 0],
    [{ kind: 'operation', id: 1 }, 1],
    [{ kind: 'exchange', id: 5 }, 1],
    [{ kind: 'connection', id: 4 }, 1],
    [{ kind: 'connection', id: 2 }, 0],
    [{ kind: 'event', id: model.connections[3]!.marks.at(0)! }, 1],
    [{ kind: 'event', id: 1e9 }, 0],
  ])('for %o is %d: the upload where nothing says otherwise', (selected, id) => {
    expect(shownOperation(model, selected)?.id).toBe(id);
  });

  it.each([
    ['op:2', null, 1],
    ['method:PATCH', null, 0],
    ['op:2', { kind: 'operation', id: 0 }, 0],
    ['status:599', null, 0],
  ] as const)(
    'is with %s and %o selected %d: one that the filter shows, where it shows any',
    (text, selected, id) => {
      const filter = new Matcher(model, parseFilter(text) as Expression);
      filter.update();
      expect(shownOperation(model, selected, filter)?.id).toBe(id);
    },
  );

  it('is none before anything happened', () => {
    expect(shownOperation(new Model(new EventTable()), null)).toBeNull();
  });
});

describe('the exchange of what is selected', () => {
  it.each<[Selection | null, number | null]>([
    [null, null],
    [{ kind: 'exchange', id: 2 }, 2],
    [{ kind: 'exchange', id: 99 }, null],
    [{ kind: 'connection', id: 2 }, 2],
    [{ kind: 'operation', id: 1 }, 5],
    [{ kind: 'event', id: model.exchanges[4]!.interim.at(0)! }, 4],
  ])('for %o is %o', (selected, exchange) => {
    expect(exchangeOf(model, selected)).toBe(exchange);
  });
});

describe('the header of an operation', () => {
  const at = (ms: number) => summarise(model, model.operations[0]!, ms * 1e6);

  it.each([
    [110, 'running', 'interim', '1 connection · 1 exchange · 0 interim'],
    [1400, 'broken', 'cut', '1 connection · 1 exchange · 1 interim'],
    [1700, 'running, resumed once', 'interim', '2 connections · 3 exchanges · 1 interim'],
    [4700, 'running, resumed twice', 'interim', '3 connections · 5 exchanges · 3 interim'],
    [Infinity, 'completed, resumed twice', 'final', '3 connections · 5 exchanges · 4 interim'],
  ])('at %d ms says %s', (ms, badge, tone, counts) => {
    expect(at(ms)).toEqual({
      title: 'Upload 1,000,000 bytes to /capture',
      badge,
      tone,
      counts: counts.split(' · '),
    });
  });
});
