// Which resource answers a request. Every resource is a file in resources/; this one only knows their paths.

import type { ServerSettings } from '../../shared/contract.ts';
import type { Clock } from '../wire/types.ts';
import type { Exchange } from './http/exchange.ts';
import type { FileStore } from './files/store.ts';
import type { Operations } from './operations/operations.ts';
import { refuse, refuseMethod, text, PLAIN_TEXT } from './http/refuse.ts';
import type { Streams } from './streams/streams.ts';
import type { UploadLimits } from './uploads/ietf/limits.ts';

/** What the resources of one server share. Its settings may change: whoever needs one asks for it each time. */
export interface ServerCore extends Readonly<Omit<ServerSettings, 'interimLimit'>> {
  readonly clock: Clock;
  readonly operations: Operations;
  /** The resources on disk. */
  readonly files: FileStore;
  /** The streams on disk. */
  readonly streams: Streams;
  /** Bytes of appends that a follower of a stream may be behind. */
  readonly followerLag: number;
  /** Something that the state names has changed. */
  readonly changed: () => void;
  /** Most bytes of one upload. */
  readonly uploadLimit: number;
  /** Other limits of uploads at /resumable. */
  readonly uploadLimits: UploadLimits;
}

export interface Route {
  /** Whole path; its groups are handed over. */
  readonly path: RegExp;
  /** `GET, HEAD, POST` */
  readonly allow: string;
  /** Lines of the index at /; none: not worth a line. */
  readonly index?: readonly string[];
  /** Its GETs may be worked on while older ones of the same connection are. Each answers with one write. */
  readonly parallel?: true;
  answer(exchange: Exchange, groups: readonly string[]): void;
}

/** Methods that some resource of the test server knows; others are 501 everywhere (RFC 9110 §15.6.2). */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'MOVE', 'OPTIONS']);

const ALL = Array.from(METHODS).join(', ');

export function createRouter(routes: readonly Route[]): (exchange: Exchange) => void {
  const index = text('The test server of Interim. Try:', '', ...routes.flatMap((route) => route.index ?? []));
  return (exchange) => {
    if (!METHODS.has(exchange.method)) {
      refuse(exchange, 501, `The method ${exchange.method} is not known here.`);
      return;
    }
    if (exchange.path === '*' && exchange.method === 'OPTIONS') {
      // RFC 9110 §9.3.7: about the server as a whole.
      void exchange.final({ status: 204, fields: [['Allow', ALL]], content: new Uint8Array(0) });
      return;
    }
    if (exchange.path === '/') {
      if (exchange.method === 'GET' || exchange.method === 'HEAD') {
        void exchange.final({ status: 200, fields: [PLAIN_TEXT], content: index });
      } else refuseMethod(exchange, 'GET, HEAD');
      return;
    }
    for (const route of routes) {
      const match = route.path.exec(exchange.path);
      if (match === null) continue;
      if (route.allow.split(', ').includes(exchange.method)) route.answer(exchange, match.slice(1));
      else refuseMethod(exchange, route.allow);
      return;
    }
    refuse(exchange, 404, 'There is nothing here. GET / lists what there is.');
  };
}

/** Whether a request is a GET of a route that works in parallel. */
export function createParallel(routes: readonly Route[]): (exchange: Exchange) => boolean {
  const paths = routes.flatMap((route) => (route.parallel === true ? [route.path] : []));
  return ({ method, path }) => method === 'GET' && paths.some((each) => each.test(path));
}
