import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../electron/cli.ts';
import { forTerminal } from '../../electron/cli/text.ts';
import { type Io, USAGE } from '../../electron/cli/usage.ts';
import type { Report } from '../../shared/model/report.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'interim-cli-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly talk: string;
}

/** Runs a command as the shell would, but in this process. `line` is told each piece of output. */
async function interim(
  args: readonly string[],
  more: { input?: string; signal?: AbortSignal; line?: (text: string) => void } = {},
): Promise<Ran> {
  let out = '';
  let talk = '';
  const io: Io = {
    out: (text) => {
      const said = typeof text === 'string' ? text : new TextDecoder().decode(text);
      out += said;
      more.line?.(said);
    },
    talk: (text) => {
      talk += text;
    },
    input: async () => new TextEncoder().encode(more.input ?? ''),
    async *pieces() {
      yield new TextEncoder().encode(more.input ?? '');
    },
    signal: more.signal ?? new AbortController().signal,
  };
  const code = await main(args, io);
  return { code, out, talk };
}

async function json(args: readonly string[]): Promise<Report & { code: number }> {
  const { code, out, talk } = await interim([...args, '--json']);
  expect(out, talk).not.toBe('');
  return { ...(JSON.parse(out) as Report), code };
}

const errors = (document: Report): string[] =>
  document.checks.filter((check) => check.level === 'error').map((check) => `${check.id}: ${check.message}`);

