// Pipelined requests: interim responses move nobody's turn, and answers in another order are noted where they say so.

import { describe, expect, it } from 'vitest';
import type { End } from '../../../shared/capture/records.ts';
import { Kind, NoteLevel } from '../../../shared/model/events.ts';
import type { Model } from '../../../shared/model/model.ts';
import { head, modelOf, sized } from './told.ts';
import { bytewise, Transcript } from './transcript.ts';

const vantages: readonly { readonly held: string; readonly ends: readonly End[] }[] = [
  { held: 'both ends', ends: ['client', 'server'] },
  { held: 'the client end', ends: ['client'] },
  { held: 'the server end', ends: ['server'] },
];

const asked = (ids: readonly string[]): string =>
  ids.map((id) => head(`GET /${id} HTTP/1.1`, 'Host: a', `Request-Id: ${id}`)).join('');
const answer = (id: string, status = '200 OK'): string =>
  sized(id, `HTTP/1.1 ${status}`, `Request-Id: ${id}`);
const interim = (status: string, ...fields: string[]): string => head(`HTTP/1.1 ${status}`, ...fields);

/** Statuses of each exchange: interim ones, and the last. */
const answersOf = (model: Model): unknown =>
  model.exchanges.map(({ target, interim: all, status, complete }) => [
    target,
    Array.from(all.values.subarray(0, all.length), (row) => model.events.columns.code[row]!),
    status,
    complete,
  ]);

/** Each note: the exchange, and the byte of the response stream. */
const notesOf = (model: Model): unknown =>
  Array.from({ length: model.events.length }, (_, row) => model.events.row(row))
    .filter(({ kind, text }) => kind === Kind.note && text.startsWith('answer-out-of-order'))
    .map(({ exchange, a, code }) => {
      expect(code).toBe(NoteLevel.error);
      return [exchange, a];
    });

describe.each(vantages)('pipelined requests, seen from $held', ({ ends }) => {
  const seen = (ids: readonly string[], stream: string): Model[] => {
    const { records } = new Transcript(ends).open().send('client', asked(ids)).send('server', stream);
    return [modelOf(records), modelOf(bytewise(records))];
  };

  it('have each its own interim responses, whose turn it is', () => {
    const stream =
      interim('103 Early Hints', 'Link: </a.css>; rel=preload') +
      interim('102 Processing', 'Progress: 1/2') +
      answer('one') +
      interim('102 Processing', 'Progress: 1/3') +
      interim('104 Upload Resumption Supported', 'Location: /u/2') +
      answer('two', '404 Not Found') +
      answer('three');
    for (const model of seen(['one', 'two', 'three'], stream)) {
      expect(answersOf(model)).toEqual([
        ['/one', [103, 102], 200, true],
        ['/two', [102, 104], 404, true],
        ['/three', [], 200, true],
      ]);
      expect(notesOf(model)).toEqual([]);
    }
  });

  it('that are answered as each is done have the answers that their turns have, each noted at its id', () => {
    const answers = [
      interim('102 Processing', 'Progress: 1/2') + answer('two', '404 Not Found'),
      answer('three'),
      answer('one', '201 Created'),
      answer('four'),
    ];
    const stream = answers.join('');
    for (const model of seen(['one', 'two', 'three', 'four'], stream)) {
      expect(answersOf(model)).toEqual([
        ['/one', [102], 404, true],
        ['/two', [], 200, true],
        ['/three', [], 201, true],
        ['/four', [], 200, true],
      ]);
      const at = (id: string): number => stream.indexOf(`Request-Id: ${id}`) + 'Request-Id: '.length;
      expect(notesOf(model)).toEqual([
        [0, at('two')],
        [1, at('three')],
        [2, at('one')],
      ]);
    }
  });

  it('whose server has ids of its own are answered in order', () => {
    for (const model of seen(['one', 'two'], answer('a') + answer('b'))) expect(notesOf(model)).toEqual([]);
  });
});
