// Each branch of the strategies, as a transcript: what the server says, what the client sends then.

import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type ContentSource, bytesContent } from '../../../electron/client/content.ts';
import { ClientError } from '../../../electron/client/errors.ts';
import { STRATEGY_NAMES } from '../../../electron/client/run-strategy.ts';
import type { StrategyName } from '../../../electron/client/strategy.ts';
import { createManualClock } from '../../../electron/wire/clock.ts';
import { tlsServer } from '../wire/tls-server.ts';
import { LENGTH, TEXT, contentOf, heads, run } from './scripted-run.ts';
import { response } from './scripted-server.ts';

const CONTINUE = response('100 Continue', [
  'Request-Content-Location: /job/1.req',
  'Response-Message-Location: </job/1.res>',
]);
const WHOLE = new RegExp(`${TEXT.slice(-6)}$`);
const DONE = response('201 Created', ['Content-Length: 5'], 'Done.');
const KEPT = 'HTTP/1.1 201 Created\r\nContent-Length: 5\r\n\r\nDone.';
const document = (text: string, length = text.length): string =>
  response('200 OK', ['Content-Type: message/http', `Content-Length: ${length}`, 'ETag: "1"'], text);
const incomplete = (length: number, reason = 'Incomplete Content'): string =>
  response(`299 ${reason}`, [`Content-Length: ${length}`]);

