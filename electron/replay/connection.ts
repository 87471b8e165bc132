// One connection of a session that is sent again: it writes what was recorded, arms what broke it, and notices what comes
// back. It must never write a byte that was not recorded, save in a head where it is told to.

import { createParser } from '../../shared/http1/parser.ts';
import type { Http1Parser } from '../../shared/http1/types.ts';
import type { ReadBytes } from '../../shared/export/message.ts';
import type { PlannedConnection, SendStep } from '../../shared/replay/plan.ts';
import {
  type PlannedDisturbance,
  type PlannedFault,
  streamOfFault,
} from '../../shared/replay/planned-faults.ts';
import type { Wire } from '../wire/types.ts';
import { PIECE } from './recorded.ts';

/** What of an exchange has come back. */
interface Asked {
  readonly exchange: number;
  /** Response heads so far, interim ones, too. */
  heads: number;
  answered: boolean;
}

interface ConnectionHost {
  readonly read: ReadBytes;
  /** Something happened. */
  moved(): void;
  /** Resolves when it holds, or when nothing has moved for `patience` milliseconds. */
  until(holds: () => boolean, patience: number): Promise<unknown>;
}

/** A step that sends, as it is sent now. */
export interface Part {
  readonly step: SendStep;
  /** The head as it is to be sent; null: all as recorded. */
  readonly head: Uint8Array | null;
  readonly method: string;
  /** Response heads that the client had in all. */
  readonly heads: number;
}

/** Milliseconds that a client waits for a 100 (RFC 9110 §10.1.1), or for what it had heard before it was cut. */
const HEAD_PATIENCE = 5_000;
/** Milliseconds in which nothing moves, until a server is taken not to read what it had. */
const READ_PATIENCE = 10_000;

export class ReplayedConnection {
  readonly planned: PlannedConnection;
  readonly wire: Wire;
  closed = false;
  readonly #host: ConnectionHost;
  readonly #server: Wire | null;
  readonly #asked = new Map<number, Asked>();
  /** Exchanges that wait for their response, in order. */
  readonly #waiting: Asked[] = [];
  readonly #parser: Http1Parser;
  #sending: Promise<void> = Promise.resolve();
  /** How much further the request stream is than it was, by heads that were rewritten. */
  #shift = 0;
  readonly #disturbing = new Set<PlannedDisturbance>();