describe('interim run', () => {
  it('disturbs every connection as --fault says, and tells of it', async () => {
    const { code, out } = await interim([
      'run',
      'five-steps',
      '--fault',
      'server:out:fragment:7',
      '--fault',
      'client:out:delay:1',
    ]);
    expect(out).toMatch(/✂ fragment at the server, out, byte 0/);
    expect(out).toMatch(/✂ delay at the client, out, byte 0/);
    expect(code, out).toBe(0);
  });

  it('says last what the run came to', async () => {
    const { out } = await interim(['run', 'idempotency-key']);
    expect(out.trimEnd().split('\n').at(-1)).toMatch(/^completed: /);
  });

  it('completes the five steps with exactly the sequence of the drafts', async () => {
    const document = await json(['run', 'five-steps']);
    expect(errors(document)).toEqual([]);
    expect(document).toMatchObject({ code: 0, experiment: 'five-steps', outcome: 'completed', resumes: 1 });
    expect(document.exchanges.map(({ method, status }) => [method, status])).toEqual([
      ['POST', null],
      ['HEAD', 299],
      ['PATCH', 299],
      ['PATCH', 202],
      ['GET', 200],
      ['GET', 200],
    ]);
    expect(document.exchanges.map(({ interim: statuses }) => statuses)).toEqual([
      [100],
      [],
      [],
      [102, 102],
      [102, 102],
      [],
    ]);
    expect(document.exchanges.map((exchange) => exchange.document?.status)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      201,
    ]);
    expect(
      document.interim
        .filter(({ status }) => status === 102)
        .map(({ fields }) => fields.find(([name]) => name === 'Progress')?.[1]),
    ).toEqual([
      '0/3 "Herding cats"',
      '1/3 "Knitting sweaters"',
      '1/3 "Knitting sweaters"',
      '2/3 "Slaying dragons"',
    ]);
    expect(document.bytes).toMatchObject({ payload: 100, received: 100, acknowledged: 100, overwritten: 0 });
    expect(document.digest.sent).toMatch(/^[0-9a-f]{64}$/);
    expect(document.digest.stored).toBe(document.digest.sent);
  });

  it.each(['rst', 'fin', 'stall'])(
    'resumes twice, without storing a byte twice, when the server end is cut by %s',
    async (kind) => {
      const cut = ['--cut', `server:in:100000:${kind}`];
      const document = await json(['run', 'resumable-request', ...cut, ...cut, '--set', 'patience=3000']);
      expect(errors(document)).toEqual([]);
      expect(document).toMatchObject({ code: 0, outcome: 'completed', resumes: 2 });
      expect(document.bytes).toMatchObject({
        payload: 1_000_000,
        received: 1_000_000,
        acknowledged: 1_000_000,
        overwritten: 0,
      });
      expect(document.digest.sent).toMatch(/^[0-9a-f]{64}$/);
      expect(document.digest.stored).toBe(document.digest.sent);
      const faulted = document.connections.filter(({ by }) => by === 'fault');
      if (kind !== 'stall') expect(faulted).toHaveLength(2);
      else expect(document.connections.filter(({ closed }) => closed === 'silence')).toHaveLength(2);
    },
  );

  it('shows progress as it is told', async () => {
    const document = await json(['run', 'progress-102']);
    expect(errors(document)).toEqual([]);
    expect(document).toMatchObject({ code: 0, outcome: 'completed' });
    expect(document.interim.length).toBeGreaterThan(1);
  });

  it('warns of a cut that was never reached', async () => {
    const document = await json(['run', 'progress-102', '--cut', 'server:in:99999999']);
    expect(document.checks.map(({ level }) => level)).toContain('warning');
    expect(document.code).toBe(0);
  });

  it('writes a session that opens again, with the same story, and exports it', async () => {
    const file = join(folder, 'five.pcapng');
    const har = join(folder, 'five.har');
    const { code } = await interim(['run', 'five-steps', '--out', file, '--har', har]);
    expect(code).toBe(0);
    const exported = await interim(['export', file, '--as', 'har']);
    expect(exported.code).toBe(0);
    const opened = JSON.parse(exported.out) as { log: { entries: { response: { status: number } }[] } };
    expect(opened.log.entries.map((entry) => entry.response.status)).toEqual([0, 299, 299, 202, 200, 200]);
    const live = JSON.parse(await readFile(har, 'utf8')) as typeof opened;
    expect(opened.log.entries).toEqual(live.log.entries);
    const text = await interim(['export', file, '--as', 'http']);
    expect(text.out).toContain('HTTP/1.1 299 Incomplete Content');
    const lines = await interim(['export', file, '--as', 'ndjson']);
    const events = lines.out.trimEnd().split('\n');
    expect(JSON.parse(events[0]!)).toMatchObject({ format: 'interim-events', events: events.length - 1 });
    const script = await interim(['export', file, '--as', 'curl']);
    expect(script.out.match(/^curl --include/gm)).toHaveLength(6);
    const trace = await interim(['export', file, '--as', 'trace-event']);
    const { traceEvents } = JSON.parse(trace.out) as { traceEvents: { cat?: string; args?: object }[] };
    expect(traceEvents.filter(({ cat, args }) => cat === 'http' && args !== undefined)).toHaveLength(6);
  });

  it('refuses what it does not know, in one sentence and with exit code 2', async () => {
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [['run'], /^Expected the id of one experiment/],
      [['run', 'nothing'], /^There is no experiment “nothing”; there are five-steps/],
      [['run', 'five-steps', '--sett', 'a=b'], /--sett/],
      [['run', 'five-steps', '--set', 'color=red'], /--set takes NAME=VALUE; five-steps knows/],
      [['run', 'resumable-request', '--set', 'size=-1'], /--set size takes a whole number from/],
      [['run', 'resumable-request', '--set', 'size=1.5'], /--set size takes a whole number from/],
      [['run', 'resumable-request', '--set', 'size=0x10'], /--set size takes a whole number from/],
      [['run', 'five-steps', '--out', 'a', '--out', 'b'], /^--out is given twice/],
      [['run', 'five-steps', '--har', ''], /^--har is given nothing: give it a value/],
      [['run', 'five-steps', '--out', 'a', '--har', './a'], /^--out and --har name the same file/],
      [['run', 'five-steps', '--seed'], /missing\. Options here/],
      [
        ['run', 'five-steps', ...Array.from({ length: 1001 }, () => ['--cut', 'server:in:5']).flat()],
        /^--cut can be given 1000 times at most/,
      ],
      [['send', 'GET', 'not a URL'], /is not an absolute URL/],
      [['send', 'G\r\nX', 'http://127.0.0.1:9/'], /^"G\\r\\nX" is no method/],
      [['send', 'GET', 'http://127.0.0.1:9/', '--field', 'A: b\r\nC: d'], /A/],
      [['send', 'GET', 'http://127.0.0.1:9/', '--field', 'A: b\nC: d'], /A/],
      // U+010A would become a line feed if it were cut down to a byte.
      [['send', 'GET', 'http://127.0.0.1:9/', '--field', 'A: \u010a'], /A/],
      [
        ['send', 'POST', 'http://127.0.0.1:9/', '--field', 'Content-Length: 5', '--body', '@10'],
        /^--field says Content-Length: 5, and the content has 10 bytes/,
      ],
      [['send', 'GET', 'http://127.0.0.1:9/', '--field', 'content-length: 5'], /has 0 bytes/],
      [['send', 'POST', 'http://127.0.0.1:9/', '--strategy', 'repeat'], /^This strategy is not for POST/],
      [
        ['send', 'GET', 'http://127.0.0.1:9/', '--strategy', 'sparse-upload'],
        /^This strategy is not for GET/,
      ],
      [
        [
          'send',
          'GET',
          'http://127.0.0.1:9/',
          '--strategy',
          'resume-download',
          '--field',
          'Range: bytes=0-1',
        ],
        /makes its own Range/,
      ],
      ...['@', '@1e3', '@0x10', '@ 5', '@-1', '@99999999999999999999'].map(
        (body) => [['send', 'POST', 'http://127.0.0.1:9/', '--body', body], /^--body takes a file/] as const,
      ),
      [['run', 'resumable-request', '--cut', 'server:in:'], /server:in:/],
      [['run', 'resumable-request', '--target', 'ftp://x'], /--target takes an http or https URL/],
      [
        ['run', 'resumable-request', '--target', 'http://127.0.0.1:9/x', '--cut', 'server:in:5'],
        /server: cut/,
      ],
      [
        ['run', 'resumable-request', '--fault', 'server:out:jitter:5'],
        /^"server:out:jitter:5" is not a fault/,
      ],
      [
        ['run', 'resumable-request', '--target', 'http://127.0.0.1:9/x', '--fault', 'server:out:delay:5'],
        /server: fault/,
      ],
      [['send', 'GET', 'http://127.0.0.1:9/', '--fault', 'server:out:delay:5'], /server: fault/],
      [['server', '--fault', 'client:out'], /is not a fault/],
      [['fly'], /^There is no command “fly”/],
      [['export', 'x', '--as', 'gif'], /--as takes har, ndjson, curl, http or trace-event/],
      [['server', '--port', '70000'], /--port takes a whole number/],
      ...['30', '0:5', '5:0', 'a:b', '1:2:all', '1:2:'].map(
        (idle) => [['server', '--idle', idle], /^--idle takes two numbers of milliseconds/] as const,
      ),
    ];
    for (const [args, sentence] of cases) {
      const { code, out, talk } = await interim(args);
      expect({ args, code, out }).toEqual({ args, code: 2, out: '' });
      expect(talk).toMatch(sentence);
      expect(talk.trimEnd().split('\n')).toHaveLength(1);
    }
  });

  it('says what to do when the target refuses, and fails', async () => {
    // A port that was free a moment ago, and is closed now.
    const probe = createServer();
    const port = await new Promise<number>((resolve) => {
      probe.listen(0, '127.0.0.1', () => resolve((probe.address() as { port: number }).port));
    });
    await new Promise((resolve) => probe.close(resolve));
    const { code, out } = await interim(['send', 'GET', `http://127.0.0.1:${port}/`, '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(out) as Report).toMatchObject({ exchanges: [] });
    expect((JSON.parse(out) as Report).reason).toMatch(new RegExp(`127\\.0\\.0\\.1:${port}`));
  });

  it('keeps what a server said that answers nonsense', async () => {
    const nonsense = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end('NONSENSE 42\r\n\r\n'));
    });
    const port = await new Promise<number>((resolve) => {
      nonsense.listen(0, '127.0.0.1', () => resolve((nonsense.address() as { port: number }).port));
    });
    try {
      const file = join(folder, 'nonsense.pcapng');
      const { code, out } = await interim([
        'send',
        'GET',
        `http://127.0.0.1:${port}/`,
        '--json',
        '--out',
        file,
      ]);
      expect(code).toBe(1);
      expect((JSON.parse(out) as Report).exchanges).toMatchObject([
        { method: 'GET', status: null, complete: false },
      ]);
      expect((await readFile(file)).includes('NONSENSE 42')).toBe(true);
    } finally {
      await new Promise((resolve) => nonsense.close(resolve));
    }
  });
});