describe('plain', () => {
  it('sends one request and hands over the answer', async () => {
    const { result, said, server } = await run('plain', [[{ on: WHOLE, send: DONE }]], {
      request: { fields: [['Content-Type', 'text/plain']] },
      url: (base) => `${base.replace('//', '//me:secret@')}/a?b=c`,
    });
    expect(result).toMatchObject({ outcome: 'completed', final: { status: 201, reason: 'Created' } });
    expect(contentOf(result)).toBe('Done.');
    const host = new URL(server.url).host;
    expect(said).toEqual([
      `POST /a?b=c HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Basic ${btoa('me:secret')}\r\n` +
        `Content-Type: text/plain\r\nContent-Length: ${LENGTH}\r\n\r\n${TEXT}`,
    ]);
  });

  it('reads content that is delimited by the close', async () => {
    const { result } = await run('plain', [[{ send: response('200 OK', [], 'All of it.'), close: 'fin' }]], {
      request: { method: 'GET', content: null },
    });
    expect(result.outcome).toBe('completed');
    expect(contentOf(result)).toBe('All of it.');
  });

  it('stops sending and takes the answer when it comes early', async () => {
    const big = bytesContent(new Uint8Array(20_000_000));
    const { result } = await run(
      'plain',
      [[{ send: response('413 Content Too Large', ['Content-Length: 0']) }]],
      {
        request: { content: big },
      },
    );
    expect(result).toMatchObject({ outcome: 'refused', final: { status: 413 } });
  });

  it('holds content back for the Expect of its user, but not for ever', async () => {
    const { result, server } = await run('plain', [[{}, { on: WHOLE, send: DONE }]], {
      request: { fields: [['Expect', '100-continue']] },
    });
    expect(result.outcome).toBe('completed');
    expect(server.reads[0]![0]).toMatch(/\r\n\r\n$/);
  });

  it('keeps a mebibyte of the content and counts no more', async () => {
    const { result } = await run(
      'plain',
      [[{ send: response('200 OK', ['Content-Length: 1500000'], 'x'.repeat(1_500_000)) }]],
      {
        request: { method: 'GET', content: null },
      },
    );
    expect(result.outcome).toBe('completed');
    expect(result.final?.content.length).toBe(1024 * 1024);
  });

  it('says that a server without HTTP is none', async () => {
    const { result } = await run('plain', [[{ send: 'SSH-2.0-OpenSSH_9.2\r\n' }]]);
    expect(result).toMatchObject({ outcome: 'failed', final: null });
    expect(result.reason).toMatch(/not HTTP\/1\.1 \(.+ at byte \d+, RFC 9112/);
  });

  it('says so where interim responses come without an end, and the connection is ended by us', async () => {
    const flood = response('102 Processing').repeat(10_001);
    const { result } = await run('plain', [[{ on: WHOLE, send: flood }]]);
    expect(result).toMatchObject({
      outcome: 'failed',
      reason: 'The server sent more than 10,000 interim responses to one request. Look at what it is doing.',
    });
  });

  it('does not take content that a reset cut off for complete', async () => {
    const { result } = await run(
      'plain',
      [[{ send: response('200 OK', ['Content-Length: 100'], 'half'), close: 'fin' }]],
      {
        request: { method: 'GET', content: null },
      },
    );
    expect(result).toMatchObject({ outcome: 'failed', final: { status: 200 } });
  });
});

describe('resumable-request', () => {
  it('asks first, learns both locations, then sends', async () => {
    const { result, said, steps, server } = await run('resumable-request', [
      [{ send: CONTINUE }, { on: WHOLE, send: DONE }],
    ]);
    const { url } = server;
    expect(result).toMatchObject({
      outcome: 'completed',
      final: { status: 201 },
      resumes: 0,
      locations: { requestContent: `${url}/job/1.req`, responseMessage: `${url}/job/1.res`, status: null },
    });
    expect(said[0]).toContain('Expect: 100-continue\r\nPrefer: resume\r\n\r\n');
    expect(server.reads[0]![0]).toMatch(/\r\n\r\n$/);
    expect(steps).toEqual(['connect', 'begin', 'await-continue', 'learn-locations', 'send', 'complete']);
  });

  it.each(['fin', 'rst'] as const)(
    'sends the same request again when a %s came before the 100',
    async (close) => {
      const { result, said } = await run('resumable-request', [
        [{ close }],
        [{ send: CONTINUE }, { on: WHOLE, send: DONE }],
      ]);
      expect(result.outcome).toBe('completed');
      expect(said[1]!.startsWith(said[0]!)).toBe(true);
    },
  );

  it('tries once more without Expect after a 417', async () => {
    const { result, said } = await run('resumable-request', [
      [{ send: response('417 Expectation Failed', ['Content-Length: 0']) }],
      [{ on: WHOLE, send: DONE }],
    ]);
    expect(result.outcome).toBe('completed');
    expect(said[1]).not.toContain('Expect');
  });

  it.each(['fin', 'rst'] as const)(
    'after a %s asks how much arrived and sends the rest only, in one write with its head',
    async (close) => {
      const { result, said, steps, server } = await run('resumable-request', [
        [{ send: CONTINUE }, { on: /The quick/, close }],
        [{ send: incomplete(10) }, { on: WHOLE, send: DONE }],
      ]);
      expect(result).toMatchObject({ outcome: 'completed', resumes: 1, final: { status: 201 } });
      const [head, patch] = said[1]!.split(/(?=PATCH )/);
      expect(head).toBe(`HEAD /job/1.req HTTP/1.1\r\nHost: ${new URL(server.url).host}\r\n\r\n`);
      const part = `Content-Range: bytes 10-${LENGTH - 1}/${LENGTH}\r\nContent-Length: ${LENGTH - 10}\r\n\r\n${TEXT.slice(10)}`;
      expect(patch).toBe(
        `PATCH /job/1.req HTTP/1.1\r\nHost: ${new URL(server.url).host}\r\nContent-Type: message/byterange\r\n` +
          `Content-Length: ${part.length}\r\n\r\n${part}`,
      );
      expect(server.reads[1]!.at(-1)).toBe(patch);
      expect(steps.slice(5)).toEqual([
        'cut-noticed',
        'connect',
        'ask-offset',
        'offset-learned',
        'resume',
        'complete',
      ]);
    },
  );

  it('sends the rest in segments where told to', async () => {
    const { result, said } = await run(
      'resumable-request',
      [
        [{ send: CONTINUE }, { on: /The/, close: 'rst' }],
        [
          { send: incomplete(3) },
          { on: /fox$/, send: response('299 Incomplete Content', ['Content-Length: 0']) },
          { on: WHOLE, send: DONE },
        ],
      ],
      { options: { segments: [19] } },
    );
    expect(result.outcome).toBe('completed');
    expect(heads(said[1]!)).toEqual(['HEAD /job/1.req', 'PATCH /job/1.req', 'PATCH /job/1.req']);
    expect(said[1]).toContain(`Content-Range: bytes 3-18/${LENGTH}`);
    expect(said[1]).toContain(`Content-Range: bytes 19-${LENGTH - 1}/${LENGTH}`);
  });

  it('speaks the dialect of the proof of concept, and reads its response from the document', async () => {
    const { result, said } = await run('resumable-request', [
      [{ send: CONTINUE }, { on: /The quick/, close: 'rst' }],
      [
        { send: incomplete(10, 'Incomplete Resource') },
        { on: WHOLE, send: response('200 OK', ['Content-Length: 0']) },
        { send: document('HTTP/1.1 200 undefined\r\nMIME-Version: 1.0\r\n\r\nFinished!') },
      ],
    ]);
    expect(said[1]).toContain(`Content-Range: 10-${LENGTH - 1}/${LENGTH}\r\n`);
    expect(result).toMatchObject({ outcome: 'completed', final: { status: 200, reason: 'undefined' } });
    expect(contentOf(result)).toBe('Finished!');
  });

  it('writes ranges without unit when told to', async () => {
    const { said } = await run(
      'resumable-request',
      [
        [{ send: CONTINUE }, { on: /The quick/, close: 'rst' }],
        [{ send: incomplete(10) }, { on: WHOLE, send: DONE }],
      ],
      { options: { legacyRange: true } },
    );
    expect(said[1]).toContain(`Content-Range: 10-${LENGTH - 1}/${LENGTH}\r\n`);
  });

  it('fetches a lost response: waits for it, and asks for the rest of it when that breaks, too', async () => {
    const { result, said } = await run('resumable-request', [
      [{ send: CONTINUE }, { on: WHOLE, close: 'rst' }],
      [
        { send: response('200 OK', [`Content-Length: ${LENGTH}`]) },
        { send: response('404 Not Found', ['Retry-After: 1', 'Content-Length: 0']) },
        { send: document(KEPT.slice(0, 30), KEPT.length), close: 'fin' },
      ],
      [
        {
          send: response(
            '206 Partial Content',
            [
              `Content-Range: bytes 30-${KEPT.length - 1}/${KEPT.length}`,
              `Content-Length: ${KEPT.length - 30}`,
            ],
            KEPT.slice(30),
          ),
        },
      ],
    ]);
    expect(result).toMatchObject({ outcome: 'completed', final: { status: 201 } });
    expect(contentOf(result)).toBe('Done.');
    expect(heads(said[1]!)).toEqual(['HEAD /job/1.req', 'GET /job/1.res', 'GET /job/1.res']);
    expect(said[1]).toContain('Prefer: processing');
    expect(said[2]).toContain('Range: bytes=30-\r\nIf-Range: "1"\r\n');
  });

  it.each([{ segmentSize: 0 }, { segmentSize: NaN }, { parallel: -1 }, { patience: 0.5 }])(
    'does not begin with %j',
    async (options) => {
      const { result, said } = await run('segmented-upload', [], { request: { method: 'PATCH' }, options });
      expect(result).toMatchObject({
        outcome: 'failed',
        reason: expect.stringMatching(/is a whole number from 1 to/),
      });
      expect(said).toEqual([]);
    },
  );

  it('reads the document from its start when the range is ignored', async () => {
    const { result } = await run('resumable-request', [
      [{ send: CONTINUE }, { on: WHOLE, close: 'rst' }],
      [
        { send: response('200 OK', [`Content-Length: ${LENGTH}`]) },
        { send: document(KEPT.slice(0, 30), KEPT.length), close: 'fin' },
      ],
      [{ send: document(KEPT) }],
    ]);
    expect(result).toMatchObject({ outcome: 'completed', final: { status: 201 } });
    expect(contentOf(result)).toBe('Done.');
  });

  const part = (from: number, to: number, fields: readonly string[], text = KEPT.slice(from, to)): string =>
    response(
      '206 Partial Content',
      ['Content-Type: message/http', `Content-Length: ${text.length}`, ...fields],
      text,
    );
  it.each([
    ['of another tag', [`Content-Range: bytes 30-${KEPT.length - 1}/${KEPT.length}`, 'ETag: "2"']],
    ['at another byte', [`Content-Range: bytes 29-${KEPT.length - 1}/${KEPT.length}`]],
    ['of another length', [`Content-Range: bytes 30-${KEPT.length - 1}/900`]],
    ['that is longer than its range', [`Content-Range: bytes 30-31/${KEPT.length}`]],
  ])('reads the document from its start after a part %s', async (_name, fields) => {
    const { result, said, why } = await run('resumable-request', [
      [{ send: CONTINUE }, { on: WHOLE, close: 'rst' }],
      [
        { send: response('200 OK', [`Content-Length: ${LENGTH}`]) },
        { send: document(KEPT.slice(0, 30), KEPT.length), close: 'fin' },
      ],
      [{ send: part(30, KEPT.length, fields, 'x'.repeat(KEPT.length - 30)) }],
      [{ send: document(KEPT) }],
    ]);
    expect(result).toMatchObject({ outcome: 'completed', final: { status: 201 } });
    expect(contentOf(result)).toBe('Done.');
    expect(said[3]).not.toContain('Range:');
    expect(why.join(' ')).toMatch(/not the rest of the document that is here/);
  });

  it('reads a document in parts, of any length that is not told', async () => {
    const { result, said } = await run('resumable-request', [
      [{ send: CONTINUE }, { on: WHOLE, close: 'rst' }],
      [
        { send: response('200 OK', [`Content-Length: ${LENGTH}`]) },
        { send: part(0, 30, ['Content-Range: bytes 0-29/*', 'ETag: "1"']) },
        { send: part(30, 40, ['Content-Range: bytes 30-39/*', 'ETag: "1"']) },
        { send: part(40, KEPT.length, [`Content-Range: bytes 40-${KEPT.length - 1}/*`, 'ETag: "1"']) },
      ],
    ]);
    expect(result).toMatchObject({ outcome: 'completed', final: { status: 201 } });
    expect(contentOf(result)).toBe('Done.');
    expect(said[1]).toContain('Range: bytes=40-\r\nIf-Range: "1"\r\n');
  });

  it('learns by a 416 that a document is over whose response does not tell its end', async () => {
    const open = 'HTTP/1.1 201 Created\r\n\r\nDone.';
    const { result } = await run('resumable-request', [
      [{ send: CONTINUE }, { on: WHOLE, close: 'rst' }],
      [
        { send: response('200 OK', [`Content-Length: ${LENGTH}`]) },
        { send: part(0, 0, [`Content-Range: bytes 0-${open.length - 1}/*`, 'ETag: "1"'], open) },
        {
          send: response(
            '416 Range Not Satisfiable',
            [`Content-Range: bytes */${open.length}`, 'Content-Length: 4'],
            'Oops',
          ),
        },
      ],
    ]);
    expect(result).toMatchObject({ outcome: 'completed', final: { status: 201 } });
    expect(contentOf(result)).toBe('Done.');
  });

  it('fetches the response when its content broke off', async () => {
    const { result, said } = await run('resumable-request', [
      [{ send: CONTINUE }, { on: WHOLE, send: DONE.slice(0, -2), close: 'fin' }],
      [{ send: document(KEPT) }],
    ]);
    expect(result).toMatchObject({ outcome: 'completed', final: { status: 201 } });
    expect(heads(said[1]!)).toEqual(['GET /job/1.res']);
  });

  it('follows a 202 over a break, reads the response, and says that it is done', async () => {
    const { result, said } = await run(
      'resumable-request',
      [
        [
          { send: CONTINUE },
          {
            on: WHOLE,
            send:
              response('102 Processing', ['Location: /job/1.job', 'Progress: 0/3']) +
              response('202 Accepted', ['Location: /job/1.job', 'Content-Length: 0']),
          },
          { send: response('102 Processing', ['Progress: 1/3']), close: 'fin' },
        ],
        [
          {
            send:
              response('102 Processing', ['Progress: 2/3']) +
              response('200 OK', ['Progress: 3/3', 'Content-Length: 0']),
          },
          { send: document(KEPT) },
          { send: response('204 No Content') },
          { send: response('404 Not Found', ['Content-Length: 0']) },
        ],
      ],
      { options: { preferences: ['processing', 'respond-async', 'wait=1'], deleteWhenDone: true } },
    );
    expect(result).toMatchObject({ outcome: 'completed', final: { status: 201 } });
    expect(said[0]).toContain('Prefer: resume, processing, respond-async, wait=1\r\n');
    expect(said[0]).toContain('Prefer: processing, respond-async\r\n');
    expect(heads(said[1]!)).toEqual([
      'GET /job/1.job',
      'GET /job/1.res',
      'DELETE /job/1.res',
      'DELETE /job/1.job',
    ]);
  });

  it('asks the status document again while it says that the job runs', async () => {
    const { result, said } = await run('resumable-request', [
      [
        { send: CONTINUE },
        { on: WHOLE, send: response('202 Accepted', ['Location: /job/1.job', 'Content-Length: 0']) },
        { send: response('200 OK', ['Progress: 1/3', 'Retry-After: 1', 'Content-Length: 0']) },
        { send: response('200 OK', ['Progress: 2/3', 'Status-URI: 201 </items/1>', 'Content-Length: 0']) },
        { send: document(KEPT) },
      ],
    ]);
    expect(result.outcome).toBe('completed');
    expect(heads(said[0]!)).toEqual(['POST /print', 'GET /job/1.job', 'GET /job/1.job', 'GET /job/1.res']);
  });

  it.each([
    ['the draft’s field', response('100 Continue', ['Acknowledge: 65'])],
    ['the proof of concept’s 199', response('199 Acknowledge 65B')],
  ])('hears acknowledgements in %s', async (_name, acknowledgement) => {
    const { result } = await run('resumable-request', [
      [{ send: CONTINUE }, { on: WHOLE, send: acknowledgement + DONE }],
    ]);
    expect(result).toMatchObject({ outcome: 'completed', acknowledged: 65 });
  });

  it('sends the userinfo of a location as Authorization and shows it nowhere', async () => {
    const { result, said, steps } = await run('resumable-request', [
      [
        {
          send: response('100 Continue', ['Request-Content-Location: //u:secret@HOST/1.req']).replace(
            'HOST',
            'localhost:1',
          ),
        },
        { on: /The quick/, close: 'rst' },
      ],
    ]);
    expect(said).toHaveLength(1);
    // Nothing listens on port 1 of localhost: it was there that the client went.
    expect(result).toMatchObject({ outcome: 'failed' });
    expect(result.reason + steps.join()).not.toContain('secret');
  });

  it('gives up after ten tries without progress', async () => {
    const silent = Array.from({ length: 12 }, () => [{ close: 'rst' as const }]);
    const { result, said } = await run('resumable-request', silent);
    expect(result).toMatchObject({ outcome: 'failed', reason: expect.stringMatching(/10 tries/) });
    expect(said).toHaveLength(11);
  });

  it('gives up when the upload is gone', async () => {
    const { result } = await run('resumable-request', [
      [{ send: CONTINUE }, { on: /The quick/, close: 'rst' }],
      [{ send: response('410 Gone', ['Content-Length: 0']) }],
    ]);
    expect(result).toMatchObject({ outcome: 'failed', reason: expect.stringMatching(/no longer keeps/) });
  });

  it('notices a silent server by its patience', async () => {
    const { result, steps } = await run('resumable-request', [
      [{ send: CONTINUE }],
      [{ send: incomplete(10) }, { on: WHOLE, send: DONE }],
    ]);
    expect(result).toMatchObject({ outcome: 'completed', resumes: 1 });
    expect(steps).toContain('silence-noticed');
  });

  it('sends no Expect without content', async () => {
    const { result, said } = await run('resumable-request', [[{ send: DONE }]], {
      request: { content: bytesContent(new Uint8Array(0)) },
    });
    expect(result.outcome).toBe('completed');
    expect(said[0]).toContain('Content-Length: 0\r\n');
    expect(said[0]).not.toContain('Expect');
  });

  it('ends with a sentence when the content cannot be read any more', async () => {
    const broken: ContentSource = {
      length: 100,
      read: () => Promise.reject(new ClientError('content', 'The file became shorter.')),
      close: () => Promise.resolve(),
    };
    const { result } = await run('resumable-request', [[{ send: CONTINUE }]], {
      request: { content: broken },
    });
    expect(result).toMatchObject({
      outcome: 'failed',
      reason: 'The file became shorter.',
      payloadDigest: null,
    });
  });

  it('reads nothing more of a long content that was refused before it was sent', async () => {
    let furthest = 0;
    const long: ContentSource = {
      length: 10_000_000_000,
      read: (from, to) => {
        furthest = Math.max(furthest, to);
        return Promise.resolve(new Uint8Array(to - from));
      },
      close: () => Promise.resolve(),
    };
    const refusal = 'HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';
    const { result } = await run('resumable-request', [[{ send: refusal }]], { request: { content: long } });
    expect(result).toMatchObject({ outcome: 'refused', final: { status: 413 }, payloadDigest: null });
    expect(furthest).toBeLessThan(10_000_000);
  });

  it('ends with a sentence when a field of the user is no HTTP', async () => {
    const { result } = await run('resumable-request', [[]], { request: { fields: [['a b', 'c']] } });
    expect(result).toMatchObject({ outcome: 'failed', reason: expect.stringMatching(/field name/) });
  });
});

describe('follow-progress', () => {
  it('goes on at the status document when the connection breaks', async () => {
    const { result, said } = await run(
      'follow-progress',
      [
        [
          {
            on: WHOLE,
            send: response('102 Processing', ['Location: </job/1>', 'Progress: 0/2']),
            close: 'fin',
          },
        ],
        [
          {
            send:
              response('102 Processing', ['Progress: 1/2']) +
              response('200 OK', ['Progress: 2/2', 'Content-Length: 4'], 'Done'),
          },
        ],
      ],
      { options: { preferences: ['processing'] } },
    );
    expect(result).toMatchObject({ outcome: 'completed', final: { status: 200 } });
    expect(said[0]).toContain('Prefer: processing\r\n');
    expect(said[0]).not.toContain('resume');
    expect(heads(said[1]!)).toEqual(['GET /job/1']);
  });
});

/** A request that the strategy is for. */
const METHODS: Readonly<Record<StrategyName, string>> = {
  plain: 'POST',
  repeat: 'PUT',
  'idempotency-key': 'POST',
  'resumable-request': 'POST',
  'follow-progress': 'POST',
  'follow-operation': 'POST',
  poll: 'GET',
  'server-sent-events': 'GET',
  'segmented-upload': 'PATCH',
  'sparse-upload': 'PATCH',
  'put-then-patch': 'PUT',
  'ietf-upload': 'POST',
  'tus-upload': 'POST',
  'resume-download': 'GET',
};

describe('every strategy', () => {
  it.each(
    STRATEGY_NAMES.filter(
      (name) => !['plain', 'resumable-request', 'follow-progress', 'follow-operation'].includes(name),
    ),
  )('%s says for which methods it is', async (name) => {
    const method = METHODS[name] === 'POST' ? 'GET' : 'POST';
    const { result, said } = await run(name, [[]], { request: { method } });
    expect(result).toMatchObject({
      outcome: 'failed',
      reason: expect.stringMatching(new RegExp(`not for ${method}: .+\\.$`)),
    });
    expect(said).toEqual([]);
  });

  it.each(STRATEGY_NAMES)('%s is refused with a sentence where nobody listens', async (name) => {
    const probe = createServer();
    await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
    const { port } = probe.address() as { port: number };
    await new Promise((resolve) => probe.close(resolve));
    const { result } = await run(name, [], {
      url: () => `http://127.0.0.1:${port}/`,
      request: { method: METHODS[name] },
    });
    expect(result).toMatchObject({ outcome: 'refused', reason: expect.stringMatching(/Nothing listens on/) });
  });

  it.each(STRATEGY_NAMES)('%s says what is wrong with a certificate', async (name) => {
    const secured = await tlsServer('self-signed');
    const { result } = await run(name, [], {
      url: () => `https://127.0.0.1:${secured.port}/`,
      request: { method: METHODS[name] },
    });
    expect(result).toMatchObject({ outcome: 'refused', reason: expect.stringMatching(/signed by itself/) });
    await secured.close();
  });

  it.each(STRATEGY_NAMES)(
    '%s stops at once when it is told to, in the middle of an exchange',
    async (name) => {
      const stop = new AbortController();
      const { result } = await run(name, [[{}]], {
        request: { method: METHODS[name] },
        clock: createManualClock(),
        signal: stop.signal,
        during: (server) => void server.turned(0, 1).then(() => stop.abort()),
      });
      expect(result).toMatchObject({ outcome: 'failed', reason: 'It was stopped.' });
    },
  );

  it('stops at once between two tries', async () => {
    const stop = new AbortController();
    const clock = createManualClock();
    const { result } = await run('resumable-request', [[{ close: 'rst' }]], {
      clock,
      signal: stop.signal,
      // By the next turn of the loop the wait has begun.
      onStep: (step) => {
        if (step === 'cut-noticed') setImmediate(() => stop.abort());
      },
    });
    expect(result.reason).toBe('It was stopped.');
    expect(clock.pending).toBe(0);
  });
});
