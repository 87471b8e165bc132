// `interim send` by the upload protocols, as the shell would run it, but in this process, against our server.

import { describe, expect, it } from 'vitest';
import { main } from '../../../electron/cli.ts';
import { running } from '../server/harness.ts';

async function interim(args: readonly string[]): Promise<{ code: number; out: string; talk: string }> {
  let out = '';
  let talk = '';
  const code = await main(args, {
    out: (text) => void (out += typeof text === 'string' ? text : Buffer.from(text).toString('latin1')),
    talk: (text) => void (talk += text),
    input: () => Promise.reject(new Error('not asked for')),
    // oxlint-disable-next-line require-yield -- nothing is said
    pieces: async function* () {},
    signal: new AbortController().signal,
  });
  return { code, out, talk };
}

describe('interim send', () => {
  it.each([
    ['ietf-upload', '/resumable', []],
    ['ietf-upload', '/resumable', ['--first', 'empty', '--segment', '40000', '--digests', 'both']],
    ['ietf-upload', '/resumable', ['--interop-version', '3', '--cut', 'client:out:content:50000:rst']],
    ['tus-upload', '/tus', []],
    [
      'tus-upload',
      '/tus',
      ['--segment', '40000', '--checksum', 'sha1', '--discover', '--metadata', 'filename=a.bin'],
    ],
    ['tus-upload', '/tus', ['--parallel', '3', '--cut', 'client:out:content:20000:fin']],
    ['tus-upload', '/tus', ['--first', 'whole', '--delete']],
  ])('by %s to %s with %j', async (strategy, path, options) => {
    const { server } = await running();
    const args = [
      'send',
      'POST',
      `${server.url}${path}`,
      '--strategy',
      strategy,
      '--body',
      '@100000',
      '--json',
      ...options,
    ];
    const { code, out, talk } = await interim(args);
    expect(talk).toBe('');
    const document = JSON.parse(out) as { outcome: string; checks: { level: string }[] };
    expect({ code, outcome: document.outcome }).toEqual({ code: 0, outcome: 'completed' });
    expect(document.checks).toEqual([]);
  });

  it.each([
    [['--first', 'half'], /^--first takes whole, empty, not “half”/],
    [['--interop-version', '2'], /^--interop-version takes 3, 4, 5, 6, 7, 8, not “2”/],
    [['--digests', 'md5'], /^--digests takes content, representation, both/],
    [['--checksum', 'crc'], /^--checksum takes sha1, sha256/],
    [['--metadata', 'name'], /^--metadata takes NAME=VALUE/],
    [['--metadata', 'a b=c'], /^metadata is an object of strings whose keys are ASCII/],
  ])('refuses %j in one sentence', async (options, sentence) => {
    const { code, out, talk } = await interim([
      'send',
      'POST',
      'http://127.0.0.1:9/',
      '--strategy',
      'tus-upload',
      ...options,
    ]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(talk).toMatch(sentence);
  });
});
