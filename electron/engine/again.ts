// A session that is looked at, sent again or held against another: begun, stopped, and told of for an interface. One at a
// time; must never change the session that it reads.

import type { CommandArgs, CommandResult } from '../../shared/contract.ts';
import { compareSessions } from '../../shared/compare/compare.ts';
import type { Compared } from '../../shared/compare/facts.ts';
import { sidesOf } from '../../shared/compare/sides.ts';
import { ReplayError } from '../../shared/replay/plan.ts';
import { previewOf, refusedPreview, type ReplayPreview } from '../../shared/replay/preview.ts';
import { openRecorded } from '../replay/recorded.ts';
import { replay } from '../replay/replay.ts';
import { replayTarget } from '../replay/target.ts';
import type { WireContext } from '../wire/types.ts';
import { openedView, type View } from './view.ts';

/** What a session is called that was sent again. */
const SENT_AGAIN = ' (sent again)';

/** What sending again needs of the engine. */
export interface AgainHost {
  /** Begins the live session that it is recorded in; its name. Resolves with that session. */
  begin(name: string): Promise<View>;
  /** The live session's number of a wire's connection. */
  numberOf(connection: number): number;
  readonly serverUrl: string;
}

export class Again {
  readonly #context: WireContext;
  #running: { abort: AbortController; done: Promise<unknown> } | null = null;

  constructor(context: WireContext) {
    this.#context = context;
  }

  /** Sends a session again. Rejects with an Error whose message is for the user, before anything is sent. */
  async send(view: View, args: CommandArgs<'replay'>, host: AgainHost): Promise<CommandResult<'replay'>> {
    if (this.#running !== null)
      throw new Error('A session is being sent again already: wait for it, or stop it.');
    const abort = new AbortController();
    const done = this.#send(view, args, host, abort.signal);
    this.#running = { abort, done };
    try {
      return await done;
    } finally {
      this.#running = null;
    }
  }

  /** Resolves when what is being sent again has ended. */
  async stop(): Promise<void> {
    this.#running?.abort.abort();
    await this.#running?.done.catch(() => undefined);
  }

  async #send(
    view: View,
    { target, timing, faults }: CommandArgs<'replay'>,
    host: AgainHost,
    signal: AbortSignal,
  ): Promise<CommandResult<'replay'>> {
    const to = target === null ? null : replayTarget(target);
    if (typeof to === 'string') throw new Error(to);
    await view.flush();
    if (view.file === null) throw new Error('This session is in memory only and cannot be sent again.');
    const recorded = await openRecorded(view.file, to !== null, faults);
    try {
      const { name } = view;
      const again = await host.begin(name.endsWith(SENT_AGAIN) ? name : name + SENT_AGAIN);
      const { hostname, port } = new URL(host.serverUrl);
      const verdict = await replay(recorded, {
        ...this.#context,
        again: () => comparedOf(again),
        numberOf: (connection) => host.numberOf(connection),
        embedded: { host: hostname, port: Number(port) },
        target: to,
        timing,
        signal,
      });
      return {
        one: name,
        other: again.name,
        rows: verdict.rows.map(sidesOf),
        differing: verdict.differing,
        leftOut: Math.max(0, verdict.exchanges - verdict.rows.length),
        remarks: [...verdict.remarks],
      };
    } finally {
      await recorded.close();
    }
  }
}

/** What would be sent of a session. Rejects with a SessionError where its file cannot be read. */
export async function replayPreview(view: View): Promise<ReplayPreview> {
  await view.flush();
  if (view.file === null) return refusedPreview('This session is in memory only and cannot be sent again.');
  try {
    const recorded = await openRecorded(view.file, true);
    await recorded.close();
    return previewOf(recorded.plan, recorded.model, recorded.isForeign);
  } catch (error) {
    if (error instanceof ReplayError) return refusedPreview(error.message);
    throw error;
  }
}

/** Compares a session with a file. Rejects with an Error whose message is for the user. */
export async function compareWith(view: View, path: string): Promise<CommandResult<'compare'>> {
  await view.flush();
  const other = await openedView(path);
  try {
    const { rows, differing, leftOut } = await compareSessions(comparedOf(view), comparedOf(other));
    return { one: view.name, other: other.name, rows: rows.map(sidesOf), differing, leftOut, remarks: [] };
  } finally {
    await other.close();
  }
}

function comparedOf(view: View): Compared {
  view.model.fold();
  return { model: view.model, read: view.bytes.bind(view) };
}
