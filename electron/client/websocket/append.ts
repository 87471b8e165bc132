// Appends to a stream (sourcegraph/httpfstream): what its source says goes over a WebSocket as it comes. Holds one piece at a
// time, and takes for appended what the server has read before it closes in good order.

import { WebSocket } from 'ws';
import { stepOf } from '../decision-shapes.ts';
import { ClientError } from '../errors.ts';
import { DEFAULT_PATIENCE } from '../strategy.ts';
import { readBeginning } from './answer.ts';
import { type Message, messagesOf, untilAborted } from './messages.ts';
import { openSocket, type SocketContext, streamTarget, type Watch } from './open.ts';
import { closeProblem, type Ending, refusal, type StreamResult, Tally } from './outcome.ts';

export interface AppendOptions {
  /** Milliseconds without a byte after which the server is taken for dead. Default 5,000. */
  readonly patience?: number;
  /** The server takes what is said from now on. */
  readonly opened?: () => void;
}

/**
 * Appends the pieces of a source, each a message, until it ends, the signal is aborted (which ends it in good order, too) or
 * the server does not go on. What goes wrong with the server is a result.
 * @throws {ClientError} for a URL that cannot be used, and what the source throws
 */
export async function appendStream(
  url: string,
  source: AsyncIterable<Uint8Array>,
  { patience = DEFAULT_PATIENCE, opened }: AppendOptions,
  context: SocketContext,
): Promise<StreamResult> {
  const target = streamTarget(url);
  const { recorder } = context;
  const tally = new Tally();
  const came = await openSocket(target, { patience, headers: { 'X-Verb': 'APPEND' } }, context);
  if (came.kind === 'failed') return finished({ outcome: 'failed', reason: came.reason, status: null });
  const { watch } = came;
  recorder.step(watch.connection, 'begin', `Append to ${target.href}.`);
  if (came.kind === 'answer') {
    const { statusCode: status = 0, statusMessage = '' } = came.answer;
    const reason =
      status === 403
        ? 'Somebody else appends to this stream (403): follow it, or try again when they have left.'
        : refusal(status, statusMessage, await readBeginning(came.answer));
    watch.stop();
    return finished({ outcome: 'refused', reason, status });
  }
  opened?.();
  const { code, reason, failure, stopped, early } = await talk(came.socket, watch, source, tally, context);
  watch.stop();
  if (failure !== null) throw failure;
  const problem =
    code === ABNORMAL
      ? (watch.lost ?? 'The connection broke.')
      : (closeProblem(code, reason) ?? (early ? 'The server closed the stream before all was said.' : null));
  return finished({
    status: 101,
    closeCode: code === ABNORMAL ? null : code,
    ...(problem === null
      ? { outcome: 'completed', reason: `${stopped ? 'Stopped: appended' : 'Appended'} ${tally.text}.` }
      : { outcome: 'failed', reason: `${problem} ${tally.text} had been sent.` }),
  });

  function finished(ending: Omit<Ending, 'closeCode'> & Partial<Ending>): StreamResult {
    recorder.step(came.kind === 'failed' ? 0 : came.watch.connection, stepOf(ending), ending.reason);
    return tally.result({ closeCode: null, ...ending });
  }
}

/** Messages to whoever appends, who has nothing to hear. */
const MOST_HEARD = 1_000;

/** No close frame came (RFC 6455 §7.1.5). */
const ABNORMAL = 1006;

interface Talk {
  readonly code: number;
  readonly reason: string;
  /** What the source threw; null: nothing. */
  readonly failure: Error | null;
  /** By the signal, before the source had ended. */
  readonly stopped: boolean;
  /** The server closed first: what it has read, and what there was still to say, nobody knows. */
  readonly early: boolean;
}

async function talk(
  socket: WebSocket,
  watch: Watch,
  source: AsyncIterable<Uint8Array>,
  tally: Tally,
  { signal }: SocketContext,
): Promise<Talk> {
  const over = new AbortController();
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once('close', (code, reason) => {
      over.abort();
      resolve({ code, reason: reason.toString() });
    });
  });
  let heard = 0;
  socket.on('message', () => {
    if (++heard <= MOST_HEARD) return;
    watch.lost ??= `The server sent more than ${MOST_HEARD.toLocaleString('en-US')} messages to whoever appends.`;
    socket.terminate();
  });
  socket.resume();
  let failure: Error | null = null;
  try {
    for await (const message of messagesOf(untilAborted(source, AbortSignal.any([signal, over.signal])))) {
      if (!(await sent(socket, message))) break;
      tally.add(message.bytes);
    }
  } catch (error) {
    failure = error instanceof Error ? error : new ClientError('content', String(error));
  }
  const early = socket.readyState !== WebSocket.OPEN;
  const stopped = signal.aborted;
  if (stopped) watch.close(socket);
  else socket.close(1000);
  return { ...(await closed), failure, stopped, early };
}

/** Whether the kernel has it. */
function sent(socket: WebSocket, { bytes, binary }: Message): Promise<boolean> {
  return new Promise((resolve) => {
    socket.send(bytes, { binary }, (error) => resolve(!error));
  });
}
