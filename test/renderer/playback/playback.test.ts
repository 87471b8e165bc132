import { describe, expect, it } from 'vitest';
import { fromSlider, SLIDER_STEPS, toSlider } from '../../../renderer/playback/clock.ts';
import { nextMoment } from '../../../renderer/playback/step.ts';
import { EventTable, Kind } from '../../../shared/model/events.ts';
import { Model } from '../../../shared/model/model.ts';
import { storyModel } from '../story-fixture.ts';

describe('the slider', () => {
  it.each([
    [0, 10, 0],
    [5, 10, SLIDER_STEPS / 2],
    [10, 10, SLIDER_STEPS],
    [Infinity, 10, SLIDER_STEPS],
    [0, 0, SLIDER_STEPS],
    [-3, 10, 0],
  ])('shows %d of %d as %d', (time, end, position) => {
    expect(toSlider(time, end)).toBe(position);
  });

  it('gives back the time it was shown, and all there is at its end', () => {
    for (const time of [0, 1e9, 3.3e9]) expect(fromSlider(toSlider(time, 10e9), 10e9)).toBe(time);
    expect(fromSlider(SLIDER_STEPS, 10e9)).toBe(Infinity);
  });
});

describe('stepping', () => {
  const model = storyModel();

  it('walks through everything but mere bytes, forth and back again', () => {
    const flow = new Set<number>([Kind.requestBytes, Kind.responseBytes, Kind.coverage]);
    const { columns, length } = model.events;
    const moments = new Set<number>();
    for (let row = 0; row < length; row++) if (!flow.has(columns.kind[row]!)) moments.add(columns.time[row]!);
    const expected = [...moments];
    const forth: number[] = [];
    for (let time = 0; time < model.endTime;) {
      time = nextMoment(model, time, 1);
      forth.push(time);
    }
    expect(forth).toEqual(expected);
    const back: number[] = [];
    for (let time = model.endTime; time > expected[0]!;) {
      time = nextMoment(model, time, -1);
      back.push(time);
    }
    expect(back).toEqual(expected.slice(0, -1).toReversed());
  });

  it('ends at the ends', () => {
    expect(nextMoment(model, model.endTime, 1)).toBe(model.endTime);
    expect(nextMoment(model, 0, -1)).toBe(0);
    expect(nextMoment(new Model(new EventTable()), 5, 1)).toBe(0);
  });
});
