// Where the answer of an exchange lies in its stream, and how it ended for its client. Pure.

import type { AnswerEnd } from '../../../shared/lenses/answer.ts';
import type { Exchange, Model } from '../../../shared/model/model.ts';

export interface AnswerPlace {
  readonly start: number;
  /** As far as it has come. */
  readonly end: number;
  readonly ending: AnswerEnd;
}

/** @param time nanoseconds; Infinity: now. Null: nothing of an answer had come by then, and the connection was open */
export function answerPlace(model: Model, exchange: Exchange, time: number): AnswerPlace | null {
  const { columns } = model.events;
  let start = NaN;
  let end = NaN;
  for (let i = 0; i < exchange.interim.length; i++) {
    const row = exchange.interim.values[i]!;
    if (columns.time[row]! > time) break;
    if (Number.isNaN(start)) start = columns.a[row]!;
    end = columns.b[row]!;
  }
  if (exchange.status !== null && exchange.statusAt <= time) {
    if (Number.isNaN(start)) start = exchange.responseStart;
    end = Math.max(exchange.responseHeadEnd, reached(model, exchange));
  }
  const ending = endingOf(model, exchange, time);
  if (!Number.isNaN(start)) return { start, end, ending };
  return ending === 'open' ? null : { start: 0, end: 0, ending };
}

function reached(model: Model, exchange: Exchange): number {
  if (!Number.isNaN(exchange.responseEnd)) return exchange.responseEnd;
  return [2, 3].reduce((most, kind) => {
    const bar = exchange.bars[kind]!;
    return bar === -1 ? most : Math.max(most, model.bars.to[bar]!);
  }, 0);
}

function endingOf(model: Model, exchange: Exchange, time: number): AnswerEnd {
  // Whole content that nothing delimits ends with the connection.
  if (exchange.complete && exchange.endedAt <= time) return 'fin';
  const { closed } = model.connections[exchange.connection - 1] ?? { closed: null };
  if (closed === null || closed.at > time) return 'open';
  return closed.how === 'error' ? 'rst' : closed.how;
}
