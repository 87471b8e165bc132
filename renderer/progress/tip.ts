// What is under the pointer on a progress chart, in words. Pure.

import { Kind, NONE } from '../../shared/model/events.ts';
import type { Model } from '../../shared/model/model.ts';
import { markLines } from '../timeline/note-words.ts';
import { breachAt } from '../timeline/breach-mark.ts';
import { count, moment, shorten } from '../timeline/format.ts';
import type { ChartPlan, ChartPoint } from './chart.ts';
import { remarkOf } from './series.ts';

export interface Tip {
  /** Equal keys: the same thing, with the same words. */
  readonly key: string;
  /** Row of the event table; −1: none of its own. */
  readonly event: number;
  readonly exchange: number;
  /** Row of the note that the pointer is on. */
  readonly note?: number;
  readonly lines: readonly string[];
  /** CSS pixels from the chart's corner. */
  readonly x: number;
  readonly y: number;
  /** The words stand left of it. */
  readonly left: boolean;
}

/** Pixels around a value that hit it. */
const REACH = 9;

export function tipAt(model: Model, plan: ChartPlan, x: number, y: number): Tip | null {
  const left = x > (plan.left + plan.right) / 2;
  const breach = breachAt(plan.breaches, x, y);
  if (breach !== undefined) {
    const exchange = model.events.columns.exchange[breach.row]!;
    const lines = markLines(model, breach.row, breach.times);
    return {
      key: `note ${breach.row}`,
      event: breach.row,
      exchange,
      note: breach.row,
      lines,
      x: breach.x,
      y: breach.y,
      left,
    };
  }
  let nearest: ChartPoint | null = null;
  let distance = REACH;
  for (const point of plan.points) {
    const away = Math.hypot(point.x - x, point.y - y);
    if (away > distance) continue;
    distance = away;
    nearest = point;
  }
  if (nearest === null) return null;
  const { event, exchange } = nearest;
  const key = `${nearest.x} ${nearest.y} ${event}`;
  return { key, event, exchange, lines: linesOf(model, nearest), x: nearest.x, y: nearest.y, left };
}

function linesOf(model: Model, { event, exchange, time, value, total }: ChartPoint): readonly string[] {
  const of = Number.isNaN(total) ? '' : ` of ${count(total)}`;
  const lines = [event < 0 ? `${count(value)}${of} bytes` : `${count(value)}${of}`];
  const row = event < 0 ? null : model.events.row(event);
  const remark = row?.kind === Kind.progress ? remarkOf(row.text) : null;
  if (remark !== null) lines.push(remark.words);
  const by = exchange === NONE ? undefined : model.exchanges[exchange];
  if (by !== undefined) lines.push(`${by.method} ${shorten(by.target, 20)}, ${moment(time)}`);
  return lines;
}
