// The fields of resumable uploads, of the IETF's drafts and of tus: what each takes, what it refuses and where, and that
// what is written is read back.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FieldFault } from '../../../shared/fields/fault.ts';
import { parseTusNumber } from '../../../shared/fields/tus-number.ts';
import { parseUploadChecksum, writeUploadChecksum } from '../../../shared/fields/upload-checksum.ts';
import {
  parseUploadComplete,
  parseUploadIncomplete,
  writeUploadComplete,
} from '../../../shared/fields/upload-complete.ts';
import { MOST_PARTIALS, parseUploadConcat, writeUploadConcat } from '../../../shared/fields/upload-concat.ts';
import {
  INTEROP_VERSIONS,
  knownInteropVersion,
  parseInteropVersion,
  uploadDialect,
} from '../../../shared/fields/upload-draft-interop-version.ts';
import { parseUploadLength, writeUploadLength } from '../../../shared/fields/upload-length.ts';
import { NO_UPLOAD_LIMIT, parseUploadLimit, writeUploadLimit } from '../../../shared/fields/upload-limit.ts';
import { parseUploadMetadata, writeUploadMetadata } from '../../../shared/fields/upload-metadata.ts';
import { parseUploadOffset, writeUploadOffset } from '../../../shared/fields/upload-offset.ts';

const PARSERS: Readonly<Record<string, (value: string) => unknown>> = {
  'Upload-Offset': parseUploadOffset,
  'Upload-Length': parseUploadLength,
  'Upload-Complete': parseUploadComplete,
  'Upload-Incomplete': parseUploadIncomplete,
  'Upload-Limit': parseUploadLimit,
  'Upload-Metadata': parseUploadMetadata,
  'Upload-Checksum': parseUploadChecksum,
  'Upload-Concat': parseUploadConcat,
  'Upload-Draft-Interop-Version': parseInteropVersion,
  'tus number': (value) => parseTusNumber('Upload-Offset', value),
};

test.each([
  ['Upload-Offset', '0', 0],
  ['Upload-Offset', ' 25;a=b ', 25],
  ['Upload-Offset', '-0', 0],
  ['Upload-Length', '999999999999999', 999_999_999_999_999],
  ['Upload-Complete', '?1', true],
  ['Upload-Complete', '?0;why="not yet"', false],
  ['Upload-Incomplete', '?1', true],
  ['Upload-Draft-Interop-Version', '8', 8],
  ['Upload-Draft-Interop-Version', '12345', 12_345],
  ['tus number', '0', 0],
  ['tus number', '007', 7],
  ['tus number', '9007199254740991', Number.MAX_SAFE_INTEGER],
  ['Upload-Limit', '', NO_UPLOAD_LIMIT],
  ['Upload-Limit', 'max-size=1234567890', { ...NO_UPLOAD_LIMIT, maxSize: 1_234_567_890 }],
  ['Upload-Limit', 'min-size=0', { ...NO_UPLOAD_LIMIT, minSize: 0 }],
  ['Upload-Limit', 'expires=60', { ...NO_UPLOAD_LIMIT, maxAge: 60 }],
  ['Upload-Limit', 'expires=60, max-age=50', { ...NO_UPLOAD_LIMIT, maxAge: 50 }],
  ['Upload-Limit', 'max-size=1, max-size=2', { ...NO_UPLOAD_LIMIT, maxSize: 2 }],
  ['Upload-Limit', 'other="max-size=1.5", max-append-size=9;a, min-append-size=3, (a b)', null],
  ['Upload-Checksum', 'sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=', null],
  ['Upload-Concat', 'partial', { kind: 'partial' }],
  ['Upload-Concat', 'final;/files/a /files/b', { kind: 'final', parts: ['/files/a', '/files/b'] }],
  ['Upload-Concat', 'final; /files/a  /files/a ', { kind: 'final', parts: ['/files/a', '/files/a'] }],
])('%s: %j is read', (name, value, meant) => {
  const parsed = PARSERS[name]!(value);
  if (meant !== null) expect(parsed).toEqual(meant);
  else if (name === 'Upload-Checksum') expect(parsed).toMatchObject({ algorithm: 'sha1' });
  else expect(parsed).toBeInstanceOf(FieldFault);
});

