// Event tables made by hand for what draws the model: a story with everything in it, and as many bars as wanted.
// Plausible, deterministic, and never used outside of tests and benches.

import {
  ClosedBy,
  ClosedHow,
  EventTable,
  Kind,
  Layer,
  NONE,
  NoteLevel,
  OperationState,
  packFault,
} from '../../shared/model/events.ts';
import { Model } from '../../shared/model/model.ts';

const MS = 1e6;
const HEAD = 320;

/** A row that is put in order before it is appended: both ends of a connection are told one after the other. */
interface Told {
  readonly at: number;
  readonly kind: Kind;
  readonly code: number;
  readonly connection: number;
  readonly exchange: number;
  readonly a: number;
  readonly b: number;
  readonly text: string;
}

class Teller {
  readonly #told: Told[] = [];

  tell(
    ms: number,
    kind: Kind,
    code: number,
    connection: number,
    exchange: number,
    a: number,
    b: number,
    text = '',
  ): void {
    this.#told.push({ at: ms * MS, kind, code, connection, exchange, a, b, text });
  }

  /** Rows in order of time; equal times stay in the order in which they were told. */
  table(until = Infinity): EventTable {
    const table = new EventTable();
    const sorted = this.#told
      .map((row, order) => ({ row, order }))
      .sort((x, y) => x.row.at - y.row.at || x.order - y.order);
    for (const { row } of sorted)
      if (row.at <= until)
        table.append(row.at, row.kind, row.code, row.connection, row.exchange, row.a, row.b, row.text);
    return table;
  }

  open(ms: number, connection: number): void {
    this.tell(
      ms,
      Kind.connectionOpened,
      3,
      connection,
      NONE,
      0,
      0,
      `127.0.0.1:${41_210 + connection} → 127.0.0.1:18080`,
    );
  }

  /** A request's head at both ends. */
  request(
    ms: number,
    connection: number,
    exchange: number,
    operation: number,
    from: number,
    line: string,
  ): void {
    this.tell(ms, Kind.exchange, 0, connection, exchange, operation, from, line);
    for (const [layer, late] of [
      [Layer.sent, 0],
      [Layer.received, 4],
    ] as const) {
      this.tell(ms + late, Kind.requestBytes, layer, connection, exchange, from, from + HEAD);
      this.tell(ms + late, Kind.requestHead, layer, connection, exchange, from, from + HEAD);
    }
  }

  /**
   * Content of a request, `first` … `end` of the representation, paced from `ms` to `until`; the server has read
   * only up to `read`.
   */
  content(
    ms: number,
    until: number,
    connection: number,
    exchange: number,
    at: number,
    range: { readonly first: number; readonly end: number; readonly read: number },
  ): void {
    const { first, end, read } = range;
    const steps = 40;
    let sent = first;
    for (let step = 1; step <= steps; step++) {
      const now = ms + ((until - ms) * step) / steps;
      const to = first + Math.round(((end - first) * step) / steps);
      this.tell(now, Kind.requestBytes, Layer.sent, connection, exchange, at + sent - first, at + to - first);
      this.tell(now, Kind.coverage, Layer.sent, connection, exchange, sent, to);
      const gotFrom = Math.min(sent, read);
      const got = Math.min(to, read);
      if (got > gotFrom) {
        this.tell(
          now + 12,
          Kind.requestBytes,
          Layer.received,
          connection,
          exchange,
          at + gotFrom - first,
          at + got - first,
        );
        this.tell(now + 12, Kind.coverage, Layer.received, connection, exchange, gotFrom, got);
      }
      sent = to;
    }
  }

  requestEnd(ms: number, connection: number, exchange: number, end: number, complete: boolean): void {
    this.tell(ms, Kind.requestEnd, Layer.sent, connection, exchange, end, complete ? 1 : 0);
    this.tell(ms + 12, Kind.requestEnd, Layer.received, connection, exchange, end, complete ? 1 : 0);
  }

  interim(
    ms: number,
    connection: number,
    exchange: number,
    from: number,
    status: number,
    gist: string,
  ): void {
    const to = from + 60 + gist.length;
    this.tell(ms, Kind.responseBytes, Layer.sent, connection, exchange, from, to);
    this.tell(ms, Kind.interimSent, status, connection, exchange, from, to, gist);
    this.tell(ms + 3, Kind.responseBytes, Layer.received, connection, exchange, from, to);
    this.tell(ms + 3, Kind.interimReceived, status, connection, exchange, from, to, gist);
  }

