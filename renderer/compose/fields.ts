// The fields of a composed request as a list that is edited: in order, names in their own case, also as text; and what
// Expect and Prefer say, switched on and off where it stands. Pure; never touches a field that it was not asked to.

import { FieldFault } from '../../shared/fields/fault.ts';
import { parsePrefer, type PreferenceToWrite, writePrefer } from '../../shared/fields/prefer.ts';
import { parseExpect } from '../../shared/fields/expect.ts';
import type { Field } from './draft.ts';

export function withField(fields: readonly Field[], index: number, field: Field): readonly Field[] {
  return fields.map((one, at) => (at === index ? field : one));
}

export function withoutField(fields: readonly Field[], index: number): readonly Field[] {
  return fields.filter((_, at) => at !== index);
}

/** The field one place up (−1) or down (1); the same list where there is no such place. */
export function movedField(fields: readonly Field[], index: number, by: 1 | -1): readonly Field[] {
  const other = index + by;
  const [one, two] = [fields[index], fields[other]];
  if (one === undefined || two === undefined) return fields;
  return fields.map((field, at) => (at === index ? two : at === other ? one : field));
}

/** `Name: value` a line. */
export function fieldsText(fields: readonly Field[]): string {
  return fields.map(([name, value]) => (value === '' ? `${name}:` : `${name}: ${value}`)).join('\n');
}

/** Reads {@link fieldsText}, and what is pasted from elsewhere; a string: the line that is no field, in one sentence. */
export function readFields(text: string): readonly Field[] | string {
  const fields: Field[] = [];
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    if (line.trim() === '') continue;
    const colon = line.indexOf(':');
    if (colon < 1) return `Line ${index + 1} is no field: write it as “Name: value”.`;
    fields.push([line.slice(0, colon).trim(), line.slice(colon + 1).trim()]);
  }
  return fields;
}

/** Whether Expect has 100-continue. */
export function expectsContinue(fields: readonly Field[]): boolean {
  return fields.some(([name, value]) => {
    if (name.toLowerCase() !== 'expect') return false;
    const read = parseExpect(value);
    return !(read instanceof FieldFault) && read.continue;
  });
}

/** With or without `Expect: 100-continue`. An Expect field that asks for other things is left as it is. */
export function withContinue(fields: readonly Field[], on: boolean): readonly Field[] {
  if (on) return expectsContinue(fields) ? fields : [...fields, ['Expect', '100-continue']];
  return fields.filter(
    ([name, value]) => name.toLowerCase() !== 'expect' || value.trim().toLowerCase() !== '100-continue',
  );
}

/** The value of a preference, '' for one without; null: it is not there. */
export function preferenceOf(fields: readonly Field[], wanted: string): string | null {
  for (const [name, value] of fields) {
    if (name.toLowerCase() !== 'prefer') continue;
    const read = parsePrefer(value);
    const found = read instanceof FieldFault ? undefined : read.get(wanted);
    if (found !== undefined) return found.value;
  }
  return null;
}

/**
 * With a preference (its value, '' for none) or, for null, without it: in the first Prefer field that can be read, else in a
 * new one. A Prefer field that says nothing any more goes.
 */
export function withPreference(
  fields: readonly Field[],
  wanted: string,
  value: string | null,
): readonly Field[] {
  let isWritten = value === null;
  const changed = fields.flatMap((field): readonly Field[] => {
    const [name, before] = field;
    const read = name.toLowerCase() === 'prefer' ? parsePrefer(before) : null;
    if (read === null || read instanceof FieldFault) return [field];
    const had = read.has(wanted);
    if (!had && isWritten) return [field];
    const all = [...read].flatMap(([key, preference]): readonly PreferenceToWrite[] =>
      key === wanted
        ? []
        : [{ name: key, value: preference.value, parameters: Object.fromEntries(preference.parameters) }],
    );
    const more = isWritten ? [] : [{ name: wanted, value: value ?? '' }];
    isWritten = true;
    const text = writePrefer([...all, ...more]);
    return text === '' ? [] : [[name, text]];
  });
  return isWritten ? changed : [...changed, ['Prefer', writePrefer([{ name: wanted, value: value ?? '' }])]];
}
