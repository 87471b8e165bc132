// The bars of one row as shapes: requests and responses at both ends, what was sent twice, pauses, waits, silences,
// and the zones where a click cuts. Pure.

import { Layer, unpackFault } from '../../shared/model/events.ts';
import type { Run } from '../../shared/model/coverage.ts';
import { BarKind, type Connection, type Exchange } from '../../shared/model/model.ts';
import { count } from './format.ts';
import type { LayoutRow } from './layout.ts';
import type { Ink } from './palette.ts';
import type { Scene, SceneInput, Track } from './shapes.ts';
import { timeToX, xToTime } from './viewport.ts';

/** The narrowest a bar is drawn. */
const NARROWEST = 2;
/** Runs of an operation that are searched for what was sent before. */
const RUNS = 256;
const LABEL_PAD = 6;

const INKS: Record<BarKind, Ink> = {
  [BarKind.requestSent]: 'request',
  [BarKind.requestReceived]: 'received',
  [BarKind.responseSent]: 'final',
  [BarKind.responseReceived]: 'final',
};

/** The end whose track a bar is on: requests leave the client, responses reach it. */
export function trackOf(kind: BarKind): Track {
  return kind === BarKind.requestSent || kind === BarKind.responseReceived ? 'client' : 'server';
}

/** In pixels and in nanoseconds. */
type Ends = Record<Track, { readonly x: number; readonly time: number }>;

/** Adds the bars of a connection's row; `y`: its top in the view. */
export function barShapes(
  input: SceneInput,
  row: LayoutRow & { readonly kind: 'connection' },
  y: number,
  scene: Scene,
): void {
  const { model, index, viewport, time } = input;
  const connection = model.connections[row.connection - 1];
  if (connection === undefined) return;
  const first = xToTime(viewport, -8);
  const last = Math.min(xToTime(viewport, viewport.width + 8), time);
  /** Where the requests on each track end, so that an answer that overlaps is drawn beside. */
  const ends: Ends = { client: { x: -Infinity, time: -Infinity }, server: { x: -Infinity, time: -Infinity } };
  index.bars(model, row.index, first, last, (bar) => {
    const kind = model.bars.kind[bar] as BarKind;
    const exchange = model.exchanges[model.bars.exchange[bar]!];
    if (exchange !== undefined) addBar(input, connection, exchange, bar, kind, y, ends, scene);
  });
  waits(input, row, connection, y, scene);
}

function addBar(
  input: SceneInput,
  connection: Connection,
  exchange: Exchange,
  bar: number,
  kind: BarKind,
  y: number,
  ends: Ends,
  scene: Scene,
): void {
  const { model, index, viewport, time, layout } = input;
  const { metrics } = layout;
  const response = kind >= BarKind.responseSent;
  const begin = response ? index.headAt(model, bar) : model.bars.start[bar]!;
  const headEnd = index.headAt(model, bar);
  const contentAt = index.contentAt(model, bar);
  // What comes after the head is later than the moment shown: the head is all there is.
  const end = Math.min(contentAt > time ? headEnd : model.bars.end[bar]!, time);
  // Before its final head a response is nothing but marks.
  if (!(begin <= time)) return;
  const track = trackOf(kind);
  const request = ends[track];
  // An answer that only seems to overlap, since nothing is drawn narrower, begins behind its request.
  const from = response && begin >= request.time ? request.x + 1 : -Infinity;
  const x0 = Math.max(timeToX(viewport, begin), from);
  const x1 = Math.max(timeToX(viewport, end), x0 + NARROWEST);
  // After an upgrade both directions go on side by side: each has its half of the track.
  const upgraded = exchange.status === 101 && exchange.statusAt <= time;
  const beside = response && (upgraded || x0 < request.x + 1);
  if (!response) ends[track] = { x: Math.max(request.x, x1), time: Math.max(request.time, end) };
  const half = Math.max(3, Math.floor(metrics.trackHeight / 2) - 1);
  const top = y + (track === 'client' ? metrics.clientTrack : metrics.serverTrack);
  const x = Math.max(x0, -8);
  const width = Math.min(x1, viewport.width + 8) - x;
  if (width <= 0) return;
  const cutAt = connection.closed === null || connection.closed.how === 'fin' ? NaN : connection.closed.at;
  const failed = response && exchange.status !== null && exchange.status >= 400;
  const resent = kind === BarKind.requestSent ? resentUntil(input, exchange, bar) : NaN;
  const pauses: number[] = [];
  if (contentAt <= time && contentAt > headEnd)
    pushPause(pauses, timeToX(viewport, headEnd), timeToX(viewport, contentAt));
  for (const at of index.pauses(bar)) if (at <= time) pauses.push(timeToX(viewport, at));
  if (pauses.length % 2 === 1) pauses.push(x1);
  const contentX = contentAt <= time ? Math.max(timeToX(viewport, contentAt), x) : x;
  const resentTo = Number.isNaN(resent) ? NaN : timeToX(viewport, resent);
  const labelFrom = Number.isNaN(resentTo) ? contentX : Math.max(contentX, resentTo);
  const room = x + width - labelFrom - LABEL_PAD * 2;
  const dim = input.filter !== null && !input.filter.matches(exchange.id);
  scene.bars.push({
    bar,
    connection: connection.id,
    track,
    x,
    y: beside ? top + metrics.trackHeight - half : top,
    width,
    height: beside || upgraded ? half : metrics.trackHeight,
    ink: failed ? 'error' : INKS[kind],
    resentTo,
    label:
      dim || beside || upgraded || metrics.trackHeight < 10 || room < 20
        ? ''
        : barLabel(input, exchange, bar, kind, room),
    labelX: labelFrom + LABEL_PAD,
    pauses,
    cut: Math.abs(end - cutAt) < (viewport.span / viewport.width) * 2,
    dim,
  });
}

