// What the content of an answer is to the final response, as a table: its next bytes are those of the same representation.

import { describe, expect, it } from 'vitest';
import { type Readable, isFinal, readingOf, receptionOf } from '../../../electron/client/reading.ts';
import {
  NOTHING_RECEIVED,
  type Purpose,
  type Reading,
  type Reception,
  beginning,
} from '../../../electron/client/situation.ts';

function head(status: number, fields: Readonly<Record<string, string>> = {}): Readable {
  return {
    status,
    contentLength: Number(fields['content-length'] ?? -1),
    field: (name) => fields[name] ?? null,
  };
}

const here: Reception = { have: 40, complete: 100, validator: '"v1"', at: null };
const dated: Reception = { ...here, validator: 'Monday' };
const none = NOTHING_RECEIVED;
const range = (value: string, more: Readonly<Record<string, string>> = {}): Readable =>
  head(206, { 'content-range': value, ...more });

describe('the content of an answer', () => {
  it.each<[string, Purpose, Readable, Reception, Reading | null]>([
    ['to the request itself begins it', 'post', head(200), here, 'anew'],
    ['of an error, too', 'post', head(500), here, 'anew'],
    ['that only tells an offset is no part of it', 'offset', head(200), here, 'ignored'],
    ['to a download begins it', 'download', head(200), none, 'anew'],
    ['that begins at the byte continues it', 'download', range('bytes 40-99/100'), here, 'continues'],
    ['of unknown length, too', 'download', range('bytes 40-99/*'), here, 'continues'],
    ['with the same tag, too', 'download', range('bytes 40-99/100', { etag: '"v1"' }), here, 'continues'],
    ['with another tag does not', 'download', range('bytes 40-99/100', { etag: '"v2"' }), here, 'ignored'],
    [
      'with a weak tag, where the first was strong, does not',
      'download',
      range('bytes 40-99/100', { etag: 'W/"v1"' }),
      here,
      'ignored',
    ],
    [
      'with another date does not',
      'download',
      range('bytes 40-99/100', { 'last-modified': 'Sunday' }),
      dated,
      'ignored',
    ],
    [
      'with the same date continues it',
      'download',
      range('bytes 40-99/100', { 'last-modified': 'Monday' }),
      dated,
      'continues',
    ],
    [
      'that says no more than its range continues it',
      'download',
      range('bytes 40-49/100', { 'content-length': '10' }),
      here,
      'continues',
    ],
    [
      'longer than its range does not',
      'download',
      range('bytes 40-49/100', { 'content-length': '11' }),
      here,
      'ignored',
    ],
    [
      'with a range beyond the length that is known does not',
      'download',
      range('bytes 40-100/*'),
      here,
      'ignored',
    ],
    [
      'that begins it and is longer than its range is none of it',
      'download',
      range('bytes 0-9/100', { 'content-length': '11' }),
      none,
      'ignored',
    ],
    ['that begins before does not', 'download', range('bytes 39-99/100'), here, 'ignored'],
    ['that begins behind does not', 'download', range('bytes 41-99/100'), here, 'ignored'],
    ['of another length does not', 'download', range('bytes 40-100/101'), here, 'ignored'],
    ['without a range does not', 'download', head(206), here, 'ignored'],
    ['with a malformed one does not', 'download', range('bytes 40'), here, 'ignored'],
    [
      'of several ranges does not',
      'download',
      head(206, { 'content-type': 'multipart/byteranges' }),
      here,
      'ignored',
    ],
    ['that ignores the range begins again', 'download', head(200), here, 'anew'],
    ['that refuses the range leaves what is here', 'download', head(416), here, 'ignored'],
    ['that refuses the download is the response', 'download', head(404), none, 'anew'],
    [
      'with all of the same, but of another length, is none of it',
      'rest',
      head(200, { etag: '"v1"', 'content-length': '99' }),
      here,
      'ignored',
    ],
    ['to the rest of a response continues it', 'rest', range('bytes 40-99/100'), here, 'continues'],
    ['with all of the same begins it again', 'rest', head(200, { etag: '"v1"' }), here, 'anew'],
    ['with all of another is none of it', 'rest', head(200, { etag: '"v2"' }), here, 'ignored'],
    ['without a tag is none of it', 'rest', head(200), here, 'ignored'],
    ['that is refused is none of it', 'rest', head(404), here, 'ignored'],
    [
      'that is no document does not bring one',
      'response',
      head(200, { 'content-type': 'text/plain' }),
      none,
      null,
    ],
    ['that is one does', 'response', head(200, { 'content-type': 'message/http; x=1' }), here, 'anew'],
    [
      'that continues the document does',
      'response',
      range('bytes 40-99/100', { etag: '"v1"' }),
      here,
      'continues',
    ],
    [
      'that is of another document does not',
      'response',
      range('bytes 40-99/100', { etag: '"v2"' }),
      here,
      'ignored',
    ],
    [
      'that is of a document of another length does not',
      'response',
      range('bytes 40-99/900'),
      here,
      'ignored',
    ],
    ['that begins elsewhere in the document does not', 'response', range('bytes 5-99/100'), here, 'ignored'],
  ])('%s', (_name, purpose, answer, before, reading) => {
    expect(readingOf(purpose, answer, before)).toBe(reading);
  });
});

