import { describe, expect, it } from 'vitest';
import type { CaptureRecord, End } from '../../../shared/capture/records.ts';
import { Deriver } from '../../../shared/model/derive.ts';
import { EventTable, Kind, Layer, OperationState } from '../../../shared/model/events.ts';
import { Model } from '../../../shared/model/model.ts';
import { report } from '../../../shared/model/report.ts';
import { Transcript } from './transcript.ts';

function modelOf(records: readonly CaptureRecord[]): Model {
  const table = new EventTable();
  const deriver = new Deriver(table);
  for (const record of records) deriver.feed(record);
  const model = new Model(table);
  model.fold();
  return model;
}

const told = {
  experiment: null,
  outcome: 'completed',
  reason: '',
  checks: [],
  digest: { sent: null, stored: null },
} as const;
const body = 'x'.repeat(1000);
const part = `Content-Range: bytes 300-999/1000\r\nContent-Length: 700\r\n\r\n`;

/** An upload of 1,000 bytes: cut at 300, asked for, resumed, followed, fetched. */
function resumedUpload(ends: readonly End[]): Transcript {
  const document =
    'HTTP/1.1 201 Created\r\nLocation: /items/1\r\nContent-Length: 19\r\n\r\nResource created.\r\n';
  return new Transcript(ends)
    .open()
    .send(
      'client',
      'POST /collection HTTP/1.1\r\nHost: a:1\r\nContent-Length: 1000\r\nExpect: 100-continue\r\nPrefer: resume\r\n\r\n',
    )
    .send(
      'server',
      'HTTP/1.1 100 Continue\r\nRequest-Content-Location: /job/1.req\r\nResponse-Message-Location: /job/1.res\r\n\r\n',
    )
    .send('client', body.slice(0, 400), 300)
    .cut('server', 400)
    .close('server', 'rst', 'fault')
    .close('client', 'rst', 'server')
    .open()
    .send('client', 'HEAD /job/1.req HTTP/1.1\r\nHost: a:1\r\n\r\n')
    .send('server', 'HTTP/1.1 299 Incomplete Content\r\nContent-Length: 300\r\n\r\n')
    .send(
      'client',
      `PATCH /job/1.req HTTP/1.1\r\nHost: a:1\r\nContent-Type: message/byterange\r\nContent-Length: ${part.length + 700}\r\n\r\n${part}${body.slice(300)}`,
    )
    .send('server', 'HTTP/1.1 102 Processing\r\nProgress: 0/3 "Herding cats"\r\nLocation: /job/1.job\r\n\r\n')
    .send('server', 'HTTP/1.1 102 Processing\r\nProgress: 1/3 "Knitting sweaters"\r\n\r\n')
    .send('server', 'HTTP/1.1 202 Accepted\r\nLocation: /job/1.job\r\nContent-Length: 2\r\n\r\nok')
    .send('client', 'GET /job/1.job HTTP/1.1\r\nHost: a:1\r\n\r\n')
    .send('server', 'HTTP/1.1 200 OK\r\nProgress: 3/3 "Available"\r\nContent-Length: 2\r\n\r\nok')
    .send('client', 'GET /job/1.res HTTP/1.1\r\nHost: a:1\r\n\r\n')
    .send(
      'server',
      `HTTP/1.1 200 OK\r\nContent-Type: message/http\r\nContent-Length: ${document.length}\r\n\r\n${document}`,
    )
    .close('client', 'fin', 'client')
    .close('server', 'fin', 'client');
}

