// What every field keeps to: what is written is read back, nothing makes a reader throw, and a fault has its place.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAcceptLanguage } from '../../../shared/fields/accept-language.ts';
import { parseAcknowledge, writeAcknowledge } from '../../../shared/fields/acknowledge.ts';
import { parseContentOffset, writeContentOffset } from '../../../shared/fields/content-offset.ts';
import { parseContentRange, writeContentRange } from '../../../shared/fields/content-range.ts';
import { parseEntityTag, parseEntityTags, writeEntityTag } from '../../../shared/fields/entity-tag.ts';
import { parseExpect } from '../../../shared/fields/expect.ts';
import { FieldFault } from '../../../shared/fields/fault.ts';
import { parseHttpDate, writeHttpDate } from '../../../shared/fields/http-date.ts';
import { resolveLocation } from '../../../shared/fields/location.ts';
import { parsePrefer, writePrefer } from '../../../shared/fields/prefer.ts';
import { parseProgress, writeProgress } from '../../../shared/fields/progress.ts';
import type { ProgressItem } from '../../../shared/fields/progress.ts';
import { parseRange, writeRange } from '../../../shared/fields/range.ts';
import { parseStatusUri, writeStatusUri } from '../../../shared/fields/status-uri.ts';

interface FieldCase {
  readonly name: string;
  readonly parse: (value: string) => unknown;
  /** Values as a writer makes them, with what was written. */
  readonly written: fc.Arbitrary<{ readonly value: string; readonly meant: unknown }>;
  /** What a reader gives, in the form of `meant`. */
  readonly said: (parsed: never) => unknown;
  /** How far behind the spoilt character the reader may notice: the structured-fields parser is one ahead. */
  readonly late?: number;
}

const integer = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const token = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,8}$/);
/** Everything that a quoted-string or a comment can hold, obs-text too. */
const text = fc.string({
  unit: fc
    .integer({ min: 0x20, max: 0xff })
    .filter((code) => code !== 0x7f)
    .map((code) => String.fromCharCode(code)),
  maxLength: 12,
});
const reference = fc.stringMatching(/^[\x21\x23-\x3b\x3d\x3f-\x7e]{0,12}$/);
const language = fc.constantFrom('', 'en', 'ja-JP', 'sr-Latn-RS');

function written<T>(meant: fc.Arbitrary<T>, write: (meant: T) => string): FieldCase['written'] {
  return meant.map((value) => ({ value: write(value), meant: value }));
}

const fraction = fc.record({ numerator: integer, denominator: fc.option(integer) });
const item: fc.Arbitrary<ProgressItem> = fc.oneof(
  fraction.map((part) => ({ kind: 'fraction' as const, ...part })),
  text.map((said) => ({ kind: 'comment' as const, text: said })),
  text.map((said) => ({ kind: 'quoted' as const, text: said })),
  fc
    .tuple(fc.string({ unit: 'grapheme', maxLength: 6 }), language)
    .map(([said, tag]) => ({ kind: 'text' as const, text: said, language: tag })),
);

const preference = fc.record({
  name: token.map((name) => name.toLowerCase()),
  value: text,
  parameters: fc.dictionary(
    token.map((name) => name.toLowerCase()),
    text,
    { maxKeys: 3, noNullPrototype: true },
  ),
});

const entityTag = fc.record({
  weak: fc.boolean(),
  tag: fc.stringMatching(/^[\x21\x23-\x7e\x80-\xff]{0,8}$/),
});

const contentRange = fc
  .record({
    unit: fc.constantFrom('bytes' as const, null),
    first: fc.option(fc.nat({ max: 2 ** 40 })),
    span: fc.option(fc.nat({ max: 2 ** 40 })),
    rest: fc.option(fc.nat({ max: 2 ** 40 })),
  })
  .map(({ unit, first, span, rest }) => {
    if (first === null) return { unit, first, last: null, complete: rest ?? 0 };
    const last = span === null ? null : first + span;
    return { unit, first, last, complete: rest === null ? null : (last ?? first) + 1 + rest };
  });

const rangeSpec = fc.oneof(
  integer.map((suffix) => ({ suffix })),
  fc.tuple(integer, fc.option(integer)).map(([a, b]) => ({
    first: b === null ? a : Math.min(a, b),
    last: b === null ? null : Math.max(a, b),
  })),
);

const contentOffset = fc
  .record({ offset: fc.nat({ max: 2 ** 48 }), rest: fc.option(fc.nat({ max: 2 ** 48 })) })
  .map(({ offset, rest }) => ({
    offset,
    unit: 'bytes' as const,
    complete: rest === null ? null : offset + rest,
  }));

const seconds = fc.integer({ min: -62_167_219_200, max: 253_402_300_799 }).map((since) => since * 1_000);

const weighted = fc.record({
  range: fc.constantFrom('*', 'en', 'de-CH', 'zh-Hant-CN-x-private1', 'es-419'),
  weight: fc.integer({ min: 0, max: 1_000 }).map((thousandths) => thousandths / 1_000),
});

