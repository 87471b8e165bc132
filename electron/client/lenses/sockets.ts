// The connections that a library opens through the captured wire, and its user's patience with them.
// Knows no library: it only hands out sockets and says when nothing moves any more.

import { connectDuplex, type WireDuplex } from '../../wire/duplex.ts';
import type { Clock, Wire } from '../../wire/types.ts';
import type { StrategyContext } from '../strategy.ts';
import type { Target } from '../target.ts';

/** How long (ms) a peer may take to end a connection that we have ended. */
const LEAVE_WITHIN = 1_000;

/** Looks in the time of a patience. */
const LOOKS = 10;

/** Patiences after which what still moves comes to no end. */
const LONGEST = 120;

/** Why the user of a library gave it up: what a program passes to `destroy()` or `abort()`. */
export class GivenUp extends Error {
  readonly code: 'patience' | 'stopped';
  constructor(code: GivenUp['code'], message: string) {
    super(message);
    this.name = 'GivenUp';
    this.code = code;
  }
}

/** @param patience in ms */
export function impatient(patience: number): GivenUp {
  return new GivenUp('patience', `No byte came or went for ${patience} ms.`);
}

/** @param longest in ms */
function endless(longest: number): GivenUp {
  return new GivenUp('patience', `It came to no end within ${longest} ms.`);
}

interface Taker {
  opened(socket: WireDuplex): void;
  /** With a WireError. */
  failed(error: Error): void;
}

export class CapturedSockets {
  readonly #target: Target;
  readonly #context: StrategyContext;
  readonly #opened: (connection: number) => void;
  readonly #wires: Wire[] = [];
  readonly #opening: Promise<WireDuplex>[] = [];

  /** @param opened told the number of each connection */
  constructor(target: Target, context: StrategyContext, opened: (connection: number) => void) {
    this.#target = target;
    this.#context = context;
    this.#opened = opened;
  }

  /** Bytes that went either way, over all of them. */
  get moved(): number {
    return this.#wires.reduce((sum, wire) => sum + wire.sent + wire.received, 0);
  }

  /** Opens a connection to the target, for a library that takes it by callback. @param library named in a step on record */
  async open(library: string, taker: Taker): Promise<void> {
    const opening = this.#connect(library);
    this.#opening.push(opening);
    let socket: WireDuplex;
    try {
      socket = await opening;
    } catch (error) {
      taker.failed(error as Error);
      return;
    }
    taker.opened(socket);
  }

  /** Nothing came any more: the records say so, whatever the library then does to its socket. */
  silence(): void {
    for (const wire of this.#wires) if (wire.open) wire.close('silence');
  }

  /** Ends what is open; resolves when the end of each is on record. */
  async leave(): Promise<void> {
    await Promise.allSettled(this.#opening);
    const cancel = this.#context.clock.after(LEAVE_WITHIN, () => {
      for (const wire of this.#wires) wire.close('rst');
    });
    for (const wire of this.#wires) if (wire.open) wire.close('fin');
    await Promise.all(this.#wires.map(({ over }) => over));
    cancel();
  }

  async #connect(library: string): Promise<WireDuplex> {
    const { board, recorder } = this.#context;
    const duplex = await connectDuplex(this.#target.host, this.#target.port, this.#context);
    const { connection } = duplex;
    recorder.step(connection, 'connect', `A connection to ${this.#target.hostField} is open for ${library}.`);
    this.#opened(connection);
    const wire = board.wire(connection, 'client');
    if (wire !== undefined) this.#wires.push(wire);
    return duplex;
  }
}

/** The user's patience with a library that takes a signal: aborted when it is over, and what is silent is cut off by us. */
export function patientSignal(
  sockets: CapturedSockets,
  { clock, signal }: Pick<Patience, 'clock' | 'signal'>,
  patience: number,
): { readonly signal: AbortSignal; readonly leave: () => void } {
  const abort = new AbortController();
  const leave = watchPatience({
    clock,
    signal,
    patience,
    moved: () => sockets.moved,
    giveUp: (why) => {
      if (why.code === 'patience') sockets.silence();
      abort.abort(why);
    },
  });
  return { signal: abort.signal, leave };
}

/** When the user of a library gives up. */
interface Patience {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Milliseconds without a byte. */
  readonly patience: number;
  /** A number that is another one whenever a byte went or came. */
  moved(): number;
  /** Called once. */
  giveUp(why: GivenUp): void;
}

/**
 * Calls `giveUp` when nothing moved for so long, it all took too long, or the user stopped the run; the returned function takes
 * it back.
 */
export function watchPatience({ clock, signal, patience, moved, giveUp }: Patience): () => void {
  let seen = moved();
  let since = clock.now();
  const until = since + patience * LONGEST;
  let cancel = (): void => {};
  const stop = (): void => {
    cancel();
    giveUp(new GivenUp('stopped', 'It was stopped.'));
  };
  const look = (): void => {
    const now = clock.now();
    const bytes = moved();
    if (bytes !== seen) {
      seen = bytes;
      since = now;
    }
    if (now - since >= patience || now >= until) {
      signal.removeEventListener('abort', stop);
      giveUp(now >= until ? endless(patience * LONGEST) : impatient(patience));
      return;
    }
    cancel = clock.after(patience / LOOKS, look);
  };
  if (signal.aborted) {
    stop();
    return () => {};
  }
  signal.addEventListener('abort', stop, { once: true });
  cancel = clock.after(patience / LOOKS, look);
  return () => {
    cancel();
    signal.removeEventListener('abort', stop);
  };
}