describe('interim server', () => {
  it('prints its URL, then each exchange, and ends when told', async () => {
    const ending = new AbortController();
    const lines: string[] = [];
    let told = (): void => undefined;
    const next = (): Promise<void> => new Promise((resolve) => (told = resolve));
    let arrived = next();
    const ran = interim(['server', '--port', '0', '--json'], {
      signal: ending.signal,
      line: (text) => {
        lines.push(...text.trimEnd().split('\n'));
        told();
      },
    });
    await arrived;
    const { url } = JSON.parse(lines[0]!) as { url: string };
    arrived = next();
    const answer = await interim(['send', 'GET', `${url}/test/data`]);
    expect(answer).toMatchObject({ code: 0 });
    expect(answer.out).toHaveLength(1_000_000);
    await arrived;
    ending.abort();
    expect(await ran).toMatchObject({ code: 0 });
    expect(JSON.parse(lines[1]!)).toMatchObject({
      method: 'GET',
      target: '/test/data',
      status: 200,
      complete: true,
    });
  });

  it('cuts who is kept waiting, as a platform does, where it is told to', async () => {
    const ending = new AbortController();
    let tell = (_line: string): void => undefined;
    const first = new Promise<string>((resolve) => (tell = resolve));
    const ran = interim(['server', '--port', '0', '--idle', '2000:60000:final'], {
      signal: ending.signal,
      line: (text) => tell(text.split('\n')[0]!),
    });
    const url = await first;
    const cut = await interim([
      'send',
      'GET',
      `${url}/working?way=interim&for=60000&every=5`,
      '--strategy',
      'plain',
    ]);
    expect(cut).toMatchObject({
      code: 1,
      talk: expect.stringContaining('broke before there was a final response'),
    });
    expect(await interim(['send', 'GET', `${url}/working?for=0`])).toMatchObject({ code: 0 });
    ending.abort();
    expect(await ran).toMatchObject({ code: 0 });
  });

  it('refuses to record into a file that another run records into, and leaves that whole', async () => {
    const ending = new AbortController();
    const out = join(folder, 'held.pcapng');
    let tell = (_line: string): void => undefined;
    const first = new Promise<string>((resolve) => (tell = resolve));
    const ran = interim(['server', '--port', '0', '--out', out], {
      signal: ending.signal,
      line: (text) => tell(text.trim()),
    });
    const url = await first;
    for (const args of [
      ['send', 'GET', `${url}/working?for=0`, '--out', out],
      ['run', 'five-steps', '--out', out],
      ['server', '--port', '0', '--out', out],
    ])
      expect(await interim(args)).toEqual({
        code: 1,
        out: '',
        talk: `${out} is being recorded into by another run: choose another name, or end that run first.\n`,
      });
    expect(await interim(['send', 'GET', `${url}/working?for=0`])).toMatchObject({ code: 0 });
    ending.abort();
    expect(await ran).toMatchObject({ code: 0 });
    const lines = (await interim(['export', out, '--as', 'ndjson'])).out;
    expect(lines.match(/GET \/working/g)).toHaveLength(1);
    expect(await interim(['run', 'five-steps', '--out', out])).toMatchObject({ code: 0 });
  });

  it.skipIf(process.platform !== 'linux')(
    'fails where the disk is full, though all else went well',
    async () => {
      const ran = await interim(['run', 'progress-102', '--out', '/dev/full']);
      expect(ran.talk).toMatch(/\/dev\/full could not be written further: the disk is full\./);
      expect(ran.code).toBe(1);
    },
  );

  it('says that it made its folder', async () => {
    const stop = new AbortController();
    const root = join(folder, 'not-there-yet');
    const args = ['server', '--port', '0', '--root', root];
    const more = { signal: stop.signal, line: () => stop.abort() };
    expect((await interim(args, more)).talk).toBe(
      `interim: The folder ${root} was not there: it was made.\n`,
    );
    const again = new AbortController();
    expect((await interim(args, { signal: again.signal, line: () => again.abort() })).talk).toBe('');
  });

  it('says that a port is in use, and fails', async () => {
    const busy = createServer();
    const port = await new Promise<number>((resolve) => {
      busy.listen(0, '127.0.0.1', () => resolve((busy.address() as { port: number }).port));
    });
    try {
      const { code, out, talk } = await interim(['server', '--port', String(port)]);
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(talk).toMatch(new RegExp(`${port}`));
      expect(talk.trimEnd().split('\n')).toHaveLength(1);
    } finally {
      await new Promise((resolve) => busy.close(resolve));
    }
  });
});

