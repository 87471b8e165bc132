import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Field } from '../../../renderer/compose/draft.ts';
import {
  expectsContinue,
  fieldsText,
  movedField,
  preferenceOf,
  readFields,
  withContinue,
  withField,
  withoutField,
  withPreference,
} from '../../../renderer/compose/fields.ts';

const ABC: readonly Field[] = [
  ['A', '1'],
  ['b', '2'],
  ['C', ''],
];

describe('the list of fields', () => {
  it.each([
    ['a change', withField(ABC, 1, ['B', '3']), 'A: 1\nB: 3\nC:'],
    ['a removal', withoutField(ABC, 0), 'b: 2\nC:'],
    ['a move up', movedField(ABC, 2, -1), 'A: 1\nC:\nb: 2'],
    ['a move down', movedField(ABC, 0, 1), 'b: 2\nA: 1\nC:'],
    ['a move beyond an end', movedField(ABC, 0, -1), 'A: 1\nb: 2\nC:'],
  ])('keeps order and case through %s', (_, fields, text) => {
    expect(fieldsText(fields)).toBe(text);
  });

  it('reads what is pasted from elsewhere, with CRLF, blank lines and blanks', () => {
    expect(readFields('Host:example.org\r\n\r\n  Accept :  */* \nEmpty:\n')).toEqual([
      ['Host', 'example.org'],
      ['Accept', '*/*'],
      ['Empty', ''],
    ]);
  });

  it.each([
    ['A: 1\nno field', 2],
    [': no name', 1],
  ])('says which line of %j is no field', (text, line) => {
    expect(readFields(text)).toBe(`Line ${line} is no field: write it as “Name: value”.`);
  });

  it('reads back what it writes', () => {
    const part = fc.stringMatching(/^[!-9;-~]{1,12}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(part, fc.oneof(part, fc.constant('')))), (fields) => {
        expect(readFields(fieldsText(fields))).toEqual(fields);
      }),
    );
  });
});

describe('Expect at hand', () => {
  it('is written at the end, and taken out again', () => {
    const on = withContinue(ABC, true);
    expect(fieldsText(on)).toBe('A: 1\nb: 2\nC:\nExpect: 100-continue');
    expect(expectsContinue(on)).toBe(true);
    expect(withContinue(on, true)).toBe(on);
    expect(withContinue(on, false)).toEqual(ABC);
  });

  it('leaves an expectation of something else alone', () => {
    const other: readonly Field[] = [['expect', 'else=1']];
    expect(expectsContinue(other)).toBe(false);
    expect(withContinue(other, false)).toEqual(other);
  });
});

describe('Prefer at hand', () => {
  it.each<[string, readonly Field[], string, string | null, string]>([
    ['a new field', [], 'processing', '', 'Prefer: processing'],
    ['what is there', [['prefer', 'wait=10']], 'processing', '', 'prefer: wait=10, processing'],
    ['a value', [['Prefer', 'wait=10, resume']], 'wait', '1', 'Prefer: resume, wait=1'],
    ['parameters of others', [['Prefer', 'foo; bar=2, resume']], 'resume', null, 'Prefer: foo; bar=2'],
    ['nothing that is left', [['Prefer', 'resume']], 'resume', null, ''],
    [
      'each of several fields',
      [
        ['Prefer', 'resume'],
        ['Prefer', 'wait=1, resume'],
      ],
      'resume',
      null,
      'Prefer: wait=1',
    ],
    ['what cannot be read', [['Prefer', '"']], 'resume', '', 'Prefer: "\nPrefer: resume'],
  ])('keeps %s', (_, fields, name, value, text) => {
    const changed = withPreference(fields, name, value);
    expect(fieldsText(changed)).toBe(text);
    expect(preferenceOf(changed, name)).toBe(value);
  });
});