describe('what a head tells of its representation', () => {
  const day = 'Sun, 06 Nov 1994';
  it.each<[string, Readable, Partial<Reception>]>([
    ['its length', head(200, { 'content-length': '7' }), { complete: 7 }],
    [
      'its length by a range',
      head(200, { 'content-length': '7', 'content-range': 'bytes 0-6/9' }),
      { complete: 9 },
    ],
    ['no length', head(200), { complete: null }],
    ['a strong tag', head(200, { etag: '"a"' }), { validator: '"a"' }],
    ['no weak tag', head(200, { etag: 'W/"a"' }), { validator: null }],
    [
      'a date, a second before the answer',
      head(200, { 'last-modified': `${day} 08:49:36 GMT`, date: `${day} 08:49:37 GMT` }),
      { validator: `${day} 08:49:36 GMT` },
    ],
    [
      'no date of the same second',
      head(200, { 'last-modified': `${day} 08:49:37 GMT`, date: `${day} 08:49:37 GMT` }),
      { validator: null },
    ],
    [
      'no date without the time of the answer',
      head(200, { 'last-modified': `${day} 08:49:37 GMT` }),
      { validator: null },
    ],
    [
      'no date beside a weak tag, which says that it is not enough',
      head(200, { etag: 'W/"a"', 'last-modified': `${day} 08:49:36 GMT`, date: `${day} 08:49:37 GMT` }),
      { validator: null },
    ],
    ['where else it is', head(201, { 'content-location': '<../items/1>' }), { at: 'http://h/items/1' }],
  ])('%s', (_name, answer, told) => {
    expect(receptionOf(answer, 'http://h/a/b')).toMatchObject({ have: 0, ...told });
  });
});

describe('a head that can be handed on as the final one', () => {
  const now = {
    ...beginning(100, { resumable: true, idempotent: false, segments: [], deleteWhenDone: false }),
    incompleteStatus: 298,
  };
  it.each<[Purpose, number, number, boolean]>([
    ['post', 201, 100, true],
    ['post', 202, 100, false],
    ['post', 404, 100, true],
    ['post', 503, 100, false],
    ['post', 417, 100, false],
    ['append', 404, 100, false],
    ['download', 404, 0, true],
    ['download', 416, 0, false],
    ['append', 201, 100, true],
    ['append', 201, 60, false],
    ['append', 299, 100, false],
    ['segment', 298, 100, false],
    ['download', 206, 0, true],
    ['status', 200, 0, false],
    ['size', 200, 0, false],
  ])('to %s, %d, after %d bytes: %s', (purpose, status, goal, final) => {
    expect(isFinal(purpose, { status, reason: 'Reason' }, goal, now)).toBe(final);
  });

  it('is not one that calls itself incomplete, whatever its number', () => {
    expect(isFinal('append', { status: 200, reason: 'Incomplete Content' }, 100, now)).toBe(false);
  });

  it('is not that of the proof of concept’s server, which answers the PATCH for itself', () => {
    expect(isFinal('append', { status: 200, reason: 'OK' }, 100, { ...now, legacyServer: true })).toBe(false);
  });
});
