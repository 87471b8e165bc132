// Parts of a PATCH against an upload, as a table: which may be added, and what is said of the others.

import { describe, expect, test } from 'vitest';
import {
  decidePart,
  type PartDecision,
  type PartSituation,
} from '../../../../electron/server/uploads/part.ts';

type Range = [first: number | null, last: number | null, complete: number | null];

const UPLOAD: PartSituation = { have: 20, length: 100, limit: 1000, partLength: null, contentLength: null };

function decide([first, last, complete]: Range, situation: Partial<PartSituation> = {}): PartDecision {
  return decidePart({ unit: 'bytes', first, last, complete }, { ...UPLOAD, ...situation });
}

describe('a part is added to an upload of 20 out of 100 bytes', () => {
  test.each<[string, Range, Partial<PartSituation>, number | null, number | null]>([
    ['when it brings all that is missing', [20, 99, 100], {}, 80, 100],
    ['when it brings one byte', [20, 20, 100], {}, 1, 100],
    ['when it does not say how many there are in all', [20, 99, null], {}, 80, null],
    ['when its lengths agree', [20, 29, 100], { partLength: 10, contentLength: 10 }, 10, 100],
    ['when the request is shorter than it: what comes is kept', [20, 29, 100], { contentLength: 3 }, 10, 100],
    ['when its end is open, but its length is told', [20, null, 100], { partLength: 7 }, 7, 100],
    [
      'when its end is open, but the length of the request is told',
      [20, null, 100],
      { contentLength: 8 },
      8,
      100,
    ],
    ['when its end is open', [20, null, 100], {}, null, 100],
    ['when it only tells the length, which is known', [null, null, 100], {}, 0, 100],
    ['when it tells a length that was not known', [20, 29, 60], { length: null }, 10, 60],
    ['when it only tells a length that was not known', [null, null, 20], { length: null }, 0, 20],
  ])('%s', (_name, range, situation, size, complete) => {
    expect(decide(range, situation)).toEqual({ kind: 'take', size, complete });
  });
});

describe('a part is refused by an upload of 20 out of 100 bytes', () => {
  test.each<[string, Range, Partial<PartSituation>, number, RegExp]>([
    ['when it overlaps', [19, 99, 100], {}, 409, /next byte here is 20.*starts at 19: send bytes 20-99\/100/],
    ['when it leaves a gap', [21, 99, 100], {}, 409, /next byte here is 20.*starts at 21/],
    ['when it starts again', [0, 99, 100], {}, 409, /next byte here is 20/],
    ['when it leaves a gap, of no known length', [21, 30, null], { length: null }, 409, /send bytes 20-\./],
    ['when its total differs', [20, 98, 99], {}, 400, /has 100 bytes in all, not 99/],
    [
      'when it ends behind the end',
      [20, 100, null],
      {},
      400,
      /ends at byte 100, but the last one that can be is 99/,
    ],
    ['when it ends before it starts', [20, 18, 100], {}, 400, /cannot end at byte 18/],
    [
      'when its length differs from its range',
      [20, 29, 100],
      { partLength: 9 },
      400,
      /Content-Length is 9.*names 10/,
    ],
    [
      'when the request brings more than its range',
      [20, 29, 100],
      { contentLength: 11 },
      400,
      /brings 11.*names 10/,
    ],
    [
      'when an open end goes too far',
      [20, null, null],
      { contentLength: 81 },
      400,
      /last one that can be is 99/,
    ],
    [
      'when it only tells a length, but has content',
      [null, null, 100],
      { contentLength: 1 },
      400,
      /no content/,
    ],
    ['when it makes less of what is there', [null, null, 19], { length: null }, 409, /cannot be made 19/],
    ['when it claims more than there can be', [20, 29, 1001], { length: null }, 400, /may have 1000 bytes/],
    ['when it brings more than there can be', [20, 1000, null], { length: null }, 400, /that can be is 999/],
  ])('%s', (_name, range, situation, status, sentence) => {
    expect(decide(range, situation)).toEqual({
      kind: 'refuse',
      status,
      sentence: expect.stringMatching(sentence),
    });
  });
});
