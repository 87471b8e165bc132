// Faults as their user commands them, on the connections of the session that is live, which have numbers of their own.
// Decides nothing about when a fault strikes.

import type { CutKind, Direction, End } from '../../shared/capture/records.ts';
import type { CutSpec, FaultState } from '../../shared/contract.ts';
import type { Model } from '../../shared/model/model.ts';
import type { FaultBoard, Wire } from '../wire/types.ts';
import { livePositions } from './live-position.ts';
import type { Switchboard } from './switchboard.ts';

export class LiveFaults {
  readonly #board: FaultBoard;
  readonly #switchboard: Switchboard;
  readonly #watched: () => Model | null;

  /** @param watched the live session's model, folded; null while a recording is looked at */
  constructor(board: FaultBoard, switchboard: Switchboard, watched: () => Model | null) {
    this.#board = board;
    this.#switchboard = switchboard;
    this.#watched = watched;
  }

  state(): FaultState {
    return {
      armed: this.#board.list().map(({ id, spec, fired }) => ({ id, spec, fired })),
      disturbances: this.#board.disturbances().map(({ id, disturbance }) => ({ id, disturbance })),
      rate: this.#board.rate,
      stalled: this.#stalled(),
    };
  }

  /** Connections of this session that hold their bytes, at either end. */
  #stalled(): number[] {
    const numbers = this.#board
      .wires()
      .filter((wire) => wire.open && wire.stalled)
      .map((wire) => this.#switchboard.sessionNumber(wire.connection));
    return [...new Set(numbers)].filter((number) => number > 0);
  }

  isOpen(connection: number): boolean {
    const number = this.#switchboard.wireNumber(connection);
    return (this.#board.wire(number, 'client') ?? this.#board.wire(number, 'server'))?.open ?? false;
  }

  /** Ends what is open of a connection, at each end that is ours. */
  reset(connection: number): void {
    const number = this.#switchboard.wireNumber(connection);
    for (const end of ['client', 'server'] as const) this.#board.wire(number, end)?.close('rst');
  }

  /** The wire of a live connection; the other end where only that one is ours. Throws a sentence where there is none. */
  wire(connection: number, end: End): Wire {
    if (this.#watched() === null)
      throw new Error('This is a recording: what it shows is over. Run something to have a live connection.');
    const number = this.#switchboard.wireNumber(connection);
    const other = end === 'client' ? 'server' : 'client';
    const wire = this.#board.wire(number, end) ?? this.#board.wire(number, other);
    if (wire === undefined || !wire.open) throw new Error(`Connection ${connection} is closed already.`);
    return wire;
  }

  /** Whichever end holds its bytes: a cut by silence may have struck either. */
  resume(connection: number): void {
    for (const end of ['client', 'server'] as const) this.wire(connection, end).resume('user');
  }

  /** For connections to come, and for those on which that byte of the representation is still to come. @returns its id */
  arm(spec: CutSpec): number {
    const id = this.#board.arm(spec, 'user');
    const model = spec.content ? this.#watched() : null;
    if (model === null) return id;
    for (const { connection, at } of livePositions(model, spec))
      this.#board
        .wire(this.#switchboard.wireNumber(connection), spec.end)
        ?.cutAt(at, spec.cut, spec.direction, 'user', spec.at);
    return id;
  }

  cut(connection: number, end: End, direction: Direction, kind: CutKind): void {
    const wire = this.wire(connection, end);
    // The same stream, seen from the end that is ours.
    const seen = wire.end === end ? direction : direction === 'in' ? 'out' : 'in';
    wire.cut(kind, seen, 'user');
  }
}
