// One field out of the lines of a section, by its name. Joins nothing: a field that comes in several lines has others, too.

/**
 * The value of the first line of that name, which counts in any case (RFC 9110 §5.1); null: there is none.
 * @param fields undefined where there is no message
 */
export function valueOf(
  fields: readonly (readonly [name: string, value: string])[] | undefined,
  name: string,
): string | null {
  const wanted = name.toLowerCase();
  return fields?.find(([known]) => known.toLowerCase() === wanted)?.[1] ?? null;
}
