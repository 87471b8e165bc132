// What each library lets its user see of the same bytes. The tables hold on every Node that the project runs on: where
// versions differ, nothing is expected.

import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bytesContent } from '../../../../electron/client/content.ts';
import { availableLenses, lens } from '../../../../electron/client/lenses/index.ts';
import type { LensName, LensReport, LensRequest } from '../../../../electron/client/lenses/types.ts';
import { memorySink } from '../../../../electron/session/memory-sink.ts';
import { createRecorder } from '../../../../electron/session/recorder.ts';
import { systemClock } from '../../../../electron/wire/clock.ts';
import { createFaultBoard } from '../../../../electron/wire/faults.ts';
import type { CaptureRecord } from '../../../../shared/capture/records.ts';
import { type ScriptedServer, response, scriptedServer, type Turn } from '../scripted-server.ts';

const WIRED = ['raw', 'node:http', 'undici', 'fetch'] as const;
const ALL: readonly LensName[] = [...WIRED, 'curl'];
/** Fields as an object or as Headers: the case of names is lost. */
const LOWER: ReadonlySet<LensName> = new Set(['undici', 'fetch']);

let here: ReadonlySet<LensName> = new Set();
beforeAll(async () => {
  here = new Set((await availableLenses()).map(({ name }) => name));
});

let server: ScriptedServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

interface Seen {
  readonly report: LensReport;
  readonly records: readonly CaptureRecord[];
  readonly received: string;
}

async function look(name: LensName, turns: readonly Turn[], more: Partial<LensRequest> = {}): Promise<Seen> {
  server = await scriptedServer([turns]);
  const records: CaptureRecord[] = [];
  const recorder = createRecorder({ sink: memorySink(), onRecord: (record) => records.push(record) });
  const context = { recorder, board: createFaultBoard(), clock: systemClock, random: () => 0.5 };
  const report = await lens(
    name,
    { method: 'GET', url: `${server.url}/x?y=z`, fields: [], content: null, patience: 20_000, ...more },
    { ...context, signal: more.patience === -1 ? AbortSignal.abort() : new AbortController().signal },
  );
  await recorder.close();
  return { report, records, received: server.received[0] ?? '' };
}

/** `102 X-Step=1`, `200 OK Content-Length=2`, `2 bytes`, `trailers X-T=yes`, `end`, `error CODE`. */
function lines({ told }: LensReport): string[] {
  return told.map((each) => {
    switch (each.what) {
      case 'interim':
        return [each.status, ...each.fields.map((pair) => pair.join('='))].join(' ');
      case 'final':
        return [each.status, each.reason, ...each.fields.map((pair) => pair.join('='))].join(' ');
      case 'content':
        return `${each.bytes} bytes`;
      case 'trailers':
        return ['trailers', ...each.fields.map((pair) => pair.join('='))].join(' ');
      case 'end':
        return 'end';
      case 'error':
        return `error ${each.code}`;
    }
  });
}

const heads = (...each: readonly [status: string, ...fields: string[]][]): string =>
  each.map(([status, ...fields]) => response(status, fields)).join('');
const upToColon = (name: LensName, line: string): string =>
  LOWER.has(name) ? line.replace(/[\w-]+(?==)/g, (field) => field.toLowerCase()) : line;

