import { describe, expect, it } from 'vitest';
import { SessionClock } from '../../../renderer/timeline/clock.ts';
import { EventTable } from '../../../shared/model/events.ts';
import { Model } from '../../../shared/model/model.ts';
import { storyModel, storyTable } from '../story-fixture.ts';

describe('the clock of a session', () => {
  it('rests at the last event when nothing is under way', () => {
    let page = 0;
    const clock = new SessionClock(() => page);
    const model = storyModel();
    expect(clock.now(model, true)).toBe(model.endTime);
    page = 5000;
    expect(clock.moving(model, true)).toBe(false);
    expect(clock.now(model, true)).toBe(model.endTime);
  });

  it('goes on with the clock of the page while an exchange is under way, for a minute', () => {
    let page = 100;
    const clock = new SessionClock(() => page);
    const model = storyModel(2000);
    expect(clock.now(model, true)).toBe(model.endTime);
    page = 350;
    expect(clock.moving(model, true)).toBe(true);
    expect(clock.now(model, true)).toBeCloseTo(model.endTime + 250e6, -1);
    page = 1e6;
    expect(clock.moving(model, true)).toBe(false);
    expect(clock.now(model, true)).toBe(model.endTime + 60e9);
    expect(clock.now(model, false)).toBe(model.endTime);
  });

  it('never goes back when events come late, nor ahead of the promptest one', () => {
    let page = 0;
    const clock = new SessionClock(() => page);
    const from = storyTable(2000);
    const table = new EventTable();
    const model = new Model(table);
    let before = 0;
    for (let event = 0; event < from.length; event++) {
      const row = from.row(event);
      table.append(row.time, row.kind, row.code, row.connection, row.exchange, row.a, row.b, row.text);
      model.fold();
      // Each event is 1 to 40 ms late.
      page = Math.max(page, row.time / 1e6 + 1 + ((event * 7) % 40));
      const now = clock.now(model, true);
      expect(now).toBeGreaterThanOrEqual(before);
      expect(now).toBeLessThanOrEqual(page * 1e6);
      before = now;
    }
  });
});
