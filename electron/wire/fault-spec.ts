// FAULT of the command line, `client|server:in|out:KIND:FIGURE`, to its object. Pure text: knows neither boards nor wires.

import { commands, type Disturbance } from '../../shared/contract.ts';

const FORM =
  'client|server:in|out:delay:MS, :throttle:BYTES-A-SECOND, :fragment:BYTES or :cut:MS[:rst|fin|stall], or client|server:out:corrupt:BYTE';

/** A fault that cannot be read; the message says how it is written. */
export class FaultSpecError extends Error {
  readonly code = 'fault-spec';
  constructor(text: string) {
    super(`"${text}" is not a fault: write ${FORM}, for example server:out:delay:300.`);
    this.name = 'FaultSpecError';
  }
}

/** Bits that `corrupt` turns: one, which is hardest to notice. */
const LOWEST_BIT = 1;

/**
 * Reads one FAULT; its figure is decimal, within the bounds of the contract.
 * @throws {FaultSpecError}
 */
export function parseFaultSpec(text: string): Disturbance {
  const [end, direction, kind = '', figure = '', cut = 'rst', ...rest] = text.split(':');
  const amount = /^[0-9]{1,16}$/.test(figure) ? Number(figure) : NaN;
  const plain = rest.length === 0 && (kind === 'cut' || text.split(':').length === 4);
  const read = commands.disturb.args.safeParse(objectOf(kind, { end, direction, amount, cut }));
  if (!plain || !read.success) throw new FaultSpecError(text);
  return read.data;
}

interface Parts {
  readonly end: string | undefined;
  readonly direction: string | undefined;
  readonly amount: number;
  readonly cut: string;
}

/** What the contract is then asked about; null for a kind that is none. */
function objectOf(kind: string, { end, direction, amount, cut }: Parts): object | null {
  switch (kind) {
    case 'delay':
      return { fault: kind, end, direction, milliseconds: amount };
    case 'throttle':
      return { fault: kind, end, direction, rate: amount };
    case 'fragment':
      return { fault: kind, end, direction, bytes: amount };
    case 'corrupt':
      return direction === 'out' ? { fault: kind, end, at: amount, mask: LOWEST_BIT } : null;
    case 'cut':
      return { fault: 'cut-after', end, direction, milliseconds: amount, cut };
    default:
      return null;
  }
}
