// Words and bytes as a POSIX shell has them: whatever a peer sent stays one word, and no character of it is a command.
// It must never leave a byte unquoted that a shell could take for its own.

import { base64 } from './base64.ts';
import { asText } from './message.ts';

/** Characters of a word that mean nothing to any shell. */
const PLAIN = /^[A-Za-z0-9_%+,./:@-]+$/;
/** Characters that a terminal would act on when somebody reads the script; TAB and LF are read as they are. */
// oxlint-disable-next-line no-control-regex -- these are meant
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;
/** Characters that printf's format, an option, a quote and a history of commands leave alone. */
const AS_IT_IS = /[A-Za-z0-9 _+,./:;=@?&"#()[\]{}<>|~^*$`]/;
/** Bytes of a line of Base64: 76 characters (RFC 2045 §6.8). */
const LINE = 57;

/**
 * One word of a command line. What is no readable text is made by printf.
 * @param bytes without NUL, which no word can hold, and without LF at the end, which a substitution takes away
 */
export function shellWord(bytes: Uint8Array): string {
  const text = readable(bytes);
  if (text === null) return `"$(${printfOf(bytes)})"`;
  return PLAIN.test(text) ? text : quoted(text);
}

/** A command that writes these bytes to its output. */
export function printfOf(bytes: Uint8Array): string {
  const text = readable(bytes);
  if (text !== null) return `printf %s ${quoted(text)}`;
  const parts = Array.from(bytes, (byte) => {
    const character = String.fromCharCode(byte);
    return AS_IT_IS.test(character) ? character : `\\${byte.toString(8).padStart(3, '0')}`;
  });
  return `printf '${parts.join('')}'`;
}

/** Whether the bytes can stand in a script as they are. */
export function isReadable(bytes: Uint8Array): boolean {
  return readable(bytes) !== null;
}

/** Lines of Base64 for a here-document, each with its LF. @param bytes a multiple of {@link LINE}, but for the last */
function base64Lines(bytes: Uint8Array): string {
  let lines = '';
  for (let at = 0; at < bytes.length; at += LINE) lines += `${base64(bytes.subarray(at, at + LINE))}\n`;
  return lines;
}

/** Base64 of pieces of any length, as the lines of one here-document. */
export async function* base64Text(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let rest = new Uint8Array(0);
  for await (const piece of pieces) {
    const all = new Uint8Array(rest.length + piece.length);
    all.set(rest);
    all.set(piece, rest.length);
    const whole = all.length - (all.length % LINE);
    if (whole > 0) yield base64Lines(all.subarray(0, whole));
    rest = all.slice(whole);
  }
  if (rest.length > 0) yield base64Lines(rest);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** Bytes as text that a person can read in a script; null: they are none. */
function readable(bytes: Uint8Array): string | null {
  const text = asText(bytes);
  // An unfinished character at the end was left out: then it is none.
  if (text === null || CONTROL.test(text) || new TextEncoder().encode(text).length !== bytes.length)
    return null;
  return text;
}
