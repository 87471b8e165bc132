// The examples of draft-wright-http-patch-byterange, the older text about byte-range PATCH.

import { NO_HOST, example, fieldExample } from './example.ts';
import type { DocumentExample, Example, FieldExample } from './example.ts';
import { ranges, wxyz } from './ranges.ts';
import { segments } from './segments.ts';

const draft = 'draft-wright-http-patch-byterange';

export const examples: readonly Example[] = [
  ...ranges(draft, 'patch-byterange'),
  ...segments(draft, 'patch-byterange'),
  example({
    id: 'patch-byterange/truncate',
    draft,
    role: 'request',
    text: `PATCH /logs.txt HTTP/1.1
Content-Type: message/byterange
Content-Length: 28
If-Match: "foo"

Content-Range: bytes */0

`,
    mends: [NO_HOST],
  }),
];

export const documentExamples: readonly DocumentExample[] = [wxyz(draft)];

export const fieldExamples: readonly FieldExample[] = [
  fieldExample(draft, 'Content-Range', 'bytes 0-11/12'),
  fieldExample(draft, 'Content-Range', 'bytes 0-11/*'),
  fieldExample(draft, 'Content-Range', 'bytes */1000'),
  fieldExample(draft, 'Content-Range', 'bytes */0'),
  fieldExample(draft, 'Content-Range', '500-599/600', [
    ['500-599', 'bytes 500-599', 'The range has no unit; it is read as bytes, and written with it.'],
  ]),
  fieldExample(draft, 'If-None-Match', '*'),
  fieldExample(draft, 'Prefer', 'transaction=atomic'),
  fieldExample(draft, 'Prefer', 'transaction=persist'),
  fieldExample(draft, 'Preference-Applied', 'transaction=persist'),
];
