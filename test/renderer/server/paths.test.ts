import { describe, expect, it } from 'vitest';
import { parted } from '../../../renderer/server/paths.ts';

describe('a path where there is little room', () => {
  it.each([
    ['/job/rKYVr3sdgfPVgWnz.req', 6, '/job/rKYVr3sdgfPVgW', 'nz.req'],
    ['/job/1.req', 12, '', '/job/1.req'],
    ['', 4, '', ''],
  ])('%s keeps its last %d characters', (path, end, head, tail) => {
    expect(parted(path, end)).toEqual([head, tail]);
  });
});
