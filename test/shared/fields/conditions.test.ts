// Conditional requests: each field alone, each step before the next, and what is ignored (RFC 9110 §13.2.2).

import { expect, test } from 'vitest';
import { decideConditions } from '../../../shared/fields/conditions.ts';
import type { TargetState } from '../../../shared/fields/conditions.ts';

const EARLIER = 'Sat, 29 Oct 1994 19:43:30 GMT';
const CHANGED = 'Sat, 29 Oct 1994 19:43:31 GMT';
const LATER = 'Sat, 29 Oct 1994 19:43:32 GMT';

/** Changed within the second, which an HTTP-date does not tell. */
const present: TargetState = { exists: true, etag: '"xyzzy"', lastModified: Date.parse(CHANGED) + 400 };
const weak: TargetState = { ...present, etag: 'W/"xyzzy"' };
const unmarked: TargetState = { exists: true, etag: null, lastModified: null };
const absent: TargetState = { exists: false, etag: null, lastModified: null };

function decide(method: string, fields: Readonly<Record<string, string>>, state: TargetState): string {
  const byName = new Map(Object.entries(fields).map(([name, value]) => [name.toLowerCase(), value]));
  const request = { method, field: (name: string) => byName.get(name.toLowerCase()) ?? null };
  const decision = decideConditions(request, state);
  switch (decision.kind) {
    case 'proceed':
      return decision.range ? 'proceed, with range' : 'proceed';
    case 'not-modified':
      return '304';
    case 'failed':
      return `412 ${decision.field}`;
    case 'invalid':
      return `400 ${decision.field} at ${decision.fault.at}`;
  }
}

test.each<[string, Record<string, string>, TargetState, string]>([
  // none at all
  ['GET', {}, present, 'proceed, with range'],
  ['PATCH', {}, present, 'proceed'],
  ['HEAD', {}, present, 'proceed'],
  // If-Match: strong comparison
  ['PATCH', { 'If-Match': '"xyzzy"' }, present, 'proceed'],
  ['PATCH', { 'If-Match': '"other", "xyzzy"' }, present, 'proceed'],
  ['PATCH', { 'If-Match': '"other"' }, present, '412 If-Match'],
  ['PATCH', { 'If-Match': 'W/"xyzzy"' }, present, '412 If-Match'],
  ['PATCH', { 'If-Match': '"xyzzy"' }, weak, '412 If-Match'],
  ['PATCH', { 'If-Match': '"xyzzy"' }, unmarked, '412 If-Match'],
  ['PUT', { 'If-Match': '"xyzzy"' }, absent, '412 If-Match'],
  ['PUT', { 'If-Match': '*' }, absent, '412 If-Match'],
  ['PUT', { 'If-Match': '*' }, unmarked, 'proceed'],
  ['GET', { 'If-Match': '"other"' }, present, '412 If-Match'],
  // If-Unmodified-Since: to the second; ignored where nothing is known, and beside If-Match
  ['PATCH', { 'If-Unmodified-Since': CHANGED }, present, 'proceed'],
  ['PATCH', { 'If-Unmodified-Since': LATER }, present, 'proceed'],
  ['PATCH', { 'If-Unmodified-Since': EARLIER }, present, '412 If-Unmodified-Since'],
  ['PATCH', { 'If-Unmodified-Since': EARLIER }, unmarked, 'proceed'],
  ['PATCH', { 'If-Unmodified-Since': EARLIER }, absent, 'proceed'],
  ['PATCH', { 'If-Unmodified-Since': 'yesterday' }, present, 'proceed'],
  ['PATCH', { 'If-Match': '"xyzzy"', 'If-Unmodified-Since': EARLIER }, present, 'proceed'],
  // If-None-Match: weak comparison; 304 to reading, 412 to the rest
  ['PUT', { 'If-None-Match': '*' }, absent, 'proceed'],
  ['PATCH', { 'If-None-Match': '*' }, unmarked, '412 If-None-Match'],
  ['GET', { 'If-None-Match': '*' }, present, '304'],
  ['GET', { 'If-None-Match': '"xyzzy"' }, present, '304'],
  ['HEAD', { 'If-None-Match': 'W/"xyzzy"' }, present, '304'],
  ['GET', { 'If-None-Match': '"xyzzy"' }, weak, '304'],
  ['GET', { 'If-None-Match': '"a", "b"' }, present, 'proceed, with range'],
  ['PUT', { 'If-None-Match': '"xyzzy"' }, present, '412 If-None-Match'],
  ['PUT', { 'If-None-Match': '"a"' }, absent, 'proceed'],
  // If-Modified-Since: reading only, and not beside If-None-Match
  ['GET', { 'If-Modified-Since': CHANGED }, present, '304'],
  ['HEAD', { 'If-Modified-Since': LATER }, present, '304'],
  ['GET', { 'If-Modified-Since': EARLIER }, present, 'proceed, with range'],
  ['PUT', { 'If-Modified-Since': LATER }, present, 'proceed'],
  ['GET', { 'If-Modified-Since': LATER }, unmarked, 'proceed, with range'],
  ['GET', { 'If-Modified-Since': LATER }, absent, 'proceed, with range'],
  ['GET', { 'If-Modified-Since': 'tomorrow' }, present, 'proceed, with range'],
  ['GET', { 'If-None-Match': '"a"', 'If-Modified-Since': LATER }, present, 'proceed, with range'],
  // If-Range: the very same, or the whole
  ['GET', { 'If-Range': '"xyzzy"' }, present, 'proceed, with range'],
  ['GET', { 'If-Range': '"other"' }, present, 'proceed'],
  ['GET', { 'If-Range': 'W/"xyzzy"' }, present, 'proceed'],
  ['GET', { 'If-Range': '"xyzzy"' }, weak, 'proceed'],
  ['GET', { 'If-Range': '"xyzzy"' }, unmarked, 'proceed'],
  ['GET', { 'If-Range': CHANGED }, present, 'proceed, with range'],
  ['GET', { 'If-Range': LATER }, present, 'proceed'],
  ['GET', { 'If-Range': EARLIER }, present, 'proceed'],
  ['GET', { 'If-Range': CHANGED }, unmarked, 'proceed'],
  ['GET', { 'If-Range': 'xyzzy' }, present, 'proceed'],
  ['GET', { 'If-Range': '*' }, present, 'proceed'],
  ['HEAD', { 'If-Range': '"xyzzy"' }, present, 'proceed'],
  // the order
  ['GET', { 'If-Match': '"other"', 'If-None-Match': '"xyzzy"' }, present, '412 If-Match'],
  ['GET', { 'If-Match': '"xyzzy"', 'If-None-Match': '"xyzzy"' }, present, '304'],
  ['PUT', { 'If-Unmodified-Since': EARLIER, 'If-None-Match': '*' }, present, '412 If-Unmodified-Since'],
  ['GET', { 'If-None-Match': '"xyzzy"', 'If-Range': '"xyzzy"' }, present, '304'],
  // what cannot be read
  ['PATCH', { 'If-Match': 'xyzzy' }, present, '400 If-Match at 0'],
  ['PUT', { 'If-None-Match': '"a" "b"' }, present, '400 If-None-Match at 4'],
  ['PUT', { 'If-None-Match': '*, "a"' }, absent, '400 If-None-Match at 1'],
  // no representation is selected or changed
  ['OPTIONS', { 'If-Match': '"other"' }, present, 'proceed'],
])('%s with %j of %j: %s', (method, fields, state, decision) => {
  expect(decide(method, fields, state)).toBe(decision);
});
