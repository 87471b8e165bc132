import { expect, it } from 'vitest';
import { announcement } from '../../../renderer/stores/announce.ts';
import { storyModel } from '../story-fixture.ts';

it.each([
  [200, null],
  [1310, 'Connection 1 was cut.'],
  [1700, 'Resumed: Upload 1,000,000 bytes to /capture'],
  [6000, 'Done: Upload 1,000,000 bytes to /capture'],
])('says by %d ms: %s', (ms, said) => {
  expect(announcement(storyModel(ms), 0)).toBe(said);
});

it('says nothing twice: only new rows count', () => {
  const model = storyModel();
  expect(announcement(model, model.events.length)).toBeNull();
});
