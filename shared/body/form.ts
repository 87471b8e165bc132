// The pairs of application/x-www-form-urlencoded content (WHATWG URL §5.1). What is no percent-encoding stands as it is.

/** Pairs that are told. */
export const FORM_PAIRS = 10_000;

/** In order, as they were written; {@link FORM_PAIRS} at most. */
export function formPairs(text: string): [name: string, value: string][] {
  const pairs: [string, string][] = [];
  for (const piece of text.split('&')) {
    if (piece === '') continue;
    if (pairs.length === FORM_PAIRS) break;
    const equals = piece.indexOf('=');
    pairs.push(
      equals === -1
        ? [decoded(piece), '']
        : [decoded(piece.slice(0, equals)), decoded(piece.slice(equals + 1))],
    );
  }
  return pairs;
}

function decoded(text: string): string {
  return text
    .replaceAll('+', ' ')
    .replaceAll(/(?:%[0-9a-f]{2})+/gi, (run) =>
      new TextDecoder('utf-8', { ignoreBOM: true }).decode(
        Uint8Array.from(run.slice(1).split('%'), (digits) => Number.parseInt(digits, 16)),
      ),
    );
}
