// One finished exchange, as a line for people or a line of JSON.

import type { Exchange, Model } from '../../shared/model/model.ts';
import { forTerminal } from './text.ts';

/** With its line end. */
export function exchangeLine(model: Model, exchange: Exchange, json: boolean): string {
  const { id, connection, method, target, status, reason, complete } = exchange;
  const interim = Array.from(
    exchange.interim.values.subarray(0, exchange.interim.length),
    (row) => model.events.columns.code[row]!,
  );
  if (json)
    return `${JSON.stringify({ id, connection, method, target, interim, status, reason, complete })}\n`;
  const took = ((exchange.endedAt - exchange.startedAt) / 1e6).toFixed(1);
  const answer = status === null ? 'no final response' : `${status} ${reason}`.trim();
  const before = interim.length === 0 ? '' : `${interim.join(' ')} `;
  return `${forTerminal(`c${connection} ${method} ${target} → ${before}${answer}${complete ? '' : ' (cut short)'} ${took} ms`)}\n`;
}
