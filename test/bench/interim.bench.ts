// 100,000 interim responses to one request, in batches, each with its fields: captured and derived, against clients
// that call back for each.

import { get } from 'node:http';
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import { memorySink } from '../../electron/session/sinks.ts';
import { Kind, ROW_BYTES } from '../../shared/model/events.ts';
import { captureGet } from './capture.ts';
import { type PeerServer, startPeerServer } from './peer-server.ts';
import type { BenchRow } from './types.ts';

const COUNT = 100_000;
const PATH = `/interim/${COUNT}`;

/** What is used of undici, which is installed beside the bench only. */
interface Undici {
  Client: new (origin: string) => {
    request(options: {
      method: 'GET';
      path: string;
      onInfo(info: { headers: Record<string, string | string[]> }): void;
    }): Promise<{ body: { dump(): Promise<void> } }>;
    destroy(): Promise<void>;
  };
}

let server: PeerServer | null = null;
const port = (): number => server!.port;
let remark = '';

async function ours(): Promise<number> {
  const sink = memorySink();
  const { recorder, table, cost } = await captureGet(sink, port(), PATH, endsWithFinal());
  await recorder.close();
  let seen = 0;
  for (let row = 0; row < table.length; row++) if (table.columns.kind[row] === Kind.interimReceived) seen++;
  if (seen !== COUNT) throw new Error(`${seen} interim responses of ${COUNT}`);
  const perEvent = (table.length * ROW_BYTES + sink.overhead) / table.length;
  remark = `${table.length} events (${(table.length / COUNT).toFixed(2)} an interim response), ${perEvent.toFixed(1)} bytes an event beyond the raw bytes; at most 40 wanted.`;
  return cost;
}

/** The final response is the only one that ends like this. */
function endsWithFinal(): (bytes: Uint8Array) => boolean {
  let tail = '';
  return (bytes) => {
    tail = (tail + Buffer.from(bytes.subarray(-64)).toString('latin1')).slice(-64);
    return tail.endsWith('Content-Length: 0\r\n\r\n');
  };
}

async function nodeHttp(): Promise<number> {
  const began = performance.now();
  let seen = 0;
  await new Promise<void>((resolve, reject) => {
    const request = get({ host: '127.0.0.1', port: port(), path: PATH, agent: false }, (response) => {
      response.resume();
      response.on('end', resolve);
    });
    request.on('information', ({ rawHeaders }) => {
      if (rawHeaders.length === 2) seen++;
    });
    request.on('error', reject);
  });
  const cost = performance.now() - began;
  if (seen !== COUNT) throw new Error(`node:http told of ${seen}`);
  return cost;
}

async function undici(): Promise<number> {
  const { Client } = createRequire(import.meta.url)('undici') as Undici;
  const began = performance.now();
  const client = new Client(`http://127.0.0.1:${port()}`);
  let seen = 0;
  const { body } = await client.request({
    method: 'GET',
    path: PATH,
    onInfo: ({ headers }) => {
      if (headers['progress'] !== undefined) seen++;
    },
  });
  await body.dump();
  const cost = performance.now() - began;
  await client.destroy();
  if (seen !== COUNT) throw new Error(`undici told of ${seen}`);
  return cost;
}

export const rows: BenchRow[] = [
  {
    name: 'interim: 100,000 interim responses in batches',
    setup: async () => {
      server = await startPeerServer();
    },
    teardown: async () => {
      await server?.close();
      server = null;
    },
    ours,
    peers: [
      { name: "node:http 'information'", round: nodeHttp, atLeast: 4 },
      { name: 'undici onInfo', round: undici, atLeast: 5 },
    ],
    remarks: () => [remark],
  },
];
