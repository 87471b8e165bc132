// A POST whose answer is lost is asked after by its number, and sent again only where nothing came.

import { describe, expect, it } from 'vitest';
import { lostResponseTracking } from '../../../electron/experiments/lost-response-tracking.ts';
import { laboratory } from '../laboratory.ts';

describe('lost-response-tracking', () => {
  it.each([
    ['the redirect is lost', null, 1, 'No 303 came'],
    ['nothing is lost', [], 1, 'The 303 came'],
    ['the POST broke off', lostResponseTracking.info.cuts[0]!.specs, 2, 'No 303 came'],
  ] as const)('where %s', async (_what, cuts, posts, how) => {
    const lab = await laboratory();
    try {
      const { result, checks } = await lab.run(lostResponseTracking, { cuts });
      expect(result.outcome, lab.story()).toBe('completed');
      const sent = lab.model().exchanges.filter(({ method }) => method === 'POST');
      expect(sent).toHaveLength(posts);
      expect(checks.find(({ id }) => id === 'asked')?.message).toContain(how);
      expect(checks.find(({ id }) => id === 'once')?.level).toBe('pass');
    } finally {
      await lab.close();
    }
  });

  it('cannot be run against a foreign server', async () => {
    const lab = await laboratory();
    try {
      const { result } = await lab.run(lostResponseTracking, { target: 'http://127.0.0.1:9/' });
      expect(result).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('--target') });
    } finally {
      await lab.close();
    }
  });
});
