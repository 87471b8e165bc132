// The lane of marks of one row: interim responses, statuses and notes, thinned out where they would touch, with labels
// that never overlap. Pure.

import { Kind, NONE, NoteLevel } from '../../shared/model/events.ts';
import { remarkOf } from '../progress/series.ts';
import { count } from './format.ts';
import type { LayoutRow } from './layout.ts';
import { isAtClient, messageInk, messageLabel, messageName, saysSomething } from './messages.ts';
import type { MarkShape, Scene, SceneInput } from './shapes.ts';
import { timeToX, xToTime } from './viewport.ts';

/** Marks nearer than this (CSS pixels) stand as one. */
const APART = 8;
/** Beyond this many in one place they are not counted one by one. */
const COUNTED = 4096;
const LABEL_GAP = 10;
/** Nothing stands behind the edge of the plot that a label has to keep away from. */
const EDGE = 6;
/** Characters of a label: the tooltip has the rest. */
const LONGEST = 40;

interface Lane {
  kind: MarkShape['kind'];
  event: number;
  x: number;
  count: number;
  /** Not all of them are of the same status. */
  mixed: boolean;
  /** The filter means none of them. */
  dim: boolean;
}

/** `dense`: the row is a strip, where an ordinary status would be one of thousands. */
export function markShapes(
  input: SceneInput,
  row: LayoutRow & { readonly kind: 'connection' },
  y: number,
  dense: boolean,
  scene: Scene,
): void {
  const lane = thinned(input, row, dense);
  const { metrics } = input.layout;
  const middle = y + metrics.marks;
  for (let place = 0; place < lane.length; place++) {
    const mark = lane[place]!;
    // Half a word at the edge reads as another word.
    const wall = Math.min(lane[place + 1]?.x ?? Infinity, input.viewport.width + EDGE);
    const room = wall - mark.x - LABEL_GAP - 8;
    const shape: MarkShape = {
      kind: mark.kind,
      hollow: mark.kind === 'message' && !saysSomething(input.model.events.columns.code[mark.event]!),
      event: mark.event,
      x: mark.x,
      y: middle,
      ink: inkOf(input, mark),
      label: metrics.density === 'dense' || mark.dim ? '' : labelThatFits(input, mark, room),
      count: mark.count,
      dim: mark.dim,
    };
    scene.marks.push(shape);
    if (isSelected(input, mark.event))
      scene.selected = { x: mark.x - 9, y: middle - 9, width: 18, height: 18, radius: 9 };
  }
}

/** Which marks of the row stand on the lane, left to right; those too near to the one before are counted with it. */
function thinned(
  input: SceneInput,
  row: LayoutRow & { readonly kind: 'connection' },
  dense: boolean,
): Lane[] {
  const { model, index, viewport, time } = input;
  const { columns } = model.events;
  // Ordinary statuses are thousands on a dense row: they are not even looked at.
  const marks = dense && input.selection?.kind !== 'event' ? row.index.loud : row.index.marks;
  const { values, length } = marks;
  const ours = model.connections[row.connection - 1]?.client ?? true;
  const last = Math.min(xToTime(viewport, viewport.width + 8), time);
  const lane: Lane[] = [];
  let place = index.markFrom(model, marks, xToTime(viewport, -80));
  while (place < length) {
    const event = values[place]!;
    const at = columns.time[event]!;
    if (at > last) break;
    const kind = laneKind(columns.kind[event] as Kind, columns.code[event]!, ours);
    const ordinary = dense && kind === 'final' && columns.code[event]! < 400;
    const selected = isSelected(input, event);
    if (kind === null || (ordinary && !selected)) {
      place++;
      continue;
    }
    const x = timeToX(viewport, at);
    const dim = input.filter !== null && !input.filter.isMeant(event);
    const before = lane.at(-1);
    if (before === undefined || x - before.x >= APART) {
      lane.push({ kind, event, x, count: 1, mixed: false, dim });
      place++;
      continue;
    }
    before.mixed ||= columns.code[event] !== columns.code[before.event];
    // What the filter means hides what it does not; a status says more than the interim response beside it; and a
    // selected mark is never hidden.
    if (before.dim && !dim) {
      before.dim = false;
      before.kind = kind;
      before.event = event;
      before.count = 0;
      before.mixed = false;
    } else if (dim && !before.dim && !selected) {
      place++;
      continue;
    } else if (selected || (stronger(kind, before.kind) && !isSelected(input, before.event))) {
      before.kind = kind;
      before.event = event;
    }
    before.count++;
    place++;
    if (before.count < COUNTED) continue;
    place = Math.max(place, index.markFrom(model, marks, xToTime(viewport, before.x + APART)));
  }
  return lane;
}

