import { expect, it } from 'vitest';
import { createArmory } from '../../../renderer/faults/armory.ts';
import type { Fault } from '../../../renderer/faults/draft.ts';

function armory(answer: { id: number } | undefined) {
  const asked: Fault[] = [];
  const said: string[] = [];
  const made = createArmory({
    arm: async (fault) => {
      asked.push(fault);
      return answer;
    },
    choice: () => ({ end: 'client', direction: 'in', kind: 'fin' }),
    say: (sentence) => said.push(sentence),
  });
  return { made, asked, said };
}

it('arms what the form describes, and says so', async () => {
  const { made, asked, said } = armory({ id: 1 });
  made.edit({ kind: 'fragment', place: 'Client out' });
  made.type('bytes', '3');
  await made.arm();
  expect(asked).toEqual([{ fault: 'fragment', end: 'client', direction: 'out', bytes: 3 }]);
  expect(said).toEqual(['Armed: Fragment, client out, 3 bytes at a time.']);
});

it('asks for nothing while a figure is wrong, and keeps what was typed', async () => {
  const { made, asked, said } = armory({ id: 1 });
  made.type('milliseconds', 'soon');
  await made.arm();
  expect(asked).toEqual([]);
  expect(said).toEqual([]);
  expect(made.store.getState().draft.figures.milliseconds).toBe('soon');
});

it('says nothing of what was refused', async () => {
  const { made, said } = armory(undefined);
  await made.arm();
  expect(said).toEqual([]);
});

it('describes a cut at a byte as the Cut button cuts, and as it was described before', async () => {
  const { made, asked, said } = armory({ id: 1 });
  made.showCut();
  made.type('cutByte', '1 MB');
  await made.arm();
  expect(asked).toEqual([{ end: 'client', direction: 'in', at: 1_000_000, content: true, cut: 'fin' }]);
  expect(said).toEqual(['Armed: FIN, client in, at byte 1,000,000 of the content.']);
  made.edit({ place: 'Server in', cut: 'stall', counts: 'connection' });
  made.show(false);
  made.showCut();
  expect(made.store.getState()).toMatchObject({
    isOpen: true,
    draft: { kind: 'cut-at', place: 'Server in', cut: 'stall', counts: 'connection' },
  });
});
