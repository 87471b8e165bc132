// Whatever is cut, wherever and however: an upload by either protocol leaves exactly the client's bytes at our server, each
// stored once.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesContent, linesContent } from '../../../../electron/client/content.ts';
import { runStrategy } from '../../../../electron/client/run-strategy.ts';
import type { StrategyName, StrategyOptions } from '../../../../electron/client/strategy.ts';
import { formatCutSpec } from '../../../../shared/export/specs.ts';
import type { CutSpec } from '../../../../shared/contract.ts';
import { leaping, laboratory } from '../../laboratory.ts';

const SIZE = 200_000;
const RUNS = 12;

/** A cut anywhere: in content, or in the heads before and after it. */
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

const cases: readonly (readonly [StrategyName, string, StrategyOptions])[] = [
  ['ietf-upload', '/resumable', {}],
  ['ietf-upload', '/resumable', { first: 'empty', segmentSize: 60_000, digests: 'representation' }],
  ['ietf-upload', '/resumable', { segmentSize: 60_000, interopVersion: 5, discover: true }],
  ['ietf-upload', '/resumable?max-append-size=50000', { interopVersion: 7 }],
  ['ietf-upload', '/resumable', { interopVersion: 3 }],
  ['tus-upload', '/tus', {}],
  ['tus-upload', '/tus', { segmentSize: 60_000, discover: true }],
  ['tus-upload', '/tus', { parallel: 3 }],
];

describe.each(cases)('%s to %s, %j', (strategy, path, options) => {
  it(`ends with equal digests and no byte stored twice, for ${RUNS} random plans of cuts`, async () => {
    let fired = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(spec, { minLength: 1, maxLength: 4 }), async (cuts) => {
        // Three silences in a row before any 100 end the client's wait for it: from then on a break may cost the upload.
        fc.pre(cuts.filter(({ cut }) => cut === 'stall').length < 3);
        const lab = await laboratory(leaping());
        try {
          for (const cut of cuts) lab.context.board.arm(cut, 'plan');
          const result = await runStrategy(
            strategy,
            { method: 'POST', url: `${lab.server.url}${path}`, fields: [], content: linesContent(SIZE) },
            options,
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
      }),
      { numRuns: RUNS },
    );
    // The plans must have been able to hurt.
    expect(fired).toBeGreaterThan(RUNS);
  });
});

describe('an upload of no bytes', () => {
  it.each<[StrategyName, string, StrategyOptions]>([
    ['ietf-upload', '/resumable', {}],
    ['ietf-upload', '/resumable', { first: 'empty' }],
    ['tus-upload', '/tus', {}],
    ['tus-upload', '/tus', { parallel: 3 }],
  ])('is one, by %s to %s, %j', async (strategy, path, options) => {
    const lab = await laboratory();
    try {
      const result = await runStrategy(
        strategy,
        {
          method: 'POST',
          url: `${lab.server.url}${path}`,
          fields: [],
          content: bytesContent(new Uint8Array(0)),
        },
        options,
        { ...lab.context, random: () => 0.5, signal: new AbortController().signal },
      );
      expect(result.outcome, result.reason).toBe('completed');
      const place = result.locations.requestContent;
      if (place !== null) expect(await lab.server.digest(new URL(place).pathname)).toBe(result.payloadDigest);
    } finally {
      await lab.close();
    }
  });
});
