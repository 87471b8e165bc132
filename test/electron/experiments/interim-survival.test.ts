// What proxies of other people do with interim responses, as measured with the versions that Debian 12 has; and the ways
// in which the experiment has nothing to measure.

import { connect, createServer, type Server } from 'node:net';
import { delimiter } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { interimsOf, interimSurvival } from '../../../electron/experiments/interim-survival.ts';
import { findProgram, PROXY_NAMES, type ProxyName, titleOf } from '../../../electron/programs/find.ts';
import { systemClock } from '../../../electron/wire/clock.ts';
import { laboratory } from '../laboratory.ts';
import { type StandIns, standIns } from '../programs/stand-ins.ts';

/** Other people's programs live in real time. */
const lab = () => laboratory(systemClock);

const FIRST_IS_FINAL = 'all; the first is taken for the final response: the connection is of no use after it';
const TEN = 'all of 1 and 3; 10 of 11, then 502; 10 of 20, then 502';
const FIVE = 'all of 1 and 3; 5 of 11, then 502; 5 of 20, then 502';

/** By the version's beginning: columns of the three tables, in the order of their rows. */
const MEASURED: Readonly<
  Record<ProxyName, { version: string; arrive: string[]; changed: string[]; expect: string[] }>
> = {
  nginx: {
    version: '1.22.',
    arrive: Array(5).fill(FIRST_IS_FINAL),
    changed: Array(5).fill('adds Server, Date, Connection to the first'),
    expect: ['no', 'by the proxy, and by the server as well', '200'],
  },
  haproxy: {
    version: '2.6.',
    arrive: Array(5).fill('all'),
    changed: Array(5).fill('names in lower case'),
    expect: ['yes', 'by the server', '200'],
  },
  apache: {
    version: '2.4.',
    arrive: ['none of 1; none of 3; none of 11, then 502; none of 20, then 502', TEN, TEN, TEN, TEN],
    changed: ['–', 'nothing', 'nothing', 'nothing', 'nothing'],
    expect: ['yes', 'by the server', '200'],
  },
  caddy: {
    version: '2.6.',
    arrive: Array(5).fill(FIVE),
    changed: [
      'adds Server; writes Mixed-Case; another order',
      'adds Server; writes Mixed-Case; another order',
      'adds Server; writes Mixed-Case; another order',
      '“Upload Resumption Supported” becomes “status code 104”; adds Server; writes Mixed-Case; another order',
      '“Made Up” becomes “status code 199”; adds Server; writes Mixed-Case; another order',
    ],
    expect: ['yes', 'by the proxy, and by the server as well', '200'],
  },
};

const found = await Promise.all(PROXY_NAMES.map((name) => findProgram(name)));
const measurable = PROXY_NAMES.flatMap((name, index) => {
  const program = found[index] ?? null;
  const { version } = MEASURED[name];
  if (program?.version.startsWith(version) === true)
    return [{ name, label: `${program.title} ${program.version}` }];
  const has = program === null ? 'is not installed' : `is ${program.version} here, not ${version}x`;
  console.log(
    `Skipped: ${titleOf(name)} ${has}, so what it does to interim responses was not held against the table.`,
  );
  return [];
});

describe.skipIf(measurable.length === 0).each(measurable)('through $label', ({ name, label }) => {
  it('interim responses fare as they were measured to', async () => {
    const { run, close, model, context } = await lab();
    try {
      const { result, tables } = await run(interimSurvival, { parameters: { through: name } });
      expect(result.outcome).toBe('completed');
      const columns = tables.map(({ columns: names, rows }) => {
        expect(names.slice(1)).toEqual(['direct', label]);
        return rows.map((row) => row[2]);
      });
      const { arrive, changed, expect: expected } = MEASURED[name];
      expect(columns).toEqual([arrive, changed, expected]);
      // Both legs are on record: of some connections the client's end, of others the server's.
      const legs = new Set(model().connections.map(({ client, server }) => `${client} ${server}`));
      expect(legs).toEqual(new Set(['true true', 'true false', 'false true']));
      expect(context.board.wires()).toEqual([]);
    } finally {
      await close();
    }
  });
});

