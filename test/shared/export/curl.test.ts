// Requests as curl commands, judged by curl: what arrives is what the session holds.

import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CaptureRecord } from '../../../shared/capture/records.ts';
import { curlCommand, toCurl } from '../../../shared/export/curl.ts';
import type { ReadBytes } from '../../../shared/export/message.ts';
import { Deriver } from '../../../shared/model/derive.ts';
import { EventTable } from '../../../shared/model/events.ts';
import { Model } from '../../../shared/model/model.ts';
import { play } from './scenario.ts';

interface Arrived {
  readonly line: string;
  readonly fields: readonly (readonly [string, string])[];
  readonly content: string;
  readonly complete: boolean;
}

let server: Server;
let port = 0;
let arrived: Arrived[] = [];
const told = new EventEmitter();
beforeAll(async () => {
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    const tell = (complete: boolean): void => {
      const fields: [string, string][] = [];
      for (let i = 0; i < request.rawHeaders.length; i += 2)
        fields.push([request.rawHeaders[i]!, request.rawHeaders[i + 1]!]);
      const content = Buffer.concat(parts).toString('latin1');
      arrived.push({ line: `${request.method} ${request.url}`, fields, content, complete });
      told.emit('request');
    };
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      tell(true);
      response.end('ok');
    });
    request.on('error', () => tell(false));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

/** A session of one connection to that server, of which only the client's end is ours. */
function session(
  request: Uint8Array,
  response: Uint8Array = new Uint8Array(0),
): { model: Model; read: ReadBytes } {
  const table = new EventTable();
  const deriver = new Deriver(table);
  const from = { address: '127.0.0.1', port: 40_000 };
  const to = { address: '127.0.0.1', port };
  const records: CaptureRecord[] = [
    { kind: 'opened', time: 0, connection: 1, end: 'client', client: from, server: to },
    {
      kind: 'sent',
      time: 1,
      connection: 1,
      end: 'client',
      offset: 0,
      length: request.length,
      bytes: request,
    },
    {
      kind: 'received',
      time: 2,
      connection: 1,
      end: 'client',
      offset: 0,
      length: response.length,
      bytes: response,
    },
    {
      kind: 'closed',
      time: 3,
      connection: 1,
      end: 'client',
      how: 'fin',
      by: 'client',
      sent: request.length,
      received: response.length,
    },
  ];
  for (const record of records) deriver.feed(record);
  const model = new Model(table);
  model.fold();
  const read: ReadBytes = (_connection, _stream, start, end) =>
    Promise.resolve({ bytes: request.slice(start, end), kept: true });
  return { model, read };
}

async function text(pieces: AsyncIterable<string>): Promise<string> {
  let all = '';
  for await (const piece of pieces) all += piece;
  return all;
}

/** Runs a script, and resolves with what arrived at the server meanwhile. */
async function sent(script: string): Promise<Arrived[]> {
  arrived = [];
  const shell = spawn('/bin/sh', {
    stdio: ['pipe', 'ignore', 'inherit'],
    env: { PATH: process.env['PATH'] },
  });
  // A request that is given up is told of after curl has ended.
  const heard = once(told, 'request');
  shell.stdin.end(script);
  await once(shell, 'exit');
  await heard;
  return arrived;
}

const latin1 = (of: string): Uint8Array => Uint8Array.from(of, (character) => character.charCodeAt(0));

const sortedFields = (fields: readonly (readonly [string, string])[]): string[] =>
  fields.map(([name, value]) => `${name}: ${value}`).toSorted();

const HARD = [
  ['a plain GET', 'GET /a?b=c HTTP/1.1', ['X-Empty:'], ''],
  ['fields that curl has of its own', 'GET / HTTP/1.1', ['User-Agent: x', 'Accept: text/html'], ''],
  [
    'fields again and again, in their own case',
    'GET / HTTP/1.1',
    ['x-A: 1', 'X-a: 2', "Q: it's $HOME `id`"],
    '',
  ],
  ['bytes above 0x7f', 'GET / HTTP/1.1', ['X: \u00e9\u00ff', 'Y: a\tb'], ''],
  ['a target that curl would mend', 'GET /a/../b/./c#d?[1-3]{x,y} HTTP/1.1', [], ''],
  ['a target of its own form', 'OPTIONS * HTTP/1.1', [], ''],
  ['a method of its own', 'M-SEARCH /x HTTP/1.1', [], ''],
  ['text', 'POST /a HTTP/1.1', ['Content-Type: text/plain'], "@file 'quoted' \\ %s \n\n"],
  ['text without a type', 'PUT /a HTTP/1.1', [], 'x'],
  [
    'bytes',
    'PATCH /a HTTP/1.1',
    [],
    Array.from({ length: 700 }, (_, i) => String.fromCharCode(i % 256)).join(''),
  ],
  ['a hundred kilobytes', 'POST /a HTTP/1.1', ['Expect: 100-continue'], 'line\n'.repeat(20_000)],
  ['content of a GET', 'GET /a HTTP/1.1', [], 'x'],
] as const;

