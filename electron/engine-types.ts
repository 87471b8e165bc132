// The engine as its hosts see it: desktop, browser and command line all hold this and nothing else.
// Types only; must never import what has sockets, disk or windows.

import type { EngineCommands, ExportFormat, Push } from '../shared/contract.ts';

/** What a session can be saved or exported as. */
export type SaveFormat = 'pcapng' | ExportFormat;

/** How a desktop asks its user for a file; both resolve with null when nobody chose one. */
export interface Dialogs {
  /** Asks for a session or capture to open; its path. */
  open(): Promise<string | null>;
  /** Asks where to save, with `suggested` as the file name to begin with; the path. */
  save(suggested: string, as: SaveFormat): Promise<string | null>;
}

export interface EngineOptions {
  /** A folder of our own for live sessions, uploads and recent files; made when missing. */
  readonly dataDirectory: string;
  /** Of the test server. 0: any; `default`: 18080 or the next free one. */
  readonly port?: number | 'default';
  /** Pace of every write, bytes per second; 0 = unpaced. */
  readonly rate?: number;
  /** Left out where there are no native dialogs (browser, command line). */
  readonly dialogs?: Dialogs;
}

/** An interface that is being told what happens. Neither method may throw. */
export interface EngineUi {
  push(push: Push): void;
  /** One batch (shared/model/batch.ts); must not be changed. */
  batch(bytes: Uint8Array): void;
}

/** A session on its way out of the engine, as a file. */
export interface Download {
  /** A file name without folders. */
  readonly name: string;
  /** Its media type. */
  readonly type: string;
  readonly body: AsyncIterable<Uint8Array>;
}

export interface Engine {
  readonly commands: EngineCommands;
  /** Pushes and batches go to this interface until the returned function is called. */
  attach(ui: EngineUi): () => void;
  /** The session as a file. Rejects with an Error whose message is for the user. */
  download(as: SaveFormat): Promise<Download>;
  /** Stores an uploaded file under a name made from `name` and resolves with its path. */
  receive(name: string, body: AsyncIterable<Uint8Array>): Promise<string>;
  close(): Promise<void>;
}

/** Makes an engine; what electron/engine.ts exports. */
export type CreateEngine = (options: EngineOptions) => Promise<Engine>;
