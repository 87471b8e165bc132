import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Deriver } from '../../../shared/model/derive.ts';
import { EventTable, Kind } from '../../../shared/model/events.ts';
import { Model } from '../../../shared/model/model.ts';
import { FilterFault } from '../../../shared/filter/filter.ts';
import { fieldBits, fieldsOf } from '../../../shared/filter/head-fields.ts';
import { Matcher } from '../../../shared/filter/matcher.ts';
import { parseFilter } from '../../../shared/filter/parse.ts';
import { cut, head, modelOf, sized } from '../model/told.ts';
import { Transcript } from '../model/transcript.ts';

/**
 * Exchange 0: an upload that is cut, 1: the HEAD that asks, 2: the PATCH that goes on, 3: a job with progress, 4: a 404,
 * whose request breaks a rule.
 */
function session(): Transcript {
  const transcript = new Transcript()
    .open()
    .send('client', sized('x'.repeat(5000), 'POST /print HTTP/1.1', 'Host: a', 'Request-Id: 1'), 2000)
    .send('server', head('HTTP/1.1 103 Early Hints', 'Request-Content-Location: /up/1'))
    .cut('server', 2000);
  cut(transcript)
    .send('client', head('HEAD /up/1 HTTP/1.1', 'Host: a'))
    .send('server', head('HTTP/1.1 200 OK', 'Content-Length: 100', 'Accept-Patch: message/byterange'))
    .send(
      'client',
      sized('y'.repeat(10), 'PATCH /up/1 HTTP/1.1', 'Host: a', 'Content-Type: message/byterange'),
    )
    .send('server', head('HTTP/1.1 204 No Content'))
    .open()
    .send('client', head('GET /job/7 HTTP/1.1', 'Host: a', 'Prefer: processing'))
    .send('server', head('HTTP/1.1 102 Processing', 'Progress: 1/3 "page one"'))
    .send('server', head('HTTP/1.1 102 Processing', 'Progress: 2/3'))
    .send('server', sized('done', 'HTTP/1.1 200 OK'))
    .send('client', head('GET /missing HTTP/1.1', 'Host: a', 'Range: bytes=5-2'))
    .send('server', sized('no', 'HTTP/1.1 404 Not Found'));
  return transcript;
}

/** What matches, after the fields that it asks for were looked up in the records. */
function matcherOf(model: Model, text: string, heads: readonly Head[] = []): Matcher {
  const expression = parseFilter(text);
  if (expression === null || expression instanceof FilterFault) throw new Error(`${text} is no filter`);
  const matcher = new Matcher(model, expression);
  matcher.update();
  for (const { exchange, row, bytes } of heads)
    matcher.found(exchange, row, fieldBits(fieldsOf(bytes), matcher.fields));
  matcher.settle();
  return matcher;
}

interface Head {
  readonly exchange: number;
  readonly row: number | null;
  readonly bytes: Uint8Array;
}

/** The heads of a session as they went over the wire. */
function headsOf(transcript: Transcript, model: Model): Head[] {
  const streams = new Map<string, number[]>();
  for (const record of transcript.records) {
    if (record.kind !== 'sent' || record.bytes === null) continue;
    const key = `${record.connection} ${record.end === 'client' ? 'request' : 'response'}`;
    streams.set(key, [...(streams.get(key) ?? []), ...record.bytes]);
  }
  const { columns, length } = model.events;
  const heads: Head[] = [];
  for (let row = 0; row < length; row++) {
    const kind = columns.kind[row];
    const isRequest = kind === Kind.requestHead && columns.code[row] === 1;
    if (!isRequest && kind !== Kind.interimReceived && kind !== Kind.finalReceived) continue;
    const stream = streams.get(`${columns.connection[row]} ${isRequest ? 'request' : 'response'}`)!;
    heads.push({
      exchange: columns.exchange[row]!,
      row: isRequest ? null : row,
      bytes: new Uint8Array(stream.slice(columns.a[row], columns.b[row])),
    });
  }
  return heads;
}

