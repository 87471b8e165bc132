// Opens a session from disk: a pcapng file of ours, or anybody's capture of cleartext TCP.
// It must never load the whole file: it goes through in pieces, and keeps only where the bytes are.

import { type FileHandle, open } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { looksLikeCapture } from '../../shared/capture/capture-blocks.ts';
import { type CaptureDecoder, createDecoder } from '../../shared/capture/decode.ts';
import { Block } from '../../shared/capture/own-format.ts';
import { Pieces } from '../../shared/capture/pieces.ts';
import type { CaptureRecord, SessionHeader, Stream } from '../../shared/capture/records.ts';
import { readPieces } from './read-pieces.ts';
import type { Captured } from './recorder.ts';
import { reasonOf, SessionError } from './session-error.ts';

/** Bytes that are read at once, and decoded before anybody else has a turn; a block that is longer gets a longer buffer. */
const CHUNK = 256 * 1024;

export interface OpenedSession {
  /** The file's name without folder and extension. */
  readonly name: string;
  // What follows is known once `read` has resolved; before, as far as it has come.
  readonly header: SessionHeader;
  /** What is wrong with the file, in one sentence; null: nothing. */
  readonly warning: string | null;
  /** Not written by us: a capture of cleartext TCP. */
  readonly foreign: boolean;
  readonly keptBytes: number;
  /** Bytes that were counted but not kept. */
  readonly leftOutBytes: number;
  /** Bytes from its beginning that are whole records. */
  readonly wholeLength: number;
  /** Why no record can be added behind these, in one sentence; null: one can. */
  readonly appendRefusal: string | null;
  /**
   * Goes through the file; resolves with the number of records. Their bytes are valid during the call only. `onPart`
   * hears now and then which share of the file was gone through, above 0 and at most 1.
   * Rejects with a {@link SessionError} when the disk fails, or the session is closed meanwhile.
   */
  read(onRecord: (record: CaptureRecord) => void, onPart?: (share: number) => void): Promise<number>;
  /** Bytes start … end (exclusive) of one stream, as far as they are in what was read of the file. */
  bytes(connection: number, stream: Stream, start: number, end: number): Promise<Captured>;
  close(): Promise<void>;
}

/** Opens a session or capture. Rejects with a {@link SessionError} where the file is none, or cannot be read. */
export async function openSession(path: string): Promise<OpenedSession> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (missing) throw new SessionError('not-found', `There is no file ${path}. Check its name and folder.`);
    throw new SessionError('not-readable', `${path} cannot be read: ${reasonOf(error)}.`);
  }
  try {
    const start = Buffer.alloc(512);
    const { bytesRead } = await file.read(start, 0, start.length, 0);
    const refusal = refuse(path, start.subarray(0, bytesRead));
    if (refusal !== null) throw refusal;
    return new SessionFile(path, file, start.readUInt32LE(0) === Block.section);
  } catch (error) {
    await file.close();
    if (error instanceof SessionError) throw error;
    throw new SessionError('not-readable', `${path} cannot be read: ${reasonOf(error)}.`);
  }
}