describe('a result file', () => {
  let session: string;
  beforeAll(async () => {
    session = join(folder, 'kept.pcapng');
    expect((await interim(['run', 'progress-102', '--json', '--out', session])).code).toBe(0);
  });

  it('never takes the place of the session that it is made from', async () => {
    const before = await readFile(session);
    const link = join(folder, 'link.pcapng');
    await symlink(session, link);
    for (const out of [session, join(folder, '.', 'kept.pcapng'), link]) {
      const { code, out: said, talk } = await interim(['export', session, '--as', 'har', '--out', out]);
      expect({ code, said }).toEqual({ code: 2, said: '' });
      expect(talk).toMatch(/^--out names the session itself/);
    }
    expect(await readFile(session)).toEqual(before);
  });

  it('is written whole or not at all, and says why not in one sentence', async () => {
    const place = join(folder, 'results');
    await mkdir(place);
    for (const [out, why] of [
      [folder, 'it is a folder'],
      [join(folder, 'nowhere', 'x.har'), 'its folder does not exist'],
    ] as const) {
      const exported = await interim(['export', session, '--as', 'har', '--out', out]);
      expect(exported).toEqual({
        code: 1,
        out: '',
        talk: `${out} cannot be written: ${why}. Choose another place.\n`,
      });
      const ran = await interim(['run', 'progress-102', '--json', '--har', out]);
      // Before anything is run whose result would be lost.
      expect(ran).toEqual(exported);
    }
    const file = join(place, 'x.har');
    await writeFile(file, 'what was there before');
    expect((await interim(['export', session, '--as', 'har', '--out', file])).code).toBe(0);
    expect(JSON.parse(await readFile(file, 'utf8'))).toHaveProperty('log');
    expect((await interim(['run', 'progress-102', '--json', '--har', file])).code).toBe(0);
    expect(JSON.parse(await readFile(file, 'utf8'))).toHaveProperty('log');
    expect(await readdir(place)).toEqual(['x.har']);
  });
});

