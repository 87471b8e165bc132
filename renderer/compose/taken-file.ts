// A file as the content of the request that is edited: chosen, or dropped on the composer.

import { type DragEvent, useState } from 'react';
import { type Api, unreadable } from '../api.ts';
import { useLaboratory } from '../stores/context.ts';
import { whileHandedOver } from '../stores/handing-over.ts';
import type { Notices } from '../stores/notices.ts';
import type { FileDraft } from './draft.ts';
import { MOST_BYTES } from './outgoing.ts';
import { useRequest } from './use-composed.ts';

/** A short file goes with its request; a longer one is handed to the engine, which reads it as it is sent. */
async function taken(file: File, api: Api, notices: Notices): Promise<FileDraft> {
  const { name, size } = file;
  if (size > MOST_BYTES) {
    const path = await whileHandedOver(file, { api, notices }, () => api.handOver(file));
    return { name, bytes: null, held: { path, length: size } };
  }
  const bytes = await file.arrayBuffer().catch(() => null);
  if (bytes === null) throw new Error(unreadable(name));
  return { name, bytes: new Uint8Array(bytes) };
}

/** Makes a file the content of the request; says why where it cannot be read. */
export function useTakenFile(): (file: File) => void {
  const { api, composer, notices } = useLaboratory();
  const { body } = useRequest();
  return (file) => {
    taken(file, api, notices).then(
      (draft) => composer.setRequest({ body: { ...body, kind: 'file', file: draft } }),
      (error: unknown) =>
        notices.tell('error', error instanceof Error ? error.message : `${file.name} cannot be read.`),
    );
  };
}

/** For the element on which a file can be dropped; elsewhere in the window it is a session that is opened. */
export function useFileDrop() {
  const { composer } = useLaboratory();
  const take = useTakenFile();
  const [isOver, setOver] = useState(false);
  const over = (event: DragEvent): void => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    event.stopPropagation();
    setOver(true);
  };
  const leave = (event: DragEvent): void => {
    const to = event.relatedTarget;
    if (!(to instanceof Node) || !event.currentTarget.contains(to)) setOver(false);
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file === undefined) return;
    composer.showPart('body');
    take(file);
  };
  return { isOver, handlers: { onDragOver: over, onDragLeave: leave, onDrop: drop } };
}
