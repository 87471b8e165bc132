import { describe, expect, it } from 'vitest';
import { progress102 } from '../../../electron/experiments/progress-102.ts';
import type { CutSpec } from '../../../shared/contract.ts';
import { laboratory } from '../laboratory.ts';

describe('progress-102', () => {
  it.each([
    ['to the end on one connection', 0, [201]],
    ['past a 202', 1, [202, 200]],
  ] as const)('sees progress rise %s', async (_name, wait, finals) => {
    const lab = await laboratory();
    try {
      const { result, checks } = await lab.run(progress102, { parameters: { wait } });
      expect(result.outcome, lab.story()).toBe('completed');
      expect(lab.model().exchanges.map(({ status }) => status)).toEqual(finals);
      expect(checks.map(({ id, level }) => `${id} ${level}`)).toEqual([
        'interim pass',
        'end pass',
        'progress pass',
      ]);
    } finally {
      await lab.close();
    }
  });

  it.each(progress102.info.cuts)('loses nothing under a cut worth trying: $label', async ({ specs }) => {
    const lab = await laboratory();
    try {
      const { result, checks } = await lab.run(progress102, { cuts: specs as CutSpec[] });
      expect(result.outcome, lab.story()).toBe('completed');
      expect(lab.model().exchanges).toHaveLength(2);
      expect(checks.filter(({ level }) => level === 'error' || level === 'warning')).toEqual([]);
    } finally {
      await lab.close();
    }
  });
});
