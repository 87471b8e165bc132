// An exchange without end takes little more room than a long one, and says so; what it adds up to is whole.

import { describe, expect, it } from 'vitest';
import type { CaptureRecord, End } from '../../../shared/capture/records.ts';
import { Deriver } from '../../../shared/model/derive.ts';
import { EventTable, Kind, Layer } from '../../../shared/model/events.ts';
import { isKept, Stretches } from '../../../shared/model/kept-events.ts';
import { BarKind, Model } from '../../../shared/model/model.ts';
import { head } from './told.ts';
import { Transcript } from './transcript.ts';

/** Few enough for a test to go past it many times. */
const ALL_KEPT = 10_000;

/** How many of the first n events become rows. */
function keptOf(n: number): number {
  let kept = 0;
  for (let i = 0; i < n; i++) if (isKept(i, ALL_KEPT)) kept++;
  return kept;
}

/** One answer that brings more events than are kept, in pieces of a thousand. */
function endless(ends: readonly End[], before: string, piece: string, after: string, pieces: number): Model {
  const request = head('GET /jobs/1 HTTP/1.1', 'Host: a:1');
  const talk = new Transcript(ends).open().send('client', request).send('server', before);
  const table = new EventTable();
  const deriver = new Deriver(table, { allKept: ALL_KEPT });
  const take = (): void => {
    for (const record of talk.records.splice(0) as CaptureRecord[]) deriver.feed(record);
  };
  const bytes = new TextEncoder().encode(piece.repeat(1000));
  for (let i = 0; i < pieces; i++) {
    talk.send('server', bytes);
    take();
  }
  if (after !== '') talk.send('server', after);
  talk.ended('server', 'out').ended('client', 'in');
  talk.close('server', 'fin', 'server').close('client', 'fin', 'server');
  take();
  const model = new Model(table);
  model.fold();
  return model;
}

function count(model: Model, ...kinds: number[]): number {
  const { columns, length } = model.events;
  return columns.kind.subarray(0, length).reduce((sum, kind) => sum + (kinds.includes(kind) ? 1 : 0), 0);
}

function notes(model: Model): string[] {
  const { events } = model;
  const rows = Array.from({ length: events.length }, (_, row) => row);
  return rows
    .filter((row) => events.columns.kind[row] === Kind.note)
    .map((row) => events.text(row).split('|')[0]!);
}

describe('kept events', () => {
  it.each([
    [ALL_KEPT, ALL_KEPT],
    [2 * ALL_KEPT, 1.5 * ALL_KEPT],
    [4 * ALL_KEPT, 2 * ALL_KEPT],
    [8 * ALL_KEPT, 2.5 * ALL_KEPT],
  ])('of %i events keep %i', (n, kept) => {
    expect(keptOf(n)).toBe(kept);
  });

  it('hold stretches that are left out until the next that is kept, and lose none', () => {
    const stretches = new Stretches(ALL_KEPT);
    let end = 0;
    let gaps = 0;
    for (let i = 0; i < 3 * ALL_KEPT; i++)
      if (stretches.add(i, i + 1)) {
        if (stretches.from !== end) gaps++;
        end = stretches.to;
      }
    expect({ gaps, end, to: stretches.to }).toEqual({
      gaps: 0,
      end: stretches.isHeld ? stretches.from : end,
      to: 3 * ALL_KEPT,
    });
  });

  it.each([[['client', 'server']], [['client']], [['server']]] as const)(
    'of interim responses without end become ever fewer rows, where %j are held',
    (ends) => {
      const progress = head('HTTP/1.1 102 Processing', 'Progress: 1/3 "Slaying dragons"');
      const model = endless(ends, '', progress, head('HTTP/1.1 204 No Content'), 45);
      const [exchange] = model.exchanges;
      expect(exchange!.interim.length).toBe(keptOf(45_000));
      expect(count(model, Kind.progress)).toBe(keptOf(45_000));
      expect(exchange).toMatchObject({ status: 204, complete: true });
      expect(notes(model).filter((rule) => rule === 'events-left-out')).toHaveLength(1);
    },
  );

  it('of ever new remarks keep no more strings than rows', () => {
    const pieces = Array.from({ length: 30 }, (_, i) => i);
    const table = new EventTable();
    const deriver = new Deriver(table, { allKept: ALL_KEPT });
    const talk = new Transcript(['client']).open().send('client', head('GET / HTTP/1.1', 'Host: a:1'));
    for (const piece of pieces) {
      let text = '';
      for (let i = 0; i < 1000; i++) text += head('HTTP/1.1 102 Processing', `Progress: 1/3 "${piece}.${i}"`);
      talk.send('server', text);
      for (const record of talk.records.splice(0)) deriver.feed(record);
    }
    expect(table.strings.length).toBeLessThan(keptOf(30_000) + 10);
  });

  it('of a session are no more than it may have, and it says that it is full', () => {
    const request = head('GET /jobs/1 HTTP/1.1', 'Host: a:1');
    const talk = new Transcript().open();
    for (let i = 0; i < 100; i++)
      talk.send('client', request).send('server', head('HTTP/1.1 204 No Content'));
    const table = new EventTable();
    const deriver = new Deriver(table, { rows: 200 });
    const lengths = talk.records.map((record) => {
      deriver.feed(record);
      return deriver.isFull ? table.length : 0;
    });
    const full = lengths.find((length) => length > 0)!;
    expect(full).toBeGreaterThanOrEqual(200);
    expect(full).toBeLessThan(220);
    expect(lengths.at(-1)).toBe(full);
  });

  it('of server-sent events without end become ever fewer rows, and their bytes add up', () => {
    const before = head('HTTP/1.1 200 OK', 'Content-Type: text/event-stream');
    const model = endless(['client', 'server'], before, 'data: x\n\n', '', 25);
    const [exchange] = model.exchanges;
    expect(exchange!.messages.length).toBe(keptOf(25_000));
    expect(exchange!.complete).toBe(true);
    const end = before.length + 25_000 * 9;
    for (const kind of [BarKind.responseSent, BarKind.responseReceived])
      expect(model.bars.to[exchange!.bars[kind]!]).toBe(end);
  });

  it('of a body in ever so many writes tell its bytes and its coverage to the byte at which it was cut', () => {
    const total = ALL_KEPT + 1002;
    const table = new EventTable();
    const deriver = new Deriver(table, { allKept: ALL_KEPT });
    const talk = new Transcript()
      .open()
      .send('client', head('PUT /files/a HTTP/1.1', 'Host: a:1', `Content-Length: ${total + 1}`));
    const byte = new Uint8Array([120]);
    for (let i = 0; i < total; i++) {
      talk.send('client', byte);
      for (const record of talk.records.splice(0)) deriver.feed(record);
    }
    talk.close('server', 'rst', 'fault').close('client', 'rst', 'server');
    for (const record of talk.records) deriver.feed(record);
    const model = new Model(table);
    model.fold();
    expect(count(model, Kind.requestBytes)).toBeLessThan(2 * total - 500);
    expect(model.operations[0]!.upload.total(Layer.sent)).toBe(total);
    expect(model.operations[0]!.upload.total(Layer.received)).toBe(total);
    expect(model.bars.to[model.exchanges[0]!.bars[BarKind.requestReceived]!]).toBe(
      model.exchanges[0]!.requestHeadEnd + total,
    );
  });
});
