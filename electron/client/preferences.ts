// What a request prefers: the user's own Prefer field as it is written, and beside it what the strategy and its options
// ask for (RFC 7240). Never says again what the user has said, since the first of two is the one that counts.

import { FieldFault } from '../../shared/fields/fault.ts';
import { type Preferences, parsePrefer } from '../../shared/fields/prefer.ts';
import type { FieldLines } from '../../shared/http1/writer.ts';

/** The field line, if there is one, that adds to the user's fields what is wanted: `name` or `name=value` each. */
export function preferFields(fields: FieldLines, wanted: readonly string[]): FieldLines {
  const own = ownPreferences(fields);
  const more = wanted.filter((preference) =>
    Array.from(read(preference).keys()).every((name) => !own.has(name)),
  );
  return more.length === 0 ? [] : [['Prefer', more.join(', ')]];
}

/** Milliseconds that the client has said it would wait for an answer; 0 where it has said nothing. */
export function waitOf(fields: FieldLines, wanted: readonly string[]): number {
  const { value } = ownPreferences(fields).get('wait') ??
    read(wanted.join(', ')).get('wait') ?? { value: '' };
  return /^\d{1,6}$/.test(value) ? Number(value) * 1000 : 0;
}

function ownPreferences(fields: FieldLines): Preferences {
  const lines = fields.filter(([name]) => name.toLowerCase() === 'prefer').map(([, value]) => value);
  return read(lines.join(', '));
}

/** What cannot be read prefers nothing. */
function read(value: string): Preferences {
  const preferences = parsePrefer(value);
  return preferences instanceof FieldFault ? new Map() : preferences;
}
