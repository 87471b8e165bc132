// The experiment as it tells itself, and under random cuts: nobody is told a byte that was not stored, and the digests are
// equal in the end.

import { describe, expect, it } from 'vitest';
import { appendAndFollow } from '../../../electron/experiments/append-and-follow.ts';
import type { CutSpec } from '../../../shared/contract.ts';
import { formatCutSpec } from '../../../shared/export/specs.ts';
import { notesIn } from '../../shared/model/rules/notes-of.ts';
import { leaping, laboratory } from '../laboratory.ts';

/** mulberry32. 0 ≤ x < 1. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

describe('append-and-follow', () => {
  it('cuts the appender off, and tells each follower what is stored and no more', async () => {
    const lab = await laboratory();
    try {
      const { result, checks, tables } = await lab.run(appendAndFollow, { parameters: { followers: 2 } });
      expect(result.outcome, lab.story()).toBe('completed');
      expect(checks.map(({ id, level }) => [id, level])).toEqual([
        ['followers', 'pass'],
        ['nothing-untrue', 'pass'],
        ['second-appender', 'pass'],
        ['digest', 'pass'],
        ['connections', 'info'],
      ]);
      const rows = tables[0]!.rows;
      expect(rows.map(([name, , bytes, , all]) => [name, bytes, all])).toEqual([
        ['1, round 1', '34,000', 'no'],
        ['2, round 1', '34,000', 'no'],
        ['1, round 2', '50,000', 'yes'],
        ['2, round 2', '50,000', 'yes'],
      ]);
      // What was there in one message, and then each append in its own.
      expect(rows[2]![3]).toBe('17');
      expect(rows[1]![1]).toBe('25,000');
    } finally {
      await lab.close();
    }
  });

  it('leaves the second appender with 403, and one connection of the appender where nothing is cut', async () => {
    const lab = await laboratory();
    try {
      const { result } = await lab.run(appendAndFollow, {
        cuts: [],
        parameters: { size: 5000, followers: 1 },
      });
      expect(result.outcome).toBe('completed');
      const { exchanges } = lab.model();
      expect(exchanges.map(({ method, status }) => [method, status])).toEqual([
        ['GET', 101],
        ['GET', 101],
        ['GET', 403],
      ]);
    } finally {
      await lab.close();
    }
  });

  it('is refused to go on where the stream of a target holds something already', async () => {
    const lab = await laboratory();
    try {
      const url = `${lab.server.url}/streams/used`;
      const over = { target: url, cuts: [], parameters: { size: 2000 } };
      expect((await lab.run(appendAndFollow, over)).result.outcome).toBe('completed');
      const again = await lab.run(appendAndFollow, over);
      expect(again.result).toMatchObject({ outcome: 'refused' });
      expect(again.result.reason).toMatch(/^The stream holds something already/);
      const nothing = await lab.run(appendAndFollow, { ...over, target: `${lab.server.url}/nothing` });
      expect(nothing.result).toMatchObject({ outcome: 'refused' });
      expect(nothing.result.reason).toMatch(/^The server answered 404 Not Found: There is nothing here/);
    } finally {
      await lab.close();
    }
  });

  it('ends when it is stopped', async () => {
    const lab = await laboratory();
    const stop = new AbortController();
    try {
      const running = lab.run(appendAndFollow, {
        cuts: [],
        parameters: { size: 4_000_000_000, pause: 1000 },
        signal: stop.signal,
      });
      stop.abort();
      expect((await running).result).toMatchObject({ outcome: 'failed', reason: 'The run was stopped.' });
    } finally {
      await lab.close();
    }
  });

  it('completes whatever is cut', async () => {
    const wrong: string[] = [];
    for (let seed = 1; seed <= 10; seed++) {
      const random = seeded(seed);
      const one = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)]!;
      const cuts: CutSpec[] = Array.from({ length: 1 + Math.floor(random() * 4) }, () => ({
        end: one(['client', 'server'] as const),
        direction: one(['in', 'out'] as const),
        at: Math.floor(random() * one([120, 400, 12_000])),
        content: false,
        cut: one(['rst', 'fin', 'stall'] as const),
      }));
      const lab = await laboratory(leaping());
      const { result, checks } = await lab.run(appendAndFollow, {
        cuts,
        random,
        parameters: { size: 10_000, pause: 1 },
      });
      const errors = checks.filter(({ level }) => level === 'error').map(({ message }) => message);
      const notes = notesIn(lab.model().events).map(({ rule }) => rule);
      const right = result.outcome === 'completed' && result.digest.sent === result.digest.stored;
      if (!right || errors.length > 0 || notes.length > 0)
        wrong.push(
          [
            `seed ${seed}: ${cuts.map(formatCutSpec).join(' ')}`,
            result.reason,
            ...errors,
            ...notes,
            lab.story(),
          ].join('\n'),
        );
      await lab.close();
    }
    expect(wrong.join('\n\n')).toBe('');
  });
});
