// Whatever is cut, wherever and however: a resource that was written by any strategy holds exactly the client's bytes, and
// a download exactly the server's.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentDigest, linesContent } from '../../../../electron/client/content.ts';
import { runStrategy } from '../../../../electron/client/run-strategy.ts';
import type { StrategyName, StrategyOptions } from '../../../../electron/client/strategy.ts';
import { formatCutSpec } from '../../../../shared/export/specs.ts';
import type { CutSpec } from '../../../../shared/contract.ts';
import { leaping, laboratory } from '../../laboratory.ts';

const SIZE = 200_000;
const RUNS = 15;

/** A cut anywhere: in content, or in the heads before and after it. */
function cuts(stream: 'request' | 'response'): fc.Arbitrary<CutSpec[]> {
  const spec = fc
    .record({
      end: fc.constantFrom('client' as const, 'server' as const),
      direction: fc.constantFrom('in' as const, 'out' as const),
      cut: fc.constantFrom('rst' as const, 'fin' as const, 'stall' as const),
      content: fc.boolean(),
      place: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    })
    .map(({ end, direction, cut, content, place }) => {
      const bulk = ((end === 'client') === (direction === 'out')) === (stream === 'request');
      return { end, direction, cut, content: content && bulk, at: Math.floor(place * (bulk ? SIZE : 500)) };
    });
  return fc.array(spec, { minLength: 1, maxLength: 4 });
}

describe.each<[StrategyName, string, string, StrategyOptions]>([
  ['segmented-upload', 'PATCH', '/uploads/a.txt', { segmentSize: 60_000 }],
  ['segmented-upload', 'PATCH', '/uploads/a.txt', { segmentSize: 60_000, transaction: 'atomic' }],
  ['sparse-upload', 'PATCH', '/uploads/a.txt', { segmentSize: 30_000, parallel: 3 }],
  ['put-then-patch', 'PUT', '/uploads/a.txt', {}],
  ['put-then-patch', 'PUT', '/put-only/a.txt', {}],
])('%s by %s of %s, %j', (strategy, method, path, options) => {
  it(`ends with equal digests, for ${RUNS} random plans of cuts`, async () => {
    let fired = 0;
    await fc.assert(
      fc.asyncProperty(cuts('request'), async (plan) => {
        const lab = await laboratory(leaping());
        try {
          for (const cut of plan) lab.context.board.arm(cut, 'plan');
          const result = await runStrategy(
            strategy,
            {
              method,
              url: `${lab.server.url}${path}`,
              fields: [['Content-Type', 'text/plain']],
              content: linesContent(SIZE),
            },
            options,
            { ...lab.context, random: () => 0.5, signal: new AbortController().signal },
          );
          fired += lab.context.board.list().filter((armed) => armed.fired).length;
          const told = `${plan.map(formatCutSpec).join(' ')}\n${lab.story()}\n`;
          expect(result.outcome, told + result.reason).toBe('completed');
          expect(result.payloadDigest, told).toBe(await contentDigest(linesContent(SIZE)));
          expect(await lab.server.digest(path.replace('put-only', 'uploads')), told).toBe(
            result.payloadDigest,
          );
        } finally {
          await lab.close();
        }
      }),
      { numRuns: RUNS },
    );
    // The plans must have been able to hurt.
    expect(fired).toBeGreaterThan(RUNS / 2);
  });
});

describe('resume-download', () => {
  it(`ends with equal digests, for ${RUNS} random plans of cuts`, async () => {
    const lines = await contentDigest(linesContent(1_000_000));
    await fc.assert(
      fc.asyncProperty(cuts('response'), async (plan) => {
        const lab = await laboratory(leaping());
        try {
          for (const cut of plan) lab.context.board.arm(cut, 'plan');
          const result = await runStrategy(
            'resume-download',
            { method: 'GET', url: `${lab.server.url}/test/data`, fields: [], content: null },
            {},
            { ...lab.context, random: () => 0.5, signal: new AbortController().signal },
          );
          const told = `${plan.map(formatCutSpec).join(' ')}\n${lab.story()}\n`;
          expect(result.outcome, told + result.reason).toBe('completed');
          expect(result.download, told).toEqual({ length: 1_000_000, digest: lines });
        } finally {
          await lab.close();
        }
      }),
      { numRuns: RUNS },
    );
  });
});
