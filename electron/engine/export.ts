// A session in another format, for people and for other tools.

import type { ExportFormat } from '../../shared/contract.ts';
import { toHar } from '../../shared/export/har.ts';
import { toHttp } from '../../shared/export/http.ts';
import type { View } from './view.ts';

/** The whole session as text. */
export async function exportSession(view: View, as: ExportFormat): Promise<string> {
  view.model.fold();
  await view.flush();
  const { startedAt } = view.describe();
  const read = view.bytes.bind(view);
  if (as === 'http') return toHttp(view.model, read);
  return JSON.stringify(await toHar(view.model, read, { startedAt, title: view.name }), null, 1);
}
