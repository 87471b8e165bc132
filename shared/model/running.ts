// What is remembered of exchanges and connections while they last, and nothing longer.

import type { OperationFacts, Role } from './operations.ts';
import type { StreamTrack } from './stream-track.ts';

/** What must be remembered of an exchange while it lasts. */
export interface Running {
  readonly id: number;
  readonly connection: number;
  readonly operation: OperationFacts;
  readonly method: string;
  readonly url: string;
  /** What its target is to the operation; null: the operation's own target. */
  readonly role: Role | null;
  status: number;
  requestEnd: { 1: boolean; 2: boolean };
  responseEnd: { 1: boolean; 2: boolean };
}

export interface Pair {
  readonly id: number;
  readonly request: StreamTrack;
  readonly response: StreamTrack;
  authority: string;
  /** Which ends we hold, and which of them are closed: bit 0 the client's, bit 1 the server's. */
  ends: number;
  closed: number;
  /** Exchanges whose final response has not been parsed, oldest first. */
  readonly outstanding: Running[];
  /** Exchanges that have not ended at every end that we hold. */
  readonly open: Map<number, Running>;
}

/** Only what was asked for as a download counts as one: not the reports of an upload's own requests. */
export function isDownload(running: Running): boolean {
  return (
    running.operation.method === 'GET' &&
    running.method === 'GET' &&
    (running.status === 200 || running.status === 206)
  );
}