  final(
    ms: number,
    until: number,
    connection: number,
    exchange: number,
    from: number,
    status: number,
    reason: string,
  ): void {
    const end = from + 240;
    for (const [layer, late, kind] of [
      [Layer.sent, 0, Kind.finalSent],
      [Layer.received, 4, Kind.finalReceived],
    ] as const) {
      this.tell(ms + late, Kind.responseBytes, layer, connection, exchange, from, from + 180);
      this.tell(ms + late, kind, status, connection, exchange, from, from + 180, reason);
      const pieces = 12;
      for (let piece = 0; piece < pieces; piece++)
        this.tell(
          ms + late + ((until - ms) * (piece + 1)) / pieces,
          Kind.responseBytes,
          layer,
          connection,
          exchange,
          from + 180 + piece * 5,
          from + 185 + piece * 5,
        );
      this.tell(until + late, Kind.responseEnd, layer, connection, exchange, end, 1);
    }
  }
}

/**
 * An upload of 1,000,000 bytes, cut by a person after 300,000, silenced on the way again, resumed twice and finished by
 * a job with two steps; then a second operation that follows the job. `untilMs`: the story breaks off there, live.
 */
export function storyTable(untilMs = Infinity): EventTable {
  const story = new Teller();
  story.tell(90, Kind.operation, 0, 1, 0, 0, 0, 'Upload 1,000,000 bytes to /capture');
  story.open(90, 1);
  story.request(104, 1, 0, 0, 0, 'POST /capture');
  story.tell(104, Kind.operationState, OperationState.running, 1, 0, 0, 0);
  story.tell(104, Kind.representation, 0, 1, 0, 1_000_000, 0);
  story.tell(
    104,
    Kind.step,
    0,
    1,
    0,
    0,
    0,
    'begin|Asks to be resumable: Expect: 100-continue, Prefer: resume.',
  );
  story.interim(158, 1, 0, 0, 100, '');
  story.content(230, 1300, 1, 0, HEAD, { first: 0, end: 300_000, read: 267_232 });
  const byUser = packFault({ action: 'cut', cut: 'rst', origin: 'user', end: 'client', direction: 'out' });
  story.tell(1302, Kind.fault, byUser, 1, 0, HEAD + 300_000, 300_000);
  story.tell(1302, Kind.connectionClosed, ClosedHow.rst, 1, NONE, ClosedBy.fault, 0);
  story.tell(1303, Kind.operationState, OperationState.broken, 1, 0, 0, 0, 'RST at byte 300,000');
  story.tell(1304, Kind.connectionClosed, ClosedHow.rst, 1, NONE, ClosedBy.client, 1);

  story.open(1548, 2);
  story.request(1552, 2, 1, 0, 0, 'HEAD /job/7f3a.req');
  story.requestEnd(1552, 2, 1, HEAD, true);
  story.tell(1552, Kind.link, 0, 2, 1, 0, 1);
  story.final(1566, 1567, 2, 1, 0, 299, 'Incomplete Content');
  story.tell(1571, Kind.coverage, Layer.acknowledged, 2, 1, 0, 267_232);
  story.request(1660, 2, 2, 0, HEAD, 'PATCH /job/7f3a.req');
  story.tell(1660, Kind.operationState, OperationState.resumed, 2, 2, 0, 0, 'from byte 267,232');
  story.content(1680, 2580, 2, 2, HEAD * 2, { first: 267_232, end: 600_000, read: 418_000 });
  const silent = packFault({ action: 'cut', cut: 'stall', origin: 'plan', end: 'server', direction: 'in' });
  story.tell(2090, Kind.fault, silent, 2, 2, HEAD * 2 + 150_768, 418_000);
  story.tell(2590, Kind.connectionClosed, ClosedHow.silence, 2, NONE, ClosedBy.client, 0);
  story.tell(2591, Kind.operationState, OperationState.broken, 2, 2, 0, 0, 'no byte for 500 ms');
  story.tell(2593, Kind.connectionClosed, ClosedHow.rst, 2, NONE, ClosedBy.client, 1);

  story.open(3098, 3);
  story.request(3104, 3, 3, 0, 0, 'HEAD /job/7f3a.req');
  story.requestEnd(3104, 3, 3, HEAD, true);
  story.tell(3104, Kind.link, 0, 3, 3, 2, 2);
  story.final(3116, 3117, 3, 3, 0, 299, 'Incomplete Content');
  story.tell(3120, Kind.coverage, Layer.acknowledged, 3, 3, 0, 418_000);
  story.request(3200, 3, 4, 0, HEAD, 'PATCH /job/7f3a.req');
  story.tell(3200, Kind.operationState, OperationState.resumed, 3, 4, 0, 0, 'from byte 418,000');
  story.content(3230, 4010, 3, 4, HEAD * 2, { first: 418_000, end: 1_000_000, read: 1_000_000 });
  story.requestEnd(4010, 3, 4, HEAD * 2 + 582_000, true);
  story.tell(4030, Kind.coverage, Layer.acknowledged, 3, 4, 0, 1_000_000);
  const steps = [
    '0/3 "Herding cats"',
    '1/3 "Knitting sweaters" 8020/8591489 (bytes)',
    '2/3 "Slaying dragons"',
  ];
  steps.forEach((value, step) => {
    story.interim(4060 + step * 560, 3, 4, 240 + step * 100, 102, value);
    story.tell(4063 + step * 560, Kind.progress, 0, 3, 4, step, 3, value);
  });
  story.tell(5742, Kind.progress, 0, 3, 4, 3, 3, '3/3 "Available"');
  story.final(5742, 5790, 3, 4, 540, 201, 'Created');
  story.tell(5794, Kind.operationState, OperationState.completed, 3, 4, 0, 0, 'the server has every byte');
  story.tell(5800, Kind.connectionClosed, ClosedHow.fin, 3, NONE, ClosedBy.client, 0);
  story.tell(5802, Kind.connectionClosed, ClosedHow.fin, 3, NONE, ClosedBy.client, 1);

  story.tell(2900, Kind.operation, 0, 4, 5, 1, 0, 'Follow the job /job/7f3a.job');
  story.open(2900, 4);
  story.request(2910, 4, 5, 1, 0, 'GET /job/7f3a.job');
  story.requestEnd(2910, 4, 5, HEAD, true);
  story.tell(2910, Kind.operationState, OperationState.running, 4, 5, 1, 0);
  story.interim(2960, 4, 5, 0, 102, '0/3');
  story.interim(3300, 4, 5, 70, 102, "1/3 utf-8'en'Generating%20prime%20number");
  story.tell(
    3420,
    Kind.note,
    NoteLevel.warning,
    4,
    5,
    140,
    1,
    'progress-location-brackets|server|RFC 9110 §10.2.2',
  );
  story.final(3600, 4400, 4, 5, 180, 200, 'OK');
  story.tell(4405, Kind.operationState, OperationState.completed, 4, 5, 1, 0, 'the job is done');
  return story.table(untilMs * MS);
}