const FIELDS: readonly FieldCase[] = [
  {
    name: 'Progress',
    parse: parseProgress,
    written: written(fc.tuple(fraction, fc.array(item, { maxLength: 5 })), ([first, items]) =>
      writeProgress(first, items),
    ),
    said: ({ remarks }: Exclude<ReturnType<typeof parseProgress>, FieldFault>) => {
      const [first, ...items] = remarks.map(({ at: _at, depth: _depth, ...said }) => said);
      const { kind: _kind, ...numbers } = first!;
      return [numbers, items];
    },
  },
  {
    name: 'Status-URI',
    parse: parseStatusUri,
    written: written(
      fc.array(fc.record({ status: fc.integer({ min: 100, max: 999 }), reference }), { maxLength: 4 }),
      writeStatusUri,
    ),
    said: (results: unknown) => results,
  },
  {
    name: 'Prefer',
    parse: parsePrefer,
    written: written(fc.uniqueArray(preference, { maxLength: 4, selector: ({ name }) => name }), writePrefer),
    said: (preferences: Exclude<ReturnType<typeof parsePrefer>, FieldFault>) =>
      [...preferences].map(([name, { value, parameters }]) => ({
        name,
        value,
        parameters: Object.fromEntries(parameters),
      })),
  },
  {
    name: 'Content-Range',
    parse: parseContentRange,
    written: written(contentRange, writeContentRange),
    said: (range: unknown) => range,
  },
  {
    name: 'Content-Offset',
    parse: parseContentOffset,
    written: written(contentOffset, writeContentOffset),
    said: (offset: unknown) => offset,
    late: 1,
  },
  {
    name: 'Range',
    parse: parseRange,
    written: written(fc.array(rangeSpec, { minLength: 1, maxLength: 5 }), writeRange),
    said: ({ specs }: { specs: unknown }) => specs,
  },
  {
    name: 'Acknowledge',
    parse: parseAcknowledge,
    written: written(integer, writeAcknowledge),
    said: (bytes: unknown) => bytes,
  },
  {
    name: 'ETag',
    parse: parseEntityTag,
    written: written(entityTag, writeEntityTag),
    said: (tag: unknown) => tag,
  },
  {
    name: 'If-Match',
    parse: parseEntityTags,
    written: written(fc.array(entityTag, { minLength: 1, maxLength: 4 }), (tags) =>
      tags.map(writeEntityTag).join(', '),
    ),
    said: (tags: unknown) => tags,
  },
  {
    name: 'Last-Modified',
    parse: parseHttpDate,
    written: written(seconds, writeHttpDate),
    said: (moment: unknown) => moment,
  },
  {
    name: 'Accept-Language',
    parse: parseAcceptLanguage,
    written: written(fc.array(weighted, { maxLength: 4 }), (ranges) =>
      ranges.map(({ range, weight }) => `${range};q=${weight}`).join(', '),
    ),
    said: (ranges: unknown) => ranges,
  },
  {
    name: 'Expect',
    parse: parseExpect,
    written: written(
      fc.record({
        continue: fc.boolean(),
        others: fc.array(
          token.map((name) => name.toLowerCase()).filter((name) => name !== '100-continue'),
          { maxLength: 3 },
        ),
      }),
      (expectations) =>
        [...(expectations.continue ? ['100-continue'] : []), ...expectations.others].join(', '),
    ),
    said: (expectations: unknown) => expectations,
  },
  {
    name: 'Location',
    parse: (value) => resolveLocation(value, 'http://example.com/'),
    written: written(
      fc
        .stringMatching(/^[A-Za-z0-9._~!$&'()*+,;=:@-]{1,12}$/)
        .filter((segment) => !/^\.{1,2}$/.test(segment)),
      (segment) => `/${segment}`,
    ),
    said: ({ url }: { url: URL }) => url.pathname.slice(1),
  },
];

/** Characters that the grammars are made of, so that many values get far. */
const ALPHABET = '0129/-*=;,:"\'\\() <>%AaEeq.bytesW+éGMT\t\u0000\u0100';

describe.each(FIELDS)('$name', ({ parse, written, said, late = 0 }) => {
  test('what is written is read back', () => {
    fc.assert(
      fc.property(written, ({ value, meant }) => {
        const parsed = parse(value);
        if (parsed instanceof FieldFault) throw new Error(`${value}: ${parsed.message}`);
        expect(said(parsed as never)).toEqual(meant);
      }),
    );
  });

  test('no value makes it throw, and a fault lies within it', () => {
    const any = fc.oneof(
      fc.string({ unit: fc.constantFrom(...ALPHABET), maxLength: 30 }),
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc
        .tuple(written, fc.nat(), fc.nat(), fc.string({ unit: fc.constantFrom(...ALPHABET), maxLength: 3 }))
        .map(([{ value }, from, count, inserted]) => {
          const at = from % (value.length + 1);
          return value.slice(0, at) + inserted + value.slice(at + (count % 4));
        }),
    );
    fc.assert(
      fc.property(any, (value) => {
        const parsed = parse(value);
        if (!(parsed instanceof FieldFault)) return;
        expect(parsed.at).toBeGreaterThanOrEqual(0);
        expect(parsed.at).toBeLessThanOrEqual(value.length);
        expect(parsed.message).toMatch(/\.$/);
      }),
      { numRuns: 500 },
    );
  });

  // A control character is allowed nowhere, so a reader never gets past it: it faults there, or where what it is part of begins.
  test('a character that is spoilt is told there or before', () => {
    fc.assert(
      fc.property(
        written.filter(({ value }) => value !== ''),
        fc.nat(),
        ({ value }, place) => {
          const spoilt = place % value.length;
          const fault = parse(`${value.slice(0, spoilt)}\u0000${value.slice(spoilt + 1)}`);
          expect(fault).toBeInstanceOf(FieldFault);
          expect((fault as FieldFault).at).toBeLessThanOrEqual(spoilt + late);
        },
      ),
    );
  });

  test('64 KiB that lead nowhere are refused', () => {
    for (const start of ['', '1/2 ', 'bytes=', '"', '(', 'a="', '5;a="', '<', "UTF-8'en'"]) {
      for (const filler of ['a', '(', ' ', '0', '\\', ',', '"', '%41', 'a ', '; ']) {
        const parsed = parse(start + filler.repeat((64 * 1024) / filler.length) + '\u0000');
        expect(parsed).toBeInstanceOf(FieldFault);
      }
    }
  });
});