describe('interim COMMAND --help', () => {
  it.each(['list', 'run', 'send', 'patch', 'append', 'follow', 'server', 'serve', 'explain', 'export'])(
    '%s',
    async (command) => {
      expect(await interim([command, '--help'])).toEqual({ code: 0, out: USAGE, talk: '' });
    },
  );
});

describe('interim send', () => {
  it.each([
    ['HTTP/1.0', 'HTTP/1.0 200 OK\r\n\r\nok', 'completed'],
    ['Connection: close', 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok', 'completed'],
    ['half a head', 'HTTP/1.1 200 O', 'failed'],
  ])('says how the connection ended: %s', async (_name, answer, outcome) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(answer));
    });
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
    });
    try {
      const { connections, outcome: came } = await json(['send', 'GET', `http://127.0.0.1:${port}/`]);
      expect(came).toBe(outcome);
      expect(connections).toMatchObject([{ closed: 'fin' }]);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });
});

describe('what a peer says', () => {
  it('is shown without credentials and without controls, and told as it is by --json', async () => {
    const said =
      'HTTP/1.1 100 Continue\r\nRequest-Content-Location: http://u:secret@127.0.0.1:9/1\r\n\r\n' +
      'HTTP/1.1 200 Fine\u0085\u009b2J\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(said, 'latin1'));
    });
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
    });
    try {
      const args = ['send', 'GET', `http://127.0.0.1:${port}/`];
      const { talk } = await interim(args);
      expect(talk).toContain('200 Fine\\x85\\x9b2J');
      expect(talk).not.toMatch(/secret|[\u0080-\u009f]/);
      const { out } = await interim([...args, '--json']);
      expect(JSON.parse(out)).toMatchObject({ exchanges: [{ reason: 'Fine\u0085\u009b2J' }] });
      expect(out).toContain('http://u:secret@127.0.0.1:9/1');
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it.each([
    ['see http://u:p@h/a, http://h/b and <//u@h>', 'see http://…@h/a, http://h/b and <//…@h>'],
    ['http://h/a?b=c@d stays', 'http://h/a?b=c@d stays'],
    ['a\u001b[2J\tb\u007f', 'a\\x1b[2J\\x09b\\x7f'],
    ['Größe – 5 µs …', 'Größe – 5 µs …'],
  ])('%j', (text, shown) => {
    expect(forTerminal(text)).toBe(shown);
  });
});

