// One finished exchange, as a line for people or a line of JSON.

import type { Passed } from '../../shared/model/passing.ts';
import { forTerminal } from './text.ts';

/** With its line end. */
export function exchangeLine(exchange: Passed, json: boolean): string {
  const { id, connection, method, target, interim, interimLeftOut, status, reason, complete } = exchange;
  const leftOut = interimLeftOut === 0 ? {} : { interimLeftOut };
  if (json)
    return `${JSON.stringify({ id, connection, method, target, interim, ...leftOut, status, reason, complete })}\n`;
  const took = ((exchange.endedAt - exchange.startedAt) / 1e6).toFixed(1);
  const answer = status === null ? 'no final response' : `${status} ${reason}`.trim();
  const before = interim.length === 0 ? '' : `${runs(interim)} `;
  const more = interimLeftOut === 0 ? '' : `(and ${interimLeftOut} more) `;
  return `${forTerminal(`c${connection} ${method} ${target} → ${before}${more}${answer}${complete ? '' : ' (cut short)'} ${took} ms`)}\n`;
}

/** The same status many times over is one word: `100 102 ×480`; up to three times it is written out. */
function runs(statuses: readonly number[]): string {
  const words: string[] = [];
  for (let from = 0; from < statuses.length;) {
    let to = from + 1;
    while (to < statuses.length && statuses[to] === statuses[from]) to++;
    const length = to - from;
    if (length > 3) words.push(`${statuses[from]} ×${length}`);
    else for (let i = 0; i < length; i++) words.push(`${statuses[from]}`);
    from = to;
  }
  return words.join(' ');
}
