// Notes on the timeline: which event a selection is for a note, and where the notes in view stand. Pure; the words are those
// that somebody wrote.

import { Kind } from '../../shared/model/events.ts';
import type { Exchange, Model } from '../../shared/model/model.ts';
import { firstWords, type Remark } from '../../shared/model/remarks.ts';
import { moment } from './format.ts';
import type { RowIndex } from './rows.ts';
import type { RemarkShape, Scene, SceneInput } from './shapes.ts';
import type { Selection } from './types.ts';
import { timeToX } from './viewport.ts';

/** Characters of a note on the timeline: the tooltip has more. */
const LONGEST = 48;
/** Notes that are drawn at most: beyond, those of the view that are beside the earliest. */
const DRAWN = 500;
/** Characters of a line of a tooltip, and how many lines it has. */
const TIP_LINE = 48;
const TIP_LINES = 5;
/** From a note's sign to its words, and from those to the next sign (CSS pixels). */
const LABEL_AT = 9;
const LABEL_GAP = 10;
/** Centre of the sign of a note on a moment, from the top of the plot. */
const MOMENT_Y = 8;
/** Centre of a note's sign, up from the bottom of its row. */
const RAISED = { comfortable: 7, compact: 5, dense: 4 } as const;

/** The event of a selection: of an exchange and a connection where they began, of an operation its first exchange. */
export function rowOfSelection(model: Model, selected: Selection): number | null {
  switch (selected.kind) {
    case 'event':
      return selected.id < model.events.length ? selected.id : null;
    case 'exchange':
      return beganAt(model, Kind.exchange, model.exchanges[selected.id]?.startedAt, selected.id);
    case 'operation': {
      const first = model.operations[selected.id]?.exchanges.at(0);
      return first === undefined ? null : rowOfSelection(model, { kind: 'exchange', id: first });
    }
    case 'connection': {
      const opened = model.connections[selected.id - 1]?.openedAt;
      return beganAt(model, Kind.connectionOpened, opened, selected.id);
    }
  }
}

/** What is selected to show what a note is beside; null: a moment, or nothing that is there any more. */
export function selectionOfRemark({ events }: Model, { beside }: Remark): Selection | null {
  if (beside === null) return null;
  const { kind, exchange, connection } = events.columns;
  if (kind[beside] === Kind.exchange) return { kind: 'exchange', id: exchange[beside]! };
  if (kind[beside] === Kind.connectionOpened) return { kind: 'connection', id: connection[beside]! };
  return { kind: 'event', id: beside };
}

/** The newest note beside what is selected; null: none. */
export function remarkBeside(model: Model, selected: Selection | null): Remark | null {
  if (model.remarks.size === 0 || selected === null) return null;
  const row = rowOfSelection(model, selected);
  return row === null ? null : model.remarks.beside(row);
}

/** What is written beside an exchange and what came of it by `time`, for a cell. */
export function remarkWords({ remarks }: Model, { id }: Exchange, time: number): string {
  return remarks
    .list()
    .filter((remark) => remark.exchange === id && remark.time <= time)
    .map(({ text }) => firstWords(text, 200))
    .join(' · ');
}

/** A note in the lines of a tooltip: all of a short one, the beginning of a long one. */
export function remarkLines({ remarks }: Model, id: number): readonly string[] {
  const remark = remarks.get(id);
  if (remark === null) return [];
  const lines: string[] = [];
  let line = '';
  for (const word of firstWords(remark.text, TIP_LINE * TIP_LINES).split(' ')) {
    if (line !== '' && line.length + word.length >= TIP_LINE) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return ['Your note', ...lines, line, moment(remark.time)];
}

/** The notes in view, each with its first words where they fit before the next of its row. */
export function remarkShapes(input: SceneInput, scene: Scene): void {
  const { model, viewport, time, layout, scrollTop, filter } = input;
  if (model.remarks.size === 0) return;
  const { metrics } = layout;
  /** By y, the note before on that line, whose words must end before this one. */
  const before = new Map<number, number>();
  /** Lines that have several. */
  const shared = new Set<number>();
  for (const remark of model.remarks.list()) {
    if (remark.time > time || scene.remarks.length === DRAWN) break;
    const x = timeToX(viewport, remark.time);
    if (x < -200) continue;
    if (x > viewport.width + 8) break;
    let y = MOMENT_Y;
    let from = MOMENT_Y + 6;
    let to = input.height;
    if (remark.beside !== null) {
      const of = rowOfRemark(input, remark, remark.beside);
      const row = of === undefined ? undefined : layout.rowOf(of);
      if (row === undefined) continue;
      const top = row.top - scrollTop;
      if (top > input.height || top + row.height < 0) continue;
      y = top + row.height - RAISED[metrics.density];
      from = top + metrics.clientTrack;
      to = y - 5;
    }
    const last = before.get(y);
    if (last !== undefined) {
      clip(input, scene, last, x);
      shared.add(y);
    }
    const shape: RemarkShape = {
      id: remark.id,
      x,
      labelX: x + LABEL_AT,
      y,
      from,
      to,
      label:
        metrics.density === 'comfortable' || remark.beside === null ? firstWords(remark.text, LONGEST) : '',
      dim: filter !== null && !filter.tells(remark.row),
    };
    before.set(y, scene.remarks.push(shape) - 1);
  }
  for (const [y, at] of before) keepInside(input, scene, at, !shared.has(y));
}

/** The last words of a line end before the plot does: they stand before their sign where nothing else does, or are cut. */
function keepInside(input: SceneInput, scene: Scene, at: number, alone: boolean): void {
  const shape = scene.remarks[at]!;
  const width = input.measure(shape.label, 'ui');
  if (shape.labelX + width <= input.viewport.width) return;
  const labelX = shape.x - LABEL_AT - width;
  if (alone && labelX > 0) scene.remarks[at] = { ...shape, labelX };
  else clip(input, scene, at, input.viewport.width + LABEL_GAP);
}

/** Of an event that belongs to no exchange: where its connection was used by then, else where it was used first. */
function rowOfRemark({ model, index }: SceneInput, remark: Remark, beside: number): RowIndex | undefined {
  const of = remark.exchange === null ? model.connections[remark.connection - 1]?.exchanges : undefined;
  if (of === undefined || of.length === 0) return index.rowOfEvent(model, beside);
  let low = 0;
  let high = of.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (model.exchanges[of.values[middle]!]!.startedAt <= remark.time) low = middle + 1;
    else high = middle;
  }
  return index.rowOfExchange(of.values[Math.max(0, low - 1)]!);
}

/** A label ends before the next sign, or goes. */
function clip(input: SceneInput, scene: Scene, at: number, next: number): void {
  const shape = scene.remarks[at]!;
  const room = next - shape.x - LABEL_AT - LABEL_GAP;
  let { label } = shape;
  // Characters, not units of them: of an emoji each has two.
  let most = Array.from(label).length;
  while (most > 3 && input.measure(label, 'ui') > room) {
    most = Math.max(3, most - 4);
    label = firstWords(label, most);
  }
  if (input.measure(label, 'ui') > room) label = '';
  scene.remarks[at] = { ...shape, label };
}

/** The row of a beginning, among those of its time. */
function beganAt(model: Model, kind: Kind, at: number | undefined, id: number): number | null {
  if (at === undefined) return null;
  const { events } = model;
  const { columns } = events;
  const of = kind === Kind.exchange ? columns.exchange : columns.connection;
  let found: number | null = null;
  for (let row = events.prefix(at) - 1; row >= 0 && columns.time[row] === at; row--)
    if (columns.kind[row] === kind && of[row] === id) found = row;
  return found;
}
