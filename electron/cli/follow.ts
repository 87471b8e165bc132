// `interim follow`: what a stream holds, and what is appended to it meanwhile, on standard output or in a file.

import { type FileHandle, open } from 'node:fs/promises';
import { followStream } from '../client/websocket/follow.ts';
import { checkResult } from '../session/results.ts';
import { printResult, STREAM_OPTIONS, streamContext, streamUrl } from './stream.ts';
import { type Command, options } from './usage.ts';

export const followCommand: Command = async (args, io) => {
  const { values, positionals } = options(
    args,
    { ...STREAM_OPTIONS, out: { type: 'string' } },
    { least: 1, most: 1, what: 'the URL of a stream: interim follow URL' },
  );
  const url = streamUrl(positionals[0]!);
  const { out, json } = values;
  if (out !== undefined) await checkResult(out);
  const { context, close } = await streamContext(values, io);
  let file: Promise<FileHandle> | null = null;
  try {
    const result = await followStream(
      url,
      {
        // Not before: a stream that is not there takes the place of no file.
        opened: () => {
          if (out !== undefined) file = open(out, 'w');
        },
        content: (bytes) => {
          if (file !== null) return append(file, bytes);
          if (json !== true) io.out(bytes);
          return null;
        },
      },
      context,
    );
    return printResult(result, values, io);
  } finally {
    await close();
    await (await (file as Promise<FileHandle> | null))?.close();
  }
};

async function append(file: Promise<FileHandle>, bytes: Uint8Array): Promise<void> {
  await (await file).appendFile(bytes);
}
