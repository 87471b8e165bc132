import { describe, expect, it } from 'vitest';
import { whileHandedOver } from '../../../renderer/stores/handing-over.ts';
import { createNotices } from '../../../renderer/stores/notices.ts';

const LONG = { name: 'disk.img', size: 2 ** 31 };
const SHORT = { name: 'a.bin', size: 1000 };

describe('a file on its way to the engine', () => {
  it.each([
    ['browser', LONG, ['disk.img is being copied to the engine: it is long, and takes a while.']],
    ['browser', SHORT, []],
    ['desktop', LONG, []],
  ] as const)('in the %s is told of where it takes a while, until it is there', async (kind, file, told) => {
    const notices = createNotices();
    const shown = () => notices.store.getState().notices.map(({ message }) => message);
    const path = await whileHandedOver(file, { api: { kind }, notices }, () => {
      expect(shown()).toEqual(told);
      return Promise.resolve('/up/file');
    });
    expect([path, shown()]).toEqual(['/up/file', []]);
    const failed = whileHandedOver(file, { api: { kind }, notices }, () => Promise.reject(new Error('full')));
    await expect(failed).rejects.toThrow('full');
    expect(shown()).toEqual([]);
  });
});
