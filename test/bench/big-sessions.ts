// Sessions larger than anybody records by hand, made by our own recorder: of ever so many exchanges, and of one exchange
// with ever so many interim responses. Both ends are on record; times are the counter's, so each is the same every time.

import { createRecorder, type SessionRecorder } from '../../electron/session/recorder.ts';
import { fileSink } from '../../electron/session/sinks.ts';
import type { End } from '../../shared/capture/records.ts';

const SERVER = { address: '127.0.0.1', port: 18_080 };
const CONNECTIONS = 40;
/** Records between two turns of the event loop, so that the file keeps up. */
const TURN = 20_000;
/** Interim responses that one write carries. */
const TOGETHER = 16;
/** Nanoseconds between two records. */
const APART = 50_000;

interface Script {
  readonly recorder: SessionRecorder;
  /** The same bytes at both ends: written by one, read by the other. */
  moved(connection: number, from: End, text: string): void;
  turn(): Promise<void>;
}

async function written(path: string, play: (script: Script) => Promise<void>): Promise<number> {
  let time = 0;
  const recorder = createRecorder({ sink: fileSink(path), now: () => (time += APART) });
  await play({
    recorder,
    moved(connection, from, text) {
      const bytes = Buffer.from(text, 'latin1');
      recorder.sent(connection, from, bytes);
      recorder.received(connection, from === 'client' ? 'server' : 'client', bytes);
    },
    turn: () => new Promise((resolve) => setImmediate(resolve)),
  });
  await recorder.close();
  if (recorder.leftOutBytes > 0) throw new Error(`${recorder.leftOutBytes} bytes were not kept`);
  return recorder.records;
}

/** Both ends of a connection: its number. */
function opened(recorder: SessionRecorder, port: number): number {
  const client = { address: '127.0.0.1', port };
  const connection = recorder.opened('client', client, SERVER);
  if (recorder.opened('server', client, SERVER) !== connection) throw new Error('the ends have not met');
  return connection;
}

/**
 * Exchanges of many kinds on forty connections that are kept open: questions, uploads, and what was not there. Resolves
 * with how many records it took.
 */
export function writeExchanges(path: string, count: number): Promise<number> {
  return written(path, async ({ recorder, moved, turn }) => {
    const connections = Array.from({ length: CONNECTIONS }, (_, at) => opened(recorder, 41_000 + at));
    for (let id = 0; id < count; id++) {
      const connection = connections[id % CONNECTIONS]!;
      const body = JSON.stringify({ id, name: `item ${id}` });
      if (id % 10 === 3) {
        moved(
          connection,
          'client',
          `POST /items HTTP/1.1\r\nHost: 127.0.0.1:18080\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
        );
        moved(connection, 'server', 'HTTP/1.1 102 Processing\r\nProgress: 1/2 "stored"\r\n\r\n');
        moved(
          connection,
          'server',
          `HTTP/1.1 201 Created\r\nLocation: /items/${id}\r\nContent-Length: 0\r\n\r\n`,
        );
      } else {
        moved(connection, 'client', `GET /items/${id} HTTP/1.1\r\nHost: 127.0.0.1:18080\r\n\r\n`);
        moved(
          connection,
          'server',
          id % 50 === 7
            ? 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'
            : `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
        );
      }
      if (id % (TURN / 4) === 0) await turn();
    }
  });
}

/** One upload whose server tells of its progress in `count` interim responses. Resolves with how many records it took. */
export function writeInterims(path: string, count: number): Promise<number> {
  return written(path, async ({ recorder, moved, turn }) => {
    const connection = opened(recorder, 41_000);
    moved(
      connection,
      'client',
      'POST /process HTTP/1.1\r\nHost: 127.0.0.1:18080\r\nContent-Length: 4\r\n\r\nwork',
    );
    for (let done = 0; done < count; done += TOGETHER) {
      let text = '';
      for (let id = done + 1; id <= Math.min(done + TOGETHER, count); id++)
        text += `HTTP/1.1 102 Processing\r\nProgress: ${id}/${count}\r\n\r\n`;
      moved(connection, 'server', text);
      if (done % TURN === 0) await turn();
    }
    moved(connection, 'server', 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone');
  });
}
