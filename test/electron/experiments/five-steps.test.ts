// The experiment whose sequence is fixed to the letter; here it is counted by hand, from the model.

import { describe, expect, it } from 'vitest';
import { fiveSteps } from '../../../electron/experiments/five-steps.ts';
import type { CutSpec } from '../../../shared/contract.ts';
import { laboratory } from '../laboratory.ts';

const TABLE = [
  ['POST /collection', [100], null],
  ['HEAD .req', [], 299],
  ['PATCH .req', [], 299],
  ['PATCH .req', [102, 102], 202],
  ['GET .job', [102, 102], 200],
  ['GET .res', [], 200],
];

describe('five-steps', () => {
  it.each(['rst', 'fin', 'stall'] as const)(
    'is the table to the letter when it is cut by %s',
    async (cut) => {
      const lab = await laboratory();
      try {
        const { result, checks } = await lab.run(fiveSteps, { parameters: { cut } });
        const model = lab.model();
        const seen = model.exchanges.map((exchange) => [
          `${exchange.method} ${exchange.target.replace(/^\/job\/[^.]+/, '')}`,
          Array.from(
            exchange.interim.values.subarray(0, exchange.interim.length),
            (row) => model.events.row(row).code,
          ),
          exchange.status,
        ]);
        expect(seen, lab.story()).toEqual(TABLE);
        expect(model.exchanges.at(-1)!.document?.status).toBe(201);
        expect(result.outcome).toBe('completed');
        expect(result.digest.sent).toMatch(/^[0-9a-f]{64}$/);
        expect(result.digest.stored).toBe(result.digest.sent);
        expect(checks.map(({ id, level }) => `${id} ${level}`)).toEqual([
          'sequence pass',
          'document pass',
          'resumes pass',
          'overwritten pass',
          'digest pass',
          'progress pass',
        ]);
      } finally {
        await lab.close();
      }
    },
  );

  it.each(fiveSteps.info.cuts)('completes under the user’s own cuts: $label', async ({ specs }) => {
    const lab = await laboratory();
    try {
      const { result, checks } = await lab.run(fiveSteps, { cuts: specs as CutSpec[] });
      expect(result.outcome, lab.story()).toBe('completed');
      expect(result.digest.stored).toBe(result.digest.sent);
      expect(checks.filter(({ level }) => level === 'error')).toEqual([]);
      expect(checks.filter(({ id }) => id === 'cut-not-reached')).toEqual([]);
    } finally {
      await lab.close();
    }
  });

  it('only tells of another sequence when the user cuts by hand', async () => {
    const lab = await laboratory();
    try {
      // What a click in the interface does: the cut is the user's, and no plan of the run's.
      lab.context.board.arm({ end: 'server', direction: 'in', at: 60, content: true, cut: 'rst' }, 'user');
      const { result, checks } = await lab.run(fiveSteps);
      expect(result.outcome, lab.story()).toBe('completed');
      expect(lab.model().exchanges.length).toBeGreaterThan(TABLE.length);
      expect(checks).toContainEqual(expect.objectContaining({ id: 'sequence', level: 'info' }));
      expect(checks.filter(({ level }) => level === 'error')).toEqual([]);
    } finally {
      await lab.close();
    }
  });

  it('runs against a server of the user’s own, cutting at the client’s end', async () => {
    const lab = await laboratory();
    try {
      const { result, checks } = await lab.run(fiveSteps, { target: `${lab.server.url}/collection` });
      expect(result, lab.story()).toMatchObject({ outcome: 'completed', digest: { stored: null } });
      expect(checks).toContainEqual(expect.objectContaining({ id: 'resumes', level: 'pass' }));
      expect(checks.filter(({ level }) => level === 'error' || level === 'warning')).toEqual([]);
    } finally {
      await lab.close();
    }
  });

  it('finds an error in a sequence that is not the table’s', async () => {
    const lab = await laboratory();
    try {
      const parameters = { wait: 1, cut: 'rst', patience: 5_000 };
      const context = { ...lab.context, server: lab.server, target: null, parameters, cuts: null };
      const result = { outcome: 'completed', reason: '', digest: { sent: 'a', stored: 'b' } } as const;
      const checks = fiveSteps.expect(lab.model(), result, {
        ...context,
        model: () => lab.model(),
        random: () => 0,
        signal: new AbortController().signal,
      });
      expect(checks.filter(({ level }) => level === 'error').map(({ id }) => id)).toEqual([
        'sequence',
        'document',
        'resumes',
        'digest',
      ]);
    } finally {
      await lab.close();
    }
  });
});
