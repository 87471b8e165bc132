// One WebSocket of the interface: commands come as text frames and are answered by their id; pushes go as text,
// batches and bytes as binary frames. Must never do what boundary and path gate have not let through.

import type { WebSocket } from 'ws';
import type { CommandName, CommandResult } from '../../shared/contract.ts';
import { callCommand, checkCommand, sentenceOf } from '../boundary.ts';
import type { Engine } from '../engine-types.ts';
import type { PathGate } from '../path-gate.ts';

/** Bytes of one frame from the interface: a `send` with 4 MiB of content in base64 and its fields is the largest. */
export const FRAME_LIMIT = 8 * 1024 * 1024;
/** Bytes on their way to an interface that has stopped reading; beyond them it is let go and may come again. */
const BACKLOG_LIMIT = 64 * 1024 * 1024;
/** Commands of one interface at work at once; `hello` of a waking page is one. */
const COMMANDS_AT_ONCE = 256;
/** Close codes of RFC 6455 §7.4.1: policy violation, try again later. */
const POLICY = 1008;
const AGAIN = 1013;

const BATCH_FRAME = 1;
const BYTES_FRAME = 2;

/** Serves one open socket until it closes. */
export function serveSocket(socket: WebSocket, engine: Engine, gate: PathGate): void {
  let busy = 0;

  const send = (data: string | Uint8Array): void => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > BACKLOG_LIMIT) end(AGAIN, 'The interface reads too slowly.');
    else socket.send(data);
  };

  const detach = engine.attach({
    push: (push) => {
      gate.learn(push);
      send(JSON.stringify(push));
    },
    batch: (bytes) => {
      const frame = new Uint8Array(1 + bytes.length);
      frame[0] = BATCH_FRAME;
      frame.set(bytes, 1);
      send(frame);
    },
  });
  const end = (code: number, reason: string): void => {
    detach();
    socket.close(code, reason);
  };
  socket.on('close', detach);
  // A frame over the limit or against the protocol: ws closes the socket with the right code, `close` follows.
  socket.on('error', () => socket.terminate());

  socket.on('message', (data, binary) => {
    const request = binary ? null : readRequest(String(data));
    if (request === null) return end(POLICY, 'Not a command.');
    if (busy >= COMMANDS_AT_ONCE)
      return send(JSON.stringify({ id: request.id, error: 'Too much at once: wait for the answers.' }));
    busy++;
    void answer(engine, gate, request)
      .then(send)
      .finally(() => busy--);
  });
}

interface Request {
  readonly id: number;
  readonly command: unknown;
  readonly args: unknown;
}

/** A frame's id, command and arguments, or null when it is nothing of the kind. */
function readRequest(text: string): Request | null {
  try {
    const { id, command, args } = JSON.parse(text) as Record<string, unknown>;
    if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id > 0xffffffff) return null;
    return { id, command, args };
  } catch {
    return null;
  }
}

async function answer(
  engine: Engine,
  gate: PathGate,
  { id, command, args }: Request,
): Promise<string | Uint8Array> {
  try {
    const checked = checkCommand(command, args);
    gate.check(checked);
    const result = await callCommand(engine, checked.name, checked.args);
    return encodeResult(id, checked.name, result, gate);
  } catch (error) {
    return JSON.stringify({ id, error: sentenceOf(error) });
  }
}

function encodeResult(id: number, name: CommandName, result: unknown, gate: PathGate): string | Uint8Array {
  if (name === 'bytes') {
    const { bytes, kept } = result as CommandResult<'bytes'>;
    const frame = new Uint8Array(6 + bytes.length);
    frame[0] = BYTES_FRAME;
    new DataView(frame.buffer).setUint32(1, id, true);
    frame[5] = kept ? 1 : 0;
    frame.set(bytes, 6);
    return frame;
  }
  if (name === 'hello') gate.learn({ push: 'hello', hello: result as CommandResult<'hello'> });
  return JSON.stringify({ id, result });
}
