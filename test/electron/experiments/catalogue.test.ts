// Every experiment as it declares itself: as it is, under each plan of cuts that it offers, and by each way to be cut.

import { describe, expect, it } from 'vitest';
import { experiments } from '../../../electron/experiments/index.ts';
import type { CutSpec } from '../../../shared/contract.ts';
import { laboratory } from '../laboratory.ts';

type Values = Record<string, string | number | boolean>;

interface Case {
  readonly name: string;
  readonly parameters: Values;
  readonly cuts: CutSpec[] | null;
}

describe.each(experiments)('$info.id', (experiment) => {
  const { parameters, cuts } = experiment.info;
  const cases: Case[] = [
    { name: 'as it is', parameters: {}, cuts: null },
    { name: 'without any cut', parameters: {}, cuts: [] },
    ...cuts.map(({ label, specs }) => ({ name: `cut: ${label}`, parameters: {}, cuts: specs })),
    ...parameters.flatMap(({ name, type, choices, default: value }) =>
      (type === 'boolean' ? [value !== true] : (choices ?? []).filter((choice) => choice !== value)).map(
        (choice): Case => ({ name: `with ${name} ${choice}`, parameters: { [name]: choice }, cuts: null }),
      ),
    ),
  ];

  it.each(cases)('completes $name, with nothing to complain of', async ({ parameters, cuts }) => {
    const lab = await laboratory();
    try {
      const { result, checks } = await lab.run(experiment, { parameters, cuts });
      const told = `${result.reason}\n${lab.story()}`;
      expect(result.outcome, told).toBe('completed');
      expect(
        checks
          .filter(({ level }) => level === 'error' || level === 'warning')
          .map(({ id, message }) => `${id}: ${message}`),
        told,
      ).toEqual([]);
      expect(result.digest.stored, told).toBe(result.digest.sent);
      if (experiment.stores !== false) expect(result.digest.sent).not.toBeNull();
    } finally {
      await lab.close();
    }
  });
});
