// Finding an experiment by what it is about.

import { expect, test } from 'vitest';
import { isAbout } from '../../../renderer/experiments/find.ts';

const INFO = {
  id: 'lost-download',
  title: 'Resume a download',
  group: 'resume',
  teaches: 'Range asks for the bytes that are missing.',
  sources: ['RFC 9110 §14 (Range)'],
  parameters: [],
  cuts: [],
} as const;

test.each([
  ['', true],
  ['  ', true],
  ['RESUME', true],
  ['lost-down', true],
  ['9110 bytes', true],
  ['bytes websocket', false],
])('“%s”: %s', (words, about) => {
  expect(isAbout({ ...INFO, sources: [...INFO.sources], parameters: [], cuts: [] }, words)).toBe(about);
});
