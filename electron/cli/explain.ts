// `interim explain`: parses bytes and says what each one is.

import { readFile } from 'node:fs/promises';
import { explain } from '../../shared/http1/explain.ts';
import { forTerminal } from './text.ts';
import { type Command, options, UsageError } from './usage.ts';

export const explainCommand: Command = async (args, io) => {
  const { values, positionals } = options(
    args,
    { role: { type: 'string' }, method: { type: 'string' }, json: { type: 'boolean' } },
    { least: 0, most: 1, what: 'one file at most; standard input without' },
  );
  const bytes = positionals[0] === undefined ? await io.input() : await read(positionals[0]);
  const role = values.role ?? (startsLikeResponse(bytes) ? 'response' : 'request');
  if (role !== 'request' && role !== 'response')
    throw new UsageError(`--role takes request or response, not “${role}”.`);
  const explained = explain(bytes, role, values.method === undefined ? {} : { method: values.method });
  if (values.json === true) io.out(`${JSON.stringify(explained, null, 2)}\n`);
  else {
    for (const span of explained.spans)
      io.out(
        `${String(span.start).padStart(8)} … ${String(span.end).padStart(8)}  ${span.kind.padEnd(15)} ${shown(span.text)}\n`,
      );
    for (const message of explained.messages)
      io.out(
        `${String(message.start).padStart(8)} … ${String(message.end).padStart(8)}  message         ${message.status ?? forTerminal(`${message.method} ${message.target}`)}, framing ${message.framing}, ${message.bodyBytes} bytes of content, ${message.complete ? 'complete' : 'incomplete'}\n`,
      );
    for (const note of explained.notes)
      io.out(`${String(note.at).padStart(8)}              note            ${note.code} (${note.rfc})\n`);
    if (explained.error !== null)
      io.out(
        `${String(explained.error.at).padStart(8)}              error           ${explained.error.code}, by the ${explained.error.side}\n`,
      );
  }
  return explained.error === null ? 0 : 1;
};

/** RFC 9112 §4: a status line begins with the version. */
function startsLikeResponse(bytes: Uint8Array): boolean {
  return new TextDecoder('latin1').decode(bytes.subarray(0, 5)) === 'HTTP/';
}

function shown(text: string | undefined): string {
  return text === undefined ? '' : forTerminal(JSON.stringify(text));
}

async function read(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new Error(
      `${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'error'}): name a file that exists.`,
      { cause: error },
    );
  }
}
