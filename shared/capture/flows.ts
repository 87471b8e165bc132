// Which connection a segment belongs to: by its two endpoints, the latest one where ports were used again.
// It must never guess who is the client; that is told when a flow is added.

import { formatAddress } from './ip.ts';
import type { Endpoint } from './records.ts';
import type { Segment } from './segment.ts';

export interface Flow<State> {
  /** 1, 2, 3 … in the order of their first packets. */
  readonly connection: number;
  readonly client: Endpoint;
  readonly server: Endpoint;
  readonly state: State;
}

interface Entry<State> extends Flow<State> {
  readonly clientAddress: Uint8Array;
  readonly serverAddress: Uint8Array;
}

export class Flows<State> {
  /** Whether the segment that was looked up last came from the client. */
  fromClient = true;
  readonly all: Flow<State>[] = [];
  /** By both ports, the lower one first; the latest flow last. */
  readonly #byPorts = new Map<number, Entry<State>[]>();
  #last: Entry<State> | null = null;

  /** The flow of a segment, and {@link fromClient}; null: none was added yet. */
  find(segment: Segment): Flow<State> | null {
    if (this.#last !== null && this.#matches(this.#last, segment)) return this.#last;
    const entries = this.#byPorts.get(ports(segment));
    if (entries === undefined) return null;
    for (let i = entries.length - 1; i >= 0; i--)
      if (this.#matches(entries[i]!, segment)) {
        this.#last = entries[i]!;
        return this.#last;
      }
    return null;
  }

  /** Adds the flow that a segment begins; an older one of the same endpoints is found no more. */
  add(segment: Segment, fromClient: boolean, state: State): Flow<State> {
    const { bytes, addresses, addressLength } = segment;
    const source = bytes.slice(addresses, addresses + addressLength);
    const destination = bytes.slice(addresses + addressLength, addresses + 2 * addressLength);
    const from: Endpoint = { address: formatAddress(source), port: segment.sourcePort };
    const to: Endpoint = { address: formatAddress(destination), port: segment.destinationPort };
    const entry: Entry<State> = {
      connection: this.all.length + 1,
      client: fromClient ? from : to,
      server: fromClient ? to : from,
      clientAddress: fromClient ? source : destination,
      serverAddress: fromClient ? destination : source,
      state,
    };
    const key = ports(segment);
    const older = (this.#byPorts.get(key) ?? []).filter((known) => !this.#matches(known, segment));
    this.#byPorts.set(key, [...older, entry]);
    this.all.push(entry);
    this.#last = entry;
    this.fromClient = fromClient;
    return entry;
  }

  #matches(entry: Entry<State>, segment: Segment): boolean {
    const { client, server, clientAddress, serverAddress } = entry;
    const { sourcePort, destinationPort, addresses, addressLength } = segment;
    if (addressLength !== clientAddress.length) return false;
    const second = addresses + addressLength;
    if (
      client.port === sourcePort &&
      server.port === destinationPort &&
      same(segment.bytes, addresses, clientAddress) &&
      same(segment.bytes, second, serverAddress)
    ) {
      this.fromClient = true;
      return true;
    }
    if (
      client.port === destinationPort &&
      server.port === sourcePort &&
      same(segment.bytes, addresses, serverAddress) &&
      same(segment.bytes, second, clientAddress)
    ) {
      this.fromClient = false;
      return true;
    }
    return false;
  }
}

function ports({ sourcePort, destinationPort }: Segment): number {
  return Math.min(sourcePort, destinationPort) * 0x10000 + Math.max(sourcePort, destinationPort);
}

function same(bytes: Uint8Array, at: number, address: Uint8Array): boolean {
  for (let i = 0; i < address.length; i++) if (bytes[at + i] !== address[i]) return false;
  return true;
}

/** The position nearest to `expected` that a 32-bit number of the sequence space can mean (RFC 9293 §3.4). */
export function unwrap(value: number, expected: number): number {
  return expected + ((value - expected) | 0);
}
