// Messages in a HAR, in the shape that Chrome gives them: read from the bytes of the wire, and never invented.

import { describe, expect, it } from 'vitest';
import type { Entry } from 'har-format';
import type { CaptureRecord, Stream } from '../../../shared/capture/records.ts';
import { streamOf } from '../../../shared/capture/records.ts';
import { toHar } from '../../../shared/export/har.ts';
import type { ReadBytes } from '../../../shared/export/message.ts';
import { closePayload, frame, joined, MASK, text, utf8 } from '../websocket/frame-bytes.ts';
import { head, modelOf } from '../model/told.ts';
import { Transcript } from '../model/transcript.ts';

const STARTED = 1_794_000_000_000;

/** Reads back what was sent. */
function readerOf(records: readonly CaptureRecord[], kept = true): ReadBytes {
  const streams: Record<Stream, Uint8Array> = { request: new Uint8Array(0), response: new Uint8Array(0) };
  for (const record of records)
    if (record.kind === 'sent') {
      const stream = streamOf(record.end, 'out');
      streams[stream] = joined([streams[stream], record.bytes!]);
    }
  return (_, stream, start, end) =>
    Promise.resolve({ bytes: kept ? streams[stream].subarray(start, end) : new Uint8Array(0), kept });
}

async function entryOf(transcript: Transcript, kept = true): Promise<Entry> {
  const { records } = transcript;
  const har = await toHar(modelOf(records), readerOf(records, kept), {
    startedAt: STARTED,
    title: 'Messages',
  });
  return har.log.entries[0]!;
}

const socket = (): Transcript =>
  new Transcript()
    .open()
    .send('client', head('GET /chat HTTP/1.1', 'Host: a', 'Connection: upgrade', 'Upgrade: websocket'))
    .send('server', head('HTTP/1.1 101 Switching Protocols', 'Connection: upgrade', 'Upgrade: websocket'))
    .send('client', text('hello', { mask: MASK }))
    .send('server', text('wor', { fin: false }))
    .send('server', frame({ opcode: 9, payload: utf8('?') }))
    .send('server', frame({ opcode: 0, payload: utf8('ld') }))
    .send('server', frame({ opcode: 2, payload: Uint8Array.of(0, 255) }))
    .send('client', frame({ opcode: 8, payload: closePayload(1000, 'bye'), mask: MASK }));

describe('a WebSocket in a HAR', () => {
  it('has the messages of both directions, in their order, with what they carry', async () => {
    const entry = await entryOf(socket());
    expect(entry._resourceType).toBe('websocket');
    expect(entry._webSocketMessages!.map(({ type, opcode, data }) => [type, opcode, data])).toEqual([
      ['send', 1, 'hello'],
      ['receive', 9, '?'],
      ['receive', 1, 'world'],
      ['receive', 2, 'AP8='],
      ['send', 8, 'bye'],
    ]);
  });

  it('tells when each was seen, in seconds since 1970', async () => {
    const times = (await entryOf(socket()))._webSocketMessages!.map(({ time }) => time - STARTED / 1e3);
    expect(times.every((time) => time > 0 && time < 1)).toBe(true);
    expect(times).toEqual([...times].sort((x, y) => x - y));
  });

  it('does not take frames for content', async () => {
    const { response } = await entryOf(socket());
    expect(response.bodySize).toBe(0);
    expect(response.content.size).toBe(0);
  });

  it('writes what is compressed as it came', async () => {
    const transcript = new Transcript()
      .open()
      .send('client', head('GET / HTTP/1.1', 'Host: a', 'Upgrade: websocket'))
      .send(
        'server',
        head(
          'HTTP/1.1 101 Switching Protocols',
          'Upgrade: websocket',
          'Sec-WebSocket-Extensions: permessage-deflate',
        ),
      )
      .send('server', frame({ opcode: 1, payload: Uint8Array.of(1, 2, 3), reserved: 0x40 }));
    expect((await entryOf(transcript))._webSocketMessages).toMatchObject([{ opcode: 1, data: 'AQID' }]);
  });

  it('leaves out what was counted and not kept', async () => {
    expect((await entryOf(socket(), false))._webSocketMessages).toEqual([]);
  });
});

describe('an event stream in a HAR', () => {
  it('has its events, with names, ids and data', async () => {
    const entry = await entryOf(
      new Transcript()
        .open()
        .send('client', head('GET /events HTTP/1.1', 'Host: a'))
        .send(
          'server',
          head(
            'HTTP/1.1 200 OK',
            'Content-Type: text/event-stream',
            'Cache-Control: no-cache',
            'Transfer-Encoding: chunked',
          ),
        )
        .send('server', '6\r\n: hi\n\n\r\n')
        .send('server', '1c\r\nid: 1\nevent: add\ndata: a\ndat\r\n')
        .send('server', '6\r\na: b\n\n\r\n9\r\ndata: c\n\n\r\n'),
    );
    expect(entry._resourceType).toBe('eventsource');
    expect(entry._eventSourceMessages).toMatchObject([
      { eventName: 'add', eventId: '1', data: 'a\nb' },
      { eventName: 'message', eventId: '', data: 'c' },
    ]);
  });
});

it('an exchange without messages has no place for them', async () => {
  const entry = await entryOf(
    new Transcript()
      .open()
      .send('client', head('GET / HTTP/1.1', 'Host: a'))
      .send('server', head('HTTP/1.1 200 OK', 'Content-Length: 0')),
  );
  expect(entry).not.toHaveProperty('_webSocketMessages');
  expect(entry).not.toHaveProperty('_eventSourceMessages');
  expect(entry).not.toHaveProperty('_resourceType');
});
