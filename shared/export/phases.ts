// The phases of an exchange, one behind the other: its request is sent, somebody waits, its response comes.
// They must add up to the whole, also where a final response came before the request was out.

import type { Exchange, Model } from '../model/model.ts';

/** Nanoseconds since the session began, none before the one above it. */
export interface Phases {
  readonly startedAt: number;
  readonly sentAt: number;
  readonly answeredAt: number;
  readonly overAt: number;
}

/** The model must be folded. What still goes on ends with the session. */
export function phasesOf(model: Model, exchange: Exchange): Phases {
  const { bars } = model;
  const bar = exchange.bars.slice(0, 2).find((index) => index !== -1);
  const { startedAt } = exchange;
  const overAt = Math.max(startedAt, Math.min(exchange.endedAt, model.endTime));
  const sent = bar === undefined ? startedAt : bars.end[bar]!;
  const answeredAt = Number.isNaN(exchange.statusAt) ? overAt : Math.max(startedAt, exchange.statusAt);
  // An early final response comes while the request is still being sent: then nobody waited.
  return { startedAt, sentAt: Math.min(sent, answeredAt), answeredAt, overAt: Math.max(answeredAt, overAt) };
}
