// `interim send --raw`: bytes of the user's own as they are, on one connection, and what is printed of the answers.

import { readFile } from 'node:fs/promises';
import { ClientError } from '../client/errors.ts';
import { sendRaw } from '../client/raw-exchange.ts';
import { DEFAULT_PATIENCE } from '../client/strategy.ts';
import { parseTarget, type Target } from '../client/target.ts';
import { clientCuts, clientFaults, OPERATION_OPTIONS, type OperationValues, tell } from './carry-out.ts';
import { apart, armAll, disturbAll, laboratory } from './laboratory.ts';
import { type CommandIo, UsageError } from './usage.ts';

/** Bytes that are read of a file or of standard input. */
const MOST_BYTES = 64 * 1024 * 1024;
/** What goes with `--raw`: everything else would change what is sent. */
const KNOWN: ReadonlySet<string> = new Set(
  ['raw', ...Object.keys(OPERATION_OPTIONS)].filter((name) => name !== 'field'),
);

/** @returns the exit code: 0 when every request in the bytes was answered, and none with an error status */
export async function sendRawBytes(
  from: string,
  positionals: readonly string[],
  values: OperationValues & Readonly<Record<string, unknown>>,
  io: CommandIo,
): Promise<number> {
  const [url, ...more] = positionals;
  if (url === undefined || more.length > 0)
    throw new UsageError('With --raw, the method is in the bytes: interim send --raw FILE URL.');
  const other = Object.keys(values).find((name) => !KNOWN.has(name));
  if (other !== undefined)
    throw new UsageError(`--${other} does not go with --raw: the bytes are sent as they are.`);
  const target = targetOf(url);
  const specs = clientCuts(values.cut);
  const disturbances = clientFaults(values.fault);
  const bytes = await bytesOf(from, io);
  await apart(values.out, values.har);
  const lab = await laboratory(`Bytes to ${target.hostField}`, values, io);
  try {
    armAll(lab.context, specs);
    disturbAll(lab.context, disturbances);
    const { outcome, reason, responses } = await sendRaw(target, bytes, DEFAULT_PATIENCE, {
      ...lab.context,
      random: Math.random,
      signal: io.signal,
    });
    const final = responses.findLast(({ status }) => status >= 200 || status === 101) ?? null;
    await tell(lab, { outcome, reason, final, payloadDigest: null }, values, io);
    return outcome === 'completed' ? 0 : 1;
  } finally {
    await lab.close();
  }
}

function targetOf(url: string): Target {
  try {
    return parseTarget(url);
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    throw new UsageError(error.message);
  }
}

async function bytesOf(from: string, io: CommandIo): Promise<Uint8Array> {
  const bytes = from === '-' ? await io.input() : await fileBytes(from);
  if (bytes.length === 0)
    throw new UsageError('There are no bytes to send: --raw takes a file, or - for standard input.');
  if (bytes.length > MOST_BYTES)
    throw new UsageError(`--raw takes ${MOST_BYTES} bytes at most: send large content by --body.`);
  return bytes;
}

async function fileBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new UsageError(`The file ${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}
