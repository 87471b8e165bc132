// The mark of a broken rule on what is drawn beside the timeline: a triangle, as on the lane of marks. Strokes only.

import { NoteLevel } from '../../shared/model/events.ts';
import type { Brush } from './brush.ts';
import type { Ink } from './palette.ts';

/** Pixels around a mark that hit it. */
const BREACH_REACH = 8;

/** A mark at its middle, in CSS pixels. `row`: its note in the event table; `times`: how many notes it stands for. */
export interface BreachMark {
  readonly row: number;
  readonly x: number;
  readonly y: number;
  readonly level: number;
  readonly times: number;
}

export function paintBreach({ context, palette }: Brush, { x, y, level }: BreachMark, ground: Ink): void {
  context.beginPath();
  context.moveTo(x, y - 5.5);
  context.lineTo(x + 6, y + 4.5);
  context.lineTo(x - 6, y + 4.5);
  context.closePath();
  // A rim keeps it apart from what it stands on.
  context.strokeStyle = palette[ground];
  context.lineWidth = 3;
  context.lineJoin = 'round';
  context.stroke();
  context.fillStyle = palette[inkOf(level)];
  context.fill();
}

function inkOf(level: number): Ink {
  if (level >= NoteLevel.error) return 'error';
  return level === NoteLevel.warning ? 'interim' : 'text2';
}

/** Marks that would touch become one: the severest, where the first of them stands. In order of x on each line. */
export function joined(marks: readonly BreachMark[]): BreachMark[] {
  const kept: BreachMark[] = [];
  for (const mark of marks.toSorted((one, other) => one.y - other.y || one.x - other.x)) {
    const before = kept.at(-1);
    if (before === undefined || before.y !== mark.y || mark.x - before.x >= BREACH_REACH + 2) {
      kept.push(mark);
      continue;
    }
    const row = mark.level > before.level ? mark.row : before.row;
    const level = Math.max(mark.level, before.level);
    kept[kept.length - 1] = { ...before, row, level, times: before.times + mark.times };
  }
  return kept;
}

/** The mark at a point; undefined: none. */
export function breachAt(marks: readonly BreachMark[], x: number, y: number): BreachMark | undefined {
  return marks.findLast((mark) => Math.hypot(mark.x - x, mark.y - y) <= BREACH_REACH);
}
