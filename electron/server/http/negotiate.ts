// Which media type of several the client would rather have (RFC 9110 §12.5.1). Decides only; a wish, never a condition.

/** media-range [ weight ]: other parameters make it narrower than what is offered here, and match nothing. */
const ELEMENT =
  /^[ \t]*([\w!#$%&'*+.^`|~-]+)\/([\w!#$%&'*+.^`|~-]+)[ \t]*(?:;[ \t]*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)[ \t]*)?$/i;
/** Elements that are looked at. */
const MOST = 50;

/**
 * The offered type with the highest quality; of several, the first. Where none is acceptable, and for elements that
 * cannot be read, the field is disregarded, as the RFC allows.
 * @param accept the field's value; null: there is none
 * @param offered in lower case, the default first
 */
export function negotiate<T extends string>(accept: string | null, offered: readonly [T, ...T[]]): T {
  const ranges = (accept ?? '').split(',', MOST).flatMap((element) => {
    const [, type = '', subtype = '', weight = '1'] = ELEMENT.exec(element) ?? [];
    return type === '' ? [] : [{ range: `${type}/${subtype}`.toLowerCase(), weight: Number(weight) }];
  });
  let best: T = offered[0];
  let quality = 0;
  for (const type of offered) {
    const [family] = type.split('/', 1);
    // The most specific range decides.
    const match = [type, `${family}/*`, '*/*']
      .map((range) => ranges.find((one) => one.range === range))
      .find((found) => found !== undefined);
    if (match === undefined || match.weight <= quality) continue;
    best = type;
    quality = match.weight;
  }
  return best;
}
