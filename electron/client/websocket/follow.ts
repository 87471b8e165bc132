// Follows a stream (sourcegraph/httpfstream): what it holds, and what is appended while somebody does. Holds no more than
// what its reader has not taken yet, and reads on only then.

import { counted } from '../../../shared/counted.ts';
import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { stepOf } from '../decision-shapes.ts';
import { DEFAULT_PATIENCE } from '../strategy.ts';
import { readBeginning } from './answer.ts';
import { openSocket, type SocketContext, streamTarget, type Watch } from './open.ts';
import { closeProblem, type Ending, refusal, type StreamResult, Tally } from './outcome.ts';

export interface FollowOptions {
  /** Milliseconds without a byte after which the server is taken for dead. Default 5,000. */
  readonly patience?: number;
  /** The server has answered: with a socket while somebody appends, or with what there is. */
  readonly opened?: (how: 'socket' | 'answer') => void;
  /** Told each piece in order. A promise: no more is read until it resolves; its error ends it all. */
  readonly content?: (bytes: Uint8Array) => Promise<void> | null;
}

/**
 * Follows until the appender has left, the signal is aborted, or the server does not go on. What goes wrong with the server is
 * a result.
 * @throws {ClientError} for a URL that cannot be used, and what `content` throws
 */
export async function followStream(
  url: string,
  options: FollowOptions,
  context: SocketContext,
): Promise<StreamResult> {
  const target = streamTarget(url);
  const { recorder } = context;
  const tally = new Tally();
  const { patience = DEFAULT_PATIENCE, opened } = options;
  const came = await openSocket(target, { patience, headers: {} }, context);
  if (came.kind === 'failed')
    return finished({ outcome: 'failed', reason: came.reason, status: null, closeCode: null });
  const { watch } = came;
  recorder.step(watch.connection, 'begin', `Follow ${target.href}.`);
  try {
    if (came.kind === 'socket') {
      opened?.('socket');
      return finished(await listen(came.socket, watch, tally, options, context));
    }
    const { statusCode: status = 0, statusMessage = '' } = came.answer;
    if (status === 200) {
      opened?.('answer');
      return finished(await read(came.answer, watch, tally, options, context));
    }
    const reason =
      status === 404
        ? 'Nobody has ever appended to this stream (404): append something first, or check the path.'
        : refusal(status, statusMessage, await readBeginning(came.answer));
    return finished({ outcome: 'refused', reason, status, closeCode: null });
  } finally {
    watch.stop();
  }

  function finished(ending: Ending): StreamResult {
    recorder.step(came.kind === 'failed' ? 0 : came.watch.connection, stepOf(ending), ending.reason);
    return tally.result(ending);
  }
}

/** No close frame came (RFC 6455 §7.1.5). */
const ABNORMAL = 1006;

async function listen(
  socket: WebSocket,
  watch: Watch,
  tally: Tally,
  { content }: FollowOptions,
  { signal }: SocketContext,
): Promise<Ending> {
  /** What the reader takes its time for; in order. */
  let taken: Promise<void> = Promise.resolve();
  let taking = 0;
  let failure: unknown = null;
  const stop = (): void => watch.close(socket);
  const take = (bytes: Uint8Array): void => {
    const wait = content?.(bytes) ?? null;
    if (wait === null) return;
    taking++;
    watch.busy = true;
    socket.pause();
    taken = Promise.all([taken, wait]).then(
      () => {
        if (--taking > 0) return;
        watch.busy = false;
        socket.resume();
      },
      (error: unknown) => {
        failure ??= error;
        socket.terminate();
      },
    );
  };
  const { code, reason } = await new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('message', (data: Buffer) => {
      if (failure !== null) return;
      tally.add(data);
      take(data);
    });
    socket.once('close', (closeCode, why) => resolve({ code: closeCode, reason: why.toString() }));
    socket.resume();
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  signal.removeEventListener('abort', stop);
  await taken;
  if (failure !== null) throw failure;
  const closeCode = code === ABNORMAL ? null : code;
  const about = { status: 101, closeCode };
  if (signal.aborted) return { ...about, outcome: 'completed', reason: `Stopped after ${tally.text}.` };
  const problem = code === ABNORMAL ? (watch.lost ?? 'The connection broke.') : closeProblem(code, reason);
  return problem === null
    ? {
        ...about,
        outcome: 'completed',
        reason: `${reason === '' ? 'The appender has left.' : reason} It was ${tally.text}.`,
      }
    : { ...about, outcome: 'failed', reason: `${problem} ${tally.text} had come.` };
}

/** What there is, as plain content. */
async function read(
  answer: IncomingMessage,
  watch: Watch,
  tally: Tally,
  { content }: FollowOptions,
  { signal }: SocketContext,
): Promise<Ending> {
  const about = { status: 200, closeCode: null };
  const stop = (): void => void answer.destroy();
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const bytes of answer as AsyncIterable<Buffer>) {
      tally.add(bytes, 'part');
      watch.busy = true;
      await content?.(bytes);
      watch.busy = false;
    }
  } catch (error) {
    const broken = error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
    if (!broken && !signal.aborted) throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
  const size = counted(tally.bytes, 'byte');
  if (signal.aborted) return { ...about, outcome: 'completed', reason: `Stopped after ${size}.` };
  if (answer.complete)
    return { ...about, outcome: 'completed', reason: `Nobody appends now: this is what there is, ${size}.` };
  return {
    ...about,
    outcome: 'failed',
    reason: `${watch.lost ?? 'The connection broke.'} ${size} had come.`,
  };
}
