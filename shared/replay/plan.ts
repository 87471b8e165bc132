// From a recorded session to what its clients did, step by step: opened, sent, ended, closed, and the faults they met. Pure:
// records and the model of the same session in, a plan out. It must never plan what only the other side did.

import type { CaptureRecord, End, Endpoint, FaultRecord } from '../capture/records.ts';
import { assertNever } from '../capture/records.ts';
import type { Uint32List } from '../model/growable.ts';
import type { Exchange, Model } from '../model/model.ts';
import {
  isOfRequest,
  plannedDisturbance,
  type PlannedDisturbance,
  plannedFault,
  type PlannedFault,
} from './planned-faults.ts';

export interface PlannedConnection {
  /** Its number in the recording. */
  readonly id: number;
  readonly server: Endpoint;
  /** It was under TLS. */
  readonly secure: boolean;
  /** The recording holds the server's end, too: the server was ours. */
  readonly embedded: boolean;
  /** Bytes of the request stream that the server read, where its end was held, else 0. */
  readonly arrived: number;
  readonly faults: readonly PlannedFault[];
  readonly disturbances: readonly PlannedDisturbance[];
  /** Bytes of the request stream that are recorded as a fault had changed them, and the bits that it had turned. */
  readonly changed: readonly { readonly at: number; readonly mask: number }[];
}

interface StepAt {
  /** Nanoseconds since the recording began. */
  readonly time: number;
  readonly connection: number;
  /** What had happened before, since the step before this one: exchanges that were answered, connections that ended. */
  readonly after: readonly Awaited[];
}

/** Bytes from … to of the request stream, as they were sent. */
export interface SendStep extends StepAt {
  readonly kind: 'send';
  readonly from: number;
  readonly to: number;
  /** The exchange that they are of, and the end of its head; null: bytes that are no request, or follow a 101. */
  readonly exchange: number | null;
  readonly headStart: number;
  readonly headEnd: number;
}

export type ReplayStep =
  | (StepAt & { readonly kind: 'open' })
  | SendStep
  /** The client's FIN: it reads on. */
  | (StepAt & { readonly kind: 'finish' })
  | (StepAt & { readonly kind: 'resume' })
  /**
   * The client left, when `faults` of the connection's faults had struck; in the middle of a response, when it had read
   * that many bytes. `pause`: nanoseconds after its last byte. `answered`: not before all that it asked is answered, since
   * what had cut it is left out.
   */
  | (StepAt & {
      readonly kind: 'close';
      readonly how: 'fin' | 'rst' | 'silence';
      readonly received: number;
      readonly faults: number;
      readonly pause: number;
      readonly answered: boolean;
    });

export type Awaited =
  | { readonly kind: 'answered'; readonly exchange: number }
  /** An exchange has that many response heads, interim ones. */
  | { readonly kind: 'heard'; readonly exchange: number; readonly heads: number }
  | { readonly kind: 'closed'; readonly connection: number };

export interface ReplayPlan {
  readonly connections: readonly PlannedConnection[];
  readonly steps: readonly ReplayStep[];
}

/** A session that cannot be sent again; the message says why, and what to do. */
export class ReplayError extends Error {
  readonly code: 'nothing-sent' | 'not-kept' | 'foreign' | 'too-long' | 'unreachable' | 'bad-target';
  constructor(code: ReplayError['code'], message: string) {
    super(message);
    this.name = 'ReplayError';
    this.code = code;
  }
}

/** Connections and exchanges that one plan holds. */
const MOST_PLANNED = 20_000;

interface Watched {
  readonly id: number;
  readonly openedAt: number;
  readonly server: Endpoint;
  client: boolean;
  embedded: boolean;
  /** Bytes that the client truly sent. */
  sent: number;
  /** Bytes that the server read. */
  arrived: number;
  /** When the client ended its direction by itself, and the server its own. */
  finishedAt: number;
  endedAt: number;
  /** The client read on after its FIN only to throw it away: then it had left. */
  discards: boolean;
  closed: {
    readonly time: number;
    readonly how: 'fin' | 'rst' | 'silence';
    readonly received: number;
  } | null;
  overAt: number;
  faults: FaultRecord[];
  disturbances: FaultRecord[];
  readonly changed: { readonly at: number; readonly mask: number }[];
  /** When a fault that is left out ended it; Infinity: none did. */
  cutAt: number;
}

/** Takes in the records of a session; {@link ReplayPlanner.plan} makes a plan of them and of its model. */
export class ReplayPlanner {
  readonly #connections: Watched[] = [];
  readonly #byNumber = new Map<number, Watched>();

