// How a session is to be sent again: what was chosen as the command's arguments, or what is wrong with it.

import { describe, expect, it } from 'vitest';
import {
  amountWords,
  faultWords,
  FIRST_DRAFT,
  readAgain,
  serverWords,
  timesFault,
  urlFault,
} from '../../../renderer/sessions/again.ts';
import { commands } from '../../../shared/contract.ts';
import { refusedPreview } from '../../../shared/replay/preview.ts';

describe('what was chosen', () => {
  it.each([
    ['at once, to where it went', {}, { target: null, timing: 'asap', faults: true }],
    ['as recorded', { timing: 'as-recorded' }, { target: null, timing: 1, faults: true }],
    ['ten times as fast', { timing: 'times' }, { target: null, timing: 10, faults: true }],
    ['without its faults', { faults: false }, { target: null, timing: 'asap', faults: false }],
    [
      'to another server',
      { to: 'other', url: ' http://localhost:8080/ ' },
      { target: 'http://localhost:8080/', timing: 'asap', faults: true },
    ],
    ['an address that is not used', { url: 'nonsense' }, { target: null, timing: 'asap', faults: true }],
  ] as const)('is understood: %s', (_, change, args) => {
    const read = readAgain({ ...FIRST_DRAFT, ...change });
    expect(read).toEqual(args);
    expect(commands.replay.args.safeParse(read).success).toBe(true);
  });

  it.each([
    ['no address', { to: 'other' }],
    ['an address that is none', { to: 'other', url: 'example' }],
    ['a path', { to: 'other', url: 'http://a/b' }],
    ['no number', { timing: 'times', times: 'fast' }],
    ['too fast', { timing: 'times', times: '1000' }],
  ] as const)('is not, with %s', (_, change) => {
    expect(readAgain({ ...FIRST_DRAFT, ...change })).toBeNull();
  });

  it.each([
    ['', null],
    ['http://a:1', null],
    ['ftp://a', 'An address begins with http:// or https://, such as http://127.0.0.1:8080.'],
    ['https://a/b?c', 'The requests have paths of their own: name only the server, such as https://a.'],
  ])('of the address %j says %j', (text, fault) => {
    expect(urlFault(text)).toBe(fault);
  });

  it.each([
    ['0.5', null],
    [' 3 ', null],
    ['0', 'A number from 0.1 to 100, such as 10 or 0.5.'],
  ])('of the speed %j says %j', (text, fault) => {
    expect(timesFault(text)).toBe(fault);
  });
});

describe('what there is to send', () => {
  const nothing = refusedPreview('');
  it.each([
    [{ cuts: 0, disturbances: 0 }, 'none'],
    [{ cuts: 2, disturbances: 0 }, '2 cuts'],
    [{ cuts: 0, disturbances: 1 }, '1 fault'],
    [{ cuts: 1, disturbances: 3 }, '1 cut and 3 other faults'],
  ])('has the faults %j: %s', (counts, words) => {
    expect(faultWords({ ...nothing, ...counts })).toBe(words);
  });

  it('is counted, and its servers are named', () => {
    expect(amountWords({ ...nothing, requests: 1, connections: 2, bytes: 1200 })).toBe(
      '1 request on 2 connections, 1.2 kB',
    );
    const server = { authority: '10.0.0.1:443', secure: true, embedded: false, connections: 1 };
    expect([serverWords(server), serverWords({ ...server, embedded: true })]).toEqual([
      '10.0.0.1:443 (https)',
      'the test server',
    ]);
  });
});
