// Notes that people write beside a session: each finds what it is beside again, the newest of its words stands, and exports
// tell no other.

import { describe, expect, it } from 'vitest';
import type { CaptureRecord, RemarkRecord } from '../../../shared/capture/records.ts';
import { MOST_REMARK_RECORDS } from '../../../shared/capture/remark.ts';
import { toCurl } from '../../../shared/export/curl.ts';
import { toHar } from '../../../shared/export/har.ts';
import { toHttp } from '../../../shared/export/http.ts';
import { lossesOf } from '../../../shared/export/losses.ts';
import type { ReadBytes } from '../../../shared/export/message.ts';
import { toNdjson } from '../../../shared/export/ndjson.ts';
import { toTraceEvents } from '../../../shared/export/trace-event.ts';
import { type Expression, FilterFault } from '../../../shared/filter/filter.ts';
import { Matcher } from '../../../shared/filter/matcher.ts';
import { parseFilter } from '../../../shared/filter/parse.ts';
import { Vocabulary } from '../../../shared/filter/vocabulary.ts';
import { Kind } from '../../../shared/model/events.ts';
import type { Model } from '../../../shared/model/model.ts';
import {
  placeOfEvent,
  placeOfMoment,
  type PlacedAt,
  rowOfPlace,
} from '../../../shared/model/remark-places.ts';
import { firstWords } from '../../../shared/model/remarks.ts';
import { head, modelOf, sized } from './told.ts';
import { Transcript } from './transcript.ts';

/** Two interim responses in one read, a final one, and another exchange on a connection of its own. */
const played = new Transcript()
  .open()
  .send('client', head('GET /job HTTP/1.1', 'Host: a'))
  .send(
    'server',
    head('HTTP/1.1 102 Processing', 'Progress: 1/2') + head('HTTP/1.1 102 Processing', 'Progress: 2/2'),
  )
  .send('server', sized('done', 'HTTP/1.1 200 OK'))
  .close('client', 'fin', 'client')
  .close('server', 'fin', 'client')
  .open()
  .send('client', head('GET /other HTTP/1.1', 'Host: a'))
  .send('server', sized('no', 'HTTP/1.1 404 Not Found')).records;
const plain = modelOf(played);
const END = played.at(-1)!.time;

const remark = (id: number, place: PlacedAt, text: string): RemarkRecord => ({
  kind: 'remark',
  time: END + 60e9,
  id,
  ...place,
  text,
});
const rowsOf = (model: Model, kind: Kind): number[] =>
  Array.from({ length: model.events.length }, (_, row) => row).filter(
    (row) => model.events.columns.kind[row] === kind,
  );
const withRemarks = (...remarks: CaptureRecord[]): Model => modelOf([...played, ...remarks]);
const read: ReadBytes = () => Promise.resolve({ bytes: new Uint8Array(), kept: true });

describe('what a note is beside', () => {
  it('is every event of a session, found again by what is stored of it', () => {
    const { events } = plain;
    const found = Array.from({ length: events.length }, (_, row) => {
      const at = rowOfPlace(events, placeOfEvent(events, row))!;
      // Two of one kind, time and position are one and the same to whoever looks.
      return [events.columns.kind[at], events.columns.time[at], events.text(at)];
    });
    expect(found).toEqual(
      Array.from({ length: events.length }, (_, row) => [
        events.columns.kind[row],
        events.columns.time[row],
        events.text(row),
      ]),
    );
  });

  it('is told apart by its position where two came at once', () => {
    const [first, second] = rowsOf(plain, Kind.interimReceived);
    expect(plain.events.columns.time[first!]).toBe(plain.events.columns.time[second!]);
    expect(rowOfPlace(plain.events, placeOfEvent(plain.events, second!))).toBe(second);
    expect(rowOfPlace(plain.events, placeOfEvent(plain.events, first!))).toBe(first);
  });

  it('is the last of its connection before it, where nothing is at that time any more', () => {
    const beside = { event: 'interimReceived', time: END * 2, position: 7 };
    const row = rowOfPlace(plain.events, { connection: 1, beside })!;
    expect(plain.events.row(row)).toMatchObject({ connection: 1, kind: Kind.connectionClosed });
    expect(rowOfPlace(plain.events, { connection: 9, beside })).toBeNull();
  });

  it('may be a moment at which nothing happened', () => {
    const [one] = withRemarks(remark(1, placeOfMoment(1_500_000), 'now')).remarks.list();
    expect(one).toMatchObject({ beside: null, connection: 0, exchange: null, time: 1_500_000 });
  });
});

