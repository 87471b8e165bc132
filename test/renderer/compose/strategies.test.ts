import { describe, expect, it } from 'vitest';
import { STRATEGY_NAMES } from '../../../electron/client/run-strategy.ts';
import { addresses } from '../../../renderer/compose/addresses.ts';
import {
  judgeOption,
  OPTIONS,
  optionsOf,
  sendOptions,
  STRATEGIES,
} from '../../../renderer/compose/strategies.ts';
import { commands } from '../../../shared/contract.ts';

describe('the strategies to choose from', () => {
  it('are all that the client has', () => {
    expect(STRATEGIES.map(({ name }) => name).sort()).toEqual([...STRATEGY_NAMES].sort());
  });

  it.each(STRATEGIES.map(({ name, does }) => [name, does] as const))(
    '%s is told in one sentence',
    (_, does) => {
      expect(does).toMatch(/^[A-Z].*[^.]\.$/);
    },
  );

  it.each(STRATEGIES.map(({ name }) => name))('%s takes every choice of its options', (strategy) => {
    for (const { name, choices } of optionsOf(strategy))
      for (const value of choices?.map((choice) => choice.value) ?? ['1', '']) {
        const options = sendOptions(strategy, { [name]: value });
        expect(Object.keys(options)).toEqual(value === '' ? [] : [name]);
        expect(() =>
          commands.send.args.parse({
            method: 'GET',
            url: 'http://h/',
            fields: [],
            content: null,
            strategy,
            options,
          }),
        ).not.toThrow();
      }
  });

  it('leave out an option that is another one’s', () => {
    expect(sendOptions('plain', { segmentSize: '10', patience: '20' })).toEqual({ patience: 20 });
  });

  it.each([
    ['', null],
    ['100', null],
    ['0', 'A whole number, at least 1.'],
    ['101', 'At most 100.'],
    ['x', 'A whole number, at least 1.'],
  ])('judge %j connections: %s', (typed, sentence) => {
    expect(
      judgeOption(
        OPTIONS.find(({ name }) => name === 'parallel')!,
        typed,
      ),
    ).toBe(sentence);
  });
});

describe('the addresses to choose from', () => {
  it('are those that were used, then those of the test server, each once', () => {
    const all = addresses(['https://example.org/', 'http://h/tus'], 'http://h/').map(({ id }) => id);
    expect(all[0]).toBe('https://example.org/');
    expect(all.filter((id) => id === 'http://h/tus')).toHaveLength(1);
    expect(addresses([], '')).toEqual([]);
  });
});
