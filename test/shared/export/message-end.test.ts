// A session that stops in the middle of a message, as the file of a killed process does: nothing captured is left out.

import { describe, expect, it } from 'vitest';
import type { CaptureRecord, End, Stream } from '../../../shared/capture/records.ts';
import { type HarAbort, toHar } from '../../../shared/export/har.ts';
import { toHttp } from '../../../shared/export/http.ts';
import type { ReadBytes } from '../../../shared/export/message.ts';
import { Deriver } from '../../../shared/model/derive.ts';
import { EventTable } from '../../../shared/model/events.ts';
import { Model } from '../../../shared/model/model.ts';
import { Transcript } from '../model/transcript.ts';

const INFO = { startedAt: 1_794_000_000_000, title: 'Killed' };

function load(records: readonly CaptureRecord[]): { model: Model; read: ReadBytes } {
  const table = new EventTable();
  const model = new Model(table);
  const deriver = new Deriver(table);
  const streams: Record<Stream, number[]> = { request: [], response: [] };
  for (const record of records) {
    deriver.feed(record);
    if (!('bytes' in record) || record.bytes === null) continue;
    const fromClient = (record.end === 'client') === (record.kind === 'sent');
    streams[fromClient ? 'request' : 'response'].push(...record.bytes);
  }
  model.fold();
  const read: ReadBytes = async (_, stream, start, end) => ({
    bytes: Uint8Array.from(streams[stream].slice(start, end)),
    kept: true,
  });
  return { model, read };
}

const PUT = 'PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 20\r\n\r\n';
const GET = 'GET /a HTTP/1.1\r\nHost: a\r\n\r\n';
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n';

describe('a session that stops in the middle', () => {
  const held: [string, End[]][] = [
    ['both ends', ['client', 'server']],
    ['the client', ['client']],
    ['the server', ['server']],
  ];

  it('names the stream that was cut, also where the client had sent all of it', async () => {
    const content = '0123456789'.repeat(2);
    const { records } = new Transcript()
      .open()
      .send('client', `${PUT}${content}`, PUT.length + 5)
      .cut('server', PUT.length + 5)
      .close('server', 'rst', 'fault')
      .close('client', 'rst', 'server');
    const { model, read } = load(records);
    const [entry] = (await toHar(model, read, INFO)).log.entries;
    expect(entry!._abort as HarAbort).toMatchObject({
      how: 'rst',
      by: 'fault',
      stream: 'request',
      at: PUT.length + 5,
      content: 5,
    });
  });

  it.each(held)('exports what there is of an upload, seen at %s', async (_, ends) => {
    const { records } = new Transcript(ends).open().send('client', PUT).send('client', '0123456');
    const { model, read } = load(records);
    const [entry] = (await toHar(model, read, INFO)).log.entries;
    expect(entry!.request.postData?.text).toBe('0123456');
    expect(entry!.request).toMatchObject({ bodySize: 7, comment: 'Cut short.' });
    expect(entry!._abort as HarAbort).toMatchObject({ how: 'open', stream: 'request', at: PUT.length + 7 });
    const text = await toHttp(model, read);
    expect(text).toContain(`bytes 0–${PUT.length + 7} of the request stream`);
    expect(text).toContain(`${PUT}0123456\r\n\r\n#### It was cut short here.`);
  });

  it.each(held)('exports what there is of a download, seen at %s', async (_, ends) => {
    const { records } = new Transcript(ends)
      .open()
      .send('client', GET)
      .send('server', OK)
      .send('server', '01234');
    const { model, read } = load(records);
    const [entry] = (await toHar(model, read, INFO)).log.entries;
    expect(entry!.response.content).toMatchObject({ size: 5, text: '01234' });
    expect(entry!.response).toMatchObject({ bodySize: 5, comment: 'Cut short.' });
    expect(await toHttp(model, read)).toContain(`${OK}01234\r\n\r\n#### It was cut short here.`);
  });

  it('ends a download where the client had read it, not where the server had sent it', async () => {
    const { records } = new Transcript()
      .open()
      .send('client', GET)
      .send('server', `${OK}0123456789`, OK.length + 3);
    const { model, read } = load(records);
    const [entry] = (await toHar(model, read, INFO)).log.entries;
    expect(entry!.response.content).toMatchObject({ size: 3, text: '012' });
  });
});

describe('a session whose times are damaged', () => {
  it.each([
    ['the exchange', INFO.startedAt, 1e26, '2026-11-06T21:20:00.000Z'],
    ['the beginning, after all years', 9e15, 0, '1970-01-01T00:00:00.000Z'],
    ['the beginning, that is no number', NaN, 0, '1970-01-01T00:00:00.000Z'],
  ])('is HAR all the same, with a date that can be: %s', async (_, startedAt, shift, expected) => {
    const { records } = new Transcript().open().send('client', GET);
    const shifted = records.map((record) => ({
      ...record,
      time: record.time * (shift === 0 ? 0 : 1) + shift,
    }));
    const { model, read } = load(shifted);
    const [entry] = (await toHar(model, read, { ...INFO, startedAt })).log.entries;
    expect(entry!.startedDateTime).toBe(expected);
  });
});
