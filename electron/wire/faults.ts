// The fault board of an engine: which cuts and disturbances are armed, how fast writes go, which wires are open.
// Decides which wire carries which cut; only wires apply them.

import type { Direction, End } from '../../shared/capture/records.ts';
import type { CutSpec, Disturbance } from '../../shared/contract.ts';
import {
  type ArmedCut,
  type ArmedDisturbance,
  type FaultBoard,
  type IdleRule,
  type RegisteredWire,
  type ReservedCuts,
  type Wire,
  WireError,
  type WireRegistry,
} from './types.ts';

/** Cuts that stand on a board at a time. */
export const MOST_CUTS = 1000;
/** Disturbances that stand on a board at a time. */
export const MOST_DISTURBANCES = 100;

const keyOf = (connection: number, end: End): string => `${connection}:${end}`;
const otherEnd = (end: End): End => (end === 'client' ? 'server' : 'client');

/** An empty board, unpaced. */
export function createFaultBoard(): FaultBoard {
  return new Board();
}

class Reserved implements ReservedCuts {
  readonly cuts: readonly ArmedCut[];
  readonly connections = new Set<number>();
  readonly #board: Board;

  constructor(cuts: readonly ArmedCut[], board: Board) {
    this.cuts = cuts;
    this.#board = board;
  }

  release(): readonly CutSpec[] {
    return this.#board.release(this);
  }
}

