// What a file resource may be called. Decides on the text alone: a name that passes cannot lead out of a folder, hide, or
// be another name for the same file.

/** Segments of a path, and characters of one. */
const MOST_SEGMENTS = 8;
const SEGMENT = /^(?!\.)[A-Za-z0-9._~-]{1,255}(?<!\.)$/;
/** Names that are devices on Windows, whatever they end with. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** What {@link fileName} takes, for refusals. */
export const NAME_RULE =
  `A name here has 1 to ${MOST_SEGMENTS} segments of letters, digits and . _ ~ -, each of 255 characters at most; ` +
  'none begins or ends with a dot.';

/** The name in a path behind `/uploads/`, percent-decoded: segments joined by `/`; null: no file can be called so. */
export function fileName(path: string): string | null {
  const segments = path.split('/', MOST_SEGMENTS + 1);
  if (segments.length > MOST_SEGMENTS) return null;
  const names: string[] = [];
  for (const segment of segments) {
    const name = decoded(segment);
    if (name === null || !SEGMENT.test(name) || DEVICE.test(name)) return null;
    names.push(name);
  }
  return names.join('/');
}

function decoded(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}