test.each([
  ['Upload-Offset', '', 'syntax', 0],
  ['Upload-Offset', '-1', 'syntax', 0],
  ['Upload-Offset', ' 5.0', 'syntax', 1],
  ['Upload-Offset', '5, 6', 'syntax', 1],
  ['Upload-Offset', '"5"', 'syntax', 0],
  ['Upload-Offset', '1000000000000000', 'number-too-large', 16],
  ['Upload-Length', '?1', 'syntax', 0],
  ['Upload-Complete', '1', 'syntax', 0],
  ['Upload-Complete', '?2', 'syntax', 2],
  ['Upload-Complete', 'true', 'syntax', 0],
  ['Upload-Limit', 'max-size', 'syntax', 8],
  ['Upload-Limit', 'max-size=5.0', 'syntax', 9],
  ['Upload-Limit', 'min-size=0, max-age="1"', 'syntax', 20],
  ['Upload-Limit', 'max-age=-1', 'syntax', 8],
  ['Upload-Limit', 'max-size=(1 2)', 'syntax', 9],
  ['tus number', '', 'syntax', 0],
  ['tus number', '5;a', 'syntax', 1],
  ['tus number', '-1', 'syntax', 0],
  ['tus number', '9007199254740992', 'number-too-large', 0],
  ['Upload-Metadata', '', 'syntax', 0],
  ['Upload-Metadata', 'a,', 'syntax', 2],
  ['Upload-Metadata', 'a YQ==,a YQ==', 'syntax', 7],
  ['Upload-Metadata', 'a YQ=', 'syntax', 2],
  ['Upload-Metadata', 'a  YQ==', 'syntax', 2],
  ['Upload-Metadata', 'a YQ== b', 'syntax', 2],
  ['Upload-Metadata', 'ä YQ==', 'syntax', 0],
  ['Upload-Checksum', '', 'syntax', 0],
  ['Upload-Checksum', 'SHA1 YQ==', 'syntax', 0],
  ['Upload-Checksum', 'sha1', 'syntax', 4],
  ['Upload-Checksum', 'sha1 ', 'syntax', 5],
  ['Upload-Checksum', 'sha1 YQ', 'syntax', 5],
  ['Upload-Checksum', 'sha1 YQ== YQ==', 'syntax', 5],
  ['Upload-Concat', '', 'syntax', 0],
  ['Upload-Concat', 'Partial', 'syntax', 0],
  ['Upload-Concat', 'final', 'syntax', 0],
  ['Upload-Concat', 'final; ', 'syntax', 7],
])('%s: %j is refused as %s at %i', (name, value, code, at) => {
  expect(PARSERS[name]!(value)).toBeInstanceOf(FieldFault);
  expect(PARSERS[name]!(value)).toMatchObject({ code, at });
});

test('lists end somewhere', () => {
  const pairs = Array.from({ length: 101 }, (_value, index) => `k${index}`).join(',');
  expect(parseUploadMetadata(pairs)).toMatchObject({ code: 'too-many', at: pairs.lastIndexOf('k') });
  const parts = `final;${'/a '.repeat(MOST_PARTIALS + 1)}`;
  expect(parseUploadConcat(parts)).toMatchObject({ code: 'too-many', at: 6 });
});

test('metadata keeps the order of its keys, and bytes as they are', () => {
  const parsed = parseUploadMetadata('filename d29ybGQ=, is_confidential,raw /wA=');
  expect(parsed).toEqual(
    new Map([
      ['filename', new TextEncoder().encode('world')],
      ['is_confidential', new Uint8Array(0)],
      ['raw', Uint8Array.of(0xff, 0)],
    ]),
  );
});