function isSelected(input: SceneInput, event: number): boolean {
  return input.selection?.kind === 'event' && input.selection.id === event;
}

function stronger(kind: MarkShape['kind'], than: MarkShape['kind']): boolean {
  const order = { message: 0, interim: 1, final: 2, note: 3 } as const;
  return order[kind] > order[than];
}

/** What an event is on the lane; null: it is not drawn there. Each once, as the client saw it if that end is ours. */
function laneKind(kind: Kind, code: number, ours: boolean): MarkShape['kind'] | null {
  if (kind === Kind.interimReceived || kind === Kind.interimSent)
    return (kind === Kind.interimReceived) === ours ? 'interim' : null;
  if (kind === Kind.finalReceived || kind === Kind.finalSent)
    return (kind === Kind.finalReceived) === ours ? 'final' : null;
  if (kind === Kind.message) return isAtClient(code) === ours ? 'message' : null;
  if (kind === Kind.note) return code >= NoteLevel.warning ? 'note' : null;
  return null;
}

/** The arrow keys stop at responses, messages, faults and ends; each once. */
export function isStop(kind: Kind, code: number, ours: boolean): boolean {
  return kind === Kind.fault || kind === Kind.connectionClosed || laneKind(kind, code, ours) !== null;
}

function inkOf(input: SceneInput, mark: Lane): MarkShape['ink'] {
  const code = input.model.events.columns.code[mark.event]!;
  if (mark.kind === 'interim') return 'interim';
  if (mark.kind === 'message') return messageInk(code);
  if (mark.kind === 'note') return code >= NoteLevel.error ? 'error' : 'interim';
  return code >= 400 ? 'error' : 'final';
}

/** The gist of an interim response without what its number says already. */
export function gistOf(status: number, text: string): string {
  const rest = text.startsWith(`${status}`) ? text.slice(String(status).length).trim() : text.trim();
  // What the server says it has is a count of bytes.
  return rest.replace(/^has (\d+)$/, (_, bytes: string) => `has ${count(Number(bytes))}`);
}

function labelThatFits(input: SceneInput, mark: Lane, room: number): string {
  if (mark.kind === 'note') return '';
  const { model } = input;
  const { columns } = model.events;
  const status = columns.code[mark.event]!;
  const text = model.events.text(mark.event);
  const others = mark.count >= COUNTED ? `${count(COUNTED)} or more` : count(mark.count - 1);
  const all = mark.count >= COUNTED ? `${count(COUNTED)}+` : count(mark.count);
  const more = mark.count === 1 ? '' : mark.mixed ? ` +${others}` : ` ×${all}`;
  const words: string[] = [];
  if (mark.kind === 'message') {
    if (mark.count === 1) words.push(shortened(messageLabel(status, text)));
    words.push(mark.mixed ? `${count(mark.count)} messages` : `${messageName(status)}${more}`);
    return words.find((label) => input.measure(label, 'ui') <= room) ?? '';
  }
  if (mark.kind === 'interim' && mark.count === 1) {
    const gist = gistOf(status, text);
    const fraction = /^\d+\/\d*/.exec(gist)?.[0];
    const remark = fraction === undefined ? null : remarkOf(gist);
    if (fraction !== undefined && remark !== null) words.push(`${status} ${fraction} ${remark.words}`);
    else if (gist !== '') words.push(`${status} ${gist}`);
    if (fraction !== undefined) words.push(`${status} ${fraction}`);
  }
  if (mark.kind === 'final' && mark.count === 1) {
    const exchange = columns.exchange[mark.event]!;
    const document = exchange === NONE ? null : model.exchanges[exchange]?.document;
    if (document !== null && document !== undefined && document.at <= input.time)
      words.push(`${status} (${document.status})`);
  }
  words.push(`${status}${more}`);
  if (more !== '') words.push(`${status}`);
  return words.find((label) => label.length <= LONGEST && input.measure(label, 'ui') <= room) ?? '';
}

function shortened(label: string): string {
  const characters = Array.from(label);
  return characters.length > LONGEST ? `${characters.slice(0, LONGEST - 1).join('')}…` : label;
}
