import { describe, expect, it } from 'vitest';
import { FaultSpecError, parseFaultSpec } from '../../../electron/wire/fault-spec.ts';
import type { Disturbance } from '../../../shared/contract.ts';
import { formatFaultSpec, type WrittenFault } from '../../../shared/export/specs.ts';

describe('FAULT of the command line', () => {
  it.each(['client:out:delay:1', 'server:in:throttle:300', 'server:out:fragment:9', 'client:out:corrupt:0'])(
    '%s is written as it is read',
    (text) => {
      const [end, direction, action, figure] = text.split(':');
      expect(() => parseFaultSpec(text)).not.toThrow();
      expect(formatFaultSpec({ end, direction, action, figure: Number(figure) } as WrittenFault)).toBe(text);
    },
  );

  it.each<[string, Disturbance]>([
    ['server:out:delay:300', { fault: 'delay', end: 'server', direction: 'out', milliseconds: 300 }],
    ['client:in:throttle:1000', { fault: 'throttle', end: 'client', direction: 'in', rate: 1000 }],
    ['client:out:fragment:1', { fault: 'fragment', end: 'client', direction: 'out', bytes: 1 }],
    ['client:out:corrupt:0', { fault: 'corrupt', end: 'client', at: 0, mask: 1 }],
    [
      'server:in:cut:5000',
      { fault: 'cut-after', end: 'server', direction: 'in', milliseconds: 5000, cut: 'rst' },
    ],
    [
      'server:in:cut:5000:stall',
      { fault: 'cut-after', end: 'server', direction: 'in', milliseconds: 5000, cut: 'stall' },
    ],
  ])('%s is read', (text, disturbance) => {
    expect(parseFaultSpec(text)).toEqual(disturbance);
  });

  it.each([
    '',
    'server',
    'proxy:out:delay:300',
    'server:up:delay:300',
    'server:out:jitter:300',
    'server:out:delay',
    'server:out:delay:',
    'server:out:delay:0',
    'server:out:delay:-1',
    'server:out:delay:1e3',
    'server:out:delay:60001',
    'server:out:delay:300:rst',
    'server:in:corrupt:3',
    'server:out:fragment:65537',
    'server:in:cut:5000:bang',
    'server:in:cut:5000:rst:x',
  ])('%j is no fault, and the error says how one is written', (text) => {
    expect(() => parseFaultSpec(text)).toThrow(FaultSpecError);
    expect(() => parseFaultSpec(text)).toThrow(/for example server:out:delay:300/);
  });
});
