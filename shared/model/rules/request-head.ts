// What a request asks for, as far as rules must know it when the answer comes. Pure: fills an exchange's watch.

import { FieldFault } from '../../fields/fault.ts';
import { parsePrefer } from '../../fields/prefer.ts';
import { parseRange } from '../../fields/range.ts';
import type { FieldPlaces } from './field-places.ts';
import type { RuleId } from './rules.ts';
import type { ExchangeWatch, OperationWatch } from './watch.ts';

/** Notes the breach of a rule. @param at absolute position in the stream of the first offending byte */
export type Tell = (rule: RuleId, at: number) => void;

/** Methods whose progress is that of the work they ask for: on GET and HEAD it is that of another request's. */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

export function readRequest(
  method: string,
  places: FieldPlaces,
  watch: ExchangeWatch,
  operation: OperationWatch,
  tell: Tell,
): void {
  if (places.count === 0) return;
  const expect = places.first('expect');
  // RFC 9110 §10.1.1: the expectation is compared without regard to case.
  watch.expects = expect !== null && /(?:^|[,\s])100-continue\s*(?:,|$)/i.test(expect);
  const prefer = places.all('prefer');
  if (prefer !== null) {
    const preferences = parsePrefer(prefer);
    if (preferences instanceof FieldFault)
      tell('malformed-prefer', places.position('prefer', preferences.at));
    else {
      watch.prefers = preferences;
      watch.follows = preferences.has('processing') && !SAFE.has(method);
      operation.prefer(preferences.keys());
    }
  }
  const range = places.all('range');
  if (range !== null) {
    watch.ranged = true;
    const ranges = parseRange(range);
    if (ranges instanceof FieldFault) tell('malformed-range', places.position('range', ranges.at));
    else watch.range = ranges;
  }
}
