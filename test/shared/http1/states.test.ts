// The table of states: what it must never allow.

import { expect, test } from 'vitest';
import { Event, State, nextState } from '../../../shared/http1/states.ts';

const states = Object.entries(State);

test.each(states)('from %s a violation leads to failed, or cannot happen any more', (name, state) => {
  if (name === 'tunnel' || name === 'failed' || name === 'closed') {
    expect(() => nextState(state, Event.violation)).toThrow(/no transition/);
  } else expect(nextState(state, Event.violation)).toBe(State.failed);
});

test.each(states)('from %s the end of the stream leads to closed, but a failure stays one', (_, state) => {
  expect(nextState(state, Event.end)).toBe(state === State.failed ? State.failed : State.closed);
});

test('every state can be reached from idle, and every event happens somewhere', () => {
  const reached = new Set<State>([State.idle]);
  const happened = new Set<string>();
  for (const state of reached) {
    for (const [name, event] of Object.entries(Event)) {
      try {
        reached.add(nextState(state, event));
        happened.add(name);
      } catch {
        // No such transition.
      }
    }
  }
  expect(reached.size).toBe(states.length);
  expect([...happened].sort()).toEqual(Object.keys(Event).sort());
});

test('a head cannot be complete before its start line', () => {
  for (const event of [
    Event.headAlone,
    Event.headSized,
    Event.headChunked,
    Event.headUntilClose,
    Event.headUpgrade,
  ]) {
    expect(() => nextState(State.startLine, event)).toThrow(/no transition/);
    expect(() => nextState(State.idle, event)).toThrow(/no transition/);
  }
});
