// The examples of the drafts as traffic: mended, they break no rule; as the drafts show them, only what each slip is.

import { describe, expect, it } from 'vitest';
import { examples } from '../../drafts/all.ts';
import type { Example } from '../../drafts/example.ts';
import { notesOf } from './notes-of.ts';
import { Transcript } from '../transcript.ts';

const text = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes);
const requests = examples.filter(({ role }) => role === 'request');

function traffic(request: Example, version: 'bytes' | 'mended'): Transcript {
  const transcript = new Transcript().open().send('client', text(request[version]));
  const answers = examples.filter(({ answers }) => answers === request.id);
  if (answers.length === 0) transcript.send('server', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
  for (const answer of answers) transcript.send('server', text(answer[version]));
  return transcript.close('server', 'fin', 'server').close('client', 'fin', 'server');
}

describe.each(requests)('$id', (request) => {
  it('gives no note when its slips are mended', () => {
    expect(notesOf(traffic(request, 'mended').records)).toEqual([]);
  });
});

it('are all tried: every response answers a request', () => {
  const ids = new Set(requests.map(({ id }) => id));
  expect(requests.length).toBeGreaterThan(5);
  for (const { role, answers } of examples)
    if (role === 'response') expect(ids.has(answers ?? '')).toBe(true);
});

it('breaks, as the drafts show them, exactly these rules', () => {
  // A Content-Length beyond what the example holds: its answer comes while bytes are due.
  const longer = ['httpapi-patch-byterange/one-range', 'httpapi-patch-byterange/two-ranges'];
  longer.push('patch-byterange/one-range', 'patch-byterange/two-ranges');
  for (const request of requests) {
    const rules = new Set(notesOf(traffic(request, 'bytes').records).map(({ rule }) => rule));
    const expected = ['missing-host'];
    if (longer.includes(request.id)) expected.push('early-success');
    if (request.id === 'progress/capture') expected.push('bracketed-location');
    expect([...rules], request.id).toEqual(expected);
  }
});
