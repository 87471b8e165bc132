// What ends or disturbs a connection, as shapes: the cut (the one loud thing), ends that were only observed, armed
// cuts on their way, and the dotted curves to the exchanges that resume. Pure.

import type { ArmedFault } from '../../shared/contract.ts';
import { unpackFault } from '../../shared/model/events.ts';
import { BarKind, type Connection } from '../../shared/model/model.ts';
import { count } from './format.ts';
import type { LayoutRow } from './layout.ts';
import type { CutShape, Scene, SceneInput } from './shapes.ts';
import { timeToX } from './viewport.ts';

type ConnectionRow = LayoutRow & { readonly kind: 'connection' };

/** Links that are looked through for what is in view: the newest. */
const LINKS = 4096;

const WHO = { user: 'by you', plan: 'as planned', server: 'by the server’s test' } as const;
const CUT = { rst: 'RST', fin: 'FIN', stall: 'silence' } as const;

/** `RST by you`, `stalled as planned`, `delayed 200 ms by you`. @param amount as in Kind.fault */
export function faultWords(code: number, amount: string): string {
  const fault = unpackFault(code);
  const of = (what: string, unit: string): string =>
    amount === '0' ? `no longer ${what}` : amount === '' ? what : `${what} ${count(Number(amount))}${unit}`;
  const what = {
    cut: CUT[fault.cut ?? 'rst'],
    stall: 'stalled',
    resume: 'resumed',
    throttle: of('throttled', ' B/s'),
    delay: of('delayed', ' ms'),
    fragment: of('fragmented', ' B'),
    corrupt: 'a byte changed',
  }[fault.action];
  return `${what} ${WHO[fault.origin]}`;
}

/** How an end that we did not cause is told: `given up`, `reset by server`. Empty: an ordinary end. */
export function closingWords(connection: Connection, complete: boolean): string {
  const { closed } = connection;
  if (closed === null || closed.by === 'fault') return '';
  switch (closed.how) {
    case 'silence':
      return 'given up';
    case 'rst':
      return `reset by ${closed.by}`;
    case 'error':
      return closed.error === '' ? 'failed' : closed.error;
    case 'fin':
      return complete ? '' : `closed by ${closed.by}`;
  }
}

export function cutShapes(input: SceneInput, row: ConnectionRow, y: number, scene: Scene): void {
  const { model, index, viewport, time } = input;
  const connection = model.connections[row.connection - 1];
  if (connection === undefined) return;
  const { columns } = model.events;
  const { faults } = connection;
  const first = scene.cuts.length;
  for (let place = 0; place < faults.length; place++) {
    const event = faults.values[place]!;
    const at = columns.time[event]!;
    if (at > time || index.rowOfEvent(model, event) !== row.index) continue;
    const kind = unpackFault(columns.code[event]!).action === 'cut' ? 'cut' : 'fault';
    push(
      input,
      scene,
      y,
      event,
      kind,
      timeToX(viewport, at),
      faultWords(columns.code[event]!, model.events.row(event).text),
    );
  }
  observed(input, row, connection, y, scene);
  labelled(input, scene.cuts.splice(first), scene);
  for (const armed of input.armed) if (!armed.fired) armedShape(input, row, connection, armed, y, scene);
}

/** The end of a connection that we did not cut, when it is worth a disc: not after everything was answered. */
function observed(
  input: SceneInput,
  row: ConnectionRow,
  connection: Connection,
  y: number,
  scene: Scene,
): void {
  const { model, viewport, time } = input;
  const { closed } = connection;
  if (closed === null || closed.at > time) return;
  const last = connection.exchanges.at(-1);
  const exchange = last === undefined ? undefined : model.exchanges[last];
  if (exchange !== undefined && exchange.operation !== row.operation) return;
  const words = closingWords(connection, exchange === undefined || exchange.complete);
  if (words === '') return;
  const { marks } = row.index;
  for (let place = marks.length - 1; place >= 0; place--) {
    const event = marks.values[place]!;
    if (model.events.columns.time[event] !== closed.at) continue;
    push(
      input,
      scene,
      y,
      event,
      closed.how === 'silence' ? 'cut' : 'observed',
      timeToX(viewport, closed.at),
      words,
    );
    return;
  }
}

function push(
  input: SceneInput,
  scene: Scene,
  y: number,
  event: number,
  kind: CutShape['kind'],
  x: number,
  words: string,
): void {
  const { metrics } = input.layout;
  if (x < -160 || x > input.viewport.width + 20) return;
  const dim = input.filter !== null && !input.filter.isMeant(event);
  const radius = kind === 'fault' ? Math.round(metrics.discRadius * 0.6) : metrics.discRadius;
  scene.cuts.push({
    event,
    kind,
    dim,
    x,
    y: y + metrics.discs,
    bottom: y + metrics.cutEnd,
    radius,
    ink: kind === 'fault' ? 'interim' : 'cut',
    label: metrics.density === 'dense' || dim ? '' : words,
    labelLeft: false,
  });
  if (input.selection?.kind === 'event' && input.selection.id === event)
    scene.selected = {
      x: x - radius - 3,
      y: y + metrics.discs - radius - 3,
      width: radius * 2 + 6,
      height: radius * 2 + 6,
      radius: radius + 3,
    };
}

