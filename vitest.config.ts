import { defineConfig } from 'vitest/config';

// Unit tests mirror the source folders. End-to-end tests use what was built, one file after the other; packaging is one.
const PACKAGING = 'test/build/package.test.ts';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/{shared,electron,renderer,build}/**/*.test.{ts,tsx}'],
          exclude: [PACKAGING],
          // Ends what hangs: nothing else is to depend on how fast the machine is.
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts', PACKAGING],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
