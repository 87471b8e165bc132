// Sends a recorded session again: its plan step by step, each when what it had waited for has happened again. Decides nothing
// about protocols; it must never wait for ever, nor send to a server that nobody named or recorded.

import { mintedBy } from '../../shared/compare/facts.ts';
import type { Compared } from '../../shared/compare/facts.ts';
import { Minted } from '../../shared/compare/minted.ts';
import type { EventRow } from '../../shared/model/events.ts';
import { assertNever } from '../../shared/capture/records.ts';
import {
  type Awaited,
  type PlannedConnection,
  type ReplayStep,
  type SendStep,
} from '../../shared/replay/plan.ts';
import { rewriteHead } from '../../shared/replay/rewrite.ts';
import type { Timing } from '../../shared/replay/timing.ts';
import { type ReplayVerdict, verdictOf } from '../../shared/replay/verdict.ts';
import type { Target } from '../client/target.ts';
import { connect } from '../wire/connect.ts';
import type { Wire, WireContext } from '../wire/types.ts';
import { asMeant, ReplayedConnection } from './connection.ts';
import { faultsOf, missingOf, struckOf } from './came-about.ts';
import type { Recorded } from './recorded.ts';

export interface ReplayContext extends WireContext {
  /** The session that it is sent again in, folded when asked for. */
  readonly again: () => Compared;
  /** That session's number of a wire's connection. */
  readonly numberOf: (connection: number) => number;
  /** Where the embedded server listens. */
  readonly embedded: { readonly host: string; readonly port: number };
  /** Where everything goes; null: where it went. */
  readonly target: Target | null;
  readonly timing: Timing;
  readonly signal: AbortSignal;
}

/** Milliseconds in which nothing moves, beyond what the recording had between two steps, until a wait is given up. */
const PATIENCE = 10_000;
/** Milliseconds after its last byte that a client leaves at most, where it did not wait for anything else. */
const LONGEST_PAUSE = 1_000;
/** Milliseconds between two looks at what tells nobody. */
const LOOK = 5;
/** Turns of the loop until an accepted connection is there. */
const TURNS = 1_000;
const MOST_REMARKS = 20;

/** Sends it again and says what differed. Everything that it opens is recorded by the context's recorder. */
export async function replay(recorded: Recorded, context: ReplayContext): Promise<ReplayVerdict> {
  const run = new Replay(recorded, context);
  try {
    await run.all();
  } finally {
    await run.end();
  }
  return run.verdict();
}

class Replay {
  readonly #recorded: Recorded;
  readonly #context: ReplayContext;
  readonly #planned: ReadonlyMap<number, PlannedConnection>;
  readonly #connections = new Map<number, ReplayedConnection>();
  readonly #minted = new Minted();
  /** Heads of each exchange's responses that were learnt from. */
  readonly #learnt = new Map<number, number>();
  readonly #remarks: string[] = [];
  #wake: () => void = () => undefined;
  #lastMove: number;
  /** Milliseconds that its delays may hold everything up. */
  readonly #held: number;

  constructor(recorded: Recorded, context: ReplayContext) {
    this.#recorded = recorded;
    this.#context = context;
    this.#planned = new Map(recorded.plan.connections.map((connection) => [connection.id, connection]));
    this.#lastMove = context.clock.now();
    const delays = recorded.plan.connections.flatMap(({ disturbances }) =>
      disturbances.map(({ action, amount }) => (action === 'delay' ? amount : 0)),
    );
    this.#held = 2 * delays.reduce((most, delay) => Math.max(most, delay), 0);
  }

