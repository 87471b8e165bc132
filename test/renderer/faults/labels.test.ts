import { expect, it } from 'vitest';
import { choiceLabel, paceLabel, specLabel } from '../../../renderer/faults/labels.ts';

it('says what the Cut button will do', () => {
  expect(choiceLabel({ end: 'server', direction: 'in', kind: 'rst' })).toBe('Server in, RST');
  expect(choiceLabel({ end: 'client', direction: 'out', kind: 'stall' })).toBe('Client out, Silence');
});

it('says where an armed cut waits', () => {
  expect(specLabel({ end: 'server', direction: 'in', at: 100_000, content: true, cut: 'fin' })).toBe(
    'FIN, server in, at byte 100,000 of the content',
  );
  expect(specLabel({ end: 'client', direction: 'in', at: 40, content: false, cut: 'rst' })).toBe(
    'RST, client in, at byte 40 of the connection',
  );
});

it.each([
  [0, 'unpaced'],
  [50_000, '50 kB/s'],
  [250_000, '250 kB/s'],
  [1_000_000, '1 MB/s'],
])('writes a pace of %d as %s', (rate, label) => {
  expect(paceLabel(rate)).toBe(label);
});
