// A session that is looked at, sent again or held against another: begun, stopped, and told of for an interface. One at a
// time; must never change the session that it reads.

import type { CommandArgs, CommandResult } from '../../shared/contract.ts';
import { listedOf, type SidesRow, sidesOf } from '../../shared/compare/sides.ts';
import { ReplayError } from '../../shared/replay/plan.ts';
import { previewOf, refusedPreview, type ReplayPreview } from '../../shared/replay/preview.ts';
import { openRecorded } from '../replay/recorded.ts';
import { replay } from '../replay/replay.ts';
import { replayTarget } from '../replay/target.ts';
import type { WireContext } from '../wire/types.ts';
import { comparedOf, compareWith, type Details } from './compared.ts';
import type { View } from './view.ts';

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
  #isSending = false;
  #details: Details | null = null;

  constructor(context: WireContext) {
    this.#context = context;
  }

  /** Throws the sentence for the user while a session is being sent again. */
  refuseWhileSending(): void {
    if (this.#isSending)
      throw new Error('A session is being sent again: wait for it, or stop it, before an experiment runs.');
  }

  /** Sends a session again. Rejects with an Error whose message is for the user, before anything is sent. */
  async send(view: View, args: CommandArgs<'replay'>, host: AgainHost): Promise<CommandResult<'replay'>> {
    if (this.#running !== null)
      throw new Error('A session is being sent again already: wait for it, or stop it.');
    const abort = new AbortController();
    const done = this.#send(view, args, host, abort.signal);
    this.#running = { abort, done };
    this.#isSending = true;
    try {
      return await done;
    } finally {
      this.#isSending = false;
      this.#running = null;
    }
  }

  /** Resolves when what is being sent again has ended. */
  async stop(): Promise<void> {
    this.#running?.abort.abort();
    await this.#running?.done.catch(() => undefined);
  }

  /**
   * Compares a session with a file; at most one thing at a time. Rejects with an Error whose message is for the user.
   * @param told how far it has come, 0 … 1
   */
  async compare(view: View, path: string, told: (share: number) => void): Promise<CommandResult<'compare'>> {
    if (this.#running !== null)
      throw new Error('Sessions are being compared or sent again already: wait for it, or stop it.');
    const abort = new AbortController();
    const done = compareWith(view, path, told, abort.signal);
    this.#running = { abort, done };
    try {
      const { result, details } = await done;
      await this.#hold(details);
      return result;
    } finally {
      this.#running = null;
    }
  }

  /** Ends a comparison, as what it reads is let go of; what is being sent again goes on. */
  async stopComparing(): Promise<void> {
    if (!this.#isSending) await this.stop();
  }

  /** A row of the last comparison as it is looked at. Rejects with an Error whose message is for the user. */
  async row(index: number): Promise<SidesRow> {
    const row = await this.#details?.row(index);
    if (row === undefined) throw new Error('That comparison is over: compare the sessions again.');
    return row;
  }

  /** Ends what runs, and lets go of what was compared. */
  async close(): Promise<void> {
    await this.stop();
    await this.forget();
  }

  /** Another session is looked at: what the one before was held against need not stay open. */
  forget(): Promise<void> {
    return this.#hold(null);
  }

  async #hold(details: Details | null): Promise<void> {
    const before = this.#details;
    this.#details = details;
    await before?.close();
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
      const { rows } = verdict;
      await this.#hold({
        row: async (index) => (rows[index] === undefined ? undefined : sidesOf(rows[index])),
        close: async () => undefined,
      });
      return {
        one: name,
        other: again.name,
        rows: verdict.rows.map(listedOf),
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
