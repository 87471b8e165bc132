// What a part may do to a resource, as a table. No byte is stored.

import { describe, expect, test } from 'vitest';
import { type PartPlan, planPart, type Shape } from '../../../../electron/server/files/plan.ts';
import { parseContentRange } from '../../../../shared/fields/content-range.ts';
import { FieldFault } from '../../../../shared/fields/fault.ts';

const LIMIT = 1000;
const absent: Shape = { kind: 'absent' };
const complete = (size: number): Shape => ({ kind: 'complete', size });
const upload = (end: number, length: number | null): Shape => ({ kind: 'incomplete', length, end });

function plan(shape: Shape, range: string, length?: number): PartPlan {
  const parsed = parseContentRange(range);
  if (parsed instanceof FieldFault) throw new Error(parsed.message);
  const { first, last } = parsed;
  const announced = length ?? (first === null ? 0 : last === null ? null : last - first + 1);
  return planPart({ range: parsed, length: announced }, shape, LIMIT);
}

describe('a part that writes', () => {
  test.each<[string, Shape, string, { first: number; end: number | null; most: number; before: Shape }]>([
    ['creates an upload', absent, 'bytes 0-9/30', { first: 0, end: 10, most: 30, before: upload(0, 30) }],
    [
      'may begin one anywhere',
      absent,
      'bytes 20-29/30',
      { first: 20, end: 30, most: 30, before: upload(0, 30) },
    ],
    ['of unknown length', absent, 'bytes 0-9/*', { first: 0, end: 10, most: LIMIT, before: upload(0, null) }],
    ['and unknown end', absent, 'bytes 0-/*', { first: 0, end: null, most: LIMIT, before: upload(0, null) }],
    ['goes on', upload(10, 30), 'bytes 10-19/30', { first: 10, end: 20, most: 30, before: upload(10, 30) }],
    [
      'need not say it',
      upload(10, 30),
      'bytes 10-19/*',
      { first: 10, end: 20, most: 30, before: upload(10, 30) },
    ],
    [
      'leaves a gap',
      upload(10, 30),
      'bytes 20-29/30',
      { first: 20, end: 30, most: 30, before: upload(10, 30) },
    ],
    [
      'tells the length',
      upload(10, null),
      'bytes 10-29/30',
      { first: 10, end: 30, most: 30, before: upload(10, 30) },
    ],
    [
      'appends',
      upload(10, null),
      'bytes 10-19/*',
      { first: 10, end: 20, most: LIMIT, before: upload(10, null) },
    ],
    ['overwrites', complete(30), 'bytes 10-19/*', { first: 10, end: 20, most: LIMIT, before: complete(30) }],
    ['hints less', complete(30), 'bytes 2-5/12', { first: 2, end: 6, most: LIMIT, before: complete(30) }],
    ['hints more', complete(30), 'bytes 30-39/90', { first: 30, end: 40, most: LIMIT, before: complete(30) }],
  ])('%s', (_name, shape, range, expected) => {
    expect(plan(shape, range)).toEqual({ kind: 'write', ...expected });
  });

  test.each<[string, Shape, string, RegExp]>([
    ['beyond the end of nothing', absent, 'bytes 1-9/*', /begins at byte 1, but there are only 0 bytes/],
    ['beyond the end', complete(30), 'bytes 31-39/*', /begins at byte 31, but there are only 30/],
    ['beyond the end, with a hint', complete(30), 'bytes 31-39/90', /only 30 bytes/],
    ['beyond what came', upload(10, null), 'bytes 11-19/*', /only 10 bytes: .*may have gaps/],
    ['of another length', upload(10, 30), 'bytes 10-19/31', /has 30 bytes in all, not 31/],
    ['of less than there is', upload(10, null), 'bytes 0-4/5', /10 bytes here already, more than the 5/],
    [
      'behind the last byte',
      upload(10, 30),
      'bytes 25-30/*',
      /ends at byte 30, .* last one that can be is 29/,
    ],
    ['of too many bytes', complete(990), 'bytes 990-1000/*', /ends at byte 1000, .* is 999/],
    ['of a length beyond the limit', absent, 'bytes 0-9/1001', /may have 1000 bytes here, not 1001/],
    ['of an enormous length', absent, 'bytes 0-9/9007199254740991', /not 9007199254740991/],
    ['at an enormous place', complete(30), 'bytes 9007199254740990-/*', /only 30 bytes/],
  ])('%s is refused with 400', (_name, shape, range, sentence) => {
    const decision = plan(shape, range);
    expect(decision).toMatchObject({ kind: 'refuse', status: 400 });
    if (decision.kind === 'refuse') expect(decision.sentence).toMatch(sentence);
  });
});

describe('a part that sets the length', () => {
  test.each<[string, Shape, string, Shape]>([
    ['truncates a file', complete(30), 'bytes */10', complete(10)],
    ['to nothing', complete(30), 'bytes */0', complete(0)],
    ['extends a file', complete(30), 'bytes */50', complete(50)],
    ['ends an upload', upload(30, null), 'bytes */30', upload(30, 30)],
    ['that has not all of it', upload(30, null), 'bytes */50', upload(30, 50)],
    ['makes an upload shorter', upload(30, 50), 'bytes */10', upload(10, 10)],
    ['makes one longer', upload(30, 50), 'bytes */90', upload(30, 90)],
    ['allocates a new one', absent, 'bytes */50', upload(0, 50)],
  ])('%s', (_name, shape, range, after) => {
    expect(plan(shape, range)).toMatchObject({ kind: 'resize', after });
  });

  test('is refused beyond the limit, as a mistake and not as too large', () => {
    expect(plan(complete(30), 'bytes */1001')).toMatchObject({ kind: 'refuse', status: 400 });
  });
});
