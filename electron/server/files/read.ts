// GET and HEAD of a file resource: a complete file whole or in ranges, of an upload what there is before its first gap.

import type { ContentSource } from '../uploads/content-store.ts';
import type { Exchange } from '../http/exchange.ts';
import { refuse } from '../http/refuse.ts';
import { respond } from '../http/respond.ts';
import type { ServerCore } from '../router.ts';
import { conditionsOf, stateFields, withTarget } from './request.ts';
import type { FileResource } from './resource.ts';

export function readFileResource(exchange: Exchange, core: ServerCore, name: string): void {
  withTarget(exchange, core, name, (resource) => {
    const { kind } = resource.state;
    if (kind === 'absent' || kind === 'blocked') {
      refuse(exchange, 404, 'There is no such file. GET /uploads/ lists those there are.');
      return;
    }
    // Whoever asks where an upload stands goes on there.
    if (exchange.method === 'HEAD' && kind === 'incomplete') resource.writers.yieldToQuestion();
    // What the writer that was ended left may have been all; what one that goes on has brought is written down.
    resource.settle();
    const response = {
      fields: [['Content-Type', resource.contentType], ...stateFields(resource)] as const,
      content: contentOf(exchange, resource),
    };
    if (resource.state.kind === 'complete') respond(exchange, { ...response, status: 200 }, resource.dated);
    else incomplete(exchange, core, resource, response.content);
  });
}

function incomplete(
  exchange: Exchange,
  core: ServerCore,
  resource: FileResource,
  content: ContentSource,
): void {
  const fields = [
    ['Content-Type', resource.contentType],
    ...stateFields(resource),
    ['Cache-Control', 'no-store'],
  ] as const;
  const decision = conditionsOf(exchange, resource);
  switch (decision.kind) {
    case 'failed':
    case 'invalid':
      refuse(
        exchange,
        decision.kind === 'failed' ? 412 : 400,
        `The file is not as ${decision.field} wants it.`,
      );
      return;
    case 'not-modified':
      void exchange.final({ status: 304, fields, content: new Uint8Array(0) });
      return;
    case 'proceed':
      // Range is not honoured (RFC 9110 §14.2): it would be one of a representation that does not exist yet.
      void exchange.final({
        status: core.incompleteStatus,
        reason: 'Incomplete Content',
        fields,
        content,
      });
  }
}

/** For a HEAD, too: it is told what a GET would be, also that the file cannot be opened (RFC 9110 §9.3.2). */
function contentOf(exchange: Exchange, resource: FileResource): ContentSource {
  const content = resource.content();
  if (content === null) return { length: resource.have, read: () => new Uint8Array(0) };
  exchange.whenOver(() => content.close());
  return content;
}
