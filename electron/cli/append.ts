// `interim append`: standard input, or a file, goes to a stream as it comes, each piece a message of a WebSocket.

import { type ContentSource, fileContent } from '../client/content.ts';
import { appendStream } from '../client/websocket/append.ts';
import { printResult, STREAM_OPTIONS, streamContext, streamUrl } from './stream.ts';
import { type Command, options } from './usage.ts';

/** Bytes of a file that go at once. */
const PIECE = 64 * 1024;

export const appendCommand: Command = async (args, io) => {
  const { values, positionals } = options(
    args,
    { ...STREAM_OPTIONS, body: { type: 'string' } },
    { least: 1, most: 1, what: 'the URL of a stream: interim append URL' },
  );
  const url = streamUrl(positionals[0]!);
  const { body = '-' } = values;
  const file = body === '-' ? null : await fileContent(body);
  // Nobody wants more of standard input once this is over.
  const over = new AbortController();
  const { context, close } = await streamContext(values, io);
  try {
    const source = file === null ? io.pieces(AbortSignal.any([io.signal, over.signal])) : piecesOf(file);
    const result = await appendStream(url, source, {}, context);
    return printResult(result, values, io);
  } finally {
    over.abort();
    await close();
    await file?.close();
  }
};

async function* piecesOf(file: ContentSource): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.length; at += PIECE) yield file.read(at, Math.min(file.length, at + PIECE));
}
