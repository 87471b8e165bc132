// What can be copied of an exchange, and the way to the clipboard. Must never put half of something there in silence.

import { BYTES_AT_ONCE, type CommandArgs } from '../../shared/contract.ts';
import { curlCommand } from '../../shared/export/curl.ts';
import { messageText } from '../../shared/export/http.ts';
import { messageEnd } from '../../shared/export/message-end.ts';
import type { ReadBytes } from '../../shared/export/message.ts';
import type { Exchange } from '../../shared/model/model.ts';
import type { Api } from '../api.ts';
import type { Part } from '../inspector/message.ts';
import type { Laboratory } from '../stores/laboratory.ts';
import type { Command } from '../ui/commands.ts';
import { exchangeOf, shownOperation } from '../workspace/operation.ts';
import { type ByteForm, bytesAs } from './bytes.ts';

/** Bytes of a request that go onto a clipboard as a command. */
const MOST = 1024 * 1024;

type Copied = 'curl' | 'request' | 'response';

const WORDS: Readonly<Record<Copied, { readonly title: string; readonly done: string }>> = {
  curl: { title: 'Copy the request as curl', done: 'The request was copied as a curl command.' },
  request: { title: 'Copy the request as HTTP', done: 'The request was copied.' },
  response: { title: 'Copy the response as HTTP', done: 'The response was copied.' },
};

/** A stretch of a stream as text. Rejects with a sentence where some of it is not there: a part is not the whole. */
export async function bytesText(
  { commands }: Api,
  place: CommandArgs<'bytes'>,
  form: ByteForm,
): Promise<string> {
  if (place.end - place.start > BYTES_AT_ONCE)
    throw new Error('More than 1 MiB is chosen: choose fewer bytes.');
  const { bytes } = await commands.bytes(place);
  if (bytes.length < place.end - place.start)
    throw new Error('Some of these bytes were counted, not kept: choose others.');
  return bytesAs(bytes, form);
}

function readerOf({ api }: Pick<Laboratory, 'api'>): ReadBytes {
  return (connection, stream, start, end) => api.commands.bytes({ connection, stream, start, end });
}

/** An exchange in one of these forms. Rejects with a sentence where there is nothing to copy, or too much. */
export async function textOf(
  laboratory: Pick<Laboratory, 'api' | 'feed'>,
  exchange: Exchange,
  form: Copied,
): Promise<string> {
  const { model } = laboratory.feed.store.getState();
  const read = readerOf(laboratory);
  if (form === 'curl') {
    const end = messageEnd(model, exchange, 'request');
    if (end - exchange.requestStart > MOST)
      throw new Error('This request is larger than 1 MiB: export the session as curl instead.');
    let text = '';
    for await (const piece of curlCommand(model, exchange, read)) text += piece;
    return text;
  }
  const { connection } = exchange;
  const [start, headEnd] =
    form === 'request'
      ? [exchange.requestStart, exchange.requestHeadEnd]
      : [exchange.responseStart, exchange.responseHeadEnd];
  if (Number.isNaN(headEnd))
    throw new Error(
      form === 'request' ? 'The head of this request has not come whole.' : 'There is no final response yet.',
    );
  // What comes behind a 101 is no content.
  const end = form === 'response' && exchange.status === 101 ? headEnd : messageEnd(model, exchange, form);
  return messageText(read, { connection, stream: form, start, headEnd, end });
}

/** A message of an exchange as it went over the wire, as the inspector lists it. */
export function partText(
  laboratory: Pick<Laboratory, 'api' | 'feed'>,
  exchange: Exchange,
  { kind, stream, start, headEnd }: Part,
): Promise<string> {
  if (kind !== 'interim') return textOf(laboratory, exchange, kind === 'request' ? 'request' : 'response');
  const { connection } = exchange;
  return messageText(readerOf(laboratory), { connection, stream, start, headEnd, end: headEnd });
}

/** Puts text on the clipboard; says so, or why not. @returns whether it is there */
export async function copyText(
  { notices }: Pick<Laboratory, 'notices'>,
  text: string | Promise<string>,
  done: string,
): Promise<boolean> {
  let ready: string;
  try {
    ready = await text;
  } catch (error) {
    notices.tell('info', error instanceof Error ? error.message : String(error));
    return false;
  }
  try {
    await navigator.clipboard.writeText(ready);
  } catch {
    notices.tell('info', 'This page may not write to the clipboard: export the session instead.');
    return false;
  }
  notices.say(done);
  return true;
}

/** Copies the exchange that is looked at, as the palette offers it. */
export function copyCommands(laboratory: Laboratory): Command[] {
  return (Object.keys(WORDS) as Copied[]).map((form) => ({
    id: `copy-${form}`,
    title: WORDS[form].title,
    group: 'Session',
    run: () => void copyShown(laboratory, form),
  }));
}

async function copyShown(laboratory: Laboratory, form: Copied): Promise<void> {
  const { model } = laboratory.feed.store.getState();
  const { selected } = laboratory.selection.getState();
  const id = exchangeOf(model, selected) ?? shownOperation(model, selected)?.exchanges.at(0);
  const exchange = id === undefined ? undefined : model.exchanges[id];
  if (exchange === undefined) {
    laboratory.notices.tell('info', 'There is no exchange to copy yet: run an experiment first.');
    return;
  }
  if (await copyText(laboratory, textOf(laboratory, exchange, form), WORDS[form].done))
    laboratory.notices.tell('info', WORDS[form].done);
}
