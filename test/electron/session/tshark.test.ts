// Our files in somebody else's program: Wireshark's tshark must list what was said, and find nothing wrong with it.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRecorder } from '../../../electron/session/recorder.ts';
import { fileSink } from '../../../electron/session/sinks.ts';
import { play, PORT } from '../../shared/export/scenario.ts';
import { header } from '../../shared/capture/session-bytes.ts';

const missing = spawnSync('tshark', ['--version']).status !== 0;
if (missing) console.log('Skipped: tshark is not installed, so nobody else has read our files.');

const folder = mkdtempSync(join(tmpdir(), 'interim-tshark-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What tshark prints, one array of fields a line. */
function tshark(file: string, ...args: string[]): string[][] {
  const checks = ['-o', 'tcp.check_checksum:TRUE', '-o', 'ip.check_checksum:TRUE'];
  const { stdout, stderr, status } = spawnSync(
    'tshark',
    ['-r', file, '-d', `tcp.port==${PORT},http`, ...checks, ...args],
    {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  if (status !== 0) throw new Error(`tshark failed: ${stderr}`);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'));
}

describe.skipIf(missing)('a session in tshark', () => {
  const file = join(folder, 'session.pcapng');
  beforeAll(async () => {
    const { recorder } = play(fileSink(file));
    await recorder.close();
  });

  const heads = (...args: string[]): string[][] => {
    const fields = ['-e', 'http.request.method', '-e', 'http.request.uri', '-e', 'http.response.code'];
    return tshark(file, ...args, '-Y', 'http', '-T', 'fields', ...fields).map((line) =>
      line.filter((field) => field !== ''),
    );
  };
  const complete = [
    ['HEAD', '/job/1.req'],
    ['299'],
    ['PATCH', '/job/1.req'],
    ['102'],
    ['102'],
    ['202'],
    ['GET', '/job/1.job'],
    ['200'],
    ['GET', '/job/1.res'],
    ['200'],
    ['GET', '/binary'],
    ['200'],
    ['GET', '/never'],
  ];

  it('lists each request, each interim response and each final response, in order', () => {
    expect(heads()).toEqual([['100'], ...complete]);
  });

  it('lists those cut short too, once it is told not to wait for their content', () => {
    const cut = heads('-o', 'http.desegment_body:FALSE');
    expect(cut).toEqual([['POST', '/print?a=1&b=%C3%A9'], ['100'], ...complete, ['200']]);
  });

  it('has no malformed packet, no bad checksum, and nothing lost or sent twice', () => {
    const wrong = [
      '_ws.malformed',
      'tcp.checksum.status == "Bad"',
      'ip.checksum.status == "Bad"',
      'tcp.analysis.lost_segment',
      'tcp.analysis.ack_lost_segment',
      'tcp.analysis.out_of_order',
      'tcp.analysis.window_full',
      'tcp.analysis.zero_window',
      'tcp.analysis.duplicate_ack',
      'tcp.analysis.keep_alive',
    ];
    expect(
      tshark(file, '-Y', wrong.join(' || '), '-T', 'fields', '-e', 'frame.number', '-e', '_ws.col.Info'),
    ).toEqual([]);
    expect(tshark(file, '-Y', 'tcp.checksum.status == "Good"').length).toBeGreaterThan(40);
  });

  it('tells of the cut: a reset that acknowledges what was read, and why it came', () => {
    const [cut] = tshark(
      file,
      '-Y',
      'tcp.flags.reset == 1',
      '-T',
      'fields',
      '-e',
      'tcp.srcport',
      '-e',
      'frame.comment',
    );
    expect(cut?.[0]).toBe(String(PORT));
    expect(cut?.[1]).toMatch(/^cut rst at byte \d+ \(server, in\), asked for by user$/);
  });

  it('shows the addresses and the checksums of IPv6 right', async () => {
    const six = join(folder, 'six.pcapng');
    const recorder = createRecorder({ sink: fileSink(six), header, now: () => 1 });
    const server = { address: '::1', port: PORT };
    recorder.opened('client', { address: '::1', port: 40_000 }, server);
    recorder.sent(1, 'client', new TextEncoder().encode('GET /six HTTP/1.1\r\nHost: [::1]\r\n\r\n'));
    await recorder.close();
    expect(tshark(six, '-Y', 'http', '-T', 'fields', '-e', 'ipv6.src', '-e', 'http.request.uri')).toEqual([
      ['::1', '/six'],
    ]);
    expect(tshark(six, '-Y', 'tcp.checksum.status == "Good"')).toHaveLength(4);
  });

  it('takes records of 64 KiB and odd lengths with right checksums', async () => {
    const big = join(folder, 'big.pcapng');
    const recorder = createRecorder({ sink: fileSink(big), header, now: () => 1 });
    recorder.opened('server', { address: '10.1.2.3', port: 40_000 }, { address: '10.255.0.255', port: PORT });
    for (const length of [65_536, 65_495, 65_494, 65_493, 1, 2, 3])
      recorder.sent(
        1,
        'server',
        new Uint8Array(length).map((_, i) => (i * 191) & 0xff),
      );
    await recorder.close();
    expect(tshark(big, '-Y', 'tcp.checksum.status == "Bad" || ip.checksum.status == "Bad"')).toEqual([]);
    const lengths = tshark(big, '-Y', 'tcp.len > 0', '-T', 'fields', '-e', 'tcp.len');
    expect(lengths.flat().map(Number)).toEqual([65_495, 41, 65_495, 65_494, 65_493, 1, 2, 3]);
  });
});