describe('the notes of a session', () => {
  const [interim] = rowsOf(plain, Kind.interimReceived);
  const [, request] = rowsOf(plain, Kind.exchange);
  const place = placeOfEvent(plain.events, interim!);
  const other = placeOfEvent(plain.events, request!);

  it('are changed as often as a session may hold, whatever a file has more', () => {
    const changes = Array.from({ length: MOST_REMARK_RECORDS + 5 }, (_, at) =>
      remark(1, placeOfMoment(0), `Change ${at + 1}`),
    );
    const { remarks } = withRemarks(...changes);
    expect(remarks.rows).toBe(MOST_REMARK_RECORDS);
    expect(remarks.get(1)?.text).toBe(`Change ${MOST_REMARK_RECORDS}`);
  });

  it('stand in the order of what they are beside, whenever they were written', () => {
    const { remarks } = withRemarks(remark(1, other, 'Who asks?'), remark(2, place, 'Half is done.'));
    expect(remarks.list().map(({ id, exchange, text }) => [id, exchange, text])).toEqual([
      [2, 0, 'Half is done.'],
      [1, 1, 'Who asks?'],
    ]);
    expect(remarks.beside(interim!)?.id).toBe(2);
    expect(remarks.next).toBe(3);
  });

  it('say what was written last, and nothing once they are taken back', () => {
    const changed = withRemarks(remark(1, place, 'one'), remark(1, place, 'two'));
    expect(changed.remarks.list().map(({ text }) => text)).toEqual(['two']);
    expect(changed.remarks.replaced).toBe(1);
    const gone = withRemarks(remark(1, place, 'one'), remark(1, place, ''), remark(2, other, 'three'));
    expect(gone.remarks.list().map(({ text }) => text)).toEqual(['three']);
    expect(gone.remarks.next).toBe(3);
  });

  it('make a session no longer, however late they are written', () => {
    expect(withRemarks(remark(1, place, 'late')).endTime).toBe(plain.endTime);
  });

  it('are found by a filter, as long as they say so', () => {
    const model = withRemarks(
      remark(1, place, 'a needle'),
      remark(2, other, 'haystack'),
      remark(2, other, 'hay'),
    );
    const matching = (text: string): number[] => {
      const expression = parseFilter(text);
      if (expression === null || expression instanceof FilterFault) throw new Error(text);
      const matcher = new Matcher(model, expression);
      matcher.update();
      return Array.from(matcher.list().values.subarray(0, matcher.count));
    };
    const moment = withRemarks(remark(1, placeOfMoment(1_000_000), 'a moment'));
    const mine = new Matcher(moment, parseFilter('note:mine')! as Expression);
    mine.update();
    expect([mine.count, mine.takesNote(moment.remarks.get(1)!.row)]).toEqual([0, true]);
    expect(matching('note:mine')).toEqual([0, 1]);
    expect(matching('needle')).toEqual([0]);
    expect(matching('haystack')).toEqual([]);
    const vocabulary = new Vocabulary(model);
    vocabulary.update();
    expect(vocabulary.notes.get('mine')).toBe(2);
  });

  it('are in every export, without what they said before', async () => {
    const model = withRemarks(
      remark(1, place, 'secret'),
      remark(1, place, 'First line\nsecond */ line'),
      remark(2, placeOfMoment(1_000_000), 'A moment'),
      remark(3, other, 'withdrawn'),
      remark(3, other, ''),
    );
    const info = { startedAt: 0, title: 'Session' };
    const har = await toHar(model, read, info);
    expect(har.log.entries.map(({ comment }) => comment)).toEqual(['First line\nsecond */ line', undefined]);
    expect(har.log.comment).toContain('Note at 0.001000 s: A moment');
    const http = await toHttp(model, read);
    expect(http).toContain('#### Note: First line\r\n#### Note: second */ line\r\n');
    expect(http).toContain('#### Note at 0.001000 s: A moment\r\n');
    let curl = '';
    for await (const piece of toCurl(model, read, 'Session')) curl += piece;
    expect(curl).toContain('# Note: First line\n# Note: second */ line\n');
    const ndjson = [...toNdjson(model, info)].join('').trimEnd().split('\n');
    const lines = ndjson.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines[0]!['events']).toBe(lines.length - 1);
    expect(lines.filter(({ kind }) => kind === 'remark').map(({ id, text }) => [id, text])).toEqual([
      [1, 'First line\nsecond */ line'],
      [2, 'A moment'],
    ]);
    const trace = JSON.parse([...toTraceEvents(model, 'Session')].join('')) as {
      traceEvents: { cat?: string; name: string; ts?: number }[];
    };
    expect(trace.traceEvents.filter(({ cat }) => cat === 'remark').map(({ name }) => name)).toEqual([
      'A moment',
      'First line\nsecond */ line',
    ]);
    for (const text of [JSON.stringify(har), http, curl, ndjson.join(), JSON.stringify(trace)]) {
      expect(text).not.toContain('secret');
      expect(text).not.toContain('withdrawn');
    }
    expect(lossesOf(model, 0).find(({ what }) => what === 'Your notes')?.count).toBe(2);
  });
});

describe('the first words of a note', () => {
  it.each([
    ['one\n two\t three', 20, 'one two three'],
    ['👍👍👍👍', 3, '👍👍…'],
    ['exactly', 7, 'exactly'],
  ])('%j within %i is %j', (text, most, words) => {
    expect(firstWords(text, most)).toBe(words);
  });
});
