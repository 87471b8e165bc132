// When the user of a library gives it up: on a clock that only the test turns.

import { describe, expect, it } from 'vitest';
import { type GivenUp, watchPatience } from '../../../../electron/client/lenses/sockets.ts';
import { createManualClock } from '../../../../electron/wire/clock.ts';

function watched({ moves }: { readonly moves: boolean }) {
  const clock = createManualClock();
  const given: GivenUp[] = [];
  let moved = 0;
  watchPatience({
    clock,
    signal: new AbortController().signal,
    patience: 1000,
    moved: () => (moves ? moved++ : moved),
    giveUp: (why) => given.push(why),
  });
  return { given, pass: (looks: number) => Array.from({ length: looks }, () => clock.advance(100)) };
}

describe('the patience of a user', () => {
  it('ends when nothing moved for so long', () => {
    const { given, pass } = watched({ moves: false });
    pass(9);
    expect(given).toEqual([]);
    pass(3);
    expect(given.map(({ message }) => message)).toEqual(['No byte came or went for 1000 ms.']);
  });

  it('ends with what comes and comes to no end, too', () => {
    const { given, pass } = watched({ moves: true });
    pass(1190);
    expect(given).toEqual([]);
    pass(30);
    expect(given.map(({ code, message }) => [code, message])).toEqual([
      ['patience', 'It came to no end within 120000 ms.'],
    ]);
  });
});
