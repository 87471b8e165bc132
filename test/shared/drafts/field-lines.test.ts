// Every field line that the four drafts show alone: read, and written anew from what was read.

import { describe, expect, test } from 'vitest';
import { parseContentOffset, writeContentOffset } from '../../../shared/fields/content-offset.ts';
import { parseContentRange, writeContentRange } from '../../../shared/fields/content-range.ts';
import { parseEntityTags, writeEntityTag } from '../../../shared/fields/entity-tag.ts';
import { parseExpect } from '../../../shared/fields/expect.ts';
import { FieldFault } from '../../../shared/fields/fault.ts';
import { parsePrefer, writePrefer } from '../../../shared/fields/prefer.ts';
import { parseProgress, writeProgress } from '../../../shared/fields/progress.ts';
import { parseStatusUri, writeStatusUri } from '../../../shared/fields/status-uri.ts';
import { meaning } from './account.ts';
import { fieldExamples } from './all.ts';

/** What each field line means; those of the same name and value mean the same in every draft. */
const SAID: Readonly<Record<string, string>> = {
  'Progress: 0/1': '0 of 1',
  "Progress: 66/ (tries) utf-8'en'Generating%20prime%20number":
    '66 of ?, (tries), en Generating prime number',
  "Progress: 5/16 UTF-8'ja-JP'%e9%a3%9f%e3%81%b9%e3%81%a6": '5 of 16, ja-JP 食べて',
  'Progress: 3/20 "POST http://example.com/item/3" 8020/8591489 (bytes)':
    '3 of 20, "POST http://example.com/item/3", ·8020 of 8591489, ·(bytes)',
  'Status-URI: 507 <http://example.com/photo/41>': '507 of http://example.com/photo/41',
  'Status-URI: 200 <http://example.com/capture>': '200 of http://example.com/capture',
  'Prefer: processing': 'processing',
  'Prefer: processing, respond-async, wait=20': 'processing, respond-async, wait is 20',
  'Expect: 100-continue': 'a 100',
  'Prefer: resume': 'resume',
  'Prefer: resume=save-incomplete': 'resume is save-incomplete',
  'Prefer: resume=ignore-incomplete': 'resume is ignore-incomplete',
  'Prefer: acknowledge': 'acknowledge',
  'Content-Range: bytes 0-11/12': '0 to 11 of 12',
  'Content-Range: bytes 0-11/*': '0 to 11 of ?',
  'Content-Range: bytes */1000': 'nothing of 1000',
  'Content-Range: bytes */0': 'nothing of 0',
  'Content-Range: 500-599/600': '500 to 599 of 600, without unit',
  'Content-Range: */1000': 'nothing of 1000, without unit',
  'Content-Offset: 5;unit=bytes;complete-length=600': 'from 5 of 600',
  'If-None-Match: *': 'any',
  'Prefer: transaction=atomic': 'transaction is atomic',
  'Prefer: transaction=persist': 'transaction is persist',
  'Preference-Applied: transaction=persist': 'transaction is persist',
};

describe.each(fieldExamples)('$draft: $name: $value', ({ name, value, mended }) => {
  test('is read', () => {
    expect(meaning(name, value)).toBe(SAID[`${name}: ${value}`]);
  });

  test('is written the same, its slips mended', () => {
    expect(rewritten(name, value)).toBe(mended);
  });
});

/** The value written anew from what was read. */
function rewritten(name: string, value: string): string {
  switch (name) {
    case 'Progress': {
      const progress = readable(parseProgress(value));
      return writeProgress(progress, progress.remarks.slice(1));
    }
    case 'Status-URI':
      return writeStatusUri(readable(parseStatusUri(value)));
    case 'Prefer':
    case 'Preference-Applied':
      return writePrefer(
        [...readable(parsePrefer(value))].map(([preference, { value: said }]) => ({
          name: preference,
          value: said,
        })),
      );
    case 'Content-Range':
      return writeContentRange({ ...readable(parseContentRange(value)), unit: 'bytes' });
    case 'Content-Offset':
      return writeContentOffset(readable(parseContentOffset(value)));
    case 'If-None-Match': {
      const tags = readable(parseEntityTags(value));
      return tags === '*' ? '*' : tags.map(writeEntityTag).join(', ');
    }
    case 'Expect':
      return readable(parseExpect(value)).continue ? '100-continue' : '';
    default:
      throw new Error(`${name} is not written here.`);
  }
}

function readable<T>(parsed: T | FieldFault): T {
  if (parsed instanceof FieldFault) throw new Error(parsed.message);
  return parsed;
}