describe.each([
  { held: 'both ends', ends: ['client', 'server'] as const },
  { held: 'the client end', ends: ['client'] as const },
  { held: 'the server end', ends: ['server'] as const },
])('a resumed upload, seen from $held', ({ ends }) => {
  const model = modelOf(resumedUpload(ends).records);
  const document = report(model, () => [], told);

  it('is one operation with its five exchanges', () => {
    expect(model.operations).toHaveLength(1);
    expect(
      document.exchanges.map((exchange) => [exchange.method, exchange.status, exchange.complete]),
    ).toEqual([
      ['POST', null, false],
      ['HEAD', 299, true],
      ['PATCH', 202, true],
      ['GET', 200, true],
      ['GET', 200, true],
    ]);
    expect(document.exchanges.map((exchange) => exchange.interim)).toEqual([[100], [], [102, 102], [], []]);
    expect(document.exchanges.at(-1)?.document).toEqual({ status: 201 });
  });

  it('was resumed once, from the cut to the request that asked', () => {
    expect(document.resumes).toBe(1);
    expect(model.links.length).toBe(1);
    expect(model.exchanges[1]?.resumes).toBe(0);
    expect(model.operationState(model.operations[0]!)?.state).toBe(OperationState.completed);
  });

  it('covers every byte', () => {
    const { upload } = model.operations[0]!;
    expect(upload.lengthAt()).toBe(1000);
    if (ends.includes('server' as never)) expect(upload.ranges(Layer.received)).toEqual([[0, 1000]]);
    if (ends.includes('client' as never)) expect(upload.repeated(Layer.sent)).toEqual([[300, 400]]);
    expect(upload.ranges(Layer.acknowledged)).toEqual([[0, 1000]]);
    expect(document.bytes).toMatchObject({ payload: 1000, acknowledged: 1000, overwritten: 0 });
  });

  it('says who ended the connections', () => {
    const [first, second] = document.connections;
    expect(first?.closed).toBe('rst');
    expect(first?.by).toBe(ends.includes('server' as never) ? 'fault' : 'server');
    expect(second).toMatchObject({ closed: 'fin', by: 'client' });
  });

  it('is in any prefix what it was then', () => {
    const cut = model.connections[0]!.closed!.at;
    const { upload } = model.operations[0]!;
    const layer = ends.includes('server' as never) ? Layer.received : Layer.sent;
    expect(upload.total(layer, cut)).toBe(layer === Layer.received ? 300 : 400);
    expect(model.operationState(model.operations[0]!, cut - 1)?.state).toBe(OperationState.running);
  });
});