/** What must be read comes first: a stall or a resume gives its words up for the cut beside it. */
const LOUDEST_FIRST = ['cut', 'observed', 'fault'] as const;
/** Between words and what stands beside them. */
const CLEAR = 8;

/** The cuts of one row with their words right of their discs, else left of them, else without: they cover nothing. */
function labelled(input: SceneInput, cuts: CutShape[], scene: Scene): void {
  cuts.sort((one, other) => one.x - other.x);
  // What the words in the gap before and behind each disc leave of it.
  const freeFrom = cuts.map(({ x, radius }) => x + radius);
  const freeTo = cuts.map(({ x, radius }) => x - radius);
  const placed = cuts.map((cut): CutShape => ({ ...cut, label: '' }));
  for (const kind of LOUDEST_FIRST)
    cuts.forEach((cut, place) => {
      if (cut.kind !== kind || cut.label === '') return;
      const needed = input.measure(cut.label, 'ui') + CLEAR;
      const right = cut.x + cut.radius + needed;
      const left = cut.x - cut.radius - needed;
      if (right <= Math.min((freeTo[place + 1] ?? Infinity) - CLEAR, input.viewport.width + CLEAR / 2)) {
        freeFrom[place] = right;
        placed[place] = cut;
      } else if (left >= (freeFrom[place - 1] ?? -Infinity) + CLEAR / 2) {
        freeTo[place] = left;
        placed[place] = { ...cut, labelLeft: true };
      }
    });
  scene.cuts.push(...placed);
}

/** Where an armed cut will strike if the bar that moves towards it keeps its pace. */
function armedShape(
  input: SceneInput,
  row: ConnectionRow,
  connection: Connection,
  armed: ArmedFault,
  y: number,
  scene: Scene,
): void {
  const { model, viewport, layout, now } = input;
  if (!input.live || connection.closedAt !== Infinity) return;
  const requests = (armed.spec.end === 'client') === (armed.spec.direction === 'out');
  const sent = armed.spec.direction === 'out';
  const kind = requests
    ? sent
      ? BarKind.requestSent
      : BarKind.requestReceived
    : sent
      ? BarKind.responseSent
      : BarKind.responseReceived;
  const exchange = model.exchanges[connection.exchanges.at(-1) ?? -1];
  const bar = exchange?.bars[kind] ?? -1;
  if (exchange === undefined || exchange.operation !== row.operation || bar < 0) return;
  const headEnd = requests ? exchange.requestHeadEnd : exchange.responseHeadEnd;
  const upload = model.operations[exchange.operation]?.upload;
  let start = 0;
  if (armed.spec.content) {
    const run = upload?.runs(sent ? 1 : 2).find((run) => run.exchange === exchange.id);
    start = headEnd - (run?.start ?? 0);
  }
  const target = start + armed.spec.at;
  const reached = model.bars.to[bar]!;
  const begun = input.index.contentAt(model, bar);
  const elapsed = model.bars.end[bar]! - begun;
  if (!(elapsed > 0) || !(target > reached) || !(reached > headEnd)) return;
  const perByte = elapsed / (reached - headEnd);
  const x = timeToX(viewport, Math.max(now, model.bars.end[bar]! + (target - reached) * perByte));
  if (x > viewport.width) return;
  scene.armed.push({
    id: armed.id,
    x,
    y: y + layout.metrics.discs,
    bottom: y + layout.metrics.cutEnd,
    label: layout.metrics.density === 'dense' ? '' : `at ${count(armed.spec.at)}`,
  });
}

/** Dotted curves from the ends of cut connections to the exchanges that go on where they stopped. */
export function linkCurves(input: SceneInput, scene: Scene): void {
  const { model, index, layout, viewport, scrollTop, height, time } = input;
  const { columns } = model.events;
  const { metrics } = layout;
  for (let place = Math.max(0, model.links.length - LINKS); place < model.links.length; place++) {
    const event = model.links.values[place]!;
    if (columns.time[event]! > time) continue;
    const exchange = model.exchanges[columns.exchange[event]!];
    const cut = model.connections[columns.b[event]! - 1]?.closed;
    const fromIndex = index.rowOfExchange(columns.a[event]!);
    const toIndex = index.rowOfExchange(columns.exchange[event]!);
    if (exchange === undefined || cut === null || cut === undefined) continue;
    const from = fromIndex === undefined ? undefined : layout.rowOf(fromIndex);
    const to = toIndex === undefined ? undefined : layout.rowOf(toIndex);
    if (from === undefined || to === undefined || from === to) continue;
    const y0 = from.top - scrollTop + metrics.cutEnd;
    const y1 = to.top - scrollTop + metrics.clientTrack + metrics.trackHeight / 2;
    const x0 = timeToX(viewport, cut.at);
    const x1 = timeToX(viewport, exchange.startedAt) - 4;
    if (Math.max(y0, y1) < 0 || Math.min(y0, y1) > height) continue;
    if (Math.max(x0, x1) < 0 || Math.min(x0, x1) > viewport.width) continue;
    scene.curves.push({ x0, y0, x1, y1 });
  }
}
