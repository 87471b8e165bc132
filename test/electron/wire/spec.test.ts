// SPEC as text.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { CutSpecError, parseCutSpec } from '../../../electron/wire/spec.ts';
import { formatCutSpec } from '../../../shared/export/specs.ts';

describe('parseCutSpec', () => {
  it.each([
    ['server:in:100000:rst', { end: 'server', direction: 'in', at: 100_000, content: false, cut: 'rst' }],
    ['client:out:0', { end: 'client', direction: 'out', at: 0, content: false, cut: 'rst' }],
    ['server:out:content:3:fin', { end: 'server', direction: 'out', at: 3, content: true, cut: 'fin' }],
    ['client:in:content:7', { end: 'client', direction: 'in', at: 7, content: true, cut: 'rst' }],
    [
      'client:in:9007199254740991:stall',
      { end: 'client', direction: 'in', at: 2 ** 53 - 1, content: false, cut: 'stall' },
    ],
  ])('reads %s', (text, spec) => {
    expect(parseCutSpec(text)).toEqual(spec);
  });

  it.each([
    ['', 'it must begin with client or server, not with ""'],
    ['proxy:in:3', 'it must begin with client or server, not with "proxy"'],
    ['Server:in:3', 'not with "Server"'],
    ['server', 'the direction must be in or out, not ""'],
    ['server:up:3', 'the direction must be in or out, not "up"'],
    ['server:in', 'BYTE must be a whole number, not ""'],
    ['server:in:', 'BYTE must be a whole number, not ""'],
    ['server:in:-1', 'BYTE must be a whole number, not "-1"'],
    ['server:in:1e3', 'BYTE must be a whole number, not "1e3"'],
    ['server:in: 3', 'BYTE must be a whole number, not " 3"'],
    ['server:in:content', 'BYTE must be a whole number, not ""'],
    ['server:in:9007199254740992', '9007199254740992 is too large a BYTE'],
    ['server:in:3:', 'the kind must be rst, fin or stall, not ""'],
    ['server:in:3:kill', 'the kind must be rst, fin or stall, not "kill"'],
    ['server:in:3:rst:4:5', '":4:5" is left over'],
  ])('says what is wrong with "%s", and how it is written', (text, wrong) => {
    let error: unknown;
    try {
      parseCutSpec(text);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(CutSpecError);
    const { message } = error as CutSpecError;
    expect(message).toContain(`"${text}" is not a cut: `);
    expect(message).toContain(wrong);
    expect(message).toContain('Write client|server:in|out:[content:]BYTE[:rst|fin|stall]');
  });
});

describe('formatCutSpec', () => {
  it('writes what parseCutSpec reads back', () => {
    fc.assert(
      fc.property(
        fc.record({
          end: fc.constantFrom('client' as const, 'server' as const),
          direction: fc.constantFrom('in' as const, 'out' as const),
          at: fc.maxSafeNat(),
          content: fc.boolean(),
          cut: fc.constantFrom('rst' as const, 'fin' as const, 'stall' as const),
        }),
        (spec) => {
          expect(parseCutSpec(formatCutSpec(spec))).toEqual(spec);
        },
      ),
    );
  });
});
