// What the comparison shows, and what its words are.

import { describe, expect, it } from 'vitest';
import { createDesk, markOf, verdictWords } from '../../../renderer/sessions/desk.ts';
import type { ListedRow, SidesComparison, SidesRow } from '../../../shared/compare/sides.ts';
import { refusedPreview, type ReplayPreview } from '../../../shared/replay/preview.ts';

const side = {
  id: 0,
  method: 'GET',
  target: '/',
  status: 200,
  whole: true,
  interim: [],
  interimCount: 0,
};
const same: ListedRow = { one: side, other: side, differs: [] };
const other: ListedRow = { ...same, differs: [{ kind: 'status' }] };
const detail: SidesRow = { one: null, other: null, differences: [] };
const of = (rows: ListedRow[], more: Partial<SidesComparison> = {}): SidesComparison => ({
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
    ['differs', other],
    ['gone', { ...same, other: null }],
    ['new', { ...same, one: null }],
  ])('is marked %s', (mark, row) => {
    expect(markOf(row)).toBe(mark);
  });
});

describe('the verdict', () => {
  it.each([
    ['The same: 2 exchanges.', of([same, same]), false],
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
  const desk = (
    result: Promise<SidesComparison>,
    asked = Promise.resolve(preview),
    details: Promise<SidesRow>[] = [],
  ) =>
    createDesk({
      commands: () => ({
        replay: () => result,
        replayPreview: () => asked,
        compare: () => result,
        comparedRow: ({ index }) => details[index] ?? Promise.resolve(detail),
      }),
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

  it('tells what there is to send of the session that was asked for last', async () => {
    const answers: ((found: ReplayPreview) => void)[] = [];
    const { store, ask, dismiss } = createDesk({
      commands: () => ({
        replay: () => Promise.reject(new Error('Nobody asked for it.')),
        replayPreview: () => new Promise((resolve) => answers.push(resolve)),
        compare: () => Promise.reject(new Error('Nobody asked for it.')),
        comparedRow: () => Promise.resolve(detail),
      }),
      attempt: (work) => work,
      say: () => undefined,
      follow: () => undefined,
    });
    const first = ask();
    dismiss();
    const second = ask();
    answers[0]!(refusedPreview('Of the session before.'));
    await first;
    expect(store.getState().asked).toBe('reading');
    answers[1]!(preview);
    await second;
    expect(store.getState().asked).toEqual(preview);
  });

  it('shows all that the selected row says, and never that of another', async () => {
    const answer: ((row: SidesRow) => void)[] = [];
    const details = [0, 1].map((index) => new Promise<SidesRow>((resolve) => (answer[index] = resolve)));
    const { store, compareWith, select } = desk(Promise.resolve(of([same, same])), undefined, details);
    await compareWith('b.pcapng');
    select(1);
    answer[1]!(detail);
    answer[0]!(detail);
    await Promise.all(details);
    expect(store.getState().detail).toEqual({ index: 1, row: detail });
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