describe.each(ALL)('the lens %s', (name) => {
  it('tells interim responses where its library has a place for them', async ({ skip }) => {
    if (!here.has(name)) skip();
    const interims = heads(
      ['102 Processing', 'X-Step: 1'],
      ['103 Early Hints', 'Link: </a>'],
      ['104 Upload Resumption Supported'],
      ['199 Made Up', 'x-MADE: up'],
    );
    const { report } = await look(name, [
      { send: interims + response('200 Fine', ['Content-Length: 2'], 'ok') },
    ]);
    const told = ['102 X-Step=1', '103 Link=</a>', '104', '199 x-MADE=up'];
    expect(lines(report)).toEqual([
      ...(name === 'fetch' ? [] : told.map((line) => upToColon(name, line))),
      upToColon(name, '200 Fine Content-Length=2'),
      '2 bytes',
      'end',
    ]);
    expect(report).toMatchObject({ lens: name, completed: true, error: null });
    expect(new TextDecoder().decode(report.content)).toBe('ok');
    if (name !== 'raw') expect(report.version).toMatch(/\d+\.\d+\.\d+/);
  });

  it('shows the case, the order and the duplicates of fields as its library does', async ({ skip }) => {
    if (!here.has(name)) skip();
    const fields = ['X-Odd-CASE: a', 'Content-Length: 0', 'x-odd-case: b'];
    const { report } = await look(name, [{ send: response('200 OK', fields) }]);
    const expected: Readonly<Record<LensName, string>> = {
      raw: 'X-Odd-CASE=a Content-Length=0 x-odd-case=b',
      'node:http': 'X-Odd-CASE=a Content-Length=0 x-odd-case=b',
      undici: 'x-odd-case=a x-odd-case=b content-length=0',
      // The standard sorts and joins.
      fetch: 'content-length=0 x-odd-case=a, b',
      curl: 'X-Odd-CASE=a Content-Length=0 x-odd-case=b',
    };
    expect(lines(report)[0]).toBe(`200 OK ${expected[name]}`);
  });

  it('tells trailers unless its library hides them', async ({ skip }) => {
    if (!here.has(name)) skip();
    const chunked = response('200 OK', ['Transfer-Encoding: chunked'], '2\r\nok\r\n0\r\nX-T: yes\r\n\r\n');
    const { report } = await look(name, [{ send: chunked }]);
    expect(lines(report).slice(1)).toEqual([
      '2 bytes',
      ...(name === 'fetch' ? [] : [upToColon(name, 'trailers X-T=yes')]),
      'end',
    ]);
  });

  it.for([
    ['a FIN', 'fin'],
    ['a reset', 'rst'],
  ] as const)('tells an error when %s cuts the content short', async ([_what, close], { skip }) => {
    if (!here.has(name)) skip();
    const { report } = await look(name, [{ send: response('200 OK', ['Content-Length: 10'], 'ok'), close }]);
    expect(report.completed).toBe(false);
    expect(report.error).not.toBeNull();
    expect(report.error!.message).not.toBe('');
    expect(lines(report).at(-1)).toMatch(/^error ./);
    if (name === 'raw') expect(report.error).toMatchObject({ name: 'Broken', code: close });
    if (name === 'curl') expect(report.error!.code).toMatch(/^(18|56)$/);
  });

  it('takes content that nothing delimits for whole at a FIN', async ({ skip }) => {
    if (!here.has(name)) skip();
    const { report } = await look(name, [{ send: response('200 OK', [], 'ok'), close: 'fin' }]);
    expect(lines(report)).toEqual(['200 OK', '2 bytes', 'end']);
  });

  it('tells an error of what is no HTTP', async ({ skip }) => {
    if (!here.has(name)) skip();
    const { report } = await look(name, [{ send: 'hello\r\n\r\n', close: 'fin' }]);
    expect(report).toMatchObject({ completed: false, told: [{ what: 'error' }] });
  });

  it('gives up when nothing comes for as long as its user has patience', async ({ skip }) => {
    if (!here.has(name)) skip();
    const { report, records } = await look(name, [{ send: heads(['102 Processing']) }], { patience: 200 });
    expect(report.completed).toBe(false);
    expect(report.error).toMatchObject({ name: 'GivenUp', code: 'patience' });
    const closed = records.filter(({ kind }) => kind === 'closed');
    if (name !== 'curl') expect(closed).toMatchObject([{ how: 'silence', by: 'client' }]);
  });

  it('sends content under its length', async ({ skip }) => {
    if (!here.has(name)) skip();
    const turn = { on: /hello$/, send: response('200 OK', ['Content-Length: 0']) };
    const content = bytesContent(new TextEncoder().encode('hello'));
    const { report, received } = await look(name, [turn], {
      method: 'POST',
      content,
      fields: [['X-Mine', 'a b']],
    });
    expect(report.completed).toBe(true);
    expect(received).toMatch(/^POST \/x\?y=z HTTP\/1\.1\r\n/);
    expect(received).toMatch(/^content-length: 5\r\n/im);
    expect(received).toMatch(/^X-Mine: a b\r\n/m);
    expect(received).not.toMatch(/^(expect|transfer-encoding):/im);
  });

  it('does with Expect what its library does', async ({ skip }) => {
    if (!here.has(name)) skip();
    const turns = [
      { send: heads(['100 Continue', 'X-Go: on']) },
      { on: /hello$/, send: response('200 OK', ['Content-Length: 0']) },
    ];
    const content = bytesContent(new TextEncoder().encode('hello'));
    const { report, received } = await look(name, turns, {
      method: 'PUT',
      content,
      fields: [['Expect', '100-continue']],
    });
    if (LOWER.has(name)) {
      expect(report.error).toMatchObject({ code: 'UND_ERR_NOT_SUPPORTED' });
      expect(received).toBe('');
    } else {
      expect(lines(report)).toEqual(['100 X-Go=on', '200 OK Content-Length=0', 'end']);
    }
  });

  it('does with a 100 that nobody asked for what its library does', async ({ skip }) => {
    if (!here.has(name)) skip();
    const { report } = await look(name, [
      { send: heads(['100 Continue']) + response('200 OK', ['Content-Length: 0']) },
    ]);
    if (LOWER.has(name)) expect(report.error).toMatchObject({ code: 'UND_ERR_SOCKET' });
    else expect(lines(report)[0]).toBe('100');
    expect(report.completed).toBe(!LOWER.has(name));
  });

  it('tells of a server that is not there', async ({ skip }) => {
    if (!here.has(name)) skip();
    const gone = await scriptedServer([]);
    await gone.close();
    const { report } = await look(name, [], { url: `${gone.url}/` });
    expect(report).toMatchObject({ completed: false, connection: null, told: [{ what: 'error' }] });
  });

  it('ends at once when the run was stopped', async ({ skip }) => {
    if (!here.has(name)) skip();
    const { report } = await look(name, [], { patience: -1 });
    expect(report.completed).toBe(false);
    expect(report.error).toMatchObject({ name: 'GivenUp', code: 'stopped' });
  });

  it('has no content of an answer to HEAD', async ({ skip }) => {
    if (!here.has(name)) skip();
    const { report } = await look(name, [{ send: response('200 OK', ['Content-Length: 5']) }], {
      method: 'HEAD',
    });
    expect(lines(report)).toEqual([upToColon(name, '200 OK Content-Length=5'), 'end']);
  });
});

it.each(WIRED)('%s goes over the captured wire, and its connection is ended on record', async (name) => {
  const { report, records } = await look(name, [{ send: response('200 OK', ['Content-Length: 0']) }]);
  const own = records.filter(({ connection }) => connection === report.connection);
  expect(own.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['opened', 'step', 'sent', 'received', 'ended', 'closed']),
  );
});

describe('a request that no library may get', () => {
  it.each([
    [{ fields: [['Content-Length', '5']] as const }, 'bad-option'],
    [{ fields: [['Transfer-Encoding', 'chunked']] as const }, 'bad-option'],
    [{ fields: [['@/etc/passwd', '']] as const }, 'bad-option'],
    [{ fields: [['X', 'a\r\nY: b']] as const }, 'bad-option'],
    [{ method: '-o x' }, 'bad-option'],
    [{ url: 'https://127.0.0.1/' }, 'scheme'],
  ])('is refused: %j', async (more, code) => {
    await expect(look('curl', [], more)).rejects.toMatchObject({ name: 'ClientError', code });
  });
});
