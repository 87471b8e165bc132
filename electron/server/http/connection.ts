// One connection of the test server: bytes → parser → exchanges, answered one after the other in the order of the
// requests. Knows no resource; keeps no more than one read of content that its turn has not come for.

import type { Violation } from '../../../shared/http1/types.ts';
import { createParser } from '../../../shared/http1/parser.ts';
import type { WireDuplex } from '../../wire/duplex.ts';
import type { Clock, Wire } from '../../wire/types.ts';
import { Exchange, type ExchangeHost } from './exchange.ts';
import { hostFault } from './host.ts';
import { IdleWatch } from './idle.ts';
import { refuse, refuseSyntax, slowHeadBytes, syntaxRefusalBytes } from './refuse.ts';
import { codingFault } from './transfer-coding.ts';
import { Turn } from './turn.ts';

interface ConnectionOptions {
  readonly clock: Clock;
  /** Most interim responses to one request. */
  readonly interimLimit: number;
  /** From the first byte of a message to its complete head; content has the long limit. Past it: 408. */
  readonly headMilliseconds: number;
  /** For a client that has sent nothing yet. */
  readonly silentMilliseconds: number;
  /** A client that neither sends nor takes a byte for so long, when it is its turn, is let go. */
  readonly idleMilliseconds: number;
  /** The same between two requests. */
  readonly keepAliveMilliseconds: number;
  /**
   * Answers an exchange. Called in the order of the requests, each when the one before is over, or ahead of that where both
   * are for resources that work in parallel.
   */
  handle(exchange: Exchange): void;
  /**
   * May the exchange be worked on before it is the oldest, and others behind it? Asked for requests without content.
   * Default: none.
   */
  parallel?(exchange: Exchange): boolean;
  /** The connection is over; called once. */
  closed(): void;
}

/** Requests of a connection that are worked on at once. */
const MOST_AT_ONCE = 32;

/** Serves requests on an accepted wire until either side ends it. */
export function serveConnection(wire: Wire, options: ConnectionOptions): void {
  const connection = new Connection(wire, options);
  wire.handle({
    data: (bytes) => connection.data(bytes),
    end: () => connection.peerEnded(),
    closed: () => connection.closed(),
  });
}

class Connection implements ExchangeHost {
  readonly wire: Wire;
  readonly interimLimit: number;
  readonly #options: ConnectionOptions;
  readonly #parser;
  /** Requests whose heads are here, oldest first; only the first has been started, or some ahead of their turn. */
  readonly #queue: Exchange[] = [];
  /** The one whose content is being read. */
  #receiving: Exchange | null = null;
  /** The one whose content was cut short: by the end of the stream, or by a violation that is about to be told. */
  #broken: Exchange | null = null;
  /** Refused by the parser: to be answered when those before it are. */
  #violation: Violation | null = null;
  /** No more requests are taken. */
  #closing = false;
  #peerEnded = false;
  /** Whose connection it is since an upgrade; null: it is HTTP. */
  #tunnel: WireDuplex | null = null;
  #writes = 0;
  #flowing = true;
  /** A request was answered. */
  #served = false;
  readonly #idle: IdleWatch;
  /** The parser is at the end of a message: it has read nothing behind it. */
  #ending = false;
  /** Absolute position behind the last message. */
  #messagesEnd = 0;
  /** Takes back the end of our patience with a head that has begun; null: none has, or it is not its turn. */
  #cancelHead: (() => void) | null = null;
  readonly #turn = new Turn();

