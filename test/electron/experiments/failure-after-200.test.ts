// Who notices that a 200 went wrong, and what a client that repeats makes of it.

import { describe, expect, it } from 'vitest';
import { availableLenses } from '../../../electron/client/lenses/index.ts';
import { failureAfter200 } from '../../../electron/experiments/failure-after-200.ts';
import type { CutSpec } from '../../../shared/contract.ts';
import { laboratory } from '../laboratory.ts';

describe('failure-after-200', () => {
  it('shows what the raw client, and who looks at the content, notices', async () => {
    const lab = await laboratory();
    try {
      const { tables, checks } = await lab.run(failureAfter200);
      expect(checks.filter(({ level }) => level === 'error')).toEqual([]);
      const [who, repeated] = tables;
      const lenses = await availableLenses();
      expect(who!.columns).toHaveLength(lenses.length + 2);
      expect(who!.rows.map((row) => [row[1], row.at(-1)])).toEqual([
        ['takes it for whole', '–'],
        ['notices (fin)', '–'],
        ['takes it for whole', '–'],
        ['notices (rst)', '–'],
        ['notices (rst)', '–'],
        ['notices (nonsense)', '–'],
        ['sees the trailer', '–'],
        ['notices (fin)', '–'],
        ['notices (rst)', '–'],
        ['takes it for whole', 'the digest differs'],
        ['takes it for whole', 'reads that it failed'],
      ]);
      // Node's own client: every break of the framing is an error, and a FIN that ends the content is none.
      const node = who!.columns.findIndex((column) => column.startsWith('node:http'));
      const errors = who!.rows.map((row) => row[node]!.startsWith('notices '));
      expect(errors).toEqual([false, true, false, true, true, true, false, true, true, false, false]);
      expect(repeated!.rows.map(([, requests, outcome]) => `${requests} ${outcome}`)).toEqual([
        '1 got it whole',
        '2 got it whole',
        '1 kept what is broken',
        '2 got it whole',
        '2 got it whole',
        '1 gave up',
        '1 kept what is broken',
        '2 got it whole',
        '2 got it whole',
        '1 kept what is broken',
        '1 kept what is broken',
      ]);
    } finally {
      await lab.close();
    }
  });

  it('takes a cut of its user’s for no failure of its own', async () => {
    const lab = await laboratory();
    try {
      const cuts: CutSpec[] = [{ end: 'client', direction: 'in', at: 3, content: false, cut: 'rst' }];
      const { checks } = await lab.run(failureAfter200, { cuts });
      expect(checks.filter(({ level }) => level === 'error')).toEqual([]);
      expect(checks).toContainEqual({
        id: 'raw-honest-chunked',
        level: 'info',
        message: 'Nothing: it does not fail: the raw client notices (rst); “takes it for whole” was due.',
      });
    } finally {
      await lab.close();
    }
  });

  it('cannot be run against a foreign server', async () => {
    const lab = await laboratory();
    try {
      const { result } = await lab.run(failureAfter200, { target: 'http://127.0.0.1:9/' });
      expect(result).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('--target') });
    } finally {
      await lab.close();
    }
  });
});
