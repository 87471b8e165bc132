// What a request prefers: the user's own words stay as they are and count first; what the strategy needs is beside them.

import { describe, expect, it } from 'vitest';
import type { FieldLines } from '../../../shared/http1/writer.ts';
import { preferFields, waitOf } from '../../../electron/client/preferences.ts';
import { contentOf, heads, run, TEXT } from './scripted-run.ts';
import { response } from './scripted-server.ts';

const own = (...values: string[]): FieldLines => values.map((value) => ['prefer', value] as const);

describe('preferences', () => {
  it.each<[string, FieldLines, string[], string | null]>([
    ['all of them where the user has none', [], ['resume', 'wait=1'], 'resume, wait=1'],
    ['none where none are wanted', own('processing'), [], null],
    ['those that the user has not named', own('processing'), ['resume', 'processing'], 'resume'],
    [
      'none that the user has named otherwise',
      own('Resume=ignore-incomplete, WAIT=9'),
      ['resume', 'wait=1'],
      null,
    ],
    ['none that another line of the user names', own('a', 'b; c=d, resume'), ['resume'], null],
    ['all of them beside what cannot be read', own('=,"'), ['resume'], 'resume'],
    ['what cannot be read itself, as it is', own('processing'), ['=x'], '=x'],
  ])('are added to the request: %s', (_name, fields, wanted, value) => {
    expect(preferFields([['Host', 'resume'], ...fields], wanted)).toEqual(
      value === null ? [] : [['Prefer', value]],
    );
  });

  it.each<[FieldLines, string[], number]>([
    [[], [], 0],
    [[], ['processing', 'wait=2'], 2_000],
    [own('respond-async, wait=3'), [], 3_000],
    [own('respond-async', 'wait="4"'), ['wait=2'], 4_000],
    [own('wait=soon'), [], 0],
    [own('wait=9999999'), [], 0],
    [own('processing'), ['wait=2'], 2_000],
  ])('of %j and %j let the server take %i ms', (fields, wanted, milliseconds) => {
    expect(waitOf(fields, wanted)).toBe(milliseconds);
  });
});

describe('the user’s own Prefer field', () => {
  it('takes nothing from a resumable request', async () => {
    const { result, said } = await run(
      'resumable-request',
      [
        [
          {
            send: response('100 Continue', ['Request-Content-Location: /job/1.req']),
          },
          { on: new RegExp(`${TEXT.slice(-10)}$`), send: response('200 OK', ['Content-Length: 2'], 'ok') },
        ],
      ],
      {
        request: { fields: [['Prefer', 'processing, wait=1']] },
        options: { preferences: ['acknowledge', 'wait=9'] },
      },
    );
    expect(contentOf(result)).toBe('ok');
    expect(said[0]).toContain('\r\nPrefer: processing, wait=1\r\n');
    expect(said[0]).toContain('\r\nPrefer: resume, acknowledge\r\n');
    expect(said[0]).not.toContain('wait=9');
  });

  it.each(['segmented-upload', 'put-then-patch'] as const)('takes nothing from %s', async (strategy) => {
    const { said } = await run(
      strategy,
      [[{ on: new RegExp(`${TEXT.slice(-10)}$`), send: response('201 Created', ['Content-Length: 0']) }]],
      {
        request: { method: 'PUT', fields: [['Prefer', 'transaction=atomic']] },
        options: { preferences: ['processing'] },
      },
    );
    expect(said[0]).toContain('\r\nPrefer: transaction=atomic\r\n');
    expect(said[0]).toContain('\r\nPrefer: processing\r\n');
    expect(said[0]).not.toContain('persist');
  });

  it('takes nothing from a download, and is said once', async () => {
    const { said } = await run(
      'resume-download',
      [[{ send: response('200 OK', ['Content-Length: 2'], 'ok') }]],
      {
        request: { method: 'GET', content: null, fields: [['Prefer', 'processing']] },
        options: { preferences: ['processing', 'respond-async'] },
      },
    );
    expect(heads(said[0]!)).toEqual(['GET /print']);
    expect(said[0]!.match(/^Prefer: .*$/gm)).toEqual(['Prefer: processing', 'Prefer: respond-async']);
  });
});
