// Files that the user gives the interface: kept apart from each other, and gone with whoever kept them.

import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Received } from '../../../electron/engine/transfers.ts';

async function* bytes() {
  yield new Uint8Array(1);
}

describe('files that are handed over', () => {
  it('share a folder though they come at once, which goes with them', async () => {
    const received = new Received();
    const [one, other] = await Promise.all([received.take('a', bytes()), received.take('a', bytes())]);
    expect(one).not.toBe(other);
    const folder = dirname(dirname(one));
    expect(dirname(dirname(other))).toBe(folder);
    await received.close();
    await expect(stat(folder)).rejects.toThrow('ENOENT');
  });
});