/** A gap of less than three pixels would only look like dirt. */
function pushPause(pauses: number[], from: number, to: number): void {
  if (to - from >= 3) pauses.push(from, to);
}

/** The longest words about a bar that fit into `room` pixels. */
function barLabel(input: SceneInput, exchange: Exchange, bar: number, kind: BarKind, room: number): string {
  const bytes = contentBytes(input, exchange, bar, kind);
  if (bytes <= 0) return '';
  const verb = { 0: 'sent', 1: 'read', 2: 'sent', 3: 'arrived' }[kind];
  const number = count(bytes);
  const noun = bytes === 1 ? 'byte' : 'bytes';
  for (const words of [`${number} ${noun} ${verb}`, `${number} ${verb}`, number])
    if (input.measure(words, 'ui') <= room) return words;
  return '';
}

/** Content bytes of a bar by the time shown: representation bytes where they are known, else what follows the head. */
export function contentBytes(
  input: Pick<SceneInput, 'model' | 'time'>,
  exchange: Exchange,
  bar: number,
  kind: BarKind,
): number {
  const { model, time } = input;
  if (kind === BarKind.requestSent || kind === BarKind.requestReceived) {
    const upload = model.operations[exchange.operation]?.upload;
    const layer = kind === BarKind.requestSent ? Layer.sent : Layer.received;
    const runs = upload?.runs(layer) ?? [];
    let covered = 0;
    if (runs.length <= RUNS)
      for (const run of runs) if (run.exchange === exchange.id) covered += runBytes(run, time);
    if (covered > 0) return covered;
  }
  const head = kind >= BarKind.responseSent ? exchange.responseHeadEnd : exchange.requestHeadEnd;
  const reached = time === Infinity ? model.bars.to[bar]! : model.barPositionAt(bar, time);
  return Number.isNaN(head) ? 0 : Math.max(0, reached - head);
}

function runBytes(run: Run, time: number): number {
  const known = run.times.prefix(time);
  return known === 0 ? 0 : run.ends.values[known - 1]! - run.start;
}

/** When an exchange had sent again what an earlier one had sent; NaN when it sent nothing again. */
function resentUntil(input: SceneInput, exchange: Exchange, bar: number): number {
  const { model, time } = input;
  const runs = model.operations[exchange.operation]?.upload.runs(Layer.sent) ?? [];
  if (runs.length > RUNS) return NaN;
  const mine = runs.find((run) => run.exchange === exchange.id);
  if (mine === undefined) return NaN;
  let before = mine.start;
  for (const run of runs) {
    if (run === mine) break;
    if (run.exchange !== exchange.id && run.start <= mine.start)
      before = Math.max(before, run.ends.values[run.ends.length - 1]!);
  }
  if (before <= mine.start) return NaN;
  for (let place = 0; place < mine.ends.length; place++) {
    // A hatched stretch that ends within one write is drawn as far as that write's share.
    if (mine.ends.values[place]! >= before) {
      const to = mine.ends.values[place]!;
      const from = place === 0 ? mine.start : mine.ends.values[place - 1]!;
      const since =
        place === 0
          ? (input.index.contentAt(model, bar) ?? mine.times.values[0]!)
          : mine.times.values[place - 1]!;
      const share = to > from ? (before - from) / (to - from) : 1;
      return Math.min(since + (mine.times.values[place]! - since) * share, time);
    }
  }
  return Math.min(model.bars.end[bar]!, time);
}

/** Waits and silences of the exchanges in view, and the zones where a click cuts. */
function waits(
  input: SceneInput,
  row: LayoutRow & { readonly kind: 'connection' },
  connection: Connection,
  y: number,
  scene: Scene,
): void {
  const { model, viewport, now, time } = input;
  const first = xToTime(viewport, 0);
  const last = Math.min(xToTime(viewport, viewport.width), time);
  const open = input.live && time === Infinity && connection.closedAt === Infinity;
  const ids = connection.exchanges;
  // Backwards from the newest: rows that are drawn as shapes have few exchanges in view.
  for (let place = ids.length - 1; place >= 0; place--) {
    const exchange = model.exchanges[ids.values[place]!]!;
    if (exchange.operation !== row.operation) continue;
    if (exchange.startedAt > last) continue;
    if (exchange.endedAt < first) break;
    const over = Math.min(exchange.endedAt, connection.closed?.at ?? Infinity, now);
    for (const track of ['client', 'server'] as const)
      waitOf(input, connection, exchange, track, over, open, y, scene);
  }
  silence(input, connection, row, y, scene);
}

