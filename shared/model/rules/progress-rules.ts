// The rules of Progress and Status-URI. Pure: what is wrong with a value, and where in it.

import { FieldFault } from '../../fields/fault.ts';
import { parseProgress } from '../../fields/progress.ts';
import { parseStatusUri } from '../../fields/status-uri.ts';
import { digits } from '../digits.ts';
import type { FieldPlaces } from './field-places.ts';
import type { Tell } from './request-head.ts';
import { ProgressWatch } from './progress-watch.ts';
import type { RuleId } from './rules.ts';
import type { ExchangeWatch, OperationWatch } from './watch.ts';

/** Values that need no parser of everything to be read. */
const PLAIN = /^[0-9]{1,15}\/[0-9]{0,15}(?: "[ !#-[\]-~]*")?$/;

/**
 * Checks the Progress of a response.
 * @param ends it is a final response that ends the work: no 202, no answer of a status document asked in between
 */
export function checkProgress(
  value: string,
  places: FieldPlaces,
  watch: ExchangeWatch,
  operation: OperationWatch,
  ends: boolean,
  tell: Tell,
): void {
  if (!PLAIN.test(value)) {
    const progress = parseProgress(value);
    if (progress instanceof FieldFault) {
      const rule = progress.code === 'charset' ? 'unknown-charset' : 'progress-malformed';
      tell(rule, places.position('progress', progress.at));
      return;
    }
    // draft-wright-http-progress: a quoted-string only if the text is entirely ASCII.
    for (const remark of progress.remarks)
      if (remark.kind === 'quoted' && /[^\0-\x7f]/.test(remark.text)) {
        const beyond = value.slice(remark.at).search(/[^\0-\x7f]/);
        tell('quoted-string-beyond-ascii', places.position('progress', remark.at + Math.max(0, beyond)));
        break;
      }
  }
  const slash = value.indexOf('/');
  const space = /[ \t]/.exec(value)?.index ?? value.length;
  const numerator = digits(value, 0, slash);
  const denominator = digits(value, slash + 1, space);
  if (Number.isNaN(numerator)) return;
  const ended = watch.progress?.ended === true;
  const rule = takeProgress(watch, operation, numerator, denominator);
  if (rule !== null) tell(rule, places.position('progress'));
  else if (ends && numerator !== denominator && !ended)
    tell('final-progress-incomplete', places.position('progress'));
  if (ends && numerator === denominator && watch.progress !== null) watch.progress.ended = true;
}

/** Numbers only: this is on the way of every plain 102. */
export function takeProgress(
  watch: ExchangeWatch,
  operation: OperationWatch,
  numerator: number,
  denominator: number,
): RuleId | null {
  const own = (watch.progress ??= new ProgressWatch());
  const rule = own.take(numerator, denominator);
  // The operation knows what its furthest exchange does: another one may tell late what is known already.
  const known = operation.progress;
  if (known !== own && (known === null || (!known.ended && numerator >= known.numerator)))
    operation.progress = own;
  return rule;
}

/** Status-URI may be sent any number of times: every line is an element of one list. */
export function checkStatusUri(places: FieldPlaces, tell: Tell): void {
  const value = places.all('status-uri');
  if (value === null) return;
  const results = parseStatusUri(value);
  if (results instanceof FieldFault) tell('malformed-status-uri', places.position('status-uri', results.at));
}
