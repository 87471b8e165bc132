// What a program gets with the module: no server, no experiment, no window, no package but those that run anywhere.

import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../../..');

it('imports nothing but client, wire and what is shared', () => {
  const seen = new Set<string>();
  const packages = new Set<string>();
  const queue = [join(ROOT, 'electron/client/module/index.ts')];
  for (const file of queue) {
    if (seen.has(file)) continue;
    seen.add(file);
    for (const [, from] of readFileSync(file, 'utf8').matchAll(/(?:from|import) '([^']+)';/g)) {
      if (from!.startsWith('.')) queue.push(join(dirname(file), from!));
      else if (!from!.startsWith('node:')) packages.add(from!);
    }
  }
  const folders = new Set(
    // What is shared runs anywhere, all of it: the contract's types alone lead to most.
    Array.from(
      seen,
      (file) => /^shared|^electron\/[^/]+/.exec(relative(ROOT, dirname(file)).replaceAll('\\', '/'))?.[0],
    ),
  );
  expect([...folders].toSorted()).toEqual(['electron/client', 'electron/wire', 'shared']);
  expect(
    [...packages].filter((name) => !['zod', 'structured-headers', 'eventsource-parser'].includes(name)),
  ).toEqual([]);
});