  constructor(wire: Wire, options: ConnectionOptions) {
    this.wire = wire;
    this.interimLimit = options.interimLimit;
    this.#options = options;
    this.#parser = createParser('request', {
      head: (head) => {
        this.#headOver();
        const exchange = new Exchange(head.keep(), this);
        this.#receiving = exchange;
        this.#queue.push(exchange);
        // One without content ends at once: it is started then, when it is known that the connection can persist.
        if (head.framing !== 'none' && head.contentLength !== 0) this.#startOldest();
      },
      content: (bytes, from, to, at) => {
        const exchange = this.#receiving;
        if (exchange !== null) attempt(exchange, () => exchange.deliver(bytes, from, to, at));
      },
      tunnel: (bytes, from, to) => this.#tunnel?.receive(bytes.subarray(from, to)),
      trailers: (trailers) => this.#receiving?.trail(trailers.keep()),
      messageEnd: (end, complete) => {
        this.#messagesEnd = end;
        this.#ending = true;
        this.#messageEnd(complete);
        this.#ending = false;
      },
      error: (violation) => this.#refuse(violation),
    });
    this.#idle = new IdleWatch({
      clock: options.clock,
      limit: () => this.#idleLimit(),
      // Who takes nothing of what is written to it would not take the rest either.
      passed: () => wire.close(this.#writes > 0 ? 'rst' : 'fin'),
    });
  }

  data(bytes: Uint8Array): void {
    this.#idle.active();
    if (this.#closing) return;
    this.#parser.feed(bytes);
    this.#settle();
  }

  /** The peer's FIN: what it asked for before is still answered (RFC 9112 §9.6). */
  peerEnded(): void {
    if (this.#peerEnded) return;
    this.#peerEnded = true;
    this.#parser.end();
    for (const exchange of this.#queue) exchange.peerHasEnded();
    this.#settle();
  }

  closed(): void {
    this.#closing = true;
    this.#idle.stop();
    this.#headOver();
    if (!this.#peerEnded) this.#parser.end();
    for (const exchange of this.#queue.splice(0)) exchange.leave();
    this.#options.closed();
  }

  // For exchanges.

  get readBehind(): boolean {
    return this.#queue.length > 1 || this.#violation !== null || (!this.#ending && this.#parser.inMessage);
  }

  async write(bytes: Uint8Array): Promise<boolean> {
    this.#writes++;
    this.#idle.active();
    const sent = await this.wire.write(bytes);
    this.#writes--;
    this.#idle.active();
    // A client that takes all at once, or a kernel that does, must not keep the other connections from their answers.
    await this.#turn.spend(bytes.length);
    return sent;
  }

  answered(exchange: Exchange): void {
    if (this.#queue[0] !== exchange) return;
    if (!exchange.keepAlive) this.#close();
    else this.#settle();
  }

  upgraded(duplex: WireDuplex): void {
    this.#closing = true;
    this.#idle.stop();
    this.#headOver();
    this.#tunnel = duplex;
    // What is left of this read is the new protocol's already.
    this.#parser.upgrade();
    duplex.begin();
    duplex.whenClosed(() => this.closed());
  }

  #startOldest(): void {
    const exchange = this.#queue[0];
    if (exchange === undefined) return;
    exchange.takeTurn();
    this.#start(exchange, 'in turn');
  }

  /**
   * Safe requests that follow each other may be worked on in parallel (RFC 9112 §9.3.2); what they write is held back until
   * it is their turn.
   */
  #startAhead(): void {
    for (let place = 1; place < Math.min(this.#queue.length, MOST_AT_ONCE); place++) {
      if (!this.#runsAlone(this.#queue[place - 1]) || !this.#runsAlone(this.#queue[place])) return;
      this.#start(this.#queue[place]!, 'ahead');
    }
  }

  /** It came whole, has no content, and its resource cares for none of the others. */
  #runsAlone(exchange: Exchange | undefined): boolean {
    if (exchange === undefined || !exchange.requestEnded || exchange === this.#broken) return false;
    const { framing, contentLength } = exchange.head;
    return (framing === 'none' || contentLength === 0) && this.#options.parallel?.(exchange) === true;
  }

  #start(exchange: Exchange, when: 'in turn' | 'ahead'): void {
    if (exchange.started || exchange.over) return;
    const violation = this.#violation;
    if (exchange === this.#broken && violation !== null) {
      this.#violation = null;
      exchange.start((started) => refuseSyntax(started, violation));
      return;
    }
    const fault = hostFault(exchange.head);
    const coding = codingFault(exchange.head);
    exchange.start((started) => {
      if (fault !== null) refuse(started, 400, fault);
      else if (coding !== null) refuse(started, 501, coding);
      else attempt(started, () => this.#options.handle(started));
    }, when);
  }

  #messageEnd(complete: boolean): void {
    const exchange = this.#receiving;
    this.#receiving = null;
    if (exchange !== null) attempt(exchange, () => exchange.end(complete));
    if (complete) this.#startOldest();
    else this.#broken = exchange;
    this.#startAhead();
    // A request that was cut short by a FIN gets no answer: nobody may take it for one to a whole request.
    if (exchange !== null && !complete && this.#peerEnded) exchange.leave();
  }

  #refuse(violation: Violation): void {
    const exchange = this.#receiving ?? this.#broken;
    this.#receiving = null;
    if (violation.code === 'closed-before-head' || violation.code === 'closed-in-body') {
      if (exchange !== null) attempt(exchange, () => exchange.end(false));
      if (this.#peerEnded) exchange?.leave();
      return;
    }
    if (exchange !== null) attempt(exchange, () => exchange.end(false));
    // Broken in the middle of content: the answer belongs to the request it was content of, when it is its turn.
    if (exchange !== null && exchange === this.#queue[0]) refuseSyntax(exchange, violation);
    else this.#violation = violation;
  }

  /** Goes on with the next request, or ends the connection, if the oldest one is done with. */
  #settle(): void {
    for (;;) {
      const exchange = this.#queue[0];
      if (exchange === undefined || !exchange.over) break;
      this.#queue.shift();
      this.#served = true;
      // Answered out of its turn: what it said of the connection holds now.
      if (exchange.answered && !exchange.keepAlive) {
        this.#close();
        return;
      }
      this.#startOldest();
      this.#startAhead();
    }
    if (this.#queue.length === 0) {
      this.#settleIdle();
      this.#watchHead();
      this.#idle.limitChanged();
    }
    this.#flow(this.#queue.length < (this.#queue.at(-1)?.started === true ? MOST_AT_ONCE : 2));
  }

  #settleIdle(): void {
    if (this.#violation !== null) {
      const violation = this.#violation;
      this.#violation = null;
      this.#lastWords(syntaxRefusalBytes(violation));
    } else if (this.#peerEnded && !this.#closing) this.#close();
  }

  /**
   * RFC 9110 §15.5.9. Empty lines before a request count as its beginning. While an older request is being answered the
   * client is not waited for: it may not even be read from.
   */
  #watchHead(): void {
    const begun = this.#receiving === null && this.#parser.position > this.#messagesEnd;
    if (!begun || this.#closing || this.#cancelHead !== null) return;
    const { clock, headMilliseconds } = this.#options;
    this.#cancelHead = clock.after(headMilliseconds, () => {
      this.#cancelHead = null;
      this.#lastWords(slowHeadBytes(headMilliseconds));
    });
  }

  #headOver(): void {
    this.#cancelHead?.();
    this.#cancelHead = null;
  }

  /** An answer to what is no request, and the end. */
  #lastWords(bytes: Uint8Array): void {
    this.#closing = true;
    this.#headOver();
    void this.write(bytes).then(() => this.wire.close('fin'));
  }

  #close(): void {
    this.#closing = true;
    // Not finish(): what is still on its way is read and thrown away, so that no reset destroys the answer.
    this.wire.close('fin');
  }

  /** Requests are not read faster than they are answered. */
  #flow(on: boolean): void {
    if (this.#flowing === on || !this.wire.open) return;
    this.#flowing = on;
    this.wire.flow(on);
  }

  /** What the client may take its time for: null while it is we who work. */
  #idleLimit(): number | null {
    const { idleMilliseconds, keepAliveMilliseconds, silentMilliseconds } = this.#options;
    const exchange = this.#queue[0];
    if (this.#writes > 0) return idleMilliseconds;
    if (exchange === undefined) {
      if (this.#served && !this.#parser.inMessage) return keepAliveMilliseconds;
      // A head that has begun has a time of its own.
      return this.#cancelHead === null ? silentMilliseconds : null;
    }
    return exchange.requestEnded ? null : idleMilliseconds;
  }
}

/** A failure of ours is the answer to the request that met it, and the end of nothing else. */
function attempt(exchange: Exchange, work: () => void): void {
  try {
    work();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    refuse(exchange, 500, `The test server failed: ${why}`);
  }
}
