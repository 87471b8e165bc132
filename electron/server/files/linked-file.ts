// The bytes of an uploaded file as the content of another resource: a copy of its own, made piece by piece, so that
// what becomes of the file later changes nothing.

import type { ContentSource, StoredContent } from '../uploads/content-store.ts';
import { ServerError } from '../errors.ts';
import type { Operation } from '../operations/operation.ts';
import type { ServerCore } from '../router.ts';
import { decideLink, URI_LIST_LIMIT } from './uri-list.ts';

/** Bytes that are copied at a time; the others have their turn in between. */
const PIECE = 256 * 1024;

export interface LinkRefusal {
  readonly status: number;
  /** Tells a person what was wrong and what to do instead. */
  readonly sentence: string;
}

/** A file that is being copied. */
interface SourceFile extends ContentSource {
  readonly contentType: string;
  close(): void;
}

export class LinkedFile {
  readonly contentType: string;
  /** The copy; whole when {@link ready} is resolved and there is no {@link refusal}. */
  readonly content: StoredContent;
  /** Never rejects. */
  readonly ready: Promise<void>;
  #refusal: LinkRefusal | null = null;

  constructor(file: SourceFile, content: StoredContent) {
    this.contentType = file.contentType;
    this.content = content;
    this.ready = this.#copy(file);
  }

  /** Why it could not be copied. */
  get refusal(): LinkRefusal | null {
    return this.#refusal;
  }

  async #copy(file: SourceFile): Promise<void> {
    try {
      for (let at = 0; at < file.length; at += PIECE) {
        const piece = file.read(at, Math.min(file.length, at + PIECE));
        if (piece === null) {
          this.#refusal = {
            status: 409,
            sentence: 'The file was changed while it was copied: send the request again.',
          };
          return;
        }
        this.content.append(piece, 0, piece.length);
        await new Promise<void>((resolve) => void setImmediate(resolve));
      }
    } catch (error) {
      this.#refusal = refusalOf(error);
    } finally {
      file.close();
    }
  }
}

/** Finds the file that the content of a request names, and begins to copy it. */
export function linkFile(core: ServerCore, operation: Operation): LinkedFile | LinkRefusal {
  const list = operation.upload;
  if (list === null || list.have > URI_LIST_LIMIT) {
    return { status: 400, sentence: `A list of URIs may have ${URI_LIST_LIMIT} bytes here.` };
  }
  const bytes = list.content.read(0, list.have) ?? new Uint8Array(0);
  const decision = decideLink(new TextDecoder().decode(bytes), `${operation.origin}${operation.target}`);
  if (decision.kind === 'refuse') return decision;
  let file;
  try {
    file = core.files.open(decision.path);
  } catch (error) {
    return refusalOf(error);
  }
  if (file === null) {
    const sentence = `There is no complete file at ${decision.path}: upload all of it first. GET /uploads/ lists them.`;
    return { status: 422, sentence };
  }
  const content = core.operations.createContent();
  operation.ownContent = content;
  return new LinkedFile(file, content);
}

function refusalOf(error: unknown): LinkRefusal {
  if (error instanceof ServerError)
    return { status: error.code === 'store-full' ? 507 : 500, sentence: error.message };
  return {
    status: 500,
    sentence: `The file could not be read: ${error instanceof Error ? error.message : String(error)}`,
  };
}
