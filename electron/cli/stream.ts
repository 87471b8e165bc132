// What `append` and `follow` share: their URL, where they happen, and what is printed in the end.

import { ClientError } from '../client/errors.ts';
import { contextOf } from '../client/module/context.ts';
import { type SocketContext, streamTarget } from '../client/websocket/open.ts';
import type { StreamResult } from '../client/websocket/outcome.ts';
import { recording } from './recording.ts';
import { forTerminal } from './text.ts';
import { type CommandIo, UsageError } from './usage.ts';

export const STREAM_OPTIONS = {
  record: { type: 'string' },
  json: { type: 'boolean' },
} as const;

interface StreamValues {
  readonly record?: string | undefined;
  readonly json?: boolean | undefined;
}

/** The URL as it is. @throws {UsageError} for what is no http or ws URL */
export function streamUrl(text: string): string {
  try {
    streamTarget(text);
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    throw new UsageError(error.message);
  }
  return text;
}

/** Recorded where the user wants that only: a stream may go on for days. */
export async function streamContext(
  { record }: StreamValues,
  io: CommandIo,
): Promise<{ readonly context: SocketContext; close(): Promise<void> }> {
  if (record === undefined)
    return { context: { ...contextOf(), signal: io.signal }, close: () => Promise.resolve() };
  const { context, close } = await recording(record, io);
  return { context: { ...context, signal: io.signal }, close };
}

/** @returns the exit code */
export function printResult(
  { outcome, reason, bytes, messages, digest }: StreamResult,
  { json }: StreamValues,
  io: CommandIo,
): number {
  if (json === true) io.out(`${JSON.stringify({ outcome, reason, bytes, messages, digest }, null, 2)}\n`);
  else io.talk(`${outcome}: ${forTerminal(reason)}\n`);
  return outcome === 'completed' ? 0 : 1;
}
