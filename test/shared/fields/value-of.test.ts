// A field by its name, in any case, and the first of several.

import { expect, it } from 'vitest';
import { valueOf } from '../../../shared/fields/value-of.ts';

const FIELDS = [
  ['LOCATION', '/here'],
  ['location', '/there'],
] as const;

it.each([
  [FIELDS, 'Location', '/here'],
  [FIELDS, 'Content-Location', null],
  [[], 'Location', null],
  [undefined, 'Location', null],
])('of %j, %s is %j', (fields, name, value) => {
  expect(valueOf(fields, name)).toBe(value);
});
