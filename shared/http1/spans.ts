// Tells a sink where the parts of a section are, in their order. Only for sinks that ask: it costs time.

import { SPANS_PER_FIELD } from './head.ts';
import type { Section } from './head.ts';
import type { Http1Sink, SpanKind } from './types.ts';

/** Start line, then fields. An empty reason is no part. */
export function reportHeadSpans(head: Section, sink: Http1Sink): void {
  for (const [kind, from, to] of startLineParts(head)) sink.span?.(kind, head.start + from, head.start + to);
  reportFields(head, 'field-name', 'field-value', sink);
}

export function reportTrailerSpans(trailers: Section, sink: Http1Sink): void {
  reportFields(trailers, 'trailer-name', 'trailer-value', sink);
}

/** Relative to the head's first byte. */
function startLineParts(head: Section): [SpanKind, number, number][] {
  if (head.role === 'request') {
    return [
      ['method', 0, head.methodEnd],
      ['target', head.targetStart, head.targetEnd],
      ['version', head.targetEnd + 1, head.targetEnd + 9],
    ];
  }
  const parts: [SpanKind, number, number][] = [
    ['version', 0, 8],
    ['status', 9, 12],
  ];
  if (head.reasonEnd > head.reasonStart) parts.push(['reason', head.reasonStart, head.reasonEnd]);
  return parts;
}

function reportFields(section: Section, name: SpanKind, value: SpanKind, sink: Http1Sink): void {
  const { start, spans } = section;
  for (let at = 0; at < section.fieldCount * SPANS_PER_FIELD; at += SPANS_PER_FIELD) {
    sink.span?.(name, start + spans[at]!, start + spans[at + 1]!);
    sink.span?.(value, start + spans[at + 2]!, start + spans[at + 3]!);
  }
}