describe('interim patch', () => {
  let url: string;
  let root: string;
  let ran: Promise<Ran>;
  const ending = new AbortController();
  beforeAll(async () => {
    root = await mkdtemp(join(folder, 'root-'));
    url = await new Promise((resolve) => {
      ran = interim(['server', '--port', '0', '--root', root, '--incomplete-status', '288'], {
        signal: ending.signal,
        line: (text) => resolve(text.split('\n')[0]!),
      });
    });
  });
  afterAll(async () => {
    ending.abort();
    expect((await ran).code).toBe(0);
  });
  const stored = (): Promise<string> => readFile(join(root, 'by-hand.txt'), 'utf8');

  it('writes bytes at an offset, in each of the three forms, from the line, a file or standard input', async () => {
    const target = `${url}/uploads/by-hand.txt`;
    expect(await interim(['patch', target, '0', 'Hello, world'])).toMatchObject({ code: 0 });
    expect(await stored()).toBe('Hello, world');
    const file = join(folder, 'data');
    await writeFile(file, 'there');
    expect(await interim(['patch', target, '7', `@${file}`, '--form', 'multipart'])).toMatchObject({
      code: 0,
    });
    expect(
      await interim(['patch', target, '12', '-', '--form', 'application'], { input: '!' }),
    ).toMatchObject({
      code: 0,
    });
    expect(await stored()).toBe('Hello, there!');
  });

  it('takes an OFFSET for nothing where there is no data', async () => {
    expect(await json(['patch', `${url}/uploads/offset`, '0', 'abcdef'])).toMatchObject({ code: 0 });
    expect(await json(['patch', `${url}/uploads/offset`, '5', '', '--length', '4'])).toMatchObject({
      code: 0,
    });
    expect((await interim(['send', 'GET', `${url}/uploads/offset`])).out).toBe('abcd');
  });

  it('sets the length without data, and honours a condition', async () => {
    const target = `${url}/uploads/by-hand.txt`;
    expect(await interim(['patch', target, '0', '', '--length', '5'])).toMatchObject({ code: 0 });
    expect(await stored()).toBe('Hello');
    const refused = await json([
      'patch',
      target,
      '0',
      'J',
      '--if-match',
      '"other"',
      '--transaction',
      'atomic',
    ]);
    expect(refused).toMatchObject({ code: 1, outcome: 'refused', exchanges: [{ status: 412 }] });
    expect(await stored()).toBe('Hello');
  });

  it('says of a 412 after a cut that what is there may be its own', async () => {
    const target = `${url}/uploads/own.txt`;
    expect(await interim(['patch', target, '0', 'Hello', '--length', '5'])).toMatchObject({ code: 0 });
    const etag = (await fetch(target)).headers.get('etag') ?? '';
    const refused = await json(['patch', target, '0', 'J', '--if-match', etag, '--cut', 'client:in:9']);
    expect(refused).toMatchObject({
      code: 1,
      outcome: 'refused',
      reason: expect.stringMatching(/may be our own: an earlier try/),
      exchanges: [{ status: null }, { status: 412 }],
    });
    expect(await (await fetch(target)).text()).toBe('Jello');
  });

  it('is sent again after a cut, and creates what is incomplete by the status that was chosen', async () => {
    const target = `${url}/uploads/in-parts.txt`;
    const first = await json(['patch', target, '0', 'half', '--length', '8', '--cut', 'client:out:30']);
    expect(first).toMatchObject({
      code: 0,
      exchanges: [{ status: null }, { status: 288, reason: 'Incomplete Content' }],
    });
    expect(await json(['patch', target, '4', 'more', '--length', '8'])).toMatchObject({
      code: 0,
      exchanges: [{ status: 201 }],
    });
  });

  it.each([
    [['1.5', 'x'], /OFFSET is a byte position/],
    [['x', 'x'], /OFFSET is a byte position/],
    [['9007199254740990', 'abc'], /^OFFSET 9007199254740990 is too far: with 3 bytes/],
    [['0', ''], /DATA is empty/],
    [['5', 'abc', '--length', '7'], /--length 7 is less than the 8 bytes/],
    [['0', 'x', '--form', 'xml'], /--form takes/],
    [['0', 'x', '--transaction', 'maybe'], /--transaction takes/],
    [['0'], /Expected a URL, an offset and data/],
  ])('says of %j what is wrong with it', async (args, sentence) => {
    const { code, out, talk } = await interim(['patch', `${url}/uploads/x`, ...args]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(talk).toMatch(sentence);
    expect(talk.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('interim export and explain', () => {
  it('says of a file that is no session what it is', async () => {
    const file = join(folder, 'no.pcapng');
    await writeFile(file, 'this is not a capture');
    for (const path of [file, join(folder, 'missing.pcapng')]) {
      const { code, out, talk } = await interim(['export', path, '--as', 'har']);
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(talk.trimEnd().split('\n')).toHaveLength(1);
      expect(talk).toContain('pcapng');
    }
  });

  it('explains bytes from standard input', async () => {
    const input = 'HTTP/1.1 102 Processing\r\nProgress: 1/3\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n';
    const { code, out } = await interim(['explain', '--role', 'response', '--json'], { input });
    expect(code).toBe(0);
    const explained = JSON.parse(out) as {
      spans: { kind: string; start: number; end: number; text?: string }[];
      messages: unknown[];
    };
    expect(explained.messages).toHaveLength(2);
    expect(explained.spans).toContainEqual({ kind: 'field-value', start: 35, end: 38, text: '1/3' });
  });
});

describe('interim list', () => {
  it('lists every experiment with its parameters', async () => {
    const { out } = await interim(['list', '--json']);
    const { experiments } = JSON.parse(out) as {
      experiments: { id: string; title: string; group: string; parameters: unknown[] }[];
    };
    expect(experiments.map(({ id }) => id)).toEqual([
      'five-steps',
      'resumable-request',
      'acknowledged-upload',
      'lost-response',
      'lost-download',
      'progress-102',
      'respond-async',
      'status-document',
      'byte-range-patch',
      'segmented-upload',
      'sparse-upload',
      'put-then-patch',
      'atomic-or-persist',
      'truncate-and-append',
      'short-polling',
      'long-polling',
      'server-sent-events',
      'delayed-response',
      'append-and-follow',
      'failure-after-200',
      'early-refusal',
      'lost-response-tracking',
      'idempotency-key',
      'pipelining',
      'ietf-resumable-upload',
      'tus-upload',
      'long-running-presets',
      'interim-survival',
      'library-lenses',
      'early-success',
      'idle-timeout',
      'five-ways-to-wait',
    ]);
    for (const experiment of experiments)
      expect(Object.keys(experiment)).toEqual(['id', 'title', 'group', 'parameters']);
  });
});