/** Why a file that begins like this cannot be a session; null if it can. */
function refuse(path: string, start: Buffer): SessionError | null {
  if (start.length === 0)
    return new SessionError('empty', `${path} is empty: nothing was recorded into it. Open another file.`);
  if (looksLikeCapture(start)) return null;
  let what = 'no session and no capture';
  if (start[0] === 0x1f && start[1] === 0x8b) what = 'compressed (gzip): unpack it first';
  else if (/^\s*\{\s*"log"\s*:/.test(start.toString('latin1'))) what = 'a HAR file, not a session';
  return new SessionError('not-a-capture', `${path} is ${what}. Interim opens .pcapng and .pcap files.`);
}

class SessionFile implements OpenedSession {
  readonly name: string;
  header: SessionHeader = { startedAt: 0n, application: '' };
  warning: string | null = null;
  foreign = false;
  keptBytes = 0;
  leftOutBytes = 0;
  wholeLength = 0;
  appendRefusal: string | null = null;
  readonly #path: string;
  readonly #file: FileHandle;
  /** pcapng, and not the older pcap, which has no place for anything but packets. */
  readonly #hasBlocks: boolean;
  #pieces = new Pieces();
  #isClosed = false;

  constructor(path: string, file: FileHandle, hasBlocks: boolean) {
    this.#path = path;
    this.#hasBlocks = hasBlocks;
    this.#file = file;
    this.name = basename(path, extname(path));
  }

  async read(
    onRecord: (record: CaptureRecord) => void,
    onPart: (share: number) => void = () => undefined,
  ): Promise<number> {
    const pieces = (this.#pieces = new Pieces());
    let records = 0;
    this.keptBytes = 0;
    this.leftOutBytes = 0;
    const decoder = createDecoder({
      record: (record) => {
        records++;
        onRecord(record);
      },
      piece: (connection, stream, offset, length, position) => {
        if (position < 0) this.leftOutBytes += length;
        else this.keptBytes += length;
        pieces.add(connection, stream, offset, length, position);
      },
    });
    const size = await this.#decode(decoder, (share) => {
      this.header = decoder.header;
      onPart(share);
    });
    this.header = decoder.header;
    this.foreign = decoder.foreign;
    this.wholeLength = size.length - size.left;
    if (!this.#hasBlocks)
      this.appendRefusal =
        'A .pcap file has no place for notes: convert it to .pcapng first, with Wireshark or editcap.';
    else if (decoder.damage !== null)
      this.appendRefusal = 'The file is damaged: what would be added to it could not be read again.';
    this.warning = warn(decoder, size, records);
    return records;
  }

  async bytes(connection: number, stream: Stream, start: number, end: number): Promise<Captured> {
    const { pieces, kept } = this.#pieces.find(connection, stream, start, end);
    return readPieces(
      0,
      (_, buffer, offset, length, position) => this.#file.read(buffer, offset, length, position),
      pieces,
      kept,
    );
  }

  close(): Promise<void> {
    this.#isClosed = true;
    return this.#file.close();
  }

  /** Feeds the whole file; resolves with its length and how much of its end is no whole block. */
  async #decode(
    decoder: CaptureDecoder,
    onPart: (share: number) => void,
  ): Promise<{ length: number; left: number }> {
    let position = 0;
    let left = 0;
    const { size } = await this.#file.stat();
    let buffer = new Uint8Array(Math.min(CHUNK, size + 1));
    for (;;) {
      let bytesRead: number;
      try {
        ({ bytesRead } = await this.#file.read(buffer, left, buffer.length - left, position + left));
      } catch (error) {
        const reason = this.#isClosed ? 'it was closed meanwhile' : reasonOf(error);
        throw new SessionError('not-readable', `${this.#path} cannot be read: ${reason}.`);
      }
      const end = left + bytesRead;
      if (bytesRead === 0) {
        decoder.finish();
        return { length: position + end, left };
      }
      const taken = decoder.push(buffer, 0, end, position);
      left = end - taken;
      position += taken;
      if (position > 0) onPart(Math.min(1, position / size));
      // A block that fills the buffer and is not whole needs a longer one.
      const next = left === buffer.length ? new Uint8Array(buffer.length * 2) : buffer;
      next.set(buffer.subarray(taken, end));
      buffer = next;
    }
  }
}

function warn(
  { damage, doubtfulTimes, foreign, header, skippedPackets }: CaptureDecoder,
  { length, left }: { length: number; left: number },
  records: number,
): string | null {
  if (damage !== null) return `The file is damaged: ${damage}. What comes after that was left out.`;
  if (left > 0)
    return `The file was cut short: its last ${left} of ${length} bytes are no whole record and were left out.`;
  if (foreign && records === 0) return 'The capture holds no TCP connection with content.';
  if (records === 0 && skippedPackets > 0)
    return `None of the ${skippedPackets} packets of the capture is TCP over a link layer that Interim knows.`;
  // A session of ours tells when it began even before its first packet: nothing is wrong with one that is empty.
  if (records === 0 && header.startedAt === 0n)
    return 'The capture holds no TCP connection: it has no packets.';
  if (doubtfulTimes > 0)
    return `The file is damaged: ${doubtfulTimes} of its times cannot be right; the time before was taken instead.`;
  return null;
}
