// What whoever hears the timeline is told of a row, an exchange or a mark that the keys have reached; the table's words for the
// same. Pure; nothing of it is drawn.

import type { Exchange, Model } from '../../shared/model/model.ts';
import { closingWords, faultWords } from './cuts.ts';
import { eventSentence, operationWords, rowWords } from './describe.ts';
import { count, counted } from './format.ts';
import { gistOf } from './marks.ts';
import type { Selection } from './types.ts';

/** Characters of a target in a sentence. */
const TARGET = 60;
/** Interim responses of an exchange that are named one by one; the rest is counted. */
const NAMED = 12;

/** A selection in one sentence, as of `time`; '' for none. */
export function heard(model: Model, selection: Selection | null, time: number): string {
  if (selection === null) return '';
  switch (selection.kind) {
    case 'event':
      return selection.id < model.folded ? eventSentence(model, selection.id) : '';
    case 'exchange': {
      const exchange = model.exchanges[selection.id];
      return exchange === undefined ? '' : exchangeSentence(model, exchange, time);
    }
    case 'connection':
      return connectionSentence(model, selection.id, time);
    case 'operation': {
      const operation = model.operations[selection.id];
      if (operation === undefined) return '';
      return sentence(`Operation ${operation.title}`, ...operationWords(model, operation, time).split(' · '));
    }
  }
}

/** `100 /job/1.req, 102 1/3, 102 2/3 and 9 more`: interim responses that had come by `time`; '' for none. */
export function interimWords(model: Model, exchange: Exchange, time: number): string {
  const { columns } = model.events;
  const named: string[] = [];
  let more = 0;
  for (let place = 0; place < exchange.interim.length; place++) {
    const event = exchange.interim.values[place]!;
    if (columns.time[event]! > time) break;
    const status = columns.code[event]!;
    if (named.length < NAMED) named.push(`${status} ${gistOf(status, model.events.text(event))}`.trim());
    else more++;
  }
  return named.join(', ') + (more > 0 ? ` and ${count(more)} more` : '');
}

/** `POST /capture on connection 1`: the exchange whose cut this one mends; '' for none. */
export function resumedWords(model: Model, exchange: Exchange): string {
  const cut = exchange.resumes === null ? undefined : model.exchanges[exchange.resumes];
  return cut === undefined ? '' : `${cut.method} ${cut.target} on connection ${cut.connection}`;
}

function exchangeSentence(model: Model, exchange: Exchange, time: number): string {
  const resumed = resumedWords(model, exchange);
  const known = exchange.status !== null && exchange.statusAt <= time;
  return sentence(
    `Exchange ${exchange.method} ${exchange.target}`,
    `on connection ${exchange.connection}`,
    resumed === '' ? '' : `goes on from ${resumed}`,
    interimWords(model, exchange, time),
    known ? `${exchange.status} ${exchange.reason}`.trim() : 'no final response',
  );
}

function connectionSentence(model: Model, id: number, time: number): string {
  const connection = model.connections[id - 1];
  if (connection === undefined) return '';
  const first = model.exchanges[connection.exchanges.at(0) ?? -1];
  const { columns } = model.events;
  const faults: string[] = [];
  for (let place = 0; place < connection.faults.length && faults.length < NAMED; place++) {
    const event = connection.faults.values[place]!;
    if (columns.time[event]! <= time) faults.push(faultWords(columns.code[event]!, model.events.text(event)));
  }
  let begun = 0;
  while (begun < connection.exchanges.length) {
    if (model.exchanges[connection.exchanges.values[begun]!]!.startedAt > time) break;
    begun++;
  }
  const isOver = connection.closed !== null && connection.closed.at <= time;
  return sentence(
    `Connection ${id}`,
    first === undefined ? '' : rowWords(model, id, first.operation, TARGET),
    counted(begun, 'exchange'),
    ...faults,
    isOver ? closingWords(connection, false) : 'open',
  );
}

/** What there is to say, without a word said twice. */
function sentence(...parts: readonly string[]): string {
  return [...new Set(parts)].filter((part) => part !== '').join(', ');
}
