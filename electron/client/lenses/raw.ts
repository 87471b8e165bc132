// The lens `raw`: this project's own client, which tells every line as it came. Nothing is added, nothing is left out.

import { parseExpect } from '../../../shared/fields/expect.ts';
import { FieldFault } from '../../../shared/fields/fault.ts';
import { valueOf } from '../../../shared/fields/value-of.ts';
import { connect } from '../../wire/connect.ts';
import { ClientConnection, type ExchangeResult } from '../connection.ts';
import { fieldsOf } from '../received-response.ts';
import { connected } from '../target.ts';
import { GivenUp, impatient } from './sockets.ts';
import type { CheckedRequest, Look } from './types.ts';

/** RFC 9110 §10.1.1: no client may wait for a 100 without end. As curl has it, in ms. */
const HOLD = 1_000;
/** Milliseconds that a server may go on without an end. */
const LONGEST = 3_600_000;

export const lookRaw: Look = async (request, context, telling) => {
  const { target, fields, content, patience } = request;
  const wire = await connect(target.host, target.port, context, target.security);
  context.recorder.step(wire.connection, 'connect', connected(target));
  telling.connection(wire.connection);
  const connection = new ClientConnection(wire, context.clock);
  const stop = (): void => {
    telling.fail(new GivenUp('stopped', 'It was stopped.'));
    connection.close('rst');
  };
  context.signal.addEventListener('abort', stop);
  try {
    if (context.signal.aborted) stop();
    const result = await connection.exchange(
      {
        method: request.method,
        target: target.path,
        fields: [['Host', target.hostField], ...fields],
        content:
          content === null
            ? null
            : { prefix: new Uint8Array(0), source: content, from: 0, to: content.length },
        holdContent: expectsContinue(request) ? HOLD : null,
        patience,
        allowance: 0,
        longest: Math.max(LONGEST, patience),
        most: null,
      },
      {
        interim: (head) => {
          // RFC 9110 §15.2.2: after a 101 nothing of HTTP follows.
          if (head.status === 101) telling.final(101, head.reason, fieldsOf(head));
          else telling.interim(head.status, fieldsOf(head));
          return true;
        },
        final: (head) => telling.final(head.status, head.reason, fieldsOf(head)),
        content: (bytes, from, to) => {
          telling.content(bytes.subarray(from, to));
          return null;
        },
        trailers: (trailers) => telling.trailers(fieldsOf(trailers)),
      },
    );
    if (result.whole) telling.end();
    else telling.fail(result.broke === 'silence' ? impatient(patience) : broken(result));
  } finally {
    context.signal.removeEventListener('abort', stop);
    await connection.leave();
  }
};

/** How the connection ended before the response did: the raw client tells a FIN and a reset apart. */
class Broken extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = 'Broken';
    this.code = code;
  }
}

function broken({ broke, nonsense, final }: ExchangeResult): Broken {
  if (nonsense !== null) return new Broken('nonsense', nonsense);
  const before = final === null ? 'a final response came' : 'the response was whole';
  return broke === 'rst'
    ? new Broken('rst', `The connection was reset before ${before}.`)
    : new Broken(broke ?? 'fin', `The connection ended before ${before}.`);
}

function expectsContinue({ fields }: CheckedRequest): boolean {
  const value = valueOf(fields, 'expect');
  const expected = parseExpect(value);
  return value !== null && !(expected instanceof FieldFault) && expected.continue;
}
