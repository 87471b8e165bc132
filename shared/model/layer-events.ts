// What a layer has passed, as events: heads, bytes, coverage, messages and ends, and what they mean for the operation
// where their news counts. Told by the tracks; decides nothing about heads.

import { DOWNLOAD, Kind, Layer, MESSAGE_OF_CLIENT, MESSAGE_RECEIVED } from './events.ts';
import type { OperationTeller } from './operation-teller.ts';
import type { Rows } from './rows.ts';
import type { Pair, Running } from './running.ts';
import { arrivalLayer, arrived, giveUp } from './stored.ts';
import type { LayerSink, MessageItem } from './stream-items.ts';

export class LayerEvents {
  readonly #rows: Rows;
  readonly #teller: OperationTeller;
  readonly #pairs: ReadonlyMap<number, Pair>;

  constructor(rows: Rows, teller: OperationTeller, pairs: ReadonlyMap<number, Pair>) {
    this.#rows = rows;
    this.#teller = teller;
    this.#pairs = pairs;
  }

  requestSink(connection: number): LayerSink {
    return {
      head: (layer, item) =>
        this.#rows.emit(Kind.requestHead, layer, connection, item.exchange, item.start, item.end, ''),
      bytes: (layer, exchange, from, to) =>
        this.#rows.emit(Kind.requestBytes, layer, connection, exchange, from, to, ''),
      coverage: (layer, exchange, first, end) => {
        this.#rows.emit(Kind.coverage, layer, connection, exchange, first, end, '');
        const pair = this.#pairs.get(connection);
        const running = pair?.open.get(exchange);
        if (pair !== undefined && running !== undefined)
          arrived(running, layer as 1 | 2, first, end, arrivalLayer(pair.ends));
      },
      length: (layer, exchange, length) => {
        const running = this.#pairs.get(connection)?.open.get(exchange);
        if (running === undefined) return;
        if (running.method !== 'PATCH') running.operation.length = length;
        if (layer === Layer.sent || (this.#pairs.get(connection)!.ends & 1) === 0)
          this.#rows.emit(Kind.representation, 0, connection, exchange, length, running.operation.id, '');
      },
      end: (layer, exchange, at, complete) => {
        const running = this.#pairs.get(connection)?.open.get(exchange);
        if (running !== undefined) running.requestEnd[layer as 1 | 2] = true;
        this.#rows.emit(Kind.requestEnd, layer, connection, exchange, at, complete ? 1 : 0, '');
      },
      document: () => undefined,
      message: (layer, item) => this.#message(layer, connection, MESSAGE_OF_CLIENT, item),
      progress: () => undefined,
    };
  }

  responseSink(connection: number): LayerSink {
    const running = (exchange: number): Running | undefined =>
      this.#pairs.get(connection)?.open.get(exchange);
    /** The layer whose news counts: what the client read, or, without a client end, what the server sent. */
    const told = (layer: Layer): boolean =>
      (layer === Layer.received) === (((this.#pairs.get(connection)?.ends ?? 1) & 1) !== 0);
    return {
      head: (layer, item) => {
        const interim = item.status < 200 && item.status !== 101;
        const kind = interim
          ? layer === Layer.sent
            ? Kind.interimSent
            : Kind.interimReceived
          : layer === Layer.sent
            ? Kind.finalSent
            : Kind.finalReceived;
        this.#rows.emit(kind, item.status, connection, item.exchange, item.start, item.end, item.text);
        const of = running(item.exchange);
        if (of !== undefined && told(layer))
          this.#teller.told(
            of,
            item,
            interim,
            layer === Layer.received ? of.watchSoFar?.sent : of.watchSoFar?.received,
          );
      },
      bytes: (layer, exchange, from, to) =>
        this.#rows.emit(Kind.responseBytes, layer, connection, exchange, from, to, ''),
      coverage: (layer, exchange, first, end) => {
        const of = running(exchange);
        if (of?.downloads !== true) return;
        const { base, operation } = of;
        this.#rows.emit(Kind.coverage, layer | DOWNLOAD, connection, exchange, base + first, base + end, '');
        if (told(layer)) operation.downloaded = Math.max(operation.downloaded, base + end);
      },
      length: (layer, exchange, length) => {
        const of = running(exchange);
        if (of?.downloads === true && told(layer))
          this.#rows.emit(
            Kind.representation,
            DOWNLOAD,
            connection,
            exchange,
            of.base + length,
            of.operation.id,
            '',
          );
      },
      end: (layer, exchange, at, complete) =>
        this.#responseEnd(connection, layer, exchange, at, complete, told(layer)),
      document: (layer, exchange, status, reason) => {
        if (told(layer)) this.#rows.emit(Kind.document, status, connection, exchange, 0, 0, reason);
      },
      message: (layer, item) => this.#message(layer, connection, 0, item),
      progress: (layer, { exchange, numerator, denominator, text }) => {
        if (told(layer))
          this.#rows.emit(Kind.progress, 0, connection, exchange, numerator, denominator, text);
      },
    };
  }

  #message(layer: Layer, connection: number, whose: number, item: MessageItem): void {
    const code = item.what | (layer === Layer.received ? MESSAGE_RECEIVED : 0) | whose;
    this.#rows.emit(Kind.message, code, connection, item.exchange, item.start, item.at, item.text);
  }

  #responseEnd(
    connection: number,
    layer: Layer,
    exchange: number,
    at: number,
    complete: boolean,
    told: boolean,
  ): void {
    const pair = this.#pairs.get(connection);
    const running = pair?.open.get(exchange);
    if (pair === undefined || running === undefined || running.responseEnd[layer as 1 | 2]) return;
    running.responseEnd[layer as 1 | 2] = true;
    this.#rows.emit(Kind.responseEnd, layer, connection, exchange, at, complete ? 1 : 0, '');
    if (told && complete) this.#teller.settled(running);
    else if (told) this.#teller.broke(running, pair.how);
    if (pair.ends !== 3 || (running.responseEnd[1] && running.responseEnd[2])) pair.open.delete(exchange);
  }

  /** An end was closed while an exchange was under way: it ends there, at that end. */
  cutShort(pair: Pair, running: Running, client: boolean): void {
    const requestLayer = client ? Layer.sent : Layer.received;
    if (!running.requestEnd[requestLayer]) {
      running.requestEnd[requestLayer] = true;
      this.#rows.emit(
        Kind.requestEnd,
        requestLayer,
        pair.id,
        running.id,
        pair.request.layers.reached(requestLayer),
        0,
        '',
      );
    }
    const responseLayer = client ? Layer.received : Layer.sent;
    if (running.responseEnd[responseLayer]) return;
    const tells = client || (pair.ends & 1) === 0;
    running.responseEnd[responseLayer] = true;
    this.#rows.emit(
      Kind.responseEnd,
      responseLayer,
      pair.id,
      running.id,
      pair.response.layers.reached(responseLayer),
      0,
      '',
    );
    if (tells) this.#teller.broke(running, pair.how);
    else giveUp(running);
  }
}
