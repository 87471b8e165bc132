// Who survives the idle time-out of a platform, by the times alone and in a run.

import { describe, expect, it } from 'vitest';
import { foresee, idleTimeout, type IdleTimes } from '../../../electron/experiments/idle-timeout.ts';
import { leaping, laboratory } from '../laboratory.ts';

const usual: IdleTimes = { first: 500, between: 917, work: 2400, every: 250 };

describe('what is foreseen', () => {
  it.each([
    ['silence', 'any-byte', usual, false],
    ['spaces', 'final-response', usual, true],
    ['comments', 'any-byte', usual, true],
    ['interim', 'any-byte', usual, true],
    ['interim', 'final-response', usual, false],
    ['silence', 'any-byte', { ...usual, work: 400 }, true],
    ['spaces', 'any-byte', { ...usual, every: 1500 }, false],
    // The first space comes when the head has gone out: only the time between bytes counts.
    ['spaces', 'any-byte', { ...usual, every: 700 }, true],
    ['interim', 'any-byte', { ...usual, every: 700 }, false],
    ['interim', 'any-byte', { ...usual, every: 3000 }, false],
    ['interim', 'any-byte', { ...usual, every: 3000, work: 400 }, true],
    // There are ten of them, and then silence.
    ['interim', 'any-byte', { ...usual, work: 5000 }, false],
    ['silence', 'any-byte', { ...usual, work: 500 }, null],
  ] as const)('%s where the first byte is %s', (way, platform, times, survives) => {
    expect(foresee(times, way, platform)).toBe(survives);
  });
});

describe('idle-timeout', () => {
  it('cuts the silent server’s client, and the 102s of a platform that does not count them', async () => {
    const lab = await laboratory(leaping());
    try {
      const { checks, tables } = await lab.run(idleTimeout);
      expect(checks.filter(({ level }) => level !== 'pass')).toEqual([]);
      const cut = expect.stringMatching(/^cut off after \d+ ms$/);
      expect(tables[0]!.rows).toEqual([
        ['nothing', cut, cut, '–'],
        [expect.stringContaining('space'), 'answered', 'answered', expect.stringMatching(/^\d+$/)],
        [expect.stringContaining('comments'), 'answered', 'answered', expect.stringMatching(/^\d+$/)],
        // Nine heads of 27 bytes.
        ['102 Processing', 'answered', cut, '243'],
      ]);
      expect(lab.context.board.idle).toBeNull();
    } finally {
      await lab.close();
    }
  });

  it('cannot be run against a foreign server', async () => {
    const lab = await laboratory();
    try {
      const { result } = await lab.run(idleTimeout, { target: 'http://127.0.0.1:9/' });
      expect(result).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('--target') });
    } finally {
      await lab.close();
    }
  });
});
