// Whatever is cut, wherever and however: the server ends up with exactly the client's bytes, each stored once.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linesContent } from '../../../electron/client/content.ts';
import { runStrategy } from '../../../electron/client/run-strategy.ts';
import { formatCutSpec } from '../../../shared/export/specs.ts';
import type { CutSpec } from '../../../shared/contract.ts';
import { leaping, laboratory } from '../laboratory.ts';

const SIZE = 300_000;

/** A cut anywhere: requests are long (content) or short (a HEAD), responses are always short. */
const spec: fc.Arbitrary<CutSpec> = fc
  .record({
    end: fc.constantFrom('client' as const, 'server' as const),
    direction: fc.constantFrom('in' as const, 'out' as const),
    cut: fc.constantFrom('rst' as const, 'fin' as const, 'stall' as const),
    content: fc.boolean(),
    near: fc.boolean(),
    place: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  })
  .map(({ end, direction, cut, content, near, place }) => {
    const request = (end === 'client') === (direction === 'out');
    const reach = !request || near ? 700 : SIZE + 500;
    return { end, direction, cut, content: content && request, at: Math.floor(place * reach) };
  });

describe('a resumable request', () => {
  it('ends with equal digests and no byte stored twice, for 50 random plans of cuts', async () => {
    let fired = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(spec, { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        async (cuts, acknowledge) => {
          // Three silences in a row before any 100 end the client's wait for it: from then on a break may cost the upload.
          fc.pre(cuts.filter(({ cut }) => cut === 'stall').length < 3);
          const lab = await laboratory(leaping());
          try {
            for (const cut of cuts) lab.context.board.arm(cut, 'plan');
            const result = await runStrategy(
              'resumable-request',
              {
                method: 'POST',
                url: `${lab.server.url}/print`,
                fields: [['Content-Type', 'text/plain']],
                content: linesContent(SIZE),
              },
              { patience: 5_000, preferences: ['processing', ...(acknowledge ? ['acknowledge'] : [])] },
              { ...lab.context, random: () => 0.5, signal: new AbortController().signal },
            );
            fired += lab.context.board.list().filter((armed) => armed.fired).length;
            const told = `${cuts.map(formatCutSpec).join(' ')}\n${lab.story()}\n`;
            expect(result.outcome, told + result.reason).toBe('completed');
            const stored = await lab.server.digest(new URL(result.locations.requestContent!).pathname);
            expect(stored, told).toBe(result.payloadDigest);
            expect(lab.storedTwice(), told).toBe(0);
          } finally {
            await lab.close();
          }
        },
      ),
      { numRuns: 50 },
    );
    // The plans must have been able to hurt.
    expect(fired).toBeGreaterThan(50);
  });
});
