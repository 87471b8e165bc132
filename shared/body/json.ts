// JSON set out for reading: line breaks and indentation only. It must never touch a value: numbers keep all their digits,
// members their order and those that are there twice, and strings their escapes.

/** Levels that are indented; deeper ones stand as deep as these. */
const INDENTED = 40;
/** What is set out may be so many times as long as it was, else it stays as it is. */
const GROWTH = 8;

/** Works on a text that is cut off, too, as far as it goes. */
export function setOutJson(text: string): string {
  const most = text.length * GROWTH + 1024;
  const pieces: string[] = [];
  let length = 0;
  let depth = 0;
  let at = 0;
  const put = (piece: string): void => {
    pieces.push(piece);
    length += piece.length;
  };
  const line = (): void => put(`\n${'  '.repeat(Math.min(depth, INDENTED))}`);
  while (at < text.length) {
    if (length > most) return text;
    const character = text[at]!;
    if (character === '"') {
      const end = stringEnd(text, at);
      put(text.slice(at, end));
      at = end;
      continue;
    }
    at++;
    switch (character) {
      case ' ':
      case '\t':
      case '\r':
      case '\n':
        break;
      case '{':
      case '[': {
        const close = closing(text, at);
        put(character);
        if (close !== -1) {
          put(text[close]!);
          at = close + 1;
          break;
        }
        depth++;
        if (at < text.length) line();
        break;
      }
      case '}':
      case ']':
        depth = Math.max(0, depth - 1);
        line();
        put(character);
        break;
      case ',':
        put(character);
        line();
        break;
      case ':':
        put(': ');
        break;
      default:
        put(character);
    }
  }
  return pieces.join('');
}

/** Why the text is no JSON, as the platform says it; null: it is. */
export function jsonFault(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Index behind the string that begins at `at`. */
function stringEnd(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') return i + 1;
  }
  return text.length;
}

/** Index of the bracket that closes what holds nothing; −1: it holds something. */
function closing(text: string, at: number): number {
  let i = at;
  while (i < text.length && ' \t\r\n'.includes(text[i]!)) i++;
  return text[i] === '}' || text[i] === ']' ? i : -1;
}
