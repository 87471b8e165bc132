import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { bytesContent } from '../../../electron/client/content.ts';
import { runStrategy } from '../../../electron/client/run-strategy.ts';
import {
  type Draft,
  type Field,
  NO_BODY,
  readDraft,
  type RequestDraft,
} from '../../../renderer/compose/draft.ts';
import {
  batchArgs,
  headLines,
  judge,
  rawArgs,
  requestBytes,
  sendArgs,
} from '../../../renderer/compose/outgoing.ts';
import type { StrategyName } from '../../../renderer/compose/strategies.ts';
import { commands } from '../../../shared/contract.ts';
import { laboratory } from '../../electron/laboratory.ts';

const BASE = readDraft(null);
const URL = 'http://127.0.0.1:18080/print?a=1';

function draft(request: Partial<RequestDraft>, rest: Partial<Draft> = {}): Draft {
  return { ...BASE, ...rest, request: { ...BASE.request, url: URL, ...request } };
}
const text = (of: string): RequestDraft['body'] => ({ ...NO_BODY, kind: 'text', text: of });

describe('what is wrong with a draft', () => {
  it.each<[string, Draft, string, RegExp]>([
    ['no address', draft({ url: ' ' }), 'url', /such as http/],
    ['another scheme', draft({ url: 'ftp://h/' }), 'url', /http:\/\/ or https:\/\//],
    ['no method', draft({ method: '' }), 'method', /such as GET/],
    ['a method that is no token', draft({ method: 'GE T' }), 'method', /token/],
    ['a field without a name', draft({ fields: [['', 'x']] }), 'field 0', /name of the field/],
    [
      'a name that is no token',
      draft({
        fields: [
          ['A', ''],
          ['B C', ''],
        ],
      }),
      'field 1',
      /token/,
    ],
    ['a value that is no ISO-8859-1', draft({ fields: [['A', '☃']] }), 'field 0', /ISO-8859-1/],
    [
      'a size that is none',
      draft({ body: { ...NO_BODY, kind: 'generated', size: 'big' } }),
      'body',
      /whole number/,
    ],
    ['no file', draft({ body: { ...NO_BODY, kind: 'file' } }), 'body', /Choose a file/],
    [
      'a file of before',
      draft({ body: { ...NO_BODY, kind: 'file', file: { name: 'a.bin', bytes: null } } }),
      'body',
      /Choose a\.bin again/,
    ],
    ['too long a text', draft({ body: text('x'.repeat(4_194_305)) }), 'body', /4,194,304 are the most/],
    [
      'an option',
      draft({}, { strategy: 'tus-upload', options: { segmentSize: '0' } }),
      'option segmentSize',
      /at least 1/,
    ],
    ['a cut', draft({}, { cut: { ...BASE.cut, on: true, at: 'x' } }), 'cut', /whole number/],
    [
      'an empty batch',
      draft({}, { mode: 'batch', batch: { url: URL, requests: [], chosen: 0 } }),
      'batch',
      /Add a request/,
    ],
    ['no bytes', draft({}, { mode: 'raw', raw: { url: URL, text: '' } }), 'raw', /bytes/],
    ['an escape', draft({}, { mode: 'raw', raw: { url: URL, text: '\\q' } }), 'raw', /backslash/],
  ])('%s: at its control, in a sentence', (_, of, at, sentence) => {
    expect(judge(of)).toEqual([{ at, request: null, sentence: expect.stringMatching(sentence) as string }]);
  });

  it('says which request of a batch it is', () => {
    const requests = [
      { ...BASE.request, url: '/a' },
      { ...BASE.request, url: 'a b' },
    ];
    expect(judge(draft({}, { mode: 'batch', batch: { url: URL, requests, chosen: 0 } }))).toMatchObject([
      { at: 'url', request: 1 },
    ]);
  });

  it('takes a file that the engine holds, but for a batch', () => {
    const file = { name: 'a.iso', bytes: null, held: { path: '/a.iso', length: 5_000_000 } };
    const body = { ...NO_BODY, kind: 'file' as const, file };
    const alone = draft({ method: 'PUT', body });
    expect(judge(alone)).toEqual([]);
    expect(commands.send.args.parse(sendArgs(alone)).content).toEqual({ file: '/a.iso' });
    expect(headLines(alone)!.map((line) => line.text)).toContain('Content-Length: 5000000');
    const generated = { ...NO_BODY, kind: 'generated' as const };
    const requests = [body, generated].map((one) => ({ ...BASE.request, url: '/a', body: one }));
    expect(judge(draft({}, { mode: 'batch', batch: { url: URL, requests, chosen: 0 } }))).toMatchObject([
      { at: 'body', request: 0, sentence: expect.stringMatching(/^A batch carries/) as string },
      { at: 'body', request: 1 },
    ]);
  });

  it('does not mind an option of another strategy, nor a row that is empty still', () => {
    expect(judge(draft({ fields: [['', '']] }, { options: { segmentSize: '0' } }))).toEqual([]);
  });
});

/** A server that answers every head, and keeps it. */
async function listener() {
  const heads: string[] = [];
  const server = createServer((socket) => {
    let read = '';
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      read += bytes.toString('latin1');
      const end = read.indexOf('\r\n\r\n');
      if (end === -1) return;
      heads.push(read.slice(0, end + 4));
      read = '';
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    heads,
    port: (server.address() as AddressInfo).port,
    async close(): Promise<void> {
      server.close();
      await once(server, 'close');
    },
  };
}

describe('the head as it is shown', () => {
  const FIELDS: readonly Field[] = [
    ['X-Own', 'a'],
    ['prefer', 'wait=1'],
    ['x-empty', ''],
  ];
  it.each<[string, Partial<RequestDraft>, StrategyName]>([
    ['a GET', { fields: FIELDS }, 'plain'],
    ['a POST with content', { method: 'POST', fields: FIELDS, body: text('hello') }, 'plain'],
    ['a resumable request', { method: 'POST', fields: FIELDS, body: text('hello') }, 'resumable-request'],
    ['what is repeated', { method: 'PUT', body: text('hello') }, 'repeat'],
    ['what is followed', { method: 'POST', body: text('hello') }, 'follow-progress'],
    [
      'fields that are the user’s own',
      {
        method: 'POST',
        body: text('hello'),
        fields: [
          ['content-length', '5'],
          ['HOST', 'else'],
          ['Prefer', 'resume'],
        ],
      },
      'resumable-request',
    ],
  ])('is the one that goes out, byte for byte: %s', async (_, request, strategy) => {
    const lab = await laboratory();
    const peer = await listener();
    try {
      const composed = draft(
        { ...request, url: `http://me:se%20cret@127.0.0.1:${peer.port}/x?a=1` },
        { strategy },
      );
      const { method, url, fields, content } = sendArgs(composed);
      await runStrategy(
        strategy,
        {
          method,
          url,
          fields,
          content: typeof content === 'string' ? bytesContent(Buffer.from(content, 'base64')) : null,
        },
        {},
        { ...lab.context, random: () => 0.5, signal: new AbortController().signal },
      );
      const shown = headLines(composed)!.map((line) => `${line.text}\r\n`);
      expect(peer.heads[0]).toBe(`${shown.join('')}\r\n`);
    } finally {
      await peer.close();
      await lab.close();
    }
  });

  it('is none of strategies with requests of their own, and while something is wrong', () => {
    expect(headLines(draft({}, { strategy: 'tus-upload' }))).toBeNull();
    expect(headLines(draft({ method: '' }))).toBeNull();
  });

  it('begins the raw bytes, with the content behind it', () => {
    const bytes = requestBytes(draft({ method: 'PUT', body: text('hi') }))!;
    expect(Buffer.from(bytes).toString()).toBe(
      'PUT /print?a=1 HTTP/1.1\r\nHost: 127.0.0.1:18080\r\nContent-Length: 2\r\n\r\nhi',
    );
    expect(requestBytes(draft({ body: { ...NO_BODY, kind: 'generated' } }))).toBeNull();
  });
});

describe('what the engine is told', () => {
  it('is a request with its strategy, options and cut', () => {
    const args = sendArgs(
      draft(
        {
          method: 'POST',
          fields: [
            ['A', ' b '],
            ['', ''],
          ],
          body: { ...NO_BODY, kind: 'generated', size: '1 GB' },
        },
        {
          strategy: 'ietf-upload',
          options: {
            segmentSize: '64 KiB',
            interopVersion: '6',
            first: 'empty',
            deleteWhenDone: 'yes',
            parallel: '3',
          },
          cut: { on: true, end: 'server', direction: 'in', kind: 'stall', at: '1,000', content: true },
        },
      ),
    );
    expect(commands.send.args.parse(args)).toEqual({
      method: 'POST',
      url: URL,
      fields: [['A', 'b']],
      content: { generated: 1_000_000_000 },
      strategy: 'ietf-upload',
      options: { segmentSize: 65_536, interopVersion: 6, first: 'empty', deleteWhenDone: true },
      cuts: [{ end: 'server', direction: 'in', at: 1_000, content: true, cut: 'stall' }],
    });
  });

  it('is a batch in order', () => {
    const requests = [
      { ...BASE.request, url: '/a' },
      { ...BASE.request, method: 'PUT', url: '/b', body: text('hi') },
    ];
    const of = draft(
      {},
      { mode: 'batch', batch: { url: URL, requests, chosen: 1 }, options: { patience: '250' } },
    );
    expect(commands.sendBatch.args.parse(batchArgs(of))).toEqual({
      url: URL,
      requests: [
        { method: 'GET', target: '/a', fields: [], content: null },
        { method: 'PUT', target: '/b', fields: [], content: 'aGk=' },
      ],
      patience: 250,
    });
  });

  it('is bytes as they are', () => {
    const of = draft({}, { mode: 'raw', raw: { url: ` ${URL} `, text: 'GET\n\\x00' } });
    expect(commands.sendRaw.args.parse(rawArgs(of))).toEqual({
      url: URL,
      bytes: 'R0VUDQoA',
      patience: 5_000,
    });
  });
});
