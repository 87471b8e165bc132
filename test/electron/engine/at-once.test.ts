// Commands that come while another of their kind has only begun: no interface waits for the answer to the first.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEngine } from '../../../electron/engine.ts';
import type { Engine } from '../../../electron/engine-types.ts';

describe('what comes at once', () => {
  let folder: string;
  let engine: Engine;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'interim-at-once-'));
    engine = await createEngine({ dataDirectory: folder, port: 0, rate: 0 });
  });
  afterEach(async () => {
    await engine.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('begins one experiment, and refuses the second', async () => {
    const run = () => engine.commands.run({ experiment: 'resumable-request', parameters: {}, cuts: [] });
    const [first, second] = await Promise.allSettled([run(), run()]);
    expect(first).toMatchObject({ status: 'fulfilled' });
    expect(second).toMatchObject({ reason: new Error('An experiment is running: stop it first.') });
    await engine.commands.stop({});
    // One that is over keeps nobody from the next.
    await expect(run()).resolves.toBeNull();
  });

  it('keeps two files that are handed over in one folder, which goes with the engine', async () => {
    async function* bytes() {
      yield new Uint8Array(1);
    }
    const [one, other] = await Promise.all([engine.receive('a', bytes()), engine.receive('a', bytes())]);
    expect(one).not.toBe(other);
    expect(dirname(dirname(one))).toBe(dirname(dirname(other)));
  });
});
