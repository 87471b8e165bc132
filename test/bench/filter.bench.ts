// A filter over a session of a million interim responses, against the same question put to one object a row. Both begin
// with nothing: what is measured is the time from a filter that was typed to the list of what matches.

import { FilterFault } from '../../shared/filter/filter.ts';
import { Matcher } from '../../shared/filter/matcher.ts';
import { parseFilter } from '../../shared/filter/parse.ts';
import { type EventRow, EventTable, Kind, Layer } from '../../shared/model/events.ts';
import { Model } from '../../shared/model/model.ts';
import type { BenchRow } from './types.ts';

const ROWS = 1_000_000;
const EXCHANGES = 10_000;
const FILTER = 'status:1xx -"page 7" (method:PATCH OR size:>1kB)';

let model: Model;

/** Exchanges that take turns on ten connections, each with a hundred interim responses and a remark in each. */
function session(): Model {
  const table = new EventTable(ROWS + EXCHANGES * 8);
  for (let connection = 1; connection <= 10; connection++)
    table.append(0, Kind.connectionOpened, 1, connection, 0xffffffff, 0, 0, 'client → server');
  table.append(0, Kind.operation, 0, 0, 0, 0, 0, 'Many interim responses');
  for (let id = 0; id < EXCHANGES; id++) {
    const connection = 1 + (id % 10);
    const time = id * 1e6;
    table.append(
      time,
      Kind.exchange,
      0,
      connection,
      id,
      0,
      id * 200,
      `${id % 3 === 0 ? 'PATCH' : 'GET'} /job/${id}`,
    );
    table.append(time, Kind.requestBytes, Layer.sent, connection, id, id * 200, id * 200 + 200, '');
    const each = ROWS / EXCHANGES;
    for (let interim = 0; interim < each; interim++)
      table.append(
        time + interim * 1000,
        Kind.interimReceived,
        102,
        connection,
        id,
        interim * 40,
        interim * 40 + 40,
        `${interim}/${each} "page ${interim % 50}"`,
      );
    table.append(time + 9e5, Kind.finalReceived, 200, connection, id, 4000, 4100, 'OK');
    table.append(
      time + 9e5,
      Kind.responseBytes,
      Layer.received,
      connection,
      id,
      0,
      id % 2 === 0 ? 4100 : 300,
      '',
    );
  }
  const folded = new Model(table);
  folded.fold();
  return folded;
}

function ours(): number {
  const expression = parseFilter(FILTER);
  if (expression === null || expression instanceof FilterFault) throw new Error(`“${FILTER}” is no filter.`);
  const began = performance.now();
  const matcher = new Matcher(model, expression);
  matcher.update();
  const found = matcher.list().length;
  const cost = performance.now() - began;
  if (found !== matcher.count || matcher.total !== EXCHANGES) throw new Error(`${found} were listed.`);
  return cost;
}

/** An object a row, and the question asked of each. */
function objects(): number {
  const began = performance.now();
  const rows: EventRow[] = [];
  for (let row = 0; row < model.events.length; row++) rows.push(model.events.row(row));
  const interim = new Set(
    rows.filter(({ kind, code }) => kind === Kind.interimReceived && code < 200).map(of),
  );
  const paged = new Set(rows.filter(({ text }) => text.toLowerCase().includes('page 7')).map(of));
  const found = model.exchanges.filter(
    ({ id, method }) =>
      interim.has(id) && !paged.has(id) && (method === 'PATCH' || model.bars.to[id]! > 1000),
  );
  const cost = performance.now() - began;
  if (found.length > EXCHANGES) throw new Error(`${found.length} were found.`);
  return cost;
}

function of({ exchange }: EventRow): number {
  return exchange;
}

export const rows: BenchRow[] = [
  {
    name: 'filter: a question over 1,000,000 interim responses',
    ours,
    peers: [{ name: 'an object a row, Array.filter', round: objects, atLeast: 2 }],
    setup: () => {
      model = session();
    },
    remarks: () => [`aimed at 200 ms; ${ROWS.toLocaleString('en-US')} rows, four terms`],
  },
];
