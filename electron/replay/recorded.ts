// A session file as something to be sent again: its model, its plan, and its bytes on demand. Says in one sentence why a file
// cannot be sent again, before anything is opened.

import { Deriver } from '../../shared/model/derive.ts';
import { EventTable } from '../../shared/model/events.ts';
import { Model } from '../../shared/model/model.ts';
import type { Compared } from '../../shared/compare/facts.ts';
import { ReplayError, type ReplayPlan, ReplayPlanner } from '../../shared/replay/plan.ts';
import { type OpenedSession, openSession } from '../session/session-file.ts';

/** Bytes that are looked at at once, and sent at once. */
export const PIECE = 64 * 1024;

export interface Recorded extends Compared {
  readonly name: string;
  readonly plan: ReplayPlan;
  /** What is wrong with the file, though it can be sent again; null: nothing. */
  readonly warning: string | null;
  /** Recorded by another program. */
  readonly isForeign: boolean;
  close(): Promise<void>;
}

/**
 * Opens a session to be sent again. `toTarget`: it will go to a server that the user named. `withFaults` false: without what
 * broke and disturbed it. Rejects with a SessionError or a {@link ReplayError}.
 */
export async function openRecorded(path: string, toTarget: boolean, withFaults = true): Promise<Recorded> {
  const session = await openSession(path);
  try {
    const table = new EventTable();
    const model = new Model(table);
    const deriver = new Deriver(table);
    const planner = new ReplayPlanner();
    await session.read((record) => {
      deriver.feed(record);
      planner.feed(record);
    });
    model.fold();
    if (session.foreign && !toTarget)
      throw new ReplayError(
        'foreign',
        'This capture was made by another program: name the server that it is to be sent to (--target URL).',
      );
    const plan = planner.plan(model, withFaults);
    await refuseGaps(session, plan);
    return {
      name: session.name,
      plan,
      model,
      read: session.bytes.bind(session),
      warning: session.warning,
      isForeign: session.foreign,
      close: () => session.close(),
    };
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** Bytes that were counted, not kept, cannot be sent: that is found out before the first is. */
async function refuseGaps(session: OpenedSession, { steps }: ReplayPlan): Promise<void> {
  if (session.leftOutBytes === 0) return;
  for (const step of steps) {
    if (step.kind !== 'send') continue;
    for (let at = step.from; at < step.to; at += PIECE) {
      const end = Math.min(step.to, at + PIECE);
      const { bytes, kept } = await session.bytes(step.connection, 'request', at, end);
      if (kept && bytes.length === end - at) continue;
      throw new ReplayError(
        'not-kept',
        `Bytes of the requests on connection ${step.connection} were counted, not kept: such a session cannot be sent again.`,
      );
    }
  }
}
