// What the timeline says in words: the gutter, the tooltip, the announcement of a selection and the table's cells.
// Pure; the same words for eyes and for a screen reader.

import { Kind, NONE, unpackFault } from '../../shared/model/events.ts';
import { streamOf } from '../../shared/capture/records.ts';
import { noteLines } from './note-words.ts';
import { BarKind, type Model, type Operation } from '../../shared/model/model.ts';
import { contentBytes } from './bars.ts';
import { closingWords, faultWords } from './cuts.ts';
import { count, counted, moment, shorten, span } from './format.ts';
import { gistOf } from './marks.ts';
import { isAtClient, isOfClient, messageTitle } from './messages.ts';

/** Lines of a tooltip; the first is its title. */
export type Lines = readonly string[];

/** Exchanges of a row that are looked at for its words. */
const LOOKED_AT = 64;

/** `HEAD, PATCH …/7f3a.req`: what a connection carried for an operation, within `characters`. */
export function rowWords(model: Model, connectionId: number, operation: number, characters: number): string {
  const connection = model.connections[connectionId - 1];
  if (connection === undefined) return '';
  const methods: string[] = [];
  let target = '';
  let looked = 0;
  for (let place = 0; place < connection.exchanges.length && looked < LOOKED_AT; place++) {
    const exchange = model.exchanges[connection.exchanges.values[place]!]!;
    if (exchange.operation !== operation) continue;
    looked++;
    if (!methods.includes(exchange.method)) methods.push(exchange.method);
    target = exchange.target;
  }
  if (looked === 0) return shorten(connection.label, characters);
  const verbs = methods.slice(0, 3).join(', ') + (methods.length > 3 ? ' …' : '');
  return `${verbs} ${shorten(target, Math.max(6, characters - verbs.length - 1))}`;
}

/** `2 connections · 5 exchanges · resumed once`, as of `time`. */
export function operationWords(model: Model, operation: Operation, time: number): string {
  const connections = operation.connections.length;
  const parts = [counted(connections, 'connection'), counted(operation.exchanges.length, 'exchange')];
  const resumes = operation.states.filter((change) => change.state === 3 && change.at <= time).length;
  if (resumes > 0)
    parts.push(['', 'resumed once', 'resumed twice'][resumes] ?? `resumed ${count(resumes)} times`);
  const state = model.operationState(operation, time);
  if (state !== null && state.state >= 4) parts.push(state.state === 4 ? 'completed' : 'failed');
  return parts.join(' · ');
}

/** A bar: what moved, from when to when, how much, by how fast. */
export function barLines(model: Model, bar: number, time: number): Lines {
  const { bars } = model;
  const exchange = model.exchanges[bars.exchange[bar]!];
  if (exchange === undefined) return [];
  const kind = bars.kind[bar] as BarKind;
  const what = {
    [BarKind.requestSent]: 'Request, sent by the client',
    [BarKind.requestReceived]: 'Request, read by the server',
    [BarKind.responseSent]: 'Response, sent by the server',
    [BarKind.responseReceived]: 'Response, read by the client',
  }[kind];
  const start = bars.start[bar]!;
  const end = Math.min(bars.end[bar]!, time);
  const from = bars.from[bar]!;
  const to = time === Infinity ? bars.to[bar]! : model.barPositionAt(bar, time);
  const content = contentBytes({ model, time }, exchange, bar, kind);
  const lines = [
    what,
    `${exchange.method} ${shorten(exchange.target, 44)}`,
    `${moment(start)} – ${moment(end)} (${span(end - start)})`,
    `stream bytes ${count(from)} – ${count(to)}`,
  ];
  if (content > 0) lines.push(`${counted(content, 'byte')} of content`);
  if (kind >= BarKind.responseSent && exchange.status !== null && exchange.statusAt <= time)
    lines.push(`${exchange.status} ${exchange.reason}`);
  return lines;
}

/** A mark: an interim response, a status, a fault, an end, a note. */
export function eventLines(model: Model, event: number): Lines {
  const row = model.events.row(event);
  const exchange = row.exchange === NONE ? undefined : model.exchanges[row.exchange];
  const when = moment(row.time);
  const of = exchange === undefined ? [] : [`${exchange.method} ${shorten(exchange.target, 44)}`];
  switch (row.kind) {
    case Kind.interimSent:
    case Kind.interimReceived:
      return [
        `${row.code} ${gistOf(row.code, row.text)}`.trim(),
        ...of,
        `interim response, ${row.kind === Kind.interimSent ? 'sent' : 'received'} at ${when}`,
      ];
    case Kind.finalSent:
    case Kind.finalReceived: {
      const document = exchange?.document;
      return [
        `${row.code} ${row.text}`.trim(),
        ...of,
        `final response, ${row.kind === Kind.finalSent ? 'sent' : 'received'} at ${when}`,
        ...(document ? [`in its content: ${document.status} ${document.reason}`] : []),
      ];
    }
    case Kind.message:
      return [
        messageTitle(row.code),
        ...(row.text === '' ? [] : [row.text]),
        ...of,
        `${isOfClient(row.code) ? 'from the client' : 'from the server'}, ${isAtClient(row.code) === isOfClient(row.code) ? 'sent' : 'read'} at ${when}`,
      ];
    case Kind.fault: {
      const fault = unpackFault(row.code);
      const stream = streamOf(fault.end, fault.direction);
      const lines = [
        faultWords(row.code, row.text),
        `at the ${fault.end}, ${fault.direction === 'out' ? 'bytes going out' : 'bytes coming in'}`,
        `byte ${count(row.a)} of the ${stream} stream, ${when}`,
      ];
      if (!Number.isNaN(row.b)) lines.push(`byte ${count(row.b)} of the representation`);
      return lines;
    }
    case Kind.connectionClosed: {
      const connection = model.connections[row.connection - 1];
      const words = connection === undefined ? '' : closingWords(connection, false);
      return [words === '' ? 'closed' : words, `connection ${row.connection}, ${when}`];
    }
    case Kind.ended:
      return [
        row.code === 0 ? 'FIN sent' : 'FIN received',
        `by the ${row.b === 1 ? 'server' : 'client'}, ${when}`,
      ];
    case Kind.note:
      return [...noteLines(model, event), when];
    default:
      return [row.text, when];
  }
}

/** What a selection is, in one sentence. */
export function eventSentence(model: Model, event: number): string {
  return eventLines(model, event).join(', ');
}
