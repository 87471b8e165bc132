import { describe, expect, it, vi } from 'vitest';
import { BoundaryError, callCommand, checkCommand, sentenceOf } from '../../electron/boundary.ts';
import type { Engine } from '../../electron/engine-types.ts';
import { type CommandName, commands } from '../../shared/contract.ts';

function engineThatCounts() {
  const called = vi.fn(async (args: unknown) => ({ got: args }));
  const table = Object.fromEntries((Object.keys(commands) as CommandName[]).map((name) => [name, called]));
  return { engine: { commands: table } as unknown as Pick<Engine, 'commands'>, called };
}

describe('boundary', () => {
  it.each([
    ['hello', {}],
    ['cut', { connection: 1, end: 'server', direction: 'in', cut: 'rst' }],
    ['pace', { rate: 0 }],
    ['openSession', { path: null }],
    ['arm', { end: 'client', direction: 'out', at: 0, content: false, cut: 'fin' }],
  ])('passes %s with arguments that are the contract’s', async (name, args) => {
    const { engine, called } = engineThatCounts();
    await expect(callCommand(engine, name, args)).resolves.toEqual({ got: args });
    expect(called).toHaveBeenCalledExactlyOnceWith(args);
  });

  it.each([
    ['a name that is none', 'format', {}],
    ['a name of every object', 'constructor', {}],
    ['a name of the prototype', '__proto__', {}],
    ['a name that is no text', 7, {}],
    ['no name', undefined, {}],
  ])('calls nothing for %s', async (_what, name, args) => {
    const { engine, called } = engineThatCounts();
    await expect(callCommand(engine, name, args)).rejects.toMatchObject({ code: 'unknown-command' });
    expect(called).not.toHaveBeenCalled();
  });

  it.each([
    ['no arguments', 'hello', undefined],
    ['a list', 'hello', []],
    ['one argument too many', 'hello', { more: 1 }],
    ['one argument too few', 'cut', { connection: 1, end: 'server', direction: 'in' }],
    [
      'a word that is none of the choices',
      'cut',
      { connection: 1, end: 'proxy', direction: 'in', cut: 'rst' },
    ],
    ['a number out of its range', 'pace', { rate: -1 }],
    ['a number that is not whole', 'stall', { connection: 1.5 }],
    ['an endless number', 'pace', { rate: Number.POSITIVE_INFINITY }],
    ['an empty path', 'openSession', { path: '' }],
    [
      'too many cuts',
      'run',
      { experiment: 'x', parameters: {}, cuts: Array.from({ length: 101 }, () => cut) },
    ],
  ])('calls nothing for %s', async (_what, name, args) => {
    const { engine, called } = engineThatCounts();
    await expect(callCommand(engine, name, args)).rejects.toMatchObject({ code: 'arguments' });
    expect(called).not.toHaveBeenCalled();
  });

  it('says which argument was wrong', () => {
    expect(() => checkCommand('pace', { rate: 'fast' })).toThrow('The command pace was given a wrong rate.');
    expect(() => checkCommand('hello', null)).toThrow(BoundaryError);
  });

  it('says one line of a failure, whatever failed', () => {
    expect(sentenceOf(new Error('Port 1 is in use.\n    at x'))).toBe('Port 1 is in use.');
    expect(sentenceOf('no')).toBe('no');
    expect(sentenceOf(new Error(''))).not.toBe('');
  });
});

const cut = { end: 'client', direction: 'out', at: 1, content: false, cut: 'fin' };
