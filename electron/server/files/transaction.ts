// `Prefer: transaction=…`: what is to become of a request that breaks off (draft-ietf-httpapi-patch-byterange,
// Preserving Incomplete Uploads). Always honoured where it is understood.

import { FieldFault } from '../../../shared/fields/fault.ts';
import { parsePrefer, writePrefer } from '../../../shared/fields/prefer.ts';
import type { FieldLines } from '../../../shared/http1/writer.ts';
import type { Exchange } from '../http/exchange.ts';
import type { ServerCore } from '../router.ts';

/** `atomic`: all or nothing; `persist`: every byte as it comes. */
type Mode = 'atomic' | 'persist';

export interface Transaction {
  readonly mode: Mode;
  /** Preference-Applied, for a client that has stated the preference. */
  readonly applied: FieldLines;
}

/** @param usual what the method is for, where neither the client nor the server's settings say otherwise */
export function readTransaction(exchange: Exchange, core: ServerCore, usual: Mode): Transaction {
  const parsed = parsePrefer(exchange.field('Prefer') ?? '');
  // RFC 7240 §2: what cannot be understood is done without.
  const stated = parsed instanceof FieldFault ? undefined : parsed.get('transaction')?.value.toLowerCase();
  if (stated !== 'atomic' && stated !== 'persist') {
    return { mode: core.transaction === 'by-method' ? usual : core.transaction, applied: [] };
  }
  const applied = writePrefer([{ name: 'transaction', value: stated }]);
  return { mode: stated, applied: [['Preference-Applied', applied]] };
}
