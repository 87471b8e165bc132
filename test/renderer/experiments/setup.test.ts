import { describe, expect, it } from 'vitest';
import type { ExperimentInfo, Parameter } from '../../../shared/contract.ts';
import {
  chosenExperiment,
  createSetup,
  judge,
  judgeTarget,
  runArguments,
  shown,
} from '../../../renderer/experiments/setup.ts';

const size: Parameter = {
  name: 'size',
  title: 'Size',
  help: 'Bytes.',
  type: 'number',
  default: 1000,
  minimum: 1,
  maximum: 1_000_000,
};
const kind: Parameter = {
  name: 'kind',
  title: 'Kind',
  help: 'How.',
  type: 'string',
  default: 'rst',
  choices: ['rst', 'fin'],
};
const legacy: Parameter = { name: 'legacy', title: 'Legacy', help: 'Old.', type: 'boolean', default: false };
const cut = { end: 'server', direction: 'in', at: 3, content: true, cut: 'rst' } as const;

function info(id: string): ExperimentInfo {
  return {
    id,
    title: id,
    group: 'resume',
    teaches: '',
    sources: [],
    parameters: [size, kind, legacy],
    cuts: [{ label: 'once', specs: [cut] }],
  };
}

describe('what is wrong with a value', () => {
  it.each([
    [size, '1000', null],
    [size, '1,000', null],
    [size, ' 1 000 ', null],
    [size, '', 'A number is needed here.'],
    [size, 'many', 'A number is needed here.'],
    [size, '0', 'At least 1.'],
    [size, '1000001', 'At most 1,000,000.'],
    [kind, 'fin', null],
    [kind, 'stop', 'Choose one of rst, fin.'],
    [legacy, true, null],
  ])('%o of %o: %s', (parameter, value, problem) => {
    expect(judge(parameter as Parameter, value as string | boolean)).toBe(problem);
  });
});

describe('what is wrong with the URL of a server', () => {
  it.each(['', '  ', 'http://h', 'HTTPS://h:8443/a?b', 'http://[::1]:80/'])('%j: nothing', (typed) => {
    expect(judgeTarget(typed)).toBeNull();
  });

  it.each(['h', 'h:80', '127.0.0.1:8080', 'ftp://h/', 'http://', 'http://h:99999/', 'http:'])(
    '%j: it is said how one is written',
    (typed) => {
      expect(judgeTarget(typed)).toContain('such as http://127.0.0.1:8080/upload');
    },
  );
});

describe('a set-up', () => {
  const experiments = [info('one'), info('two')];

  it('begins with the first experiment, its defaults and none of its cuts', () => {
    const setup = createSetup();
    const state = setup.store.getState();
    expect(chosenExperiment(state, experiments)?.id).toBe('one');
    expect(chosenExperiment(state, [])).toBeNull();
    expect(runArguments(state, experiments[0]!)).toEqual({
      parameters: { size: 1000, kind: 'rst', legacy: false },
      cuts: [],
    });
  });

  it('sends what was typed as what it is', () => {
    const setup = createSetup();
    setup.type('one', 'size', '250,000');
    setup.type('one', 'legacy', true);
    setup.type('one', 'kind', 'fin');
    setup.chooseCuts('one', 0);
    expect(runArguments(setup.store.getState(), experiments[0]!)).toEqual({
      parameters: { size: 250_000, kind: 'fin', legacy: true },
      cuts: [cut],
    });
    expect(shown(setup.store.getState(), 'two', size)).toBe('1000');
  });

  it('sends nothing while a value is wrong', () => {
    const setup = createSetup();
    setup.type('one', 'size', 'x');
    expect(runArguments(setup.store.getState(), experiments[0]!)).toBeNull();
  });

  it('runs against a server of the user’s own once its URL is one', () => {
    const setup = createSetup();
    const args = () => runArguments(setup.store.getState(), experiments[0]!);
    setup.aim('one', 'no server');
    expect(args()).toBeNull();
    setup.aim('one', ' http://127.0.0.1:8080/upload ');
    expect(args()).toMatchObject({ target: 'http://127.0.0.1:8080/upload' });
    setup.aim('one', ' ');
    expect(args()).not.toHaveProperty('target');
  });

  it('takes cuts back', () => {
    const setup = createSetup();
    setup.chooseCuts('one', 0);
    setup.chooseCuts('one', null);
    expect(runArguments(setup.store.getState(), experiments[0]!)?.cuts).toEqual([]);
  });

  it('shows and hides the details of the experiment that is chosen', () => {
    const setup = createSetup();
    const state = () => setup.store.getState();
    setup.toggle('two');
    expect(state()).toMatchObject({ experiment: 'two', open: true });
    setup.toggle('two');
    expect(state()).toMatchObject({ experiment: 'two', open: false });
    setup.toggle('two');
    setup.toggle('one');
    expect(state()).toMatchObject({ experiment: 'one', open: true });
  });
});