function waitOf(
  input: SceneInput,
  connection: Connection,
  exchange: Exchange,
  track: Track,
  over: number,
  open: boolean,
  y: number,
  scene: Scene,
): void {
  const { model, viewport, layout, now, time } = input;
  const { metrics } = layout;
  const request = exchange.bars[track === 'client' ? BarKind.requestSent : BarKind.requestReceived]!;
  const response = exchange.bars[track === 'client' ? BarKind.responseReceived : BarKind.responseSent]!;
  if (request < 0) return;
  const top = y + (track === 'client' ? metrics.clientTrack : metrics.serverTrack);
  const requestDone = !Number.isNaN(exchange.requestEnd) && exchange.requestComplete;
  const sentAt = model.bars.end[request]!;
  const answeredAt = response < 0 ? NaN : input.index.headAt(model, response);
  if (requestDone && sentAt <= time) {
    const until = answeredAt <= time ? answeredAt : over;
    const x = Math.max(timeToX(viewport, sentAt), 0);
    const width = Math.min(timeToX(viewport, until), viewport.width) - x;
    if (width >= 6)
      scene.lines.push({
        x,
        y: top + metrics.trackHeight / 2,
        width,
        ink: 'text3',
        style: 'wait',
        label: '',
      });
  }
  if (!open || exchange.endedAt !== Infinity) return;
  const answering = requestDone || answeredAt <= time;
  const moving = answering ? response : request;
  const begins = answering ? (answeredAt <= time ? answeredAt : sentAt) : model.bars.start[request]!;
  const x = Math.max(timeToX(viewport, begins), 0);
  const right = Math.min(timeToX(viewport, now), viewport.width) + 6;
  scene.live.push({
    connection: connection.id,
    track,
    response: answering,
    x: x - 2,
    y: top - 3,
    width: Math.max(right - x + 2, 8),
    height: metrics.trackHeight + 6,
    at: moving < 0 ? responseSoFar(input, connection, track) : model.bars.to[moving]!,
    exchange: exchange.id,
  });
}

/** How far the response stream of a connection had come before the exchange that has no byte of it yet. */
function responseSoFar(input: SceneInput, connection: Connection, track: Track): number {
  const kind = track === 'client' ? BarKind.responseReceived : BarKind.responseSent;
  const { values, length } = connection.exchanges;
  for (let place = length - 1; place >= 0; place--) {
    const bar = input.model.exchanges[values[place]!]!.bars[kind]!;
    if (bar >= 0) return input.model.bars.to[bar]!;
  }
  return 0;
}

/** From a cut by silence, or a stall, to its end: a dotted line on the track that hears nothing. */
function silence(
  input: SceneInput,
  connection: Connection,
  row: LayoutRow & { readonly kind: 'connection' },
  y: number,
  scene: Scene,
): void {
  const { model, viewport, layout, now, time } = input;
  const { columns } = model.events;
  const { faults } = connection;
  for (let place = 0; place < faults.length; place++) {
    const event = faults.values[place]!;
    const fault = unpackFault(columns.code[event]!);
    const stalls = fault.action === 'stall' || (fault.action === 'cut' && fault.cut === 'stall');
    const from = columns.time[event]!;
    if (!stalls || from > time || input.index.rowOfEvent(model, event) !== row.index) continue;
    let until = Math.min(connection.closed?.at ?? Infinity, now);
    for (let later = place + 1; later < faults.length; later++) {
      const next = faults.values[later]!;
      if (unpackFault(columns.code[next]!).action !== 'resume') continue;
      until = Math.min(until, columns.time[next]!);
      break;
    }
    const requests = (fault.end === 'client') === (fault.direction === 'out');
    const track: Track = requests ? 'server' : 'client';
    const top = y + (track === 'client' ? layout.metrics.clientTrack : layout.metrics.serverTrack);
    const x = Math.max(timeToX(viewport, heardUntil(input, connection, track, from)), 0);
    const width = Math.min(timeToX(viewport, until), viewport.width) - x;
    if (width < 4) continue;
    scene.lines.push({
      x,
      y: top + layout.metrics.trackHeight / 2,
      width,
      ink: 'cut',
      style: 'silence',
      label: layout.metrics.density === 'dense' || width < 64 ? '' : 'silence',
    });
  }
}

/** When the last byte before `time` was read at an end of a connection; `time` itself when none was. */
function heardUntil(input: SceneInput, connection: Connection, track: Track, time: number): number {
  const kind = track === 'server' ? BarKind.requestReceived : BarKind.responseReceived;
  const { values, length } = connection.exchanges;
  for (let place = length - 1; place >= 0; place--) {
    const bar = input.model.exchanges[values[place]!]!.bars[kind]!;
    if (bar >= 0 && input.model.bars.start[bar]! <= time) return Math.max(input.model.bars.end[bar]!, 0);
  }
  return time;
}