describe('interim-survival', () => {
  it('finds all of them as they were sent where nothing is in between', async () => {
    const { run, close } = await lab();
    try {
      const { result, checks, tables } = await run(interimSurvival, { parameters: { through: 'direct' } });
      expect(result.outcome).toBe('completed');
      expect(checks.map(({ id, level }) => `${id} ${level}`)).toEqual([
        'survival-direct pass',
        'exchanges pass',
      ]);
      expect(tables.map(({ rows }) => rows.map((row) => row.slice(1).join()))).toEqual([
        Array(5).fill('all'),
        Array(5).fill('nothing'),
        ['yes', 'by the server', '200'],
      ]);
    } finally {
      await close();
    }
  });

  it.each(['', '/', '/interims', '/interims?send=103'])(
    'takes a target of the user’s own: SERVER%s',
    async (path) => {
      const { run, close, server } = await lab();
      try {
        const { result, checks, tables } = await run(interimSurvival, { target: server.url + path });
        expect(result.outcome).toBe('completed');
        expect(checks.map(({ id, level }) => `${id} ${level}`)).toEqual([
          'survival-target pass',
          'exchanges pass',
        ]);
        expect(tables[0]?.columns).toEqual(['Status', 'the target']);
      } finally {
        await close();
      }
    },
  );

  it('is refused where the target does not lead to the test server', async () => {
    const { run, close, server } = await lab();
    try {
      const { result, tables } = await run(interimSurvival, { target: `${server.url}/elsewhere` });
      expect(result).toMatchObject({ outcome: 'refused' });
      expect(result.reason).toContain('(404) is not the test server’s /interims');
      expect(result.reason).toContain('interim server --port 18080');
      expect(tables).toEqual([]);
      const nobody = await run(interimSurvival, { target: 'http://127.0.0.1:9/' });
      expect(nobody.result).toMatchObject({ outcome: 'refused' });
      expect(nobody.result.reason).toContain(
        'There is nothing at http://127.0.0.1:9/interims that takes a connection.',
      );
    } finally {
      await close();
    }
  });

  describe('behind a relay of the user’s own', () => {
    let relay: Server;
    let target: string;
    /** The request as the relay writes it. */
    let onward: (text: string) => string;
    let behind: Awaited<ReturnType<typeof lab>>;
    beforeEach(async () => {
      behind = await lab();
      relay = createServer((client) => {
        const origin = new URL(behind.server.url);
        const server = connect(Number(origin.port), origin.hostname);
        client.on('data', (bytes: Buffer) => server.write(onward(bytes.toString('latin1')), 'latin1'));
        server.pipe(client);
        for (const socket of [client, server]) {
          socket.on('error', () => {});
          socket.on('close', () => {
            client.destroy();
            server.destroy();
          });
        }
      });
      await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
      const address = relay.address();
      target = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
    });
    afterEach(async () => {
      await behind.close();
      await new Promise((resolve) => relay.close(resolve));
    });

    it('says so where that asks in HTTP/1.0', async () => {
      onward = (text) => text.replace('HTTP/1.1', 'HTTP/1.0');
      const { result, checks, tables } = await behind.run(interimSurvival, { target });
      expect(result.outcome).toBe('completed');
      expect(checks).toContainEqual(expect.objectContaining({ id: 'http-1.0', level: 'info' }));
      expect(tables[0]?.rows.map((row) => row[1])).toEqual(Array(5).fill('none'));
    });

    it('finds the resource under the path that it has there', async () => {
      onward = (text) => text.replace(' /service/early', ' /interims');
      const { result } = await behind.run(interimSurvival, {
        target: `${target}/service`,
        parameters: { path: 'early' },
      });
      expect(result.outcome).toBe('completed');
    });
  });

  describe.skipIf(process.platform === 'win32')('with a program that does not start', () => {
    let there: StandIns;
    const before = process.env['PATH'];
    beforeEach(() => {
      there = standIns();
      there.program(
        'nginx',
        "if (process.argv.includes('-v')) console.error('nginx version: nginx/1.22.1'); else { console.error('nginx: [emerg] no more'); process.exit(1); }",
      );
      process.env['PATH'] = `${there.folder}${delimiter}${before}`;
    });
    afterEach(() => {
      process.env['PATH'] = before;
      there.remove();
    });

    it('is refused with its last words, and tells what was found without it', async () => {
      const { run, close } = await lab();
      try {
        const { result, tables } = await run(interimSurvival, { parameters: { through: 'nginx' } });
        expect(result).toMatchObject({
          outcome: 'refused',
          reason: 'nginx 1.22.1 would not start. Its last words: nginx: [emerg] no more',
        });
        expect(tables[0]?.columns).toEqual(['Status', 'direct']);
      } finally {
        await close();
      }
    });

    it('is left out of all that are there, with a warning', async () => {
      const { run, close } = await lab();
      try {
        const { result, checks } = await run(interimSurvival, { parameters: { through: 'all-found' } });
        expect(result.outcome).toBe('completed');
        expect(checks).toContainEqual({
          id: 'failed-nginx',
          level: 'warning',
          message: 'nginx 1.22.1 would not start. Its last words: nginx: [emerg] no more',
        });
      } finally {
        await close();
      }
    });
  });

  it('stops when it is told to', async () => {
    const { run, close } = await lab();
    try {
      const stop = new AbortController();
      stop.abort();
      const { result } = await run(interimSurvival, { signal: stop.signal });
      expect(result).toMatchObject({ outcome: 'failed', reason: 'It was stopped.' });
    } finally {
      await close();
    }
  });
});

it.each([
  ['http://h/', '/interims', 'http://h/interims'],
  ['http://h', 'interims', 'http://h/interims'],
  ['http://h/app/', '/interims', 'http://h/app/interims'],
  ['http://h/app/interims?x#y', '/interims', 'http://h/app/interims'],
  ['http://u:p@h/app', '/early', 'http://u:p@h/app/early'],
])('%s with the path %s is asked at %s', (target, path, url) => {
  expect(interimsOf(target, path)).toBe(url);
});