describe('derivation', () => {
  it('gives the same events when every record is split at any byte', () => {
    const whole = resumedUpload(['client', 'server']).records;
    const split: CaptureRecord[] = [];
    for (const record of whole) {
      if (record.kind !== 'sent' && record.kind !== 'received') {
        split.push(record);
        continue;
      }
      for (let i = 0; i < record.length; i++)
        split.push({
          ...record,
          offset: record.offset + i,
          length: 1,
          bytes: record.bytes?.subarray(i, i + 1) ?? null,
        });
    }
    const one = report(modelOf(whole), () => [], told);
    const other = report(modelOf(split), () => [], told);
    // Rows differ in number, what they say does not.
    expect({ ...other, interim: other.interim.length }).toEqual({ ...one, interim: one.interim.length });
  });

  it('needs no steps to tell the story: they only add why', () => {
    const records = resumedUpload(['client', 'server']).records;
    const withSteps = new Transcript(['client', 'server']);
    withSteps.records.push(...records.slice(0, 8));
    withSteps.step('cut-noticed', 'The connection was reset.');
    withSteps.records.push(...records.slice(8));
    expect(report(modelOf(withSteps.records), () => [], told)).toMatchObject({
      resumes: 1,
      bytes: report(modelOf(records), () => [], told).bytes,
    });
  });

  it('counts a request that was cut before its 100 and sent again as one operation, not resumed', () => {
    const head = 'POST /x HTTP/1.1\r\nHost: a:1\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n';
    const { records } = new Transcript(['client'])
      .open()
      .send('client', head)
      .close('client', 'fin', 'server')
      .open()
      .send('client', head)
      .send('server', 'HTTP/1.1 100 Continue\r\n\r\n')
      .send('client', 'hello')
      .send('server', 'HTTP/1.1 204 No Content\r\n\r\n')
      .close('client', 'fin', 'client');
    const model = modelOf(records);
    expect(model.operations).toHaveLength(1);
    const result = report(model, () => [], told);
    expect(result.resumes).toBe(0);
    expect(result.bytes).toMatchObject({ sent: 5, acknowledged: 5, resent: 0 });
  });

  it('takes back what was written but not handed to the kernel', () => {
    const { records } = new Transcript(['client'])
      .open()
      .send('client', `POST /x HTTP/1.1\r\nHost: a:1\r\nContent-Length: 100\r\n\r\n${'y'.repeat(60)}`);
    const sent = records.find((record) => record.kind === 'sent')!;
    const end = sent.kind === 'sent' ? sent.length : 0;
    records.push({
      kind: 'closed',
      time: 9e6,
      connection: 1,
      end: 'client',
      how: 'rst',
      by: 'fault',
      sent: end - 20,
      received: 0,
    });
    const model = modelOf(records);
    expect(model.operations[0]!.upload.total(Layer.sent)).toBe(40);
    expect(model.operations[0]!.upload.total(Layer.sent, 8e6)).toBe(60);
  });

  it('counts over the bytes that were not kept where only their number matters', () => {
    const { records } = new Transcript(['client'])
      .open()
      .send('client', 'GET /big HTTP/1.1\r\nHost: a:1\r\n\r\n')
      .send('server', 'HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n');
    const head = 'HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n'.length;
    records.push({
      kind: 'received',
      time: 8e6,
      connection: 1,
      end: 'client',
      offset: head,
      length: 200_000,
      bytes: null,
    });
    const model = modelOf(records);
    expect(model.exchanges[0]).toMatchObject({ status: 200, complete: true });
    expect(model.operations[0]!.download.ranges(Layer.received)).toEqual([[0, 200_000]]);
  });

  it('calls close-delimited content complete after a FIN only', () => {
    for (const how of ['fin', 'rst'] as const) {
      const { records } = new Transcript(['client'])
        .open()
        .send('client', 'GET / HTTP/1.1\r\nHost: a:1\r\n\r\n')
        .send('server', 'HTTP/1.1 200 OK\r\n\r\nabc')
        .close('client', how, 'server');
      expect(modelOf(records).exchanges[0]?.complete).toBe(how === 'fin');
    }
  });

  it('makes an exchange of a malformed request, with its answer', () => {
    const { records } = new Transcript(['server'])
      .open()
      .send('client', 'GET / HTTP/1.1\r\nHost: a:1\r\n\r\nGET /x y HTTP/1.1\r\n\r\n')
      .send('server', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
      .send('server', 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n')
      .close('server', 'fin', 'server');
    const model = modelOf(records);
    expect(model.exchanges.map(({ method, status, complete }) => [method, status, complete])).toEqual([
      ['GET', 200, true],
      ['(malformed)', 400, true],
    ]);
    expect(model.exchanges[1]?.requestStart).toBe(29);
    expect(model.operationState(model.operations[1]!)?.state).toBe(OperationState.failed);
  });

  it('makes an exchange of a request that was cut in its head', () => {
    for (const ends of [['client', 'server'], ['client'], ['server']] as const) {
      const { records } = new Transcript(ends)
        .open()
        .send('client', 'POST /x HTTP/1.1\r\nHo')
        .close('client', 'rst', 'fault')
        .close('server', 'rst', 'client');
      const model = modelOf(records);
      expect(model.exchanges).toMatchObject([
        { method: '(incomplete)', status: null, complete: false, requestStart: 0, requestEnd: 20 },
      ]);
    }
  });

  it('notes what a server says out of turn', () => {
    const { records } = new Transcript(['client'])
      .open()
      .send('client', 'GET / HTTP/1.1\r\nHost: a:1\r\n\r\n')
      .send('server', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
      .send('server', 'HTTP/1.1 200 OK\r\n\r\n');
    const model = modelOf(records);
    const notes = model.connections[0]!.marks;
    const kinds = Array.from(notes.values.subarray(0, notes.length), (row) => model.events.row(row));
    const texts = kinds.filter((row) => row.kind === Kind.note).map((row) => row.text);
    expect(texts).toEqual([expect.stringMatching(/^unexpected-response\|server\|/)]);
  });
});
