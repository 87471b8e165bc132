import { describe, expect, it } from 'vitest';
import { resumableRequest } from '../../../electron/experiments/resumable-request.ts';
import type { CutSpec } from '../../../shared/contract.ts';
import { resumesOf } from '../../../shared/model/report.ts';
import { laboratory } from '../laboratory.ts';

const at = (byte: number, cut: CutSpec['cut'], over: Partial<CutSpec> = {}): CutSpec => ({
  end: 'server',
  direction: 'in',
  at: byte,
  content: false,
  cut,
  ...over,
});

describe('resumable-request', () => {
  it.each(['rst', 'fin', 'stall'] as const)(
    'resumes twice after two cuts by %s, and stores nothing twice',
    async (cut) => {
      const lab = await laboratory();
      try {
        const { result, checks } = await lab.run(resumableRequest, {
          cuts: [at(100_000, cut), at(100_000, cut)],
        });
        const { operations } = lab.model();
        expect(result.outcome, lab.story()).toBe('completed');
        expect(result.digest.stored).toBe(result.digest.sent);
        expect(operations.reduce((sum, operation) => sum + resumesOf(operation), 0)).toBe(2);
        expect(lab.storedTwice()).toBe(0);
        expect(checks.filter(({ level }) => level === 'error' || level === 'warning')).toEqual([]);
      } finally {
        await lab.close();
      }
    },
  );

  it.each(resumableRequest.info.cuts)('completes under a cut worth trying: $label', async ({ specs }) => {
    const lab = await laboratory();
    try {
      const { result, checks } = await lab.run(resumableRequest, { cuts: specs as CutSpec[] });
      expect(result.outcome, lab.story()).toBe('completed');
      expect(result.digest.stored).toBe(result.digest.sent);
      expect(checks.filter(({ level }) => level === 'error' || level === 'warning')).toEqual([]);
    } finally {
      await lab.close();
    }
  });

  it.each([
    { size: 1 },
    { size: 70_000, 'legacy-range': true },
    { size: 70_000, acknowledge: false, delete: true },
  ])('runs with %j', async (parameters) => {
    const lab = await laboratory();
    try {
      const cuts = [at(Math.floor(parameters.size / 2), 'rst', { content: true })];
      const { result } = await lab.run(resumableRequest, { parameters, cuts });
      expect(result.outcome, lab.story()).toBe('completed');
      expect(result.digest.stored).toBe(result.digest.sent);
    } finally {
      await lab.close();
    }
  });

  it.each([0, 1, 2])('passes the test %i of a server that breaks the upload by itself', async (test) => {
    const lab = await laboratory();
    try {
      const target = `${lab.server.url}/test/${test}`;
      const { result, checks } = await lab.run(resumableRequest, { target });
      expect(result, lab.story()).toMatchObject({ outcome: 'completed', digest: { stored: null } });
      expect(checks).toContainEqual(expect.objectContaining({ id: 'evidence', level: 'pass' }));
    } finally {
      await lab.close();
    }
  });

  it('finds it wrong when such a server does not say that all arrived', async () => {
    const lab = await laboratory();
    try {
      // /test/7 is no test: there is nothing to say so.
      const { result, checks } = await lab.run(resumableRequest, { target: `${lab.server.url}/test/7` });
      expect(result.outcome).toBe('refused');
      expect(checks).toContainEqual(expect.objectContaining({ id: 'evidence', level: 'error' }));
    } finally {
      await lab.close();
    }
  });
});
