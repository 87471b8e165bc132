// The connections of one operation: one after the other, each used as long as it can be. Whoever holds a line leaves it
// at the end, so that the end of every connection is on record.

import { connect } from '../wire/connect.ts';
import type { WireContext } from '../wire/types.ts';
import { ClientConnection } from './connection.ts';
import type { Target } from './target.ts';

/** On a line of its own: reset when whoever works is stopped, left in good order when the work is over, however it ends. */
export async function onLine<T>(
  context: WireContext & { readonly signal: AbortSignal },
  work: (line: Line) => Promise<T>,
): Promise<T> {
  const line = new Line(context);
  const stop = (): void => line.stop();
  context.signal.addEventListener('abort', stop);
  try {
    return await work(line);
  } finally {
    await line.leave();
    context.signal.removeEventListener('abort', stop);
  }
}

export class Line {
  readonly #context: WireContext;
  #connection: ClientConnection | null = null;
  #origin = '';
  /** Number of the connection that was used last; 0 before the first. */
  last = 0;
  /** Whose end is not on record yet. */
  readonly #connections = new Set<ClientConnection>();

  constructor(context: WireContext) {
    this.#context = context;
  }

  /**
   * A connection to that target, the one at hand if it can be used.
   * @param opened called when it is a new one
   * @throws {WireError} if none can be opened
   */
  async to(target: Target, opened: () => void): Promise<ClientConnection> {
    const origin = `${target.security} ${target.host}:${target.port}`;
    if (this.#connection?.reusable === true && this.#origin === origin) return this.#connection;
    this.#connection?.close('fin');
    const wire = await connect(target.host, target.port, this.#context, target.security);
    const connection = new ClientConnection(wire, this.#context.clock);
    this.#connections.add(connection);
    void connection.over.then(() => this.#connections.delete(connection));
    this.#connection = connection;
    this.#origin = origin;
    this.last = connection.id;
    opened();
    return connection;
  }

  /** Resets what is in use. */
  stop(): void {
    this.#connection?.close('rst');
  }

  /** Ends all in good order; resolves when their ends are on record. */
  async leave(): Promise<void> {
    await Promise.all(Array.from(this.#connections, (connection) => connection.leave()));
  }
}