/** The model of {@link storyTable}. */
export function storyModel(untilMs = Infinity): Model {
  const model = new Model(storyTable(untilMs));
  model.fold();
  return model;
}

/**
 * At least `bars` bars on `connections` connections: exchanges one after the other, four bars each, with lengths and
 * pauses that vary as in life but are the same each time.
 */
function bigTable(bars: number, connections = 40): EventTable {
  const table = new EventTable(bars * 3);
  const exchanges = Math.ceil(bars / 4);
  // A small generator with a fixed seed: the picture must not change from run to run.
  let seed = 0x2545f491;
  const random = (): number => {
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    return (seed >>> 0) / 0x1_0000_0000;
  };
  for (let connection = 1; connection <= connections; connection++)
    table.append(
      0,
      Kind.connectionOpened,
      3,
      connection,
      NONE,
      0,
      0,
      `127.0.0.1:${50_000 + connection} → 127.0.0.1:18080`,
    );
  table.append(0, Kind.operation, 0, 1, 0, 0, 0, 'Many requests');
  const position = new Float64Array(connections + 1);
  const answered = new Float64Array(connections + 1);
  let now = 0;
  for (let exchange = 0; exchange < exchanges; exchange++) {
    const connection = 1 + (exchange % connections);
    const from = position[connection]!;
    const back = answered[connection]!;
    const size = 200 + Math.floor(random() * 800);
    const step = (20_000 + random() * 60_000) / connections;
    const at = (): number => (now += step / 4);
    table.append(at(), Kind.exchange, 0, connection, exchange, 0, from, 'GET /item');
    table.append(now, Kind.requestBytes, Layer.sent, connection, exchange, from, from + size, '');
    table.append(now, Kind.requestHead, Layer.sent, connection, exchange, from, from + size, '');
    table.append(at(), Kind.requestBytes, Layer.received, connection, exchange, from, from + size, '');
    table.append(now, Kind.requestEnd, Layer.sent, connection, exchange, from + size, 1, '');
    table.append(at(), Kind.responseBytes, Layer.sent, connection, exchange, back, back + size, '');
    table.append(now, Kind.finalSent, 200, connection, exchange, back, back + 100, 'OK');
    table.append(at(), Kind.responseBytes, Layer.received, connection, exchange, back, back + size, '');
    table.append(now, Kind.finalReceived, 200, connection, exchange, back, back + 100, 'OK');
    table.append(now, Kind.responseEnd, Layer.received, connection, exchange, back + size, 1, '');
    position[connection] = from + size;
    answered[connection] = back + size;
  }
  return table;
}

export function bigModel(bars: number, connections = 40): Model {
  const model = new Model(bigTable(bars, connections));
  model.fold();
  return model;
}
