// What the comparison shows, and what its words are.

import { describe, expect, it } from 'vitest';
import { createDesk, markOf, verdictWords } from '../../../renderer/sessions/desk.ts';
import type { SidesComparison, SidesRow } from '../../../shared/compare/sides.ts';
import { refusedPreview } from '../../../shared/replay/preview.ts';

const message = { fields: [], length: 0, digest: null, whole: true };
const side = {
  id: 0,
  connection: 1,
  method: 'GET',
  target: '/',
  status: 200,
  reason: 'OK',
  interim: [],
  interimCount: 0,
  took: 1,
  request: message,
  response: message,
};
const same: SidesRow = { one: side, other: side, differences: [] };
const later: SidesRow = {
  ...same,
  differences: [{ kind: 'timing', level: 'information', one: '1 ms', other: '99 ms' }],
};
const other: SidesRow = {
  ...same,
  differences: [{ kind: 'status', level: 'differs', one: '200', other: '404' }],
};
const of = (rows: SidesRow[], more: Partial<SidesComparison> = {}): SidesComparison => ({
  one: 'A',
  other: 'B',
  rows,
  differing: rows.filter((row) => markOf(row) !== 'same').length,
  leftOut: 0,
  remarks: [],
  ...more,
});

describe('a row of the comparison', () => {
  it.each([
    ['same', same],
    ['same', later],
    ['differs', other],
    ['gone', { ...same, other: null }],
    ['new', { ...same, one: null }],
  ])('is marked %s', (mark, row) => {
    expect(markOf(row)).toBe(mark);
  });
});

describe('the verdict', () => {
  it.each([
    ['The same: 2 exchanges.', of([same, later]), false],
    ['Sent again, and the same: 1 exchange.', of([same]), true],
    ['1 of 2 exchanges differs.', of([same, other]), false],
    [
      '1 exchange came out as before, with 1 remark.',
      of([same], { remarks: ['A cut did not strike.'] }),
      true,
    ],
    ['The same: 1 exchange. 3 exchanges beyond these were left out.', of([same], { leftOut: 3 }), false],
  ])('reads: %s', (words, comparison, again) => {
    expect(verdictWords(comparison, again)).toBe(words);
  });
});

describe('the desk', () => {
  const said: string[] = [];
  const preview = refusedPreview('');
  const desk = (result: Promise<SidesComparison>, asked = Promise.resolve(preview)) =>
    createDesk({
      commands: () => ({ replay: () => result, replayPreview: () => asked, compare: () => result }),
      attempt: (work) => work.catch(() => undefined),
      say: (sentence) => said.push(sentence),
      follow: () => undefined,
    });

  it('shows what differs first, and says the verdict', async () => {
    const { store, compareWith } = desk(Promise.resolve(of([same, other])));
    await compareWith('b.pcapng');
    expect(store.getState()).toMatchObject({ busy: 'no', choosing: false, selected: 1 });
    expect(said.at(-1)).toBe('1 of 2 exchanges differs.');
  });

  it('shows nothing where it was refused, and can be asked again', async () => {
    const { store, sendAgain } = desk(Promise.reject(new Error('There is nothing to send again.')));
    await sendAgain({ target: null, timing: 'asap', faults: true });
    expect(store.getState()).toMatchObject({ busy: 'no', shown: null });
  });

  it('asks before it sends, with what there is to send, and takes it back', async () => {
    const { store, ask, dismiss } = desk(Promise.resolve(of([same])));
    const asking = ask();
    expect(store.getState().asked).toBe('reading');
    await asking;
    expect(store.getState().asked).toEqual(preview);
    dismiss();
    expect(store.getState().asked).toBeNull();
  });

  it('does not ask again once that was closed while it was read', async () => {
    const { store, ask, dismiss } = desk(Promise.resolve(of([same])));
    const asking = ask();
    dismiss();
    await asking;
    expect(store.getState().asked).toBeNull();
  });

  it('goes from difference to difference, and says where there is none further', async () => {
    const { store, compareWith, toDifference } = desk(
      Promise.resolve(of([other, same, same, { ...same, one: null }, same])),
    );
    await compareWith('b.pcapng');
    toDifference(1);
    expect(store.getState().selected).toBe(3);
    toDifference(1);
    expect([store.getState().selected, said.at(-1)]).toEqual([3, 'Nothing differs further down.']);
    toDifference(-1);
    expect(store.getState().selected).toBe(0);
  });
});