  feed(record: CaptureRecord): void {
    if (record.kind === 'opened') {
      this.#opened(record.connection, record.time, record.server, record.end);
      return;
    }
    const watched = this.#byNumber.get(record.connection);
    if (watched === undefined) return;
    switch (record.kind) {
      case 'sent':
        if (record.end === 'client') watched.sent = Math.max(watched.sent, record.offset + record.length);
        return;
      case 'received':
        if (record.end === 'client') return;
        watched.arrived = record.offset + record.length;
        // Without the client's end, what the server read is what there is.
        if (!watched.client) watched.sent = watched.arrived;
        return;
      case 'discarded':
        if (record.end === 'client') watched.discards = true;
        return;
      case 'ended':
        if (record.end !== 'client') return;
        if (record.direction === 'out') watched.finishedAt = Math.min(watched.finishedAt, record.time);
        else watched.endedAt = Math.min(watched.endedAt, record.time);
        return;
      case 'closed':
        // The client's own word counts: what its server knows, it has yet to find out.
        if (record.end === 'client' || !watched.client)
          watched.overAt = Math.min(watched.overAt, record.time);
        if (record.end === 'client' && watched.client) watched.sent = Math.min(watched.sent, record.sent);
        if (record.by === 'client' && record.how !== 'error' && (record.end === 'client' || !watched.client))
          watched.closed ??= {
            time: record.time,
            how: record.how,
            received: record.end === 'client' ? record.received : record.sent,
          };
        // A client that gave up on silence that we had made: its own doing, though a fault's end.
        if (record.end === 'client' && record.how === 'silence' && record.by === 'fault')
          watched.closed ??= { time: record.time, how: 'silence', received: record.received };
        return;
      case 'fault':
        // What a server did by itself it does again by itself.
        if (record.origin === 'server') return;
        // After its own cut the client goes on at once, whenever the last of the connection is read.
        if (record.end === 'client' && record.action === 'cut' && record.cut !== 'stall')
          watched.overAt = Math.min(watched.overAt, record.time);
        if (record.action === 'cut' || record.action === 'stall' || record.action === 'resume')
          watched.faults.push(record);
        else watched.disturbances.push(record);
        if (record.action === 'corrupt' && record.amount !== undefined && isOfRequest(record))
          watched.changed.push({ at: record.at, mask: record.amount });
        return;
      case 'step':
      case 'about':
      case 'remark':
        return;
      default:
        assertNever(record);
    }
  }

  /**
   * What is to be done, in the order in which it was. The model must be of the same records, and folded.
   * @param withFaults false: nothing is cut, held, slowed or changed; what had been cut is closed when it is answered
   * @throws {ReplayError} `nothing-sent`, `too-long`
   */
  plan(model: Model, withFaults = true): ReplayPlan {
    const watched = withFaults ? this.#connections : this.#connections.map(withoutFaults);
    const own = watched.filter(({ sent }) => sent > 0);
    if (own.length === 0)
      throw new ReplayError('nothing-sent', 'The session holds no request: there is nothing to send again.');
    if (own.length + model.exchanges.length > MOST_PLANNED)
      throw new ReplayError(
        'too-long',
        `The session holds ${model.exchanges.length.toLocaleString('en-US')} exchanges: ${MOST_PLANNED.toLocaleString('en-US')} at most can be sent again.`,
      );
    const numbers = new Set(own.map(({ id }) => id));
    return {
      connections: own.map(({ id, server, embedded, arrived, faults, disturbances, changed }) => ({
        id,
        server,
        secure: model.connections[id - 1]?.secure ?? false,
        embedded,
        arrived,
        faults: faults.flatMap(plannedFault),
        disturbances: disturbances.flatMap(plannedDisturbance),
        changed,
      })),
      steps: inOrder(
        own.flatMap((watched) => stepsOf(watched, model)),
        happenings(model, watched, numbers),
      ),
    };
  }

  #opened(connection: number, time: number, server: Endpoint, end: End): void {
    let watched = this.#byNumber.get(connection);
    if (watched === undefined) {
      watched = {
        id: connection,
        openedAt: time,
        server,
        client: false,
        embedded: false,
        sent: 0,
        arrived: 0,
        finishedAt: Infinity,
        endedAt: Infinity,
        discards: false,
        closed: null,
        overAt: Infinity,
        faults: [],
        disturbances: [],
        changed: [],
        cutAt: Infinity,
      };
      this.#byNumber.set(connection, watched);
      this.#connections.push(watched);
    }
    if (end === 'client') {
      watched.client = true;
      watched.sent = 0;
    } else watched.embedded = true;
  }
}

/** The same without what was done to it. What it did when it was cut, it does when it is answered. */
function withoutFaults(watched: Watched): Watched {
  const { faults, closed, overAt } = watched;
  const cut = faults.find(({ action, cut }) => action === 'cut' && cut !== 'stall');
  const silenced = closed?.how === 'silence' && faults.length > 0;
  return {
    ...watched,
    faults: [],
    disturbances: [],
    closed: silenced ? null : closed,
    cutAt: cut?.time ?? (silenced ? Math.min(closed.time, overAt) : Infinity),
  };
}

type Timed = ReplayStep extends infer S ? (S extends ReplayStep ? Omit<S, 'after'> : never) : never;

