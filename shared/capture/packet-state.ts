// What is known of a connection while its packets are written: how far each end has come, and headers made ready.
// It must never write anything itself.

import { parseAddress } from './ip.ts';
import type { End, Endpoint } from './records.ts';

/** One end of a connection as its packets have told it so far. */
export interface EndState {
  readonly end: End;
  /** IP and TCP headers of its packets; length, sequence and checksums are filled in for each. */
  readonly template: Int32Array;
  /** Sum over what never changes of the pseudo header and the TCP header. */
  readonly base: number;
  /** The same of the IPv4 header. */
  readonly ipBase: number;
  opened: boolean;
  sent: number;
  received: number;
  finSent: boolean;
  finRead: boolean;
}

export interface ConnectionState {
  readonly client: EndState;
  readonly server: EndState;
  /** Said at the next packet: what was done to the connection, and why. */
  comment: string;
}

/** The two ends of a connection that is about to be opened. */
export function openConnection(client: Endpoint, server: Endpoint): ConnectionState {
  let from = parseAddress(client.address);
  let to = parseAddress(server.address);
  const length = from?.length === 16 || to?.length === 16 ? 16 : 4;
  from = widen(from, length);
  to = widen(to, length);
  return {
    client: openEnd('client', from, client.port, to, server.port),
    server: openEnd('server', to, server.port, from, client.port),
    comment: '',
  };
}

/** An address in the length that its peer needs; what is no address (a refused connection has none) as all zeros. */
function widen(address: Uint8Array | null, length: 4 | 16): Uint8Array {
  if (address === null) return new Uint8Array(length);
  if (address.length === length) return address;
  const mapped = new Uint8Array(16);
  mapped.fill(0xff, 10, 12);
  mapped.set(address, 12);
  return mapped;
}

function openEnd(end: End, from: Uint8Array, fromPort: number, to: Uint8Array, toPort: number): EndState {
  const v4 = from.length === 4;
  const head = v4 ? 20 : 40;
  const template = new Int32Array((head + 20) / 4);
  const bytes = new Uint8Array(template.buffer);
  const view = new DataView(template.buffer);
  if (v4) {
    // Version 4, 5 words; never fragmented, so it needs no identification (RFC 6864); 64 hops, TCP.
    view.setUint8(0, 0x45);
    view.setUint16(6, 0x4000);
    view.setUint16(8, 0x4006);
    bytes.set(from, 12);
    bytes.set(to, 16);
  } else {
    view.setUint8(0, 0x60);
    view.setUint16(6, 0x0640);
    bytes.set(from, 8);
    bytes.set(to, 24);
  }
  view.setUint16(head, fromPort);
  view.setUint16(head + 2, toPort);
  let base = 6 + fromPort + toPort;
  for (let i = v4 ? 12 : 8; i < head; i += 2) base += view.getUint16(i);
  let ipBase = 0;
  if (v4) for (let i = 0; i < head; i += 2) ipBase += view.getUint16(i);
  return {
    end,
    template,
    base,
    ipBase,
    opened: false,
    sent: 0,
    received: 0,
    finSent: false,
    finRead: false,
  };
}
