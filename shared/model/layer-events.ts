// What a layer has passed, as events: heads, bytes, coverage, messages and ends, and what they mean for the operation
// where their news counts. Told by the tracks; decides nothing about heads.

import type { Stream } from '../capture/records.ts';
import { DOWNLOAD, Kind, Layer, MESSAGE_OF_CLIENT, MESSAGE_RECEIVED } from './events.ts';
import type { Stretches } from './kept-events.ts';
import type { OperationTeller } from './operation-teller.ts';
import type { Notebook } from './rules/notebook.ts';
import type { Rows } from './rows.ts';
import type { Pair, Running } from './running.ts';
import { arrivalLayer, arrived, giveUp } from './stored.ts';
import type { LayerSink, MessageItem } from './stream-items.ts';

export class LayerEvents {
  readonly #notebook: Notebook;
  readonly #rows: Rows;
  readonly #teller: OperationTeller;
  readonly #pairs: ReadonlyMap<number, Pair>;

  constructor(rows: Rows, teller: OperationTeller, pairs: ReadonlyMap<number, Pair>, notebook: Notebook) {
    this.#notebook = notebook;
    this.#rows = rows;
    this.#teller = teller;
    this.#pairs = pairs;
  }

  requestSink(connection: number): LayerSink {
    return {
      head: (layer, item) =>
        this.#rows.emit(Kind.requestHead, layer, connection, item.exchange, item.start, item.end, ''),
      bytes: (layer, exchange, from, to) => {
        const kept = this.#pairs.get(connection)?.open.get(exchange)?.kept('request', layer);
        this.#stretch(kept?.bytes, Kind.requestBytes, layer, connection, exchange, from, to);
      },
      coverage: (layer, exchange, first, end) => {
        const pair = this.#pairs.get(connection);
        const running = pair?.open.get(exchange);
        const kept = running?.kept('request', layer);
        this.#stretch(kept?.coverage, Kind.coverage, layer, connection, exchange, first, end);
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
        if (running !== undefined) {
          running.requestEnd[layer as 1 | 2] = true;
          this.#flush(running, 'request', layer);
        }
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
        const of = running(item.exchange);
        if (!interim || of === undefined || this.marks(of, 'response', layer, item.start))
          this.#rows.emit(kind, item.status, connection, item.exchange, item.start, item.end, item.text);
        if (of !== undefined && told(layer))
          this.#teller.told(
            of,
            item,
            interim,
            layer === Layer.received ? of.watchSoFar?.sent : of.watchSoFar?.received,
          );
      },
      bytes: (layer, exchange, from, to) => {
        const kept = running(exchange)?.kept('response', layer);
        this.#stretch(kept?.bytes, Kind.responseBytes, layer, connection, exchange, from, to);
      },
      coverage: (layer, exchange, first, end) => {
        const of = running(exchange);
        if (of?.downloads !== true) return;
        const { base, operation } = of;
        const { coverage } = of.kept('response', layer);
        this.#stretch(
          coverage,
          Kind.coverage,
          layer | DOWNLOAD,
          connection,
          exchange,
          base + first,
          base + end,
        );
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
        if (told(layer) && running(exchange)?.kept('response', layer).progress() !== false)
          this.#rows.emit(Kind.progress, 0, connection, exchange, numerator, denominator, text);
      },
    };
  }

  /** An interim response or a message at `at`: whether it becomes a row. The first that becomes none is noted. */
  marks(running: Running, stream: Stream, layer: Layer, at: number): boolean {
    const kept = running.kept(stream, layer).mark();
    if (!kept && !running.isEndless) {
      running.isEndless = true;
      const place = { time: this.#rows.time, connection: running.connection, exchange: running.id, stream };
      this.#notebook.note(place, running.watch, 'events-left-out', at);
    }
    return kept;
  }

  /** Bytes or coverage, which become a row with those before them that became none. */
  #stretch(
    stretches: Stretches | undefined,
    kind: Kind,
    code: number,
    connection: number,
    exchange: number,
    from: number,
    to: number,
  ): void {
    if (stretches?.isHeld === true && !stretches.goesOn(from, to)) {
      this.#rows.emit(kind, code, connection, exchange, stretches.from, stretches.to, '');
      stretches.isHeld = false;
    }
    if (stretches === undefined || from === to)
      this.#rows.emit(kind, code, connection, exchange, from, to, '');
    else if (stretches.add(from, to))
      this.#rows.emit(kind, code, connection, exchange, stretches.from, stretches.to, '');
  }

  /** A layer has passed the last of a message: what is held becomes rows. */
  #flush(running: Running, stream: Stream, layer: Layer): void {
    const { bytes, coverage } = running.kept(stream, layer);
    const isRequest = stream === 'request';
    const emit = (stretches: Stretches, kind: Kind, code: number): void => {
      if (!stretches.isHeld) return;
      stretches.isHeld = false;
      const { connection, id } = running;
      this.#rows.emit(kind, code, connection, id, stretches.from, stretches.to, '');
    };
    emit(bytes, isRequest ? Kind.requestBytes : Kind.responseBytes, layer);
    emit(coverage, Kind.coverage, isRequest ? layer : layer | DOWNLOAD);
  }

  #message(layer: Layer, connection: number, whose: number, item: MessageItem): void {
    const running = this.#pairs.get(connection)?.open.get(item.exchange);
    const stream = whose === 0 ? 'response' : 'request';
    if (running !== undefined && !this.marks(running, stream, layer, item.start)) return;
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
    this.#flush(running, 'response', layer);
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
      this.#flush(running, 'request', requestLayer);
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
    this.#flush(running, 'response', responseLayer);
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
