// The form of the drafts' examples: the bytes as the draft shows them, and the same message with the draft's slips
// mended. Each slip is one mend and one sentence, so that no difference goes without its reason.

export type Draft =
  | 'draft-wright-http-progress'
  | 'draft-wright-http-resume-request'
  | 'draft-wright-http-partial-upload'
  | 'draft-wright-http-patch-byterange'
  | 'draft-ietf-httpapi-patch-byterange';

/** A slip: what stands there, what should, and why (or why it may stand there and yet is not written). */
export type Mend = readonly [from: string, to: string, why: string];

/** A message, or the responses to one request in their order. */
export interface Example {
  /** `progress/capture` */
  readonly id: string;
  readonly draft: Draft;
  readonly role: 'request' | 'response';
  /** Responses: the id of the request that they answer. */
  readonly answers: string | null;
  readonly bytes: Uint8Array;
  /** What is wrong with it, a sentence each. */
  readonly slips: readonly string[];
  /** The message without its slips; the bytes themselves if it has none. */
  readonly mended: Uint8Array;
}

/** A field line that the draft shows alone. */
export interface FieldExample {
  readonly draft: Draft;
  readonly name: string;
  readonly value: string;
  readonly slips: readonly string[];
  readonly mended: string;
}

/** A patch document that the draft shows without the request around it. */
export interface DocumentExample {
  readonly draft: Draft;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

export const NO_HOST: Mend = [
  ' HTTP/1.1\r\n',
  ' HTTP/1.1\r\nHost: example.com\r\n',
  'There is no Host field, which HTTP/1.1 demands (RFC 9112 §3.2): the drafts leave out what is not their subject.',
];

/** A mend that takes the angle brackets from a location field. */
export function bracketed(name: string, reference: string): Mend {
  return [
    `\r\n${name}: <${reference}>\r\n`,
    `\r\n${name}: ${reference}\r\n`,
    `${name} is a URI reference without angle brackets (RFC 9110 §10.2.2, §8.7); they are read, never written.`,
  ];
}

export interface ExampleText {
  readonly id: string;
  readonly draft: Draft;
  readonly role: 'request' | 'response';
  readonly answers?: string;
  /** Head lines and content, as the draft has them, with LF: every line end becomes CRLF. */
  readonly text: string;
  readonly mends?: readonly Mend[];
}

/**
 * A head is shown with its empty line. The line end behind the last line of content is that of the draft's own text and
 * none of the content's: the parts of 281 and 283 bytes add up only so.
 */
export function example({ id, draft, role, answers, text, mends = [] }: ExampleText): Example {
  const shown = text.replaceAll('\n', '\r\n');
  return {
    id,
    draft,
    role,
    answers: answers ?? null,
    bytes: bytesOf(shown),
    slips: mends.map(([, , why]) => why),
    mended: bytesOf(mend(shown, mends)),
  };
}

export function fieldExample(
  draft: Draft,
  name: string,
  value: string,
  mends: readonly Mend[] = [],
): FieldExample {
  return { draft, name, value, slips: mends.map(([, , why]) => why), mended: mend(value, mends) };
}

/** Each mend applies everywhere it fits, and at least once. */
function mend(shown: string, mends: readonly Mend[]): string {
  let text = shown;
  for (const [from, to, why] of mends) {
    if (!text.includes(from)) throw new Error(`Nothing to mend: ${why}`);
    text = text.replaceAll(from, to);
  }
  return text;
}

/** The bytes first … last of the document that the elided bodies are taken from: the alphabet, over and over. */
export function elided(first: number, last: number): string {
  let text = '';
  for (let at = first; at <= last; at++) text += String.fromCharCode(0x61 + (at % 26));
  return text;
}

export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
