import { describe, expect, it } from 'vitest';
import type { Series, Step } from '../../../renderer/progress/series.ts';
import { exchangeWords, seriesWords } from '../../../renderer/progress/words.ts';
import { storyModel } from '../story-fixture.ts';

/** Values at seconds, out of a total. */
function series(kind: Series['kind'], total: number, values: readonly (readonly [number, number])[]): Series {
  const steps = values.map(([second, value]): Step => ({
    time: second * 1e9,
    value,
    total,
    event: -1,
    exchange: 0,
    decreased: false,
  }));
  return { kind, steps, told: steps.length, decreases: 0, overrun: false, last: null, ended: false };
}

describe('a progress in words', () => {
  const bytes = series('bytes', 1_000_000, [
    [0, 0],
    [1, 250_000],
    [2, 500_000],
  ]);

  it('tells of bytes how many, how long and how fast', () => {
    expect(seriesWords(bytes, 2e9)).toMatchObject({
      summary: ['500 kB of 1.0 MB'],
      pace: 'about 2 s left · 250 kB/s',
      rules: 'as bytes: no Progress field was told',
      broken: false,
    });
  });

  it('tells of steps how long each takes, until they have ended', () => {
    const steps = series('steps', 4, [
      [0, 0],
      [1, 1],
      [2, 2],
    ]);
    expect(seriesWords(steps, 2e9)).toMatchObject({
      summary: ['2 of 4'],
      pace: 'about 2 s left · 1 s a step',
    });
    expect(seriesWords({ ...steps, ended: true }, 9e9)).toMatchObject({
      summary: ['2 of 4', 'ended'],
      pace: '',
    });
  });

  it('says first that nothing was told for long, and then not how long the rest takes', () => {
    expect(seriesWords(bytes, 6e9)).toMatchObject({
      pace: '250 kB/s',
      rules: 'nothing told for 4 s · as bytes: no Progress field was told',
      broken: true,
    });
  });
});

describe('the selected exchange in words', () => {
  it('is told of the operation that is shown only', () => {
    const model = storyModel();
    const upload = model.exchanges.find(({ method }) => method === 'PATCH')!;
    const operation = model.operations[upload.operation]!;
    expect(exchangeWords(model, operation, upload.id, Infinity)).toMatch(
      /^PATCH: [\d,]+ bytes in .+ · .+B\/s$/,
    );
    expect(exchangeWords(model, model.operations[1]!, upload.id, Infinity)).toBeNull();
    expect(exchangeWords(model, operation, null, Infinity)).toBeNull();
  });
});
