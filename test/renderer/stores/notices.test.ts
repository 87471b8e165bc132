import { expect, it } from 'vitest';
import { createNotices } from '../../../renderer/stores/notices.ts';

const messages = (notices: ReturnType<typeof createNotices>) =>
  notices.store.getState().notices.map(({ message }) => message);

it('shows the same sentence once, as the newest', () => {
  const notices = createNotices();
  notices.tell('error', 'one');
  notices.tell('error', 'two');
  notices.tell('error', 'one');
  expect(messages(notices)).toEqual(['two', 'one']);
});

it('keeps the five newest', () => {
  const notices = createNotices();
  for (let i = 0; i < 9; i++) notices.tell('info', `notice ${i}`);
  expect(messages(notices)).toEqual([4, 5, 6, 7, 8].map((i) => `notice ${i}`));
});

it('speaks what it shows, and what is only said', () => {
  const notices = createNotices();
  notices.tell('error', 'shown');
  expect(notices.store.getState().spoken).toBe('shown');
  notices.say('said');
  expect(notices.store.getState().spoken).toBe('said');
  expect(messages(notices)).toEqual(['shown']);
});

it('takes back information but no problem when something new begins', () => {
  const notices = createNotices();
  notices.tell('error', 'problem');
  notices.tell('info', 'information');
  notices.clearInformation();
  expect(messages(notices)).toEqual(['problem']);
});

it('forgets what was dismissed', () => {
  const notices = createNotices();
  notices.tell('error', 'one');
  notices.dismiss(notices.store.getState().notices[0]!.id);
  expect(messages(notices)).toEqual([]);
});
