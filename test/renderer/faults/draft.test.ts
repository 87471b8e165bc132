import { describe, expect, it } from 'vitest';
import {
  FAULT_KINDS,
  type FaultDraft,
  figuresOf,
  FIRST_DRAFT,
  placesOf,
  readDraft,
} from '../../../renderer/faults/draft.ts';
import { armedLabel } from '../../../renderer/faults/labels.ts';
import { commands } from '../../../shared/contract.ts';

const figures = (typed: Partial<FaultDraft['figures']>) => ({ ...FIRST_DRAFT.figures, ...typed });

describe('what is typed into the form of faults', () => {
  it.each<[Partial<FaultDraft>, string]>([
    [{}, 'Delay, server out, 300 ms'],
    [
      { kind: 'delay', place: 'Client in', figures: figures({ milliseconds: '1,500' }) },
      'Delay, client in, 1,500 ms',
    ],
    [{ kind: 'throttle' }, 'Throttle, server out, 50,000 bytes a second'],
    [{ kind: 'fragment', figures: figures({ bytes: '1' }) }, 'Fragment, server out, byte by byte'],
    [{ kind: 'fragment', place: 'Server in' }, 'Fragment, server in, 16 bytes at a time'],
    [{ kind: 'corrupt', place: 'Client out' }, 'Change a byte, client out, byte 0'],
    [{ kind: 'corrupt', place: 'Client in' }, 'Change a byte, client out, byte 0'],
    [{ kind: 'cut-after', cut: 'fin' }, 'FIN, server out, after 1,000 ms'],
    [{ kind: 'cut-at' }, 'RST, server out, at byte 65,536 of the content'],
    [
      {
        kind: 'cut-at',
        cut: 'stall',
        counts: 'connection',
        place: 'Client in',
        figures: figures({ cutByte: '0' }),
      },
      'Silence, client in, at byte 0 of the connection',
    ],
    [{ kind: 'cut-idle' }, 'Cut when idle, 5,000 ms to the first byte, 5,000 ms between two'],
  ])('%o is: %s', (change, label) => {
    const read = readDraft({ ...FIRST_DRAFT, ...change });
    expect(read === null ? null : armedLabel(read)).toBe(label);
  });

  it.each(FAULT_KINDS)('a %s is within its bounds exactly where the engine takes it', (kind) => {
    for (const { name, least, most } of figuresOf(kind)) {
      for (const [value, taken] of [
        [least, true],
        [most, true],
        [least - 1, false],
        [most + 1, false],
      ] as const) {
        const read = readDraft({ ...FIRST_DRAFT, kind, figures: figures({ [name]: String(value) }) });
        expect(read !== null, `${name} ${value}`).toBe(taken);
        if (read === null) continue;
        const command = 'fault' in read ? commands.disturb : commands.arm;
        expect(command.args.safeParse(read).success).toBe(true);
      }
    }
  });

  it.each(['', 'x', '1.5', '-1', '1e3'])('%j is no figure', (typed) => {
    expect(readDraft({ ...FIRST_DRAFT, figures: figures({ milliseconds: typed }) })).toBeNull();
  });

  it('offers only places where a fault can be', () => {
    expect(placesOf('corrupt').map(({ label }) => label)).toEqual(['Client out', 'Server out']);
    expect(placesOf('cut-idle')).toEqual([]);
    expect(placesOf('delay')).toHaveLength(4);
  });
});
