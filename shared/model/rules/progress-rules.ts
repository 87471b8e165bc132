// The rules of Progress and Status-URI. Pure: what is wrong with a value, and where in it.

import { FieldFault } from '../../fields/fault.ts';
import { parseProgress } from '../../fields/progress.ts';
import { parseStatusUri } from '../../fields/status-uri.ts';
import { digits } from '../digits.ts';
import type { FieldPlaces } from './field-places.ts';
import type { Tell } from './request-head.ts';
import type { ExchangeWatch, OperationWatch } from './watch.ts';

/** Values that need no parser of everything to be read. */
const PLAIN = /^[0-9]{1,15}\/[0-9]{0,15}(?: "[ !#-[\]-~]*")?$/;

/** What of a final response decides what its progress must be. */
export interface Finality {
  /** It ends the work that progress is told of: not a 202, no answer of a status document that is asked in between. */
  readonly ends: boolean;
}

/**
 * Checks the Progress of a response.
 * @param finality of a final response; null for an interim one
 */
export function checkProgress(
  places: FieldPlaces,
  watch: ExchangeWatch,
  operation: OperationWatch,
  finality: Finality | null,
  tell: Tell,
): void {
  const value = places.first('progress');
  if (value === null) return;
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
  const ended = watch.progress.ended;
  const rule = takeProgress(watch, operation, numerator, denominator);
  if (rule !== null) tell(rule, places.position('progress'));
  else if (finality?.ends === true && numerator !== denominator && !ended)
    tell('final-progress-incomplete', places.position('progress'));
  if (finality?.ends === true && numerator === denominator)
    watch.progress.ended = operation.progress.ended = true;
}

/** Numbers only: this is on the way of every plain 102. */
export function takeProgress(
  watch: ExchangeWatch,
  operation: OperationWatch,
  numerator: number,
  denominator: number,
): ReturnType<ExchangeWatch['progress']['take']> {
  const rule = watch.progress.take(numerator, denominator);
  // Another exchange may tell late what is known already.
  if (!operation.progress.ended && numerator >= operation.progress.numerator)
    operation.progress.take(numerator, denominator);
  return rule;
}

/** Status-URI may be sent any number of times: every line is an element of one list. */
export function checkStatusUri(places: FieldPlaces, tell: Tell): void {
  const value = places.all('status-uri');
  if (value === null) return;
  const results = parseStatusUri(value);
  if (results instanceof FieldFault) tell('malformed-status-uri', places.position('status-uri', results.at));
}
