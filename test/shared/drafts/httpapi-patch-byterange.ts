// The examples of draft-ietf-httpapi-patch-byterange, the newer text about byte-range PATCH.

import { fieldExample } from './example.ts';
import type { DocumentExample, Example, FieldExample } from './example.ts';
import { ranges, wxyz } from './ranges.ts';
import { segments } from './segments.ts';

const draft = 'draft-ietf-httpapi-patch-byterange';

export const examples: readonly Example[] = [
  ...ranges(draft, 'httpapi-patch-byterange'),
  ...segments(draft, 'httpapi-patch-byterange'),
];

export const documentExamples: readonly DocumentExample[] = [wxyz(draft)];

const WITHOUT_UNIT = 'The value has no unit; it is read as bytes, and written with it.';

export const fieldExamples: readonly FieldExample[] = [
  fieldExample(draft, 'Content-Range', 'bytes 0-11/12'),
  fieldExample(draft, 'Content-Range', 'bytes 0-11/*'),
  fieldExample(draft, 'Content-Range', 'bytes */1000'),
  fieldExample(draft, 'Content-Range', '500-599/600', [['500-599', 'bytes 500-599', WITHOUT_UNIT]]),
  fieldExample(draft, 'Content-Range', '*/1000', [['*/1000', 'bytes */1000', WITHOUT_UNIT]]),
  // The text has the rules of this field and no example: this is one by the rules.
  fieldExample(draft, 'Content-Offset', '5;unit=bytes;complete-length=600'),
  fieldExample(draft, 'If-None-Match', '*'),
  fieldExample(draft, 'Prefer', 'transaction=atomic'),
  fieldExample(draft, 'Prefer', 'transaction=persist'),
  fieldExample(draft, 'Preference-Applied', 'transaction=persist'),
];
