// A stored response as a message/http document (RFC 9112 §10.1): its head, and its content where that lies. Makes no
// second copy of the content.

import { writeResponse } from '../../../shared/http1/writer.ts';
import type { ContentSource } from '../uploads/content-store.ts';
import { bytesSource } from '../http/exchange.ts';
import type { StoredResponse } from './jobs.ts';

export function messageDocument(response: StoredResponse): ContentSource {
  const content = response.content instanceof Uint8Array ? bytesSource(response.content) : response.content;
  const head = writeResponse({
    status: response.status,
    fields: [...response.fields, ['Content-Length', String(content.length)]],
  });
  return {
    length: head.length + content.length,
    read(from, to) {
      // What was deleted is gone with its head: nobody should begin to read it.
      const rest = content.read(Math.max(0, from - head.length), Math.max(0, to - head.length));
      if (rest === null) return null;
      const begin = head.subarray(Math.min(from, head.length), Math.min(to, head.length));
      if (begin.length === 0) return rest;
      const bytes = new Uint8Array(begin.length + rest.length);
      bytes.set(begin);
      bytes.set(rest, begin.length);
      return bytes;
    },
  };
}