describe('what is written is read back', () => {
  const number = fc.nat({ max: 999_999_999_999_999 });
  test('numbers and booleans', () => {
    fc.assert(
      fc.property(number, fc.boolean(), (bytes, complete) => {
        expect(parseUploadOffset(writeUploadOffset(bytes))).toBe(bytes);
        expect(parseUploadLength(writeUploadLength(bytes))).toBe(bytes);
        expect(parseTusNumber('Upload-Length', writeUploadLength(bytes))).toBe(bytes);
        expect(parseUploadComplete(writeUploadComplete(complete))).toBe(complete);
      }),
    );
  });

  test('limits, by either name of the age', () => {
    const some = fc.option(number);
    const limit = fc
      .record({ maxSize: some, minSize: some, maxAppendSize: some, minAppendSize: some, maxAge: some })
      .filter((members) => Object.values(members).some((member) => member !== null));
    fc.assert(
      fc.property(limit, fc.constantFrom('max-age' as const, 'expires' as const), (meant, age) => {
        expect(parseUploadLimit(writeUploadLimit(meant, age))).toEqual(meant);
      }),
    );
    expect(writeUploadLimit(NO_UPLOAD_LIMIT)).toBe('min-size=0');
  });

  test('metadata, checksums and lists of parts', () => {
    const key = fc.stringMatching(/^[!-+\--~]{1,8}$/);
    const bytes = fc.uint8Array({ maxLength: 20 });
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(key, bytes), { selector: ([name]) => name, minLength: 1 }),
        (pairs) => {
          expect(parseUploadMetadata(writeUploadMetadata(new Map(pairs)))).toEqual(new Map(pairs));
        },
      ),
    );
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), (checksum) => {
        const meant = { algorithm: 'sha1', bytes: checksum };
        expect(parseUploadChecksum(writeUploadChecksum(meant))).toEqual(meant);
      }),
    );
    fc.assert(
      fc.property(
        fc.array(
          fc.webPath({ size: 'small' }).map((path) => `/${path}`),
          { minLength: 1 },
        ),
        (parts) => {
          const meant = { kind: 'final' as const, parts };
          expect(parseUploadConcat(writeUploadConcat(meant))).toEqual(meant);
        },
      ),
    );
  });
});

test('nothing makes a reader throw, and a fault is within the value', () => {
  const value = fc.oneof(
    fc.string({ unit: fc.integer({ min: 0, max: 0xff }).map((code) => String.fromCharCode(code)) }),
    fc.stringMatching(/^[a-z0-9=?;:",. ()-]{0,20}$/),
  );
  fc.assert(
    fc.property(value, (text) => {
      for (const parse of Object.values(PARSERS)) {
        const parsed = parse(text);
        if (parsed instanceof FieldFault) expect(parsed.at).toBeLessThanOrEqual(text.length);
      }
    }),
    { numRuns: 1000 },
  );
});

test('the versions differ as their drafts do', () => {
  const dialects = INTEROP_VERSIONS.map(uploadDialect);
  expect(dialects.map(({ completeField }) => completeField)).toEqual([
    'Upload-Incomplete',
    ...Array.from({ length: 5 }, () => 'Upload-Complete'),
  ]);
  expect(dialects.map(({ progress }) => progress)).toEqual([false, false, true, true, true, true]);
  expect(dialects.map(({ limits, partialType }) => limits && partialType !== null)).toEqual(
    dialects.map(({ version }) => version >= 6),
  );
  expect(dialects.map(({ ageLimit }) => ageLimit)).toEqual([
    ...Array.from({ length: 4 }, () => 'expires'),
    'max-age',
    'max-age',
  ]);
  expect([2, 3, 8, 9].map(knownInteropVersion)).toEqual([null, 3, 8, null]);
});