/** What one client did on one connection. */
function stepsOf(watched: Watched, model: Model): Timed[] {
  const { id: connection, openedAt, sent, closed, faults, finishedAt, endedAt, discards, cutAt } = watched;
  const steps: Timed[] = [{ kind: 'open', connection, time: openedAt }];
  let from = 0;
  let last = openedAt;
  const exchanges = model.connections[connection - 1]?.exchanges;
  const count = exchanges?.length ?? 0;
  for (let i = 0; i < count; i++) {
    const exchange = model.exchanges[exchanges!.values[i]!]!;
    const next = i + 1 < count ? model.exchanges[exchanges!.values[i + 1]!]!.requestStart : sent;
    // What follows a 101 is sent when that has come; a request goes on to where the next one begins.
    const switched = exchange.status === 101 && !Number.isNaN(exchange.requestHeadEnd);
    const to = Math.min(sent, switched ? exchange.requestHeadEnd : next);
    if (to <= from) continue;
    const headEnd = Number.isNaN(exchange.requestHeadEnd) ? to : exchange.requestHeadEnd;
    last = Math.max(last, exchange.startedAt);
    const { id, requestStart } = exchange;
    steps.push({
      kind: 'send',
      connection,
      time: last,
      from,
      to,
      exchange: id,
      headStart: requestStart,
      headEnd,
    });
    from = to;
    if (switched) last = Math.max(last, exchange.statusAt);
  }
  if (from < sent)
    steps.push({
      kind: 'send',
      connection,
      time: last,
      from,
      to: sent,
      exchange: null,
      headStart: from,
      headEnd: from,
    });
  for (const { action, time } of faults)
    if (action === 'resume') steps.push({ kind: 'resume', connection, time });
  const cut = faults.some((fault) => fault.action === 'cut' && fault.cut !== 'stall');
  const left = { kind: 'close', connection, received: 0, faults: 0, pause: 0 } as const;
  if (cutAt < Infinity) steps.push({ ...left, time: cutAt, how: 'fin', answered: true });
  else if (finishedAt < endedAt && !discards && !cut && closed?.how !== 'rst' && closed?.how !== 'silence')
    steps.push({ kind: 'finish', connection, time: finishedAt });
  else if (closed !== null && !cut)
    steps.push({
      ...left,
      time: discards ? Math.min(finishedAt, closed.time) : closed.time,
      how: closed.how,
      received: isBroken(exchanges, model) ? closed.received : 0,
      pause: closed.time - last,
      faults: faults.filter(({ action, time }) => action !== 'resume' && time <= closed.time).length,
      answered: false,
    });
  return steps;
}

/** Whether the last response of a connection had begun, and did not come whole. */
function isBroken(exchanges: Uint32List | undefined, model: Model): boolean {
  const last = exchanges?.at(-1);
  const exchange = last === undefined ? undefined : model.exchanges[last];
  return exchange !== undefined && exchange.status !== null && exchange.status !== 101 && !exchange.complete;
}

interface Happening {
  readonly time: number;
  readonly what: Awaited;
}

/** Interim responses of an exchange that are looked at, for what may have been waited for. */
const INTERIMS = 16;

/** The first interim response of each status: what comes of it (a 100, the address of an upload) may be used at once. */
function interimsOf({ columns }: Model['events'], { id, interim }: Exchange): Happening[] {
  const seen = new Set<number>();
  const found: Happening[] = [];
  for (let i = 0; i < Math.min(interim.length, INTERIMS); i++) {
    const row = interim.values[i]!;
    if (seen.has(columns.code[row]!)) continue;
    seen.add(columns.code[row]!);
    found.push({ time: columns.time[row]!, what: { kind: 'heard', exchange: id, heads: i + 1 } });
  }
  return found;
}

/** What clients waited for, by time: interim responses, the ends of exchanges, and of connections. */
function happenings(
  model: Model,
  connections: readonly Watched[],
  numbers: ReadonlySet<number>,
): Happening[] {
  const found: Happening[] = [];
  for (const exchange of model.exchanges) {
    if (!numbers.has(exchange.connection)) continue;
    found.push(...interimsOf(model.events, exchange));
    const answered = exchange.status === 101 ? exchange.statusAt : exchange.endedAt;
    if (exchange.status !== null && (exchange.complete || exchange.status === 101) && answered < Infinity)
      found.push({ time: answered, what: { kind: 'answered', exchange: exchange.id } });
  }
  for (const { id, overAt } of connections)
    if (numbers.has(id) && overAt < Infinity)
      found.push({ time: overAt, what: { kind: 'closed', connection: id } });
  return found.sort((x, y) => x.time - y.time);
}

/** Steps by time; each with what had happened since the one before. A step's own end is nothing that it waits for. */
function inOrder(steps: readonly Timed[], happened: readonly Happening[]): ReplayStep[] {
  let next = 0;
  return [...steps]
    .sort((x, y) => x.time - y.time)
    .map((step) => {
      const after: Awaited[] = [];
      for (; next < happened.length && happened[next]!.time <= step.time; next++) {
        const { what } = happened[next]!;
        if (!(what.kind === 'closed' && what.connection === step.connection)) after.push(what);
      }
      return { ...step, after } as ReplayStep;
    });
}
