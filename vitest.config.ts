import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// Unit tests mirror the source folders. End-to-end tests use what was built, one file after the other; packaging is one.
const PACKAGING = 'test/build/package.test.ts';

/** Milliseconds that end what hangs: nothing is to depend on how fast the machine is. */
const PATIENCE = { testTimeout: 120_000, hookTimeout: 120_000, expect: { poll: { timeout: 60_000 } } };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/{shared,electron,renderer,build}/**/*.test.{ts,tsx}'],
          exclude: [PACKAGING],
          ...PATIENCE,
          // Much of a run waits for programs and disks, and what waits leaves its core to another.
          maxWorkers: Math.max(4, availableParallelism()),
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts', PACKAGING],
          ...PATIENCE,
          fileParallelism: false,
        },
      },
    ],
  },
});
