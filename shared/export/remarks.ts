// What people wrote beside a session, as exports place it: with the exchange that it is about, or with the whole. Only what
// stands: a remark that was taken back, or what it said before, must never leave the session.

import type { Model } from '../model/model.ts';
import type { Remark } from '../model/remarks.ts';

/** By exchange its remarks in the order of time; under null those of connections and of moments. */
export function remarksByExchange({ remarks }: Model): ReadonlyMap<number | null, readonly Remark[]> {
  const found = new Map<number | null, Remark[]>();
  for (const remark of remarks.list()) {
    const known = found.get(remark.exchange);
    if (known === undefined) found.set(remark.exchange, [remark]);
    else known.push(remark);
  }
  return found;
}

/** Where a remark belongs that is with no exchange: `at 0.012345 s, connection 1`. */
export function placeWords({ time, connection }: Remark): string {
  const at = `at ${(time / 1e9).toFixed(6)} s`;
  return connection === 0 ? at : `${at}, connection ${connection}`;
}

/** The lines of a remark's text, each safe behind a sign that begins a remark: any line end but LF is a space. */
export function linesOf({ text }: Remark): string[] {
  return text.split('\n').map((line) => line.replaceAll(/[\p{Cc}\u2028\u2029]/gu, ' ').trimEnd());
}
