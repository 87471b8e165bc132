// Every rule by its breach: the clean exchange gives no note, the changed one exactly its own, at the very byte,
// whatever ends are held and however the records are split.

import { describe, expect, it } from 'vitest';
import type { CaptureRecord, End } from '../../../../shared/capture/records.ts';
import { NoteLevel } from '../../../../shared/model/events.ts';
import { NOTES_OF_A_RULE } from '../../../../shared/model/rules/notebook.ts';
import { NEVER_NOTED, RULES, type RuleId } from '../../../../shared/model/rules/rules.ts';
import { decode, encode, withoutCustomBlocks } from '../../capture/session-bytes.ts';
import { breaches } from './breaches.ts';
import { changed, recordsOf } from './changed.ts';
import { notesOf } from './notes-of.ts';
import { encoded, type Event, type Scenario, scenarios, wire } from './scenarios.ts';

const ENDS: readonly (readonly End[])[] = [['client', 'server'], ['client'], ['server']];

/** One record a byte; of what is very long, a few thousand records. */
function split(records: readonly CaptureRecord[]): CaptureRecord[] {
  return records.flatMap((record) => {
    if (record.kind !== 'sent' && record.kind !== 'received') return [record];
    const step = Math.ceil(record.length / 2_000);
    return Array.from({ length: Math.ceil(record.length / step) }, (_, i) => {
      const from = i * step;
      const length = Math.min(step, record.length - from);
      const bytes = record.bytes?.subarray(from, from + length) ?? null;
      return { ...record, offset: record.offset + from, length, bytes };
    });
  });
}

/** Where a text stands in what one side sends, on the connection where it does. */
function placeOf(events: readonly Event[], by: 'C' | 'S', text: string): { connection: number; at: number } {
  let connection = 0;
  let stream = '';
  for (const event of [...events, ['open'] as const]) {
    if (event[0] === 'open') {
      const at = stream.indexOf(wire(text));
      if (at !== -1) return { connection, at: encoded(stream.slice(0, at)).length };
      connection++;
      stream = '';
    } else if (event[0] === by) stream += wire(event[1]);
  }
  throw new Error(`"${text}" is not sent`);
}

/** Saved, and opened again. */
function opened(records: readonly CaptureRecord[], bare: boolean): readonly CaptureRecord[] {
  const file = encode(records.map((record) => ({ record, keep: true })));
  return decode(bare ? withoutCustomBlocks(file) : file).records;
}

describe.each(Object.values<Scenario>(scenarios))('$name', ({ events }) => {
  it.each(ENDS.map((ends) => ({ ends })))('gives no note, seen from $ends', ({ ends }) => {
    expect(notesOf(recordsOf(events, ends))).toEqual([]);
    expect(notesOf(split(recordsOf(events, ends)))).toEqual([]);
  });
});

describe.each(breaches)('$rule', (breach) => {
  const { rule, by, at, skip = 0 } = breach;
  it.each(ENDS.map((ends) => ({ ends })))(
    'is noted where it is broken, once, seen from $ends',
    ({ ends }) => {
      const events = changed(scenarios[breach.in], breach.change);
      const place = placeOf(events, by === 'client' ? 'C' : 'S', at);
      const expected = [
        {
          rule,
          by,
          source: RULES[rule].source,
          level: NoteLevel[RULES[rule].level],
          at: place.at + skip,
          stream: by === 'client' ? 0 : 1,
          connection: place.connection,
        },
      ];
      expect(notesOf(recordsOf(events, ends))).toEqual(expected);
      expect(notesOf(split(recordsOf(events, ends)))).toEqual(expected);
      expect(notesOf(opened(recordsOf(events, ends), false))).toEqual(expected);
      expect(notesOf(opened(recordsOf(events, ends), true))).toEqual(expected);
    },
  );
});

it('has a breach for every rule', () => {
  const shown = new Set<RuleId>(breaches.map(({ rule }) => rule));
  const all = Object.keys(RULES) as RuleId[];
  expect(all.filter((rule) => !shown.has(rule) && !NEVER_NOTED.has(rule))).toEqual([
    'notes-left-out',
    'events-left-out',
  ]);
});

it('says of every rule whose it is, in a sentence', () => {
  for (const { source, says } of Object.values(RULES)) {
    expect(source).toMatch(
      /^(RFC \d+ §[\d.]+(, RFC \d+ §[\d.]+)?|draft-[a-z-]+|tus 1\.0\.0|HTML §[\d.]+|one rule, one exchange|an exchange without end|seen in practice)$/,
    );
    expect(says).toMatch(/^[A-Z].*\.$/s);
  }
});

it('notes a rule a hundred times in one exchange, and then says that it stops', () => {
  const lines = Array.from({ length: 150 }, () => '1␊a\n').join('');
  const events: Event[] = [
    ['open'],
    ['C', `POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n${lines}0\n\n`],
    ['S', 'HTTP/1.1 200 OK\nContent-Length: 0\n\n'],
    ['C', 'GET / HTTP/1.1\nHost: a\nA: b␊\n'],
    ['S', 'HTTP/1.1 200 OK\nContent-Length: 0\n\n'],
  ];
  const notes = notesOf(recordsOf(events, ['client', 'server']));
  const first = notes.slice(0, NOTES_OF_A_RULE);
  expect(first.every(({ rule }) => rule === 'bare-lf')).toBe(true);
  // Another exchange has its own hundred.
  expect(notes.slice(NOTES_OF_A_RULE).map(({ rule, source }) => [rule, source])).toEqual([
    ['notes-left-out', 'bare-lf'],
    ['bare-lf', RULES['bare-lf'].source],
  ]);
});
