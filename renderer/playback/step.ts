// The moments that stepping stops at: everything but the flow of bytes. Pure.

import { Kind } from '../../shared/model/events.ts';
import type { Model } from '../../shared/model/model.ts';

const FLOW = new Set<number>([Kind.requestBytes, Kind.responseBytes, Kind.coverage]);

/** The time of the next (or previous) event that is not mere bytes; the end, or 0, when there is none. */
export function nextMoment(model: Model, time: number, by: 1 | -1): number {
  const { columns, length } = model.events;
  if (by === 1) {
    for (let row = model.events.prefix(time); row < length; row++)
      if (!FLOW.has(columns.kind[row]!)) return columns.time[row]!;
    return model.endTime;
  }
  for (let row = model.events.prefix(time) - 1; row >= 0; row--)
    if (columns.time[row]! < time && !FLOW.has(columns.kind[row]!)) return columns.time[row]!;
  return 0;
}
