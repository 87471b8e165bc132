// What this project's own client and server say to each other breaks no rule, cut or not: every experiment, with every
// cut that it proposes, gives no note but those that it makes on purpose.

import { expect, it } from 'vitest';
import { experiments } from '../../../electron/experiments/index.ts';
import { notesIn } from '../../shared/model/rules/notes-of.ts';
import { laboratory } from '../laboratory.ts';

const runs = experiments.flatMap((experiment) => [
  { experiment, id: experiment.info.id, label: 'without a cut', specs: [] },
  { experiment, id: experiment.info.id, label: 'with cuts of its own, if any', specs: null },
  ...experiment.info.cuts.map(({ label, specs }) => ({ experiment, id: experiment.info.id, label, specs })),
]);

it.each(runs)('$id, $label, gives no note that it does not mean to', async ({ experiment, specs }) => {
  const lab = await laboratory();
  try {
    await lab.run(experiment, { cuts: specs });
    const { events, exchanges } = lab.model();
    expect(exchanges.length).toBeGreaterThan(0);
    const meant = experiment.notes ?? [];
    expect(
      notesIn(events).filter((note) => !meant.includes(note.rule)),
      lab.story(),
    ).toEqual([]);
  } finally {
    await lab.close();
  }
});
