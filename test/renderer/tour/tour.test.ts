import { beforeEach, describe, expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { createPreferences } from '../../../renderer/stores/preferences.ts';
import type { Selection } from '../../../renderer/timeline/types.ts';
import { STOPS } from '../../../renderer/tour/stops.ts';
import { createTour } from '../../../renderer/tour/tour.ts';
import type { RunState, SessionState } from '../../../shared/contract.ts';
import { Kind } from '../../../shared/model/events.ts';
import { play } from '../../shared/export/scenario.ts';

const { model } = play();
const IDLE: RunState = { experiment: null, state: 'idle', reason: '', checks: [], tables: [] };

function host() {
  let held: string | null = null;
  const preferences = createPreferences({
    getItem: () => held,
    setItem: (_key, value) => void (held = value),
  });
  const engine = createStore<{ run: RunState; session: SessionState }>(() => ({
    run: IDLE,
    session: { epoch: 1, live: true } as SessionState,
  }));
  const selected: (Selection | null)[] = [];
  const said: string[] = [];
  let runs = 0;
  let stories = 0;
  const tour = createTour({
    engine,
    preferences,
    model: () => model,
    select: (selection) => selected.push(selection),
    showStory: () => (stories += 1),
    say: (sentence) => said.push(sentence),
    run: () => (runs += 1),
  });
  const ran = (experiment: string, state: RunState['state']): void => {
    engine.setState({ run: { ...IDLE, experiment, state: 'running' } });
    engine.setState({ run: { ...IDLE, experiment, state } });
  };
  return {
    preferences,
    engine,
    tour,
    ran,
    selected,
    said,
    runs: () => runs,
    stories: () => stories,
    at: () => tour.store.getState().stop,
  };
}

describe('the tour', () => {
  let walk: ReturnType<typeof host>;
  beforeEach(() => {
    walk = host();
  });

  it.each([
    ['five-steps', 'completed', 0],
    ['five-steps', 'failed', null],
    ['resumable-request', 'completed', null],
  ] as const)('begins by itself after %s that %s: stop %s', (experiment, state, stop) => {
    walk.ran(experiment, state);
    expect(walk.at()).toBe(stop);
  });

  it('begins by itself once: not again when it was left or walked to its end', () => {
    walk.ran('five-steps', 'completed');
    walk.tour.leave();
    walk.ran('five-steps', 'completed');
    expect(walk.at()).toBe(null);
    expect(walk.preferences.store.getState().toured).toBe(true);
  });

  it('goes from stop to stop, back, and ends behind the last', () => {
    walk.ran('five-steps', 'completed');
    expect(walk.stories()).toBe(1);
    walk.tour.step(-1);
    expect(walk.at()).toBe(0);
    for (let stop = 1; stop < STOPS.length; stop++) {
      walk.tour.step(1);
      expect(walk.at()).toBe(stop);
    }
    walk.tour.step(-1);
    expect(walk.at()).toBe(STOPS.length - 2);
    walk.tour.step(1);
    walk.tour.step(1);
    expect(walk.at()).toBe(null);
    expect(walk.preferences.store.getState().toured).toBe(true);
  });

  it('selects the interim response and the cut that it speaks of, and says every stop', () => {
    walk.ran('five-steps', 'completed');
    for (let stop = 1; stop < STOPS.length; stop++) walk.tour.step(1);
    const kinds = walk.selected.map((selection) => model.events.columns.kind[selection!.id]);
    expect(kinds).toEqual([Kind.interimReceived, Kind.fault]);
    expect(walk.said.map((words) => words.split('. ')[0])).toEqual(STOPS.map(({ title }) => title));
  });

  it('makes way when something else runs or another session is shown, and is then offered anew', () => {
    walk.ran('five-steps', 'completed');
    walk.engine.setState({ run: { ...IDLE, experiment: 'tus-upload', state: 'running' } });
    expect(walk.at()).toBe(null);
    walk.ran('five-steps', 'completed');
    expect(walk.at()).toBe(0);
    walk.engine.setState({ session: { epoch: 2, live: false } as SessionState });
    expect(walk.at()).toBe(null);
  });

  it('runs the example first where it is not what is shown', () => {
    walk.tour.begin();
    expect([walk.runs(), walk.at()]).toEqual([1, null]);
    walk.ran('five-steps', 'completed');
    walk.tour.leave();
    walk.tour.begin();
    expect([walk.runs(), walk.at()]).toEqual([1, 0]);
  });
});