  async all(): Promise<void> {
    const { clock, signal, timing } = this.#context;
    const { steps } = this.#recorded.plan;
    const begun = clock.now();
    const first = steps[0]?.time ?? 0;
    let before = first;
    for (const step of steps) {
      const gap = (step.time - before) / 1e6;
      before = step.time;
      if (timing !== 'asap')
        await this.#until(() => clock.now() >= begun + (step.time - first) / 1e6 / timing);
      for (const awaited of step.after) {
        if (await this.#until(() => this.#has(awaited), gap + PATIENCE)) continue;
        this.#remark(missed(awaited));
      }
      if (signal.aborted) break;
      await this.#take(step);
    }
    if (signal.aborted) this.#remark('It was stopped before its end.');
    else await this.#rest();
  }

  /** Ends what is still open. */
  async end(): Promise<void> {
    const { signal } = this.#context;
    for (const { wire } of this.#connections.values())
      wire.close(signal.aborted || wire.stalled ? 'rst' : 'fin');
    await Promise.all(
      [...this.#connections.values()].map(({ wire, sent }) => Promise.all([wire.over, sent])),
    );
  }

  verdict(): Promise<ReplayVerdict> {
    const { again, numberOf } = this.#context;
    const connections = new Map<number, number>();
    for (const id of this.#planned.keys()) {
      const connection = this.#connections.get(id);
      connections.set(id, connection === undefined ? 0 : numberOf(connection.wire.connection));
      if (connection !== undefined && this.#struck(id) < connection.planned.faults.length)
        this.#remark(`A cut of connection ${id} did not strike: its byte was not reached.`);
      if (connection !== undefined)
        for (const sentence of missingOf(connection.planned, this.#faultsOf(id))) this.#remark(sentence);
    }
    return verdictOf(this.#recorded, again(), { connections, remarks: this.#remarks });
  }

  async #take(step: ReplayStep): Promise<void> {
    if (step.kind === 'open') {
      await this.#open(this.#planned.get(step.connection)!);
      return;
    }
    const connection = this.#connections.get(step.connection);
    if (connection === undefined) return;
    switch (step.kind) {
      case 'send':
        await this.#send(connection, step);
        return;
      case 'finish':
        void connection.sent.then(() => connection.wire.finish());
        return;
      case 'resume':
        await this.#until(() => connection.closed || connection.wire.stalled, PATIENCE);
        connection.resume();
        return;
      case 'close':
        await this.#leave(connection, step);
        return;
      default:
        assertNever(step);
    }
  }

  async #open(planned: PlannedConnection): Promise<void> {
    const { target, embedded } = this.#context;
    const recorded = { host: planned.server.address, port: planned.server.port };
    const to = target ?? (planned.embedded ? embedded : recorded);
    const security = target?.security ?? (planned.secure ? 'tls' : 'none');
    let wire: Wire;
    try {
      wire = await connect(to.host, to.port, this.#context, security);
    } catch (error) {
      this.#remark(error instanceof Error ? error.message : String(error));
      return;
    }
    const server = target === null && planned.embedded ? await this.#serverEnd(wire.connection) : null;
    this.#connections.set(
      planned.id,
      new ReplayedConnection(planned, wire, server, {
        read: this.#recorded.read,
        moved: () => this.#moved(),
        until: (holds, patience) => this.#until(holds, patience),
      }),
    );
    this.#moved();
  }

  /** The end of the embedded server, as soon as it has accepted. */
  async #serverEnd(connection: number): Promise<Wire | null> {
    for (let turn = 0; turn < TURNS; turn++) {
      const wire = this.#context.board.wire(connection, 'server');
      if (wire !== undefined) return wire;
      await new Promise((resolve) => setImmediate(resolve));
    }
    return null;
  }

  async #send(connection: ReplayedConnection, step: SendStep): Promise<void> {
    await this.#learn();
    const { target } = this.#context;
    const exchange = step.exchange === null ? undefined : this.#recorded.model.exchanges[step.exchange];
    if (exchange === undefined) {
      connection.send({ step, head: null, method: '', heads: 0 });
      return;
    }
    const headEnd = Math.min(step.headEnd, step.to);
    const { bytes } = await this.#recorded.read(step.connection, 'request', step.headStart, headEnd);
    const head = rewriteHead(asMeant(bytes, step.headStart, connection.planned), {
      host: target?.hostField ?? null,
      translate: this.#minted.translate,
    });
    const heads = exchange.interim.length + (exchange.status === null ? 0 : 1);
    connection.send({ step, head, method: exchange.method, heads });
  }

  /** The client leaves, when it has come as far as it had. */
  async #leave(connection: ReplayedConnection, step: ReplayStep & { kind: 'close' }): Promise<void> {
    const { how, received, faults, pause, answered } = step;
    const { wire } = connection;
    const { exchanges } = this.#recorded.model;
    // What was cut off in its request is never answered.
    if (answered)
      await this.#until(
        () =>
          connection.closed ||
          [...connection.asked].every(([id, asked]) => asked.answered || !exchanges[id]!.requestComplete),
        PATIENCE,
      );
    if (faults > 0)
      await this.#until(() => connection.closed || this.#struck(step.connection) >= faults, PATIENCE);
    else await Promise.race([connection.sent, wire.over]);
    await this.#until(() => connection.closed || wire.received >= received, PATIENCE);
    if (how !== 'fin' && faults === 0) {
      const until = this.#context.clock.now() + Math.min(pause / 1e6, LONGEST_PAUSE);
      await this.#until(() => connection.closed || this.#context.clock.now() >= until);
    }
    wire.close(how);
  }

  /** Waits for what the recording saw end behind its last step. */
  async #rest(): Promise<void> {
    for (const { complete, id, connection } of this.#recorded.model.exchanges) {
      const { closedAt } = this.#recorded.model.connections[connection - 1]!;
      const found = this.#connections.get(connection);
      // What never came to an end has none to wait for.
      if (found === undefined || (!complete && closedAt === Infinity)) continue;
      const over = await this.#until(
        () => found.closed || this.#has({ kind: 'answered', exchange: id }),
        PATIENCE,
      );
      if (!over && complete) this.#remark(missed({ kind: 'answered', exchange: id }));
    }
  }

  #has(awaited: Awaited): boolean {
    switch (awaited.kind) {
      case 'closed':
        return this.#connections.get(awaited.connection)?.closed ?? true;
      case 'answered': {
        const { connection } = this.#recorded.model.exchanges[awaited.exchange]!;
        const found = this.#connections.get(connection);
        return found === undefined || found.closed || (found.asked.get(awaited.exchange)?.answered ?? false);
      }
      case 'heard': {
        const { connection } = this.#recorded.model.exchanges[awaited.exchange]!;
        const found = this.#connections.get(connection);
        const asked = found?.asked.get(awaited.exchange);
        return found === undefined || found.closed || (asked !== undefined && asked.heads >= awaited.heads);
      }
      default:
        return assertNever(awaited);
    }
  }

  /** Faults of a connection that have struck, at either end. */
  #struck(id: number): number {
    return struckOf(this.#faultsOf(id));
  }

  #faultsOf(id: number): EventRow[] {
    const number = this.#context.numberOf(this.#connections.get(id)!.wire.connection);
    return faultsOf(this.#context.again().model, number);
  }

  /** What the server calls its resources now, from every response that came since the last look. */
  async #learn(): Promise<void> {
    const again = this.#context.again();
    for (const { wire, asked } of this.#connections.values()) {
      const list = again.model.connections[this.#context.numberOf(wire.connection) - 1]?.exchanges;
      let nth = -1;
      for (const [exchange, { heads }] of asked) {
        nth++;
        if (heads === 0 || this.#learnt.get(exchange) === heads) continue;
        const found = list?.at(nth);
        if (found === undefined) continue;
        this.#learnt.set(exchange, heads);
        this.#minted.learn(
          await mintedBy(this.#recorded, this.#recorded.model.exchanges[exchange]!),
          await mintedBy(again, again.model.exchanges[found]!),
        );
      }
    }
  }

  #moved(): void {
    this.#lastMove = this.#context.clock.now();
    this.#wake();
  }

  /**
   * Resolves true as soon as it holds; false when nothing has moved for `patience` milliseconds, or at a stop.
   * @param patience default: for ever
   */
  async #until(holds: () => boolean, patience = Infinity): Promise<boolean> {
    const { clock, signal } = this.#context;
    this.#lastMove = clock.now();
    let moved = this.#bytes();
    while (!holds()) {
      // Slow bytes move, too, long before a write of them is done.
      const now = this.#bytes();
      if (now !== moved) this.#lastMove = clock.now();
      moved = now;
      if (signal.aborted || clock.now() - this.#lastMove >= patience + this.#held) return false;
      await new Promise<void>((resolve) => {
        const cancel = clock.after(LOOK, resolve);
        this.#wake = () => {
          cancel();
          resolve();
        };
      });
    }
    return true;
  }

  #bytes(): number {
    let bytes = 0;
    for (const { wire } of this.#connections.values()) bytes += wire.sent + wire.received;
    return bytes;
  }

  #remark(sentence: string): void {
    if (this.#remarks.length < MOST_REMARKS && !this.#remarks.includes(sentence))
      this.#remarks.push(sentence);
  }
}

function missed(awaited: Awaited): string {
  const sent = 'what came behind it was sent all the same';
  switch (awaited.kind) {
    case 'answered':
      return `Exchange ${awaited.exchange} was not answered any more: ${sent}.`;
    case 'heard':
      return `Exchange ${awaited.exchange} did not bring the interim responses that it had: ${sent}.`;
    case 'closed':
      return `Connection ${awaited.connection} did not end as it had: ${sent}.`;
    default:
      return assertNever(awaited);
  }
}
