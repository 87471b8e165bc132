// A session for the tests of exports: both ends on loopback, an upload that is cut and resumed, a job that tells its
// progress, a chunked response, a document inside a response. Written as a transcript.

import { createRecorder, type SessionRecorder } from '../../../electron/session/recorder.ts';
import { memorySink } from '../../../electron/session/sinks.ts';
import type { Sink } from '../../../electron/session/recorder.ts';
import { Deriver } from '../../../shared/model/derive.ts';
import { EventTable } from '../../../shared/model/events.ts';
import { Model } from '../../../shared/model/model.ts';
import type { End } from '../../../shared/capture/records.ts';

export const PORT = 18_080;
const server = { address: '127.0.0.1', port: PORT };

export interface Played {
  readonly model: Model;
  readonly recorder: SessionRecorder;
}

/** Lines of a message with CRLF; content goes behind the empty line as it is. */
function message(head: readonly string[], content = ''): Uint8Array {
  return new TextEncoder().encode(`${head.join('\r\n')}\r\n\r\n${content}`);
}

/** Plays the whole story into a recorder. */
export function play(sink: Sink = memorySink(), budget?: number): Played {
  const table = new EventTable();
  const model = new Model(table);
  const deriver = new Deriver(table);
  let time = 0;
  const recorder = createRecorder({
    sink,
    header: { startedAt: 1_794_000_000_000_000_000n, application: 'Interim test' },
    now: () => (time += 1_000_000),
    onRecord: (record) => deriver.feed(record),
    ...(budget === undefined ? {} : { budget }),
  });
  const open = (port: number): number => {
    const client = { address: '127.0.0.1', port };
    const connection = recorder.opened('client', client, server);
    recorder.opened('server', client, server);
    return connection;
  };
  /** One end writes, the other reads all of it, or only the first bytes. */
  const pass = (connection: number, from: End, bytes: Uint8Array, read = bytes.length): void => {
    recorder.sent(connection, from, bytes);
    if (read > 0)
      recorder.received(connection, from === 'client' ? 'server' : 'client', bytes.subarray(0, read));
  };
  const close = (connection: number, sent: [number, number]): void => {
    recorder.ended(connection, 'client', 'out');
    recorder.ended(connection, 'server', 'in');
    recorder.closed(connection, 'client', { how: 'fin', by: 'client', sent: sent[0], received: sent[1] });
    recorder.closed(connection, 'server', { how: 'fin', by: 'client', sent: sent[1], received: sent[0] });
  };

  recorder.about({ experiment: 'resumable-request', title: 'Cut and resumed' });
  const first = open(41_001);
  recorder.step(first, 'send', 'The upload begins.');
  const post = message([
    'POST /print?a=1&b=%C3%A9 HTTP/1.1',
    `Host: 127.0.0.1:${PORT}`,
    'Content-Type: text/plain',
    'Content-Length: 20',
    'Expect: 100-continue',
    'Cookie: id=7; theme=dark',
  ]);
  const continues = message([
    'HTTP/1.1 100 Continue',
    'Request-Content-Location: /job/1.req',
    'Response-Message-Location: /job/1.res',
  ]);
  pass(first, 'client', post);
  pass(first, 'server', continues);
  pass(first, 'client', new TextEncoder().encode('0123456789'), 4);
  recorder.fault(first, 'server', {
    direction: 'in',
    action: 'cut',
    cut: 'rst',
    origin: 'user',
    at: post.length + 4,
    content: 4,
  });
  recorder.closed(first, 'server', {
    how: 'rst',
    by: 'fault',
    sent: continues.length,
    received: post.length + 4,
  });
  recorder.closed(first, 'client', {
    how: 'rst',
    by: 'fault',
    sent: post.length + 10,
    received: continues.length,
  });

  const second = open(41_002);
  let sent = 0;
  let answered = 0;
  const exchange = (request: Uint8Array, ...responses: Uint8Array[]): void => {
    pass(second, 'client', request);
    sent += request.length;
    for (const response of responses) {
      pass(second, 'server', response);
      answered += response.length;
    }
  };
  exchange(
    message(['HEAD /job/1.req HTTP/1.1', `Host: 127.0.0.1:${PORT}`]),
    message(['HTTP/1.1 299 Incomplete Content', 'Content-Length: 4']),
  );
  const part = 'Content-Range: bytes 4-19/20\r\n\r\n4567890123456789';
  exchange(
    message(
      [
        'PATCH /job/1.req HTTP/1.1',
        `Host: 127.0.0.1:${PORT}`,
        'Content-Type: message/byterange',
        `Content-Length: ${part.length}`,
        'Prefer: processing, respond-async, wait=1',
      ],
      part,
    ),
    message(['HTTP/1.1 102 Processing', 'Progress: 0/3 "Herding cats"', 'Location: /job/1.job']),
    message(['HTTP/1.1 102 Processing', 'Progress: 1/3 "Knitting sweaters"']),
    message([
      'HTTP/1.1 202 Accepted',
      'Location: /job/1.job',
      'Content-Length: 0',
      'Set-Cookie: s=1; Path=/; HttpOnly',
    ]),
  );
  exchange(
    message(['GET /job/1.job HTTP/1.1', `Host: 127.0.0.1:${PORT}`]),
    message(
      ['HTTP/1.1 200 OK', 'Content-Type: application/octet-stream', 'Transfer-Encoding: chunked'],
      '5\r\nhello\r\n6;x=y\r\n\u0001world\r\n0\r\nX-Hash: 1\r\n\r\n',
    ),
  );
  const document = 'HTTP/1.1 201 Created\r\nContent-Length: 19\r\n\r\nResource created.\r\n';
  exchange(
    message(['GET /job/1.res HTTP/1.1', `Host: 127.0.0.1:${PORT}`]),
    message(
      ['HTTP/1.1 200 OK', 'Content-Type: message/http', `Content-Length: ${document.length}`],
      document,
    ),
  );
  exchange(
    message(['GET /binary HTTP/1.1', `Host: 127.0.0.1:${PORT}`]),
    message(['HTTP/1.1 200 OK', 'Content-Type: text/plain', 'Content-Length: 2'], '\u0000\u0001'),
  );
  close(second, [sent, answered]);

  const third = open(41_003);
  pass(third, 'client', message(['GET /never HTTP/1.1', `Host: 127.0.0.1:${PORT}`]));
  pass(third, 'server', message(['HTTP/1.1 200 OK', 'Content-Length: 100'], 'only this'));
  recorder.ended(third, 'server', 'out');
  recorder.ended(third, 'client', 'in');
  model.fold();
  return { model, recorder };
}
