import { expect, it } from 'vitest';
import { createArmory } from '../../../renderer/faults/armory.ts';
import type { Disturbance } from '../../../shared/contract.ts';

function armory(answer: { id: number } | undefined) {
  const asked: Disturbance[] = [];
  const said: string[] = [];
  const made = createArmory({
    disturb: async (disturbance) => {
      asked.push(disturbance);
      return answer;
    },
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
