// “Compose from this”: reads the bytes of a captured request, and hands them to the composer.

import type { Exchange } from '../../shared/model/model.ts';
import type { Laboratory } from '../stores/laboratory.ts';
import { exchangeOf, shownOperation } from '../workspace/operation.ts';

/** Bytes of a request that are read: its head, and content that can be edited. */
const MOST = 1024 * 1024;

type Host = Pick<Laboratory, 'api' | 'composer' | 'feed' | 'notices' | 'selection'>;

/** Composes from an exchange; without one from the selected one, else from the first of the shown operation. */
export async function composeFrom(host: Host, exchange: Exchange | null = selected(host)): Promise<void> {
  const { api, composer, feed, notices } = host;
  if (exchange === null) {
    notices.tell('info', 'There is no exchange yet: send a request, or run an experiment first.');
    return;
  }
  const { model } = feed.store.getState();
  const { connection, requestStart, requestEnd } = exchange;
  const end = Math.min(Number.isNaN(requestEnd) ? Infinity : requestEnd, requestStart + MOST);
  try {
    const { bytes } = await api.commands.bytes({ connection, stream: 'request', start: requestStart, end });
    composer.compose({ bytes, authority: authorityOf(model.connections[connection - 1]?.label ?? '') });
  } catch (error) {
    notices.tell('error', error instanceof Error ? error.message : String(error));
  }
}

function selected({ feed, selection }: Host): Exchange | null {
  const { model } = feed.store.getState();
  const chosen = selection.getState().selected;
  const id = exchangeOf(model, chosen) ?? shownOperation(model, chosen)?.exchanges.at(0);
  return id === undefined ? null : (model.exchanges[id] ?? null);
}

/** `127.0.0.1:41212 → 127.0.0.1:18080`: where a connection leads. */
function authorityOf(label: string): string {
  return label.split(' → ').at(-1) ?? '';
}