  /** @param server the other end, where it is ours, too */
  constructor(planned: PlannedConnection, wire: Wire, server: Wire | null, host: ConnectionHost) {
    this.planned = planned;
    this.wire = wire;
    this.#server = server;
    this.#host = host;
    this.#parser = createParser('response', {
      head: () => {
        const first = this.#waiting[0];
        if (first !== undefined) first.heads++;
      },
      messageEnd: (_, complete) => {
        const first = this.#waiting.shift();
        if (first !== undefined && complete) first.answered = true;
      },
    });
    for (const fault of planned.faults) if (streamOfFault(fault) === 'response') this.#arm(fault, fault.at);
    for (const disturbance of planned.disturbances)
      if (streamOfFault(disturbance) === 'response') this.#disturb(disturbance, disturbance.at);
    wire.handle({
      data: (bytes) => {
        this.#parser.feed(bytes);
        host.moved();
      },
      closed: () => {
        this.closed = true;
        this.#parser.end();
        host.moved();
      },
    });
  }

  /** What was asked for here, and how far it has come. */
  get asked(): ReadonlyMap<number, Readonly<Asked>> {
    return this.#asked;
  }

  /** Resolves when everything that was to be sent so far was, or cannot be. */
  get sent(): Promise<void> {
    return this.#sending;
  }

  /** Sends it when what came before is sent. */
  send(part: Part): void {
    this.#sending = this.#sending.then(() => this.#send(part));
  }

  async #send(part: Part): Promise<void> {
    const { step, head, method } = part;
    const { exchange, from, to, headStart } = step;
    const headEnd = Math.min(step.headEnd, to);
    const longer = head === null ? 0 : head.length - (headEnd - headStart);
    const faults = this.planned.faults.filter(
      (fault) =>
        streamOfFault(fault) === 'request' &&
        fault.at <= to &&
        (fault.at > from || (fault.at === 0 && from === 0)),
    );
    const last = this.#server === null ? undefined : faults.find((fault) => isLast(fault, step));
    // In the head, the byte may be another; in the content, it is the same one.
    const moved = (at: number): number =>
      this.#shift + (at >= headEnd ? at + longer : Math.min(at, headEnd + longer));
    for (const fault of faults) if (fault !== last) this.#arm(fault, moved(fault.at));
    for (const disturbance of this.planned.disturbances) {
      const { at, amount } = disturbance;
      // What is taken back behind the last byte is taken back; what begins there begins with the next.
      const isReached = amount === 0 ? at <= to : at < to;
      if (isReached && streamOfFault(disturbance) === 'request' && !this.#disturbing.has(disturbance))
        this.#disturb(disturbance, moved(at));
    }
    if (exchange !== null) {
      const asked = { exchange, heads: 0, answered: false };
      this.#asked.set(exchange, asked);
      this.#waiting.push(asked);
      this.#parser.expect(method);
    }
    this.#shift += longer;
    if (head === null) {
      await this.#copy(from, to);
      return;
    }
    await this.#copy(from, headStart);
    await this.#write(head);
    if (exchange === null || to <= headEnd) return;
    if (isExpecting(head)) await this.#heard(exchange, 1);
    // A cut may overtake what the client had read before it: its last byte waits for that.
    const reached = (fault: PlannedFault): number =>
      fault === last ? Math.min(fault.at, this.planned.arrived) : fault.at;
    const brink = Math.max(headEnd, Math.min(to, ...faults.map((fault) => reached(fault) - 1)));
    await this.#copy(headEnd, brink);
    if (faults.length > 0) await this.#heard(exchange, part.heads);
    if (last === undefined) await this.#copy(brink, to);
    else await this.#copyAndCut(brink, to, last);
  }

  /** Resolves when an exchange has that many response heads, or none has come for a while. */
  #heard(exchange: number, heads: number): Promise<unknown> {
    return this.#host.until(
      () => this.closed || (this.#asked.get(exchange)?.heads ?? 0) >= heads,
      HEAD_PATIENCE,
    );
  }

  /**
   * A reset overtakes what the server has not read: the server is let read as much as it had then, and no more, before
   * the rest is sent and the connection is cut.
   */
  async #copyAndCut(from: number, to: number, { cut, direction }: PlannedFault): Promise<void> {
    const server = this.#server!;
    const { arrived } = this.planned;
    const middle = Math.min(Math.max(arrived, from), to);
    await this.#copy(from, middle);
    await this.#host.until(() => this.closed || server.received >= arrived + this.#shift, READ_PATIENCE);
    server.flow(false);
    await this.#copy(middle, to);
    this.wire.cut(cut, direction, 'plan');
    // What lies unread at the server was lost then, and is lost now.
    if (middle < to && server.received === arrived + this.#shift) server.close('rst');
    else server.flow(true);
  }

  async #copy(from: number, to: number): Promise<void> {
    for (let at = from; at < to && this.wire.open;) {
      const { bytes } = await this.#host.read(this.planned.id, 'request', at, Math.min(to, at + PIECE));
      if (bytes.length === 0 || !(await this.#write(asMeant(bytes, at, this.planned)))) return;
      at += bytes.length;
    }
  }

  async #write(bytes: Uint8Array): Promise<boolean> {
    const written = await this.wire.write(bytes);
    this.#host.moved();
    return written;
  }

  /** At the end where it was; where that is not ours, at the client's, at the same byte of the same stream. */
  #arm({ end, direction, cut }: PlannedFault, at: number): void {
    if (end === 'client') this.wire.cutAt(at, cut, direction, 'plan');
    else if (this.#server !== null) this.#server.cutAt(at, cut, direction, 'plan');
    else this.wire.cutAt(at, cut, direction === 'in' ? 'out' : 'in', 'plan');
  }

  /** The same for what disturbs; what was changed on its way out of a server that is not ours is changed as it comes in. */
  #disturb(disturbance: PlannedDisturbance, at: number): void {
    const { end, direction, action, amount } = disturbance;
    this.#disturbing.add(disturbance);
    const change = { action, amount, at };
    if (end === 'client') this.wire.disturbAt(change, direction);
    else if (this.#server !== null) this.#server.disturbAt(change, direction);
    else this.wire.disturbAt(change, direction === 'in' ? 'out' : 'in');
  }

  resume(): void {
    this.wire.resume('plan');
    this.#server?.resume('plan');
  }
}

/** Whether the client's last byte, one of content, is where it cut. */
function isLast({ end, direction, cut, at }: PlannedFault, { headEnd, to }: SendStep): boolean {
  return end === 'client' && direction === 'out' && cut !== 'stall' && at === to && to > headEnd;
}

/** RFC 9110 §10.1.1 */
function isExpecting(head: Uint8Array): boolean {
  return /^expect[ \t]*:[ \t]*100-continue[ \t]*\r?$/im.test(Buffer.from(head).toString('latin1'));
}

/** Bytes of the request stream as their writer meant them: what a fault had changed is changed by that fault again. */
export function asMeant(bytes: Uint8Array, from: number, { changed }: PlannedConnection): Uint8Array {
  let meant = bytes;
  for (const { at, mask } of changed) {
    if (at < from || at >= from + bytes.length) continue;
    // No slice(): of a Buffer that is no copy.
    if (meant === bytes) meant = Uint8Array.from(bytes);
    meant[at - from]! ^= mask;
  }
  return meant;
}
