// What is wrong with a field value: returned, never thrown, because a peer's mistake is no exception here.

export type FieldFaultCode =
  /** Not of the field's grammar. */
  | 'syntax'
  /** A number beyond 2^53 − 1. */
  | 'number-too-large'
  /** A range that ends before it begins, or beyond the length it names. */
  | 'impossible-range'
  /** A range unit other than bytes. */
  | 'unknown-unit'
  /** An ext-value in a charset other than UTF-8 or ISO-8859-1, or that is not valid in it. */
  | 'charset'
  /** A reference that cannot be resolved to a URL. */
  | 'unresolvable'
  /** More elements than are looked at. */
  | 'too-many';

export class FieldFault {
  readonly code: FieldFaultCode;
  /** Index in the value of the first character that is wrong. */
  readonly at: number;
  /** One sentence for a person. */
  readonly message: string;

  constructor(code: FieldFaultCode, at: number, message: string) {
    this.code = code;
    this.at = at;
    this.message = message;
  }
}

/** Reads 1*DIGIT. Null for anything else; a fault for more than 2^53 − 1. @param at where the digits begin, for the fault */
export function readInteger(digits: string, at: number): number | null | FieldFault {
  if (!/^[0-9]+$/.test(digits)) return null;
  const value = Number(digits);
  if (value <= Number.MAX_SAFE_INTEGER) return value;
  return new FieldFault('number-too-large', at, `${digits.slice(0, 40)} is more than 9007199254740991.`);
}