class Board implements FaultBoard {
  idle: IdleRule | null = null;
  changed: () => void = () => undefined;
  readonly registry: WireRegistry = {
    opened: (wire, reserved) => this.#opened(wire, reserved),
    closed: (wire) => this.#closed(wire),
    fired: (cut) => {
      cut.state = 'fired';
      this.changed();
    },
    spent: (armed) => void this.#takeBack(armed.id),
    same: (end, direction, cut, content) =>
      this.#cuts.find(
        ({ spec, origin, state }) =>
          state === 'armed' &&
          origin === 'user' &&
          spec.content &&
          spec.end === end &&
          spec.direction === direction &&
          spec.cut === cut &&
          spec.at === content,
      ) ?? null,
    readByPeer: (connection, end) => {
      const key = keyOf(connection, otherEnd(end));
      return this.#wires.get(key)?.received ?? this.#lastRead.get(key) ?? 0;
    },
    stalledOrResumed: () => this.changed(),
  };
  #rate = 0;
  #lastId = 0;
  #cuts: ArmedCut[] = [];
  #disturbances: readonly ArmedDisturbance[] = [];
  readonly #wires = new Map<string, RegisteredWire>();
  /** What a closed end had read, until its other end has closed, too. */
  readonly #lastRead = new Map<string, number>();
  readonly #reservations = new Set<Reserved>();

  get rate(): number {
    return this.#rate;
  }

  set rate(rate: number) {
    if (rate === this.#rate) return;
    this.#rate = rate;
    for (const wire of this.wires()) wire.repace();
    this.changed();
  }

  arm(spec: CutSpec, origin: 'user' | 'plan'): number {
    const cut = this.#add(spec, origin);
    if (origin === 'user' && !spec.content) {
      for (const wire of this.wires()) {
        if (wire.end === spec.end && passed(wire, spec.direction) <= spec.at) wire.carry(cut);
      }
    }
    this.changed();
    return cut.id;
  }

  reserve(specs: readonly CutSpec[]): ReservedCuts {
    const reserved = new Reserved(
      specs.map((spec) => this.#add(spec, 'plan')),
      this,
    );
    this.#reservations.add(reserved);
    if (specs.length > 0) this.changed();
    return reserved;
  }

  release(reserved: Reserved): readonly CutSpec[] {
    this.#reservations.delete(reserved);
    const left = reserved.cuts.filter(({ state }) => state === 'armed');
    for (const { id } of left) this.disarm(id);
    return left.map(({ spec }) => spec);
  }

  #add(spec: CutSpec, origin: 'user' | 'plan'): ArmedCut {
    if (this.#cuts.length >= MOST_CUTS) {
      const fired = this.#cuts.findIndex((cut) => cut.state === 'fired');
      if (fired < 0)
        throw new WireError('other', `${MOST_CUTS} cuts are armed and none has fired: take some back first.`);
      this.#cuts.splice(fired, 1);
    }
    this.#lastId += 1;
    const cut: ArmedCut = { id: this.#lastId, spec, origin, state: 'armed' };
    this.#cuts.push(cut);
    return cut;
  }

  disturb(disturbance: Disturbance, origin: 'user' | 'plan'): number {
    if (this.#disturbances.length >= MOST_DISTURBANCES)
      throw new WireError('other', `${MOST_DISTURBANCES} faults stand already: take some back first.`);
    this.#lastId += 1;
    const armed: ArmedDisturbance = { id: this.#lastId, disturbance, origin, state: 'armed' };
    this.#stand([...this.#disturbances, armed]);
    return armed.id;
  }

  disturbances(): readonly ArmedDisturbance[] {
    return this.#disturbances;
  }

  disarm(id: number): boolean {
    if (this.#takeBack(id)) return true;
    const index = this.#cuts.findIndex((cut) => cut.id === id && cut.state === 'armed');
    const [cut] = index < 0 ? [] : this.#cuts.splice(index, 1);
    if (cut === undefined) return false;
    cut.state = 'gone';
    this.changed();
    return true;
  }

  list(): readonly { readonly id: number; readonly spec: CutSpec; readonly fired: boolean }[] {
    return this.#cuts.map(({ id, spec, state }) => ({ id, spec, fired: state === 'fired' }));
  }

  forgetFired(): void {
    const waiting = this.#cuts.filter(({ state }) => state !== 'fired');
    if (waiting.length === this.#cuts.length) return;
    this.#cuts = waiting;
    this.changed();
  }

  wire(connection: number, end: End): Wire | undefined {
    return this.#wires.get(keyOf(connection, end));
  }

  wires(): readonly RegisteredWire[] {
    return [...this.#wires.values()];
  }

  #opened(wire: RegisteredWire, reserved?: ReservedCuts): void {
    this.#wires.set(keyOf(wire.connection, wire.end), wire);
    const all = [...this.#reservations];
    const own = all.find((one) => one === reserved || one.connections.has(wire.connection));
    const next = (own?.cuts ?? this.#cuts).find(
      (cut) =>
        cut.origin === 'plan' &&
        cut.state === 'armed' &&
        (own !== undefined || !all.some(({ cuts }) => cuts.includes(cut))),
    );
    for (const cut of this.#cuts) {
      const stands = cut.origin === 'user' ? cut.state === 'armed' : cut === next;
      if (stands && cut.spec.end === wire.end) wire.carry(cut);
    }
    if (own !== undefined && own === reserved) {
      own.connections.add(wire.connection);
      // The other end may have been accepted before this one was told that it is open.
      const other = this.#wires.get(keyOf(wire.connection, otherEnd(wire.end)));
      if (next !== undefined && next.spec.end === other?.end) other.carry(next);
    }
    this.changed();
  }

  #takeBack(id: number): boolean {
    const armed = this.#disturbances.find((one) => one.id === id);
    if (armed === undefined) return false;
    armed.state = 'gone';
    this.#stand(this.#disturbances.filter((one) => one !== armed));
    return true;
  }

  #stand(disturbances: readonly ArmedDisturbance[]): void {
    this.#disturbances = disturbances;
    for (const wire of this.wires()) wire.disturbed();
    this.changed();
  }

  #closed(wire: RegisteredWire): void {
    const key = keyOf(wire.connection, wire.end);
    const other = keyOf(wire.connection, otherEnd(wire.end));
    this.#wires.delete(key);
    if (this.#wires.has(other)) this.#lastRead.set(key, wire.received);
    this.#lastRead.delete(other);
    this.changed();
  }
}

function passed(wire: RegisteredWire, direction: Direction): number {
  return direction === 'in' ? wire.received : wire.committed;
}
