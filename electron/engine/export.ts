// A session in another format, for people and for other tools.

import { assertNever } from '../../shared/capture/records.ts';
import type { ExportFormat } from '../../shared/contract.ts';
import { toCurl } from '../../shared/export/curl.ts';
import { toHar } from '../../shared/export/har.ts';
import { toHttp } from '../../shared/export/http.ts';
import { toNdjson } from '../../shared/export/ndjson.ts';
import { toTraceEvents } from '../../shared/export/trace-event.ts';
import type { View } from './view.ts';

/** The whole session as text, in pieces; HAR and HTTP text are one. */
export async function* exportSession(view: View, as: ExportFormat): AsyncGenerator<string> {
  view.model.fold();
  await view.flush();
  const { startedAt } = view.describe();
  const info = { startedAt, title: view.name };
  const read = view.bytes.bind(view);
  switch (as) {
    case 'har':
      yield `${JSON.stringify(await toHar(view.model, read, info), null, 1)}\n`;
      return;
    case 'http':
      yield await toHttp(view.model, read);
      return;
    case 'ndjson':
      yield* toNdjson(view.model, info);
      return;
    case 'curl':
      yield* toCurl(view.model, read, view.name);
      return;
    case 'trace-event':
      yield* toTraceEvents(view.model, view.name);
      return;
    default:
      assertNever(as);
  }
}

/** What an export is called behind its dot. */
export function extensionOf(as: 'pcapng' | ExportFormat): string {
  switch (as) {
    case 'http':
      return 'txt';
    case 'curl':
      return 'sh';
    case 'trace-event':
      return 'trace.json';
    case 'pcapng':
    case 'har':
    case 'ndjson':
      return as;
    default:
      return assertNever(as);
  }
}

/** The media type of an export. */
export function mediaTypeOf(as: ExportFormat): string {
  switch (as) {
    case 'har':
    case 'trace-event':
      return 'application/json';
    case 'ndjson':
      return 'application/x-ndjson';
    case 'curl':
    case 'http':
      return 'text/plain; charset=utf-8';
    default:
      return assertNever(as);
  }
}