const transcript = session();
const model = modelOf(transcript.records);
const heads = headsOf(transcript, model);

function matching(text: string): number[] {
  const { values, length } = matcherOf(model, text, heads).list();
  return [...values.subarray(0, length)];
}

/** The events that a filter means: their kinds and codes. */
function meant(text: string): string[] {
  const matcher = matcherOf(model, text, heads);
  const names: Record<number, string> = {
    [Kind.interimReceived]: 'interim',
    [Kind.finalReceived]: 'final',
    [Kind.fault]: 'fault',
  };
  return Array.from({ length: model.events.length }, (_, row) => row)
    .filter((row) => names[model.events.columns.kind[row]!] !== undefined && matcher.isMeant(row))
    .map((row) => {
      const { kind, code } = model.events.row(row);
      return kind === Kind.fault ? 'fault' : `${names[kind]} ${code}`;
    });
}

describe('a filter matches', () => {
  it('the exchanges of the session it is tried on', () => {
    expect(model.exchanges.map(({ method, target, status }) => `${method} ${target} ${status}`)).toEqual([
      'POST /print null',
      'HEAD /up/1 200',
      'PATCH /up/1 204',
      'GET /job/7 200',
      'GET /missing 404',
    ]);
  });

  it.each([
    ['status:1xx', [0, 3]],
    ['status:102', [3]],
    ['status:20x', [1, 2, 3]],
    ['status:>=400', [4]],
    ['status:<200', [0, 3]],
    ['kind:interim', [0, 3]],
    ['kind:final', [1, 2, 3, 4]],
    ['-kind:final', [0]],
    ['kind:cut', [0]],
    ['kind:request', [0, 1, 2, 3, 4]],
    ['kind:message', []],
    ['method:get', [3, 4]],
    ['conn:1', [0]],
    ['conn:2', [1, 2]],
    ['op:1', [0, 1, 2]],
    ['path:/up', [1, 2]],
    ['size:>1kB', [0]],
    ['size:<1kB', [1, 2, 3, 4]],
    ['note:impossible-range', []],
    ['field:progress', [3]],
    ['field:progress=2/3', [3]],
    ['field:progress="1/3*"', [3]],
    ['field:progress=3/3', []],
    ['field:host=A', [0, 1, 2, 3, 4]],
    ['field:accept-patch', [1]],
    ['field:content-type=*byte*range', [2]],
    ['"not found"', [4]],
    ['page', [3]],
    ['2/3', [3]],
    ['PATCH', [2]],
    ['"get /job"', [3]],
    ['path:"/("', []],
    ['path:.', []],
    ['path:JOB/7', [3]],
    ['method:GET -status:404', [3]],
    ['status:404 OR kind:cut', [0, 4]],
    ['(status:404 OR status:200) method:HEAD', [1]],
    ['-(method:GET OR kind:cut)', [1, 2]],
    ['status:1xx kind:final', [3]],
  ])('%s: %j', (text, expected) => {
    expect(matching(text)).toEqual(expected);
  });

  it('notes by level and by the code of a rule', () => {
    const notes = model.exchanges.flatMap(({ operation }) => {
      const { values, length } = model.operations[operation]!.notes;
      return Array.from(values.subarray(0, length), (row) => model.events.row(row));
    });
    expect(notes.length).toBeGreaterThan(0);
    for (const { exchange, text } of notes)
      expect(matching(`note:${text.split('|')[0]}`)).toContain(exchange);
  });

  it.each([
    ['status:1xx', ['interim 103', 'interim 102', 'interim 102']],
    ['status:103', ['interim 103']],
    ['kind:cut', ['fault']],
    ['field:progress=2/3', ['interim 102']],
    ['method:GET', ['interim 102', 'interim 102', 'final 200', 'final 404']],
    ['method:GET kind:final', ['final 200', 'final 404']],
    ['-kind:interim method:GET', ['final 404']],
    // No event is both: those that are one of them.
    ['status:1xx kind:final', ['interim 102', 'interim 102', 'final 200']],
  ])('and means, of %s, %j', (text, expected) => {
    expect(meant(text)).toEqual(expected);
  });

  it('connections of an operation while something on them matches', () => {
    const matcher = matcherOf(model, 'method:PATCH');
    expect([1, 2, 3].map((connection) => matcher.shows(0, connection))).toEqual([false, true, false]);
    expect([matcher.count, matcher.total]).toEqual([1, 5]);
  });

  const term = fc.constantFrom(
    'status:1xx',
    'status:200',
    'kind:cut',
    'kind:interim',
    'method:GET',
    'conn:2',
    'op:1',
    'size:>1kB',
    'path:/up',
    'field:progress',
    'page',
    'note:error',
  );
  const filter = fc
    .array(fc.tuple(fc.boolean(), term), { minLength: 1, maxLength: 5 })
    .chain((terms) =>
      fc
        .array(fc.boolean(), { minLength: terms.length, maxLength: terms.length })
        .map((ors) =>
          terms
            .map(([not, one], at) => `${at === 0 ? '' : ors[at] ? ' OR ' : ' '}${not ? '-' : ''}${one}`)
            .join(''),
        ),
    );

  it('exactly what its opposite does not', () => {
    fc.assert(
      fc.property(filter, (text) => {
        expect([...matching(text), ...matching(`-(${text})`)].sort()).toEqual([0, 1, 2, 3, 4]);
      }),
    );
  });

  it('the same row by row as all at once', () => {
    fc.assert(
      fc.property(filter, (text) => {
        const table = new EventTable();
        const live = new Model(table);
        const deriver = new Deriver(table);
        const matcher = new Matcher(live, parseFilter(text) as never);
        for (const record of transcript.records) {
          deriver.feed(record);
          live.fold();
          matcher.update();
          // Asked for in between, as frames do: what was said then must not stand.
          for (let row = 0; row < live.folded; row++) matcher.isMeant(row);
        }
        for (const one of heads)
          matcher.found(one.exchange, one.row, fieldBits(fieldsOf(one.bytes), matcher.fields));
        matcher.settle();
        const { values, length } = matcher.list();
        expect([...values.subarray(0, length)]).toEqual(matching(text));
        expect(matcher.count).toBe(length);
        const whole = matcherOf(model, text, heads);
        for (let row = 0; row < live.folded; row++) expect(matcher.isMeant(row)).toBe(whole.isMeant(row));
      }),
      { numRuns: 50 },
    );
  });

  it('tells by its versions when something changed', () => {
    const table = new EventTable();
    const live = new Model(table);
    const deriver = new Deriver(table);
    const matcher = new Matcher(live, parseFilter('status:404') as never);
    const changes: string[] = [];
    for (const record of transcript.records) {
      deriver.feed(record);
      live.fold();
      const before = matcher.version;
      matcher.update();
      if (matcher.version !== before) changes.push(`${matcher.count} of ${matcher.total}`);
    }
    expect(changes).toEqual(['1 of 5']);
    expect(matcher.rowsVersion).toBe(1);
  });
});

describe('the fields of a head', () => {
  it.each([
    ['GET / HTTP/1.1\r\nHost: a\r\nX:  b \r\n\r\n', ['host=a', 'x=b']],
    ['HTTP/1.1 200 OK\nA: 1\n\n', ['a=1']],
    ['HTTP/1.1 200 OK\r\nA: 1\r\n  2\r\nB:\r\n\r\n', ['a=1 2', 'b=']],
    ['HTTP/1.1 200 OK\r\nno colon\r\nA: b:c\r\n\r\nC: 3\r\n', ['a=b:c']],
    ['', []],
  ])('%j', (text, expected) => {
    const fields = fieldsOf(new TextEncoder().encode(text));
    expect(fields.map(({ name, value }) => `${name}=${value}`)).toEqual(expected);
  });
});
