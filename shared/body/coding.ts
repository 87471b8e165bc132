// Which content codings lie around content (RFC 9110 §8.4.1) and by which decompressor each is taken off. Decides only;
// the inflating itself is the platform's.

/** Names that the web's DecompressionStream gives them. */
export type CompressionName = 'gzip' | 'deflate' | 'deflate-raw' | 'brotli' | 'zstd';

/** The codings in the order in which they are taken off: the last that was applied first. In lower case. */
export function codingsOf(contentEncoding: string): string[] {
  return contentEncoding
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity')
    .toReversed();
}

/** @param first the first bytes of the content @returns null for a coding that nobody here knows */
export function compressionOf(coding: string, first: Uint8Array): CompressionName | null {
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return 'gzip';
    case 'deflate':
      return isZlib(first) ? 'deflate' : 'deflate-raw';
    case 'br':
      return 'brotli';
    case 'zstd':
      return 'zstd';
    default:
      return null;
  }
}

/** RFC 1950 §2.2. RFC 9110 §8.4.1.2 means the zlib format, and says that some send the data without it. */
function isZlib(first: Uint8Array): boolean {
  const [method = 0, flags = 0] = first;
  return (method & 0x0f) === 8 && ((method << 8) | flags) % 31 === 0;
}