describe('a request as a curl command', () => {
  it.each(HARD)('arrives as it was: %s', async (_, line, more, content) => {
    const fields = [`Host: 127.0.0.1:${port}`, ...more];
    if (content !== '') fields.push(`Content-Length: ${content.length}`);
    const { model, read } = session(latin1(`${line}\r\n${fields.join('\r\n')}\r\n\r\n${content}`));
    const script = await text(toCurl(model, read, 'A session'));
    const [request, ...others] = await sent(script);
    expect(others).toEqual([]);
    expect(request, script).toBeDefined();
    expect(request!.line).toBe(line.replace(' HTTP/1.1', ''));
    expect(sortedFields(request!.fields)).toEqual(
      fields.map((field) => (field.endsWith(':') ? `${field} ` : field)).toSorted(),
    );
    expect(request!.content).toBe(content);
    expect(request!.complete).toBe(true);
  });

  it('arrives in chunks where it was chunked, without what chunks alone can hold', async () => {
    const { model, read } = session(
      latin1(
        `POST /a HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nTransfer-Encoding: chunked\r\n\r\n` +
          '5;x=y\r\nhello\r\n6\r\n\0world\r\n0\r\nX-Hash: 1\r\n\r\n',
      ),
    );
    const script = await text(toCurl(model, read, 'A session'));
    const [request] = await sent(script);
    expect(request).toMatchObject({ content: 'hello\0world', complete: true });
    expect(request!.fields).toContainEqual(['Transfer-Encoding', 'chunked']);
    expect(script).toContain('# Its trailers are left out: curl cannot send any.\n');
  });

  it('ends where the content was cut short, and says so', async () => {
    const { model, read } = session(
      latin1(`POST /a HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: 20\r\n\r\n0123456789`),
    );
    const script = await text(toCurl(model, read, 'A session'));
    expect(script).toContain('# Its content was cut short after 10 bytes: these are sent, and after 5 s');
    const [request] = await sent(script.replace('--max-time 5', '--max-time 0.2'));
    expect(request).toMatchObject({ content: '0123456789', complete: false });
    expect(request!.fields).toContainEqual(['Content-Length', '20']);
  });

  it('does not wait for ever on a connection that speaks another protocol by now', async () => {
    const { model, read } = session(
      latin1('GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'),
      latin1('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'),
    );
    const script = await text(toCurl(model, read, 'A session'));
    expect(script).toContain(
      '# The connection was switched to another protocol: 5 s later curl gives it up.\n',
    );
    expect(script).toContain(' --max-time 5 ');
  });

  it('waits for no content after HEAD', async () => {
    const { model, read } = session(latin1(`HEAD /a HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`));
    expect(await text(curlCommand(model, model.exchanges[0]!, read))).toBe(
      `curl --include \\\n  --http1.1 \\\n  --head \\\n  --header 'User-Agent:' \\\n  --header 'Accept:' \\\n  http://127.0.0.1:${port}/a\n`,
    );
  });

  it('is left out, with the reason, where bytes of it were not kept', async () => {
    const { model, recorder } = play(undefined, 500);
    const script = await text(toCurl(model, (...range) => recorder.bytes(...range), 'A session'));
    expect(script).toMatch(/# GET \/binary is left out: (?:its head is not in the session|bytes of it were)/);
    expect(script.match(/^# exchange \d+ /gm)).toHaveLength(7);
  });

  it('cannot end its remark by what a peer called it', async () => {
    const { model, read } = session(latin1('GET / HTTP/1.1\r\nHost: a\r\n\r\n'));
    const script = await text(toCurl(model, read, 'A title\nreboot\u2028now'));
    expect(script.split('\n')[1]).toBe(
      '# A title reboot now: 1 request as curl sends them, one after the other.',
    );
  });
});
